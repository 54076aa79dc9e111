"""What every helpdesk promises, held against a server of its kind. See helpdesk_worlds.py.

What comes back from it is in test_helpdesk_news.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from traceback import format_exception

import pytest
from msgspec.structs import replace

from inbox.decision import Priority
from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain, Unsupported
from inbox.message import Attachment
from inbox.ports import TicketStatus, TicketUpdate
from tests.contract.every_helpdesk import HELPDESKS
from tests.contract.helpdesk_bench import EVERY, HOSTILE, a_draft, an_entry, made, needs, seen
from tests.contract.helpdesk_worlds import World
from tests.contract.waits import WAIT, about


@pytest.fixture(params=EVERY)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with HELPDESKS[request.param]() as world:
        yield world


# --- tickets out -------------------------------------------------------------------------


def test_a_ticket_has_who_what_how_urgent_and_the_way_back(world: World) -> None:
    ticket = made(world)
    (there,) = world.tickets()
    assert there.id == ticket.id
    assert "Ana Popescu on Mastodon (case 1042)" in there.subject
    assert there.requester == "Ana Popescu"
    story = "\n".join(there.entries)
    assert "Where is my parcel?" in story
    assert "https://slack.example/p1" in story
    assert ticket.status in (TicketStatus.NEW, TicketStatus.OPEN)
    if "priority" in world.knows:
        assert there.priority is Priority.HIGH
    if "tags" in world.knows:
        assert {"delivery", "vip"} <= there.tags


def test_nothing_of_ours_is_ever_meant_for_the_customer(world: World) -> None:
    ticket = made(world)
    world.connection.desk.add(ticket.id, an_entry())
    world.connection.desk.update(ticket.id, TicketUpdate(status=TicketStatus.PENDING))
    assert [text for each in world.tickets() for text in each.public] == []


def test_a_repeated_key_makes_no_second_ticket(world: World) -> None:
    if world.connection.repeatable is None:
        pytest.skip("this helpdesk does not know keys")
    assert made(world).id == made(world).id
    assert len(world.tickets()) == 1


def test_a_ticket_is_found_by_its_key_and_by_no_other(world: World) -> None:
    needs(world, "search")
    first, second = made(world, "ticket:1042:1"), made(world, "ticket:1042:10")
    for key, ticket in (("ticket:1042:1", first), ("ticket:1042:10", second)):
        found = world.connection.desk.find(key)
        assert found
        assert (found.id, found.url) == (ticket.id, ticket.url)
    for key in ("ticket:1042:2", "ticket:104:1", "ticket:1042"):
        assert world.connection.desk.find(key) is None


def test_a_helpdesk_that_cannot_be_searched_says_so(world: World) -> None:
    if "search" in world.knows:
        pytest.skip("this one can be searched")
    ticket = made(world)
    assert ticket.id == world.connection.named("ticket:1042:1")
    with pytest.raises(Unsupported):
        world.connection.desk.find("ticket:1042:1")
    with pytest.raises(Unsupported):
        world.connection.desk.holds(ticket.id, an_entry())


@pytest.mark.parametrize("kind", ["500", "503", "reset_after"])
def test_a_create_whose_end_nobody_knows_is_uncertain(world: World, kind: str) -> None:
    world.fault(kind)
    with pytest.raises(Uncertain):
        made(world)
    assert len(world.tickets()) == (1 if kind == "reset_after" else 0)


def test_a_ticket_that_was_made_all_the_same_is_found(world: World) -> None:
    needs(world, "search")
    assert world.connection.desk.find("ticket:1042:1") is None
    world.fault("reset_after")
    with pytest.raises(Uncertain):
        made(world)
    found = world.connection.desk.find("ticket:1042:1")
    assert found
    assert [found.id] == [each.id for each in world.tickets()]


# --- entries -----------------------------------------------------------------------------


def test_entries_stand_in_their_order_each_with_who_wrote_it(world: World) -> None:
    ticket = made(world)
    for number in (1, 2, 3):
        held = world.connection.desk.add(ticket.id, an_entry(number))
        assert held.id == ticket.id
    _, *added = seen(world, ticket.id).entries
    assert [number for text in added for number in (1, 2, 3) if f"number {number}" in text] == [
        1,
        2,
        3,
    ]
    assert all("Ana Popescu" in text for text in added)


def test_an_entry_is_known_by_its_key(world: World) -> None:
    needs(world, "search")
    ticket, other = made(world), made(world, "ticket:7:1")
    entry = an_entry(1)
    assert not world.connection.desk.holds(ticket.id, entry)
    world.connection.desk.add(ticket.id, entry)
    assert world.connection.desk.holds(ticket.id, entry)
    assert not world.connection.desk.holds(ticket.id, an_entry(11, entry.text))
    assert not world.connection.desk.holds(other.id, entry)


def test_an_entry_that_was_added_all_the_same_is_known(world: World) -> None:
    ticket = made(world)
    world.fault("reset_after")
    with pytest.raises(Uncertain):
        world.connection.desk.add(ticket.id, an_entry())
    assert len(seen(world, ticket.id).entries) == 2
    if "search" in world.knows:
        assert world.connection.desk.holds(ticket.id, an_entry())


def test_attachments_go_along_as_links(world: World) -> None:
    photo = Attachment(kind="image", url="https://files.example/lamp.jpg", alt="A broken lamp")
    ticket = made(world, attachments=(photo,))
    film = replace(photo, kind="video", url="https://files.example/lamp.mp4")
    world.connection.desk.add(ticket.id, an_entry(attachments=(film,)))
    first, second = seen(world, ticket.id).entries
    assert "https://files.example/lamp.jpg" in first
    assert "https://files.example/lamp.mp4" in second


def test_hostile_text_stands_there_as_it_was_written(world: World) -> None:
    ticket = made(world, body=f"Ana wrote: {HOSTILE}")
    world.connection.desk.add(ticket.id, an_entry(1, HOSTILE))
    for text in seen(world, ticket.id).entries:
        assert " ".join(HOSTILE.split()) in " ".join(text.split())


def test_a_closed_ticket_is_continued_by_a_new_one(world: World) -> None:
    needs(world, "closed")
    ticket = made(world)
    world.set(ticket.id, status=TicketStatus.CLOSED)
    follow_up = world.connection.desk.add(ticket.id, an_entry())
    assert follow_up.follows == ticket.id != follow_up.id
    assert any("Message number 1" in text for text in seen(world, follow_up.id).entries)
    if "search" in world.knows:
        assert world.connection.desk.holds(ticket.id, an_entry())
        assert world.connection.desk.holds(follow_up.id, an_entry())
        found = world.connection.desk.find("ticket:1042:1")
        assert found
        assert (found.id, found.follows) == (follow_up.id, ticket.id)


def test_a_closed_ticket_is_continued_once_whatever_happened_then(world: World) -> None:
    needs(world, "closed", "search")
    ticket = made(world)
    world.set(ticket.id, status=TicketStatus.CLOSED)
    world.fault("reset_after")
    with pytest.raises(Uncertain):
        world.connection.desk.add(ticket.id, an_entry(1))
    if not world.connection.desk.holds(ticket.id, an_entry(1)):  # the follow-up was still empty
        world.connection.desk.add(ticket.id, an_entry(1))
    follow_up = world.connection.desk.add(ticket.id, an_entry(2))
    assert {each.id for each in world.tickets()} == {ticket.id, follow_up.id}
    said = "\n".join(seen(world, follow_up.id).entries)
    assert (said.count("Message number 1"), said.count("Message number 2")) == (1, 1)


def test_a_deleted_ticket_takes_nothing_and_says_why(world: World) -> None:
    needs(world, "deleted")
    ticket = made(world)
    world.delete(ticket.id)
    with pytest.raises(Rejected, match="deleted"):
        world.connection.desk.add(ticket.id, an_entry())


# --- updates -----------------------------------------------------------------------------


def test_an_update_may_be_repeated(world: World) -> None:
    ticket = made(world)
    update = TicketUpdate(
        status=TicketStatus.PENDING if "status" in world.knows else None,
        priority=Priority.LOW if "priority" in world.knows else None,
        assignee=world.agent if "assignee" in world.knows else None,
    )
    for _ in range(2):
        world.connection.desk.update(ticket.id, update)
    there = seen(world, ticket.id)
    if "status" in world.knows:
        assert there.status is TicketStatus.PENDING
    if "priority" in world.knows:
        assert there.priority is Priority.LOW
    if "assignee" in world.knows:
        assert there.assignee == world.agent
    assert len(there.entries) == 1


def test_an_update_leaves_what_it_does_not_name(world: World) -> None:
    needs(world, "status", "priority", "assignee")
    ticket = made(world)
    world.set(ticket.id, assignee=world.agent)
    world.connection.desk.update(ticket.id, TicketUpdate(status=TicketStatus.SOLVED))
    there = seen(world, ticket.id)
    assert (there.status, there.priority) == (TicketStatus.SOLVED, Priority.HIGH)
    assert there.assignee == world.agent


def test_an_assignee_whom_the_helpdesk_does_not_know_is_rejected(world: World) -> None:
    needs(world, "assignee")
    ticket = made(world)
    with pytest.raises(Rejected):
        world.connection.desk.update(ticket.id, TicketUpdate(assignee="nobody@nowhere.example"))


# --- what goes wrong ---------------------------------------------------------------------


def test_a_rate_limit_is_retryable_with_its_time(world: World) -> None:
    world.fault("429", retry_after=WAIT.seconds)
    with pytest.raises(Retryable) as caught:
        made(world)
    if caught.value.after is not None:
        assert about(caught.value.after)
    assert world.tickets() == []


def test_a_helpdesk_that_cannot_be_reached_is_retryable(world: World) -> None:
    far = world.unreachable()
    with pytest.raises(Retryable):
        far.desk.create(a_draft())
    with pytest.raises(Retryable):
        far.desk.add("1", an_entry())
    if far.watch:
        with pytest.raises(Retryable):
            far.watch.changes(None)
    assert world.tickets() == []


def test_a_refused_secret_is_auth_failed(world: World) -> None:
    other = world.with_secret("not-the-secret-at-all")
    with pytest.raises(AuthFailed) as caught:
        other.desk.create(a_draft())
    assert "not-the-secret" not in str(caught.value)
    if other.watch:
        with pytest.raises(AuthFailed):
            other.watch.changes(None)
    assert world.tickets() == []


@pytest.mark.parametrize("kind", ["429", "500", "reset", "reset_after", "secret"])
def test_an_error_holds_neither_text_nor_secret(
    world: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    desk = world.connection.desk
    if kind == "secret":
        desk = world.with_secret("not-the-secret-at-all").desk
    else:
        world.fault(kind)
    draft = a_draft(body="My IBAN is secret-text-of-a-customer")
    with pytest.raises(IntegrationError) as caught:
        desk.create(draft)
    said = "".join(format_exception(caught.value)) + caplog.text
    for secret in ("secret-text", world.secret, "not-the-secret"):
        assert secret not in said


def test_the_examiner_finds_what_is_wrong_and_never_raises(world: World) -> None:
    if world.connection.examiner is None:
        pytest.skip("this helpdesk cannot be asked how it is")
    found = world.connection.examiner.examine()
    assert found
    assert [each.says for each in found if not each.well] == []
    for wrong in (world.with_secret("not-the-secret-at-all"), world.unreachable()):
        assert wrong.examiner
        told = wrong.examiner.examine()
        assert any(not each.well for each in told)
        assert "not-the-secret" not in " ".join(each.says for each in told)
    assert world.tickets() == []
