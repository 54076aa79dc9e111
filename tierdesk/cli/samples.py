"""Messages of a file, one JSON object a line: every command reads, and writes, them alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

import typer

from inbox.case import Status
from inbox.facts import Facts
from inbox.message import MAX_TEXT, Kind, Visibility
from router.conditions import handle
from router.ordinary import ordinary
from router.vocabulary import STARS

_TOGETHER = 256
_Item = TypeVar("_Item")

MOST_LINE = 4_000_000
"""Bytes of one line; a longer one is refused."""


class BadLine(Exception):
    """A line that is no message; the words say why and never quote it. `id` where it has one."""

    id: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A message as it is tried out; what is not given is the ordinary case: a public mention by a
    known person within business hours. `vip` is None where the settings shall say it, `visibility`
    and `kind` where they follow from the rest.
    """

    text: str
    id: str | int | None = None
    network: str = "generic"
    account: str = "main"
    visibility: Visibility | None = None
    kind: Kind | None = None
    author: str = "somebody"
    followers: int | None = None
    verified: bool | None = None
    bot: bool | None = None
    staff: bool | None = None
    vip: bool | None = None
    language: str | None = None
    attachments: int = 0
    rating: int | None = None
    first_contact: bool = False
    case_tier: int | None = None
    case_status: str | None = None
    business_hours: bool = True
    menu_choice: str | None = None

    def place(self) -> tuple[Visibility, Kind]:
        """Raises ValueError, in words, where no message is such."""
        return ordinary(self.visibility, self.kind, self.rating)


# --- lines -------------------------------------------------------------------------------


@dataclass(slots=True)
class Reading(Generic[_Item]):
    """What `form` makes of each message of a file, with its line's number. A line that is none is
    told, left out and counted.
    """

    file: Path
    form: Callable[[Mapping[str, Any]], _Item]
    left_out: int = 0

    def __iter__(self) -> Iterator[tuple[int, _Item]]:
        with lines_of(self.file) as lines:
            for number, item in read(lines, self.form):
                if not isinstance(item, BadLine):
                    yield number, item
                    continue
                self.left_out += 1
                typer.echo(f"{self.file}:{number}: {item}. The line is left out.", err=True)

    def ended(self) -> None:
        """Ends with status 1 where not all could be read: what was told is not the whole."""
        if self.left_out:
            typer.echo(unread(self.left_out), err=True)
            raise typer.Exit(1)


def lines_of(file: Path) -> BinaryIO:
    return sys.stdin.buffer if str(file) == "-" else file.open("rb")


def unread(number: int) -> str:
    return f"{number} line{'s' if number > 1 else ''} could not be read."


def read(
    lines: BinaryIO, form: Callable[[Mapping[str, Any]], _Item]
) -> Iterator[tuple[int, _Item | BadLine]]:
    """Of each line that is not empty what `form` makes of it, or why it is no message."""
    for number, line in enumerate(_bounded(lines), 1):
        if line is not None and not line.strip():
            continue
        try:
            yield number, _formed(line, form)
        except BadLine as error:
            yield number, error


def together(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """As many as are worth a look at once."""
    rest = iter(items)
    while some := [*islice(rest, _TOGETHER)]:
        yield some


def _bounded(lines: BinaryIO) -> Iterator[bytes | None]:
    """The lines; None in place of one that is too long."""
    while line := lines.readline(MOST_LINE):
        if len(line) < MOST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while rest := lines.readline(MOST_LINE):
            if rest.endswith(b"\n"):
                break
        yield None


def _formed(line: bytes | None, form: Callable[[Mapping[str, Any]], _Item]) -> _Item:
    data = _object(line)
    try:
        return form(data)
    except BadLine as error:
        error.id = data.get("id")
        raise


def _object(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise BadLine(f"is longer than {MOST_LINE:,} bytes")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("is not JSON") from None
    if not isinstance(data, dict):
        raise BadLine("is not a JSON object")
    if not isinstance(data.get("id"), str | int | None):
        raise BadLine("id is neither a string nor a whole number")
    return data


# --- one message -------------------------------------------------------------------------


def sample_of(data: Mapping[str, Any]) -> Sample:
    """One message of a file. Raises BadLine."""
    if not isinstance(data.get("text"), str):
        raise BadLine("has no text")
    author = data.get("author")
    known = author if isinstance(author, dict) else {"handle": author}
    visibility = _chosen(data, "visibility", Visibility)
    sample = Sample(
        text=data["text"][:MAX_TEXT],
        id=data.get("id"),
        network=word(data, "network") or "generic",
        account=word(data, "account") or "main",
        visibility=Visibility(visibility) if visibility else None,
        kind=Kind(kind) if (kind := _chosen(data, "kind", Kind)) else None,
        author=word(known, "handle") or "somebody",
        followers=_number(known, "followers"),
        verified=_flag(known, "verified"),
        bot=_flag(known, "bot"),
        staff=_flag(known, "staff"),
        vip=_flag(known, "vip"),
        language=word(data, "language"),
        attachments=_number(data, "attachments") or 0,
        rating=_stars(data),
        first_contact=_chosen(data, "contact", ("first", "known")) == "first",
        business_hours=_chosen(data, "business_hours", ("open", "closed")) != "closed",
        menu_choice=word(data, "menu_choice"),
        **_case(data),
    )
    try:
        sample.place()
    except ValueError as error:
        raise BadLine(str(error)) from None
    return sample


def written(facts: Facts, *, language: str | None, named: Collection[str]) -> dict[str, object]:
    """The facts of a message that rules can ask, as `sample_of` reads them. What detectors find is
    left to them. The author's handle stands there only where it is one of those `named`.
    """
    author = {"handle": facts.author} if handle(facts.author) in named else {}
    return {
        "text": facts.text,
        "language": language,
        "network": facts.network,
        "account": facts.account,
        "visibility": facts.visibility.value,
        "kind": facts.kind.value,
        "author": author | {name: getattr(facts, name) for name in _OF_AUTHORS},
        "contact": "first" if facts.first_contact else "known",
        "case": {"tier": facts.case_tier, "status": facts.case_status},
        "business_hours": "open" if facts.business_hours else "closed",
        "menu_choice": facts.menu_choice,
        "attachments": facts.attachments,
        "rating": facts.rating,
    }


_OF_AUTHORS = ("followers", "verified", "bot", "staff", "vip")


def _case(data: Mapping[str, Any]) -> dict[str, Any]:
    """The case that it joins; one of which only the tier is told is open."""
    case = data.get("case") or {}
    if not isinstance(case, dict):
        raise BadLine("case is not an object")
    tier, status = _number(case, "tier"), _chosen(case, "status", Status)
    return {"case_tier": tier, "case_status": status or (None if tier is None else Status.OPEN)}


def word(data: Mapping[str, object], key: str) -> str | None:
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise BadLine(f"{key} is not a string")


def _chosen(data: Mapping[str, object], key: str, known: Iterable[str]) -> str | None:
    value, words = word(data, key), [*known]
    if value is not None and value not in words:
        raise BadLine(f"{key} is none of {', '.join(words)}")
    return value


def _number(data: Mapping[str, object], key: str) -> int | None:
    value = data.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise BadLine(f"{key} is not a whole number")


def _stars(data: Mapping[str, object]) -> int | None:
    rating = _number(data, "rating")
    if rating is None or rating in range(1, STARS + 1):
        return rating
    raise BadLine(f"rating is not 1 to {STARS}")


def _flag(data: Mapping[str, object], key: str) -> bool | None:
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise BadLine(f"{key} is neither true nor false")
