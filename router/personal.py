"""Where personal data stands in a text. Works on the normal form and tells places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.clearance import DataClass, Span
from router.accounts import accounts, proven_accounts
from router.addresses import addresses
from router.beside import Found, Near, apart, over
from router.codes import card_codes, codes
from router.credentials import passwords
from router.dates import bare_births, birth_dates
from router.dictated import zeros
from router.emails import emails
from router.glued import glued
from router.identity import named_ids
from router.normal import Normal
from router.numbers import cards, ibans
from router.papers import national_ids, sure_ids
from router.parcels import parcels
from router.phones import Phones
from router.references import references

REGIONS = {
    "de": ("DE", "AT", "CH"),
    "en": ("US", "GB", "AU", "IE"),
    "es": ("ES", "MX", "AR"),
    "fr": ("FR", "BE"),
    "ja": ("JP",),
    "pt": ("PT", "BR"),
    "ro": ("RO", "MD"),
    "ru": ("RU",),
    "tr": ("TR",),
}
"""Countries whose phone numbers are known without their country code, by language."""

_DIGIT = re.compile(r"\d")
_BETWEEN = " ,.;:/|-"
_FOREIGN = re.compile(r"[^\D0-9]")
_SIX = re.compile(r"\d(?:[^\d\n]{0,3}\d){5}")
"""Cards, accounts, papers and telephones have six digits near one another, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Finds spans of personal data.

    `languages` name the identity numbers that are known, `regions` the countries whose phone
    numbers are, `orders` are compiled regular expressions of the team's own order numbers.
    """

    languages: tuple[str, ...]
    regions: tuple[str, ...]
    orders: tuple[Any, ...] = ()

    def spans(self, normal: Normal, near: Near) -> tuple[Span, ...]:
        """In the order of the text, none over another; indexes of the text as it was written."""
        taken: list[Found] = []
        claimed = bytearray(len(normal.text))
        for found in self._all(normal, apart(normal.text, near), taken):
            for start, end, cls in _left(normal.text, found, taken, claimed):
                taken.append((start, end, cls))
                claimed[start:end] = b"1" * (end - start)
        places = ((normal.original(start, end), cls) for start, end, cls in sorted(taken))
        return tuple(Span(start=start, end=end, cls=cls) for (start, end), cls in places)

    def _all(self, normal: Normal, near: Near, taken: Sequence[Found]) -> Iterator[Found]:
        """The surest first: what is found later yields where both claim the same place, of which
        `taken` holds those so far."""
        text = normal.text
        digit = _DIGIT.search(text) is not None
        long = digit and _SIX.search(text) is not None
        if long:
            text = _plain(text)
            yield from ibans(text)
            yield from sure_ids(text)
            yield from proven_accounts(text)
            yield from cards(text)
            yield from card_codes(text, taken)
            yield from parcels(normal)
        yield from emails(text)
        yield from self._orders(text)
        if digit:
            yield from self._numbers(text, near, taken, long=long)
        if near.get("password"):
            yield from passwords(normal, near["password"])
        if digit or near.get("order"):
            yield from references(normal, near)
        phones, calls = Phones(regions=self.regions), near.get("phone", ())
        oral = zeros(text) if long else text
        if long:
            yield from phones.called(oral, calls, taken)
            yield from national_ids(text, self.languages)
        if digit or "丁目" in text:
            yield from addresses(normal)
        if calls:
            yield from phones.told(text, calls, taken)
        if long:
            yield from phones.find(oral, calls, taken)
        if digit:
            yield from bare_births(text, among=bool(taken))

    def _orders(self, text: str) -> Iterator[Found]:
        for pattern in self.orders:
            for match in pattern.finditer(text):
                yield match.start(), match.end(), DataClass.ORDER_NUMBER

    def _numbers(
        self, text: str, near: Near, taken: Sequence[Found], *, long: bool
    ) -> Iterator[Found]:
        yield from glued(text)
        if long:
            yield from accounts(text, near)
        yield from named_ids(text, near, long=long)
        yield from birth_dates(text, near.get("birth", ()), taken)
        if near.get("code"):
            yield from codes(text, near)


def _left(text: str, found: Found, taken: Sequence[Found], claimed: bytearray) -> Iterator[Found]:
    """Where a place is claimed already what is found yields, but of an address the rest is still
    one. `claimed` has a byte for each character, since there may be thousands `taken`."""
    start, end, cls = found
    if claimed.find(b"1", start, end) < 0:
        yield found
    elif cls is DataClass.ADDRESS:
        before = sorted(one for one in taken if over(start, end, [one]))
        if any(one[2] is cls for one in before):
            return
        for until, after in [*((one[0], one[1]) for one in before), (end, end)]:
            rest = text[start:until].strip(_BETWEEN)
            if rest:
                at = text.index(rest, start)
                yield at, at + len(rest), cls
            start = after


def _plain(text: str) -> str:
    """Digits of every script as those that the patterns know."""
    return text if text.isascii() else _FOREIGN.sub(lambda digit: str(int(digit[0])), text)
