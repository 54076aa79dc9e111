"""What only HubSpot needs to hold: tickets in two steps, notes on their own, few calls a day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inbox.errors import Rejected, Uncertain
from inbox.ports import TicketStatus, TicketUpdate
from tests.helpdesks.hubspot_place import Place, a_draft, a_place, an_entry, comments

NOTE = "POST /crm/v3/objects/notes"


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place() as place:
        yield place


# --- out ---------------------------------------------------------------------------------


def test_the_description_says_who_and_the_notes_say_what(place: Place) -> None:
    id_ = place.open()
    there = place.desk.tickets[id_]["properties"]
    assert there["content"] == (
        "Customer: Ana (mastodon:care:ana)\ndelivery, vip\nThe conversation stands in the notes."
    )
    assert "ana@mail.example" not in str(there)
    assert (there["hs_pipeline_stage"], there["hs_ticket_priority"]) == ("1", "URGENT")
    (note,) = place.desk.bodies(id_)
    assert "Where is my parcel?" in note
    assert note.endswith("[tierdesk ticket:1042:1]")


def test_a_key_that_is_there_already_makes_no_second_ticket_nor_a_second_note(
    place: Place,
) -> None:
    assert place.open() == place.open()
    assert (len(place.desk.tickets), len(place.desk.notes)) == (1, 1)


def test_a_ticket_whose_note_is_missing_is_finished_after_a_restart(place: Place) -> None:
    place.fault(NOTE, "500")
    with pytest.raises(Uncertain):
        place.open()
    assert place.desk.notes == {}
    found = place.connect().desk.find("ticket:1042:1")
    assert found
    assert "Where is my parcel?" in place.desk.bodies(found.id)[0]


def test_a_new_ticket_is_found_while_the_index_is_behind(place: Place) -> None:
    place.desk.lags = True
    id_ = place.open()
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert (found.id, found.url) == (id_, None)
    place.connection.desk.add(id_, an_entry())
    assert place.connection.desk.holds(id_, an_entry())


def test_a_key_that_somebody_quotes_is_no_entry_of_ours(place: Place) -> None:
    id_ = place.open()
    place.desk.write(id_, "See [tierdesk entry:1042:1] above")
    assert not place.connection.desk.holds(id_, an_entry())


def test_an_entry_is_found_among_many_notes(place: Place) -> None:
    id_ = place.open()
    place.connection.desk.add(id_, an_entry())
    for number in range(620):
        place.desk.write(id_, f"Note {number}")
    place.connection.desk.add(id_, an_entry(2))
    assert place.connection.desk.holds(id_, an_entry(1))
    assert place.connection.desk.holds(id_, an_entry(2))
    assert not place.connection.desk.holds(id_, an_entry(3))


@pytest.mark.parametrize("text", ['<&"' * 30_000, "x" * 90_000], ids=["escaped", "plain"])
def test_a_text_too_long_for_a_note_is_cut_and_keeps_its_key(place: Place, text: str) -> None:
    id_ = place.open()
    _, cursor = place.look()
    place.connection.desk.add(id_, an_entry(1, text))
    assert "[…]" in place.desk.bodies(id_)[1]
    assert place.connection.desk.holds(id_, an_entry(1))
    assert comments(place.look(cursor)[0]) == []


@pytest.mark.parametrize(
    ("from_customer", "stage"), [(True, "3"), (False, "4")], ids=["customer", "agent"]
)
def test_a_closed_ticket_is_opened_when_the_customer_writes_again(
    place: Place, from_customer: bool, stage: str
) -> None:
    id_ = place.open()
    place.desk.set(id_, hs_pipeline_stage="4")
    place.connection.desk.add(id_, an_entry(from_customer=from_customer))
    assert place.desk.tickets[id_]["properties"]["hs_pipeline_stage"] == stage


def test_a_deleted_ticket_takes_nothing_and_says_why(place: Place) -> None:
    id_ = place.open()
    place.desk.delete(id_)
    with pytest.raises(Rejected, match="deleted"):
        place.connection.desk.add(id_, an_entry())
    assert place.connection.desk.find("ticket:1042:1") is None


def test_an_update_of_what_is_there_writes_nothing(place: Place) -> None:
    id_ = place.open()
    update = TicketUpdate(status=TicketStatus.SOLVED, assignee="rita@brand.example", tags=("vip",))
    place.connection.desk.update(id_, update)
    place.connection.desk.update(id_, update)
    assert place.desk.calls.count("PATCH /crm/v3/objects/tickets/{id}") == 1


def test_a_refusal_names_the_property_and_never_its_value(place: Place) -> None:
    desk = place.connect(priorities={"SECRET-WORD": "critical"}).desk
    with pytest.raises(Rejected) as caught:
        desk.create(a_draft())
    assert str(caught.value) == "HubSpot refused it because of: hs_ticket_priority."


def test_a_number_that_is_none_is_never_sent(place: Place) -> None:
    with pytest.raises(Rejected):
        place.connection.desk.add("1/../2", an_entry())
    assert place.desk.calls == []


# --- how it is ---------------------------------------------------------------------------


def test_looks_are_rarer_while_few_calls_of_the_day_are_left(place: Place) -> None:
    place.desk.left = 20_000
    place.look()
    assert place.connection.pace() == 4.0
    place.desk.left = 200_000
    place.look()
    assert place.connection.pace() == 1.0


def test_the_examiner_says_what_is_not_set_up(place: Place) -> None:
    assert place.wrong() == []
    (says,) = place.wrong(stages={"1": "new", "77": "closed"})
    assert "no stage 77. It has: 1 (New), 2 (Waiting on contact)" in says
    (says,) = place.wrong(pipeline="9")
    assert "no pipeline 9" in says
    (says,) = place.wrong(key_field="other")
    assert "no property other" in says
    place.desk.unique = False
    (says,) = place.wrong()
    assert "does not require unique values" in says
