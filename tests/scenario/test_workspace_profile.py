"""A customer's profile at the desk: opened, turned, linked with another account, and undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox.message import Author, Kind, Ref, Visibility
from tests.stage_fakes import CARE, PRIVATE, an_author
from tests.workspace_stage import Stage, find_element, on_stage, written
from workspace.profile_window import person_value

MIHAI, IOANA, GENERAL = "U0MIHAI", "U0IOANA", "C0GENERAL"
ANA = an_author()
ANA_X = Author(ref=Ref("x", "brand", "77"), handle="anapop", name="Ana on X")
SECRET = "My card is 4111 1111 1111 1111, order 48213"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


def on_x(stage: Stage, text: str, author: Author = ANA_X, *, name: str = "x1") -> None:
    ref = author.ref.sibling(name)
    stage.customer(text, ref=ref, conversation=ref, author=author, url=None)


def in_window(stage: Stage, *wanted: str, person: str = MIHAI, but: str = "…never…") -> str:
    """All of the person's window, once it says this."""

    def look() -> str | None:
        views = stage.slack.state(person)["views"]
        shown = json.dumps(views[-1:], ensure_ascii=False)
        return shown if all(word in shown for word in wanted) and but not in shown else None

    return stage.until(look)


def act(stage: Stage, action: str, person: str = MIHAI, **chosen: Any) -> None:
    view = stage.window(person)
    block, element = find_element(view["blocks"], action)
    given = chosen or {"value": element["value"]}
    done = stage.slack.act(
        person,
        "view_action",
        view_id=view["id"],
        block_id=block["block_id"],
        action_id=action,
        **given,
    )
    assert done["ok"], done


def search(stage: Stage, text: str, person: str = MIHAI) -> dict[str, str]:
    """What the field lists: texts by value."""
    view = stage.window(person)
    block, _ = find_element(view["blocks"], "person.link")
    found = stage.slack.act(
        person,
        "options",
        view_id=view["id"],
        block_id=block["block_id"],
        action_id="person.link",
        value=text,
    )
    return {one["value"]: one["text"]["text"] for one in found["options"]}


def link(stage: Stage, author: Author, person: str = MIHAI) -> None:
    value = person_value(author.ref)
    option = {"text": {"type": "plain_text", "text": "them"}, "value": value}
    act(stage, "person.link", person, selected_option=option)


def ask(stage: Stage, person: str, text: str, channel: str = CARE) -> dict[str, Any]:
    before = len(stage.whispers(person, channel))
    assert stage.slack.act(person, "command", channel=channel, text=text)["ok"]
    return stage.until(lambda: stage.whispers(person, channel)[before:] or None)[0]


def test_two_accounts_become_one_person_and_two_again(stage: Stage) -> None:
    on_x(stage, "No parcel on X either")
    stage.customer("Where is my parcel?")
    stage.choose(MIHAI, "profile")
    alone = in_window(stage, "Where is my parcel?", "1 case")
    assert "No parcel on X" not in alone

    assert search(stage, "anapop") == {person_value(ANA_X.ref): "@anapop · Ana on X · X, 1 case"}
    assert search(stage, "ana@social") == {}, "nobody is linked with themselves"
    link(stage, ANA_X)

    in_window(stage, "✅ Linked.", "No parcel on X either", "2 cases", f"says <@{MIHAI}>")
    assert search(stage, "anapop") == {}, "they are one already"

    act(stage, "person.unlink")

    told = in_window(stage, "The link is undone", f"undone by <@{MIHAI}>", "1 case")
    assert "No parcel on X" not in told


def test_a_card_counts_the_cases_of_all_accounts(stage: Stage) -> None:
    on_x(stage, "No parcel on X either")
    stage.customer("Where is my parcel?")
    assert "first case" in written(stage.card())
    stage.choose(MIHAI, "profile")
    in_window(stage, "Where is my parcel?")

    link(stage, ANA_X)
    in_window(stage, "✅ Linked.")
    stage.until(lambda: all("2nd case" in written(card) for card in stage.cards()) or None)

    act(stage, "person.unlink")
    stage.until(lambda: all("first case" in written(card) for card in stage.cards()) or None)


def test_a_private_case_is_without_a_word_in_a_public_channels_window(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    on_x(stage, "Hello from X")
    other = ANA_X.ref.sibling("x-dm")
    stage.customer(
        SECRET,
        author=ANA_X,
        ref=other,
        conversation=other,
        in_reply_to=ANA_X.ref.sibling("x0"),
        visibility=Visibility.PRIVATE,
        kind=Kind.DM,
    )
    stage.choose_on(stage.cards()[0], MIHAI, "profile")
    in_window(stage, "Where is my parcel?")
    link(stage, ANA_X)

    public = in_window(stage, "Hello from X", "3 cases")

    assert '" · Tier 2 · New, nobody has it · "' in public
    assert "worked in a private channel" in public
    assert "order" not in public
    assert "card" not in public
    stage.choose(IOANA, "profile", PRIVATE)
    private = in_window(stage, "48213", "Where is my parcel?", person=IOANA)
    assert "[card number]" in private
    assert "4111" not in private


def test_who_is_known_from_a_private_channel_alone_is_not_found_in_public(stage: Stage) -> None:
    on_x(stage, SECRET)
    stage.customer("Where is my parcel?")

    assert "Nobody who may be shown here" in written(ask(stage, MIHAI, "who anapop"))
    assert "Nobody who may be shown here" in written(ask(stage, IOANA, "who anapop", GENERAL))
    assert "Ana on X" in written(ask(stage, IOANA, "who anapop", PRIVATE))
    stage.choose(MIHAI, "profile")
    assert search(stage, "anapop") == {}
    link(stage, ANA_X)
    [refused] = stage.until(lambda: [w for w in stage.whispers(MIHAI) if "not linked" in w["text"]])
    assert "anapop" not in written(refused)


def test_a_customer_is_found_by_name_from_anywhere(stage: Stage) -> None:
    stage.customer("My order 48213 is late")

    listed = ask(stage, MIHAI, "who popescu", GENERAL)
    stage.press_on(listed, MIHAI, "person.show", GENERAL)

    shown = in_window(stage, "Ana Popescu", "[order number]")
    assert "48213" not in shown
    assert "Say whom" in written(ask(stage, MIHAI, "who"))


def test_a_person_of_hundreds_of_cases_is_read_by_the_page(stage: Stage) -> None:
    for number in range(23):
        stage.customer(
            f"Question {number:02}",
            conversation=Ref("mastodon", "main", f"thread-{number}"),
            in_reply_to=Ref("mastodon", "main", f"thread-{number}"),
        )
    stage.choose(MIHAI, "profile")

    first = in_window(stage, "1 to 10 of 23 · and 13 older", "Question 22", "Question 13")
    assert "Question 12" not in first
    act(stage, "person.older")
    in_window(stage, "11 to 20 of 23 · and 3 older", "Question 12", but="Question 13")
    act(stage, "person.older")
    in_window(stage, "21 to 23 of 23", "Question 00", but="person.older")
    act(stage, "person.newer")
    in_window(stage, "11 to 20 of 23")


def test_a_case_that_moved_away_shows_no_profile_from_its_old_card(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.drain()
    old = stage.card()
    stage.customer(SECRET, in_reply_to=Ref("mastodon", "main", "post-1"))

    stage.choose_on(old, MIHAI, "profile")

    [refused] = stage.until(lambda: stage.whispers(MIHAI))
    assert "has moved to another channel" in refused["text"]
    assert stage.slack.state(MIHAI)["views"] == []


def test_a_link_that_slack_sends_again_after_its_undoing_stays_undone(stage: Stage) -> None:
    on_x(stage, "Hello from X")
    stage.customer("Where is my parcel?")
    stage.choose(MIHAI, "profile")
    in_window(stage, "Where is my parcel?")
    link(stage, ANA_X)
    in_window(stage, "✅ Linked.")
    act(stage, "person.unlink")
    in_window(stage, "The link is undone")

    stage.slack.control("redeliver", last=3)
    stage.until(lambda: stage.settled() or None)

    with stage.database.read() as unit:
        assert [said.stands for said in unit.identities.links({ANA.ref})] == [False]
    assert stage.whispers(MIHAI) == []
