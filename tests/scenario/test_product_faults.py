"""Slack and the network fail in every way; each card and each answer still stands once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from tests.product_steps import (
    CARE,
    IOANA,
    MIHAI,
    Message,
    answer,
    card_says,
    comment,
    posted,
    press,
    shown,
    thread_says,
    told,
    written,
)
from tests.world import PATIENCE, World

POST = "POST /api/v1/statuses"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("faults"))
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


@pytest.fixture(autouse=True)
def well_afterwards(world: World) -> Iterator[None]:
    yield
    world.control(action="clear")


@pytest.mark.parametrize("kind", ["429", "500", "reset", "reset_after"])
def test_a_card_stands_once_whatever_slack_does(world: World, kind: str) -> None:
    world.fault("slack", "chat.postMessage", kind)

    comment(world, "tom", f"Is there a quail lamp for {kind}?")

    words = f"a quail lamp for {kind}"
    card = world.card(CARE, words)
    press(world, MIHAI, card, "case.claim")
    card_says(world, card, "Claimed by")
    assert len(shown(world, words)) == 1


@pytest.mark.parametrize("kind", ["429", "503", "reset", "reset_after"])
def test_an_answer_stands_once_whatever_the_network_does(world: World, kind: str) -> None:
    post = comment(world, "nina", f"Is there a rhea lamp for {kind}?")
    card = world.card(CARE, f"a rhea lamp for {kind}")
    world.fault("network", POST, kind)

    answer(world, MIHAI, card, f"There is, with {kind}.")

    thread_says(world, card, "sent by")
    assert [reply["text"] for reply in world.replies_to(post)] == [f"@nina There is, with {kind}."]


def test_answers_wait_for_a_network_and_say_so_until_they_went_out(world: World) -> None:
    cards = []
    for who, lamp in (("nina", "okapi"), ("olga", "dugong")):
        comment(world, who, f"Is there a {lamp} lamp?")
        cards.append(world.card(CARE, f"a {lamp} lamp"))
    world.fault("network", POST, "429", times=0, retry_after=1)

    for card in cards:
        answer(world, MIHAI, card, "There is one.")

    words = "An answer waits for Mastodon: Mastodon's rate limit is reached. It is sent as soon as"
    for card in cards:
        card_says(world, card, words)
    world.control(action="clear")
    for card in cards:
        assert words not in written(card_says(world, card, "waiting for"))


def test_what_was_done_without_an_answer_is_found_and_not_done_again(world: World) -> None:
    """Both clients wait in vain, at the same time."""
    post = comment(world, "olga", "Is there an eland lamp?")
    card = world.card(CARE, "an eland lamp")
    world.fault("network", POST, "timeout_after")
    answer(world, MIHAI, card, "There is an eland lamp in green.")
    world.wait(lambda: world.replies_to(post), "the reply that nobody heard of")
    world.fault("slack", "chat.postMessage", "timeout_after")

    comment(world, "ana", "Is there an oryx lamp?")

    other = world.card(CARE, "an oryx lamp")
    # The client gives up after 15 s, and the server is given 15 more to end its work.
    thread_says(world, card, "sent by", patience=3 * PATIENCE)
    press(world, MIHAI, other, "case.claim")
    card_says(world, other, "Claimed by")
    assert len(shown(world, "an oryx lamp")) == 1
    assert len(world.replies_to(post)) == 1


def test_an_answer_to_a_deleted_post_comes_back_to_its_agent(world: World) -> None:
    post = comment(world, "yuki", "How long is the loris cable?")
    card = world.card(CARE, "loris cable")
    world.customer_acts("yuki", "delete", id=post)

    answer(world, MIHAI, card, "Three metres of cable, loris.")

    whisper = written(told(world, MIHAI, "Three metres of cable, loris."))
    assert "was not sent" in whisper
    assert "deleted" in whisper
    thread_says(world, card, "Not sent")
    assert not posted(world, "Three metres")


# --- held answers ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAnswer:
    """An answer of which nobody knows whether it went out."""

    post: str
    card: Message
    alert: Message
    item: str
    text: str


def held(world: World, acct: str, word: str) -> HeldAnswer:
    """Let an answer fail without a known end, until a person must decide."""
    post = comment(world, acct, f"Is there a {word} lamp?")
    card = world.card(CARE, f"a {word} lamp")
    world.fault("network", POST, "500", times=0)
    answer(world, MIHAI, card, f"The {word} lamp is sold out.")
    _after_nine_attempts(world)
    alert = thread_says(world, card, "held.send_again")
    world.control(action="clear")
    [item] = {e["value"] for block in alert["blocks"] for e in block.get("elements", [])}
    return HeldAnswer(
        post=post, card=card, alert=alert, item=item, text=f"@{acct} The {word} lamp is sold out."
    )


def _after_nine_attempts(world: World) -> None:
    """Eight minutes of waiting between attempts, in no time."""
    aged = (
        "UPDATE outbox SET attempts = 9, not_before = 0"
        " WHERE state = 'queued' AND lane = 'mastodon:brightleaf' AND maybe_done"
    )

    def age() -> bool:
        with closing(sqlite3.connect(world.config / "tierdesk.db", timeout=10)) as database:
            changed = database.execute(aged).rowcount
            database.commit()
        return changed == 1

    world.wait(age, "an attempt without a known end")


def outbox(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "tierdesk",
        "outbox",
        *arguments,
        "--config",
        str(world.config),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


def test_a_held_answer_goes_out_once_more_by_its_button(world: World) -> None:
    answer_ = held(world, "mehmet", "again")

    world.press(IOANA, CARE, answer_.alert["ts"], "held.send_again")

    thread_says(world, answer_.card, "sent by")
    assert [reply["text"] for reply in world.replies_to(answer_.post)] == [answer_.text]
    decided = thread_says(world, answer_.card, "Decided:")
    assert f"<@{IOANA}>" in written(decided)
    assert "held.send_again" not in written(decided)


def test_a_held_answer_that_is_there_is_only_recorded(world: World) -> None:
    answer_ = held(world, "ana", "there")

    world.press(IOANA, CARE, answer_.alert["ts"], "held.it_is_there")

    thread_says(world, answer_.card, "sent by")
    card_says(world, answer_.card, "waiting for")
    assert not world.replies_to(answer_.post)


def test_the_operator_decides_on_held_answers_from_the_command_line(world: World) -> None:
    dropped = held(world, "olga", "dropped")

    assert f"{dropped.item} SendAnswer" in outbox(world, "list").stdout
    looked_at = outbox(world, "show", dropped.item).stdout
    assert "SendAnswer" in looked_at
    assert "sold out" not in looked_at
    assert outbox(world, "drop", dropped.item).returncode == 0
    thread_says(world, dropped.card, "Not sent: dropped by a person")
    too_late = outbox(world, "release", dropped.item)
    assert too_late.returncode == 1
    assert "Nothing to decide" in too_late.stderr

    released = held(world, "yuki", "released")
    assert outbox(world, "release", released.item).returncode == 0
    thread_says(world, released.card, "sent by")
    assert len(world.replies_to(released.post)) == 1
    assert not world.replies_to(dropped.post)
