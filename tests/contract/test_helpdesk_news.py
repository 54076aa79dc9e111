"""What every helpdesk tells us, asked or in a delivery; see test_helpdesk_contract.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from inbox.decision import Priority
from inbox.errors import BadPayload, Unverified
from inbox.message import MAX_TEXT
from inbox.ports import TicketEvent, TicketGone, TicketStatus, TicketUpdate
from tests.contract.every_helpdesk import HELPDESKS
from tests.contract.helpdesk_bench import EVERY, HOSTILE, an_entry, comments, made, needs, states
from tests.contract.helpdesk_worlds import Notified, World, now


@pytest.fixture(params=EVERY)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with HELPDESKS[request.param]() as world:
        yield world


# --- what comes back ---------------------------------------------------------------------


def test_without_a_cursor_only_the_place_to_begin_is_told(world: World) -> None:
    if world.connection.watch is None:
        pytest.skip("this helpdesk is not polled")
    world.comment(made(world).id, "Long ago")
    page = world.connection.watch.changes(None)
    assert (page.events, page.more) == ((), False)
    assert page.cursor


def test_an_answer_comes_with_who_wrote_it_and_when(world: World) -> None:
    ticket, before = made(world), now() - timedelta(seconds=2)
    world.comment(ticket.id, "Your parcel left today.")
    (came,) = comments(world.changes())
    assert (came.ticket, came.public) == (ticket.id, True)
    assert came.text.strip() == "Your parcel left today."
    assert came.author
    assert came.id
    assert before <= came.at <= now() + timedelta(seconds=2)


def test_a_note_is_told_apart_from_an_answer(world: World) -> None:
    needs(world, "notes")
    ticket = made(world)
    world.comment(ticket.id, "Ask the warehouse first", public=False)
    world.comment(ticket.id, "It left today")
    assert [(c.text.strip(), c.public) for c in comments(world.changes())] == [
        ("Ask the warehouse first", False),
        ("It left today", True),
    ]


def test_nothing_comes_twice(world: World) -> None:
    world.comment(made(world).id, "Once")
    assert len(comments(world.changes())) == 1
    assert comments(world.changes()) == []


def test_what_we_wrote_ourselves_does_not_come_back(world: World) -> None:
    ticket = made(world)
    world.connection.desk.add(ticket.id, an_entry(1))
    world.connection.desk.update(ticket.id, TicketUpdate(status=TicketStatus.OPEN))
    world.comment(ticket.id, "From the helpdesk")
    world.connection.desk.add(ticket.id, an_entry(2))
    assert [c.text.strip() for c in comments(world.changes())] == ["From the helpdesk"]


def test_a_page_overflow_loses_nothing_and_keeps_the_order(world: World) -> None:
    ticket = made(world)
    written = [f"Number {number}" for number in range(130)]
    for text in written:
        world.comment(ticket.id, text)
    assert [c.text.strip() for c in comments(world.changes())] == written


def test_a_state_is_told_whole(world: World) -> None:
    needs(world, "status")
    ticket = made(world)
    fields: dict[str, object] = {"status": TicketStatus.PENDING}
    if "priority" in world.knows:
        fields["priority"] = Priority.LOW
    if {"assignee", "agent"} <= world.knows:
        fields["assignee"] = world.agent
    world.set(ticket.id, **fields)  # type: ignore[arg-type]  # as above
    *_, last = states(world.changes(), ticket.id)
    assert {name: getattr(last, name) for name in fields} == fields
    assert last.at.tzinfo


def test_a_later_state_is_later(world: World) -> None:
    needs(world, "status")
    ticket = made(world)
    told = []
    for status in (TicketStatus.OPEN, TicketStatus.SOLVED, TicketStatus.OPEN):
        world.set(ticket.id, status=status)
        told += states(world.changes(), ticket.id)
    assert told[-1].status is TicketStatus.OPEN
    assert [each.at for each in told] == sorted(each.at for each in told)


def test_a_deleted_ticket_is_told_of(world: World) -> None:
    needs(world, "deleted")
    gone, stays = made(world), made(world, "ticket:7:1")
    world.delete(gone.id)
    told = [event for event in world.changes() if isinstance(event, TicketGone)]
    assert [(event.ticket, event.into) for event in told] == [(gone.id, None)]
    assert stays.id in [each.id for each in world.tickets()]


def test_a_merged_ticket_is_told_of_with_the_one_that_goes_on(world: World) -> None:
    needs(world, "merged")
    one, other = made(world), made(world, "ticket:7:1")
    world.merge(one.id, other.id)
    told = [event for event in world.changes() if isinstance(event, TicketGone)]
    assert [(event.ticket, event.into) for event in told] == [(one.id, other.id)]


def test_hostile_text_comes_in_without_what_cannot_be_stored(world: World) -> None:
    ticket = made(world)
    world.comment(ticket.id, HOSTILE)
    (came,) = comments(world.changes())
    assert came.text.split() == HOSTILE.split()


def test_a_huge_text_is_cut(world: World) -> None:
    ticket = made(world)
    world.comment(ticket.id, "x" * (MAX_TEXT + 20_000))
    (came,) = comments(world.changes())
    assert len(came.text) <= MAX_TEXT
    assert came.text.startswith("xxx")


# --- webhooks ----------------------------------------------------------------------------


def test_a_delivery_is_verified_over_all_of_its_body(world: World) -> None:
    receiver = world.connection.receiver
    if receiver is None:
        pytest.skip("this helpdesk has no webhooks")
    world.comment(made(world).id, "It left today")
    request = cast("Notified", world).delivery()
    receiver.verify(request)
    for wrong in (
        replace(request, body=request.body + b" "),
        replace(request, headers={}),
        replace(request, headers=dict.fromkeys(request.headers, "x")),
    ):
        with pytest.raises(Unverified):
            receiver.verify(wrong)
    other = world.with_secret("another-secret-than-that").receiver
    assert other
    with pytest.raises(Unverified):
        other.verify(request)


def test_a_delivery_tells_the_same_as_a_look_under_the_same_name(world: World) -> None:
    receiver = world.connection.receiver
    if receiver is None:
        pytest.skip("this helpdesk has no webhooks")
    needs(world, "delivered")
    ticket = made(world)
    world.comment(ticket.id, "It left today")
    (delivered,) = comments([*receiver.parse(cast("Notified", world).delivery())])
    assert (delivered.ticket, delivered.text.strip()) == (ticket.id, "It left today")
    assert delivered.public
    if world.connection.watch is not None:
        (looked,) = comments(world.changes())
        assert looked.id == delivered.id


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'"x"', b"null", b'{"ticket": 7}'])
def test_a_body_of_another_form_is_no_delivery(world: World, body: bytes) -> None:
    """What is not of the documented form is refused, or tells of nothing."""
    receiver = world.connection.receiver
    if receiver is None:
        pytest.skip("this helpdesk has no webhooks")
    world.comment(made(world).id, "It left today")
    request = replace(cast("Notified", world).delivery(), body=body)
    told: list[TicketEvent] = []
    with suppress(BadPayload):
        told += receiver.parse(request)
    assert told == []
