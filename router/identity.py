"""National identity numbers: those that prove themselves, and those that a word announces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from inbox.clearance import DataClass
from router.beside import LINK, STROKES, Found, Near, Places, counts, either
from router.dates import DATE
from router.numbers import LESS, MORE, windows
from router.papers import proves, shaped, whole

_END = r"(?:(?![a-z0-9])|(?<=\d)(?=[a-z]{4}))"
"""A word may stick to a number; one to three letters are a part of it."""

_NO = (
    r"(?:,? ?"
    + either(
        "nr no номер_паспорта номер numărul nr. number num numero número num. n # sıra seri series"
        " nummer numer nomer 番号 、番号 ・番号 и_номер",
        whole=False,
    )
    + r"\.?)?[ :№]{0,2}"
)
_SIGN = rf"[ .\-/{STROKES}]{{0,3}}"
_SERIES = "|".join(
    (
        rf"\d\d ?\d\d,?{_NO}\d{{6}}(?! ?\d)",  # of a passport of Russia
        rf"\d\d ?[а-я]{{2}},?{_NO} ?\d{{6}}(?!\d)",
        rf"[ivxl1]{{1,5}}[ \-]?[а-я]{{2}},?{_NO} ?\d{{6}}(?!\d)",  # of one of the Soviet Union
        rf"[a-z]\d\d,?{_NO} ?\d{{6}}{_END}",  # of an identity card of Turkey before 2017
        rf"[a-zа-я]{{2}},?{_NO} ?\d{{6,7}}(?: ?[a-d])?{_END}",
        r"記号(?: ?番号)?[ :はが]{0,3}[^ 。番・]{1,9}[ 、,・]{0,2}番号[ :はが]{0,3}\d{1,8}",
        r"(?=(?:\D{0,4}\d){6})\d{2,8} ?[・、] ?(?:番号 ?)?\d{1,8}(?![0-9年月日])",
        r"\d{1,8} ?番号[ :はが]{0,3}\d{1,8}",
    )
)
_LETTERED = "|".join(
    (
        r"[a-z]{4}\d{6}[hm][a-z]{5}[a-z0-9]\d",
        r"(?=\d*[a-z])(?=[a-z]*\d[a-z]*\d)[b-df-hj-np-tv-z0-9]{9,10}",
        r"[a-z]{6} ?\d\d[a-z]\d\d ?[a-z]\d{3}[a-z]",
        r"[a-z]{5} ?\d{6} ?[a-z0-9]{5}(?: \d\d)?",
        r"[a-z&]{3,4}-?\d{6}-?[a-z0-9]{3}",
        r"\d{8} ?\d ?[a-z]{2} ?\d",
        r"\d{7} ?[a-w][a-i]?",
        r"\d\d ?\d{6} ?[a-z] ?\d{3}",
        r"[a-z]{1,2}\d{6} ?\([0-9a]\)",
    )
)
_DIGITS = (
    rf"[a-z]{{0,4}}[ \-]?\d(?:{_SIGN}\d){{5,19}}(?:[a-z]{{1,2}}|-[a-z]{{1,2}}|[ ][a-z])?{_END}"
)
_MIXED = (
    r"(?=(?:[a-z]*\d){3})[a-z0-9]{7,18}(?![a-z0-9])"
    r"|(?=(?:[a-z\-]*\d){5})[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){1,4}(?![a-z0-9])"
)
_VALUE = rf"(?P<it>(?:{_SERIES})|(?:{_LETTERED})(?![a-z0-9])|{_DIGITS}|{_MIXED})"

_SAID = (
    either(
        "changed to has now new old current valid us usa uk british american canadian irish pt ro"
        " tr br it card document doc copy series serial state nou noua vechi veche serie numeru"
        " belge belgesi seri sıra kart kartı eski yeni numarası старый новый рф россии ссср"
        " советский украины беларуси казахстана молдовы узбекистана таджикистана гражданина ребенка"
        " мужа жены сына дочери мой номер вот билет билета удостоверение личности nueva"
        " nuevo antiguo vieja numero nouveau ancien de mon alt neu neue alte novo antigo nova"
        " antiga do da es fr dele dela español española mexicano mexicana italiano italian german"
        " polish indian français belge românesc moldovenesc türk alman deutscher deutsche deutschen"
        " schweizer österreichischer brasileiro português"
    )
    + r"|記号(?:[・ ]?番号)?|\([^()0-9]{2,30}\)"
)
"""What stands between a word and its number, beside what stands there of every number."""

_NAMED = re.compile(
    rf"(?:(?:{LINK}(?:{_SAID})(?![0-9])){{0,3}}{LINK}(?<![^a-z][a-z])(?<![^a-z][a-z]{{2}}))?{_VALUE}"
)
"""No link ends in the letters that a number begins with."""

_NATIONAL = re.compile(rf"{LINK}(?P<it>[a-z]{{2}} ?\d\d ?\d\d ?\d\d(?: ?[a-z])?)(?![a-z0-9])")
"""National Insurance of the United Kingdom: *ni* is also a place and a word of many languages."""

_LONG = (
    r"(?P<it>0\d{8}(?![a-z0-9])"
    rf"|[a-z]{{0,4}}[1-9](?:{_SIGN}\d){{7,15}}(?:[a-z]{{1,2}})?(?![a-z0-9])"
    rf"|[a-z]{{2}} ?\d{{6,7}}{_END}|[a-z]\d{{7,9}}[a-z]?{_END})"
)
_FAR = re.compile(rf"(?P<gap>[^0-9!?。]{{0,42}}?)(?<![a-z0-9])(?<![a-zа-я0-9][\-/]){_LONG}")
_ASKED = re.compile(
    rf"{LINK}\?{LINK}(?P<it>[a-z]{{0,3}}\d(?:{_SIGN}\d){{7,14}}[a-z]?|[a-z]{{1,3}}\d{{6,8}})"
    r"(?![a-z0-9])"
)
"""An answer to a question repeated: more must speak for it."""

_NOT_OF_PERSONS = re.compile(
    either(
        "company shop store firm firma firmei magazin magazinul magazinului sirket sirketin"
        " магазина организации компании ооо ип юрлица продавца банка изделия изделие прибора прибор"
        " товара товар техники аппарата ту entreprise societe empresa"
        " tienda loja unternehmen application request order ticket flight zbor ucus рейс",
    )
    + "|"
    + either("会社 法人 店 ページ サイト", whole=False)
    + r"|\. "
)
_WEAK = re.compile(
    r"[a-zа-я]{1,2}|сер\.|pan|nis|spi|c\.c\.|[cn]\.i\.|seria|права|identity|identidade|permis"
)
"""They mean other things as well: only what follows at once is a paper's."""

_TELEPHONE = re.compile(r"[78][ (\-]{0,2}9\d\d[ )\-]|\d{3}[ .\-]\d{3}[ .\-]\d{4}(?!\d)")
_HALF = r"(?:(?P<letters>[a-z]{1,2}) ?)?(?P<digits>\d(?:[ .\-/]{0,2}\d){0,9})"
_HALVES = re.compile(
    rf"[^0-9]{{0,24}}?(?<![a-z0-9])(?P<it>{_HALF})(?P<gap>[^0-9]{{3,40}}?)"
    r"(?P<rest>\d(?:[ .\-/]{0,2}\d){0,9}(?: ?[a-z](?![a-z0-9]))?)(?!\d)"
)
"""A number that was broken off and gone on with: joined it must prove itself."""

_LEAST = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz -"

_SOCIAL = re.compile(
    rf"social(?<![a-z]social){LINK}(?P<it>\d{{3}}[ .\-]?\d\d[ .\-]?\d{{4}})(?![a-z0-9])"
)
_INSURED = re.compile(
    rf"sin(?<!\wsin){LINK}(?P<it>\d{{3}}(?P<sign>[ \-])\d{{3}}(?P=sign)\d{{3}})(?![a-z0-9])"
)
"""Canada's Social Insurance Number: its word is one of English and of Spanish."""

_BEFORE = re.compile(
    r"(?<![a-z0-9а-я.,/\-])(?P<it>[a-z]{0,3}\d(?:[ .\-/]?\d){6,14}[a-z]{0,2}"
    rf"|[a-z]{{2}},?{_NO} ?\d{{6,7}})"
    r"[ ,=:—–\-]{0,3}"
    r"(?:(?:\(|nolu|numarali|no'lu|"
    + either(
        "is are was it's that's thats the my his her our in as is_my это мой моя мои наш"
        " est c'est mon ma es mi e meu minha o a le el ist das meine mein sind"
        " este asta e_al bu benim olan",
        whole=True,
    )
    + "|"
    + either("が は の です 私の これが", whole=False)
    + r")[ ,:]?){0,4}$"
)
_DATE = re.compile(DATE)
_ACT = re.compile(r"\d{1,5}/(?:19|20)\d\d")
_AREA = re.compile(r"0\d{3}[ \-]\d{3}[ \-]\d{4}(?!\d)")
"""A telephone with its area may have a paper's check digits by chance."""

_ITEM_BEFORE = re.compile(r"(?<!\d)(?<!\d[ .])\d{1,2}[.)] $")
_ITEM_BEHIND = re.compile(r",? \d{1,2}[.)] ")
"""Numbers of answers in a list."""

_EXAMPLE = re.compile(
    either(
        "e.g. e.g eg example sample format z.b. zb beispiel p.ex. ex. exemple например напр. örnek"
        " örneğin mesela exemplu exemplo ejemplo"
    )
    + r"[ :,\"'(«„“]{0,4}$|(?:例|例えば)[ :、はが「]{0,3}$"
)

_GLUE = re.compile(r"\d(?<=[a-zа-я]\d)\d{4}")
_GLUED = re.compile(
    r"(?<![a-zа-я])(?:(?:"
    + either(
        "cnp cpf nif dni nie ssn tckn tc tcno инн снилс ahv niss nir cni nhs rg cnh nino nss pesel"
        " svnr ahvnr curp rfc rut pps ppsn tfn bsn aadhaar passno idnr steuerid sin nas",
        whole=False,
    )
    + ")|(?:passp|pasap|pasport|паспорт|ausweis|kimlik|reisepass|buletin)[a-zа-я]{0,8})$"
)


def named_ids(text: str, near: Near) -> Iterator[Found]:
    """What a word for an identity paper announces, with right check digits or wrong: people
    mistype. At least six digits, and no date: papers expire."""
    for start, end in [*_glued(text), *near.get("id", ())]:
        for first, last in _beside(text, start, end, near):
            yield first, last, DataClass.NATIONAL_ID
    for pattern in (_SOCIAL, _INSURED):
        for match in pattern.finditer(text):
            yield match.start("it"), match.end("it"), DataClass.NATIONAL_ID


def _glued(text: str) -> Places:
    """Words that stick to their number, which no lexicon has as words."""
    for digits in _GLUE.finditer(text):
        if word := _GLUED.search(text, max(0, digits.start() - 16), digits.start()):
            yield word.span()


def _beside(text: str, start: int, end: int, near: Near) -> Iterator[tuple[int, int]]:
    if halves := _halves(text, end):
        yield from halves
        return
    match = (_NATIONAL if text[start:end] == "ni" else _NAMED).match(text, end, end + 110)
    if match is None or _is_date(match["it"]):
        match = (
            _ASKED.match(text, end, end + 90)
            or _behind(text, start, end)
            or _far(text, start, end, near)
        )
    if match and not _counts(text, *match.span("it")) and not _example(text, match.start("it")):
        yield match.span("it")


def _is_date(value: str) -> bool:
    """Also behind a word that looks like the letters of a paper: *am 3.4.2030*; or the number of an
    act, with its year."""
    if _ACT.fullmatch(value):
        return True
    bare = value.lstrip(_LETTERS)
    return _DATE.fullmatch(bare) is not None and (
        bare == value or not bare.replace(" ", "").isdigit()
    )


def _counts(text: str, start: int, end: int) -> bool:
    bare = text[start:end].lstrip(_LETTERS)
    return counts(text, start, end) or (bool(bare) and counts(text, end - len(bare), end))


def _halves(text: str, end: int) -> tuple[tuple[int, int], ...]:
    match = _HALVES.match(text, end, end + 110)
    if (
        match is None
        or min(len(match["it"]), len(match["rest"])) < _LEAST
        or _DATE.fullmatch(match["rest"])
    ):
        return ()
    for half in ("it", "digits"):
        if whole(re.sub(r"[\W_]", "", match[half] + match["rest"])):
            return match.span(half), match.span("rest")
    return ()


def _far(text: str, start: int, end: int, near: Near) -> re.Match[str] | None:
    """A long number some words behind, where none of these words announces another."""
    if _WEAK.fullmatch(text, start, end):
        return None
    match = _FAR.match(text, end, end + 80)
    if match is None or _NOT_OF_PERSONS.search(match["gap"]) or _is_date(match["it"]):
        return None
    if _DATE.match(match["it"]) or _TELEPHONE.match(match["it"]):
        return None
    others = [places for kind, places in near.items() if kind != "id"]
    another = any(_within(places, end, match.start("it")) for places in others)
    return None if another else match


def _within(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(places, (start, start))
    return at < len(places) and places[at][0] < end


def _behind(text: str, start: int, end: int) -> re.Match[str] | None:
    weak = _WEAK.fullmatch(text, start, end)
    return None if weak else _BEFORE.search(text, max(0, start - 50), start)


def _example(text: str, start: int) -> bool:
    return _EXAMPLE.search(text, max(0, start - 14), start) is not None


def national_ids(text: str, languages: tuple[str, ...]) -> Iterator[Found]:
    """Identity numbers of these languages' countries that need no word beside them."""
    for start, end in shaped(text, languages):
        if not _example(text, start):
            yield start, end, DataClass.NATIONAL_ID
    for start, end, digits in sorted(windows(text, 11, 15), key=lambda one: -len(one[2])):
        if (
            len(set(digits)) > 1
            and _alone(text, start, end)
            and any(proves(text, digits, code) for code in languages)
        ):
            yield start, end, DataClass.NATIONAL_ID


def _alone(text: str, start: int, end: int) -> bool:
    less = LESS.search(text, max(0, start - 4), start) is not None
    more = MORE.match(text, end) is not None
    if text[start:end].isdigit():
        less = less and not _ITEM_BEFORE.search(text, max(0, start - 8), start)
        more = more and not _ITEM_BEHIND.match(text, end)
    return not (less or more or _AREA.match(text, start))
