"""Numbers of orders, bookings, policies, contracts and customers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from inbox.clearance import DataClass
from router.beside import LINK, Found, Near, counts, either
from router.normal import Normal
from router.unordered import CALL, DATE, LETTER, LOCATOR, MARK, REF, capitals, digits_of, is_another

_LINK = rf"(?>{LINK})(?:n?°)?"
_SIGN = r"[\-/._‐‑‒–−]"
_WRITTEN = rf"[a-zа-я0-9]{{1,20}}(?:{_SIGN}[a-zа-я0-9]{{1,12}}){{0,5}}"
_PART = rf"(?=[a-zа-я]{{0,5}}{_SIGN}?\d)[a-zа-я0-9]{{1,14}}(?:{_SIGN}[a-zа-я0-9]{{1,12}}){{0,4}}"
_PARTS = (
    rf"(?P<link>{_LINK})(?P<it>(?:{_PART}|[a-zа-я]{{1,5}}(?:/[a-zа-я0-9]{{1,4}}){{0,4}})"
    rf"(?: (?:no|nr|номер)\.?)?(?: {_PART}){{1,5}})(?![a-zа-я0-9]|[,.:]\d)"
)
_PARTED = re.compile(_PARTS)
_CLOSED = re.compile(_PARTS.replace("){1,5})(?!", "){0,5} [a-zа-я]{1,2})(?! \\d|"))
"""Letters and digits with spaces. The letters must be capitals: else they are words."""

_GROUPED = re.compile(
    rf"(?P<link>{_LINK})(?P<it>4\d{{4}}[ .]\d{{3}}[ .]\d[ .]?\d{{4}}[ .]?\d{{7}}"
    r"|\d\d \d{6} [a-z] \d{3}|\d{1,4} [a-z]{1,3} \d{1,5}/\d\d"
    r"|(?!(?:19|20)\d\d (?!\d{4} \d))(?=(?:\d ?){7})\d{1,6}(?: \d{2,10}){1,5}(?: \d)?)"
    r"(?![a-zа-я0-9]|[ ,./\-]?\d)"
)
"""Groups of digits, which are taken together or not at all: a number behind may be another's."""

_CAPITALS = re.compile(
    r"(?P<link>[ :#.]{0,3})(?P<it>[a-zа-я]{2,3}(?: \d{2,10}){1,4}(?: [a-z]{1,2})?)"
    r"(?![a-zа-я0-9]|[ ,./\-]?\d)"
)
"""Letters of an airline or office may look like a link: Aeroflot's are "su"."""

_VALUE = re.compile(
    rf"(?P<link>{_LINK})(?P<it>{_WRITTEN})"
    r"(?![a-zа-я0-9])"
)
_BETWEEN = (
    r"(?P<between>[ ?!…]{1,4}|[.:]?(?: [^\W\d_]{1,14}[.:]?){1,4}(?P<comma>,)? |[ぁ-ゖ]{1,4})[#(]?"
)
_NOT_ON = r"(?![a-zа-я0-9]|[ ,./\-]?\d)(?(comma)(?=,))"
_LATER = re.compile(rf"{_BETWEEN}(?P<it>(?=\S*\d){_WRITTEN}){_NOT_ON}")
_LATER_GROUPED = re.compile(
    r"(?P<between> [^\W\d_]{2,14} )(?P<it>(?!(?:0 ?(?:\d ?){9,10}|0?[67](?: \d\d){4})(?!\d))"
    r"(?!(?:19|20)\d\d )(?=(?:\d ?){7})\d{1,6}(?: \d{2,10}){1,4}(?: \d)?)"
    r"(?![a-zа-я0-9]|[ ,./\-]?\d)"
)
_LATER_PARTED = re.compile(
    rf"{_BETWEEN}(?P<it>[a-zа-я]{{1,4}}\d{{0,4}}(?: \d[\d\-/]{{1,12}}){{1,4}}){_NOT_ON}"
)
"""Some words farther: of whom or what the order is."""

_DATED = re.compile(
    r"(?: [^\W\d_]{1,7}){0,3} "
    r"\d{1,2}(?:[./\-]\d{1,2}(?:[./\-]\d{2,4})?| [^\W\d_]{3,10}(?: \d{4})?)\.?,? ?"
    r"(?:tarihli )?(?:no|nr|n°|num|numar(?:ul)?|номер|number|nummer|numero|#)[.:]{0,2} ?"
    rf"(?P<it>(?=\S*\d\S*\d\S*\d){_WRITTEN})(?![a-zа-я0-9])"
)
"""The contract of a day, number so-and-so."""

_MUCH = re.compile(
    CALL + r"(?:(?=(?:\D?\d){7})\d+(?:[\-/ ]\d+)*|[a-zа-я]{1,4}[\-/]?\d{5,14}(?:[\-/]\d+)*"
    r"|(?=\D*(?:\d\D?){5})[a-zа-я]{1,4}\d{0,4}(?: [\d\-/]+){1,4}"
    r"|(?=(?:\D*\d){4})[a-z]{1,5}(?:[\-/][a-z0-9]{2,8}){2,4}"
    r"|(?=(?:\D{0,4}\d){10})[a-z]{1,2}[a-z0-9]{11,20})"
)
_CODED = re.compile(r"(?:pnr|loc\b|locali[sz]ad[eo]u?r|locator|buchungscode|пнр|予約コード)")
"""What these words announce is one, in small letters too."""

_TRAVEL = re.compile(
    r"[a-z]{0,9} ?(?:pnr|loc\b|rez|resa|reserv|book|buch|locali|locator|conf)|(?:номер )?брон|予約"
)
_AND = re.compile(
    "(?: ?[,/&+;] ?| ?(?:"
    + either("or and sau și ori veya ya_da ve или и oder und ou et o y e bzw")
    + " |"
    + either("と か や または もしくは 、", whole=False)
    + rf")){{1,2}}(?P<it>{_WRITTEN})(?![a-zа-я0-9])"
)
_SERIES = 8
"""Numbers behind one word, at most."""

_PLAIN = re.compile(r"[a-zа-я]{0,5}[\-/ ‐‑‒–−]?\d{4,20}(?:[\-/‐‑‒–−][a-zа-я0-9]{1,12}){0,3}")
_VERB = re.compile(r"(?:\bto|\bi|\bwe|\bi'd|can i|could i|please|wanna|will|'ll|would) $")
_BEFORE = re.compile(
    r"(?<![a-z0-9а-я_.,/\-])"
    r"(?P<it>(?=(?:[^ \d]{0,5}\d){4})[a-z0-9]{1,16}(?:[\-/.][a-z0-9]{1,12}){0,4}) ?(?:(?:"
    + either(
        "nolu no_lu numarali no'lu nr'li sayili kodlu が という って 番の 号の の", whole=False
    )
    + r"|is|ist|est|es|este|e|это|-) ?(?:(?:my|the|your|meine|die|ma|mon|mi|meu|o|мой|моя) )?)$"
)
_MIXED = re.compile(r"(?<![a-z0-9а-я_.,/\-])(?P<it>[a-z]{1,4}-?\d{5,14}) \(?(?:(?:my|the|your) )?$")
_HASH = re.compile(r"(?<![\w#&/])#(?P<it>\d{5,14}|[a-z]{1,4}-?\d{5,12})(?![\w\-])")
_NUMBER_SIGN = re.compile(r"(?<![a-z])n[o°]? ?$")
_ROWS = re.compile(r"[\d ]+")
_FORMS = (_CAPITALS, _CLOSED, _PARTED, _GROUPED, _VALUE)
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-Z0-9]{5}")
"""Nothing else without a digit is a number: airlines' locators."""

_SOME, _FEW, _MANY, _LONG = 4, 5, 6, 7
_LOCATOR_ENDS = 8
_APART = ("phone", "id", "birth")
"""What their words stand before is no order's, whatever word for an order stands farther left."""


def references(normal: Normal, near: Near) -> Iterator[Found]:
    """What a word for an order or the like announces, and numbers behind a `#`."""
    text = normal.text
    words = near.get("order", ())
    if words and not (_DIGIT.search(text) or _CAPITAL.search(normal.raw)):
        words = ()
    for start, end in dict.fromkeys(words):  # words of several lexicons
        for place in _beside(normal, start, end, near):
            yield *place, DataClass.ORDER_NUMBER
    if "#" in text:
        for match in _HASH.finditer(text):
            yield *match.span("it"), DataClass.ORDER_NUMBER


def _beside(normal: Normal, start: int, end: int, near: Near) -> Iterator[tuple[int, int]]:
    """One number, or several of the same shape: "order 4471 or 4417"."""
    match = _announced(normal, start, end, near)
    if match is None:
        return
    yield _signed(normal, start, end, match)
    shape, text = _shape(match["it"]), normal.text
    for _ in range(_SERIES):
        match = _AND.match(text, match.end("it"), match.end("it") + 60)
        if match is None or _shape(match["it"]) != shape or counts(text, *match.span("it")):
            return
        yield match.span("it")


def _announced(normal: Normal, start: int, end: int, near: Near) -> re.Match[str] | None:
    digits = _DIGIT.search(normal.text, end, end + 60) is not None
    if not digits and not _CAPITAL.search(normal.raw):
        return _before(normal.text, start)
    found = _following(normal, start, end, _FORMS if digits else (_VALUE,))
    return (
        found
        or _before(normal.text, start)
        or (_later(normal, start, end, near) if digits else None)
    )


def _shape(value: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", value))


def _following(
    normal: Normal, start: int, end: int, forms: Iterable[re.Pattern[str]]
) -> re.Match[str] | None:
    for pattern in forms:
        match = pattern.match(normal.text, end, end + 90)
        if match and _is_reference(normal, start, match):
            return match
    return None


def _before(text: str, start: int) -> re.Match[str] | None:
    left = max(0, start - 48)
    if _DIGIT.search(text, left, start) is None:
        return None
    match = _BEFORE.search(text, left, start) or _MIXED.search(text, left, start)
    if match is None or DATE.fullmatch(match["it"]) or counts(text, *match.span("it")):
        return None
    return match


def _behind(normal: Normal, end: int) -> re.Match[str] | None:
    for pattern in (_LATER_PARTED, _LATER, _LATER_GROUPED):
        match = pattern.match(normal.text, end, end + 90)
        if match and capitals(normal, *match.span("it")):
            return match
    return None


def _later(normal: Normal, start: int, end: int, near: Near) -> re.Match[str] | None:
    """Only what looks much like a number that was given out, and is announced by nothing else."""
    text = normal.text
    if dated := _DATED.match(text, end, end + 90):
        return dated
    match = _behind(normal, end)
    if match is None:
        return None
    located = LOCATOR.fullmatch(match["it"]) and _TRAVEL.match(text, start)
    if not located and (match["between"].strip() == "" or not _MUCH.fullmatch(match["it"])):
        return None
    others = (one for context in _APART for one, _ in near.get(context, ()))
    if any(end <= one < match.start("it") for one in others):
        return None
    return None if is_another(normal, start, match) or counts(text, *match.span("it")) else match


def _signed(normal: Normal, word: int, behind: int, match: re.Match[str]) -> tuple[int, int]:
    """With the sign for a number right before, or the word itself where a stroke joins it."""
    start, end = match.span("it")
    if start == behind + 1 and normal.text[behind] in "-/":
        return max(word, normal.text.rfind(" ", word, behind) + 1), end
    sign = _NUMBER_SIGN.search(normal.text, max(0, start - 4), start)
    if sign and ((raw := normal.quote(*sign.span())) == "N " or not raw.isascii()):
        return sign.start(), end
    return start, end


def _is_reference(normal: Normal, start: int, match: re.Match[str]) -> bool:
    text, value = normal.text, match["it"]
    first, last = match.span("it")
    if is_another(normal, start, match):
        return False
    if match.re is not _VALUE:
        return (
            not counts(text, first, last) if match.re is _GROUPED else _in_parts(text, value, last)
        )
    if LOCATOR.fullmatch(value) and _CODED.match(text, start):
        return True
    if MARK.search(text, start, first):
        return _numbered(normal, first, last, digits_of(value))
    return _shows(normal, match) or (
        _PLAIN.fullmatch(value) is not None
        and (REF.fullmatch(text, start, match.start()) or not counts(text, first, last))
        and not _VERB.search(text, max(0, start - 12), start)
    )


def _shows(normal: Normal, match: re.Match[str]) -> bool:
    """Letters and digits as nobody writes words. Models of goods look much the same, so long ones
    with few digits must stand right behind the word."""
    value, digits = match["it"], digits_of(match["it"])
    if value.isdigit() or digits >= _MANY:
        return not value.isdigit()
    if len(value) <= _LOCATOR_ENDS:
        return digits > 1 and _booking(normal, *match.span("it"))
    direct = not LETTER.search(match["link"])
    return direct and digits >= _SOME and value.isalnum() and capitals(normal, *match.span("it"))


def _in_parts(text: str, value: str, last: int) -> bool:
    """Not digits alone, a measure, or a date behind letters."""
    parts = value.split(" ")
    dated = any(DATE.fullmatch(part) for part in parts if not part.isdigit())
    digits = digits_of(value)
    lettered = LETTER.search(value) is not None
    enough = digits >= (_FEW if lettered else _LONG) and (lettered or not _ROWS.fullmatch(value))
    return enough and not dated and not counts(text, last - len(parts[-1]), last, years=False)


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
