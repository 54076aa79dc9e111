"""What no article answers though it is certain, and what it says no more once it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox.case import Status
from inbox.changes import NotSent
from inbox.desk import Tier
from inbox.knowledge import Article
from inbox.message import Kind, Visibility
from tests.article_door import ASKED, Door, decide
from tests.articles import HOURS, RETURNS, an_index
from tests.builders import minutes
from tests.house import FakeRouter, House, a_desk


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    tiers = dict(a_desk().tiers) | {0: Tier(number=0, name="Self-service")}
    with House(tmp_path, FakeRouter(decide), a_desk(tiers=tiers)) as house:
        yield Door(house)


@pytest.mark.parametrize(
    ("called", "sent"),
    [
        ("@tom ", 0),
        ("@tom @ana: ", 0),
        ("@Brand ", 1),
        ("@tom, @brand@x.example ", 1),
        ("@brand", 1),
    ],
)
def test_people_who_call_each_other_under_our_posts_are_not_interrupted(
    door: Door, called: str, sent: int
) -> None:
    assert door.hear(f"{called}{ASKED}").tier == (0 if sent else 1)
    assert len(door.sent()) == sent


@pytest.mark.parametrize("text", [ASKED, "opening", "hello", "invite"])
def test_what_was_asked_days_ago_is_answered_by_a_person(door: Door, text: str) -> None:
    door.minute = 3 * 24 * 60
    in_private = {"visibility": Visibility.PRIVATE} if text == "hello" else {}

    assert door.hear(text, created_at=minutes(60), **in_private).tier > 0
    assert door.sent() == []


def test_an_old_review_gets_its_reply(door: Door) -> None:
    door.minute = 3 * 24 * 60
    door.hear("opening", kind=Kind.REVIEW, created_at=minutes(60))
    assert len(door.sent()) == 1


# --- while it waits ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [
        (RETURNS,),
        (replace(HOURS, body="We are open from ten to four."), RETURNS),
        (replace(HOURS, public=False), RETURNS),
    ],
)
def test_what_the_article_says_no_more_stays_out_and_a_person_has_it(
    door: Door, now: tuple[Article, ...]
) -> None:
    door.hear()
    door.knowledge = an_index(*now)
    door.deliver()

    assert door.sender.texts() == []
    assert (door.case().tier, door.case().status) == (1, Status.NEW)
    [told] = [e.change.reason for e in door.history() if isinstance(e.change, NotSent)]
    assert "changed or taken out meanwhile" in told


def test_an_article_that_was_only_confirmed_meanwhile_goes_out(door: Door) -> None:
    door.hear()
    later = replace(HOURS, updated=date(2026, 4, 1), owner="Ana", questions={"en": ("Open?",)})
    door.knowledge = an_index(later, RETURNS)
    door.deliver()
    assert len(door.sender.texts()) == 1
