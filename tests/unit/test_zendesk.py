"""What only Zendesk needs to hold: keys, races, reopening, its tables, its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain
from inbox.ports import Requester, TicketStatus, TicketUpdate
from integrations.zendesk import helpdesk as zendesk
from integrations.zendesk.api import Zendesk
from sandbox.faults import Fault
from sandbox.helpdesk.accounts import BOT, RITA, User
from sandbox.helpdesk.world import Update
from tests.contract.zendesk_world import town
from tests.helpdesks.zendesk_place import SECRETS, Clock, Place, a_draft, a_place, an_entry
from tests.hosts import FakeKeep
from tests.servers import Loopback


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place() as place:
        yield place


# --- out ---------------------------------------------------------------------------------


def test_the_customer_is_one_user_without_an_address_under_any_name(place: Place) -> None:
    place.open()
    requester = Requester(key="mastodon:care:ana", name="Ana P.", email="ana@mail.example")
    place.open(key="ticket:7:1", requester=requester)
    customers = [user for user in place.desk.world.users.values() if not user.staff]
    assert [(user.external_id, user.name, user.email) for user in customers] == [
        ("mastodon:care:ana", "Ana P.", None)
    ]


def test_a_key_with_another_text_is_uncertain_and_the_ticket_is_found(place: Place) -> None:
    first = place.open()
    with pytest.raises(Uncertain):
        place.open(body="Ana wrote: Where is my parcel? And my lamp?")
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert found.id == first
    assert len(place.desk.dump()) == 1


def test_after_two_hours_only_the_look_knows_a_key(place: Place) -> None:
    first = place.open()
    place.clock.pass_by(hours=2, seconds=1)
    assert place.connection.repeatable == timedelta(hours=2)
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert (found.id, found.url) == (first, f"{place.url}/agent/tickets/{first}")


def test_a_user_who_may_have_been_made_makes_no_doubt_about_the_ticket() -> None:
    clock = Clock()
    with town(clock) as (desk, faults, url), ExitStack() as opened:
        place = Place(clock, desk, url, opened)
        method = "POST /api/v2/users/create_or_update"
        faults.add(Fault(target="helpdesk", method=method, kind="reset_after"))
        with pytest.raises(Retryable):
            place.open()
        assert place.open()
        assert len(desk.world.users) == 3 + 1


@pytest.mark.parametrize("status", ["pending", "hold", "solved"])
def test_what_the_customer_writes_opens_a_ticket_again_and_our_notes_do_not(
    place: Place, status: str
) -> None:
    ticket = place.open()
    place.act("set", ticket, status=status)
    place.connection.desk.add(ticket, an_entry(1, from_customer=False))
    assert place.ticket(ticket)["status"] == status
    held = place.connection.desk.add(ticket, an_entry(2))
    assert (place.ticket(ticket)["status"], held.status) == ("open", TicketStatus.OPEN)


def test_all_that_comes_after_the_end_of_a_ticket_is_in_one_follow_up(place: Place) -> None:
    ticket = place.open()
    place.act("close", ticket)
    first = place.connection.desk.add(ticket, an_entry(1))
    second = place.connection.desk.add(ticket, an_entry(2))
    assert (first.id, first.follows) == (second.id, second.follows)
    assert second.follows == ticket
    follow_up = place.ticket(second.id)
    assert (follow_up["follows"], follow_up["requester"]) == (ticket, "Ana Popescu")
    assert place.connection.desk.holds(ticket, an_entry(2))


def test_what_is_added_to_a_merged_ticket_goes_where_it_goes_on(place: Place) -> None:
    ticket, other = place.open(), place.open(key="ticket:7:1")
    place.act("merge", ticket, into=other)
    held = place.connection.desk.add(ticket, an_entry())
    assert (held.id, held.follows) == (other, ticket)
    assert place.connection.desk.holds(ticket, an_entry())
    assert place.connection.desk.find("ticket:1042:1") == held
    assert len(place.desk.dump()) == 2


def test_a_change_that_somebody_else_made_at_the_same_moment_is_not_overwritten() -> None:
    clock = Clock()
    race: list[Callable[[], object]] = []

    class Between:
        """Rita solves the ticket right after we read it."""

        def __init__(self, app: Starlette) -> None:
            self._app = app

        async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
            if scope.get("method") == "PUT" and race:
                clock.pass_by(seconds=1)
                race.pop()()
            await self._app(scope, receive, send)

    with town(clock) as (desk, _, _), ExitStack() as opened:
        app = Between(Starlette(routes=desk.routes))
        server = opened.enter_context(Loopback(app))
        place = Place(clock, desk, server.url, opened)
        ticket = place.open()
        race.append(lambda: place.act("solve", ticket))
        with pytest.raises(Retryable):
            place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
        assert place.ticket(ticket)["status"] == "solved"


def test_tags_are_added_and_those_of_the_helpdesk_stay(place: Place) -> None:
    ticket = place.open(tags=("VIP customer",), language="pt-BR")
    assert place.ticket(ticket)["tags"] == ["tierdesk", "vip_customer", "language_pt-br"]
    place.desk.world.update(
        place.desk.world.there(int(ticket)), Update(author=RITA, changes={"tags": ("theirs",)})
    )
    place.connection.desk.update(ticket, TicketUpdate(tags=("delivery",)))
    assert place.ticket(ticket)["tags"] == ["theirs", "delivery"]


def test_an_update_of_what_is_there_already_is_not_sent(place: Place) -> None:
    ticket = place.open()
    update = TicketUpdate(status=TicketStatus.PENDING, priority=Priority.CRITICAL)
    place.connection.desk.update(ticket, update)
    place.connection.desk.update(ticket, update)
    sent = [call for call in place.desk.journal.calls() if call["method"].startswith("PUT")]
    assert len(sent) == 1


def test_the_tables_of_the_settings_are_what_is_written_and_read(place: Place) -> None:
    tables = {"statuses": {"open": "new", "hold": "pending"}, "priorities": {"low": "high"}}
    place.connection = place.connect(**tables)
    ticket = place.open()
    assert place.ticket(ticket)["priority"] == "low"
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
    assert place.ticket(ticket)["status"] == "hold"
    with pytest.raises(Rejected, match="solved"):
        place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.SOLVED))


def test_an_access_token_without_an_address_is_sent_as_oauths(place: Place) -> None:
    connection = place.connect(email=None)
    assert connection.desk.create(a_draft()).id


# --- limits and permissions --------------------------------------------------------------


def test_looks_are_rarer_while_little_of_the_minute_is_left(place: Place) -> None:
    ticket = place.open()
    assert place.connection.pace() == 1.0
    place.desk.world.clock = place.clock
    for _ in range(640):
        place.desk.limiter.use("all")
    place.connection.desk.holds(ticket, an_entry())
    assert place.connection.pace() > 1.0


def looked_often(place: Place, cursor: str) -> None:
    for _ in range(11):
        place.look(cursor)


def test_the_limit_of_exports_is_waited_for(place: Place) -> None:
    _, cursor = place.look()
    with pytest.raises(Retryable) as caught:
        looked_often(place, cursor)
    assert caught.value.after
    assert timedelta(seconds=1) <= caught.value.after <= timedelta(seconds=61)


def test_an_agents_token_is_told_that_exports_are_for_administrators(place: Place) -> None:
    secrets = {**SECRETS, "ZENDESK_SUPPORT_TOKEN": "sandbox-helpdesk-agent-token"}
    connection = place.connect(secrets, email=RITA.email)
    assert connection.watch
    assert connection.examiner
    cursor = connection.watch.changes(None).cursor
    with pytest.raises(AuthFailed):
        connection.watch.changes(cursor)
    (wrong,) = [each.says for each in connection.examiner.examine() if not each.well]
    assert "administrators" in wrong
    without = place.connect(secrets, email=RITA.email, polls=False)
    assert without.watch is None
    assert without.examiner
    assert all(each.well for each in without.examiner.examine())


def test_settings_that_let_nothing_come_back_are_a_finding(place: Place) -> None:
    connection = place.connect(polls=False, webhooks=False)
    assert (connection.watch, connection.receiver) == (None, None)
    assert connection.examiner
    assert [each.well for each in connection.examiner.examine()][-1] is False


def test_a_webhook_needs_its_secret() -> None:
    data = {"base_url": "https://brand.zendesk.example", "webhooks": True}
    secrets = {"ZENDESK_SUPPORT_TOKEN": "t"}
    (fault,) = zendesk.check("support", data, secrets)
    assert (fault.key, "ZENDESK_SUPPORT_SIGNING_SECRET" in fault.problem) == (
        "signing_secret_env",
        True,
    )
    assert zendesk.check("support", {**data, "webhooks": False}, secrets) == []


def test_of_all_who_ever_wrote_in_tickets_the_newest_are_remembered(place: Place) -> None:
    ids = range(10_000, 17_000)
    place.desk.world.users |= {id_: User(id=id_, name=f"{id_}", role="end-user") for id_ in ids}
    api = Zendesk(
        place.url,
        email=BOT.email,
        token=SECRETS["ZENDESK_SUPPORT_TOKEN"],
        clock=place.clock.now,
        keep=FakeKeep(),
    )
    assert api.people(ids).keys() == set(ids)
    known = [id_ for id_ in ids if api.known(id_)]
    api.close()
    assert known[-1] == ids[-1]
    assert len(known) < 6_000
