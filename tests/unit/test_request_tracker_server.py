"""What only the real Request Tracker shows: rights, races, mail, merges, its people's editor."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from inbox.errors import AuthFailed, Rejected, Retryable
from inbox.ports import Commented, Ticket, TicketChanged, TicketEntry, TicketStatus, TicketUpdate
from tests.contract.helpdesk_bench import a_draft, an_entry
from tests.contract.helpdesk_worlds import now
from tests.contract.request_tracker_world import RequestTrackerWorld, a_request_tracker_world
from tests.real.request_tracker import KEY

pytestmark = pytest.mark.rt


@pytest.fixture
def world() -> Iterator[RequestTrackerWorld]:
    with a_request_tracker_world() as world:
        assert isinstance(world, RequestTrackerWorld)
        yield world


@pytest.fixture
def ticket(world: RequestTrackerWorld) -> Ticket:
    return world.connection.desk.create(a_draft())


def status(world: RequestTrackerWorld, ticket: str) -> str:
    return str(world.call("GET", f"/ticket/{ticket}")["Status"])


# --- races -------------------------------------------------------------------------------


def test_a_ticket_that_is_deleted_while_it_is_changed_stays_deleted(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    world.door.before.append(lambda: world.delete(ticket.id))
    with pytest.raises(Rejected, match="deleted"):
        world.connection.desk.update(ticket.id, TicketUpdate(status=TicketStatus.SOLVED))
    assert status(world, ticket.id) == "deleted"


def test_a_change_is_made_onto_what_somebody_else_changed_meanwhile(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    world.door.before.append(lambda: world.set(ticket.id, assignee="rita"))
    world.connection.desk.update(ticket.id, TicketUpdate(status=TicketStatus.SOLVED))
    (there,) = world.tickets()
    assert (there.status, there.assignee) == (TicketStatus.SOLVED, "rita")


def test_a_ticket_that_never_rests_is_tried_later(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    for text in ("one", "two", "three"):
        world.door.before.append(lambda text=text: world.comment(ticket.id, text))  # type: ignore[misc]  # each its own text
    with pytest.raises(Retryable):
        world.connection.desk.update(ticket.id, TicketUpdate(status=TicketStatus.SOLVED))


# --- rights ------------------------------------------------------------------------------


def test_a_user_who_may_not_set_the_key_makes_no_second_ticket(
    world: RequestTrackerWorld,
) -> None:
    guest = world.with_secret(world.server.tokens["guest"])
    with pytest.raises(AuthFailed, match=KEY):
        guest.desk.create(a_draft())
    assert guest.examiner
    wrong = " ".join(each.says for each in guest.examiner.examine() if not each.well)
    assert "SeeCustomField" in wrong


def test_a_queue_that_is_not_there_or_not_for_us_is_told_with_its_name(
    world: RequestTrackerWorld,
) -> None:
    other = world.connect(queue="Nowhere")
    with pytest.raises(AuthFailed):
        other.desk.create(a_draft())
    assert other.examiner
    (wrong,) = [each.says for each in other.examiner.examine() if not each.well]
    assert "“Nowhere”" in wrong


def test_what_its_user_may_not_do_is_rejected_and_not_taken_for_done(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    guest = world.with_secret(world.server.tokens["guest"])
    with pytest.raises(Rejected, match="Status"):
        guest.desk.update(ticket.id, TicketUpdate(status=TicketStatus.SOLVED))
    assert status(world, ticket.id) == "new"


@pytest.mark.parametrize("name", ["1/../../queue/1", "", "x", "99999999", "²"])
def test_a_name_that_is_no_tickets_is_rejected(world: RequestTrackerWorld, name: str) -> None:
    with pytest.raises(Rejected):
        world.connection.desk.add(name, an_entry())


def test_a_key_is_only_a_value_in_a_search(world: RequestTrackerWorld, ticket: Ticket) -> None:
    assert world.connection.desk.find("x' OR id > 0 OR Subject = 'y") is None
    assert not world.connection.desk.holds(ticket.id, replace(an_entry(), key="x' OR id > 0"))


# --- mail, and what reopens ---------------------------------------------------------------


def test_only_its_people_are_mailed(world: RequestTrackerWorld, ticket: Ticket) -> None:
    """Even where one of them made the customer the ticket's requestor."""
    people = {"AdminCc": "rita@brand.example", "Requestor": "ana@mail.example"}
    world.call("PUT", f"/ticket/{ticket.id}", json=people)
    world.connection.desk.add(ticket.id, an_entry(1, f"a word about {ticket.id}"))
    mails = [m for m in world.server.mailed() if f"a word about {ticket.id}" in m]
    assert mails
    assert [m for m in mails if "ana@mail.example" in m] == []


def test_what_the_customer_writes_opens_a_solved_ticket_and_a_note_does_not(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    desk = world.connection.desk
    world.set(ticket.id, status=TicketStatus.SOLVED)
    desk.add(ticket.id, TicketEntry(key="entry:1042:1", author="Mihai", text="Note", at=now()))
    assert status(world, ticket.id) == "resolved"
    desk.add(ticket.id, an_entry(2))
    assert status(world, ticket.id) == "open"


# --- what comes back ----------------------------------------------------------------------


def test_an_answer_from_the_editor_comes_as_plain_text_with_its_files_named(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    file = {
        "FileName": "label.pdf",
        "FileType": "application/pdf",
        "FileContent": base64.b64encode(b"%PDF-1.4").decode(),
    }
    html = "<p>It left <b>today</b>,\n&lt;24 h:</p><p><a href='https://x.example/1'>here</a></p>"
    body = {"Content": html, "ContentType": "text/html", "Attachments": [file]}
    world.call("POST", f"/ticket/{ticket.id}/correspond", json=body)
    world.call("POST", f"/ticket/{ticket.id}/comment", json={"Attachments": [file]})
    came, note = [event for event in world.changes() if isinstance(event, Commented)]
    assert (note.text, note.public) == ("[file: label.pdf]", False)
    assert came.text == "It left today, <24 h:\n\nhttps://x.example/1\n[file: label.pdf]"
    assert came.author == "Rita"


def test_only_our_tickets_are_told_of(world: RequestTrackerWorld, ticket: Ticket) -> None:
    theirs = world.call("POST", "/ticket", json={"Queue": world.queue, "Subject": "Theirs"})["id"]
    world.comment(theirs, "Not ours")
    world.set(theirs, status=TicketStatus.SOLVED)
    world.delete(theirs)
    world.comment(ticket.id, "Ours")
    told = world.changes()
    assert {event.ticket for event in told} == {ticket.id}
    assert [event.text for event in told if isinstance(event, Commented)] == ["Ours"]


def test_a_ticket_is_followed_into_the_queues_that_the_settings_name(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    returns = world.server.new_queue()
    watch = world.connect(other_queues=[returns]).watch
    assert watch
    cursor = watch.changes(None).cursor
    world.call("PUT", f"/ticket/{ticket.id}", json={"Queue": returns})
    world.comment(ticket.id, "It is with Returns now")
    assert "It is with Returns now" in [
        event.text for event in watch.changes(cursor).events if isinstance(event, Commented)
    ]
    assert world.changes() == []


def test_after_a_merge_all_goes_on_in_the_ticket_that_is_left(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    desk = world.connection.desk
    theirs = world.call("POST", "/ticket", json={"Queue": world.queue, "Subject": "Theirs"})["id"]
    desk.add(ticket.id, an_entry(1))
    world.merge(ticket.id, theirs)
    world.changes()
    found = desk.find("ticket:1042:1")
    assert found
    assert found.id == theirs
    assert desk.add(ticket.id, an_entry(2)).id == theirs
    assert desk.holds(ticket.id, an_entry(1))
    assert desk.holds(ticket.id, an_entry(2))
    world.comment(theirs, "For both")
    assert [e.text for e in world.changes() if isinstance(e, Commented)] == ["For both"]


def test_a_state_that_the_server_set_by_itself_is_told(
    world: RequestTrackerWorld, ticket: Ticket
) -> None:
    world.comment(ticket.id, "An answer opens a new ticket")
    (state,) = [event for event in world.changes() if isinstance(event, TicketChanged)]
    assert (state.ticket, state.status, state.assignee) == (ticket.id, TicketStatus.OPEN, None)
