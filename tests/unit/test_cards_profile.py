"""The profile's window: what it says, what it hides, and that it fits, whoever the person is."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inbox.case import Status
from inbox.clearance import EVERYTHING, NOTHING, Clearance
from inbox.contacts import MOST_IDENTITIES
from inbox.errors import Refusal
from inbox.message import Account, Author, Ref, Visibility
from inbox.ports import Conversation, Link
from inbox.profile import MOST_UNDONE, PAGE, Identity, Line, Profile, Undone, Withheld
from inbox.ticket import TicketLink, TicketStatus
from sandbox.slack.blocks import validate, validate_view
from tests.case_views import AT, a_case, a_lens, a_stored
from tests.stage_fakes import a_desk, a_ref, an_author
from workspace.blocks import Block, Shown
from workspace.profile_window import (
    Eye,
    Looking,
    candidates,
    looking,
    people,
    person_of,
    person_value,
    profile_window,
)

ANA = an_author()
ANA_X = an_author(ref=Ref("x", "brand", "77"), handle="ana_x", name="Ana P.", url=None)
LOOKING = Looking(channel_id="C0CARE", author=ANA.ref)
A_LINK = Link(id=7, one=ANA.ref, other=ANA_X.ref, by="U0MIHAI", at=AT)


def an_eye(clearance: Clearance = NOTHING, *accounts: Account) -> Eye:
    zone = a_desk().hours.zone
    return Eye(lens=a_lens(clearance), zone=zone, accounts=accounts)


def a_line(text: str = "Where is my parcel?", author: Author = ANA, **case: Any) -> Line:
    written = [
        Conversation(ref=a_ref(name), visibility=Visibility(seen), messages=n, newest=AT)
        for name, seen, n in (("t1", "public", 2), ("t2", "public", 3), ("dm", "private", 1))
    ]
    return Line(case=a_case(author, **case), newest=a_stored(text), conversations=written)


def a_profile(**more: Any) -> Profile:
    values: dict[str, Any] = {
        "identities": [Identity(author=ANA, cases=1, closed=0, link=None)],
        "hidden": 0,
        "cases": 1,
        "closed": 0,
        "skipped": 0,
        "lines": [a_line()],
        "undone": [],
    }
    return Profile(**values | more)


def drawn(told: Profile, eye: Eye | None = None, **more: Any) -> Block:
    view = profile_window(told, eye or an_eye(), LOOKING, **more)
    assert validate_view(json.loads(json.dumps(view)), "modal") == []
    return view


def words_of(view: Block) -> str:
    return json.dumps(view, ensure_ascii=False)


def read(block: Block) -> str:
    """What a block says, links as `text <address>`, people and times by their names."""
    if block["type"] != "rich_text":
        return json.dumps(block, ensure_ascii=False)
    return "\n".join(
        "".join(_read(element) for element in part["elements"])
        for part in block["elements"]  # type: ignore[attr-defined]  # a list of blocks
    )


def _read(element: dict[str, Any]) -> str:
    match element["type"]:
        case "link":
            return f"{element['text']} <{element['url']}>"
        case "user":
            return f"@{element['user_id']}"
        case "date":
            return "then"
        case _:
            return str(element["text"])


def lines_of(view: Block) -> str:
    return "\n".join(read(block) for block in view["blocks"])  # type: ignore[attr-defined] # as above


def test_a_profile_says_who_and_what_of_every_case() -> None:
    line = a_line(owner="U0MIHAI", status=Status.CLOSED, resolution="answered")

    shown = lines_of(drawn(a_profile(lines=[line], closed=1)))

    assert "Ana Popescu · @ana@social.example <https://social.example/@ana> · Mastodon" in shown
    assert "Cases, newest first · 1 case, 1 closed" in shown
    assert "#1042 · 🔵 Medium · Mastodon · Tier 1 · Closed as answered · opened then" in shown
    assert "\nWhere is my parcel?\n" in shown
    assert "in public: 5 messages in 2 conversations · in private: 1 message" in shown
    assert "@U0MIHAI has it · Open the post ↗ <https://social.example/post-1>" in shown


def test_a_deleted_message_is_told_so_and_has_no_link() -> None:
    line = replace(a_line(), newest=a_stored("Where?", deleted_at=AT))

    shown = lines_of(drawn(a_profile(lines=[line])))

    assert "1 message · deleted then" in shown
    assert "post-1" not in shown


def test_a_case_shows_its_ticket_and_the_way_to_it_only_in_private() -> None:
    url = "https://helpdesk.example/77"
    ticket = TicketLink(desk="support", id="77", url=url, status=TicketStatus.PENDING)
    told = a_profile(lines=[a_line(helpdesk="support", ticket=ticket)])

    public = lines_of(drawn(told))
    private = lines_of(drawn(told, dataclasses.replace(an_eye(), private=True)))

    assert "🎫 Ticket support #77 · waiting for the customer\n" in public
    assert url not in public
    assert f"#77 · waiting for the customer · open ↗ <{url}>" in private
    coming = lines_of(drawn(a_profile(lines=[a_line(helpdesk="support")])))
    assert "A ticket in support is on its way." in coming


def test_personal_data_is_masked_by_the_channels_clearance() -> None:
    told = a_profile(lines=[a_line("My order is 48213")])

    assert "[order number]" in words_of(drawn(told))
    assert "48213" not in words_of(drawn(told))
    assert "48213" in words_of(drawn(told, an_eye(EVERYTHING)))


def test_a_private_case_is_a_number_a_tier_and_a_state() -> None:
    withheld = Withheld(number=1043, tier=2, status=Status.OPEN)

    view = drawn(a_profile(lines=[withheld], hidden=1))

    assert "#1043 · Tier 2 · Open · worked in a private channel" in lines_of(view).splitlines()
    assert "And 1 account known from private channels alone." in words_of(view)


def test_a_linked_account_says_who_linked_it_and_can_be_undone() -> None:
    linked = Identity(author=ANA_X, cases=2, closed=1, link=A_LINK)

    view = drawn(a_profile(identities=[*a_profile().identities, linked], cases=3, closed=1))

    assert "Ana P. · @ana_x · X · 2 cases, 1 closed" in lines_of(view)
    assert "The same person, says <@U0MIHAI>, <!date^" in words_of(view)
    assert '"action_id": "person.unlink", "value": "7"' in words_of(view)


def test_an_undone_link_is_still_told() -> None:
    ended = replace(A_LINK, undone_by="U0IOANA", undone_at=AT + timedelta(hours=1))

    shown = words_of(drawn(a_profile(undone=[Undone(link=ended, one=ANA, other=ANA_X)])))

    assert "Ana Popescu (Mastodon) and Ana P. (X): linked by <@U0MIHAI>, <!date^" in shown
    assert "undone by <@U0IOANA>, <!date^" in shown


def test_more_cases_than_a_page_are_counted_and_turned() -> None:
    lines = [a_line()] * PAGE

    first = words_of(drawn(a_profile(lines=lines, cases=130)))
    middle = words_of(drawn(a_profile(lines=lines, cases=130, skipped=10)))
    last = words_of(drawn(a_profile(lines=lines, cases=130, skipped=120)))

    assert "1 to 10 of 130 · and 120 older" in first
    assert '"person.older", "value": "10"' in first
    assert "person.newer" not in first
    assert '"person.newer", "value": "0"' in middle
    assert '"person.older", "value": "20"' in middle
    assert "121 to 130 of 130" in last
    assert "person.older" not in last
    assert "person.newer" not in words_of(drawn(a_profile()))


def test_a_page_that_is_empty_by_now_leads_back() -> None:
    view = words_of(drawn(a_profile(lines=[], cases=10, skipped=10)))

    assert "None of their cases is on this page any more." in view
    assert '"person.newer", "value": "0"' in view


def test_accounts_of_ours_on_one_network_are_told_apart() -> None:
    two = an_eye(NOTHING, Account("mastodon", "main"), Account("mastodon", "ro"))

    assert "Mastodon (main)" in words_of(drawn(a_profile(), two))


_HOSTILE = (
    "<!channel> <@U0SAM> <https://evil.example|click> & *bold* `code`",
    "\u202eRTL override\u202c",
    "&" * 5000,
    "👨‍👩‍👧‍👦" * 3000,
    "سلام " * 2000,
    "",
)


@pytest.mark.parametrize("text", _HOSTILE, ids=range(len(_HOSTILE)))
def test_the_largest_profile_of_any_text_fits_and_calls_nobody(text: str) -> None:
    author = an_author(name=text, handle=text, url="https://social.example/" + "a" * 4000)
    identities = [Identity(author=author, cases=9_999_999, closed=9_999_999, link=A_LINK)]
    ended = replace(A_LINK, undone_by="U0IOANA", undone_at=AT)
    ticket = TicketLink(desk="support", id=text, url="https://helpdesk.example/" + "7" * 4000)
    more = {"status": Status.CLOSED, "helpdesk": text, "ticket": ticket}
    told = a_profile(
        identities=identities * MOST_IDENTITIES,
        hidden=3,
        cases=999_999,
        skipped=10,
        lines=[a_line(text, author, resolution=text, **more)] * PAGE,
        undone=[Undone(link=ended, one=author, other=author)] * MOST_UNDONE,
    )

    view = words_of(drawn(told, dataclasses.replace(an_eye(), private=True), notice="✅ Linked."))

    assert "\u202e" not in view
    assert not re.search(r'"mrkdwn", "text": "[^"]*(<!channel>|<@U0SAM>)', view)
    listed = people(text, [(author, 3)] * 10, an_eye(), more=True)
    assert validate(json.loads(json.dumps([*listed.blocks])), "message") == []


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_name_breaks_a_list(name: str, handle: str) -> None:
    author = an_author(name=name, handle=handle)

    for option in candidates([(author, 3)], an_eye()):
        text = option["text"]
        assert isinstance(text, dict)
        assert 0 < len(text["text"]) <= 75
        assert person_of(str(option["value"])) == author.ref


def test_a_list_leads_to_each_profile() -> None:
    shown: Shown = people("ana", [(ANA, 3), (ANA_X, 1)], an_eye(), more=False)

    listed = json.dumps(shown.blocks, ensure_ascii=False)
    assert "Ana Popescu · @ana@social.example · Mastodon · 3 cases" in listed
    assert json.dumps(person_value(ANA_X.ref)) in json.dumps(shown.blocks)
    assert "called “ana”" in people("ana", [], an_eye(), more=False).text


def test_what_a_window_remembers_comes_back() -> None:
    odd = Looking(channel_id="C0CARE", author=Ref("x", "a/b", 'ü"[,'), skip=30)

    assert looking(odd.dumped()) == odd
    assert person_of(person_value(odd.author)) == odd.author
    for old in ("", "[]", "{}", '["C0CARE", 1]', "null"):
        with pytest.raises(Refusal, match="too old"):
            looking(old)
        with pytest.raises(Refusal, match="too old"):
            person_of(old)
