"""The small forms in which a person writes times, hours and codes in a settings file."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from integrations.durations import duration, within, wrong

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Za-z]{2,8})?")


def hours(value: object) -> tuple[time, time]:
    """An opening and a closing time; 24:00 closes at the end of the day."""
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise wrong("is not a span of hours", 'Write it as "09:00-18:00", in quotes')
    opens, closes = _clock(match[1], match[2]), _clock(match[3], match[4])
    if opens >= closes:
        raise wrong(
            "closes before it opens",
            'Write hours past midnight as two: "20:00-24:00" here and "00:00-02:00" the day after',
        )
    return opens, closes


def _clock(hour: str, minute: str) -> time:
    if (int(hour), int(minute)) == (24, 0):
        return time.max
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise wrong("holds a time that no clock shows", "Write hours 00:00 to 24:00") from None


def zone(value: object) -> ZoneInfo:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            pass
    raise wrong("is not a known time zone", "Write an IANA name such as Europe/Bucharest")


def day(value: object) -> str:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise wrong("is not a date", "Write year-month-day: 2026-12-25") from None


def language(value: object) -> str:
    match = _LANGUAGE.fullmatch(value) if isinstance(value, str) else None
    if match and match[2]:
        raise wrong(
            "names a region, and a message's language is known without", f"Write {match[1]}"
        )
    if match:
        return match[1]
    raise wrong("is not a language code", "Write an ISO 639-1 code: en, ro, tr, ru, ja")


def region(value: object) -> str:
    from phonenumbers import SUPPORTED_REGIONS

    if isinstance(value, str) and value in SUPPORTED_REGIONS:
        return value
    raise wrong("is not a known region", 'Write a two-letter country code: RO, TR, GB, "NO"')


def pattern(value: object) -> str:
    """A regular expression that the linear-time engine takes."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(value, options)  # type: ignore[no-untyped-call]  # re2 has no types
    except (re2.error, TypeError):
        raise wrong(
            "is not a regular expression that can be used here",
            "Write it in single quotes, without look-around and back-references: '\\bBL-\\d{6}\\b'",
        ) from None
    if compiled.search(""):
        raise wrong("matches the empty text, so every message", "Use + in place of *")
    return str(value)


def slack_id(value: object) -> str:
    """Slack's own id of a person, channel or group."""
    if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9]{2,30}", value):
        return value
    raise wrong(
        "is not an id of Slack's",
        "Open it in Slack, choose “Copy link” or “Copy member ID”: ids look like C0123ABCD",
    )


def address(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        return value
    raise wrong("is not a web address", "Write it whole: https://slack.com/api/")


def of_a_minute(value: object) -> timedelta:
    length = duration(value)
    if length > timedelta(minutes=1):
        raise wrong("is more than a minute has", "Write how much of each minute it may be: 10s")
    return length


Duration = Annotated[timedelta, BeforeValidator(duration)]
Within = Annotated[timedelta, BeforeValidator(within)]
OfAMinute = Annotated[timedelta, BeforeValidator(of_a_minute)]
HoursSpan = Annotated[tuple[time, time], BeforeValidator(hours)]
Zone = Annotated[ZoneInfo, BeforeValidator(zone)]
Day = Annotated[str, BeforeValidator(day)]
Language = Annotated[str, BeforeValidator(language)]
Region = Annotated[str, BeforeValidator(region)]
Pattern = Annotated[str, BeforeValidator(pattern)]
SlackId = Annotated[str, BeforeValidator(slack_id)]
Address = Annotated[str, BeforeValidator(address)]
