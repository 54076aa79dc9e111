"""Dates in the forms of nine languages, and those that a word for birth announces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.clearance import DataClass
from router.beside import DASH, LINK, Found, Places, either, goods

_MONTH = either(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " ianuarie februarie martie aprilie mai iunie iulie septembrie octombrie noiembrie decembrie"
    " ian iun iul noi ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık"
    " oca şub nis haz tem ağu eyl eki kas ara"
    " января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    " январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
    " янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек"
    " enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre"
    " diciembre ene abr ago dic januar jänner februar feber märz maerz juni juli oktober dezember"
    " mär mrz okt dez"
    " janvier février mars avril juin juillet août septembre octobre novembre décembre"
    " janv févr fév avr juil aoû déc"
    " janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev set out"
    " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre"
    " yanvarya fevralya marta aprelya maya iyunya iyulya avgusta sentyabrya oktyabrya noyabrya"
    " dekabrya",
    whole=False,
)
_SEP = rf"[./\- {DASH}]"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|e|o|го|-го|-е|\.)?"
_YEAR = r"(?:19|20)\d\d"
_ROMAN = r"(?:xi{0,2}|i?x|iv|vi{0,3}|i{1,3})"
_LINK_WORD = r"(?: ?,? ?(?:of |de |del |do |d')?| ?[.\-/] ?)"
_OF_YEAR = r"(?: года(?![а-я])| ?г\.?(?![а-я./]))?"
_ERA = either("昭和 平成 令和 大正 明治 昭 平 令 s h t r", whole=False)
DATE = (
    rf"(?:{_YEAR} ?[./\-{DASH}] ?\d{{1,2}} ?[./\-{DASH}] ?\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}} ?{_SEP} ?\d{{1,2}} ?{_SEP} ?(?:{_YEAR}|'?\d\d)(?!\d){_OF_YEAR}"
    rf"|\d{{1,2}} ?[./\- ] ?{_ROMAN} ?[./\- ] ?(?:{_YEAR}|'?\d\d)(?!\d)"
    rf"|{_DAY}{_LINK_WORD}{_MONTH}\.?{_LINK_WORD}(?:{_YEAR}|'?\d\d)(?!\d){_OF_YEAR}"
    rf"|{_MONTH}\.? ?{_DAY}[, ] ?(?:{_YEAR}|'?\d\d(?![\d:]))"
    rf"|{_YEAR}{_LINK_WORD}{_MONTH}\.?{_LINK_WORD}\d{{1,2}}(?!\d)"
    rf"|(?:{_YEAR}|{_ERA} ?(?:\d{{1,2}}|元)) ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?日?"
    r"|"
    + either("昭和 平成 令和 大正 昭 平 令", whole=False)
    + r" ?\d{1,2}[./\-]\d{1,2}[./\-]\d{1,2})"
)
_FREE = r"(?<![0-9a-z])(?<!\d[./\-])"
_DATE = re.compile(rf"{_FREE}(?P<it>{DATE})")
_LETTERED = r"[mtshr] ?\d{1,2}[./\-]\d{1,2}[./\-]\d{1,2}(?!\d)"
"""Eras of Japan by their first letter are written so of other things, too."""

_DD, _MM = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_RUN = rf"(?:{_DD}{_MM}|{_MM}{_DD})(?:{_YEAR}|\d\d)(?!\d)|{_YEAR}{_MM}{_DD}(?!\d)"
_COMMAS = rf"\d{{1,2}},\d{{1,2}},{_YEAR}(?!\d)"
_ANNOUNCED = re.compile(rf"{LINK}(?<![^a-z][a-z])(?P<it>{DATE}|{_LETTERED}|{_RUN}|{_COMMAS})")
_NEXT = re.compile(rf"[ ,;/|、・(]{{1,3}}(?P<it>{DATE}|{_LETTERED})")
_PREVIOUS = re.compile(
    rf"{_FREE}(?P<it>{DATE}|{_LETTERED})[ ,;/|、・)]{{1,3}}(?:[a-zа-я.]{{2,12}}[ :]{{1,2}}){{0,2}}$"
)
_BIRTH_YEAR = re.compile(
    r"(?<!\d)(?:19\d\d|20[01]\d)(?!\d)|^[^\d年]*\d{1,2}\D+\d{1,2}\D+[013-9]\d$"
    rf"|^\d{{1,2}}\D*{_MONTH}\D*[013-9]\d$"
    r"|^\d{4}(?:19\d\d|20[01]\d)$|^(?:19\d\d|20[01]\d)\d{4}$|^\d{6}$|^(?:[mtsh]\d|昭和|大正|明治|平成)"
)
"""Years in which people were born who write today, also by their last two digits."""

_FEAST = re.compile(
    either(
        "birthday birth_day bday b-day gift doğum_günü doğum_günüm doğumgünü zi_de_naștere ziua"
        " день_рождения день_рожденья дня_рождения днюха днюхи geburtstag birthdays",
        whole=False,
    )
    + "|"
    + either("誕生日 cumpleaños cumple anniversaire anniv aniversário niver", whole=False)
)
"""Words that speak of a feast as well: only a date right after them is one of birth, or a year in
which somebody was born."""

_DAY_BEFORE = re.compile(r"(?:ден[ья]|дня|днем|днём|ziua de|zi de|zilei de) $")
_WEAK = re.compile(
    r"[bn]\.|d\.?n\.?|d\. ?t\.?|dt|гр|д\.?р\.?|nac|nat[ao]|本人|geburt|ne le|f\.n\.|生"
)
"""They are short for other words as well: only a date right after them that may be one of birth."""

_BORN_THEN = re.compile(rf"{_FREE}(?P<it>{DATE}|{_LETTERED}) ?$")
_BORN = re.compile("生(?![産放活物鮮演配出きけビチハ])|гр(?![а-я])")
_NEGATED = either("not nicht nu не no pas não değil 't")
_NOT_YEAR = re.compile(
    rf"(?:{_YEAR},? )?{_NEGATED} (?:en |in |im |în |em |в )?{_YEAR}(?!\d)"
    rf"|(?<!\d){_YEAR} ?(?:{either('değil')}|年?(?:じゃな|ではな))"
)
_ALONE = re.compile(rf"(?<![0-9a-z])(?<![a-z0-9][./\-_])(?<!\d ['–—\-] )(?P<it>{DATE})")
_GROWN = re.compile(r"(?<!\d)(?:19[3-9]\d|200\d)(?!\d)|昭和|平成 ?(?:元|\d|1\d|20)年")
_NAME_BEFORE = re.compile(r"(?:^|[\n:;] ?)[^\W\d_]+(?:[ \-][^\W\d_]+){1,2},? ?,? ?$")
_AN_ANSWER = 28
"""Characters of a message that is hardly more than a date."""
_LONG_AGO = re.compile(r"19[3-9]\d|20[01]\d|202[0-4]|昭和|平成")
_CHILD = re.compile(
    either(
        "son daughter kid child baby boy girl toddler son's daughter's kid's child's baby's"
        " fiul fiului fiu-meu fiica fiicei fetita fetitei baiatul baiatului copilul copilului copil"
        " bebe bebelusul oğlum oğlumun oğlan kızım kızımın çocuğum çocuğumun çocuk bebeğim bebek"
        " сын сыну сына сынок дочь дочке дочка дочки дочери дочку ребенок ребенку ребенка малыш"
        " малышу hijo hija niño niña bebe hijos sohn sohnes tochter kind baby sohns fils fille"
        " enfant bébé filho filha criança menino menina bebê"
        " grandson granddaughter nephew niece nepot nepotul nepoata torunum yeğenim внук внучка"
        " внуку внучке племянник племянница enkel enkelin neffe nichte neveu nièce nieto nieta"
        " sobrino sobrina neto neta sobrinho sobrinha"
        " kids children kids' copiii copiilor çocuklarım çocukların дети детей детям hijos hijas"
        " kinder enfants filhos filhas",
    )
    + r"(?:[ :,(—–\-]{1,3}[a-zа-я']{1,12}){0,2}"
    + r"(?:[ (][\d./\-]{6,10}\)?(?:[ ,;&(]{1,3}[a-zа-я']{1,12}){1,3})?[ :,(—–\-]{1,3}$"
    + r"|(?:息子|娘|子供|子ども|長男|長女|次男|次女|孫|甥|姪|赤ちゃん)[^0-9。]{0,6}$"
)
_TURKISH_OF = re.compile(r"(?: ?'|[ ])?l[iu](?:yim|yum|yuz|yiz|dir|dur)?(?![a-z])")
"""*08.11.2016'lı*: one of that day."""

_CLOCKS_BEGIN = re.compile(
    r"(?:1970|2000)[\-年/. ]{1,2}0?1[\-月/. ]{1,2}0?1(?!\d)"
    r"|(?<!\d)0?1\D{1,5}(?:0?1(?!\d)|jan|ian|янв|oca|ene)\D*(?:1970|2000)"
    r"|jan\D*1(?!\d)\D{1,4}(?:1970|2000)"
)
_PAST = either(
    "since issue law_ act_ contract invoice founded establish signed dated releas built married"
    " opened bought purchas manufactur installed first premier award batch album film concert"
    " vintage wall_ war_"
    " emis_ eliberat legea legii factur fondat înființat semnat cumpărat lansat construit căsător"
    " client_din înmatricul revolu kanun sözleşme fatura veril kurul tescil ilk_"
    " от_ выда закон договор основан выпущ построен купл чек_ дтп побед"
    " expedi emiti ley_ contrato fundad firmad desde comprad estren matricul"
    " delivr emis_ loi_ contrat fonde signe depuis achete sorti circulation"
    " ausgestellt gesetz vertrag rechnung gegründ seit unterschrieb gekauft erschien gebaut"
    " erstzulass zulassung lei_ assinad lancad",
    whole=False,
)
_PAST_JA = either("発行 交付 契約 法律 設立 創業 購入 発売 取得", whole=False)
_PAST_BEFORE = re.compile(rf"(?:(?<![a-zа-я]){_PAST}|{_PAST_JA})(?:[^.!?。]|\.\d)*$")
_PAST_BEHIND = re.compile(
    r",?[t ] ?\d{1,2}[:.]\d\d|[ ]?[–—\-] ?(?:\d|現在)| ?(?:№|n[ro°]?\.? ?\d)"
    r"|[' a-z]{0,6}(?:tarihli|beri(?![a-z]))"
    r"|[ a-z]{0,14}(?<![a-z])(?:vhs|dvd|vinyl|edition|poster|concert|film|album|episode)"
    r"| ?(?:発行|交付|発売|設立|創業|から|以来|以降|付け?|の法)"
)
"""Papers, laws, contracts and shops have their days as well; logs have a time of the day."""

_GREAT_DAYS = re.compile(
    r"(?:[89]\.? (?:de )?(?:ма|ma[iy]|no[vi])|25\.? (?:de )?(?:a[bpv]r)|22 dec|23 (?:de )?feb"
    r"|11\.? (?:de )?(?:s[ei]p|сен|set)|26\.? (?:ап|a[bpv]r)|15\.? (?:au|ag|авг))"
    r"\D*(?:1945|1974|1981|1986|1989|2001)"
    r"|september 11\D*2001|1945年8月15日|1989年11月9日"
)
"""Of history, that each of these languages speaks of."""

_NEVER_BORN = re.compile(
    either(
        "from on by until at am bis pe la pana le pour el para hasta em ate на с до к от в на_дату"
    )
    + " $"
)
_BEFORE = 20
_AFTER = 36
"""Characters between a date and a word for birth after it, and before it, at most."""


def birth_dates(text: str, near: Places, taken: Sequence[Found]) -> Iterator[Found]:
    """Whole dates beside a word for birth, with no other number between, or beside a paper that
    is `taken`."""
    for start, end in near:
        if match := _born(text, start, end):
            yield *match.span("it"), DataClass.BIRTH_DATE
    for start, end, cls in taken:
        if cls is DataClass.NATIONAL_ID:
            yield from _beside_paper(text, start, end)


def _beside_paper(text: str, start: int, end: int) -> Iterator[Found]:
    for match in (_NEXT.match(text, end), _PREVIOUS.search(text, max(0, start - 44), start)):
        if match and _BIRTH_YEAR.search(match["it"]) and not _past(text, *match.span("it")):
            yield *match.span("it"), DataClass.BIRTH_DATE


def bare_births(text: str, *, among: bool) -> Iterator[Found]:
    """Dates that no word announces, of years in which grown people were born, `among` other data of
    a person, behind a name, or in hardly more than an answer: elsewhere people tell of old days. Of
    children's years only behind a word for a child."""
    among = among or len(text) <= _AN_ANSWER
    for year in _LONG_AGO.finditer(text):
        for match in _ALONE.finditer(text, max(0, year.start() - 24), year.end() + 18):
            start, end = match.span("it")
            if start <= year.start() < end and _may_be_birth(text, start, end, among=among):
                yield start, end, DataClass.BIRTH_DATE


def _may_be_birth(text: str, start: int, end: int, *, among: bool) -> bool:
    if text[start:end].replace(" ", "").isdigit():
        return False
    if _past(text, start, end):
        return False
    if _CLOCKS_BEGIN.search(text, start, end) or _GREAT_DAYS.match(text, start, end):
        return False
    if _GROWN.search(text, start, end):
        told = among or _NAME_BEFORE.search(text, max(0, start - 48), start)
        return bool(told) and not goods(text, start)
    child = _CHILD.search(text, max(0, start - 56), start)
    if child and not _NEVER_BORN.search(text, child.start(), start):
        return True
    return _TURKISH_OF.match(text, end) is not None


def _past(text: str, start: int, end: int) -> bool:
    behind = _PAST_BEHIND.match(text, end)
    return bool(behind or _PAST_BEFORE.search(text, max(0, start - 34), start))


def _born(text: str, start: int, end: int) -> re.Match[str] | None:
    match = _ANNOUNCED.match(text, end)
    if _WEAK.fullmatch(text, start, end):
        if match is None and _BORN.match(text, start):
            match = _BORN_THEN.search(text, max(0, start - 24), start)
        return match if match and _BIRTH_YEAR.search(match["it"]) else None
    if match:
        return match
    match = _beside(text, start, end)
    feast = _FEAST.match(text, start) or _DAY_BEFORE.search(text, max(0, start - 9), start)
    if match and feast and not re.search(r"19\d\d|20[01]\d", match["it"]):
        return None
    return match


def _beside(text: str, start: int, end: int) -> re.Match[str] | None:
    following = _DATE.search(text, end, end + _AFTER + 24)
    if following and not _breaks(text[end : following.start()], _AFTER):
        return following
    for match in _DATE.finditer(text, max(0, start - _BEFORE - 24), start):
        if not _breaks(text[match.end() : start], _BEFORE):
            return match
    return None


def _breaks(between: str, most: int) -> bool:
    if len(between) > most:
        return True
    return re.search(r"[0-9!?。]", _NOT_YEAR.sub("", between)) is not None
