"""Any sequence of adding, leasing, settling and dying keeps the outbox's promises."""

import tempfile
from collections import defaultdict
from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inbox.outbox import Item, State
from store.database import open_database
from tests.builders import an_item

LANES = st.sampled_from(["a", "b", "c"])
WORKERS = st.sampled_from(["w1", "w2"])
LEASE = st.sampled_from([timedelta(hours=1), timedelta(hours=-1)])
OVER = st.sampled_from([State.DELIVERED, State.FAILED, State.HELD, State.QUEUED])


class OutboxMachine(RuleBasedStateMachine):
    """`began` are the items whose effect a worker may have begun to carry out."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._database = open_database(f"sqlite:///{self._folder.name}/tierdesk.db")
        self._database.migrate()
        self._added = 0
        self._states: dict[str, State] = {}
        self._lanes: dict[str, str] = {}
        self._leased: dict[str, Item] = {}
        self._began: set[str] = set()
        self._asked_again: set[str] = set()

    def teardown(self) -> None:
        self._database.close()
        self._folder.cleanup()

    @rule(lane=LANES, again=st.booleans())
    def add(self, lane: str, again: bool) -> None:
        self._added += not again
        key = f"{self._added}"
        with self._database.transact() as unit:
            unit.outbox.add([an_item(key=key, lane=lane)])
        self._states.setdefault(key, State.QUEUED)
        self._lanes.setdefault(key, lane)

    @rule(worker=WORKERS, limit=st.integers(1, 3), lease_for=LEASE)
    def lease(self, worker: str, limit: int, lease_for: timedelta) -> None:
        with self._database.transact() as unit:
            items = unit.outbox.lease(worker, limit=limit, lease_for=lease_for)
        free = self._heads()
        assert len(items) == min(limit, len(free))
        for item in items:
            assert free[item.lane] == item.key
            if item.key in self._began and item.key not in self._asked_again:
                assert item.maybe_done
            self._leased[item.key] = item
            self._states[item.key] = State.LEASED

    @precondition(lambda self: self._leased)
    @rule(data=st.data(), state=OVER)
    def settle(self, data: st.DataObject, state: State) -> None:
        key = data.draw(st.sampled_from(sorted(self._leased)))
        item = self._leased.pop(key)
        with self._database.transact() as unit:
            unsure = state is State.HELD
            assert unit.outbox.settle(item.id, state, maybe_done=unsure, attempt=item.attempts)
        if state in (State.DELIVERED, State.HELD):
            self._began.add(key)
        self._asked_again.discard(key)
        self._states[key] = state

    @precondition(lambda self: State.HELD in self._states.values())
    @rule(data=st.data(), state=st.sampled_from([State.QUEUED, State.DROPPED, State.DELIVERED]))
    def decide(self, data: st.DataObject, state: State) -> None:
        held = sorted(key for key, found in self._states.items() if found is State.HELD)
        key = data.draw(st.sampled_from(held))
        with self._database.transact() as unit:
            number = {item.key: item.id for item in unit.outbox.in_state(State.HELD)}[key]
            assert unit.outbox.settle(number, state)
        self._asked_again.add(key)
        self._states[key] = state

    @rule(worker=WORKERS)
    def die_and_come_back(self, worker: str) -> None:
        with self._database.transact() as unit:
            over = {item.key for item in unit.outbox.in_state(State.LEASED)}
            unit.outbox.take_back(worker)
            over -= {item.key for item in unit.outbox.in_state(State.LEASED)}
        self._began |= over
        self._asked_again -= over
        for key in over:
            del self._leased[key]
            self._states[key] = State.QUEUED

    @invariant()
    def nothing_is_lost_and_lanes_are_single(self) -> None:
        with self._database.read() as unit:
            found = {item.key: item for state in State for item in unit.outbox.in_state(state)}
        assert {key: item.state for key, item in found.items()} == self._states
        lanes = [item.lane for item in found.values() if item.state is State.LEASED]
        assert len(lanes) == len(set(lanes))

    def _heads(self) -> dict[str, str]:
        waiting: dict[str, list[int]] = defaultdict(list)
        busy = {self._lanes[key] for key in self._leased}
        for key, state in self._states.items():
            if state is State.QUEUED and self._lanes[key] not in busy:
                waiting[self._lanes[key]].append(int(key))
        return {lane: f"{min(keys)}" for lane, keys in waiting.items()}


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
