"""Where personal data stands in a text. Works on the normal form and tells places in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.clearance import DataClass, Span
from router.normal import Normal
from router.numbers import Found, cards, ibans, national_ids

Nearby = Mapping[str, Sequence[tuple[int, int]]]
"""Where the words of each `near` section of the lexicons stand."""

REGIONS = {
    "de": ("DE", "AT", "CH"),
    "en": ("US", "GB"),
    "es": ("ES", "MX"),
    "fr": ("FR",),
    "ja": ("JP",),
    "pt": ("PT", "BR"),
    "ro": ("RO", "MD"),
    "ru": ("RU",),
    "tr": ("TR",),
}
"""Countries whose phone numbers are known without their country code, by language."""

_MAY_HOLD = re.compile(r"[0-9@]|[ (\[{]at[ )\]}]")
_SAID = frozenset({"password"})
_FREE = r"(?<![a-z0-9])"
_EMAIL = re.compile(
    r"(?<![\w@.+\-])[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}"
)
_PROVIDER = r"(?:gmail|outlook|hotmail|yahoo|icloud|proton|protonmail|yandex|mail|gmx|web)"
_AT = r" ?(?:\(at\)|\[at\]|\{at\}| at ) ?"
_DOT = r" ?(?:\(dot\)|\[dot\]|\{dot\}| dot ) ?"
_SPELLED = re.compile(
    _FREE + rf"[a-z0-9][a-z0-9._+\-]{{1,63}}{_AT}"
    rf"(?:[a-z0-9\-]{{2,63}}{_DOT}[a-z]{{2,12}}|{_PROVIDER}\.[a-z]{{2,4}})(?![a-z0-9])"
)
_PHONE = re.compile(_FREE + r"(?:\+|00)?\(?\d(?:[ \-./()]{0,2}\d){6,14}(?![a-z0-9])")
_NUMBER = re.compile(r"[ :#№\-=(]{0,4}(?P<it>[a-z]{0,4}[\-/]?\d[\d\-/]{2,18}[a-z]?(?![a-z0-9]))")
_NATIONAL = 9
"""Digits of a phone number without its country code, at least."""

_GROUPED = re.compile(r"^0|[ \-/().]")
_DATE = re.compile(
    _FREE + r"(?:\d{1,2}[./\- ]\d{1,2}[./\- ](?:19|20)?\d\d|(?:19|20)\d\d[./\-]\d{1,2}[./\-]\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? ?(?:of )?[^\W\d]{3,12},? (?:19|20)\d\d"
    r"|[^\W\d]{3,12} \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    r"|(?:19|20)\d\d年\d{1,2}月\d{1,2}日)(?![a-z0-9])"
)
_CODE = re.compile(r"(?<![\w\-])\d{3,4}[ \-]?\d{0,4}(?![\w\-])")
_SECRET = re.compile(
    r"[ \"'“”«»(]{0,2}(?P<mark>[:=]|is|was|este|e|to|это|は|が)?"
    r"[ :=\"'“”«»]{0,3}(?P<it>[^\s\"”»,;]{4,64})"
)
_BESIDE = 24
"""Characters between a word that says what follows and what follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Finds spans of personal data.

    `languages` name the identity numbers that are known, `regions` the countries whose phone
    numbers are, `orders` are compiled regular expressions of the team's own order numbers.
    """

    languages: tuple[str, ...]
    regions: tuple[str, ...]
    orders: tuple[Any, ...] = ()

    def spans(self, normal: Normal, near: Nearby) -> tuple[Span, ...]:
        """In the order of the text, none over another; indexes of the text as it was written."""
        text = normal.text
        if not _MAY_HOLD.search(text) and near.keys().isdisjoint(_SAID):
            return ()
        taken: list[Found] = []
        for found in self._all(text, near):
            if not any(start < found[1] and found[0] < end for start, end, _ in taken):
                taken.append(found)
        places = ((normal.original(start, end), cls) for start, end, cls in sorted(taken))
        return tuple(Span(start=start, end=end, cls=cls) for (start, end), cls in places)

    def _all(self, text: str, near: Nearby) -> Iterator[Found]:
        """The surest first: what is found later yields where both claim the same place."""
        yield from cards(text)
        yield from ibans(text)
        yield from emails(text)
        yield from self._orders(text, near)
        yield from national_ids(text, self.languages, named="id" in near)
        yield from birth_dates(text, near.get("birth", ()))
        yield from codes(text, near.get("code", ()))
        yield from passwords(text, near.get("password", ()))
        yield from self._phones(text, near)

    def _orders(self, text: str, near: Nearby) -> Iterator[Found]:
        for pattern in self.orders:
            for match in pattern.finditer(text):
                yield match.start(), match.end(), DataClass.ORDER_NUMBER
        for _, end in near.get("order", ()):
            if beside := _NUMBER.match(text, end):
                yield beside.start("it"), beside.end("it"), DataClass.ORDER_NUMBER

    def _phones(self, text: str, near: Nearby) -> Iterator[Found]:
        for match in _PHONE.finditer(text):
            if self._is_phone(match[0], named=_after(near.get("phone", ()), match.start())):
                yield match.start(), match.end(), DataClass.PHONE

    def _is_phone(self, written: str, *, named: bool) -> bool:
        """Valid with its country code, or valid in a country of the team and written as one."""
        if named:
            return True
        if written.startswith(("+", "00")):
            return _valid_phone(f"+{written.lstrip('+0')}", None)
        if sum(map(str.isdigit, written)) < _NATIONAL or not _GROUPED.search(written):
            return False
        return any(_valid_phone(written, region) for region in self.regions)


def _valid_phone(written: str, region: str | None) -> bool:
    import phonenumbers  # its tables cost 5 MB, and most texts hold no number

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def emails(text: str) -> Iterator[Found]:
    """Addresses as they are written, and those spelled with at and dot. `@ana@host` is a handle."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.start(), match.end(), DataClass.EMAIL
    if "at" in text:
        for match in _SPELLED.finditer(text):
            yield match.start(), match.end(), DataClass.EMAIL


def birth_dates(text: str, near: Iterable[tuple[int, int]]) -> Iterator[Found]:
    """Dates up to 24 characters beside a word for birth."""
    for start, end in near:
        match = _DATE.search(text, max(0, start - _BESIDE), end + _BESIDE + 20)
        if match and match.start() - end <= _BESIDE:
            yield match.start(), match.end(), DataClass.BIRTH_DATE


def codes(text: str, near: Iterable[tuple[int, int]]) -> Iterator[Found]:
    """Three to eight digits up to 24 characters after a word for a secret code."""
    for _, end in near:
        match = _CODE.search(text, end, end + _BESIDE + 8)
        if match:
            yield match.start(), match.end(), DataClass.CREDENTIAL


def passwords(text: str, near: Iterable[tuple[int, int]]) -> Iterator[Found]:
    """What follows a word for a password, where it is marked as its value or looks like one."""
    for _, end in near:
        match = _SECRET.match(text, end)
        if match and _secret(match["it"], marked=match["mark"] in (":", "=")):
            yield match.start("it"), match.end("it"), DataClass.CREDENTIAL


def _secret(word: str, *, marked: bool) -> bool:
    bare = word.rstrip(".!?)")
    digits = any(char.isdigit() for char in bare)
    other = any(not char.isdigit() for char in bare)
    return len(bare) >= 4 and (marked or (digits and (other or len(bare) >= 6)))


def _after(near: Iterable[tuple[int, int]], at: int) -> bool:
    return any(0 <= at - end <= _BESIDE for _, end in near)
