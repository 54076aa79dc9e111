"""National identity numbers: those that prove themselves, and those that a word announces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from inbox.clearance import DataClass
from router.beside import LINK, STROKES, Found, Near, Places, counts, either, goods
from router.dates import DATE
from router.papers import example, whole

_END = r"(?:(?![a-z0-9])|(?<=\d)(?=[a-z]{4}))"
"""A word may stick to a number; one to three letters are a part of it."""

_NO = (
    r"(?:,? ?"
    + either(
        "nr no номер_паспорта номер numărul nr. number num numero número num. n # sıra seri series"
        " numar nummer numer nomer 番号 、番号 ・番号 и_номер",
        whole=False,
    )
    + r"\.?)?[ :№]{0,2}"
)
_SIGN = rf"[ .\-/{STROKES}]{{0,3}}"
_SERIES = "|".join(
    (
        rf"\d\d ?\d\d,?{_NO}\d{{6}}(?! ?\d)",  # of a passport of Russia
        rf"\d\d ?[a-zа-я]{{2}},?{_NO} ?\d{{5,6}}(?!\d)",  # of licences there, passports of France
        r"\d\d ?no ?\d{7}(?!\d)",  # of a passport of Russia for abroad
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
        r"[a-z9]{2,5}[ \-]?\d{6}[ \-]?[a-z9]{1,2}\d?[ \-]?[a-z0-9]{2,3}(?: \d\d)?",
        r"[a-z&]{3,4}-?\d{6}-?[a-z0-9]{3}",
        r"\d{8} ?\d ?[a-z]{2} ?\d",
        r"\d{7} ?[a-w][a-i]?",
        r"\d\d ?\d{6} ?[a-z] ?\d{3}",
        r"[a-z]{1,2}\d{6} ?\([0-9a]\)",
    )
)
_TAIL = r"(?:[a-z]{1,2}|-[a-z]{1,2}| (?![aeiouy] )[a-z])?"
_DIGITS = rf"[a-z]{{0,4}}[ \-]?\d(?:{_SIGN}\d){{5,19}}{_TAIL}{_END}"
_MIXED = (
    r"(?=(?:[a-z]*\d){3})[a-z0-9]{7,18}(?![a-z0-9])"
    r"|(?=(?:[a-z\-]*\d){5})[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){1,4}(?![a-z0-9])"
)
_GROUPS = (
    r"(?=(?:[a-z \-]*\d){3})(?=[\d \-]*[a-z])(?=(?:[ \-]?[a-z0-9]){7})(?:[a-z]{2,5}[ \-])?"
    r"(?:(?=[a-z]*\d)[a-z0-9]{2,7}[ \-]){1,3}(?=[a-z]*\d)[a-z0-9]{1,7}(?![a-z0-9])"
)
"""Letters and digits mixed, written in groups as on the paper."""

_VALUE = rf"(?P<it>(?:{_SERIES})|(?:{_LETTERED})(?![a-z0-9])|{_DIGITS}|{_GROUPS}|{_MIXED})"

_SAID = (
    either(
        "changed to has now new old style type biometric temporary current valid us usa uk british"
        " american canadian irish pt ro tr br it card document doc copy series serial state nou"
        " noua vechi veche serie numeru simplu electronic temporar student lui soțului soției mamei"
        " tatălui fiului fiicei belge belgesi seri sıra kart kartı eski yeni tip numarası benim"
        " onun eşimin annemin babamın oğlumun kızımın старый новый старое новое старые новые"
        " старого нового образца электронный бумажный рф россии ссср"
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

_LETTERS_FIRST = rf"{LINK}(?=[a-z]{{2}},? n(?:r|o|um[a-z]{{0,4}})\.? ?\d{{6}}|[a-z] \d{{8}}(?!\d))"
"""Of a series no link may take the letters, as *s* and *tr* are."""

_NAMED = re.compile(
    rf"(?:{_LETTERS_FIRST}|(?:{LINK}(?:{_SAID})(?![0-9])){{0,3}}{LINK}"
    rf"(?<![^a-z][a-z])(?<![^a-z][a-z]{{2}}))?{_VALUE}"
)
"""No link ends in the letters that a number begins with."""

_NATIONAL = re.compile(rf"{LINK}(?P<it>[a-z]{{2}} ?\d\d ?\d\d ?\d\d(?: ?[a-z])?)(?![a-z0-9])")
"""National Insurance of the United Kingdom: *ni* is also a place and a word of many languages."""

_LONG = (
    r"(?P<it>0\d{8}(?![a-z0-9])"
    rf"|[a-z]{{0,4}}[1-9](?:{_SIGN}\d){{7,15}}(?:[a-z]{{1,2}})?(?![a-z0-9])"
    rf"|[a-z]{{2}} ?\d{{6,7}}{_END}|[a-z]\d{{7,9}}[a-z]?{_END}"
    rf"|\d{{3}}[ .\-]\d\d[ .\-]\d{{4}}(?!\d)|\d\d ?[a-zа-я]{{2}} ?\d{{6}}(?!\d))"
)
_FAR = re.compile(rf"(?P<gap>[^0-9!?。]{{0,48}}?)(?<![a-z0-9])(?<![a-zа-я0-9][\-/]){_LONG}")
_ASKED = re.compile(
    rf"{LINK}\?{LINK}(?P<it>[a-z]{{0,3}}\d(?:{_SIGN}\d){{7,14}}[a-z]?|[a-z]{{1,3}}\d{{6,8}})"
    r"(?![a-z0-9])"
)
"""An answer to a question repeated: more must speak for it."""

_NOT_OF_PERSONS = re.compile(
    either(
        "company shop store firm firma firmei magazin magazinul magazinului sirket sirketin"
        " магазина организации компании ооо ип юрлица продавца банка изделия изделие прибора прибор"
        " товара товар техники технику аппарата ту entreprise societe empresa"
        " tienda loja unternehmen application request order ticket flight zbor ucus рейс",
    )
    + "|"
    + either("会社 法人 店 ページ サイト", whole=False)
    + r"|(?<!\.)(?<! n[ro])(?<! num)\. "
)
_WEAK = re.compile(
    r"[a-zа-я]{1,2}|сер\.|pan|nis|spi|c\.c\.|[cn]\.i\.|seria|права|identity|identidade"
    r"|permis|de identitate|d'identite|личности"
)
"""They mean other things as well: only what follows at once is a paper's."""

_TELEPHONE = re.compile(r"[78][ (\-]{0,2}9\d\d[ )\-]|\d{3}[ .\-]\d{3}[ .\-]\d{4}(?!\d)")
_HALF = r"(?:(?P<letters>[a-z]{1,2}) ?)?(?P<digits>\d(?:[ .\-/]{0,2}\d){0,9})"
_HALVES = re.compile(
    rf"[^0-9]{{0,24}}?(?<![a-z0-9])(?P<it>{_HALF})(?P<gap>[^0-9]{{3,40}}?)"
    r"(?P<rest>\d(?:[ .\-/]{0,2}\d){0,9}(?: ?[a-z](?![a-z0-9]))?)(?!\d)"
)
"""A number that was broken off and gone on with: joined it must prove itself."""

_SERIES_OF_TWO = re.compile(r"(?<![a-z])[a-z]{2} ?$")
"""Another paper with a series of its own."""

_LEAST = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz -"

_SOCIAL = re.compile(
    rf"social(?<![a-z]social){LINK}(?P<it>\d{{3}}[ .\-]?\d\d[ .\-]?\d{{4}})(?![a-z0-9])"
)
_INSURED = re.compile(
    rf"sin(?<!\wsin){LINK}(?P<it>\d{{3}}(?P<sign>[ \-])\d{{3}}(?P=sign)\d{{3}})(?![a-z0-9])"
)
"""Canada's Social Insurance Number: its word is one of English and of Spanish."""

_SOCIAL_WORD = re.compile(r"ss|s\.s|soc|my social|full social")
_PARTS = re.compile(
    r"[^0-9!?]{1,24}?(?P<area>\d{3})[^0-9!?]{1,14}(?P<group>\d\d)[^0-9!?]{1,14}"
    r"(?P<serial>\d{4})(?!\d)"
)
"""Social Security numbers are read out by their three parts (SSA)."""

_KEY = re.compile(
    r"[ ,;.(]{0,3}(?:(?:et|avec|sa|la) )*cle[f:]?(?: (?:est|c'est|de controle|secu))*[ :=]{0,3}"
    r"(?P<it>\d\d)(?!\d)"
)
"""Two digits that check a French number (INSEE) are often told apart."""

_BEFORE = re.compile(
    r"(?<![a-z0-9а-я.,/\-])(?P<it>[a-z]{0,3}\d(?:[ .\-/]?\d){6,14}[a-z]{0,2}"
    rf"|[a-z]{{2}},?{_NO} ?\d{{6,7}}|[a-z]\d\d ?[a-z]\d{{5}})"
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
_DATED = re.compile(
    rf"[^0-9!?。]{{1,24}}?{DATE}[ ,;]{{1,3}}(?=(?:n[or°]|num|с|seri|番号)|[^0-9]?\d)"
)
"""A paper is told with the day on which it was issued, sometimes before its number."""

_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_OF_SHAPE = {"0": r"\d", "a": r"[a-zа-я]"}
_ACT = re.compile(r"\d{1,5}/(?:19|20)\d\d|(?:[a-z]{1,3} )?(?:19|20)\d\d[ /\-](?:19|20)\d\d")
_QUESTION = re.compile(r" mi(?![a-z])")
"""Of Turkish; it is no mile behind so long a number."""

_TAX = re.compile(r"vkn|vergi|инн|иннк|moi inn|nif|contribuinte|steuern|tax|tin$|rfc|cuit")
_OF_COMPANIES = re.compile(
    either(
        "company shop store ltd llc firm firma firmei firmanin srl magaza magazanin sirket sirketin"
        " sirketimizin market magazin magazinului mukellefler fişinde fişte a.s. магазина"
        " организации компании фирмы ооо ао чека чеке empresa tienda loja"
        " sl s.l. ltda gmbh unternehmen laden societe magasin",
    )
)
"""Companies have numbers of the tax office, too."""

_GLUE = re.compile(r"\d(?<=[a-zа-я]\d)\d{4}")
_GLUED = re.compile(
    r"(?<![a-zа-я])(?:(?:"
    + either(
        "cnp cpf nif dni nie ssn tckn tc tcno инн снилс ahv niss nir cni nhs rg cnh nino nss pesel"
        " svnr ahvnr curp rfc rut pps ppsn tfn bsn aadhaar passno idnr steuerid sin nas",
        whole=False,
    )
    + ")|(?:passp|pasap|pasport|паспорт|ausweis|kimlik|reisepass|buletin)[a-zа-я]{0,8}"
    r"|[a-z\-]{0,24}(?:identifikations|ausweis|pass|steuer|versicherungs|fuhrerschein|licence "
    r"|license |insurance |security |pasaport|ehliyet|vergi |kimlik )"
    r"(?:numbe|numme|numara(?:m|si)?|n[or])r?)$"
)


def named_ids(text: str, near: Near, *, long: bool) -> Iterator[Found]:
    """What a word for an identity paper announces, with right check digits or wrong: people
    mistype. At least six digits, and no date: papers expire.

    `long`: has it as many digits near one another? Only then other words than those of the
    lexicons are looked for.
    """
    reached = 0
    glued = _glued(text) if long else ()
    for start, end in [*glued, *near.get("id", ())]:
        for first, last in _beside(text, start, end, near):
            yield first, last, DataClass.NATIONAL_ID
            if key := _KEY.match(text, last):
                yield *key.span("it"), DataClass.NATIONAL_ID
            for twin in _twins(text, first, last, near) if first >= reached else ():
                yield *twin, DataClass.NATIONAL_ID
                reached = twin[1]
    for word, pattern in (("social", _SOCIAL), ("sin", _INSURED)):
        if long and word in text:
            for match in pattern.finditer(text):
                yield *match.span("it"), DataClass.NATIONAL_ID


def _glued(text: str) -> Places:
    """Words that stick to their number, which no lexicon has as words."""
    for digits in _GLUE.finditer(text):
        if word := _GLUED.search(text, max(0, digits.start() - 44), digits.start()):
            yield word.span()


def _beside(text: str, start: int, end: int, near: Near) -> Iterator[tuple[int, int]]:
    if halves := _halves(text, start, end):
        yield from halves
        return
    match = (_NATIONAL if text[start:end] == "ni" else _NAMED).match(text, end, end + 110)
    if match is None or _is_date(match["it"]):
        dated = _DATED.match(text, end, end + 60)
        match = (
            (dated and _NAMED.match(text, dated.end(), dated.end() + 60))
            or _ASKED.match(text, end, end + 90)
            or _behind(text, start, end)
            or _far(text, start, end, near)
        )
    if (
        match
        and not _counts(text, *match.span("it"))
        and not example(text, match.start("it"))
        and not (_TAX.match(text, start, end) and _of_company(text, start, match.end("it")))
    ):
        yield match.span("it")


def _of_company(text: str, start: int, end: int) -> bool:
    return bool(
        _OF_COMPANIES.search(text, max(0, start - 24), start)
        or _OF_COMPANIES.search(text, end, end + 24)
    )


def _twins(text: str, start: int, end: int, near: Near) -> Iterator[tuple[int, int]]:
    """Papers of others that are told behind one look as it does: *mine is ..., my wife's ...*"""
    value = _alike(_shape(text[start:end]))
    while match := value.match(text, end, end + 80):
        trunk = match["it"][0] == "0" != text[start]  # of a telephone
        if trunk or _NOT_OF_PERSONS.search(match["gap"]) or _announces(text, end, match, near):
            return
        yield match.span("it")
        end = match.end()


def _announces(text: str, end: int, match: re.Match[str], near: Near) -> bool:
    """Does a word between announce something else, or does the number count something?"""
    others = [places for kind, places in near.items() if kind != "id"]
    another = any(_within(places, end, match.start("it")) for places in others)
    return another or _counts(text, *match.span("it")) or _is_date(match["it"])


def _shape(value: str) -> str:
    return _LETTER.sub("a", _DIGIT.sub("0", value))


@lru_cache(maxsize=256)
def _alike(shape: str) -> re.Pattern[str]:
    """Letters may be grouped otherwise; digits alone, of which telephones are, must look the same
    and have a word before them."""
    gap = r"[^0-9!?。]{1,40}?"
    if "a" in shape:
        value = r"[ .\-/]?".join(_OF_SHAPE[sign] for sign in shape if sign in _OF_SHAPE)
    else:
        gap = rf"(?=[^0-9]{{0,40}}[^\W\d]){gap}"
        value = "".join(_OF_SHAPE.get(sign, re.escape(sign)) for sign in shape)
    return re.compile(rf"(?P<gap>{gap})(?<![a-zа-я0-9])(?P<it>{value})(?![a-zа-я0-9])")


def _is_date(value: str) -> bool:
    """Also behind a word that looks like the letters of a paper: *am 3.4.2030*; or the number of an
    act, with its year, or two years."""
    if _ACT.fullmatch(value):
        return True
    bare = value.lstrip(_LETTERS)
    return _DATE.fullmatch(bare) is not None and (
        bare == value or not bare.replace(" ", "").isdigit()
    )


def _counts(text: str, start: int, end: int) -> bool:
    if _QUESTION.match(text, end):
        return goods(text, start)
    bare = text[start:end].lstrip(_LETTERS)
    return counts(text, start, end) or (bool(bare) and counts(text, end - len(bare), end))


def _halves(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    parts = _SOCIAL_WORD.match(text, start, end) and _PARTS.match(text, end, end + 80)
    if parts and not _NAMED.match(text, end, end + 110):
        return parts.span("area"), parts.span("group"), parts.span("serial")
    match = _HALVES.match(text, end, end + 110)
    if (
        match is None
        or min(len(match["it"]), len(match["rest"])) < _LEAST
        or _DATE.fullmatch(match["rest"])
        or (match["letters"] and _SERIES_OF_TWO.search(match["gap"]))
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
    if _DATE.match(match["it"]):
        return None
    if _TELEPHONE.match(match["it"]) and not whole(re.sub(r"\W", "", match["it"])):
        return None
    return None if _announces(text, end, match, near) else match


def _within(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(places, (start, start))
    return at < len(places) and places[at][0] < end


def _behind(text: str, start: int, end: int) -> re.Match[str] | None:
    weak = _WEAK.fullmatch(text, start, end)
    match = None if weak else _BEFORE.search(text, max(0, start - 50), start)
    return None if match and _is_date(match["it"]) else match
