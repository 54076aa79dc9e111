"""Postal addresses: a word for a street, its name and a house number, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import FREE, Found, counts, goods
from router.normal import Normal
from router.streets import (
    BOX,
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
_LETTERS = re.compile(r"[^\W\d_][\w'.\-]*")
_PART = re.compile(r"[ ,./:\-]{0,3}(?P<it>[^\W_]+)")
_TOWN = re.compile(rf"(?:{FREE}г\. ?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]{{2,30}}), ?$")
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
            if _is_street(normal, match):
                place = PLACE.match(text, match.end())
                yield match.start(), place.end() if place else match.end()
    for pattern in (TURKISH, RUSSIAN, ROMANIAN_BLOCK, BOX):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span("it") for match in POST_CODE.finditer(text))


def _is_street(normal: Normal, match: re.Match[str]) -> bool:
    """A house number alone may count anything: a name in capitals or a cue must agree."""
    text = normal.text
    groups = match.groupdict()
    words = _LETTERS.findall(match["name"])
    if _NO_STREET.search(match["name"]) or not _SENTENCE.isdisjoint(words[:-1]):
        return bool(groups.get("post"))
    start, end = match.span("house")
    if end == match.end() and counts(text, start, end):
        return False
    more = groups.get("mark") or groups.get("post") or PLACE.match(text, match.end())
    if match.re is not NAME_AND_MORE and (more or _expected(text, match)):
        return True
    return groups.get("kind") not in WEAK and _capital(normal, *match.span("name"))


def _expected(text: str, match: re.Match[str]) -> bool:
    """Do the words before say that an address follows?"""
    start = match.start()
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
    for _ in range(2):
        town = _TOWN.search(normal.text, max(0, start - 40), start)
        if town is None or not _capital(normal, *town.span("it")):
            break
        start = town.start()
    flat = FLAT_BEFORE.search(normal.text, max(0, start - 24), start)
    return (flat.start() if flat else start), end


def _belongs(normal: Normal, part: re.Match[str]) -> bool:
    word = part["it"]
    if any(char.isdigit() for char in word):
        return not counts(normal.text, *part.span("it"))
    capital = normal.quote(*part.span("it"))[0].isupper()
    return (capital and len(word) > 1) or word in PARTS
