"""Request Tracker's numbers, words and queries; which transactions a look still has to see."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inbox.decision import Priority
from inbox.errors import Rejected
from inbox.ports import TicketStatus, TicketUpdate
from integrations.request_tracker import PRIORITIES, STATUSES
from integrations.request_tracker.api import PAGE
from integrations.request_tracker.convert import Vocabulary, quoted, text_part, wanted
from integrations.request_tracker.watch import Place
from integrations.request_tracker.wire import Part, Ticket
from integrations.ticket_words import Words

WORDS = Vocabulary(
    key="Key", customer=None, tags="Tags", statuses=Words(STATUSES), priorities=PRIORITIES
)
THERE = Ticket.model_validate(
    {
        "id": 7,
        "EffectiveId": {"id": "7", "type": "ticket"},
        "Status": "stalled",
        "Priority": "60",
        "Owner": {"id": "rita", "type": "user"},
        "CustomFields": [{"name": "tags", "values": ["vip"]}],
    }
)


@pytest.mark.parametrize("priority", Priority)
def test_a_priority_comes_back_as_it_was_written(priority: Priority) -> None:
    assert WORDS.priority(WORDS.their_priority(priority)) is priority


@pytest.mark.parametrize(
    ("number", "ours"),
    [
        (-5, Priority.LOW),
        (0, Priority.LOW),
        (49, Priority.LOW),
        (60, Priority.MEDIUM),
        (149, Priority.HIGH),
        (9999, Priority.CRITICAL),
    ],
)
def test_any_number_is_a_priority(number: int, ours: Priority) -> None:
    assert WORDS.priority(number) is ours


def test_a_priority_or_state_that_the_settings_do_not_name_is_rejected() -> None:
    poor = dataclasses.replace(WORDS, priorities={0: Priority.LOW}, statuses=Words({}))
    with pytest.raises(Rejected, match="high"):
        poor.their_priority(Priority.HIGH)
    with pytest.raises(Rejected, match="open"):
        poor.their_status(TicketStatus.OPEN)


def test_a_state_that_it_has_no_word_for_is_the_nearest() -> None:
    assert WORDS.their_status(TicketStatus.ON_HOLD) == "stalled"
    assert WORDS.status("waiting for parts") is TicketStatus.OPEN


def test_only_what_differs_is_written() -> None:
    same = TicketUpdate(
        status=TicketStatus.ON_HOLD, priority=Priority.MEDIUM, assignee="rita", tags=("vip",)
    )
    assert wanted(same, THERE, WORDS) == {}
    assert wanted(replace(same, status=TicketStatus.SOLVED), THERE, WORDS) == {"Status": "resolved"}
    assert wanted(replace(same, tags=()), THERE, WORDS) == {"CustomFields": {"Tags": []}}


@pytest.mark.parametrize("text", ["x' OR id > 0 OR 'y", "\\", "\\'", "a\\' OR 1"])
def test_a_quoted_value_has_no_end_before_its_end(text: str) -> None:
    inside = quoted(text)[1:-1]
    assert "'" not in inside.replace("\\\\", "").replace("\\'", "")
    assert not inside.replace("\\\\", "").endswith("\\")


def test_the_text_of_an_answer_is_the_plain_one_and_never_a_file() -> None:
    file = Part(id=1, TransactionId=9, ContentType="text/plain", Filename="log.txt")
    rich = Part(id=2, TransactionId=9, ContentType="text/html")
    plain = Part(id=3, TransactionId=9, ContentType="text/plain")
    assert text_part([file, rich, plain]) == plain
    assert text_part([file, rich]) == rich
    assert text_part([file]) is None


@given(st.permutations(range(1, 260)), st.integers(0, 24))
def test_what_is_committed_late_is_seen_and_nothing_twice(order: list[int], late: int) -> None:
    """Transactions become visible up to `late` numbers out of order, between looks."""
    arrival = sorted(range(1, 260), key=lambda number: number + order[number - 1] % (late + 1))
    place, seen = Place(0), list[int]()
    for visible in range(0, len(arrival) + 1, 7):
        there = sorted(arrival[: visible or 1])
        page = [number for number in there if number > place.floor][:PAGE]
        seen += [number for number in page if number not in place.seen]
        place = Place.parse(str(place.beyond(page)))
    there = [number for number in sorted(arrival) if number > place.floor][:PAGE]
    seen += [number for number in there if number not in place.seen]
    assert sorted(seen) == list(range(1, 260))
