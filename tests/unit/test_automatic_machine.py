"""Whatever happens while automatic answers wait, none is late, twice or in the place of people."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from inbox import deskwork
from inbox.case import Status
from inbox.changes import Answered, AnswerQueued, Closed, MessageEdited, NotSent, Received
from inbox.desk import Tier
from inbox.errors import Rejected
from inbox.message import Deleted, Edited, Ref
from tests.article_door import ASKED, Door, decide
from tests.builders import a_message, a_ref, minutes
from tests.carrying import killed_while_sending
from tests.house import FakeRouter, House, a_desk

TEXTS = st.sampled_from(["opening hours?", ASKED, "template please", "A red bow?", "private"])


class AnswersMachine(RuleBasedStateMachine):
    """One case. `late` are the keys of answers that were overtaken before they were sent."""

    def __init__(self) -> None:
        super().__init__()
        self._resources = ExitStack()
        folder = Path(self._resources.enter_context(tempfile.TemporaryDirectory()))
        tiers = dict(a_desk().tiers) | {0: Tier(number=0, name="Self-service")}
        house = House(folder, FakeRouter(decide), a_desk(tiers=tiers))
        self._door = Door(self._resources.enter_context(house))
        self._late: set[str] = set()

    @initialize(text=TEXTS)
    def writes_first(self, text: str) -> None:
        self._door.hear(text)

    def teardown(self) -> None:
        self._resources.close()

    @rule(text=TEXTS, pause=st.sampled_from([0, 100]))
    def writes(self, text: str, pause: int) -> None:
        waits, owed = self._under_way(), bool(self._unanswered())
        self._door.minute += pause
        self._overtakes(lambda: self._door.hear(text))
        assert not (owed and self._under_way() - waits), "spoke where a person owes an answer"

    @rule(text=TEXTS)
    def edits_the_newest(self, text: str) -> None:
        said = f"{text} {self._door.case().version}"
        message = a_message(self._newest().id, text=said, conversation=a_ref("1"))
        at = minutes(self._door.minute)
        self._overtakes(lambda: self._door.take(Edited(message=message, at=at)))

    @rule()
    def deletes_the_newest(self) -> None:
        gone = Deleted(ref=self._newest(), at=minutes(self._door.minute))
        self._overtakes(lambda: self._door.take(gone))

    @rule()
    def a_person_takes_it_and_gives_it_back(self) -> None:
        if self._door.case().status is not Status.CLOSED:
            self._overtakes(lambda: self._door.works(deskwork.claim))
            self._door.works(deskwork.release)

    @rule()
    def a_person_closes_it(self) -> None:
        if self._door.case().status is not Status.CLOSED:
            self._overtakes(lambda: self._door.works(deskwork.close, "answered"))

    @rule(refuses=st.booleans())
    def the_network_takes_what_waits(self, refuses: bool) -> None:
        self._door.sender.fault = Rejected("It takes nothing.") if refuses else None
        self._door.deliver()
        self._door.sender.fault = None

    @rule()
    def a_worker_dies_while_it_sends(self) -> None:
        killed_while_sending(self._door.house, self._door.courier)

    @invariant()
    def nothing_goes_out_late(self) -> None:
        assert self._late.isdisjoint(self._door.sender.there)

    @invariant()
    def the_customer_s_turn_comes_after_an_answer_to_all_they_wrote(self) -> None:
        if self._door.case().status is Status.PENDING:
            assert not self._unanswered()

    @invariant()
    def nothing_waits_in_self_service_unseen(self) -> None:
        case = self._door.case()
        assert case.tier > 0 or case.status is not Status.NEW or self._under_way()

    def _overtakes(self, act: Callable[[], object]) -> None:
        waited = self._under_way() - self._door.sender.there.keys()
        act()
        self._late |= waited

    def _newest(self) -> Ref:
        newest = self._door.case().last
        assert newest
        return newest

    def _under_way(self) -> set[str]:
        keys: set[str] = set()
        for event in self._door.history():
            match event.change:
                case AnswerQueued(key=key):
                    keys.add(key)
                case Answered(key=key) | NotSent(key=key):
                    keys.discard(key)
        return keys

    def _unanswered(self) -> set[Ref]:
        """What was written and neither answered as it was said then nor settled by a person."""
        there: set[Ref] = set()
        edited: set[Ref] = set()
        for event in self._door.history():
            match event.change:
                case Received(message=ref):
                    there.add(ref)
                case MessageEdited(message=ref):
                    edited.add(ref)
                case Answered(answers=Ref() as ref) if ref not in edited:
                    there.discard(ref)
                case Closed():
                    there.clear()
        return there


TestAnswers = AnswersMachine.TestCase
TestAnswers.settings = settings(max_examples=50, stateful_step_count=15, deadline=None)
