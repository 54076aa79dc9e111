"""Telephone numbers: valid in a country of the team, international, or announced by a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inbox.clearance import DataClass
from router.beside import DASH, FREE, Found, Places, counts, goods, over

_PHONE = re.compile(
    FREE + rf"(?<![a-z0-9][.,/\-])(?:\+ ?|00)?\(?\d(?:[ .()/\-{DASH}]{{0,3}}\d){{5,14}}(?![a-z0-9])"
)
_NATIONAL = 9
"""Digits of a phone number without its country code, at least."""

_GROUPED = re.compile(rf"^0|^\(|[ /(){DASH}.\-]")
_SHAPES = re.compile(
    rf"\(?\d{{3}}\)?[ .{DASH}\-]\d{{3}}[.{DASH}\-]\d{{4}}"  # North America
    r"|[78][ (\-]{0,2}9\d\d[ )\-]{0,2}\d{3}[ \-]?\d\d[ \-]?\d\d"  # Russia, mobile
    rf"|0\d{{1,4}}[{DASH}\-]\d{{1,4}}[{DASH}\-]\d{{4}}"  # Japan
    r"|0 ?\(?5\d\d\)? ?\d{3} ?\d\d ?\d\d"  # Turkey, mobile
    r"|0[67](?:[ .\-]?\d\d){4}"  # France, mobile
    r"|\(\d\d\) ?9?\d{4}[ \-]\d{4}"  # Brazil
)
"""Written as a number of these countries, whether it is given out or made up."""

_DATE = re.compile(
    r"(?:19|20)\d\d[./\- ]\d{1,2}[./\- ]\d{1,2}(?: .*)?"
    r"|\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d\d(?: .*)?"
)
_BESIDE = 28
"""Characters between a word for a phone and the number, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phones:
    """`regions`: ISO 3166 codes of countries whose numbers are known without country code."""

    regions: tuple[str, ...]

    def find(self, text: str, near: Places, taken: Iterable[Found]) -> Iterator[Found]:
        """None over what is `taken`: to ask whether a card is a telephone takes a millisecond."""
        for match in _PHONE.finditer(text):
            start, end = match.span()
            written = match[0]
            if over(start, end, taken) or _DATE.fullmatch(written) or counts(text, start, end):
                continue
            if _named(text, near, start) or self._is_phone(written):
                yield start, end, DataClass.PHONE

    def _is_phone(self, written: str) -> bool:
        digits = sum(map(str.isdigit, written))
        if written.startswith(("+", "00")):
            return digits >= _NATIONAL and _possible(f"+{written.lstrip('+0 ')}")
        if _SHAPES.fullmatch(written):
            return True
        if digits < _NATIONAL or not _GROUPED.search(written):
            return False
        return any(_valid(written, region) for region in self.regions)


def _named(text: str, near: Places, at: int) -> bool:
    """Does a word for a phone stand before, with no other number and no new sentence between?"""
    return any(
        0 <= at - end <= _BESIDE
        and not re.search(r"[0-9!?。]|\. ", text[end:at])
        and not goods(text, start)
        for start, end in near
    )


def _possible(written: str) -> bool:
    import phonenumbers  # its tables cost 5 MB, and most texts hold no number

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(written, None))
    except phonenumbers.NumberParseException:
        return False


def _valid(written: str, region: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False
