"""Postal addresses: a word for a street, its name and a house number, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import FREE, LINK, Found, counts, either
from router.normal import Normal

_WORD = r"[^\W\d_][\w'’.\-]{0,24}"
_NAME = rf"{_WORD}(?:[ ,]{{1,2}}{_WORD}){{0,4}}"
_HOUSE = r"\d{1,5} ?[a-zа-я]?(?:[/\-]\d{1,4}[a-z]?)?(?![\w%])"
_NUMBERED = (
    r"(?:,? ?(?:"
    + either("nr no num numero número n° nº n numarası дом д", whole=False)
    + r")[. :]{0,2})"
)
_REST = (
    r"(?:,? ?(?:"
    + either(
        "bl bloc sc scara et etaj ap apt apto apartament sector daire kat d kapı blok корп корпус к стр"
        " кв квартира подъезд этаж piso puerta esc escalera bloco andar apartment flat unit suite"
    )
    + r")[. :]{0,2}[a-z]?\d{1,4}[a-z]?){0,5}"
)

_STREET_FIRST = either(
    "str str. strada bd bd. bld b-dul bdul bulevardul calea aleea șos şos. șoseaua splaiul piața"
    " intrarea ул ул. улица улице улицу пр пр. пр-т проспект проспекте пер пер. переулок бульвар"
    " наб набережная шоссе площадь проезд тупик calle avda avda. avenida av av. plaza paseo camino"
    " carretera ronda carrera rua r. travessa alameda praça largo rodovia estrada via viale"
)
_FIRST = re.compile(
    rf"(?:{_STREET_FIRST}|{FREE}c/)\.? ?(?P<name>{_NAME})"
    rf"(?P<mark>{_NUMBERED})?[ ,#]{{0,3}}(?P<house>{_HOUSE}){_REST}"
)
_NUMBER_FIRST = re.compile(
    rf"{FREE}(?P<house>\d{{1,5}}[a-z]?),? ?(?:bis |ter )?,? ?(?P<name>"
    + either(
        "rue avenue av. av bd bd. boulevard chemin impasse allée allées quai place cours route square"
    )
    + rf"\.? {_WORD}(?:[ ]{_WORD}){{0,3}})"
)
_ENGLISH = re.compile(
    rf"{FREE}(?P<house>\d{{1,5}}[a-z]?),? (?P<name>(?:{_WORD} ){{1,3}}"
    r"(?P<kind>street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|close|way"
    r"|terrace|place|pl|square|sq|crescent|gardens|grove|hill|park|row|mews|parkway|highway|hwy))"
    r"(?![a-z])"
)
_FLAT = re.compile(
    rf"{FREE}(?:flat|apartment|apt|unit|suite|po box|p\.o\. box)[ .#]{{1,2}}\d{{1,5}}(?![\w%])"
)
_GERMAN = re.compile(
    r"(?<![a-z0-9])(?P<name>(?:[a-z.]{2,20}[ \-]){0,2}[a-z]{0,24}"
    r"(?P<kind>strasse|str\.?|weg|platz|allee|gasse|ufer|damm|ring|chaussee)) (?P<house>\d{1,4} ?[a-z]?)"
    r"(?![\w%])(?P<post>,? ?(?:d-)?\d{5} [a-z]{2,30})?"
)
_TURKISH = re.compile(
    rf"(?:(?:{_WORD}|\d{{1,5}}\.?(?= s(?:o?k|ok)|\. cad)) ){{1,3}}(?P<kind>"
    + either(
        "mah mah. mahallesi cad cad. cd. caddesi sok sok. sk. sokak sokağı sokağı bulvarı blv blv. apt. apartmanı sitesi"
    )
    + r")[^!?\n]{0,60}?(?<![a-z])(?:(?:no|numara|kapi no|daire|d|kat|k|ic kapi)[ .:]{0,2}|(?<=[ .]))\d{1,4}"
    r"(?![\w%])(?:[ /,]{0,2}(?:(?:daire|d|kat|k|no)[ .:]{0,2})?\d{1,4}(?!\w)){0,3}"
)
_RUSSIAN = re.compile(
    r"(?<![а-я])(?:(?P<name>[а-я\-]{3,25},? (?:"
    + either("улица улице ул. проспект проспекте пр-т переулок шоссе бульвар", whole=False)
    + r"),? ?)(?:д\.?|дом)? ?\d{1,4}(?!\w)"
    r"|(?<![а-я])(?:д\.?|дом) ?\d{1,4}[а-я]?,? ?(?:корп\w*\.? ?\d{1,3},? ?)?(?:кв\.?|квартира) ?\d{1,4})"
)
_BLOCK = re.compile(
    rf"{FREE}(?:bl|bloc|blocul)[. ]{{1,2}}[a-z]{{0,2}}\d{{0,3}}[a-z]?,? ?(?:(?:sc|scara|et|etaj|ap|apart\w*)[. ]{{1,2}}\w{{1,3}},? ?){{1,4}}"
)
_KANJI = r"一-龥々ヶ〆ァ-ヺー\u3099\u309aのケが"
_NUM_JA = r"[0-9一二三四五六七八九十]{1,5}"
_JAPANESE = re.compile(
    rf"(?:[一-龥]{{2,3}}[都道府県])?(?:[{_KANJI}]{{1,8}}[市区郡町村]){{1,3}}[{_KANJI}0-9 ]{{0,14}}?"
    rf"(?:{_NUM_JA}丁目(?:[0-9一二三四五六七八九十の番地号\- −ー–‐]{{1,14}})?"
    rf"|{_NUM_JA}(?:番地?|号)(?!店|線|目)(?:[0-9の番号\-]{{1,8}})?|\d{{1,4}}[\-−ー–‐]\d{{1,4}}(?:[\-−ー–‐]\d{{1,4}})?(?![\d人名円個%]))(?: ?[{_KANJI}]{{0,14}} ?\d{{1,4}}号室)?"
    rf"|〒 ?\d{{3}}[\-−ー–‐]?\d{{4}}|[{_KANJI}]{{2,8}}{_NUM_JA}丁目{_NUM_JA}番"
)
_POSTCODE = re.compile(
    either(
        "postcode post_code postal_code zip zip_code zipcode cod_poștal codul_poștal posta_kodu"
        " индекс почтовый_индекс код_почты código_postal postleitzahl plz code_postal cep"
        " código_postal cp 郵便番号"
    )
    + rf"{LINK}(?P<it>[a-z]{{1,2}}\d[a-z0-9]? ?\d[a-z]{{2}}|\d{{3,6}}(?:-\d{{3,4}})?)(?![a-z0-9])"
    "|" + either("郵便番号", whole=False) + rf"{LINK}(?P<ja>\d{{3}}-?\d{{4}})"
)
_CUE = re.compile(
    either(
        "address live_at live_in living_at lives_at deliver ship_it send_it moved_to adresa locuiesc"
        " stau_pe stau_la livrați adresim oturuyorum teslimat адрес живу доставьте проживаю dirección vivo_en domicilio"
        " wohne adresse anschrift lieferung habite adresse livrez moro endereço morada entregar moradia"
    )
)
_PLACE = re.compile(
    r"[,.;) ]{0,3}(?:(?:[a-z]{2,20},? ){0,3}(?:\d{4,5}(?:-\d{3,4})?|[a-z]{1,2}\d[a-z0-9]? ?\d[a-z]{2}|\d{6})(?!\d)"
    r"|,? ?(?:"
    + either(
        "apt apartment flat unit suite floor bl bloc sc ap et piso puerta apto bloco кв корп daire sector"
    )
    + r")[ .]"
    r"|,? ?\d{1,2} ?(?:izq|dcha|[oa°]))"
)
_SENTENCE = frozenset(
    ["the", "this", "that", "a", "an", "of", "in", "on", "my", "your", "our", "down", "to", "by", "for", "and", "per", "minutes", "minute", "min", "hours", "days", "people", "shops", "stores", "times", "orders", "other", "each", "every", "same", "next", "more", "over", "from", "up", "with", "is", "was", "are", "donde", "que", "compre", "una", "un", "por", "com", "onde", "dia", "unde", "care", "cu", "si", "pe", "ce", "где", "на", "в", "и", "по", "что", "seit", "auf", "und", "mit", "war"]
)
_NO_STREET = re.compile(
    r"(?:park|arbeits|sitz|steh|stell|um|aus|hin|rueck|halb|spiel|ess|lager|bau|speicher|hertz|"
    r"ein|start|markt|camping|golf|studien|kita|termin|schluessel|boxen|ehe|ohr|ueber)(?:platz|weg|ring)"
)
_WEAK = frozenset(["st", "dr", "ct", "pl", "close", "way", "place", "court", "square", "sq", "row", "hill", "park", "drive"])
_PART = re.compile(r"[ ,./:\-]{0,3}(?P<it>[^\W_]+)")
_TOWN = re.compile(rf"(?:{FREE}г\. ?)?(?<![\w.])(?P<it>[^\W\d_][\w\-]{{2,30}}), ?$")
_BEFORE = re.compile(
    rf"{FREE}(?:flat|apartment|apt|unit|suite|room)[ .#]{{1,2}}\d{{1,5}}[a-z]?,? $"
)
_MOST_PARTS = 10
_PARTS = frozenset(
    ["apt", "ap", "apto", "flat", "unit", "floor", "bl", "bloc", "sc", "et", "etaj", "sector", "daire", "kat", "кв", "корп", "д", "к", "стр", "piso", "puerta", "bloco", "izq", "dcha", "izquierda", "derecha", "o", "a", "b", "c", "de"]
)
_MAY = re.compile(r"\d|" + either("丁目 番地", whole=False))
_ASIAN = re.compile(r"[市区町村郡]|丁目|〒")


def addresses(normal: Normal) -> Iterator[Found]:
    """Addresses with a house number, blocks of flats with a flat, post codes beside their word."""
    text = normal.text
    if not _MAY.search(text):
        return
    for start, end in _places(normal):
        yield *_whole(normal, start, end), DataClass.ADDRESS


def _places(normal: Normal) -> Iterator[tuple[int, int]]:
    text = normal.text
    if _ASIAN.search(text):
        yield from (match.span() for match in _JAPANESE.finditer(text))
    for pattern in (_FIRST, _NUMBER_FIRST, _ENGLISH, _GERMAN):
        for match in pattern.finditer(text):
            if _is_street(normal, match):
                yield _with_place(text, *match.span())
    for pattern in (_TURKISH, _RUSSIAN, _BLOCK, _FLAT):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _POSTCODE.finditer(text):
        yield match.span("it" if match["it"] else "ja")


def _is_street(normal: Normal, match: re.Match[str]) -> bool:
    """A house number alone may count anything: a name in capitals or a cue must agree."""
    text = normal.text
    groups = match.groupdict()
    name, kind = match["name"], groups.get("kind")
    if _NO_STREET.search(name) or not _SENTENCE.isdisjoint(re.findall(r"[^\W\d_]+", name)[:-1]):
        return bool(groups.get("post"))
    if groups.get("mark") or groups.get("post") or _PLACE.match(text, match.end()):
        return not _amount(text, match)
    if _amount(text, match):
        return False
    if _CUE.search(text, max(0, match.start() - 40), match.start()):
        return True
    return kind not in _WEAK and _capital(normal, match)


def _amount(text: str, match: re.Match[str]) -> bool:
    start, end = match.span("house")
    return counts(text, start, end) and end == match.end()


def _capital(normal: Normal, match: re.Match[str]) -> bool:
    """Does a word of the street's name begin with a capital letter, as it was written?"""
    first, last = match.span("name")
    words = re.findall(r"[^\W\d_][\w'.\-]*", normal.quote(first, last))
    return any(word[0].isupper() for word in words)


def _with_place(text: str, start: int, end: int) -> tuple[int, int]:
    """With the post code and town behind, where they follow."""
    match = _PLACE.match(text, end)
    return (start, match.end()) if match else (start, end)


def _whole(normal: Normal, start: int, end: int) -> tuple[int, int]:
    """With the parts of the address around: what has digits or begins with a capital letter."""
    for _ in range(_MOST_PARTS):
        part = _PART.match(normal.text, end)
        if part is None or not _belongs(normal, part):
            break
        end = part.end()
    for _ in range(2):
        town = _TOWN.search(normal.text, max(0, start - 40), start)
        if town is None or not normal.quote(*town.span("it"))[0].isupper():
            break
        start = town.start()
    flat = _BEFORE.search(normal.text, max(0, start - 24), start)
    return (flat.start() if flat else start), end


def _belongs(normal: Normal, part: re.Match[str]) -> bool:
    word = part["it"]
    if any(char.isdigit() for char in word):
        return not counts(normal.text, *part.span("it"))
    capital = normal.quote(*part.span("it"))[0].isupper()
    return (capital and len(word) > 1) or word in _PARTS
