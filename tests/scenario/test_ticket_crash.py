"""No ticket is lost and none is opened twice, however often the product is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import own_postgresql
from tests.ticket_crash import Plan, crash

KILLS = 3
CASES = 40


@pytest.mark.crash
def test_kills_lose_and_double_no_ticket_on_sqlite(tmp_path: Path) -> None:
    tally = crash(Plan(kills=KILLS, cases=CASES), tmp_path)

    assert not tally.problems
    assert tally.tickets == CASES


@pytest.mark.crash
@pytest.mark.postgresql
def test_kills_lose_and_double_no_ticket_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    with own_postgresql(postgresql) as url:
        tally = crash(Plan(kills=KILLS, cases=CASES, database=url), tmp_path)

    assert not tally.problems
    assert tally.tickets == CASES
