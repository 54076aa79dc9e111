"""What an account's integration can count on after a restart, on both databases."""

from datetime import date

from inbox.message import Account
from store.database import Database
from store.writer import Writer
from tests.builders import ACCOUNT, NOW, a_message, a_ref, a_stored
from tierdesk.hosting import host

OTHER = Account("x", "brand")
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_what_was_kept_is_there_again_for_its_account_alone(
    database: Database, writer: Writer
) -> None:
    keep = host(ACCOUNT, database, writer, lambda: NOW).keep
    assert keep.get("session") is None
    keep.set("session", "first")
    keep.set("session", "second")

    assert host(ACCOUNT, database, writer, lambda: NOW).keep.get("session") == "second"
    assert host(OTHER, database, writer, lambda: NOW).keep.get("session") is None


def test_what_was_spent_is_counted_by_account_and_day(database: Database, writer: Writer) -> None:
    meter = host(ACCOUNT, database, writer, lambda: NOW).meter
    meter.spend("read", 5_000, on=MONDAY)
    meter.spend("read", 1_000, on=TUESDAY)
    meter.spend("reply", 10_000, on=TUESDAY)
    host(OTHER, database, writer, lambda: NOW).meter.spend("read", 7, on=TUESDAY)

    assert meter.spent(MONDAY) == 16_000
    assert host(ACCOUNT, database, writer, lambda: NOW).meter.spent(TUESDAY) == 11_000
    with database.read() as unit:
        listed = unit.spending.listed(since=TUESDAY)
    assert {(one.account, one.what, one.calls, one.cost) for one in listed} == {
        (ACCOUNT, "read", 1, 1_000),
        (ACCOUNT, "reply", 1, 10_000),
        (OTHER, "read", 1, 7),
    }


def test_stars_and_a_networks_own_words_stay_with_a_message(database: Database) -> None:
    message = a_message("1", rating=2, native={"cid": "bafy…", "root": "at://…"})
    with database.transact() as unit:
        unit.messages.add([a_stored(message)])
    with database.read() as unit:
        assert unit.messages.find({a_ref("1")})[a_ref("1")].message == message
