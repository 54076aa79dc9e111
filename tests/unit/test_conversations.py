"""A customer's one private conversation, and whose it is of several cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inbox import deskwork
from inbox.decision import Answer as Kind
from tests.answering_bench import Bench, a_comment, a_dm, by_rule
from tests.builders import ACCOUNT, a_ref, an_author, minutes
from tests.house import House


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two open cases of one customer; the network takes private messages at any time."""
    with House(tmp_path) as house:
        bench = Bench(house)
        bench.connections[ACCOUNT] = replace(bench.connections[ACCOUNT], windows=None)
        bench.arrive(a_comment())
        bench.arrive(a_comment("2", in_reply_to=a_ref("p"), conversation=a_ref("p")))
        yield bench


def holder(bench: Bench) -> int | None:
    author = an_author()
    with bench.house.database.read() as unit:
        case = unit.cases.holder((a_ref(f"dm-{author.handle}"), author.ref))
    return case.number if case else None


def told(bench: Bench) -> list[str]:
    """Who wrote there, as the case that had the conversation is told it."""
    return [text.partition(" has written ")[0] for text in bench.house.told()]


def test_it_belongs_to_the_case_that_wrote_there_last(bench: Bench) -> None:
    assert holder(bench) is None
    bench.reply("a", number=1)
    bench.reply("b", number=2)
    assert holder(bench) == 2
    bench.reply("c", number=1)
    assert holder(bench) == 1
    bench.arrive(a_dm("3", minutes(1)))
    with bench.house.database.read() as unit:
        [stored] = unit.messages.find({a_ref("3")}).values()
    assert stored.case == 1


def test_the_open_case_that_had_it_is_told(bench: Bench) -> None:
    bench.reply("a", number=1)
    bench.reply("b", number=1)
    assert told(bench) == []
    bench.reply("c", number=2)
    bench.reply("d", number=1)
    assert told(bench) == ["Case 2", "Case 1"]


def test_a_closed_case_need_not_be_told(bench: Bench) -> None:
    bench.reply("a", number=1)
    desk, at = bench.house.desk, minutes(2)
    bench.house.writer.run(
        lambda unit: deskwork.close(unit, desk, 1, "U1", "answered", seen_in=None, at=at)
    )
    bench.reply("b", number=2)
    assert (holder(bench), told(bench)) == (2, [])


def test_a_rule_that_invites_takes_it_over_as_an_agent_does(bench: Bench) -> None:
    bench.reply("a", number=1)
    by_rule(bench, Kind.PRIVATE_MOVE)
    bench.arrive(a_comment("3", in_reply_to=a_ref("q"), conversation=a_ref("q")))
    assert (holder(bench), told(bench)) == (3, ["Case 3"])
