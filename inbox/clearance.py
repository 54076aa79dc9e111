"""Personal data goes only where it may: classes, spans, clearances, and the one mask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from msgspec import Struct


class DataClass(StrEnum):
    """Kinds of personal data that a text can hold."""

    CARD = "card"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    ORDER_NUMBER = "order_number"
    BIRTH_DATE = "birth_date"
    CREDENTIAL = "credential"
    HEALTH = "health"


LABELS: dict[DataClass, str] = {
    DataClass.CARD: "card number",
    DataClass.IBAN: "bank account",
    DataClass.NATIONAL_ID: "national id",
    DataClass.EMAIL: "e-mail address",
    DataClass.PHONE: "phone number",
    DataClass.ADDRESS: "address",
    DataClass.ORDER_NUMBER: "order number",
    DataClass.BIRTH_DATE: "date of birth",
    DataClass.CREDENTIAL: "password or code",
    DataClass.HEALTH: "health detail",
}


class Span(Struct, frozen=True, kw_only=True):
    """Characters `start` to `end` (exclusive) of a text hold data of this class."""

    start: int
    end: int
    cls: DataClass


class Clearance(Struct, frozen=True, kw_only=True):
    """The classes that a destination may show."""

    name: str
    shows: frozenset[DataClass] = frozenset()

    def hides(self, cls: DataClass) -> bool:
        return cls not in self.shows


NOTHING = Clearance(name="nothing personal")
"""The clearance of the public, of logs and of reports."""

EVERYTHING = Clearance(name="everything", shows=frozenset(DataClass))
"""For what never leaves the house."""


def mask(text: str, spans: Iterable[Span], clearance: Clearance) -> str:
    """The text with every span beyond the clearance replaced by its class's label in brackets.

    Spans that overlap are hidden as one, under the label of the first.
    """
    parts: list[str] = []
    end = 0
    for start, stop, cls in _hidden(spans, clearance):
        parts += (text[end:start], f"[{LABELS[cls]}]")
        end = stop
    return "".join((*parts, text[end:]))


def _hidden(spans: Iterable[Span], clearance: Clearance) -> Iterator[tuple[int, int, DataClass]]:
    beyond = sorted((s for s in spans if clearance.hides(s.cls)), key=lambda s: (s.start, -s.end))
    current: tuple[int, int, DataClass] | None = None
    for span in beyond:
        if current is not None and span.start < current[1]:
            current = (current[0], max(current[1], span.end), current[2])
            continue
        if current is not None:
            yield current
        current = (span.start, span.end, span.cls)
    if current is not None:
        yield current


def without(text: str, spans: Iterable[Span]) -> str:
    """A text with a space in the place of everything personal."""
    kept, at = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        kept.append(text[at : span.start])
        at = max(at, span.end)
    return " ".join((*kept, text[at:]))


def others(text: str, spans: Iterable[Span], own: Collection[str]) -> tuple[Span, ...]:
    """Those that are not the brand's `own` numbers and addresses, which may stand in public."""
    return tuple(s for s in spans if text[s.start : s.end].strip().lower() not in own)
