"""What a card shows, and to whom."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inbox.case import Status
from inbox.changes import Hidden, Liked, Moved
from inbox.clearance import EVERYTHING, NOTHING, Clearance, DataClass
from inbox.message import Attachment, Kind, Visibility
from tests.case_views import (
    AT,
    MIHAI,
    RULE,
    a_case,
    a_decision,
    a_lens,
    a_stored,
    a_view,
    accepted,
    failed,
    history,
    words_of,
)
from tests.house import a_connection
from tests.stage_fakes import a_ref, an_author
from workspace.cards import card, moved_card, show_case, watch_card


def test_a_card_says_who_where_what_whose_turn_and_how_urgent() -> None:
    shown = card(a_view(), a_lens())

    assert accepted(shown)
    for words in (
        "🔵 Medium · Mastodon · public comment · #1042",
        "Ana Popescu",
        "@ana@social.example",
        "1,240 followers · 3rd case, 2 closed",
        "Where is my parcel?",
        "Tier 1 · Care team",
        "nobody has it",
        "answer due",
        "rule “Ordinary messages”",
        "delivery (“parcel”)",
    ):
        assert words in words_of(shown)
    assert shown.text == "Medium: Ana Popescu on Mastodon: Where is my parcel? (case 1042)"


def test_who_has_one_name_alone_is_called_by_it_once() -> None:
    author = replace(an_author(), handle="Ana Popescu", name="Ana Popescu", url=None)
    shown = words_of(card(a_view(case=a_case(author)), a_lens()))
    assert "Ana Popescu" in shown
    assert "@Ana" not in shown


def test_personal_data_stays_out_of_a_channel_without_clearance() -> None:
    view = a_view(a_stored("Order 48213, mail ana@mail.example, 4111 1111 1111 1111"))
    seeing = Clearance(name="orders", shows=frozenset({DataClass.ORDER_NUMBER}))

    nothing, orders = words_of(card(view, a_lens())), words_of(card(view, a_lens(seeing)))

    for secret in ("48213", "ana@mail.example", "4111"):
        assert secret not in nothing
    assert "[order number]" in nothing
    assert "48213" in orders
    assert "4111" not in orders


def test_a_tag_that_holds_personal_data_is_masked_too() -> None:
    """Given in a private channel, it comes along when the case goes back to a public tier."""
    view = a_view(case=a_case(tags=("vip", "order 48213")))

    assert "#vip" in words_of(card(view, a_lens()))
    assert "48213" not in words_of(card(view, a_lens()))
    assert "48213" in words_of(card(view, a_lens(EVERYTHING)))


def test_a_name_that_holds_an_address_is_masked_too() -> None:
    author = an_author(name="Ana ana@mail.example", handle="48213")
    shown = words_of(card(a_view(case=a_case(author)), a_lens()))

    assert "ana@mail.example" not in shown
    assert "48213" not in shown


def test_a_text_that_could_not_be_checked_is_withheld_where_anything_is_hidden() -> None:
    view = a_view(failed(a_stored("secret words")))

    assert "secret words" not in words_of(card(view, a_lens()))
    assert "secret words" in words_of(card(view, a_lens(EVERYTHING)))


def test_a_topics_words_are_not_quoted_where_the_message_holds_hidden_data() -> None:
    shown = words_of(card(a_view(a_stored("parcel 48213")), a_lens()))

    assert "delivery" in shown
    assert "“parcel”" not in shown


def test_a_burst_shows_the_first_and_the_newest() -> None:
    messages = [a_stored(f"message {n} end", n) for n in range(1, 5)]
    shown = words_of(card(a_view(*messages), a_lens()))

    assert "message 1 end" in shown
    assert "+3 more, newest:" in shown
    assert "message 4 end" in shown
    assert "message 2 end" not in shown


def test_what_was_answered_is_not_shown_as_waiting() -> None:
    messages = (a_stored("the old question", 1), a_stored("ours", 2, mine=True), a_stored("new", 3))
    shown = words_of(card(a_view(*messages), a_lens()))

    assert "the old question" not in shown
    assert "new" in shown


def test_an_edit_and_a_deletion_are_said() -> None:
    edited = words_of(card(a_view(a_stored("x", edited_at=AT)), a_lens()))
    deleted = words_of(card(a_view(a_stored("x", deleted_at=AT)), a_lens()))

    assert "edited on Mastodon" in edited
    assert "deleted on Mastodon" in deleted
    assert "Open the post" not in deleted


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.PENDING, "waiting for Ana Popescu"),
        (Status.ON_HOLD, "On hold until"),
        (Status.OPEN, "Claimed by <@U0MIHAI>"),
    ],
)
def test_the_state_says_whose_turn_it_is(status: Status, words: str) -> None:
    case = replace(
        a_case(),
        status=status,
        owner="U0MIHAI",
        claimed_at=AT,
        answered_at=AT,
        snoozed_until=AT + timedelta(days=1),
    )

    assert words in words_of(card(a_view(case=case), a_lens()))


def test_a_closed_case_is_one_line_with_a_way_back_and_to_why_it_was_here() -> None:
    case = replace(a_case(), status=Status.CLOSED, resolution="answered", closed_at=AT)
    shown = card(a_view(case=case), a_lens())

    assert accepted(shown)
    assert [block["type"] for block in shown.blocks] == ["section", "actions"]
    assert "why:1042" in words_of(shown)
    assert "Closed as answered" in words_of(shown)
    assert "case.reopen" in words_of(shown)
    assert "case.claim" not in words_of(shown)


def test_where_a_case_has_left_no_private_word_remains() -> None:
    messages = (a_stored("my card is 4111"), a_stored("tell nobody", 2, message={"kind": Kind.DM}))
    case = replace(a_case(), tier=2, channel="private")
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="Payment data")
    view = a_view(*messages, case=case, history=history(moved, actor=RULE))

    shown = moved_card(view, "https://x.slack.com/archives/C0PRIVATE/p1")

    assert accepted(shown)
    assert "a private channel" in words_of(shown)
    assert "rule “Payment data”" in words_of(shown)
    assert "works only for its members" in words_of(shown)
    assert "What was public: a comment on Mastodon." in words_of(shown)
    for word in ("4111", "nobody", "Ana"):
        assert word not in words_of(shown)


def test_an_agents_reason_for_moving_stays_in_the_new_channel() -> None:
    case = replace(a_case(), tier=2, channel="private")
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="is ill")
    view = a_view(case=case, history=history(moved, actor=MIHAI))

    assert "is ill" not in words_of(moved_card(view, None))
    assert "Why here: moved from tier 1 by <@U0MIHAI>: “is ill”" in words_of(card(view, a_lens()))


def test_a_later_message_that_asks_for_less_does_not_say_why_a_case_is_where_it_is() -> None:
    first = a_stored("4111 1111 1111 1111", 1, decision=a_decision(rule="Payment data", tier=2))
    later = a_stored("and where is my parcel?", 2)
    view = a_view(first, later, case=replace(a_case(), tier=2, channel="private"))

    assert "Why here: rule “Payment data”" in words_of(card(view, a_lens()))


def test_beside_why_it_is_here_one_choice_says_where_it_should_have_been() -> None:
    first = a_stored("4111 1111 1111 1111", 1, decision=a_decision(rule="Payment data", tier=2))
    later = a_stored("and where is my parcel?", 2)
    view = a_view(first, later, case=replace(a_case(), tier=2, channel="private"))
    shown = card(view, a_lens())

    [why] = [block for block in shown.blocks if "Why here:" in str(block)]
    choice: Any = why["accessory"]

    assert accepted(shown)
    assert choice["action_id"] == "case.should_have_been"
    assert [option["value"] for option in choice["options"]] == [
        f"{where}:1:1042" for where in (*sorted(view.desk.tiers), "X")
    ]


def test_a_choice_that_was_made_is_forgotten_once_the_card_is_drawn_anew() -> None:
    now, then = (card(a_view(case=a_case(version=n)), a_lens()) for n in (7, 8))

    assert [b.get("block_id") for b in now.blocks if "Why here:" in str(b)] == ["why:1042:7"]
    assert [b.get("block_id") for b in then.blocks if "Why here:" in str(b)] == ["why:1042:8"]


@pytest.mark.parametrize(
    ("status", "owner", "prominent"),
    [
        (Status.NEW, None, ["case.claim"]),
        (Status.OPEN, "U0MIHAI", ["case.reply"]),
        (Status.PENDING, "U0MIHAI", []),
        (Status.PENDING, None, []),
        (Status.ON_HOLD, "U0MIHAI", []),
    ],
)
def test_a_button_stands_out_only_where_it_is_our_turn(
    status: Status, owner: str | None, prominent: list[str]
) -> None:
    shown = card(a_view(case=replace(a_case(), status=status, owner=owner)), a_lens())
    buttons: Any = shown.blocks[-1]["elements"]

    assert [b["action_id"] for b in buttons if b.get("style") == "primary"] == prominent


def test_the_watch_channel_sees_what_is_public_and_nothing_else() -> None:
    private = {"visibility": Visibility.PRIVATE, "kind": Kind.DM}
    messages = (
        a_stored("a public question", 1),
        a_stored("a private matter", 2, message=private, decision=a_decision(rule="Secret rule")),
        a_stored("our public answer", 3, mine=True, decision=None),
        a_stored("our private answer", 4, mine=True, decision=None, message=private),
    )
    case = replace(a_case(), tier=2, channel="private", tags=("health",), watched=True)
    shown = watch_card(a_view(*messages, case=case), a_lens())

    assert accepted(shown)
    assert "a public question" in words_of(shown)
    assert "our public answer" in words_of(shown)
    assert "rule “Ordinary messages”" in words_of(shown)
    for hidden in ("private matter", "private answer", "Secret rule", "health", "action_id"):
        assert hidden not in words_of(shown)


def test_each_channel_sees_its_own_card() -> None:
    case = replace(a_case(), watched=True)
    view = a_view(case=case)

    assert "case.claim" in words_of(show_case(view, "care", a_lens()))
    assert "Watched" in words_of(show_case(view, "marketing", a_lens()))
    assert "moved to" in words_of(show_case(view, "private", a_lens()))


def test_a_private_case_in_the_private_channel_can_be_escalated_but_not_taken_private() -> None:
    shown = words_of(card(a_view(case=replace(a_case(), tier=2, channel="private")), a_lens()))

    assert "case.take_private" not in shown
    assert "case.escalate" in shown


_HOSTILE = (
    "<!channel> <@U0SAM> <https://evil.example|click> & *bold* `code`",
    "\u202eRTL override\u202c \u2066isolated",
    "سلام " * 2000,
    "x" * 1_000_000,
    "e" + "\u0301" * 5000,
    "👨‍👩‍👧‍👦" * 3000,
    "\u200b" * 400,
    "\ud800 lone",
    "\n" * 5000,
    "a\x00b\x1b[31m",
    "> " * 4000,
)


@pytest.mark.parametrize("text", _HOSTILE, ids=range(len(_HOSTILE)))
def test_any_text_fits_into_slacks_limits_and_calls_nobody(text: str) -> None:
    author = an_author(name=text[:5000], handle=text[:5000], url=text[:100])
    view = a_view(
        a_stored(text, message={"author": author, "url": text[:5000]}),
        a_stored(text, 2),
        case=a_case(author, tags=(text[:200],)),
    )

    for shown in (card(view, a_lens()), watch_card(view, a_lens())):
        assert accepted(shown)
        assert "<!channel>" not in shown.text
        assert "\u202e" not in words_of(shown)
    case = replace(view.case, status=Status.CLOSED, resolution="answered", closed_at=AT)
    assert accepted(card(dataclasses.replace(view, case=case), a_lens()))


@given(st.text(max_size=3000), st.text(max_size=300))
def test_no_text_breaks_a_card(text: str, name: str) -> None:
    view = a_view(a_stored(text), case=a_case(an_author(name=name, handle=name)))

    assert accepted(card(view, a_lens(NOTHING)))


# --- what else a network has -------------------------------------------------------------


def test_a_review_shows_its_stars() -> None:
    review = a_stored("Bad.", message={"kind": Kind.REVIEW, "rating": 2})

    assert "(★★☆☆☆ (2 of 5)" in words_of(card(a_view(review), a_lens()))


def test_what_hangs_on_a_message_is_a_link_with_its_kind_and_what_it_shows() -> None:
    images = [
        Attachment(kind="image", url=f"https://cdn.example/{n}.png", alt="Order 48213 broken")
        for n in range(5)
    ]
    evil = Attachment(kind="file", url="javascript:alert(1)")
    shown = card(a_view(a_stored("Look", message={"attachments": (evil, *images)})), a_lens())

    assert accepted(shown)
    assert "https://cdn.example/1.png" in words_of(shown)
    assert "image: Order [order number] broken ↗" in words_of(shown)
    assert "and 3 more" in words_of(shown)
    for hidden in ("javascript", "48213", "https://cdn.example/2.png"):
        assert hidden not in words_of(shown)


def test_what_hangs_on_a_deleted_message_is_not_shown() -> None:
    image = Attachment(kind="image", url="https://cdn.example/1.png")
    gone = a_stored("Look", message={"attachments": (image,)}, deleted_at=AT)

    assert "cdn.example" not in words_of(card(a_view(gone), a_lens()))


def test_the_longest_addresses_fit_into_one_message() -> None:
    image = Attachment(kind="k" * 300, url=f"https://cdn.example/{'x' * 980}", alt="y " * 5000)
    two = [a_stored("word " * 900, n, message={"attachments": (image,) * 40}) for n in (1, 2)]

    assert accepted(card(a_view(*two), a_lens()))


def test_only_what_the_network_can_do_has_a_button() -> None:
    view, role = a_view(), object()
    plain = a_connection()

    def buttons(**roles: Any) -> set[str]:
        shown = card(
            dataclasses.replace(view, connection=dataclasses.replace(plain, **roles)), a_lens()
        )
        found = re.findall(r"case\.(hide|unhide|like|unlike)\b", words_of(shown))
        return set(found)

    assert buttons() == set()
    assert buttons(moderator=role) == {"hide"}
    assert buttons(moderator=role, liker=role) == {"hide", "like"}

    done = history(Hidden(message=a_ref("post-1")), Liked(message=a_ref("post-1")))
    view = dataclasses.replace(view, history=done)
    assert buttons(moderator=role, liker=role) == {"unhide", "unlike"}
    failed_to = history(Hidden(message=a_ref("post-1"), reason="no"))
    view = dataclasses.replace(view, history=failed_to)
    assert buttons(moderator=role) == {"hide"}
