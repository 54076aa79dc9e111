"""An answer that may stand there is never said to be unsent, nor sent blindly again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from inbox.changes import Held, NotSent
from inbox.errors import AlreadyThere, IntegrationError, Rejected, Unsupported
from inbox.message import Draft, Sent
from tests.answering_bench import A_WEEK, PUBLIC, Bench, a_comment
from tests.builders import ACCOUNT
from tests.house import House


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with House(tmp_path) as house:
        yield Bench(house)


@dataclass
class Shut:
    """Lets nobody look for what may stand there."""

    refusal: IntegrationError

    def reply(self, draft: Draft, *, key: str) -> Sent:
        raise AssertionError("sent a second time")

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        raise self.refusal


@pytest.mark.parametrize("refusal", [Rejected("No such post."), Unsupported("No such list.")])
def test_an_answer_that_may_stand_there_is_not_said_to_be_unsent_where_nobody_can_look(
    bench: Bench, refusal: IntegrationError
) -> None:
    shut = Shut(refusal)
    bench.connections[ACCOUNT] = replace(
        bench.connections[ACCOUNT], public=shut, readback=shut, windows=None
    )
    bench.arrive(a_comment())
    bench.reply(visibility=PUBLIC)
    bench.house.writer.run(lambda unit: unit.outbox.lease("w", limit=9, lease_for=A_WEEK))
    bench.house.writer.run(lambda unit: unit.outbox.take_back("w"))
    bench.deliver()

    assert bench.changes(NotSent) == []
    [held] = bench.changes(Held)
    assert isinstance(held, Held)
    assert str(refusal) in held.reason


@dataclass
class Jealous:
    """Takes no text twice, and does not show what it has."""

    def reply(self, draft: Draft, *, key: str) -> Sent:
        raise AlreadyThere("Change a word.")

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        return None


@pytest.mark.parametrize(("tried", "becomes"), [(False, NotSent), (True, Held)])
def test_a_refusal_since_it_stands_there_may_speak_of_our_own_attempt_before(
    bench: Bench, tried: bool, becomes: type
) -> None:
    jealous = Jealous()
    bench.connections[ACCOUNT] = replace(
        bench.connections[ACCOUNT], public=jealous, readback=jealous, windows=None
    )
    bench.arrive(a_comment())
    bench.reply(visibility=PUBLIC)
    if tried:
        bench.house.writer.run(lambda unit: unit.outbox.lease("w", limit=9, lease_for=A_WEEK))
        bench.house.writer.run(lambda unit: unit.outbox.take_back("w"))
    bench.deliver()

    assert [type(change) for change in bench.changes((NotSent, Held))] == [becomes]


@pytest.mark.parametrize(("tried", "becomes"), [(False, NotSent), (True, Held)])
def test_an_answer_of_an_account_that_is_gone_is_unsent_only_where_it_was_never_tried(
    bench: Bench, tried: bool, becomes: type
) -> None:
    """As after a restart with other settings: an agent who hears "not sent" writes it again."""
    bench.arrive(a_comment())
    bench.reply(visibility=PUBLIC)
    if tried:
        bench.house.writer.run(lambda unit: unit.outbox.lease("w", limit=9, lease_for=A_WEEK))
        bench.house.writer.run(lambda unit: unit.outbox.take_back("w"))
    del bench.connections[ACCOUNT]
    bench.deliver()

    assert [type(change) for change in bench.changes((NotSent, Held))] == [becomes]
