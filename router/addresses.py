"""Postal addresses: a word for a street, its name and a house number, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.clearance import DataClass
from router.beside import DASH, Found, counts, either, goods
from router.normal import Normal
from router.shops import SHOP, is_shop
from router.streets import (
    AREAS,
    BOX,
    BRITISH_CODE,
    CALLED,
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
    MORE,
    NAME_AND_MORE,
    NAME_FIRST,
    NUMBERED,
    PARTS,
    PLACE,
    PLACE_LATER,
    POST_CODE,
    ROMANIAN_BLOCK,
    RUSSIAN,
    RUSSIAN_TOWN,
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
    r"|ein|start|st|sp|camping|golf|studien|kita|schluessel|boxen|ehe|ohr)(?:platz|weg|ring)"
)
_LEADING = _SENTENCE | frozenset(["der", "die", "das", "den", "dem", "unter", "ben", "biz"])
"""Words before the name of a street, by the end of which it begins."""

_LETTERS = re.compile(r"[^\W\d_][\w'.\-]*")
_TOKEN = re.compile(r"[^\W_][\w'.\-]*")
_STROKES = rf"•·|;{DASH}"
_PART = re.compile(rf"[ ,./:#{_STROKES}\-]{{0,4}}(?P<it>\d+[a-zа-я]?(?=[^\W\d_]{{4}})|[^\W_]+)")
_FOLLOWS = re.compile(r"[^\W\d_][\w\-]*[ '](?P<it>[^\W\d_]+)")
_LABEL = re.compile(
    either(
        "tel telefon telephone telefono téléphone phone fon fone mob mobile mobil móvil portable"
        " handy fax email e-mail mail gsm cep тел телефон моб почта merci thanks thank danke"
        " mulțumesc teşekkürler спасибо gracias obrigado please regards salut cordialement"
    )
    + r"|(?!no:|nr:|d:|kat:|daire:|apt:|кв:|ap:|bl:)[^\W\d_]+ ?:"
)
"""What begins another line than that of the address: a label, or thanks."""

_TOWN_WORDS = either(
    "г гор город пос поселок с село дер деревня ст-ца мо ло sat satul com comuna oras orasul mun"
    " municipiul jud loc localitatea cartier cartierul urb col col. resid residence lotissement"
)
_REGION = r"(?: (?:обл|область|край|район|р-н)\.?)?"
_TOWN = re.compile(
    rf"(?:{_TOWN_WORDS}\.?,? ?(?:l[ae]s? |des |du )?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]+)"
    rf"{_REGION} ?[,/{_STROKES}] ?$"
)
_TOWN_SPACED = re.compile(
    rf"(?:{_TOWN_WORDS}\.?,? ?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]{{1,30}})"
    rf"{_REGION}[ ,{_STROKES}]{{1,3}}$"
)
"""Right before the word of a street: no other number is there that it could count."""

_CODE_BEFORE = re.compile(
    r"(?<![\w.,/\-])(?P<it>(?:d-|a-|ch-)?(?!(?:19|20)\d\d\b)\d{4,6})(?P<sign>,?) (?:г\.? ?)?$"
)
_FIRST_OF_TOWN = "la le les st ste saint sainte san santa sao a el los las bad sankt rio"
_OF_TOWNS = frozenset(_FIRST_OF_TOWN.split())
_CODE_BEHIND = re.compile(rf"(?<!\d)\d{{5,6}}(?: (?:{'|'.join(sorted(_OF_TOWNS))}))?$")
_CUED = re.compile(rf"{CUE.pattern}(?: (?:in|din|la|в|en|em|a))?[ :]{{1,2}}$")
_IN_TOWN = re.compile(
    r" in (?!de[rmn]\b|die\b|das\b|eine?[rm]?\b|the\b|my\b|our\b)(?P<it>[a-z]{4,24})"
    r"(?= ?(?:[.,;!?)]|$))"
)
_WITHIN = frozenset(["on", "of", "the", "upon", "le", "in", "by", "under", "next", "st", "and"])
_WORD_BACK = re.compile(
    rf"(?<![\w.'])(?P<it>\d{{1,4}}[a-z]?|[a-z][a-z'\-]*\.?)[ ,{_STROKES}]{{0,3}}$"
)
_STROKE = frozenset(f"{_STROKES}-")
_LONG_WORD = re.compile(r"(?:[^\W\d_]{4}|\d)$")
_QUARTER = re.compile(r"(?:mah|mahallesi|mh|sitesi)[.,]? $")
_BEHIND_SHOP = re.compile(rf"{SHOP.pattern} $")
_CODED = re.compile(r"\d{4}")
_MOST_TOWNS = 5
_TOWN_LETTERS = 4
_MOST_WORDS = 10
_OPEN = re.compile(rf"(?:^|[,.;!?(] |{CUE.pattern}[: ]{{1,2}})$")
_AT = re.compile(r"(?:\bat|\bto|\bon|:) $")
_MOST_PARTS = 10

Place = tuple[int, int, bool]
"""Start, end, and whether a town may stand before it without a sign between."""


def addresses(normal: Normal) -> Iterator[Found]:
    """Addresses with a house number, blocks of flats with a flat, post codes beside their word."""
    text = normal.text
    if _ASIAN.search(text):
        for start, end in _japanese(text):
            if not is_shop(text, start, end):
                yield start, end, DataClass.ADDRESS
    for match in JAPANESE_THREE.finditer(text):
        start = match.start()
        if not (goods(text, start) or JAPANESE_TOWN.search(text, max(0, start - 32), start)):
            yield *match.span(), DataClass.ADDRESS
    if maybe(text):
        for start, end, spaced in _places(normal):
            first, last = _whole(normal, start, end, spaced=spaced)
            if not (is_shop(text, start, end) or is_shop(text, first, last)):
                yield first, last, DataClass.ADDRESS


def _japanese(text: str) -> Iterator[tuple[int, int]]:
    for match in JAPANESE_HOUSE.finditer(text):
        town = JAPANESE_TOWN.search(text, max(0, match.start() - 32), match.start())
        if town:
            yield town.start(), match.end()
    for pattern in (JAPANESE_CODE, POST_CODE):
        yield from (match.span() for match in pattern.finditer(text))


def _places(normal: Normal) -> Iterator[Place]:
    text = normal.text
    yield from _streets(normal, (FRENCH, ENGLISH, NAME_FIRST, GERMAN))
    for match in TURKISH.finditer(text):
        yield _begin(normal, match), match.end(), False
    for pattern in (RUSSIAN, ROMANIAN_BLOCK, BOX, NUMBERED):
        for match in pattern.finditer(text):
            yield *match.span(), pattern is RUSSIAN
    if MORE.search(text):
        yield from _streets(normal, (NAME_AND_MORE,))
    yield from _without_street(normal)
    for match in POST_CODE.finditer(text):
        yield *match.span("it"), False


def _streets(normal: Normal, patterns: Sequence[re.Pattern[str]]) -> Iterator[Place]:
    text = normal.text
    for pattern in patterns:
        for match in pattern.finditer(text):
            begin = _begin(normal, match)
            if _is_street(normal, match, begin):
                place = PLACE.match(text, match.end())
                end = place.end() if place and not _LABEL.search(place[0]) else match.end()
                yield begin, end, pattern is NAME_FIRST


def _without_street(normal: Normal) -> Iterator[Place]:
    """What a post code, a word for an address or a town tells."""
    text = normal.text
    for match in BRITISH_CODE.finditer(text):
        begin = _british(normal, match.start()) if match["area"] in AREAS else None
        if begin is not None:
            yield begin, match.end(), False
    for match in CALLED.finditer(text):
        if _capital(normal, *match.span("first")) and not counts(text, *match.span("house")):
            yield match.start("it"), match.end(), False
    for match in RUSSIAN_TOWN.finditer(text):
        if _capital(normal, *match.span("name")):
            yield *match.span(), False


def _british(normal: Normal, end: int) -> int | None:
    """Where the address before a post code begins: a house has a name in villages, not a number.

    Two parts with a comma or a line between, or a number, tell that it is more than a town.
    """
    text, begin, signs, numbered = normal.text, end, 0, False
    for _ in range(_MOST_WORDS):
        word = _WORD_BACK.search(text, max(0, begin - 40), begin)
        if word is None or SHOP.match(text, word.start("it")):
            break
        numbered = word["it"][0].isdigit()
        if not (numbered or _capital(normal, *word.span("it")) or word["it"] in _WITHIN):
            break
        signs += "," in word[0] or _new_line(normal, begin)
        begin = word.start("it")
        if numbered:
            break
    named = begin < end and _capital(normal, begin, end)
    return begin if named and (numbered or signs > 1) else None


def _begin(normal: Normal, match: re.Match[str]) -> int:
    """Where the address begins: on the line of its street, after the words that lead to it.

    Those in capitals may be the street's own (An der Alster).
    """
    begin = until = match.start()
    if match.start("name") > begin or match.re is NAME_FIRST:
        return begin
    for word in _TOKEN.finditer(normal.text, *match.span("name")):
        at = word.start()
        new_line = _new_line(normal, at) and not _QUARTER.search(normal.text, max(0, at - 12), at)
        if begin < until <= at or new_line:
            begin = at
        if cue := CUE.match(normal.text, at) or SHOP.match(normal.text, at):
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
    if match.re is NAME_FIRST and groups["kind"]:
        place = PLACE.match(text, match.end())
        coded = place is not None and _CODED.search(place[0]) is not None
        return coded and _capital(normal, *match.span("name"))
    start, end = match.span("house")
    if end == match.end() and counts(text, start, end) and not PLACE.match(text, end):
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
    before = max(0, start - 40)
    if CUE.search(text, before, start) or _BEHIND_SHOP.search(text, before, start):
        return True
    named = match.re is ENGLISH and match["kind"] not in WEAK
    return named and _AT.search(text, max(0, start - 6), start) is not None


def _capital(normal: Normal, start: int, end: int) -> bool:
    """Does a word of the street's name begin with a capital letter, as it was written?"""
    return any(word[0].isupper() for word in _LETTERS.findall(normal.quote(start, end)))


def _whole(normal: Normal, start: int, end: int, *, spaced: bool) -> tuple[int, int]:
    """With the parts of the address around: what has digits or begins with a capital letter."""
    for _ in range(_MOST_PARTS):
        part = _PART.match(normal.text, end)
        if part is None or not _belongs(normal, part):
            break
        end = part.end()
    later = PLACE_LATER.match(normal.text, end)
    end = later.end() if later else end
    within = _IN_TOWN.match(normal.text, end)
    return _from(normal, start, spaced=spaced), within.end("it") if within else end


def _from(normal: Normal, start: int, *, spaced: bool) -> int:
    """Where it begins: with the flat and the towns before the street, and a post code."""
    text = normal.text
    pattern = _TOWN_SPACED if spaced else _TOWN
    for _ in range(_MOST_TOWNS):
        town = pattern.search(text, max(0, start - 48), start)
        flat = FLAT_BEFORE.search(text, max(0, start - 44), start)
        if flat:
            start = flat.start()
        elif town and _is_name(normal, town):
            start = town.start()
        else:
            break
    code = _CODE_BEFORE.search(text, max(0, start - 24), start)
    return code.start() if code and (code["sign"] or _opens(normal, code.start())) else start


def _is_name(normal: Normal, town: re.Match[str]) -> bool:
    """In capitals, or right behind the words that an address follows."""
    at = town.start("it")
    if CUE.match(normal.text, at) or SHOP.match(normal.text, at) or town["it"] in _SENTENCE:
        return False
    return _capital(normal, *town.span("it")) or (
        town.re is _TOWN_SPACED
        and len(town["it"]) >= _TOWN_LETTERS
        and _CUED.search(normal.text, max(0, at - 40), at) is not None
    )


def _opens(normal: Normal, at: int) -> bool:
    """Nothing right before goes over into what begins there: it may be another's number."""
    return _new_line(normal, at) or _OPEN.search(normal.text, max(0, at - 24), at) is not None


def _belongs(normal: Normal, part: re.Match[str]) -> bool:
    text, word, at = normal.text, part["it"], part.start("it")
    if any(char.isdigit() for char in word):
        return not counts(text, *part.span("it"))
    if word in PARTS or COUNTED.match(text, at):
        small = len(word) == 1 and not normal.quote(at, at + 1).isupper()
        return not (small and _goes_on(text, at)) or _is_town(text, part)
    if _LABEL.match(text, at) or _new_sentence(text, part):
        return False
    capital = normal.quote(*part.span("it"))[0].isupper()
    if capital and _apart(normal, part) and (following := _goes_on(text, at)):
        capital = normal.quote(following, following + 1).isupper()
    return (capital and len(word) > 1) or _is_town(text, part)


def _goes_on(text: str, at: int) -> int:
    """Where the word of a sentence begins that follows the one there; 0 where none does."""
    following = _FOLLOWS.match(text, at)
    return following.start("it") if following and following["it"] not in PARTS else 0


def _apart(normal: Normal, part: re.Match[str]) -> bool:
    """Behind a stroke or on another line, where another thing may begin."""
    start, at = part.start(), part.start("it")
    return not _STROKE.isdisjoint(normal.text[start:at]) or (at > start and _new_line(normal, at))


def _new_sentence(text: str, part: re.Match[str]) -> bool:
    """Behind a full stop, where no abbreviation stands before."""
    return (
        ". " in part[0]
        and _LONG_WORD.search(text, max(0, part.start() - 4), part.start()) is not None
    )


def _is_town(text: str, part: re.Match[str]) -> bool:
    """Right behind a post code, in small letters."""
    word, start = part["it"], part.start()
    short = len(word) < 2 or word in _SENTENCE
    if (short and word not in _OF_TOWNS) or part[0] != f" {word}":
        return False
    return _CODE_BEHIND.search(text, max(0, start - 20), start) is not None
