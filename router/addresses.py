"""Postal addresses: a word for a street, its name and a house number, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import FREE, Found, counts, goods
from router.normal import Normal
from router.streets import (
    BOX,
    COUNTED,
    CUE,
    ENGLISH,
    FLAT_BEFORE,
    FRENCH,
    GERMAN,
    JAPANESE_CODE,
    JAPANESE_HOUSE,
    JAPANESE_THREE,
    JAPANESE_TOWN,
    NAME_AND_MORE,
    NAME_FIRST,
    PARTS,
    PLACE,
    PLACE_LATER,
    POST_CODE,
    ROMANIAN_BLOCK,
    RUSSIAN,
    TURKISH,
    WEAK,
    maybe,
)

_ASIAN = re.compile(r"[市区町村郡県]|丁目|〒|郵便")
_SENTENCE_WORDS = (
    "the this that a an of in on my your our down to by for and per minutes minute min hours days"
    " people shops stores times orders other each every same next more over from up with is was are"
    " donde que compre una un por com onde dia unde care cu si pe ce где на в и по что seit auf und"
    " mit war"
)
_SENTENCE = frozenset(_SENTENCE_WORDS.split())
"""Words of sentences: between a number and a word for a street they tell that it counts."""

_NO_STREET = re.compile(
    r"(?:park|arbeits|sitz|steh|stell|um|aus|hin|rueck|halb|spiel|ess|lager|bau|speicher|hertz"
    r"|ein|start|camping|golf|studien|kita|schluessel|boxen|ehe|ohr)(?:platz|weg|ring)"
)
_LEADING = _SENTENCE | frozenset(["der", "die", "das", "den", "dem"])
"""Words before the name of a street, by the end of which it begins."""

_LETTERS = re.compile(r"[^\W\d_][\w'.\-]*")
_TOKEN = re.compile(r"[^\W_][\w'.\-]*")
_PART = re.compile(r"[ ,./:#\-]{0,3}(?P<it>[^\W_]+)")
_TOWN = re.compile(
    rf"(?:{FREE}г\. ?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]{{2,30}})"
    r"(?: (?:обл|область|край|район|р-н)\.?)?, ?$"
)
_CODE_BEFORE = re.compile(r"(?<![\w.,/\-])(?P<it>\d{5,6}),? (?:г\.? ?)?$")
_CODE_BEHIND = re.compile(r"(?<!\d)\d{5,6}$")
_OPEN = re.compile(rf"(?:^|[,.;!?(] |{CUE.pattern}[: ]{{1,2}})$")
_AT = re.compile(r"(?:\bat|\bto|\bon|:) $")
_MOST_PARTS = 10


def addresses(normal: Normal) -> Iterator[Found]:
    """Addresses with a house number, blocks of flats with a flat, post codes beside their word."""
    text = normal.text
    if _ASIAN.search(text):
        for start, end in _japanese(text):
            yield start, end, DataClass.ADDRESS
    for match in JAPANESE_THREE.finditer(text):
        if not goods(text, match.start()):
            yield *match.span(), DataClass.ADDRESS
    if maybe(text):
        for start, end in _places(normal):
            yield *_whole(normal, start, end), DataClass.ADDRESS


def _japanese(text: str) -> Iterator[tuple[int, int]]:
    for match in JAPANESE_HOUSE.finditer(text):
        town = JAPANESE_TOWN.search(text, max(0, match.start() - 32), match.start())
        if town:
            yield town.start(), match.end()
    for pattern in (JAPANESE_CODE, POST_CODE):
        yield from (match.span() for match in pattern.finditer(text))


def _places(normal: Normal) -> Iterator[tuple[int, int]]:
    text = normal.text
    for pattern in (NAME_FIRST, FRENCH, ENGLISH, GERMAN, NAME_AND_MORE):
        for match in pattern.finditer(text):
            begin = _begin(normal, match)
            if _is_street(normal, match, begin):
                place = PLACE.match(text, match.end())
                yield begin, place.end() if place else match.end()
    for match in TURKISH.finditer(text):
        yield _begin(normal, match), match.end()
    for pattern in (RUSSIAN, ROMANIAN_BLOCK, BOX):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span("it") for match in POST_CODE.finditer(text))


def _begin(normal: Normal, match: re.Match[str]) -> int:
    """Where the address begins: on the line of its street, after the words that lead to it.

    Those in capitals may be the street's own (An der Alster).
    """
    begin = until = match.start()
    if match.start("name") > begin or match.re is NAME_FIRST:
        return begin
    for word in _TOKEN.finditer(normal.text, *match.span("name")):
        at = word.start()
        if begin < until <= at or _new_line(normal, at):
            begin = at
        if cue := CUE.match(normal.text, at):
            until = cue.end()
        elif word[0] in _LEADING:
            if normal.quote(at, at + 1).isupper():
                break
            until = word.end()
    return begin


def _new_line(normal: Normal, at: int) -> bool:
    if at == 0:
        return True
    between = slice(normal.original(at - 1, at)[0], normal.original(at, at + 1)[0])
    return "\n" in normal.raw[between]


def _is_street(normal: Normal, match: re.Match[str], begin: int) -> bool:
    """A house number alone may count anything: a name in capitals or a cue must agree, and where
    the name stands in a sentence a cue or a post code."""
    text = normal.text
    groups = match.groupdict()
    words = _LETTERS.findall(text, max(begin, match.start("name")), match.end("name"))
    if _NO_STREET.search(match["name"]) or not _SENTENCE.isdisjoint(words[:-1]):
        return bool(groups.get("post"))
    start, end = match.span("house")
    if end == match.end() and counts(text, start, end):
        return False
    if begin > match.start() and not _new_line(normal, begin):
        return bool(groups.get("post")) or _expected(text, match, begin)
    flat = match.re is NAME_FIRST and end < match.end()
    more = flat or groups.get("mark") or groups.get("post") or PLACE.match(text, match.end())
    if match.re is not NAME_AND_MORE and (more or _expected(text, match, begin)):
        return True
    return groups.get("kind") not in WEAK and _capital(normal, *match.span("name"))


def _expected(text: str, match: re.Match[str], start: int) -> bool:
    """Do the words before say that an address follows?"""
    if CUE.search(text, max(0, start - 40), start):
        return True
    named = match.re is ENGLISH and match["kind"] not in WEAK
    return named and _AT.search(text, max(0, start - 6), start) is not None


def _capital(normal: Normal, start: int, end: int) -> bool:
    """Does a word of the street's name begin with a capital letter, as it was written?"""
    return any(word[0].isupper() for word in _LETTERS.findall(normal.quote(start, end)))


def _whole(normal: Normal, start: int, end: int) -> tuple[int, int]:
    """With the parts of the address around: what has digits or begins with a capital letter."""
    for _ in range(_MOST_PARTS):
        part = _PART.match(normal.text, end)
        if part is None or not _belongs(normal, part):
            break
        end = part.end()
    later = PLACE_LATER.match(normal.text, end)
    end = later.end() if later else end
    for _ in range(3):
        town = _TOWN.search(normal.text, max(0, start - 40), start)
        if town is None or not _capital(normal, *town.span("it")):
            break
        start = town.start()
    for pattern in (FLAT_BEFORE, _CODE_BEFORE):
        before = pattern.search(normal.text, max(0, start - 24), start)
        if before and (pattern is FLAT_BEFORE or _opens(normal, before.start())):
            start = before.start()
    return start, end


def _opens(normal: Normal, at: int) -> bool:
    """Nothing right before goes over into what begins there: it may be another's number."""
    return _new_line(normal, at) or _OPEN.search(normal.text, max(0, at - 24), at) is not None


def _belongs(normal: Normal, part: re.Match[str]) -> bool:
    word = part["it"]
    if any(char.isdigit() for char in word):
        return not counts(normal.text, *part.span("it"))
    capital = normal.quote(*part.span("it"))[0].isupper()
    if (capital and len(word) > 1) or word in PARTS:
        return True
    return COUNTED.match(normal.text, part.start("it")) is not None or _is_town(normal.text, part)


def _is_town(text: str, part: re.Match[str]) -> bool:
    """Right behind a post code, in small letters."""
    word, start = part["it"], part.start()
    if len(word) < 3 or word in _SENTENCE or part[0] != f" {word}":
        return False
    return _CODE_BEHIND.search(text, max(0, start - 7), start) is not None
