"""Numbers of identity papers that are known by their shape and check digits, word or no word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from router.beside import STROKES
from router.numbers import FREE_LEFT

NUMBERS = {
    "ro": (("stdnum.ro.cnp", 13),),
    "tr": (("stdnum.tr.tckimlik", 11),),
    "ru": (("stdnum.ru.inn", 12), ("snils", 11)),
    "ja": (("stdnum.jp.in_", 12),),
    "fr": (("stdnum.fr.nir", 15),),
    "pt": (("stdnum.br.cpf", 11),),
    "de": (("stdnum.de.idnr", 11),),
}
"""By language: stdnum's module and digits of numbers whose check digits prove them."""

_ONLY_AS = {
    "stdnum.jp.in_": re.compile(
        rf".*[ぁ-んァ-ヶ一-龥].*|.*\d{{4}}[ {STROKES}\-]\d{{4}}[ {STROKES}\-]\d{{4}}.*", re.DOTALL
    ),
    "stdnum.de.idnr": re.compile(r".*\d\d \d{3} \d{3} \d{3}.*", re.DOTALL),
}
"""One check digit proves too little: the text must look like this too."""

_DAY_OF_TWO = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH_OF_TWO = r"(?:0[1-9]|1[0-2])"
_SHAPES = {
    "en": (
        (r"\d{3}-\d{2}-\d{4}(?![a-z0-9\-])", ""),
        (r"[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d\d ?\d\d ?\d\d ?[a-d](?![a-z0-9])", ""),
        # driving licence of Great Britain: five of the surname, a birthday, initials (DVLA)
        (
            rf"(?=[a-z]{{2}})[a-z9]{{5}}[ \-]?\d[0156]\d{_DAY_OF_TWO}\d"
            r"[ \-]?[a-z9]{2}\d[a-z]{2}(?: ?\d\d)?(?![a-z0-9])",
            "",
        ),
    ),
    "ru": ((r"\d{3}-\d{3}-\d{3}[ \-]\d{2}(?![0-9])", ""),),
    "pt": (
        (r"\d{3}\.\d{3}\.\d{3}-\d{2}(?![0-9])", ""),
        (r"\d{8}[ \-]?\d[ \-]?[a-z]{2}\d(?![a-z0-9])", "stdnum.pt.cc"),
    ),
    "es": (
        (r"\d{8}[ \-]?[a-z](?![a-z0-9])", "stdnum.es.dni"),
        (r"\d{1,2}\.\d{3}\.\d{3}[ \-]?[a-z](?![a-z0-9])", "stdnum.es.dni"),
        (r"[xyz][ \-]?\d{7}[ \-]?[a-z](?![a-z0-9])", "stdnum.es.nie"),
        (r"[a-z]{4}\d{6}[hm][a-z]{5}[a-z0-9]\d(?![a-z0-9])", ""),
        (r"\d{1,2}\.\d{3}\.\d{3}-[\dk](?![a-z0-9])", "stdnum.cl.rut"),
        (r"2[0347]-\d{8}-\d(?![a-z0-9\-])", "stdnum.ar.cuit"),
    ),
    "fr": ((r"[12] \d\d \d\d (?:\d\d|2[ab]) \d{3} \d{3}(?: \d\d)?(?![0-9])", ""),),
    "de": (
        # insurance of pensioners: an office, a birthday, a letter of the name (SGB VI, § 147)
        (rf"\d\d ?{_DAY_OF_TWO}{_MONTH_OF_TWO}\d\d ?[a-z] ?\d{{3}}(?![a-z0-9])", ""),
    ),
    "ja": ((r"[a-z]{2}\d{8}[a-z]{2}(?![a-z0-9])", ""),),
}
"""By language: shapes that nothing else has, and the module that must agree, if one must."""

_FOREIGN = (
    (r"756[. \-]?\d{4}[. \-]?\d{4}[. \-]?\d\d(?![a-z0-9])", "stdnum.ch.ssn"),
    (r"[a-z]{6} ?\d\d[a-ehlmprst]\d\d ?[a-z]\d{3}[a-z](?![a-z0-9])", ""),
    (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d(?![a-z0-9])", "stdnum.be.nn"),
    (r"\d{6}[\-+a]\d{3}[a-z0-9](?![a-z0-9\-])", "stdnum.fi.hetu"),
    (r"\d{6}-[1-4]\d{6}(?![a-z0-9\-])", ""),  # Republic of Korea
    (r"\d{17}[\dx](?![a-z0-9])", "stdnum.cn.ric"),
)
"""Of countries whose language is none of the nine: their people write in one of these."""

_NEAR_DIGITS = r"(?=[a-z9]{0,6}[ \-]?\d)"
"""All shapes begin so: few places of a text do."""

_ELSEWHERE = {
    9: (
        "stdnum.pt.nif",
        "stdnum.ca.sin",
        "stdnum.nl.bsn",
        "stdnum.au.tfn",
    ),
    10: ("stdnum.gb.nhs", "stdnum.at.vnr"),
    11: (
        "stdnum.br.cpf",
        "stdnum.tr.tckimlik",
        "stdnum.de.idnr",
        "stdnum.pl.pesel",
        "stdnum.be.nn",
        "snils",
    ),
    12: ("stdnum.in_.aadhaar", "stdnum.jp.in_", "stdnum.ru.inn"),
    13: ("stdnum.ro.cnp", "stdnum.ch.ssn"),
    15: ("stdnum.fr.nir",),
}
_LETTERED = ("stdnum.es.dni", "stdnum.es.nie", "stdnum.it.codicefiscale")
_NINO = re.compile(r"[a-ceghj-prstw-z][a-ceghj-nprstw-z]\d{6}[a-d]")


def shaped(text: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where a shape stands that only a paper has."""
    maybe, shapes = _shapes(languages)
    if maybe.search(text):
        for shape, module in shapes:
            for match in shape.finditer(text):
                if not module or valid(module, match[0]):
                    yield match.span()


@cache
def _shapes(
    languages: tuple[str, ...],
) -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], str]]]:
    """A pattern for them all, which is asked once, and each with its module."""
    shapes = [*_FOREIGN, *(one for code in languages for one in _SHAPES.get(code, ()))]
    every = "|".join(shape for shape, _ in shapes)
    return (
        re.compile(f"{FREE_LEFT}{_NEAR_DIGITS}(?:{every})"),
        [(re.compile(FREE_LEFT + shape), module) for shape, module in shapes],
    )


def proves(text: str, digits: str, language: str) -> bool:
    """Is this run of digits, which stands in `text`, a paper of a country of the language?"""
    return any(
        len(digits) == length and valid(module, digits) and _looks(text, module)
        for module, length in NUMBERS.get(language, ())
    )


def _looks(text: str, module: str) -> bool:
    shape = _ONLY_AS.get(module)
    return shape is None or shape.fullmatch(text) is not None


def whole(written: str) -> bool:
    """Has it the check digits of a paper of any country? Enough beside a word for one."""
    if not written.isdigit():
        return _NINO.fullmatch(written) is not None or any(valid(one, written) for one in _LETTERED)
    return any(valid(module, written) for module in _ELSEWHERE.get(len(written), ()))


def valid(module: str, written: str) -> bool:
    return _validator(module)(written)


@cache
def _validator(module: str) -> Callable[[str], bool]:
    if module == "snils":
        return snils
    check: Callable[[str], bool] = import_module(module).is_valid
    return check


def snils(digits: str) -> bool:
    """Insurance number of a person in Russia: nine digits and their weighted sum mod 101."""
    if digits[:9] == digits[0] * 9:
        return False
    total = sum(int(digit) * (9 - at) for at, digit in enumerate(digits[:9]))
    return total % 101 % 100 == int(digits[9:])
