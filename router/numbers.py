"""Numbers that prove themselves: payment cards, bank accounts, national identity numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from stdnum import iban, luhn

from inbox.clearance import DataClass

Found = tuple[int, int, DataClass]

_FREE_LEFT = r"(?<![a-z0-9])(?<![a-z0-9][-/.])"
_DIGITS = re.compile(_FREE_LEFT + r"\d(?:[ .\-]{0,3}\d){8,33}(?![a-z0-9])")
_GROUP = re.compile(r"\d+")
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ \-]?[a-z0-9]){11,32}")

_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d+"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:30[0-5]|3[689])\d{11,16}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|6(?:011|4[4-9]\d|5\d\d|2\d\d)\d{12,15}"  # Discover, UnionPay
    r"|(?:5[06-8]|6\d)\d{11,17}"  # Maestro
    r"|220[0-4]\d{12,15}"  # Mir
    r"|9792\d{12}"  # Troy
)
"""Beginnings and lengths that the card schemes have given out (ISO/IEC 7812)."""


def cards(text: str) -> Iterator[Found]:
    """Runs of 13 to 19 digits with the beginning of a scheme and a right Luhn digit."""
    for start, end, digits in windows(text, 13, 19):
        if _CARD.fullmatch(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield start, end, DataClass.CARD


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
    """Account numbers of the right length for their country with a right mod-97 check."""
    for match in _IBAN.finditer(text):
        end = _iban_end(match[0])
        if end:
            yield match.start(), match.start() + end, DataClass.IBAN


def _iban_end(candidate: str) -> int:
    for end in range(len(candidate), 14, -1):
        boundary = end == len(candidate) or not candidate[end].isalnum()
        if boundary and iban.is_valid(candidate[:end]):
            return end
    return 0


_NATIONAL = {
    "ro": (("stdnum.ro.cnp", 13, False),),
    "tr": (("stdnum.tr.tckimlik", 11, False),),
    "ru": (("stdnum.ru.inn", 12, False), ("snils", 11, False)),
    "ja": (("stdnum.jp.in_", 12, True),),
    "en": (("stdnum.us.ssn", 9, True), ("stdnum.gb.nhs", 10, True)),
    "fr": (("stdnum.fr.nir", 15, False),),
    "pt": (("stdnum.br.cpf", 11, False), ("stdnum.pt.nif", 9, True)),
    "de": (("stdnum.de.idnr", 11, True),),
}
"""By language: stdnum's module, digits, and whether a word beside it must say what it is."""

_SSN = re.compile(_FREE_LEFT + r"\d{3}-\d{2}-\d{4}(?![a-z0-9-])")


def national_ids(text: str, languages: tuple[str, ...], *, named: bool) -> Iterator[Found]:
    """Identity numbers with right check digits; `named`: a word in the text says there is one."""
    kinds = [kind for code in languages for kind in _NATIONAL.get(code, ())]
    kinds = [kind for kind in kinds if named or not kind[2]]
    if "en" in languages:
        yield from (
            (match.start(), match.end(), DataClass.NATIONAL_ID)
            for match in _SSN.finditer(text)
            if _validator("stdnum.us.ssn")(match[0])
        )
    if not kinds:
        return
    for start, end, digits in sorted(windows(text, 9, 15), key=lambda found: -len(found[2])):
        if len(set(digits)) == 1:
            continue
        for module, length, _ in kinds:
            if len(digits) == length and _validator(module)(digits):
                yield start, end, DataClass.NATIONAL_ID
                break


@cache
def _validator(module: str) -> Callable[[str], bool]:
    if module == "snils":
        return snils
    valid: Callable[[str], bool] = import_module(module).is_valid
    return valid


def snils(digits: str) -> bool:
    """Insurance number of a person in Russia: nine digits and their weighted sum mod 101."""
    if digits[:9] == digits[0] * 9:
        return False
    total = sum(int(digit) * (9 - at) for at, digit in enumerate(digits[:9]))
    return total % 101 % 100 == int(digits[9:])
