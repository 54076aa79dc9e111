"""A case, its ticket and the helpdesk's answers, through the whole product."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import TypeVar

import pytest

from inbox.ports import TicketStatus
from tests.databases import EITHER, database_of, named
from tests.helpdesks.beside import Beside, a_helpdesk_beside
from tests.helpdesks.fake import Kept
from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    PRIVATE,
    SAM,
    Message,
    card_says,
    comment,
    number,
    picked,
    press,
    shown,
    submit,
    thread_says,
    told,
    window_of,
    written,
)
from tests.world import World

T = TypeVar("T")


@pytest.fixture(scope="module", params=EITHER)
def beside(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("helpdesk")
    with (
        database_of(request.param) as database,
        a_helpdesk_beside(folder, env=named(database)) as beside,
    ):
        beside.world.start()
        beside.world.control(action="rate-limit", on=False)
        yield beside


def escalated(beside: Beside, acct: str, text: str, **choices: str) -> Message:
    """A case that Mihai hands to tier 2 with its ticket; its card there."""
    world = beside.world
    comment(world, acct, text)
    card = world.card(CARE, text)
    press(world, MIHAI, card, "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")
    picks = {"helpdesk": picked(choices["helpdesk"])} if choices else {}
    submit(world, MIHAI, window, tier=picked("2"), reason="Only logistics can see it.", **picks)
    return world.card(PRIVATE, text, KENJI)


def ticket(beside: Beside, words: str) -> Kept:
    """The ticket whose story has these words."""
    return beside.world.wait(
        lambda: next((t for t in beside.helpdesk.kept.values() if words in t.lines[0].text), None),
        f"a ticket with “{words}”",
    )


def test_the_window_offers_the_helpdesk_of_the_tier(beside: Beside) -> None:
    comment(beside.world, "tom", "The okapi shelf leans.")
    card = beside.world.card(CARE, "okapi shelf")
    press(beside.world, MIHAI, card, "case.escalate")
    window = window_of(beside.world, MIHAI, "window.escalate")
    said = written(window)
    assert "As the tier has it: tier 2: support" in said
    assert "No ticket" in said
    assert "Stays in tier 1: only a ticket" in said
    submit(
        beside.world,
        MIHAI,
        window,
        tier=picked("2"),
        reason="No ticket needed.",
        helpdesk=picked("-none"),
    )
    home = beside.world.card(PRIVATE, "okapi shelf", KENJI)
    assert "🎫" not in written(home)


def test_the_circle_from_a_comment_to_the_helpdesk_and_back_in_private(beside: Beside) -> None:
    world = beside.world
    home = escalated(beside, "ana", "The bison lamp never came.")
    there = ticket(beside, "bison lamp")
    card_says(world, home, f"Ticket support #{there.id}", PRIVATE)
    assert "Only logistics can see it." in there.lines[0].text
    assert "https://" in (there.draft.link or "") or "http://" in (there.draft.link or "")
    assert there.draft.link in there.lines[0].text  # type: ignore[operator]  # it has one

    world.customer("ana", "@brightleaf My order is BL-123456, wombat", visibility="direct")
    world.wait(lambda: any("wombat" in line.text for line in there.lines), "the message there")
    beside.helpdesk.comment(there.id, "It left this morning, quokka.")
    [sent] = world.wait(
        lambda: [s for s in world.direct("ana") if "quokka" in s["text"]], "the relayed answer"
    )
    assert sent["visibility"] == "direct"
    thread_says(world, home, "it goes to the customer in private", PRIVATE)
    public = [m for m in world.dump()["network"] if "quokka" in m["text"]]
    assert [m["visibility"] for m in public] == ["direct"]
    assert all(m["channel"] == PRIVATE for m in shown(world, "quokka"))


def test_a_note_goes_there_and_one_comes_back_inside(beside: Beside) -> None:
    world = beside.world
    home = escalated(beside, "olga", "The ferret stool wobbles.")
    there = ticket(beside, "ferret stool")
    home = card_says(world, home, f"#{there.id}", PRIVATE)
    press(world, KENJI, home, "case.note", PRIVATE)
    submit(world, KENJI, window_of(world, KENJI, "window.note"), note="She is a designer.")
    world.wait(
        lambda: any("She is a designer." in line.text for line in there.lines), "the note there"
    )
    thread_says(world, home, "She is a designer.", PRIVATE)
    beside.helpdesk.comment(there.id, "Check the batch first.", public=False)
    thread_says(world, home, "Check the batch first.", PRIVATE)
    assert not [m for m in world.dump()["network"] if "batch first" in m["text"]]


def test_without_a_private_conversation_an_agent_sends_it_in_private(beside: Beside) -> None:
    world = beside.world
    home = escalated(beside, "yuki", "The gecko clock stopped.")
    there = ticket(beside, "gecko clock")
    card_says(world, home, f"#{there.id}", PRIVATE)
    beside.helpdesk.comment(there.id, "Press the axolotl button.")
    line = thread_says(world, home, "axolotl", PRIVATE)
    assert "no private conversation with the customer yet" in written(line)
    assert not [m for m in world.dump()["network"] if "axolotl" in m["text"]]

    world.press(KENJI, PRIVATE, line["ts"], "ticket.send_on")
    window = window_of(world, KENJI, "window.reply")
    assert "axolotl" in written(window)
    assert "in private only" in written(window)
    submit(world, KENJI, window, text="Press the axolotl button.")
    [sent] = world.wait(
        lambda: [s for s in world.direct("yuki") if "axolotl" in s["text"]], "the answer"
    )
    assert sent["visibility"] == "direct"


def test_a_solved_ticket_asks_and_a_word_closes_the_case(beside: Beside) -> None:
    world = beside.world
    home = escalated(beside, "nina", "The heron mirror is dull.")
    there = ticket(beside, "heron mirror")
    card_says(world, home, f"#{there.id}", PRIVATE)
    beside.helpdesk.set(there.id, status=TicketStatus.SOLVED)
    line = thread_says(world, home, "Is the case done, too?", PRIVATE)
    world.press(KENJI, PRIVATE, line["ts"], "ticket.close")
    card_says(world, home, "Closed as solved in the helpdesk", PRIVATE)
    thread_says(world, home, "Close the case", PRIVATE)
    assert there.status is TicketStatus.SOLVED


def test_a_ticket_in_an_open_channel_shows_number_and_state_alone(beside: Beside) -> None:
    world = beside.world
    comment(world, "mehmet", "The lynx table is scratched.")
    card = world.card(CARE, "lynx table")
    press(world, MIHAI, card, "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")
    submit(
        world,
        MIHAI,
        window,
        tier=picked("1"),
        helpdesk=picked("support"),
        reason="Logistics, please.",
    )
    there = ticket(beside, "lynx table")
    card_says(world, card, f"Ticket support #{there.id}")
    beside.helpdesk.comment(there.id, "He lives at 4 Secret Street, narwhal.")
    beside.helpdesk.comment(there.id, "His wife called, narwhal.", public=False)
    thread_says(world, card, "answered in support")
    thread_says(world, card, "noted in support")
    assert shown(world, "narwhal") == []
    assert number(card) > 0


def test_a_helpdesk_that_is_down_is_told_on_the_card_and_gets_all_in_order(
    beside: Beside,
) -> None:
    world = beside.world
    beside.served.down = True
    comment(world, "tom", "The otter chair squeaks.")
    card = world.card(CARE, "otter chair")
    press(world, MIHAI, card, "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")
    submit(world, MIHAI, window, tier=picked("2"), reason="Squeaks.")
    home = world.card(PRIVATE, "otter chair", KENJI)
    card_says(world, home, "Ticket waits for support", PRIVATE)
    assert "1 ticket waits" in channels_row(world)
    world.agent(SAM, "command", channel=CARE, text="channels")
    assert "1 ticket on the way · ⚠️" in written(told(world, SAM, "helpdesk:support"))
    world.customer("tom", "@brightleaf First, tapir", visibility="direct")
    world.customer("tom", "@brightleaf Second, tapir", visibility="direct")
    thread_says(world, home, "Second, tapir", PRIVATE)

    beside.served.down = False
    there = ticket(beside, "otter chair")
    world.wait(lambda: len(there.lines) == 3, "what came meanwhile")
    assert ["First" in line.text for line in there.lines[1:]] == [True, False]
    card_says(world, home, f"#{there.id}", PRIVATE)
    assert "ticket" not in channels_row(world)


def channels_row(world: World) -> str:
    """What the operator reads of the helpdesk beside the running product."""
    command = [sys.executable, "-m", "tierdesk", "channels", "--config", str(world.config)]
    said = subprocess.run(
        command, env={**os.environ, **world.env}, capture_output=True, text=True, check=True
    )
    return next(row for row in said.stdout.splitlines() if row.startswith("helpdesk:support"))


def test_a_deleted_ticket_is_told_to_its_channel(beside: Beside) -> None:
    world = beside.world
    home = escalated(beside, "ana", "The puffin bench is wet.")
    there = ticket(beside, "puffin bench")
    card_says(world, home, f"#{there.id}", PRIVATE)
    beside.helpdesk.delete(there.id)
    thread_says(world, home, f"#{there.id} was deleted in support", PRIVATE)
