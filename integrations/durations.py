"""The form in which a person writes a length of time in a settings file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(
    r"(?P<n>\d{1,6})\s*(?P<u>s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|ours?|ays?)?", re.IGNORECASE
)


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """A fault of a value in two sentences; neither may quote the value."""
    return PydanticCustomError(
        "settings", "{problem}. {remedy}", {"problem": problem, "remedy": remedy}
    )


def duration(value: object) -> timedelta:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match["n"]) == 0:
        raise wrong("is not a length of time", "Write a number and a unit: 30s, 15 min, 2h, 7 days")
    return timedelta(seconds=int(match["n"]) * _UNITS[match["u"].lower()])


def within(value: object) -> timedelta:
    """A length of time that may be none at all: 0s."""
    none = isinstance(value, str) and value.strip() == "0s"
    return timedelta() if none else duration(value)


Within = Annotated[timedelta, BeforeValidator(within)]
