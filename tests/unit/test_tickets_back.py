"""What comes back from a helpdesk: once for ever, in private only, whatever the order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.case import ActorKind, Case, Status
from inbox.changes import (
    Answered,
    HelpdeskAnswered,
    HelpdeskChanged,
    HelpdeskNoted,
    TicketDeleted,
    TicketMoved,
)
from inbox.decision import Priority
from inbox.desk import Back, Solved
from inbox.message import Attachment, Visibility
from inbox.outbox import AddToTicket, UpdateTicket
from inbox.ports import Commented, TicketChanged, TicketGone, TicketStatus
from inbox.ticket_news import NO_CONVERSATION
from tests.builders import a_ref, an_author, minutes
from tests.helpdesks.stage import IOANA, MIHAI, Stage, a_policy

RITA = "rita@brand.example"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, a_policy(back=Back.RELAY)) as stage:
        yield stage


def ticketed(stage: Stage, *, private: bool = True) -> str:
    """Case 1 with its ticket, whose id is returned; the customer also wrote in private."""
    stage.write()
    if private:
        stage.write("2", "My number is 7", private=True)
    stage.escalate()
    stage.carry()
    return ticket_of(stage.case())


def ticket_of(case: Case) -> str:
    assert case.ticket
    return case.ticket.id


def a_comment(ticket: str, id: str = "c-1", **fields: object) -> Commented:  # noqa: A002
    plain: dict[str, object] = {
        "ticket": ticket,
        "id": id,
        "author": "Rita",
        "text": "It left today.",
        "public": True,
        "at": minutes(1),
    }
    return Commented(**plain | fields)  # type: ignore[arg-type]  # a test names what it is about


def a_state(ticket: str, status: TicketStatus, after: float = 1, **fields: object) -> TicketChanged:
    return TicketChanged(ticket=ticket, status=status, at=minutes(after), **fields)  # type: ignore[arg-type]  # as above


# --- answers -----------------------------------------------------------------------------


def test_an_answer_goes_to_the_customer_in_private_and_nowhere_else(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.helpdesk.comment(ticket, "It left today.")
    stage.look()
    stage.carry()

    (sent,) = stage.network.sent
    assert (sent.text, sent.visibility) == ("It left today.", Visibility.PRIVATE)
    assert sent.conversation == a_ref("dm:@ana@example.org") == stage.case().dm
    (told,) = stage.changes(HelpdeskAnswered)
    (answered,) = stage.changes(Answered)
    assert isinstance(told, HelpdeskAnswered)
    assert isinstance(answered, Answered)
    assert told.relayed == answered.key
    assert stage.case().status is Status.NEW
    assert stage.case().waiting_since is None


@pytest.mark.parametrize("mirror", [True, False])
def test_what_the_customer_wrote_after_the_helpdesk_answered_stays_our_turn(
    tmp_path: Path, mirror: bool
) -> None:
    with Stage(tmp_path, a_policy(back=Back.RELAY, mirror=mirror)) as stage:
        ticket = ticketed(stage)
        stage.clock.advance(timedelta(minutes=5))
        stage.write("3", "And my lamp?", private=True)
        stage.clock.advance(timedelta(minutes=1))
        stage.tell(a_comment(ticket, at=minutes(3)))
        stage.carry()
        assert len(stage.network.sent) == 1
        assert stage.case().status is Status.NEW
        assert stage.case().waiting_since is not None

        stage.tell(a_comment(ticket, "c-2", at=minutes(6)))
        stage.carry()
        assert stage.case().waiting_since is None


def test_a_relayed_answer_brings_the_private_conversation_back_to_its_case(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.write("3", in_reply_to=a_ref("p"), conversation=a_ref("p"))
    key = a_ref("dm:@ana@example.org"), an_author().ref
    stage.run(lambda unit: unit.cases.link(key, 2))
    stage.tell(a_comment(ticket))
    with stage.house.database.read() as unit:
        case = unit.cases.holder(key)
    assert case is not None
    assert case.number == 1
    assert any(text.startswith("Case 1 has written") for text in stage.house.told())


def test_a_relayed_answer_does_not_go_back_into_its_ticket(stage: Stage) -> None:
    ticket = ticketed(stage)
    before = stage.lines()
    stage.helpdesk.comment(ticket, "It left today.")
    stage.look()
    tried = stage.carry()
    assert not [i for i in tried if isinstance(i.effect, AddToTicket | UpdateTicket)]
    assert stage.lines() == [*before, "It left today."]


def test_an_answer_is_relayed_once_however_often_it_comes(stage: Stage) -> None:
    ticket = ticketed(stage)
    comment = a_comment(ticket)
    assert [stage.tell(comment), stage.tell(comment, comment)] == [1, 0]
    stage.carry()
    stage.run(lambda unit: unit.memory.forget_before(minutes(1e6)))
    stage.run(lambda unit: unit.outbox.prune(minutes(1e9)))
    assert stage.tell(comment) == 0
    stage.carry()
    assert len(stage.network.sent) == 1


def test_without_a_private_conversation_nothing_is_sent_and_slack_says_why(stage: Stage) -> None:
    ticket = ticketed(stage, private=False)
    stage.tell(a_comment(ticket))
    stage.carry()
    assert stage.network.sent == []
    (told,) = stage.changes(HelpdeskAnswered)
    assert isinstance(told, HelpdeskAnswered)
    assert (told.relayed, told.why_not) == (None, NO_CONVERSATION)


def test_an_answer_that_is_too_long_for_the_network_is_shown_instead(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.tell(a_comment(ticket, text="x" * 501))
    stage.carry()
    assert stage.network.sent == []
    (told,) = stage.changes(HelpdeskAnswered)
    assert isinstance(told, HelpdeskAnswered)
    assert "501 characters" in (told.why_not or "")


def test_where_the_team_wants_to_send_itself_nothing_is_sent(tmp_path: Path) -> None:
    with Stage(tmp_path, a_policy(back=Back.SHOW)) as stage:
        ticket = ticketed(stage)
        stage.tell(a_comment(ticket))
        stage.carry()
        assert stage.network.sent == []
        (told,) = stage.changes(HelpdeskAnswered)
        assert isinstance(told, HelpdeskAnswered)
        assert (told.text, told.author, told.relayed) == ("It left today.", "Rita", None)


def test_where_the_team_wants_nothing_back_only_notes_come(tmp_path: Path) -> None:
    with Stage(tmp_path, a_policy(back=Back.NONE)) as stage:
        ticket = ticketed(stage)
        stage.tell(a_comment(ticket), a_comment(ticket, "c-2", public=False))
        assert stage.changes(HelpdeskAnswered) == []
        assert len(stage.changes(HelpdeskNoted)) == 1


def test_a_note_stays_inside(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.tell(a_comment(ticket, text="Ask the warehouse", public=False))
    stage.carry()
    assert stage.network.sent == []
    (noted,) = stage.changes(HelpdeskNoted)
    assert isinstance(noted, HelpdeskNoted)
    assert (noted.text, noted.author) == ("Ask the warehouse", "Rita")


def test_what_hangs_on_an_answer_comes_as_links(stage: Stage) -> None:
    ticket = ticketed(stage)
    label = Attachment(kind="file", url="https://helpdesk.example/label.pdf")
    stage.tell(a_comment(ticket, attachments=(label,)))
    stage.carry()
    assert stage.network.sent[0].text == "It left today.\nhttps://helpdesk.example/label.pdf"


# --- states ------------------------------------------------------------------------------


def test_status_priority_and_owner_follow_the_ticket_and_do_not_go_back(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.helpdesk.set(ticket, status=TicketStatus.PENDING, priority=Priority.HIGH, assignee=RITA)
    stage.look()
    case = stage.case()
    assert (case.status, case.priority, case.owner) == (Status.PENDING, Priority.HIGH, MIHAI)
    assert stage.history()[-1].actor.kind is ActorKind.HELPDESK
    assert not [i for i in stage.carry() if isinstance(i.effect, UpdateTicket)]


def test_an_older_state_is_left_aside(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.clock.advance(timedelta(minutes=9))
    stage.tell(a_state(ticket, TicketStatus.PENDING, after=5))
    assert stage.tell(a_state(ticket, TicketStatus.ON_HOLD, after=3)) == 0
    assert stage.case().status is Status.PENDING


def test_what_is_known_changes_nothing(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.tell(a_state(ticket, TicketStatus.PENDING, priority=Priority.MEDIUM))
    version = stage.case().version
    again = a_state(ticket, TicketStatus.PENDING, after=2, priority=Priority.MEDIUM)
    assert stage.tell(again) == 0
    assert stage.case().version == version


def test_a_state_from_before_the_customer_wrote_again_opens_the_ticket(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.helpdesk.set(ticket, status=TicketStatus.SOLVED)
    stage.clock.advance(timedelta(minutes=9))
    stage.write("3", "Still nothing", private=True)
    stage.look()
    stage.carry()
    assert stage.case().status is Status.NEW
    assert stage.helpdesk.kept[ticket].status is TicketStatus.OPEN
    stage.look()
    assert stage.case().ticket
    assert stage.case().ticket.status is TicketStatus.OPEN  # type: ignore[union-attr]  # as above


def test_our_update_is_newer_than_what_the_helpdesk_told_before(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.clock.advance(timedelta(minutes=9))
    stage.close()
    stage.carry()
    assert stage.tell(a_state(ticket, TicketStatus.OPEN, after=5)) == 0
    assert stage.case().status is Status.CLOSED


def test_a_solved_ticket_closes_its_case_where_the_team_wants_that(tmp_path: Path) -> None:
    with Stage(tmp_path, a_policy(solved=Solved.CLOSE)) as stage:
        ticket = ticketed(stage)
        stage.helpdesk.set(ticket, status=TicketStatus.SOLVED)
        stage.look()
        case = stage.case()
        assert (case.status, case.resolution) == (Status.CLOSED, "solved in the helpdesk")
        assert not [i for i in stage.carry() if isinstance(i.effect, UpdateTicket)]


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (TicketStatus.OPEN, Status.NEW),
        (TicketStatus.PENDING, Status.PENDING),
        (TicketStatus.ON_HOLD, Status.ON_HOLD),
    ],
)
def test_a_ticket_that_was_solved_too_early_takes_its_case_up_again(
    tmp_path: Path, there: TicketStatus, here: Status
) -> None:
    with Stage(tmp_path, a_policy(solved=Solved.CLOSE)) as stage:
        ticket = ticketed(stage)
        for status in (TicketStatus.SOLVED, there):
            stage.clock.advance(timedelta(minutes=1))
            stage.helpdesk.set(ticket, status=status)
            stage.look()
        case = stage.case()
        assert (case.status, case.resolution, case.closed_at) == (here, None, None)
        assert not [i for i in stage.carry() if isinstance(i.effect, UpdateTicket)]


def test_a_case_closed_here_stays_closed_while_its_ticket_is_still_told_of_it(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.close()
    stage.helpdesk.set(ticket, status=TicketStatus.ON_HOLD)
    stage.look()
    stage.carry()
    assert stage.case().status is Status.CLOSED
    assert stage.helpdesk.kept[ticket].status is TicketStatus.SOLVED


def test_else_a_person_is_asked_once(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.tell(a_state(ticket, TicketStatus.SOLVED, after=1))
    stage.tell(a_state(ticket, TicketStatus.CLOSED, after=2))
    asked = [c.asks for c in stage.changes(HelpdeskChanged) if isinstance(c, HelpdeskChanged)]
    assert asked == [True, False]
    assert stage.case().status is not Status.CLOSED


def test_an_owner_of_another_name_there_is_nobody_here(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.tell(a_state(ticket, TicketStatus.OPEN, assignee="someone@brand.example"))
    assert stage.case().owner is None
    stage.tell(a_state(ticket, TicketStatus.OPEN, after=2, assignee=RITA))
    assert stage.case().owner == MIHAI != IOANA


# --- gone --------------------------------------------------------------------------------


def test_a_deleted_ticket_is_told_to_a_person_and_the_case_can_get_another(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.helpdesk.delete(ticket)
    stage.look()
    stage.tell(TicketGone(ticket=ticket, at=minutes(2)))
    stage.carry()
    assert len(stage.changes(TicketDeleted)) == 1
    assert [t for t in stage.told() if "deleted" in t] == [
        "The ticket of case 1 was deleted in support."
    ]
    assert stage.case().ticket is None
    stage.write("3", "Hello?", private=True)
    stage.carry()
    stage.escalate(tier=2, reason="Again")
    stage.carry()
    assert ticket_of(stage.case()) != ticket


def test_a_merged_ticket_goes_on_in_the_other_one(stage: Stage) -> None:
    ticket = ticketed(stage)
    stage.write("9", "Another matter", conversation=a_ref("9"), in_reply_to=None)
    other = stage.helpdesk.create(stage.helpdesk.kept[ticket].draft)
    stage.helpdesk.merge(ticket, other.id)
    stage.look()
    assert ticket_of(stage.case()) == other.id
    stage.write("3", "Hello?", private=True)
    stage.carry()
    assert "Hello?" in stage.lines(other.id)[-1]
    stage.tell(a_comment(other.id))
    stage.carry()
    assert len(stage.network.sent) == 1


def test_two_cases_that_become_one_ticket_share_no_answer(stage: Stage) -> None:
    first = ticketed(stage)
    bob = an_author("bob@example.org", name="Bob")
    stage.write("7", "I am somebody else", author=bob, conversation=a_ref("7"), in_reply_to=None)
    stage.escalate(case=2)
    stage.carry()
    second = ticket_of(stage.case(2))

    stage.helpdesk.merge(first, second)
    stage.helpdesk.comment(second, "For Bob alone")
    stage.look()
    stage.carry()
    (moved,) = stage.changes(TicketMoved)
    assert isinstance(moved, TicketMoved)
    assert (moved.into, moved.shared) == (second, 2)
    assert any("goes to the customer of case 2" in text for text in stage.told())
    assert stage.changes(HelpdeskAnswered) == []
    assert any(isinstance(event.change, HelpdeskAnswered) for event in stage.history(2))
    assert stage.network.sent == []


# --- early news --------------------------------------------------------------------------


def test_news_that_come_before_the_ticket_is_known_are_taken_afterwards(stage: Stage) -> None:
    stage.write()
    stage.write("2", "My number is 7", private=True)
    stage.escalate()
    a_while = timedelta(seconds=90)
    items = stage.run(lambda unit: unit.outbox.lease("stage", limit=9, lease_for=a_while))
    (item,) = [item for item in items if item.lane == "helpdesk:support"]
    stage.courier.deliver(item)
    (ticket,) = stage.helpdesk.kept
    stage.helpdesk.comment(ticket, "It left today.")
    stage.look()
    assert stage.changes(HelpdeskAnswered) == []

    stage.take_back()
    stage.carry()
    stage.look()
    stage.carry()
    assert [sent.text for sent in stage.network.sent] == ["It left today."]


def test_news_of_somebody_elses_tickets_are_nothing(stage: Stage) -> None:
    ticketed(stage)
    assert stage.tell(a_comment("t-404"), a_state("t-404", TicketStatus.SOLVED)) == 0
    assert stage.run(lambda unit: unit.tickets.forget_early(minutes(1e6))) == 0
