"""Telephone numbers: valid in a country of the team, international, or announced by a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from inbox.clearance import DataClass
from router.beside import FREE, LINK, STROKES, Found, Places, after, counts, either, goods, over
from router.dictated import said

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_WRITTEN = (
    rf"(?:\+ ?|00)?\(?\d(?:[ .()/\-{STROKES}]{{0,3}}\d){{5,14}}(?![0-9]|[a-zа-я](?![a-zа-я]))"
)
_PHONE = re.compile(rf"(?:{FREE}(?<![a-z0-9][.,/\-])|(?<=[a-zа-я]{{3}})|(?<=\d{{6}}/)){_WRITTEN}")
_EXTENSION_WORDS = (
    "ext extn extension доб добавочный вн внутр внутренний dahili dahilisi int interior poste"
    " durchwahl dw nst klappe interno anexo ramal 内線"
)
_CALLED = re.compile(rf"{LINK}(?<!\()(?P<it>{_WRITTEN})")
_MORE = re.compile(
    rf"(?P<sign>[ ./\-{STROKES}]{{1,3}})\d{{3,5}}(?!\d)(?:(?P=sign)\d{{3,5}}(?!\d))*"
)
_EXTENSION = re.compile(
    rf"[ ,;.(]{{0,3}}(?:{either(_EXTENSION_WORDS, whole=False)}|x|#)[. :№]{{0,2}}\d{{1,6}}(?!\d)\)?"
)
_GAP = re.compile(r" +")
_TWO_NUMBERS = re.compile(r"(?<=\d) ?/ ?(?=[0+])")
_MORE_NUMBERS = 2
"""Groups of digits behind a number that are not its own, at most."""

_NATIONAL = 9
"""Digits of a phone number without its country code, at least."""

_GROUPED = re.compile(rf"^0|^\(|[ /(){STROKES}.\-]")
_TWO_GROUPS = re.compile(r"[1-9]\d*\D+\d+")
_SHAPES = re.compile(
    rf"\(?\d{{3}}\)?[ .{STROKES}\-]\d{{3}}[.{STROKES}\-]\d{{4}}"  # North America
    r"|[78][ (\-]{0,2}9\d\d[ )\-]{0,2}\d{3}[ \-]?\d\d[ \-]?\d\d"  # Russia, mobile
    rf"|0\d{{1,4}}[{STROKES}\-]\d{{1,4}}[{STROKES}\-]\d{{4}}"  # Japan
    r"|0 ?\(?5\d\d\)? ?\d{3} ?\d\d ?\d\d"  # Turkey, mobile
    r"|0[67](?:[ .\-]?\d\d){4}"  # France, mobile
    r"|\(\d\d\) ?9?\d{4}[ \-]\d{4}"  # Brazil
)
"""Written as a number of these countries, whether it is given out or made up."""

_NO_PHONE = re.compile(
    r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}"  # an IP address
    r"|\d{1,3}\.\d{1,6}(?: \d{1,3}\.\d{1,6})+"  # odds, coordinates
    r"|\d{1,2}-\d{1,2}(?: \d{1,2}-\d{1,2})+"  # sets of a match
    r"|[1-9]\d?(?:(?:\.\d{1,3}){0,2}\.\d(?:\.\d+){1,2}|(?:\.\d\d){2}\.\d{3,6})"  # versions
    r"|\d\.\d\.\d-\d+"
    r"|\d{4}\.\d{3}\.\d\d"  # articles
)
_PAIRS = re.compile(r"\d{1,2}(?:[ \-]+\d\d?){4,}")
_FRENCH = re.compile(r"0[1-9](?:[ \-]\d\d){4}")
_ELSE = re.compile(
    either(
        "код кода коды kod kodu kodul codul cod code codice código codigo barcode strichcode gtin"
        " upc jan sku plu artikelnr art.-nr art.nr best.-nr bestellnummer артикула арт штрихкод"
        " articolul articolului produsul produsului reper item items ürünü barkod barkodu"
        " routing aba rtn transit бик bik bic ref réf référence referencia referência referința"
        " refnr"
        " version versiunea versión versão sürüm sürümü версия версии build firmware lot batch"
        " деталь запчасть ersatzteil teilenummer piesa pieza peça parça pièce"
    )
    + r"\.?(?: (?:number|no|nr|номер|банка|produs|produit|article|articol|товара|de|du|del|do"
    r"|produto|producto|barras|bare|barres))*[ .:#№=]{0,3}$"
    r"|(?:jan|バーコード|商品コード)[^0-9]{0,4}$"
)
"""Words right before a number that call it an article's, or a bank's, which is public."""

_SERVICE = re.compile(
    either(
        "call_center call-center callcenter call_centre hotline infoline helpline help_line"
        " helpdesk"
        " infohotline servicehotline kundenservice kundenhotline service_client çağrı_merkezi"
        " çağrı_merkeziniz müşteri_hizmetleri колл-центр горячая_линия горячую_линию"
        " customer_service support_line atendimento sac atención_al_cliente infotel telverde"
    )
    + r"[^0-9.!?]{0,12}$|(?:コールセンター|フリーダイヤル|サポート窓口)[^0-9。]{0,4}$"
)
"""What a company is called at."""

_PEOPLE = re.compile(
    " (?:"
    + either(
        "habitants inhabitants habitantes einwohner locuitori nüfus человек человека жителей people"
        " brasileiros franceses personas pessoas persoane kişi"
    )
    + ")|人"
)
_BRITISH_LINE = re.compile(
    r"(?:\+ ?|00)44 ?(?:\(0\) ?)?3[0347]\d ?\d{3} ?\d{4}|03[0347]\d[ \-]\d{3}[ \-]\d{4}"
)
"""Ofcom gives numbers that begin with 03 to companies and public bodies alone. Grouped in another
way they are of Germany or Romania."""

_LINE = re.compile(
    r"(?:(?:\+ ?|00)\d{1,3}\D{0,2}|\d\D{1,2})?\(?(?:0?(?:8\d\d|900|120)(?!\d)|0?800|444)"
)
"""How companies' numbers begin. Mobiles of Japan begin with 080, not with 0800."""

_TURKEY = 90
_LONGEST = 11
"""Digits of a number without a zero before them, at most. Longer ones may be a card's or an
account's with one wrong, and are better hidden."""

_SHORTER = frozenset(["AR", "AU", "BE", "IE"])
_TRUNK = _SHORTER | frozenset(["AT", "CH", "DE", "FR", "GB", "JP", "MD", "RO"])
"""Numbers are dialled with a zero before them within these countries (ITU, National Numbering)."""

_OWN = re.compile(
    either(
        "my me mine mă meu mea numaram telefonum cebim мой моя мне mein meine mich mon ma moi"
        " mi mío minha"
    )
    + "|"
    + either("私 僕 俺 うち 自分", whole=False)
)
_DATE = re.compile(
    r"\(?(?:(?:19|20)\d\d[./\- ]\d{1,2}[./\- ]\d{1,2}"
    r"|\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d\d)(?![./\-]?\d)"
)
_BESIDE = 28
"""Characters between a word for a phone and the number, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phones:
    """`regions`: ISO 3166 codes of countries whose numbers are known without country code."""

    regions: tuple[str, ...]

    def find(self, text: str, near: Places, taken: Iterable[Found]) -> Iterator[Found]:
        """None over what is `taken`: to ask whether a card is a telephone takes a millisecond."""
        for match in _written(text, taken):
            start = match.start()
            named = _named(text, near, start)
            if not named and _is_other(match):
                continue
            for end in _ends(match):
                free = _may_be(text, start, end, taken)
                if free and (named or self._is_phone(text[start:end])):
                    yield from self._whose(text, start, end, taken)
                    break

    def told(self, text: str, near: Places, taken: Iterable[Found]) -> Iterator[Found]:
        """Those in words, beside a word for one or valid."""
        for start, end, digits in said(text):
            known = _named(text, near, start) or self._is_phone(digits)
            if known and not over(start, end, taken):
                yield start, end, DataClass.PHONE

    def called(self, text: str, near: Places, taken: Iterable[Found]) -> Iterator[Found]:
        """Those that look like one right behind a word for one, whatever else they may prove."""
        for match in after(text, _words(text, near), _CALLED):
            start, end = match.span("it")
            if _may_be(text, start, end, taken) and self._is_phone(match["it"]):
                yield from self._whose(text, start, end, taken)

    def _whose(self, text: str, start: int, end: int, taken: Iterable[Found]) -> Iterator[Found]:
        """The whole number, but a company's only where somebody says that it is their own."""
        if not self._is_line(text[start:end]) or _OWN.search(text, max(0, start - _BESIDE), start):
            yield start, _to_its_end(text, start, end, taken), DataClass.PHONE

    def _is_phone(self, written: str) -> bool:
        digits = sum(map(str.isdigit, written))
        if written.startswith(("+", "00")):
            return digits >= _NATIONAL and _possible(f"+{written.lstrip('+0 ')}")
        if _SHAPES.fullmatch(written):
            return True
        if digits < _NATIONAL or not _GROUPED.search(written):
            return False
        if digits == _NATIONAL and _TWO_GROUPS.fullmatch(written):  # a version, or one with a year
            return False
        others = _without_zero(written)
        return any(_valid(written, region) for region in self.regions if region not in others)

    def _is_line(self, written: str) -> bool:
        """A company's: a call costs nothing in one of the countries, and it is a mobile in none."""
        if _BRITISH_LINE.fullmatch(written):
            return True
        if not _LINE.match(written):
            return False
        from phonenumbers import PhoneNumberType as Kind

        kinds = {_kind(written, region) for region in self.regions}
        return Kind.TOLL_FREE in kinds and not kinds & {Kind.MOBILE, Kind.FIXED_LINE_OR_MOBILE}


def _written(text: str, taken: Iterable[Found]) -> Iterator[re.Match[str]]:
    """What is written as a number is; behind what is taken, or a date, it may begin anew."""
    match = _PHONE.search(text)
    while match:
        start = match.start()
        date = _DATE.match(text, start)
        before = [end for first, end, _ in taken if first <= start < end]
        before += [date.end()] if date else []
        if not before:
            yield match
            before = [end for first, end, _ in taken if first == start]
        match = _PHONE.search(text, max(before, default=match.end()))


def _words(text: str, near: Places) -> Iterator[tuple[int, int]]:
    """A word that may go on takes the digits that are glued to it for its own: they are not."""
    for start, end in near:
        yield start, start + len(text[start:end].rstrip("0123456789"))


def _is_other(match: re.Match[str]) -> bool:
    """Does it look like something else, or is it called so?"""
    written, start = match[0], match.start()
    called = written[0] != "+" and _ELSE.search(match.string, max(0, start - 40), start)
    people = _PEOPLE.match(match.string, match.end())
    return bool(_NO_PHONE.fullmatch(written) or _drawn(written) or called or people)


def _drawn(written: str) -> bool:
    """Five numbers or more that rise, as a lottery draws them."""
    if not _PAIRS.fullmatch(written) or _FRENCH.fullmatch(written):
        return False
    numbers = [int(pair) for pair in re.findall(r"\d+", written)]
    return numbers == sorted(set(numbers))


def _ends(match: re.Match[str]) -> Iterator[int]:
    """Of the number; where it begins as one does the number of a house may follow it, or another
    of the kind."""
    for gap in _TWO_NUMBERS.finditer(match.string, *match.span()):
        if sum(map(str.isdigit, match.string[match.start() : gap.start()])) >= _NATIONAL:
            yield gap.start()
    yield match.end()
    if match[0][0] in "0+(" or _SHAPES.match(match[0]):
        gaps = [gap.start() for gap in _GAP.finditer(match.string, *match.span())]
        yield from reversed(gaps[-_MORE_NUMBERS:])


def _may_be(text: str, start: int, end: int, taken: Iterable[Found]) -> bool:
    return not (_DATE.match(text, start) or over(start, end, taken) or counts(text, start, end))


def _named(text: str, near: Places, at: int) -> bool:
    """Does a word for a phone stand before, with no other number and no new sentence between?"""
    called = any(
        0 <= at - end <= _BESIDE
        and not re.search(r"[0-9!?。]|\. ", text[end:at])
        and not goods(text, start)
        for start, end in near
    )
    return called and not _SERVICE.search(text, max(0, at - _BESIDE), at)


def _to_its_end(text: str, start: int, end: int, taken: Iterable[Found]) -> int:
    """More groups of digits behind the same sign, as a longer number begins as a phone number
    does, and the extension."""
    more = _MORE.match(text, end)
    if more and more["sign"] in text[start:end] and not over(end, more.end(), taken):
        end = more.end()
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension and not over(end, extension.end(), taken) else end


@lru_cache(maxsize=64)
def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    import phonenumbers  # its tables cost 5 MB, and most texts hold no number

    try:
        return phonenumbers.parse(re.sub(r"[^\d+]", "", written), region)
    except phonenumbers.NumberParseException:
        return None


def _possible(written: str) -> bool:
    import phonenumbers

    number = _parsed(written, None)
    return number is not None and phonenumbers.is_possible_number(number)


def _without_zero(written: str) -> frozenset[str]:
    """Countries that it cannot be a number of, as people dial it there: with the trunk's zero.
    Without it, whatever has nine digits would be a number of one of them."""
    if written.lstrip("(").startswith("0"):
        return frozenset()
    return _SHORTER if sum(map(str.isdigit, written)) > _LONGEST else _TRUNK


def _valid(written: str, region: str) -> bool:
    import phonenumbers

    number = _parsed(written, region)
    return number is not None and phonenumbers.is_valid_number(number)


def _kind(written: str, region: str) -> int:
    from phonenumbers import PhoneNumberType as Kind
    from phonenumbers import number_type

    number = _parsed(written, region)
    kind = Kind.UNKNOWN if number is None else number_type(number)
    if number is not None and number.country_code == _TURKEY and kind in (Kind.UAN, Kind.VOIP):
        return Kind.TOLL_FREE  # 444 and 0850: who calls pays, but it is a company that is called
    return kind
