"""The outbox: one thing at a time in each lane, in order, never lost, never silently repeated."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from inbox.case import SYSTEM, Afterwards
from inbox.outbox import (
    Alert,
    Effect,
    HideMessage,
    Item,
    LikeMessage,
    NewItem,
    SendAnswer,
    ShowCard,
    ShowEntry,
    State,
    Whisper,
    slack_lane,
)
from store.database import Database, open_database
from tests.builders import a_draft, a_ref, an_item

MINUTE = timedelta(minutes=1)
EXPIRED = timedelta(minutes=-1)
LATER = datetime.now(UTC) + timedelta(days=1)

EFFECTS: list[Effect] = [
    ShowCard(case=1, channel="care"),
    ShowEntry(case=1, seq=2, channel="care"),
    Alert(channel="ops", text="look", case=1, held=4),
    Whisper(user="U1", channel="care", text="no", quote="what I typed"),
    SendAnswer(
        case=1,
        draft=a_draft(),
        spans=(),
        by=SYSTEM,
        afterwards=Afterwards.CLOSE,
        automatic=True,
    ),
    HideMessage(case=1, message=a_ref()),
    HideMessage(case=1, message=a_ref(), hidden=False, by=SYSTEM),
    LikeMessage(case=1, message=a_ref(), liked=False, by=SYSTEM),
]


def add(database: Database, *items: NewItem) -> None:
    with database.transact() as unit:
        unit.outbox.add(items)


def lease(
    database: Database, worker: str = "w", *, limit: int = 10, lease_for: timedelta = MINUTE
) -> Sequence[Item]:
    with database.transact() as unit:
        return unit.outbox.lease(worker, limit=limit, lease_for=lease_for)


def settle(database: Database, item: Item, state: State, **how: object) -> bool:
    with database.transact() as unit:
        return unit.outbox.settle(item.id, state, **how)  # type: ignore[arg-type]  # as named


def take_back(database: Database, worker: str) -> int:
    with database.transact() as unit:
        return unit.outbox.take_back(worker)


def keys(items: Sequence[Item]) -> list[str]:
    return [item.key for item in items]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_an_effect_comes_back_as_it_went_in(database: Database, effect: Effect) -> None:
    add(database, NewItem(effect=effect, lane="l", key="k"))
    (item,) = lease(database)
    assert (item.effect, item.key, item.lane, item.state) == (effect, "k", "l", State.LEASED)


def test_a_lane_gives_one_item_at_a_time_in_order(database: Database) -> None:
    add(database, *(an_item(key=f"{lane}{n}", lane=lane) for n in range(3) for lane in "ab"))
    for n in range(3):
        items = lease(database)
        assert keys(items) == [f"a{n}", f"b{n}"]
        assert not lease(database)
        for item in items:
            assert settle(database, item, State.DELIVERED)
    assert not lease(database)


def test_no_more_than_the_limit_is_leased_oldest_first(database: Database) -> None:
    add(database, *(an_item(key=f"{n}", lane=f"{9 - n}") for n in range(5)))
    assert keys(lease(database, limit=2)) == ["0", "1"]


def test_a_lane_that_was_told_later_waits_as_a_whole(database: Database) -> None:
    add(database, an_item(key="first"), an_item(key="second"))
    (item,) = lease(database)
    assert settle(database, item, State.QUEUED, after=MINUTE)
    assert not lease(database)


def test_an_item_that_is_to_be_tried_at_once_is_leased_again(database: Database) -> None:
    add(database, an_item(key="k"))
    (first,) = lease(database)
    settle(database, first, State.QUEUED, reason="429")
    (again,) = lease(database)
    assert (again.attempts, again.maybe_done, again.first_tried) == (2, False, first.first_tried)


def test_an_item_is_not_leased_before_its_time(database: Database) -> None:
    add(database, an_item(key="late", not_before=LATER))
    assert not lease(database)


@pytest.mark.parametrize("state", [State.FAILED, State.HELD, State.DROPPED, State.DELIVERED])
def test_what_is_settled_blocks_its_lane_no_longer(database: Database, state: State) -> None:
    add(database, an_item(key="first"), an_item(key="second"))
    (item,) = lease(database)
    settle(database, item, state, reason="said so")
    assert keys(lease(database)) == ["second"]
    with database.read() as unit:
        (found,) = unit.outbox.in_state(state)
        assert (found.id, found.reason) == (item.id, "said so")
        assert unit.outbox.count()[state] == 1


def test_a_key_is_queued_once_for_ever(database: Database) -> None:
    add(database, an_item(key="k"), an_item(key="k"))
    (item,) = lease(database)
    settle(database, item, State.DELIVERED)
    add(database, an_item(key="k"))
    assert not lease(database)


def test_waiting_items_coalesce_and_those_under_way_do_not(database: Database) -> None:
    add(database, an_item(coalesce="c"), an_item(coalesce="c"), an_item(coalesce="d"))
    add(database, an_item(coalesce="c"))
    with database.read() as unit:
        assert unit.outbox.count()[State.QUEUED] == 2
    (item,) = lease(database)
    add(database, an_item(coalesce="c"))
    with database.read() as unit:
        assert unit.outbox.count()[State.QUEUED] == 2
    settle(database, item, State.DELIVERED)


@pytest.mark.parametrize("back", ["settled", "taken back"])
def test_what_comes_back_stands_for_its_like_that_waits(database: Database, back: str) -> None:
    add(database, an_item(coalesce="c"))
    (item,) = lease(database)
    add(database, an_item(coalesce="c"))
    if back == "settled":
        settle(database, item, State.QUEUED)
    else:
        take_back(database, "w")
    (again,) = lease(database)
    assert again.id == item.id
    with database.read() as unit:
        assert unit.outbox.count()[State.QUEUED] == 0
        assert unit.outbox.count()[State.DROPPED] == 1


def test_what_a_dead_worker_had_comes_back_with_a_doubt(database: Database) -> None:
    add(database, an_item(key="mine", lane="a"), an_item(key="theirs", lane="b"))
    lease(database, "w", limit=1)
    lease(database, "other", limit=1)
    assert take_back(database, "w") == 1
    (item,) = lease(database, "w")
    assert (item.key, item.maybe_done, item.attempts) == ("mine", True, 2)


def test_what_a_dead_worker_asked_of_a_network_is_left_alone_for_a_while(
    database: Database,
) -> None:
    """Its server may still be at work with it: looked for too early, it would be sent twice."""
    lanes = ("mastodon:main", "helpdesk:zammad", slack_lane("care"))
    add(database, *(an_item(key=lane, lane=lane) for lane in lanes))
    assert len(lease(database, "w", limit=3)) == 3
    with database.transact() as unit:
        assert unit.outbox.take_back("w", rest=timedelta(hours=1)) == 3
    assert keys(lease(database, "w", limit=3)) == [slack_lane("care")]


def test_a_lease_that_is_over_is_anyones(database: Database) -> None:
    add(database, an_item(key="k"))
    lease(database, "dead", lease_for=EXPIRED)
    assert not lease(database, "w")
    assert take_back(database, "") == 1
    assert lease(database, "w")[0].maybe_done


def test_a_renewed_lease_stays_its_workers_and_only_that_can_renew_it(database: Database) -> None:
    add(database, an_item(key="slow", lane="a"), an_item(key="lost", lane="b"))
    slow, lost = lease(database, "w", lease_for=EXPIRED)
    renew(database, [slow.id], "w")
    renew(database, [lost.id], "other")
    assert take_back(database, "") == 1
    (item,) = lease(database, "other")
    assert item.key == "lost"


def test_what_is_over_is_not_begun_again_by_a_renewal(database: Database) -> None:
    add(database, an_item(key="k"))
    (item,) = lease(database, "w")
    settle(database, item, State.DELIVERED)
    renew(database, [item.id], "w")
    with database.read() as unit:
        assert unit.outbox.count()[State.DELIVERED] == 1


def renew(database: Database, items: Sequence[int], worker: str) -> None:
    with database.transact() as unit:
        unit.outbox.renew(items, worker, lease_for=timedelta(minutes=1))


def test_a_doubt_stays_until_a_person_takes_it_away(database: Database) -> None:
    add(database, an_item(key="k"))
    lease(database)
    take_back(database, "w")
    (item,) = lease(database)
    settle(database, item, State.QUEUED)
    (item,) = lease(database)
    assert item.maybe_done
    settle(database, item, State.HELD, maybe_done=True)
    assert settle(database, item, State.QUEUED)
    assert not lease(database)[0].maybe_done


def test_only_what_is_leased_or_held_is_settled(database: Database) -> None:
    add(database, an_item(key="k"))
    (item,) = lease(database)
    assert settle(database, item, State.DELIVERED)
    assert not settle(database, item, State.FAILED)
    with database.read() as unit:
        found = unit.outbox.get(item.id)
        assert found is not None
        assert found.state is State.DELIVERED
        assert unit.outbox.get(-1) is None


def test_an_attempt_that_was_taken_over_settles_nothing(database: Database) -> None:
    add(database, an_item(key="k"))
    (slow,) = lease(database, "slow", lease_for=EXPIRED)
    take_back(database, "w")
    (item,) = lease(database, "w")
    assert not settle(database, slow, State.FAILED, attempt=slow.attempts)
    assert settle(database, item, State.DELIVERED, attempt=item.attempts)


def test_a_held_item_that_is_released_waits_for_what_is_under_way(database: Database) -> None:
    add(database, an_item(key="first"), an_item(key="second"))
    (first,) = lease(database)
    settle(database, first, State.HELD)
    (second,) = lease(database)
    settle(database, first, State.QUEUED)
    add(database, an_item(key="elsewhere", lane="other"))
    assert keys(lease(database)) == ["elsewhere"]
    settle(database, second, State.DELIVERED)
    assert keys(lease(database)) == ["first"]


def test_housekeeping_deletes_old_and_done_items_only(database: Database) -> None:
    add(database, *(an_item(key=f"{n}", lane=f"{n}") for n in range(5)))
    for item, state in zip(lease(database), [State.DELIVERED] * 3 + [State.HELD], strict=False):
        settle(database, item, state)
    with database.transact() as unit:
        assert unit.outbox.prune(datetime(2020, 1, 1, tzinfo=UTC)) == 0
        assert unit.outbox.prune(LATER, limit=2) == 2
        assert unit.outbox.prune(LATER, limit=2) == 1
        assert sum(unit.outbox.count().values()) == 2


def test_housekeeping_deletes_what_was_given_up_long_ago(database: Database) -> None:
    """It holds what somebody wrote, and nobody can do anything with it any more."""
    add(database, an_item(key="given up"))
    settle(database, lease(database)[0], State.FAILED)
    with database.transact() as unit:
        assert unit.outbox.prune(LATER) == 1
        assert unit.outbox.count()[State.FAILED] == 0


def test_of_what_is_over_the_newest_is_listed_and_of_what_waits_the_oldest(
    database: Database,
) -> None:
    """After months the first hundred failures are of no use to anybody."""
    for state in (State.FAILED, State.HELD, State.QUEUED):
        for number in range(4):
            add(database, an_item(key=f"{state}{number}", lane=f"{state}"))
            if state is not State.QUEUED:
                settle(database, lease(database)[0], state)
    with database.read() as unit:
        assert keys(unit.outbox.in_state(State.FAILED, limit=2)) == ["failed2", "failed3"]
        assert keys(unit.outbox.in_state(State.HELD, limit=2)) == ["held0", "held1"]
        assert keys(unit.outbox.in_state(State.QUEUED, limit=2)) == ["queued0", "queued1"]
        counted = {state: number for state, number in unit.outbox.count().items() if number}
    assert counted == {State.FAILED: 4, State.HELD: 4, State.QUEUED: 4}


def test_a_transaction_that_failed_queued_nothing(database: Database) -> None:
    def fail() -> None:
        with database.transact() as unit:
            unit.outbox.add([an_item()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not lease(database)


def test_workers_beside_each_other_share_no_item_and_no_lane(url: str) -> None:
    first = open_database(url)
    add(first, *(an_item(key=f"{n}", lane=f"lane {n % 7}") for n in range(140)))
    seen: list[str] = []

    def work(worker: str) -> None:
        database = open_database(url)
        while True:
            items = lease(database, worker, limit=3)
            for item in items:
                seen.append(item.key)
                settle(database, item, State.DELIVERED, attempt=item.attempts)
            with database.read() as unit:
                if not items and not unit.outbox.count()[State.QUEUED]:
                    break
        database.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, f"w{n}") for n in range(4)]:
            done.result(timeout=60)
    first.close()
    assert sorted(seen) == sorted(f"{n}" for n in range(140))
    for lane in range(7):
        of_lane = [int(key) for key in seen if int(key) % 7 == lane]
        assert of_lane == sorted(of_lane)


def test_the_database_itself_forbids_two_of_one_lane(database: Database) -> None:
    add(database, an_item(key="first"), an_item(key="second"))
    with pytest.raises(Exception, match=r"(?i)unique"), database.writing() as connection:
        connection.execute(text("UPDATE outbox SET state = 'leased'"))


@pytest.mark.parametrize(
    "url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_what_a_change_counts_on_is_not_leased_before_its_commit(database: Database) -> None:
    add(database, an_item(coalesce="c"))
    with database.transact() as unit:
        unit.outbox.add([an_item(coalesce="c")])
        unit.outbox.count()
        assert not lease(database)
    assert len(lease(database)) == 1
