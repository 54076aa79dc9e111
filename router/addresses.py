"""Postal addresses: a word for a street, its name and a house number, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.clearance import DataClass
from router.around import LABEL, LETTERS, SENTENCE, capital, new_line, whole
from router.beside import Found, counts, either
from router.lots import japanese
from router.normal import Normal
from router.postcodes import coded
from router.shops import SHOP, is_shop
from router.streets import (
    BOX,
    CALLED,
    CUE,
    ENGLISH,
    FRENCH,
    GERMAN,
    MORE,
    NAME_AND_MORE,
    NAME_FIRST,
    NUMBER_AND_MORE,
    NUMBERED,
    PARTS,
    PLACE,
    POST_CODE,
    ROMANIAN_BLOCK,
    RUSSIAN,
    RUSSIAN_TOWN,
    TURKISH,
    TURKISH_KIND,
    WEAK,
    maybe,
)

_NO_STREET = re.compile(
    r"(?:park|arbeits|sitz|steh|stell|um|aus|hin|rueck|halb|spiel|ess|lager|bau|speicher|hertz"
    r"|ein|start|st|sp|camping|golf|studien|kita|schluessel|boxen|ehe|ohr)(?:platz|weg|ring)"
)
_LEADING = SENTENCE | frozenset(["der", "die", "das", "den", "dem", "unter", "ben", "biz"])
"""Words before the name of a street, by the end of which it begins."""

_TOKEN = re.compile(r"[^\W_][\w'.\-]*")
_QUARTER = re.compile(r"(?:mah|mahallesi|mh|sitesi)[.,]? $")
_BEHIND_SHOP = re.compile(rf"{SHOP.pattern} $")
_BY_PLACE = frozenset([NAME_AND_MORE, NUMBER_AND_MORE])
_NUMBERED_THING = re.compile(
    either(
        "seite position pos kapitel zeile punkt teil band bestellung rechnung artikel gleis platz"
        " page chapitre página pagina página page line step order item rang fila loc locul стр поз"
        " feld level stufe runde partie"
    )
    + "$"
)
"""What is counted in capitals as well, of which a number may follow another."""

_THINGS = re.compile(
    rf"(?:{LABEL.pattern})|"
    + either(
        "punkte stück aufrufe wörter zeichen schrauben kunden leute menschen mitglieder teile euro"
        " points pages articles units customers people pts users steps"
    )
)
_STREETLIKE = re.compile(
    r"(?:str|strase|strasse|[a-z]{3}alle|graben|steig|pfad|hof|markt|zeile|wall|kamp|winkel|grund"
    r"|rain|anger|feld|berg|siedlung|tor|hang|steg|garten|aue|acker|reihe|stiege|kai|deich|twiete"
    r"|blick|halde|matte?|boden|ring|platz|park)$"
)
_FRENCH = re.compile(either("cité résidence passage voie lot lots mail villa immeuble bâtiment"))
_WORD = re.compile(r"[^\W\d_]{3}|^(?:[a-z]\d{1,2}|no),?$")
_KIND = re.compile(r"(?:mah|mahallesi|mahalle|mh|cad|caddesi|sok|sokak|sk|str|strasse)\.?")
_ARTICLE_WORDS = "der dem den die das am im an zur zum auf unter hinter vor ob"
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_CODE_AND_TOWN = re.compile(r"(?<!\d)\d{5} [a-z]{3}")
_BEFORE_CODE = re.compile(r"\d[a-z]?(?: ?bis| ?ter)?,? $")
_CODE_DIGITS = 5
_ALONE = re.compile(r"(?:platz|weg|ring|ufer|damm|gasse|allee|plein|laan)")
_CODED = re.compile(r"\d{4}")
_GOES_ON = re.compile(r", (?=[^\W\d_])[^A-ZÀ-ÞА-ЯЁİŞĞ]")
_AT = re.compile(r"(?:\bat|\bto|\bon|:) $")

Place = tuple[int, int, bool]
"""Start, end, and whether a town may stand before it without a sign between."""


def addresses(normal: Normal) -> Iterator[Found]:
    """Addresses with a house number, blocks of flats with a flat, post codes beside their word."""
    text = normal.text
    for start, end in japanese(text):
        if not is_shop(text, start, end):
            yield start, end, DataClass.ADDRESS
    if maybe(text):
        for start, end, spaced in _places(normal):
            first, last = whole(normal, start, end, spaced=spaced)
            if not (is_shop(text, start, end) or is_shop(text, first, last)):
                yield first, last, DataClass.ADDRESS


def _places(normal: Normal) -> Iterator[Place]:
    text = normal.text
    yield from _streets(normal, (FRENCH, ENGLISH, NAME_FIRST, GERMAN))
    if TURKISH_KIND.search(text):
        yield from _turkish(normal)
    for pattern in (RUSSIAN, ROMANIAN_BLOCK, BOX, NUMBERED):
        for match in pattern.finditer(text):
            yield *match.span(), pattern is RUSSIAN
    if MORE.search(text):
        yield from _streets(normal, (NAME_AND_MORE,))
    if _CODE_AND_TOWN.search(text):
        yield from _streets(normal, (NUMBER_AND_MORE,))
    yield from _without_street(normal)
    for match in POST_CODE.finditer(text):
        yield *match.span("it"), False


def _streets(normal: Normal, patterns: Sequence[re.Pattern[str]]) -> Iterator[Place]:
    text = normal.text
    for pattern in patterns:
        for match in pattern.finditer(text):
            begin = _begin(normal, match)
            is_one = _is_placed if pattern in _BY_PLACE else _is_street
            if not _is_half(match) and is_one(normal, match, begin):
                place = PLACE.match(text, match.end())
                end = place.end() if place and not LABEL.search(place[0]) else match.end()
                yield _after_talk(normal, match, begin), end, pattern is NAME_FIRST


def _without_street(normal: Normal) -> Iterator[Place]:
    """What a post code, a word for an address or a town tells."""
    text = normal.text
    for begin, end in coded(normal):
        yield begin, end, False
    for match in CALLED.finditer(text):
        begin, house = match.start("it"), match.span("house")
        goes_on = _GOES_ON.search(normal.quote(begin, house[0]))
        if capital(normal, *match.span("first")) and not (goes_on or counts(text, *house)):
            yield match.start("it"), match.end(), False
    for match in RUSSIAN_TOWN.finditer(text):
        if capital(normal, *match.span("name")):
            yield *match.span(), False


def _begin(normal: Normal, match: re.Match[str]) -> int:
    """Where the address begins: on the line of its street, after the words that lead to it.

    Those in capitals may be the street's own (An der Alster).
    """
    begin = until = match.start()
    if match.start("name") > begin or match.re is NAME_FIRST:
        return begin
    for word in _TOKEN.finditer(normal.text, *match.span("name")):
        at = word.start()
        line = new_line(normal, at) and not _QUARTER.search(normal.text, max(0, at - 12), at)
        if begin < until <= at or line:
            begin = at
        if cue := CUE.match(normal.text, at) or SHOP.match(normal.text, at):
            until = cue.end()
        elif word[0] in _LEADING:
            if normal.quote(at, at + 1).isupper():
                break
            until = word.end()
    return begin


def _after_talk(normal: Normal, match: re.Match[str], begin: int) -> int:
    """Words in small letters that lead to a name in capitals are none of it, but an article is."""
    if match.start("name") > match.start() or match.re is NAME_FIRST:
        return begin
    end = match.end("name")
    words = [*_TOKEN.finditer(normal.text, begin, end)]
    big = [normal.quote(*word.span())[0].isupper() for word in words]
    first = big.index(True) if True in big else 0
    if first and _KIND.fullmatch(words[first][0]):
        return begin
    while first and words[first - 1][0] in _ARTICLES:
        first -= 1
    return words[first].start() if words else begin


def _turkish(normal: Normal) -> Iterator[Place]:
    for match in TURKISH.finditer(normal.text):
        begin = _begin(normal, match)
        if _is_turkish(normal, match, begin):
            yield _after_talk(normal, match, begin), match.end(), False


def _is_turkish(normal: Normal, match: re.Match[str], begin: int) -> bool:
    """A mark for the number or a town tells; else all but the words for streets is in capitals."""
    if match["mark"] or match["town"]:
        return True
    small = [
        word[0]
        for word in LETTERS.finditer(normal.text, *match.span("rest"))
        if len(word[0]) > 1 and not _KIND.fullmatch(word[0]) and not capital(normal, *word.span())
    ]
    return not small and capital(normal, begin, match.end("name"))


def _is_name(name: str) -> bool:
    """Not a flat or a stair, nor letters alone; Mannheim calls its squares C4."""
    return _WORD.search(name) is not None and name.split(maxsplit=1)[0].rstrip(".,") not in PARTS


def _is_placed(normal: Normal, match: re.Match[str], begin: int) -> bool:
    """No word for a street, but a town or a flat behind: its name is in capitals, sounds like a
    street's or is announced; what a number in small letters counts has no town in capitals."""
    text, name = normal.text, match["name"]
    if counts(text, *match.span("house")) or _NUMBERED_THING.search(name) or not _is_name(name):
        return False
    named = capital(normal, max(begin, match.start("name")), match.end("name"))
    streetlike = _STREETLIKE.search(name) is not None or _expected(text, match, begin)
    if match["code"]:
        town = capital(normal, *match.span("town")) and not _THINGS.match(match["town"])
        several = match.re is NUMBER_AND_MORE and " " in name
        sure = streetlike or several or match.groupdict().get("land")
        coded = bool(named and town and sure) or _FRENCH.match(name) is not None
        return coded and not counts(text, *match.span("code"))
    return named or streetlike


def _is_half(match: re.Match[str]) -> bool:
    """The post code behind a French street for its number, or a street's word for its name?"""
    if match.re is NAME_FIRST and len(match["house"]) == _CODE_DIGITS:
        at = match.start()
        return _BEFORE_CODE.search(match.string, max(0, at - 8), at) is not None
    return match.re is GERMAN and not match["post"] and bool(_ALONE.fullmatch(match["name"]))


def _is_street(normal: Normal, match: re.Match[str], begin: int) -> bool:
    """A house number alone may count anything: a name in capitals or a cue must agree, and where
    the name stands in a sentence a cue or a post code."""
    text = normal.text
    groups = match.groupdict()
    words = LETTERS.findall(text, max(begin, match.start("name")), match.end("name"))
    if _NO_STREET.search(match["name"]) or not SENTENCE.isdisjoint(words[:-1]):
        return bool(groups.get("post"))
    if match.re is NAME_FIRST and groups["kind"]:
        place = PLACE.match(text, match.end())
        coded = place is not None and _CODED.search(place[0]) is not None
        return coded and capital(normal, *match.span("name"))
    start, end = match.span("house")
    if end == match.end() and counts(text, start, end) and not PLACE.match(text, end):
        return False
    if begin > match.start() and not new_line(normal, begin):
        return bool(groups.get("post")) or _expected(text, match, begin)
    flat = match.re is NAME_FIRST and end < match.end()
    more = flat or groups.get("mark") or groups.get("post") or PLACE.match(text, match.end())
    if more or _expected(text, match, begin):
        return True
    return groups.get("kind") not in WEAK and capital(normal, *match.span("name"))


def _expected(text: str, match: re.Match[str], start: int) -> bool:
    """Do the words before say that an address follows?"""
    before = max(0, start - 40)
    if CUE.search(text, before, start) or _BEHIND_SHOP.search(text, before, start):
        return True
    named = match.re is ENGLISH and match["kind"] not in WEAK
    return named and _AT.search(text, max(0, start - 6), start) is not None
