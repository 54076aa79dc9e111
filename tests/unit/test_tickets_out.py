"""A case becomes a ticket: once, with all that the helpdesk may see, and what comes later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inbox import deliveries, deskwork
from inbox.case import Status
from inbox.changes import TicketFailed, TicketMoved, TicketOpened
from inbox.clearance import Clearance, DataClass, Span
from inbox.decision import Answer, Priority, Response
from inbox.errors import Refusal, Rejected, Retryable
from inbox.facts import Findings
from inbox.message import Attachment
from inbox.ports import TicketStatus, Unit
from inbox.ticket_deliveries import tickets_wait
from responders.ticket import TicketByRule
from tests.builders import a_decision, a_message, a_ref
from tests.helpdesks.fake import fault_of
from tests.helpdesks.stage import LINK, MIHAI, Stage, a_policy
from tests.long_case import Long, asked_by, rows_of

IBAN = "RO49AAAA1B31007593840000"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as stage:
        yield stage


def ticketed(stage: Stage) -> None:
    """Case 1 with its ticket."""
    stage.write()
    stage.escalate()
    stage.carry()


def note(stage: Stage, text: str = "He is a good customer") -> None:
    at, desk = stage.clock(), stage.house.desk
    stage.run(
        lambda unit: deskwork.note_for_helpdesk(unit, desk, 1, MIHAI, text, seen_in=None, at=at)
    )


# --- opening -----------------------------------------------------------------------------


def test_escalating_opens_a_ticket_with_the_whole_story(stage: Stage) -> None:
    photo = Attachment(kind="image", url="https://files.example/lamp.jpg")
    stage.write(attachments=(photo,), url="https://social.example/1")
    stage.escalate(reason="Only logistics can see that")
    stage.carry()

    (ticket,) = stage.helpdesk.kept.values()
    draft, body = ticket.draft, ticket.lines[0].text
    assert draft.subject == "Ana on Mastodon (case 1)"
    assert draft.requester.key == "mastodon:brand:@ana@example.org"
    assert (draft.priority, draft.link) == (Priority.MEDIUM, LINK)
    for said in (
        "Case 1: Ana (@ana@example.org) on Mastodon",
        f"The card in Slack: {LINK}",
        "Handed on by Mihai: Only logistics can see that",
        "Routed by rule: everything else",
        "Ana (public), 2026-03-04 10:30 UTC:\nWhere is my parcel?\nhttps://social.example/1",
        "https://files.example/lamp.jpg",
    ):
        assert said in body
    case = stage.case()
    assert case.ticket
    assert (case.helpdesk, case.ticket.id, case.ticket.url) == (
        "support",
        ticket.id,
        f"https://helpdesk.example/{ticket.id}",
    )


def test_the_helpdesk_sees_what_its_clearance_allows_and_no_more(tmp_path: Path) -> None:
    text = f"Order 48213, pay me at {IBAN}"
    spans = (
        Span(start=6, end=11, cls=DataClass.ORDER_NUMBER),
        Span(start=len(text) - len(IBAN), end=len(text), cls=DataClass.IBAN),
    )
    trained = Clearance(name="trained", shows=frozenset({DataClass.ORDER_NUMBER}))
    with Stage(tmp_path, a_policy(clearance=trained)) as stage:
        stage.write(text=text, findings=Findings(spans=spans))
        stage.escalate()
        stage.carry()
        stage.write("2", text, findings=Findings(spans=spans))
        stage.carry()
        body, entry = stage.lines()

    for told in (body, entry):
        assert "Order 48213, pay me at [bank account]" in told
        assert IBAN not in told


def test_a_text_whose_check_failed_is_withheld(stage: Stage) -> None:
    stage.write(text="Something with a secret", findings=Findings(failed=("phones",)))
    stage.escalate()
    stage.carry()
    assert "secret" not in stage.lines()[0]
    assert "not shown here" in stage.lines()[0]


def test_a_rule_opens_a_ticket_once(stage: Stage) -> None:
    response = Response(kind=Answer.TICKET)
    stage.house.router.decide = lambda facts: a_decision("refunds", tier=2, response=response)
    planner = TicketByRule(desk=stage.house.desk)
    stage.house.reception = replace(stage.house.reception, planners={Answer.TICKET: planner})
    stage.write()
    stage.write("2", "And where is my money?")
    stage.carry()

    (ticket,) = stage.helpdesk.kept.values()
    assert "Routed by rule: refunds" in ticket.lines[0].text
    assert "And where is my money?" in ticket.lines[1].text
    plan = planner.plan(stage.case(), a_message(), a_decision(response=response), at=stage.clock())
    assert plan.changes == ()


def test_a_case_in_its_tier_may_get_a_ticket_without_moving(stage: Stage) -> None:
    stage.write()
    stage.escalate(tier=1, reason="Logistics must look")
    stage.carry()
    assert stage.case().tier == 1
    assert "Mihai (note), 2026-03-04 10:30 UTC:\nLogistics must look" in stage.lines()[0]
    with pytest.raises(Refusal, match="has its ticket in support"):
        stage.escalate(tier=1)


def test_a_helpdesk_that_is_not_set_up_is_refused(stage: Stage) -> None:
    stage.write()
    at, desk = stage.clock(), stage.house.desk
    with pytest.raises(Refusal, match="no helpdesk “suport”"):
        stage.run(
            lambda unit: deskwork.escalate(
                unit, desk, 1, MIHAI, 2, "why", helpdesk="suport", seen_in=None, at=at
            )
        )


# --- exactly once ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["500", "reset_after"])
def test_a_ticket_whose_end_nobody_knew_is_there_once(stage: Stage, kind: str) -> None:
    stage.helpdesk.faults.append(fault_of(kind))
    ticketed(stage)
    stage.hurry()
    stage.carry()
    assert len(stage.helpdesk.kept) == 1
    assert stage.helpdesk.calls.count("find") == 1
    assert len(stage.changes(TicketOpened)) == 1


def test_a_ticket_made_before_the_process_died_is_found(stage: Stage) -> None:
    stage.write()
    stage.escalate()
    (item,) = [
        item
        for item in stage.run(
            lambda unit: unit.outbox.lease("stage", limit=9, lease_for=timedelta(seconds=90))
        )
        if item.lane == "helpdesk:support"
    ]
    stage.courier.deliver(item)
    stage.take_back()
    stage.carry()
    assert len(stage.helpdesk.kept) == 1
    assert stage.case().ticket


def test_an_entry_whose_end_nobody_knew_is_there_once(stage: Stage) -> None:
    ticketed(stage)
    for kind in ("reset_after", "500"):
        stage.helpdesk.faults.append(fault_of(kind))
        stage.write(f"after {kind}", f"Written before {kind}")
        stage.carry()
        stage.hurry()
        stage.carry()
    assert [text.splitlines()[1] for text in stage.lines()[1:]] == [
        "Written before reset_after",
        "Written before 500",
    ]


def test_where_nobody_can_look_a_person_decides(stage: Stage) -> None:
    stage.helpdesk.searchable = False
    stage.helpdesk.faults.append(fault_of("reset_after"))
    ticketed(stage)
    stage.hurry()
    stage.carry()
    assert len(stage.helpdesk.kept) == 1
    (item,) = stage.held()
    (failed,) = stage.changes(TicketFailed)
    assert isinstance(failed, TicketFailed)
    assert (failed.opening, failed.held) == (True, True)
    stage.carry()
    assert any("Nobody knows whether the ticket of case 1" in text for text in stage.told())

    desk, at = stage.house.desk, stage.clock()
    stage.run(lambda unit: deliveries.it_is_there(unit, desk, item.id, at=at))
    assert stage.case().ticket
    assert stage.case().ticket.id == item.key  # type: ignore[union-attr]  # asserted above


def test_a_ticket_that_a_person_saw_is_found_as_soon_as_it_can_be_asked_for(stage: Stage) -> None:
    test_where_nobody_can_look_a_person_decides(stage)
    stage.helpdesk.searchable = True
    stage.write("2", "Hello?")
    stage.carry()
    (ticket,) = stage.helpdesk.kept.values()
    assert "Hello?" in ticket.lines[1].text
    (moved,) = stage.changes(TicketMoved)
    assert isinstance(moved, TicketMoved)
    assert moved.into == ticket.id == stage.case().ticket.id  # type: ignore[union-attr]  # it has one


def test_sent_again_by_a_person_it_is_opened(stage: Stage) -> None:
    stage.helpdesk.searchable = False
    stage.helpdesk.faults.append(fault_of("500"))
    ticketed(stage)
    stage.hurry()
    stage.carry()
    (item,) = stage.held()
    stage.run(lambda unit: deliveries.send_again(unit, item.id))
    stage.carry()
    assert len(stage.helpdesk.kept) == 1
    assert stage.case().ticket


# --- what comes later --------------------------------------------------------------------


def test_what_happens_while_the_ticket_is_on_its_way_is_added_in_order(stage: Stage) -> None:
    stage.helpdesk.failing = Retryable("Fake could not be reached.")
    stage.write()
    stage.escalate()
    stage.carry()
    for number in (2, 3):
        stage.write(str(number), f"Message {number}")
    note(stage, "He called, too")
    assert stage.helpdesk.kept == {}

    stage.helpdesk.failing = None
    stage.hurry()
    stage.carry()
    body, *later = stage.lines()
    assert "Message" not in body
    assert [text.splitlines()[1] for text in later] == ["Message 2", "Message 3", "He called, too"]
    assert later[2].startswith("Mihai (note), ")


def test_an_edit_is_told_with_its_new_text_and_ours_with_who_wrote_it(stage: Stage) -> None:
    ticketed(stage)
    stage.write("2", "My order is 1")
    stage.carry()
    assert len(stage.lines()) == 2
    assert stage.lines()[1].startswith("Ana (public), 2026-03-04 10:30 UTC:\nMy order is 1")


def test_a_helpdesk_that_is_down_holds_up_nothing_else_and_says_so_once(stage: Stage) -> None:
    stage.helpdesk.failing = Retryable("Fake could not be reached.")
    ticketed(stage)
    assert stage.case().ticket is None
    with stage.house.database.read() as unit:
        assert tickets_wait(unit, "support") == "Fake could not be reached."

    stage.helpdesk.failing = None
    stage.hurry()
    stage.carry()
    assert stage.case().ticket
    with stage.house.database.read() as unit:
        assert tickets_wait(unit, "support") is None


def test_a_ticket_that_is_refused_is_told_and_can_be_wanted_again(stage: Stage) -> None:
    stage.helpdesk.faults.append((Rejected("The queue is gone."), False))
    ticketed(stage)
    (failed,) = stage.changes(TicketFailed)
    assert isinstance(failed, TicketFailed)
    assert (failed.what, failed.reason, failed.opening) == (
        "The ticket",
        "The queue is gone.",
        True,
    )
    assert stage.case().helpdesk is None
    stage.escalate(tier=2, reason="Once more")
    stage.carry()
    assert stage.case().ticket


def test_a_note_needs_a_ticket(stage: Stage) -> None:
    stage.write()
    with pytest.raises(Refusal, match="has no ticket"):
        note(stage)


# --- state -------------------------------------------------------------------------------


def test_priority_owner_and_status_of_the_case_go_to_the_ticket(stage: Stage) -> None:
    ticketed(stage)
    at, desk = stage.clock(), stage.house.desk
    stage.run(lambda unit: deskwork.claim(unit, desk, 1, MIHAI, seen_in=None, at=at))
    stage.run(
        lambda unit: deskwork.set_priority(unit, desk, 1, MIHAI, Priority.HIGH, seen_in=None, at=at)
    )
    stage.close()
    stage.carry()
    (ticket,) = stage.helpdesk.kept.values()
    assert (ticket.status, ticket.priority, ticket.assignee) == (
        TicketStatus.SOLVED,
        Priority.HIGH,
        "rita@brand.example",
    )
    stage.look()
    assert stage.case().status is Status.CLOSED


def test_what_is_not_mirrored_stays_as_it_is(tmp_path: Path) -> None:
    with Stage(tmp_path, a_policy(mirror=False)) as stage:
        ticketed(stage)
        stage.close()
        stage.carry()
        (ticket,) = stage.helpdesk.kept.values()
        assert ticket.status is TicketStatus.NEW


def test_a_customer_who_writes_again_opens_the_solved_ticket_whatever_is_mirrored(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path, a_policy(mirror=False)) as stage:
        ticketed(stage)
        (ticket,) = stage.helpdesk.kept.values()
        stage.helpdesk.set(ticket.id, status=TicketStatus.SOLVED)
        stage.look()
        stage.clock.advance(timedelta(minutes=5))
        stage.write("2", "It is still not here")
        stage.carry()
        assert ticket.status is TicketStatus.OPEN
        assert "It is still not here" in stage.lines()[1]


def test_a_ticket_closed_for_good_is_continued_by_another_one(stage: Stage) -> None:
    ticketed(stage)
    first = stage.case().ticket
    assert first
    stage.helpdesk.set(first.id, status=TicketStatus.CLOSED)
    stage.look()
    stage.clock.advance(timedelta(minutes=5))
    stage.write("2", "It is still not here")
    stage.write("3", "Hello?")
    stage.carry()
    second = stage.case().ticket
    assert second
    assert second.id != first.id
    assert stage.helpdesk.kept[second.id].follows == first.id
    assert ["Hello?" in text for text in stage.lines()] == [False, False, True]
    assert len(stage.helpdesk.kept) == 2


def test_a_ticket_of_a_long_case_costs_no_more_the_longer_it_is(stage: Stage) -> None:
    """The first text is of the newest messages, and each entry of its own."""

    def seed(unit: Unit) -> None:
        long = Long(unit)
        long.write_many()
        unit.cases.link((a_ref("1"), long.case.author.ref), 1)

    stage.run(seed)
    stage.escalate()
    opened = asked_by(stage.carry)
    (ticket,) = stage.helpdesk.kept.values()
    assert "or more earlier left out" in ticket.lines[0].text
    stage.write("new", "One more word")
    added = asked_by(stage.carry)
    assert ticket.lines[-1].text.endswith("One more word")
    with stage.house.database.writing() as connection:
        assert rows_of(connection, added) < 700
        assert rows_of(connection, opened) < 4_500
