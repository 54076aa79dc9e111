"""Numbers that prove themselves: payment cards and bank accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import DASH, Found, either

FREE_LEFT = r"(?<![a-z0-9])(?<![a-z0-9][-/.])"
_DIGITS = re.compile(
    rf"(?:{FREE_LEFT}|(?<=[a-z]{{4}}))\d(?:[ .\-_{DASH}]{{0,3}}\d){{8,33}}(?![a-z0-9])"
)
_GROUP = re.compile(r"\d+")
_IBAN = re.compile(rf"(?<![a-z0-9])[a-z]{{2}} ?\d{{2}}(?:[ .\-{DASH}]?[a-z0-9]){{11,32}}")
_IBAN_WORD = re.compile(
    r"(?<![a-z])(?:iban|hesap|cont|account|konto|cuenta|compte|conta|rib)"
    r"|" + either("счет 口座", whole=False)
)
_CARD_WORD = re.compile(
    r"(?<![a-z])(?:card|kart|cc|cb|visa|master|amex|maestro|tarjeta|carta|carte|cartao)"
    r"|" + either("карт カード", whole=False)
)
_BESIDE = 32
"""Characters between a word for a card or an account and a number whose check is wrong."""

_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:30[0-5]\d|3[689]\d\d)\d{10}(?:\d\d)?"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|6(?:011|4[4-9]\d|5\d\d|2\d\d)\d{12,15}"  # Discover, UnionPay
    r"|(?:5[06-8]|6\d)\d{11,17}"  # Maestro
    r"|220[0-4]\d{12,15}"  # Mir
    r"|9792\d{12}"  # Troy
)
"""Beginnings and lengths that the card schemes have given out (ISO/IEC 7812)."""

_BANK_LETTERS = 6
"""Letters behind the country, at most, where the check is wrong: more are words."""

_LENGTHS = {
    country: int(length)
    for country, length in re.findall(
        r"([a-z]{2})(\d{2})",
        "ae23 at20 be16 bg22 br29 ch21 cy28 cz24 de22 dk18 ee20 es24 fi18 fr27 gb22 gr27 hr21"
        " hu28 ie22 il23 it27 lt20 lu20 lv21 md24 nl18 no15 pl28 pt25 ro24 rs22 se24 si19 sk24 tr26"
        " ua29",
    )
}
"""Characters of an IBAN by country (SWIFT, IBAN Registry)."""


def cards(text: str) -> Iterator[Found]:
    """Runs of 13 to 19 digits with the beginning of a scheme and a right Luhn digit.

    Beside a word for a card the Luhn digit may be wrong: people mistype.
    """
    for start, end, digits in windows(text, 13, 19):
        if not _CARD.fullmatch(digits) or len(set(digits)) == 1:
            continue
        if _proves_card(digits) or (
            len(digits) >= 15 and _CARD_WORD.search(text, max(0, start - _BESIDE), start)
        ):
            yield start, end, DataClass.CARD


# Most texts hold no number, and what stdnum brings along takes 15 ms to import.


def _proves_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(digits))


def _proves_account(written: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(written))


def windows(text: str, least: int, most: int) -> Iterator[tuple[int, int, str]]:
    """Groups of digits that stand together, as one number of `least` to `most` digits."""
    for run in _DIGITS.finditer(text):
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group[0]
                if len(digits) > most:
                    break
                if len(digits) >= least:
                    yield groups[first].start(), group.end(), digits


def ibans(text: str) -> Iterator[Found]:
    """Account numbers of the right length for their country with a right mod-97 check.

    Beside the word IBAN the check may be wrong.
    """
    for match in _IBAN.finditer(text):
        end = _iban_end(match[0])
        if not end and _IBAN_WORD.search(text, max(0, match.start() - _BESIDE), match.start()):
            end = _as_long_as_one(match[0])
        if end:
            yield match.start(), match.start() + end, DataClass.IBAN


def _iban_end(candidate: str) -> int:
    for end in range(len(candidate), 14, -1):
        boundary = end == len(candidate) or not candidate[end].isalnum()
        if boundary and _proves_account(re.sub(r"[^a-z0-9]", "", candidate[:end])):
            return end
    return 0


def _as_long_as_one(candidate: str) -> int:
    wanted = _LENGTHS.get(candidate[:2], 0)
    for end, _ in enumerate(candidate, 1):
        if wanted and sum(map(str.isalnum, candidate[:end])) == wanted:
            return end if sum(map(str.isalpha, candidate[2:end])) <= _BANK_LETTERS else 0
    return 0
