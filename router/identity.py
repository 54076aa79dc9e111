"""National identity numbers: those that prove themselves, and those that a word announces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from inbox.clearance import DataClass
from router.beside import LINK, STROKES, Found, Places, counts, either
from router.dates import DATE
from router.numbers import FREE_LEFT, windows

_NUMBERS = {
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

_SHAPES = {
    "en": (
        (r"\d{3}-\d{2}-\d{4}(?![a-z0-9\-])", ""),
        (r"[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d\d ?\d\d ?\d\d ?[a-d](?![a-z0-9])", ""),
    ),
    "ru": ((r"\d{3}-\d{3}-\d{3}[ \-]\d{2}(?![0-9])", ""),),
    "pt": ((r"\d{3}\.\d{3}\.\d{3}-\d{2}(?![0-9])", ""),),
    "es": (
        (r"\d{8}[ \-]?[a-z](?![a-z0-9])", "stdnum.es.dni"),
        (r"[xyz][ \-]?\d{7}[ \-]?[a-z](?![a-z0-9])", "stdnum.es.nie"),
        (r"[a-z]{4}\d{6}[hm][a-z]{5}[a-z0-9]\d(?![a-z0-9])", "stdnum.mx.curp"),
    ),
    "fr": ((r"[12] \d\d \d\d (?:\d\d|2[ab]) \d{3} \d{3}(?: \d\d)?(?![0-9])", ""),),
}
"""By language: shapes that nothing else has, and the module that must agree, if one must."""

_COMPILED = {
    code: tuple((re.compile(FREE_LEFT + shape), module) for shape, module in shapes)
    for code, shapes in _SHAPES.items()
}
_NO = r"(?:,? ?" + either("nr no номер numărul nr. number n", whole=False) + r"\.?)?[ :№]{0,2}"
_NAMED = re.compile(
    rf"{LINK}(?P<it>\d\d ?\d\d,?{_NO}\d{{6}}(?!\d)|[a-z]{{2}},?{_NO} ?\d{{6,7}}"
    r"(?: ?[a-d])?(?![a-z0-9])"
    rf"|[a-z]{{0,4}}[ \-]?\d(?:[ .\-/{STROKES}]{{0,2}}\d){{5,14}}"
    r"(?:[a-z]{1,2}|[ \-][a-z])?(?![a-z0-9])"
    r"|(?=[a-z]*\d[a-z]*\d[a-z]*\d)[a-z0-9]{7,18}(?![a-z0-9]))"
)
_ASKED = re.compile(
    rf"{LINK}\?{LINK}(?P<it>[a-z]{{0,3}}\d(?:[ .\-/{STROKES}]{{0,2}}\d){{7,14}}[a-z]?)(?![a-z0-9])"
)
"""An answer to a question repeated: more must speak for it."""

_SOCIAL = re.compile(
    rf"social(?<![a-z]social){LINK}(?P<it>\d{{3}}[ .\-]?\d\d[ .\-]?\d{{4}})(?![a-z0-9])"
)
_BEFORE = re.compile(
    r"(?<![a-z0-9а-я.,/\-])(?P<it>\d{9,14}) ?"
    r"(?:nolu |numarali |is (?:my|the) |(?:est|es|ist|это) |\()?$"
)
_DATE = re.compile(DATE)
_AREA = re.compile(r"0\d{3}[ \-]\d{3}[ \-]\d{4}(?!\d)")
"""A telephone with its area may have a paper's check digits by chance."""

_LESS = re.compile(rf"\d[ .\-_{STROKES}]{{0,3}}$")
_MORE = re.compile(rf"[ .\-_{STROKES}]{{0,3}}\d")
"""A part of a longer number proves nothing."""


def named_ids(text: str, near: Places) -> Iterator[Found]:
    """What a word for an identity paper announces, with right check digits or wrong: people
    mistype. At least six digits, and no date: papers expire."""
    for start, end in near:
        match = _NAMED.match(text, end, end + 90)
        if match is None or _DATE.fullmatch(match["it"]):
            match = _ASKED.match(text, end, end + 90) or _BEFORE.search(
                text, max(0, start - 40), start
            )
        if match and not counts(text, *match.span("it")):
            yield match.start("it"), match.end("it"), DataClass.NATIONAL_ID
    for match in _SOCIAL.finditer(text):
        yield match.start("it"), match.end("it"), DataClass.NATIONAL_ID


def national_ids(text: str, languages: tuple[str, ...]) -> Iterator[Found]:
    """Identity numbers of these languages' countries that need no word beside them."""
    for code in languages:
        for shape, module in _COMPILED.get(code, ()):
            for match in shape.finditer(text):
                if not module or _validator(module)(match[0]):
                    yield match.start(), match.end(), DataClass.NATIONAL_ID
    kinds = [kind for code in languages for kind in _NUMBERS.get(code, ())]
    found = sorted(windows(text, 11, 15), key=lambda one: -len(one[2])) if kinds else ()
    for start, end, digits in found:
        alone = not _MORE.match(text, end) and not _LESS.search(text, max(0, start - 4), start)
        alone = alone and not _AREA.match(text, start)
        if alone and len(set(digits)) > 1 and any(_proved(text, digits, *kind) for kind in kinds):
            yield start, end, DataClass.NATIONAL_ID


def _proved(text: str, digits: str, module: str, length: int) -> bool:
    if len(digits) != length or not _validator(module)(digits):
        return False
    shape = _ONLY_AS.get(module)
    return shape is None or shape.fullmatch(text) is not None


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
