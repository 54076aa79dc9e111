"""One-time codes, PINs, the codes of cards and doors beside the words that announce them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from inbox.clearance import DataClass
from router.beside import DASH, LINK, WORD, Found, Near, counts, either

_DIGITS = (
    rf"(?:\d{{2,4}}(?:[ {DASH}\-]\d{{2,4}}){{1,3}}|\d{{4,8}}|\d(?:[ {DASH}\-]\d){{3,7}})"
    rf"(?![{WORD}%/]|[.,:]\d)"
)
_DIGIT = re.compile(r"\d")
_CODE = re.compile(rf"(?<![{WORD}#/.,{DASH}\-])(?P<it>(?:[a-z]-)?{_DIGITS})")
_BACK = either(
    "back reverse hinten rückseite dos verso derrière spate spatele atrás detrás trás reverso dorso"
    " arka обороте оборота сзади обратной задней 裏 背面 うらの",
    whole=False,
)
_CVV = re.compile(
    r"cv[vcn]\d?|"
    + either(
        "security güvenlik セキュリティ código_de_seguridad código_de_segurança cvv2 kripto"
        " code_de_sécurité de_securitate de_siguranță prüfziffer sicherheitscode код_безопасности"
        " kartenprüf kpn crypto three_digits 3_digits digits_ numbers_on security_no"
        " last_three last_3 cifre trei_cifre 3_cifre cele_trei cele_3 цифры три_цифры 3_цифры"
        " трехзначный цвв свв 3桁 三桁 下3桁 末尾3桁 prüfcode kartencode"
        " üç_hane 3_hane son_üç 3_rakam üç_rakam ziffern zahlen drei_ziffern 3_ziffern"
        " dreistellig 3-stellig chiffres trois_chiffres 3_chiffres les_3 les_trois 3_derniers"
        " dígitos tres_ 3_núm 3_díg los_3 los_tres três_ os_3 os_três números_",
        whole=False,
    )
    + f"|{_BACK}"
)
"""The short code of a card."""

_SAYS_CODE = re.compile(
    either(
        "cod kod код コード 番号 数字 digit cifre цифр ziffer zahl chiffre dígit númer num"
        " no_on 3 4 three trei tres três trois drei üç_ 三 桁 cv secu security no. safety güven"
        " securit sicherheit verif prüf rakam strip kpn cid pin трехзнач",
        whole=False,
    )
)
"""Of the other words, much else stands on a back."""

_ENDS = r"(?P<it>\d(?: \d){2,3}|\d{3,4})(?![0-9%/]| \d|[.,:\-]\d)"
_SHORT = re.compile(rf"{LINK}{_ENDS}")
_SHORT_LATER = re.compile(rf"[^\d.,;!?。\n]{{1,32}}{_ENDS}")
_SAID = re.compile(
    r"(?: (?:it|es|se|мне|está)(?= ))?(?:"
    + either(
        "is was are e este es ist est é это says reads shows steht scrie yazıyor yazan dit pone"
        " diz написано стоит"
    )
    + r"|[はの:= \-])*"
)
_THREE = re.compile(r"\d ?\d ?\d")
_CRYPTO = re.compile(r"[ck]r[iy]pto")
_LAST = re.compile(r" ?(?:$|[.,;!?)]|です|だ)")

_EXPIRY = re.compile(
    r"\D{0,40}(?<!\d)(?:(?:0?[1-9]|1[0-2]) ?[/.|\-] ?(?:20)?\d\d|(?:0[1-9]|1[0-2])\d\d)(?!\d)"
)
_NEXT = re.compile(rf"[ ,;:/|()\-]{{1,4}}{_ENDS}")
_CALLED = re.compile(
    r"(?:\D|(?<!\d)[34](?!\d)){0,40}?"
    + either(
        "crypto kripto kod kodu code cod codul código код sec secu security güvenlik şifre şifresi"
        " crypt cvv cvc cvv2 cvc2 cvn cid kpn nip"
        " back hinten rückseite dos verso spate atrás reverso arkasında сзади обороте"
    )
    + rf"{LINK}{_ENDS}"
)
"""Behind the number of a card shorter words will do for its code, or none behind its expiry."""

_PIN = re.compile(
    r"(?<![a-zа-я])(?:pin|пин|puk|nip\b)|暗証|"
    + either(
        "şifre geheimzahl geheimnummer confidentiel mon_code my_code mein_code meu_código mi_código"
        " mi_clave senha codul_meu kodum мой_код",
        whole=False,
    )
)
"""Such codes are years, too: people take their year of birth."""

_KEPT = re.compile(
    either(
        "recovery backup share check access verif auth one-time unlock wiederherst ersatzcode"
        " notfallcode sicherungscode zugangs zugriffs secours récupération d'accès respaldo"
        " recuperación recuperação de_acceso de_acesso recuperare rezervă de_acces yedek kurtarma"
        " резервн восстановлен доступа リカバリー バックアップ 復旧 回復 復元 予備 共有",
        whole=False,
    )
)
_GROUP = r"(?=[a-z]{0,7}\d)[a-z0-9]{3,8}(?:-[a-z0-9]{2,8})*"
_GROUPS = re.compile(
    rf"{LINK}(?P<it>(?=\S*[a-z]|\S+ \S*[a-z])(?:{_GROUP}(?: {_GROUP}){{1,7}}"
    rf"|(?=[a-z\-]{{0,12}}\d)[a-z0-9]{{3,8}}(?:-[a-z0-9]{{2,8}}){{1,7}}))(?![{WORD}\-])"
)
"""Codes to keep are letters and digits in groups."""

_DOOR = re.compile(
    either(
        "gate door entry entrance keypad key lockbox lock_box buzzer intercom alarm interfon"
        " poart uș bloc intrare kapı giriş bina apartman site_g двер домофон подъезд калитк"
        " ворот замк portal puerta portero portão porta prédio entrada tür tor haustür eingang"
        " schlüssel porte portail immeuble interphone digicode entrée ドア ゲート 玄関 門 ロック"
        " キーボックス 宅配",
        whole=False,
    )
)
_LETTERED = re.compile(
    rf"(?P<said>{LINK}(?:{either('was era war était это был idi')}{LINK})?)"
    r"(?P<it>(?=\S*[a-zа-я#*])#?(?:[a-zа-я]{0,2}\d|[a-zа-я]?-\d){3,8}[a-zа-я]{0,2}[#*]?)"
    rf"(?![{WORD}])"
)
"""Codes of doors, and others that are said to be one, may have letters."""

_LETTERED_LATER = re.compile(
    r"(?: [^\W\d_]{1,12}){1,4}[ :]{1,2}"
    rf"(?P<it>(?=\S*[a-zа-я#*])#?(?:[a-zа-я]{{0,2}}\d){{3,8}}[a-zа-я]{{0,2}}[#*]?)(?![{WORD}\-])"
)
_TO = re.compile(
    " ?(?:[,/>→]|->|"
    + either(
        "to or and not in la sau și nu ya veya na или а не auf oder und en o y por à ou et para"
    )
    + "|"
    + either("から か では じゃ", whole=False)
    + r"){1,2} ?(?P<it>\d{4,8}|\d(?: \d){3,7})(?![0-9%/]|[.,:]\d)"
)
"""The next of several: what it was changed to, or may be instead."""

RENEWED = (
    either(
        "old new old_one new_one old_pin new_pin previous vechi veche vechiul vechea nou noua"
        " noul eski eskisi eskisini yeni yenisi старый старая старого новый новая нового"
        " прежний viejo vieja antiguo antigua nuevo nueva anterior alt alte alter altes alten"
        " neu neue neuer neues neuen ancien ancienne nouveau nouvelle velho velha antigo"
        " antiga novo nova"
    )
    + "|"
    + either("古い 新しい 前の 旧 以前の", whole=False)
)
_ANEW = re.compile(
    rf"(?:{RENEWED}){LINK}(?P<it>\d{{4,8}}|\d(?: \d){{3,7}})(?![{WORD}%/]|[.,:]\d|[ \-]\d)"
)
_BEFORE = re.compile(
    rf"(?<![{WORD}.,/\-])(?P<it>\d{{4,8}}) ?(?:(?:is|este|e|это|ist|est|es|-|=|olan|という|って) ?"
    r"(?:(?:my|the|your|mein|der|mon|le|mi|el|meu|o|мой) )?)?$"
)
_NOT_SECRET = re.compile(
    either(
        "fault trouble engine lot batch model colour color promo discount coupon voucher gift"
        " error zip post postal area country qr bar product"
        " status dress source reducere promoțional poștal eroare produs indirim hata posta ürün"
        " alan ошибки товара города почтовый страны промо descuento postal error rabatt fehler"
        " post gutschein promo réduction erreur desconto erro vestimentaire sort routing swift bank"
    )
    + r"[ \-]?$"
)
_OTHER = re.compile(
    r" ?(?:de |di |do |da |d'|of |for )?"
    + either(
        "error client cliente customer comandă pedido postal descuento desconto réduction promo"
        " produs reducere erro produto erreur price prices preț prețul цена prix precio preço fiyat"
        " fiyatı preis kosten costs ошибки товара скидки poștal eroare promotion producto barras"
        " bare barre"
    )
)
_COST = re.compile(
    either("costs cost costă price стоит стоил kostet kosten coûte cuesta vale custa fiyatı tutar")
)
_BEFORE_IT = 4
"""Words for orders that may hold one for a code, at most: each stands in a few lexicons."""

_BESIDE = 28
"""Characters between a word for a code and the code, at most."""


def codes(text: str, near: Near) -> Iterator[Found]:
    """Four to eight digits soon after a word for a secret code, or right before it; and the old or
    new one that is told beside it."""
    found: list[re.Match[str]] = []
    secret = False
    for start, end in dict.fromkeys(near.get("code", ())):
        if _is_secret(text, start, end, near):
            secret = True
            found += filter(None, [_code(text, start, end)])
    found += filter(None, [_next(text, match) for match in found])
    if secret:
        found += (one for one in _ANEW.finditer(text) if not counts(text, *one.span("it")))
    for place in dict.fromkeys(match.span("it") for match in found):
        yield *place, DataClass.CREDENTIAL


def _is_secret(text: str, start: int, end: int, near: Near) -> bool:
    """No code of a discount or of an article, and no part of another word: "customer code"."""
    if _NOT_SECRET.search(text, max(0, start - 16), start) or _OTHER.match(text, end):
        return False
    orders = near.get("order", ())
    at = bisect_right(orders, (start, end))
    around = orders[max(0, at - _BEFORE_IT) : at]
    return not any(first <= start and end <= last for first, last in around)


def _next(text: str, match: re.Match[str]) -> re.Match[str] | None:
    other = _TO.match(text, match.end("it"))
    alike = other and len(other["it"]) == len(match["it"])
    return other if alike and other and not counts(text, *other.span("it")) else None


def card_codes(text: str, taken: Sequence[Found]) -> Iterator[Found]:
    """The three or four digits that follow the number of a card and its expiry."""
    for end in [end for _, end, cls in taken if cls is DataClass.CARD]:
        expiry = _EXPIRY.match(text, end, end + 60)
        at = expiry.end() if expiry else end
        match = (expiry and _NEXT.match(text, at)) or _CALLED.match(text, at, at + 80)
        if match and not counts(text, *match.span("it")):
            yield *match.span("it"), DataClass.CREDENTIAL


def _code(text: str, start: int, end: int) -> re.Match[str] | None:
    if _DIGIT.search(text, max(0, start - _BESIDE), end + 60) is None:
        return None
    named = _SAYS_CODE.search(text, start, end) is not None
    if short := _of_card(text, start, end, named=named):
        return short
    if not named and _CVV.search(text, start, end):
        return None
    if lettered := _lettered(text, start, end):
        return lettered
    found = _CODE.search(text, end, end + _BESIDE + 12)
    if found and _leads(text[end : found.start()]) and _is_code(text, start, found):
        return found
    before = _BEFORE.search(text, max(0, start - 28), start)
    return before if before and not counts(text, *before.span("it")) else None


def _lettered(text: str, start: int, end: int) -> re.Match[str] | None:
    if _KEPT.search(text, start, end) and (groups := _GROUPS.match(text, end, end + 120)):
        return groups
    found = _LETTERED.match(text, end, end + 60)
    if found and (_DOOR.search(text, max(0, start - 8), end) or found["said"].strip()):
        return found
    found = _LETTERED_LATER.match(text, end, end + 60)
    return found if found and _DOOR.search(text, end, found.start("it")) else None


def _is_code(text: str, start: int, found: re.Match[str]) -> bool:
    first = found.start()
    years = "," in text[start:first] or _PIN.search(text, max(0, start - 6), first) is None
    return not counts(text, *found.span("it"), years=years)


def _of_card(text: str, start: int, end: int, *, named: bool) -> re.Match[str] | None:
    """Some words later it must be three digits, and the word must say that they are a code."""
    if (
        (named or _CRYPTO.match(text, start))
        and _CVV.search(text, start, end)
        and (short := _SHORT.match(text, end))
    ):
        return short
    short = _SHORT_LATER.match(text, end)
    if short is None or not _THREE.fullmatch(short["it"]):
        return None
    said = named or _says(text, end, short)
    on_it = said and _CVV.search(text, start, short.start("it"))
    return short if on_it and not counts(text, *short.span("it")) else None


def _says(text: str, end: int, short: re.Match[str]) -> bool:
    """Is nothing else told than these digits? They say how long something is, too."""
    between = text[end : short.start("it")]
    return _SAID.fullmatch(between) is not None and (
        between != " " or _LAST.match(text, short.end("it")) is not None
    )


def _leads(between: str) -> bool:
    return (
        len(between) <= _BESIDE
        and re.search(r"[0-9!?。]|\. ", between) is None
        and _COST.search(between) is None
    )
