"""What is wrong in a file that a person wrote, and what to write instead."""

from __future__ import annotations

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """One fault. `line` counts from 1; `key` is the path to the value, as in `tiers.2.channel`."""

    file: str
    line: int
    key: str
    problem: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {kind}{self.key}: {self.problem}. {self.remedy}"
