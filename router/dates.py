"""Dates in the forms of nine languages, and those that a word for birth announces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import DASH, LINK, Found, Places, either

_MONTH = either(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " ianuarie februarie martie aprilie mai iunie iulie septembrie octombrie noiembrie decembrie"
    " ian iun iul noi ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık"
    " января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    " янв фев мар апр июн июл авг сен окт ноя дек"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " januar jänner februar märz juni juli oktober dezember dez"
    " janvier février mars avril juin juillet août septembre octobre novembre décembre"
    " janeiro fevereiro março maio junho julho setembro outubro novembro dezembro",
    whole=False,
)
_SEP = rf"[./\- {DASH}]"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|e|го|\.)?"
_YEAR = r"(?:19|20)\d\d"
_LINK_WORD = r"(?:,? (?:of |de |del |do )?|[.\-/])"
DATE = (
    rf"(?:{_YEAR} ?[./\-{DASH}] ?\d{{1,2}} ?[./\-{DASH}] ?\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}} ?{_SEP} ?\d{{1,2}} ?{_SEP} ?(?:{_YEAR}|'?\d\d)(?!\d)"
    rf"|{_DAY}{_LINK_WORD}{_MONTH}\.?{_LINK_WORD}(?:{_YEAR}|'?\d\d)(?!\d)(?: года| г\.)?"
    rf"|{_MONTH}\.? {_DAY},? {_YEAR}"
    r"|(?:(?:19|20)\d\d|(?:" + either("昭和 平成 令和 大正 s h", whole=False) + r")\d{1,2})"
    r" ?年 ?\d{1,2} ?月 ?\d{1,2} ?日?"
    r"|" + either("昭和 平成 令和", whole=False) + r" ?\d{1,2}[./\-]\d{1,2}[./\-]\d{1,2})"
)
_DATE = re.compile(rf"(?<![0-9a-z])(?<!\d[./\-])(?P<it>{DATE})")
_ANNOUNCED = re.compile(
    rf"{LINK}(?P<it>{DATE}|[mtshr]\d{{1,2}}[./\-]\d{{1,2}}[./\-]\d{{1,2}}(?!\d))"
)
"""Eras of Japan by their first letter are written so of other things, too."""

_FEAST = re.compile(
    either(
        "birthday gift doğum_günü doğum_günüm zi_de_naștere ziua день_рождения geburtstag",
        whole=False,
    )
    + "|"
    + either("誕生日 cumpleaños anniversaire aniversário", whole=False)
)
"""Words that speak of a feast as well: only a date right after them is one of birth."""

_BEFORE = 20
_AFTER = 36
"""Characters between a date and a word for birth after it, and before it, at most."""


def birth_dates(text: str, near: Places) -> Iterator[Found]:
    """Whole dates beside a word for birth, with no other number between."""
    for start, end in near:
        match = _ANNOUNCED.match(text, end)
        if match is None and not _FEAST.match(text, start):
            match = _beside(text, start, end)
        if match:
            yield match.start("it"), match.end("it"), DataClass.BIRTH_DATE


def _beside(text: str, start: int, end: int) -> re.Match[str] | None:
    following = _DATE.search(text, end, end + _AFTER + 24)
    if following and not _breaks(text[end : following.start()], _AFTER):
        return following
    for match in _DATE.finditer(text, max(0, start - _BEFORE - 24), start):
        if not _breaks(text[match.end() : start], _BEFORE):
            return match
    return None


def _breaks(between: str, most: int) -> bool:
    return len(between) > most or re.search(r"[0-9!?。]", between) is not None
