"""CPU time of a process that only imports: less at the mercy of busy neighbours than the clock."""

from __future__ import annotations

import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

PRODUCT = "import tierdesk.wiring"
LIBRARIES = "import sqlalchemy, slack_bolt"
"""The floor: two that no product of this kind does without."""


def seconds(program: str) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
