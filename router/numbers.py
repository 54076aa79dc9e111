"""Numbers that prove themselves: payment cards and bank accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from inbox.clearance import DataClass
from router.beside import STROKES, Found, either

FREE_LEFT = r"(?<![a-z0-9])(?<![a-z0-9][-/.])"
_LEFT = rf"(?:{FREE_LEFT}|(?<=[a-z]{{2}})|(?<=[a-z]{{2}}\.))"
"""A word may stick to a number. One letter before it is a part of it."""

_DIGITS = re.compile(rf"{_LEFT}\d(?:[ .\-_{STROKES}]{{0,3}}\d){{8,33}}(?!\d)")
_GROUP = re.compile(r"\d+")
LESS = re.compile(rf"\d[ .\-_{STROKES}]{{0,3}}$")
MORE = re.compile(rf"[ .\-_{STROKES}]{{0,3}}\d")
"""Digits before a number and behind it: a part of a longer one proves nothing."""

_ALIKE = re.compile(
    rf"{_LEFT}\d{{4}}(?P<sign>\W{{1,3}})"
    r"(?:\d{4}(?P=sign)\d{4}(?P=sign)\d{4}|\d{6}(?P=sign)\d{4,5})(?!\d)"
)
"""Grouped as on a card, with the same sign between all groups, whatever sign."""


_FOURS = rf"\d{{4}}(?:[ .\-{STROKES}]?\d{{4}}){{0,2}}"
_CUT = re.compile(
    rf"{_LEFT}(?P<one>{_FOURS})(?!\d)(?=(?P<words>\D{{2,60}})(?P<other>{_FOURS})(?!\d))"
)
_COUNTRY = re.compile(r"(?<![0-9])[a-z]{2}[ .:/_\-]?\d\d")
_IBAN_WORD = re.compile(
    r"(?<![a-z])(?:iban|hesa[bp]|cont|account|konto|cuenta|compte|conta|rib)"
    r"|" + either("счет 口座", whole=False)
)
_CARD_WORD = re.compile(
    r"(?<![a-z])(?:card|kart|cc|cb|visa|master|amex|maestro|tarjeta|carta|carte|cartao)"
    r"|" + either("карт カード", whole=False)
)
_BESIDE = 48
"""Characters between a word for a card or an account and a number whose check is wrong."""

_BEHIND = 24
"""The same where the word follows the number."""

_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:30[0-5]\d|3[689]\d\d)\d{10}(?:\d\d)?"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|6(?:011|4[4-9]\d|5\d\d|2\d\d)\d{12,15}"  # Discover, UnionPay
    r"|8[12]\d{14}"  # RuPay
    r"|(?:5[06-8]|6\d)\d{11,17}"  # Maestro
    r"|220[0-4]\d{12,15}"  # Mir
    r"|9792\d{12}"  # Troy
)
"""Beginnings and lengths that the card schemes have given out (ISO/IEC 7812)."""

_DIGITS_OF_MOST = 12
"""Digits of an IBAN whose check is wrong, at least."""

_LENGTHS = {
    country: int(length)
    for country, length in re.findall(
        r"([a-z]{2})(\d{2})",
        "ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 bi27 br29 by28 ch21 cr22 cy28 cz24 de22 dj27"
        " dk18 do28 ee20 eg29 es24 fi18 fk18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hn28 hr21 hu28"
        " ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 lc32 li21 lt20 lu20 lv21 ly25 mc27 md24 me22"
        " mk19 mn20 mr27 mt31 mu30 ni28 nl18 no15 om23 pk24 pl28 ps29 pt25 qa29 ro24 rs22 ru33 sa24"
        " sc31 sd18 se24 si19 sk24 sm27 so23 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20 ye30",
    )
}
"""Characters of an IBAN by country (SWIFT, IBAN Registry)."""


def cards(text: str) -> Iterator[Found]:
    """Runs of 13 to 19 digits with the beginning of a scheme and a right Luhn digit, the longest
    first: a part of a number may look like one by chance.

    Beside a word for a card the Luhn digit may be wrong: people mistype.
    """
    found = [*windows(text, 13, 19), *_alike(text)]
    for start, end, digits in sorted(found, key=lambda one: -len(one[2])):
        if not _CARD.fullmatch(digits) or len(set(digits)) == 1:
            continue
        likely = len(digits) >= 15 and _is_called_card(text, start, end)
        if _proves_card(digits) or likely:
            yield start, end, DataClass.CARD
    yield from _halves(text)


def _alike(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _ALIKE.finditer(text):
        yield match.start(), match.end(), "".join(_GROUP.findall(match[0]))


def _is_called_card(text: str, start: int, end: int) -> bool:
    before = _CARD_WORD.search(text, max(0, start - _BESIDE), start)
    return (before or _CARD_WORD.search(text, end, end + _BEHIND)) is not None


def _halves(text: str) -> Iterator[Found]:
    """A card that words cut in two: "4539 6792, wait, 1334 8835"."""
    for match in _CUT.finditer(text):
        halves = match.span("one"), match.span("other")
        digits = "".join(_GROUP.findall(match["one"] + match["other"]))
        if len(digits) == 16 and _CARD.fullmatch(digits) and _proves_card(digits):
            alike = len(match["one"]) == len(match["other"]) or _CARD_WORD.search(text)
            if alike and all(alone(text, *half) for half in halves):
                yield from ((*half, DataClass.CARD) for half in halves)


# Most texts hold no number, and what stdnum brings along takes 15 ms to import.


def _proves_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(digits))


def _proves_account(written: str) -> bool:
    from stdnum import iban

    # the tables of a country's banks are older than many an account
    return bool(iban.is_valid(written, check_country=False))


def windows(text: str, least: int, most: int) -> Iterator[tuple[int, int, str]]:
    """Groups of digits that stand together, as one number of `least` to `most` digits."""
    for run in _DIGITS.finditer(text):
        if run.end() - run.start() < least:
            continue
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group[0]
                if len(digits) > most:
                    break
                if len(digits) >= least:
                    yield groups[first].start(), group.end(), digits


def alone(text: str, start: int, end: int) -> bool:
    return not (MORE.match(text, end) or LESS.search(text, max(0, start - 4), start))


def ibans(text: str) -> Iterator[Found]:
    """Account numbers of the right length for their country with a right mod-97 check.

    Beside the word IBAN the check may be wrong.
    """
    for country in _COUNTRY.finditer(text):
        account = _account(text, country.start())
        if account is None:
            continue
        written = re.sub(r"[\W_]", "", account[0])
        if _proves_account(written) or (
            _mostly_digits(written)
            and _IBAN_WORD.search(text, max(0, account.start() - _BESIDE), account.start())
        ):
            yield account.start(), account.end(), DataClass.IBAN


def _mostly_digits(written: str) -> bool:
    """Words that follow a country by chance have few."""
    digits = sum(map(str.isdigit, written))
    return digits >= _DIGITS_OF_MOST and 2 * digits >= len(written)


def _account(text: str, start: int) -> re.Match[str] | None:
    """As many letters and digits as an account of the country that is named there has."""
    length = _LENGTHS.get(text[start : start + 2])
    return _of_length(length).match(text, start) if length else None


@cache
def _of_length(length: int) -> re.Pattern[str]:
    return re.compile(rf"[a-z0-9](?:[\W_]{{0,3}}[a-z0-9]){{{length - 1}}}(?!\d)")
