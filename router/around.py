"""The whole of an address: its flat, building, post code and towns around the street."""

from __future__ import annotations

import re

from router.beside import DASH, counts, either
from router.normal import Normal, fold
from router.shops import SHOP
from router.streets import COUNTED, CUE, FLAT_BEFORE, PARTS, PLACE_LATER

_SENTENCE_WORDS = (
    "the this that a an of in on my your our down to by for and per minutes minute min hours days"
    " people shops stores times orders other each every same next more over from up with is was are"
    " donde que compre una un por com onde dia unde care cu si pe ce где на в и по что seit auf und"
    " mit war"
)
SENTENCE = frozenset(_SENTENCE_WORDS.split())
"""Words of sentences: between a number and a word for a street they tell that it counts."""

LETTERS = re.compile(r"[^\W\d_][\w'.\-]*")
STROKES = rf"•·|;{DASH}"
_PART = re.compile(rf"[ ,./:#{STROKES}\-]{{0,4}}(?P<it>\d+[a-zа-я]?(?=[^\W\d_]{{4}})|[^\W_]+)")
_FOLLOWS = re.compile(r"[^\W\d_][\w\-]*[ '](?P<it>[^\W\d_]+)")
LABEL = re.compile(
    either(
        "tel telefon telephone telefono téléphone phone fon fone mob mobile mobil móvil portable"
        " handy fax email e-mail mail gsm cep тел телефон моб почта merci thanks thank danke"
        " mulțumesc teşekkürler спасибо gracias obrigado please regards salut cordialement"
        " pls plz bitte svp stp porfa lütfen пожалуйста grüße gruß mfg lg vg cdt buzz ring klingel"
    )
    + r"|(?!no:|nr:|d:|kat:|daire:|apt:|кв:|ap:|bl:)[^\W\d_]+ ?:"
)
"""What begins another line than that of the address: a label, or thanks."""

_TOWN_WORDS = either(
    "г гор город д п х рп пгт пос поселок с село дер деревня ст-ца мо ло sat satul com comuna oras"
    " orasul mun municipiul jud loc localitatea cartier cartierul urb col col. resid"
    " residence lotissement"
)
_REGION = r"(?: (?:обл|область|край|район|р-н)\.?)?"
_TOWN = re.compile(
    rf"(?:{_TOWN_WORDS}\.?,? ?(?:l[ae]s? |des |du )?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]+)"
    rf"{_REGION} ?[,/{STROKES}] ?$"
)
_TOWN_SPACED = re.compile(
    rf"(?:{_TOWN_WORDS}\.?,? ?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]{{1,30}})"
    rf"{_REGION}[ ,{STROKES}]{{1,3}}$"
)
"""Right before the word of a street: no other number is there that it could count."""

_WORD_BEFORE = re.compile(r"(?<![\w.])(?P<it>[^\W\d_][\w'\-]+) $")
_GREETING = re.compile(
    either(
        "hi hello hey dear bonjour hallo hola ola olá merhaba selam buna bună salut привет regards"
        " sincerely thanks cheers saludos atentamente atenciosamente saygılarımla уважением"
    )
)
_MOST_WORDS = 2
_CODE_BEFORE = re.compile(
    r"(?<![\w.,/\-])(?P<it>(?:d-|a-|ch-)?(?!(?:19|20)\d\d\b)\d{4,6})(?P<sign>,?) (?:г\.? ?)?$"
)
_FIRST_OF_TOWN = "la le les st ste saint sainte san santa sao a el los las bad sankt rio"
_OF_TOWNS = frozenset(_FIRST_OF_TOWN.split())
_STATE = re.compile(r"[, ][a-z]{2},? \d{5}$")
"""In the United States the town stands before."""

_CODE_BEHIND = re.compile(rf"(?<!\d)\d{{5,6}}(?: (?:{'|'.join(sorted(_OF_TOWNS))}))?$")
_THE_HOUSE = re.compile(
    rf"{CUE.pattern}(?: it| me)?(?: (?:to|at|is))?:? "
    r"(?P<it>the(?! (?:new|other|same|usual|right) )(?: [a-z']{3,20}){1,3}), ?$"
)
_LEADING_WORDS = (
    "lautet доставки livrare livraison entrega teslimat ask attn novo nova nou noua yeni neue nueva"
    " nuevo nouvelle новый новая"
)
_LEADING = SENTENCE | frozenset(map(fold, _LEADING_WORDS.split()))
_CUED = re.compile(rf"{CUE.pattern}(?: (?:in|din|la|в|en|em|a))?[ :]{{1,2}}$")
_IN_TOWN = re.compile(
    r" in (?!(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\b|de[rmn]\b|die\b|das\b|eine?[rm]?\b|the\b|my\b|our\b)(?P<it>[a-z]{4,24})"
    r"(?= ?(?:[.,;!?)]|$))"
)
_PORTUGUESE_CODE = re.compile(r"\d{4}-\d{3}(?!\d)")
"""The first half looks like a year where it is Lisbon's."""

_TELEPHONE = re.compile(
    r"0(?:\d{9,10}(?!\d)|\d{1,4}[ .)/\-]{1,2}\d{2,4}[ .\-]?\d\d)|[78][ (\-]{0,2}9\d\d[ )\-]"
)
_STROKE = frozenset(f"{STROKES}-")
_LONG_WORD = re.compile(r"(?:[^\W\d_]{4}|\d)$")
_MOST_TOWNS = 5
_TOWN_LETTERS = 4
_OPEN = re.compile(rf"(?:^|[,.;!?(] |{CUE.pattern}[: ]{{1,2}})$")
_MOST_PARTS = 10


def whole(normal: Normal, start: int, end: int, *, spaced: bool) -> tuple[int, int]:
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
        elif town and _is_name(normal, town) and not (spaced and _own_line(normal, town)):
            start = _named_so(normal, town)
        else:
            break
    if house := _THE_HOUSE.search(text, max(0, start - 64), start):
        start = house.start("it")
    code = _CODE_BEFORE.search(text, max(0, start - 24), start)
    return code.start() if code and (code["sign"] or _opens(normal, code.start())) else start


def _own_line(normal: Normal, town: re.Match[str]) -> bool:
    """Does it end a line without a sign, as who signs does?"""
    return town[0][-2:].strip().isalpha() and new_line(normal, town.end())


def _named_so(normal: Normal, town: re.Match[str]) -> int:
    """Where the name of a town, or a building, of some words begins, before a sign."""
    start = at = town.start()
    for _ in range(_MOST_WORDS):
        word = _WORD_BEFORE.search(normal.text, max(0, at - 32), at)
        if not word:
            break
        at = word.start()
        if _is_name(normal, word):
            start = at
        elif word["it"] not in _OF_TOWNS:
            break
    return start


def _is_name(normal: Normal, town: re.Match[str]) -> bool:
    """In capitals, or right behind the words that an address follows."""
    at = town.start("it")
    others = (CUE, SHOP, _GREETING)
    if any(word.match(normal.text, at) for word in others) or town["it"] in _LEADING:
        return False
    return capital(normal, *town.span("it")) or (
        town.re is _TOWN_SPACED
        and len(town["it"]) >= _TOWN_LETTERS
        and _CUED.search(normal.text, max(0, at - 40), at) is not None
    )


def _opens(normal: Normal, at: int) -> bool:
    """Nothing right before goes over into what begins there: it may be another's number."""
    return new_line(normal, at) or _OPEN.search(normal.text, max(0, at - 24), at) is not None


def _belongs(normal: Normal, part: re.Match[str]) -> bool:
    text, word, at = normal.text, part["it"], part.start("it")
    if any(char.isdigit() for char in word):
        other = counts(text, *part.span("it")) or _TELEPHONE.match(text, at)
        return not other or _PORTUGUESE_CODE.match(text, at) is not None
    if word in PARTS or COUNTED.match(text, at):
        small = len(word) == 1 and not normal.quote(at, at + 1).isupper()
        return not (small and _goes_on(text, at)) or _is_town(text, part)
    if LABEL.match(text, at) or _new_sentence(text, part):
        return False
    big = normal.quote(*part.span("it"))[0].isupper()
    if big and _apart(normal, part) and (following := _goes_on(text, at)):
        big = normal.quote(following, following + 1).isupper()
    return (big and len(word) > 1) or _is_town(text, part)


def _goes_on(text: str, at: int) -> int:
    """Where the word of a sentence begins that follows the one there; 0 where none does."""
    following = _FOLLOWS.match(text, at)
    return following.start("it") if following and following["it"] not in PARTS else 0


def _apart(normal: Normal, part: re.Match[str]) -> bool:
    """Behind a stroke or on another line, where another thing may begin."""
    start, at = part.start(), part.start("it")
    if normal.text[start:at] == "-":
        return False
    return not _STROKE.isdisjoint(normal.text[start:at]) or (at > start and new_line(normal, at))


def _new_sentence(text: str, part: re.Match[str]) -> bool:
    """Behind a full stop, where no abbreviation stands before."""
    return (
        ". " in part[0]
        and _LONG_WORD.search(text, max(0, part.start() - 4), part.start()) is not None
    )


def _is_town(text: str, part: re.Match[str]) -> bool:
    """Right behind a post code, in small letters."""
    word, start = part["it"], part.start()
    short = len(word) < 2 or word in SENTENCE or _STATE.search(text, max(0, start - 12), start)
    if (short and word not in _OF_TOWNS) or part[0] != f" {word}":
        return False
    return _CODE_BEHIND.search(text, max(0, start - 20), start) is not None


def new_line(normal: Normal, at: int) -> bool:
    if at == 0:
        return True
    between = slice(normal.original(at - 1, at)[0], normal.original(at, at + 1)[0])
    return "\n" in normal.raw[between]


def capital(normal: Normal, start: int, end: int) -> bool:
    """Does a word of the street's name begin with a capital letter, as it was written?"""
    return any(word[0].isupper() for word in LETTERS.findall(normal.quote(start, end)))
