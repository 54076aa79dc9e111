"""Numbers of identity papers that are known by their shape and check digits, word or no word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from inbox.clearance import DataClass
from router.beside import STROKES, Found, either
from router.numbers import FREE_LEFT, LESS, MORE, windows

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
        rf"[ぁ-んァ-ヶ一-龥]|\d{{4}}[ {STROKES}\-]\d{{4}}[ {STROKES}\-]\d{{4}}"
    ),
    "stdnum.de.idnr": re.compile(r"\d\d \d{3} \d{3} \d{3}"),
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
            r"[ \-]?[a-z9]{2} ?\d ?[a-z]{2}(?: ?\d\d)?(?![a-z0-9])",
            "",
        ),
        # driving licences of the United States that begin with the sound of a surname (Soundex)
        (r"[a-z][ \-]?\d{3}-\d{3}-\d\d-\d{3}-\d(?![a-z0-9\-])", ""),
        (r"[a-z]-?\d{3}-\d{3}-\d{3}-\d{3}(?![a-z0-9\-])", ""),
        (r"[a-z]\d{3}-\d{4}-\d{4}(?:-\d\d)?(?![a-z0-9\-])", ""),
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
_ISSUED = re.compile(r"[a-ceghj-prstw-z][a-ceghj-nprstw-z]\d{6}[a-d]|[a-z]{2}\d{7}")
"""National Insurance of the United Kingdom, passports of Japan and Italy."""


_AREA = re.compile(r"0\d{3}[ \-]\d{3}[ \-]\d{4}(?!\d)")
"""A telephone with its area may have a paper's check digits by chance."""

_CARD_BEHIND = re.compile(
    r"[ ,;/|]{1,3}(?:\d{1,2}[.)] ?|(?:(?:si|serie|seria|ci|buletin|nr)[ .:]{1,2})*)"
    r"(?P<it>[a-z]{2} ?\d{6})(?![a-z0-9])"
)
_CARD_BEFORE = re.compile(r"(?<![a-z0-9])(?P<it>[a-z]{2} ?\d{6})[ ,;/|]{1,3}$")
"""An identity card of Romania told with the number of its owner (CNP)."""

_BARCODE = re.compile(
    either(
        "barcod barkod barcode штрихкод штрих-код strichcode code-barre código_de_barras"
        " codigo_de_barra cod_de_bare gtin バーコード",
        whole=False,
    )
    + "|"
    + either("ean")
)
_ITEM_BEFORE = re.compile(r"(?<!\d)(?<!\d[ .])\d{1,2}[.)] $")
_ITEM_BEHIND = re.compile(r",? \d{1,2}[.)] ")
"""Numbers of answers in a list."""

_EXAMPLE = re.compile(
    either(
        "e.g. e.g eg example sample format z.b. zb beispiel p.ex. ex. exemple например напр. örnek"
        " örneğin mesela exemplu exemplo ejemplo"
    )
    + r"[ :,\"'(«„“]{0,4}$|(?:例|例えば)[ :、はが「]{0,3}$"
)

_SURE = re.compile(
    either("полис омс енп", whole=False)
    + r"[^0-9!?]{0,40}?(?P<policy>\d{4}(?:[ \-]?\d{4}){3})(?!\d)"
    r"|(?<![a-z.])c\.?c\.?[ :#no°º.]{0,6}(?P<cedula>\d{1,3}(?:\.\d{3}){2,3})(?![\d\-])"
    rf"|{FREE_LEFT}(?P<cnp>[56]\d{{12}})(?!\d)"
)
_MAYBE_SURE = re.compile(r"5\d{12}|6\d{12}|cc|c\.c|полис|омс|енп")
"""Beginnings of letters and digits themselves are found the fastest."""

_SURELY = {"policy": "stdnum.luhn", "cnp": "stdnum.ro.cnp"}
"""Health policies of Russia have the check digit of cards, some Romanians' numbers their
beginning (Maestro), Colombia's are announced as an account may be: they are asked before those."""


def sure_ids(text: str) -> Iterator[Found]:
    """Those that cards or accounts would claim."""
    if not _MAYBE_SURE.search(text):
        return
    for match in _SURE.finditer(text):
        kind = match.lastgroup or ""
        check = _SURELY.get(kind)
        if check is None or valid(check, re.sub(r"\D", "", match[kind])):
            yield *match.span(kind), DataClass.NATIONAL_ID


def national_ids(text: str, languages: tuple[str, ...]) -> Iterator[Found]:
    """Identity numbers of these languages' countries that need no word beside them."""
    for start, end in shaped(text, languages):
        if not example(text, start):
            yield start, end, DataClass.NATIONAL_ID
    modules = _modules(languages)
    for start, end, digits in sorted(windows(text, 11, 15), key=lambda one: -len(one[2])):
        if (
            len(set(digits)) > 1
            and _alone(text, start, end)
            and any(_looks(text, one) and valid(one, digits) for one in modules[len(digits)])
            and not _BARCODE.search(text, max(0, start - 24), end + 24)
        ):
            yield start, end, DataClass.NATIONAL_ID
            if card := len(digits) == 13 and _card_beside(text, start, end):
                yield *card.span("it"), DataClass.NATIONAL_ID


@cache
def _modules(languages: tuple[str, ...]) -> dict[int, list[str]]:
    """What may prove a number of so many digits."""
    known = [one for code in languages for one in NUMBERS.get(code, ())]
    return {digits: [name for name, own in known if own == digits] for digits in range(11, 16)}


def _card_beside(text: str, start: int, end: int) -> re.Match[str] | None:
    return _CARD_BEHIND.match(text, end) or _CARD_BEFORE.search(text, max(0, start - 16), start)


def _alone(text: str, start: int, end: int) -> bool:
    less = LESS.search(text, max(0, start - 4), start) is not None
    more = MORE.match(text, end) is not None
    if text[start:end].isdigit():
        less = less and not _ITEM_BEFORE.search(text, max(0, start - 8), start)
        more = more and not _ITEM_BEHIND.match(text, end)
    return not (less or more or _AREA.match(text, start))


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


def _looks(text: str, module: str) -> bool:
    shape = _ONLY_AS.get(module)
    return shape is None or shape.search(text) is not None


def whole(written: str) -> bool:
    """Has it the check digits of a paper of any country? Enough beside a word for one."""
    if not written.isdigit():
        return bool(_ISSUED.fullmatch(written)) or any(valid(one, written) for one in _LETTERED)
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


def example(text: str, start: int) -> bool:
    """Do its writers only show what one looks like?"""
    return _EXAMPLE.search(text, max(0, start - 14), start) is not None
