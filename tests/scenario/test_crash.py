"""Nothing is lost and nothing is done twice, however often the product is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash import Plan, crash
from tests.databases import own_postgresql

KILLS = 3
MESSAGES = 80


@pytest.mark.crash
def test_kills_lose_and_double_nothing_on_sqlite(tmp_path: Path) -> None:
    tally = crash(Plan(kills=KILLS, messages=MESSAGES), tmp_path)

    assert not tally.problems
    assert tally.cases == tally.cards == MESSAGES


@pytest.mark.crash
@pytest.mark.postgresql
def test_kills_lose_and_double_nothing_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    with own_postgresql(postgresql) as url:
        tally = crash(Plan(kills=KILLS, messages=MESSAGES, database=url), tmp_path)

    assert not tally.problems
    assert tally.cases == tally.cards == MESSAGES
