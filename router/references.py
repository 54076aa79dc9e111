"""Numbers of orders, bookings, policies, contracts and customers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import LINK, Found, Places, counts, either
from router.normal import Normal

_WRITTEN = r"[a-zа-я0-9]{1,20}(?:[\-/.][a-zа-я0-9]{1,12}){0,4}"
_GROUPED = re.compile(
    rf"(?P<link>{LINK})(?P<it>4\d{{4}}[ .]\d{{3}}[ .]\d[ .]?\d{{4}}[ .]?\d{{7}}"
    r"|(?!(?:19|20)\d\d )(?=(?:\d ?){7})\d{3,5}(?: \d{2,5}){1,4}(?: \d)?)"
    r"(?![a-zа-я0-9]|[ ,./\-]?\d)"
)
"""Groups of digits, which are taken together or not at all: a number behind may be another's."""

_VALUE = re.compile(
    rf"(?P<link>{LINK})(?P<it>[a-zа-я]{{1,4}} \d{{5,14}}"
    rf"|\d\d \d{{6}} [a-z] \d{{3}}|[a-z]\d{{3,6}} \d{{4,6}}|{_WRITTEN})(?![a-zа-я0-9])"
)
_MARK = re.compile(
    either(
        "no nr num number id pnr ref numărul numărului număr număru cod codul numarası numaram"
        " kodu kodum номер код number's código número nummer nr. numéro n° code localizador"
    )
    + r"|[#:]|"
    + either("番号 コード nummer nr no kod numara номер", whole=False)
)
_PLAIN = re.compile(r"[a-zа-я]{0,5}[\-/ ]?\d{4,20}(?:[\-/][a-zа-я0-9]{1,12}){0,3}")
_VERB = re.compile(r"(?:\bto|\bi|\bwe|\bi'd|can i|could i|please|wanna|will|'ll|would) $")
_BEFORE = re.compile(
    r"(?<![a-z0-9а-я_.,/\-])(?P<it>[a-z]{0,4}-?\d{4,16}) ?(?:"
    r"(?:nolu|numarali|no'lu|sayili|is|ist|est|es|este|e|это|の|番の|-) ?"
    r"(?:(?:my|the|meine|ma|mon|mi|meu|мой) )?)$"
)
_HASH = re.compile(r"(?<![\w#&/])#(?P<it>\d{5,14}|[a-z]{1,4}-?\d{5,12})(?![\w\-])")
_LONG = re.compile(either("bilet colis"))
"""Words of things that are counted, too: their own numbers have ten digits and more."""

_SIGN = re.compile(r"(?<![a-z])n[o°] ?$")
_REFERRAL = re.compile(r"[?&](?:amp;)?ref=$")
"""In a link this names who sent the visitor, not an order."""

_DATE = re.compile(
    r"\d{1,2}[./\-]\d{1,2}(?:[./\-]\d{2,4})?|(?:19|20)\d\d[./\-]\d{1,2}(?:[./\-]\d{1,2})?"
)


def references(normal: Normal, near: Places) -> Iterator[Found]:
    """What a word for an order or the like announces, and numbers behind a `#`."""
    text = normal.text
    for start, end in near:
        if place := _beside(normal, start, end):
            yield *place, DataClass.ORDER_NUMBER
    if "#" in text:
        for match in _HASH.finditer(text):
            yield *match.span("it"), DataClass.ORDER_NUMBER


def _beside(normal: Normal, start: int, end: int) -> tuple[int, int] | None:
    text = normal.text
    for pattern in (_GROUPED, _VALUE):
        following = pattern.match(text, end, end + 90)
        if following and _is_reference(normal, start, following):
            return _signed(normal, *following.span("it"))
    before = _BEFORE.search(text, max(0, start - 36), start)
    if before and not counts(text, *before.span("it")):
        return before.span("it")
    return None


def _signed(normal: Normal, start: int, end: int) -> tuple[int, int]:
    """With the sign for a number right before."""
    sign = _SIGN.search(normal.text, max(0, start - 4), start)
    if sign and not normal.quote(*sign.span()).isascii():
        return sign.start(), end
    return start, end


def _is_reference(normal: Normal, start: int, match: re.Match[str]) -> bool:
    text = normal.text
    first, last = match.span("it")
    value = match["it"]
    digits = sum(map(str.isdigit, value))
    if _is_another(normal, start, match, digits):
        return False
    if match.re is _GROUPED:
        return not counts(text, first, last)
    if _MARK.search(text, start, first):
        return _numbered(normal, first, last, digits)
    if (_booking(normal, first, last) and digits >= 2) or (digits >= 6 and not value.isdigit()):
        return True
    if not _PLAIN.fullmatch(value) or counts(text, first, last):
        return False
    return not _VERB.search(text, max(0, start - 12), start)


def _is_another(normal: Normal, start: int, match: re.Match[str], digits: int) -> bool:
    """A name in a link, a date, a count, words."""
    first, last = match.span("it")
    if _REFERRAL.search(normal.text, max(0, first - 9), first):
        return True
    if " " in match["it"] and not _capitals(normal, first, last):
        return True
    if _DATE.fullmatch(match["it"]):
        return True
    return digits < 10 and _LONG.fullmatch(normal.text, start, match.start()) is not None


def _numbered(normal: Normal, first: int, last: int, digits: int) -> bool:
    """After "number", "no." or a colon more is taken for a value."""
    if digits >= 3 and digits * 3 >= last - first:
        following = normal.text[last : last + 1]
        return following == "" or not counts(normal.text, first, last) or last - first > 4
    return _booking(normal, first, last)


def _booking(normal: Normal, first: int, last: int) -> bool:
    """Five to eight capital letters and digits, as airlines and hotels give out."""
    raw = normal.quote(first, last)
    return 5 <= len(raw) <= 8 and raw.isascii() and raw.isalnum() and raw == raw.upper()


def _capitals(normal: Normal, first: int, last: int) -> bool:
    raw = normal.quote(first, last)
    return raw == raw.upper()
