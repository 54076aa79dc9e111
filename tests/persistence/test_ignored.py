"""Messages of no case: the last that a rule set aside, and what was said of them."""

from __future__ import annotations

from msgspec.structs import replace

from inbox.decision import Correction
from inbox.message import Visibility
from inbox.ports import Stored
from store.database import Database
from tests.builders import NOW, a_case, a_decision, a_message, a_stored, minutes

SPAM = a_decision("spam", tier=None, ignore=True)


def set_aside(number: int) -> Stored:
    return a_stored(a_message(f"spam {number}", created_at=minutes(number)), decision=SPAM)


def test_the_last_that_were_set_aside_come_newest_first_and_no_others(database: Database) -> None:
    ignored = [set_aside(number) for number in range(5)]
    others = (
        a_stored(a_message("deleted"), decision=SPAM, deleted_at=NOW),
        a_stored(a_message("answered by its community")),
        a_stored(a_message("of a case"), case=1, decision=a_decision()),
    )
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.messages.add([*ignored, *others])
        assert unit.messages.ignored(public_only=False, limit=3) == [
            ignored[4],
            ignored[3],
            ignored[2],
        ]
    with database.read() as unit:
        assert len(unit.messages.ignored(public_only=False, limit=9)) == 5


def test_private_ones_are_left_out_where_only_public_ones_are_wanted(database: Database) -> None:
    private = a_message("private", visibility=Visibility.PRIVATE, created_at=minutes(9))
    public = set_aside(1)
    with database.transact() as unit:
        unit.messages.add([public, a_stored(private, decision=SPAM)])
        assert unit.messages.ignored(public_only=True, limit=1) == [public]


def test_what_was_said_of_one_stays_when_it_is_edited_and_is_found_by_its_time(
    database: Database,
) -> None:
    first, second, third = (set_aside(number) for number in range(3))
    said = replace(first, corrected=Correction(tier=1, by="U1", at=minutes(9)))
    old = replace(second, corrected=Correction(tier=None, by="U1", at=minutes(-1)))
    with database.transact() as unit:
        unit.messages.add([first, second, third])
        unit.messages.replace(said)
        unit.messages.replace(old)
    edited = replace(said, edited_at=minutes(10))
    with database.transact() as unit:
        unit.messages.replace(edited)

    assert list(database.corrected_ignored(since=NOW)) == [edited]
    assert list(database.corrected_ignored(since=minutes(-2))) == [edited, old]
