"""Passwords and one-time codes beside the words that announce them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from inbox.clearance import DataClass
from router.beside import DASH, LINK, WORD, Found, Near, Places, counts, either, goods
from router.normal import Normal
from router.spoken import spoken

_CODE = re.compile(
    rf"(?<![{WORD}#/.,{DASH}\-])(?P<it>(?:[a-z]-)?"
    rf"(?:\d{{2,4}}(?:[ {DASH}\-]\d{{2,4}}){{1,3}}|\d{{4,8}}|\d(?:[ {DASH}\-]\d){{3,7}}))"
    rf"(?![{WORD}%/]|[.,:]\d)"
)
_SHORT = re.compile(rf"{LINK}(?P<it>\d{{3,4}})(?!\d)")
_CVV = re.compile(
    r"cv[vc]\d?|"
    + either(
        "security_code güvenlik_kodu セキュリティ código_de_seguridad código_de_segurança"
        " code_de_sécurité codul_de_securitate prüfziffer sicherheitscode код_безопасности"
        " kartenprüf kpn cryptogramme security_no three_digits 3_digits digits_ numbers_on"
        " last_three last_3 cifre trei_cifre 3_cifre cele_trei cele_3 цифры три_цифры 3_цифры"
        " трехзначный цвв свв код_на_обороте код_с_обратной 裏 背面 うらの 3桁 三桁 下3桁 末尾3桁"
        " arka üç_hane 3_hane son_üç güvenlik_numarası ziffern zahlen_ drei_ziffern 3_ziffern"
        " dreistellig 3-stellig chiffres trois_chiffres 3_chiffres les_3 les_trois 3_derniers"
        " dígitos tres_ 3_núm 3_díg los_3 los_tres três_ os_3 os_três números_"
        " código_do_verso código_de_atrás",
        whole=False,
    )
)
"""The short code of a card."""

_EXPIRY = re.compile(
    r"\D{0,40}(?<!\d)(?:(?:0?[1-9]|1[0-2]) ?[/.|\-] ?(?:20)?\d\d|(?:0[1-9]|1[0-2])\d\d)(?!\d)"
)
_ENDS = r"(?P<it>\d{3,4})(?![0-9%/]|[.,:\-]\d)"
_NEXT = re.compile(rf"[ ,;:/|()\-]{{1,4}}{_ENDS}")
_CALLED = re.compile(
    r"\D{0,40}?"
    + either(
        "crypto kripto kod kodu code cod codul código код sec secu security güvenlik şifre şifresi"
        " crypt cvv cvc cvv2 cvc2 cvn cid kpn nip"
        " back hinten rückseite dos verso spate atrás reverso arkasında сзади обороте"
    )
    + rf"{LINK}{_ENDS}"
)
"""Behind the number of a card shorter words will do for its code, or none behind its expiry."""

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
    r"(?P<it>#?(?=\S*[a-zа-я#*])(?:[a-zа-я]{0,2}-?\d){3,8}[a-zа-я]{0,2}[#*]?)"
    rf"(?![{WORD}])"
)
"""Codes of doors, and others that are said to be one, may have letters."""

_TO = re.compile(
    " ?(?:[,/>→]|->|"
    + either(
        "to or and not in la sau și nu ya veya на или а не auf oder und en o y por à ou et para"
    )
    + "|"
    + either("から か では じゃ", whole=False)
    + r"){1,2} ?(?P<it>\d{4,8}|\d(?: \d){3,7})(?![0-9%/]|[.,:]\d)"
)
"""The next of several: what it was changed to, or may be instead."""

_RENEWED = (
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
    rf"(?:{_RENEWED}){LINK}(?P<it>\d{{4,8}}|\d(?: \d){{3,7}})(?![{WORD}%/]|[.,:]\d|[ \-]\d)"
)
_NEW_WORD = re.compile(
    rf"(?:(?<=[,;] )(?:{_RENEWED})(?= )|(?:{_RENEWED})"
    rf"(?: ?[:=]|->|→| {either('is was este e era es ist war est é это был')}|は))"
    r"[ :\"'“”«»„「]{0,3}(?P<it>[^\s\"”»」„,;、。]{5,64})"
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
        " produs reducere erro produto erreur"
        " ошибки товара скидки poștal eroare promotion producto barras bare barre"
    )
)
_SAID = either(
    "is was its it's este e era es ist lautet war est c'est était é это был была su şu такой"
    " now acum ahora jetzt maintenant agora сейчас теперь şimdi artık olarak"
)
_VALUE = r"(?P<it>[^\s\"”»」„,;、。]{4,64})"
_SECRET = re.compile(
    r"[ \"'“”«»„()]{0,2}(?:(?:for|to|la|pentru|для|от|do|da|del|de la) \w{2,20} )?"
    rf"(?:(?:mea|meu|mi|mein)(?![{WORD}]))? ?(?P<mark>[:=]|->|→|{_SAID}(?: {_SAID})?|は|が)?"
    rf"[ :=\"'“”«»„「]{{0,3}}{_VALUE}"
)
_SECRET_LATER = re.compile(
    rf"(?P<between>(?: mea| meu| mi| mein)?(?:,? [^\W\d_]{{1,14}}){{1,3}})(?:,? {_SAID}){{1,2}}"
    rf"[ :\"'“”«»„]{{1,3}}{_VALUE}"
)
_SECRET_OF = re.compile(rf"(?P<between>(?: [^\W\d_]{{1,14}}){{1,2}}) {_VALUE}")
_WHERE = re.compile(either("on in at sur dans pe в на auf en em no na für with by") + "$")
_INVENTED = re.compile(
    r"(?=.*[A-Z])(?=.*[a-z]).*\d{2,}[!*#$&@%+=?]?|(?=.*[a-zA-Z]).*\d[!*#$&@%+=]+"
)
"""What nobody would write but as a password."""

_SECRET_BEFORE = re.compile(
    rf"(?<![{WORD}.,/@\-])(?P<it>(?=[a-zа-я]*\d)(?=\d*[a-zа-я])[a-zа-я0-9]{{5,32}})"
    r"(?: (?:(?:as|olarak|как|como|als|comme|ca)(?: (?:my|the|mein|mon|mi|la|minha|a|мой))?"
    r"|(?:is|e|este|es|ist|est|это) (?:my|mein|mon|mi|minha|мой)) |という|って)$"
)
_ANOTHER = re.compile(
    either(
        "order booking email mail user username login account number code link site flight model"
        " comandă comanda rezervare utilizator contul numărul nr codul zbor sipariş kullanıcı hesap"
        " numara kod uçuş заказ бронь почта логин аккаунт номер код рейс pedido reserva correo"
        " usuario cuenta número código vuelo bestellung benutzername konto nummer flug commande"
        " identifiant compte numéro vol encomenda utilizador usuário conta voo"
    )
)
_MIXED = re.compile(
    r"(?!\d{1,3}[\-.]?[^\W\d_])(?=\S*[^\W\d_])(?=\S*[\d#$%&*^+=~!])(?!\S*(?://|www\.|@\S+\.)).{5,}"
    r"|[^\W\d_]{4,}(?:-[^\W\d_]{4,}){2,}"
)
"""What somebody thought up: letters with digits or signs, or three long words in a row; but no
measure, link or mailbox."""
_LATIN = re.compile(r"[!-~]+(?=[ぁ-ヺ一-龥])")
_FIRST_JAPANESE = "ぁ"
_MORE_DIGITS = re.compile(r"[ \-]\d\d")
_WORD_GOES_ON = re.compile(r"(?<=[ァ-ヺー])[ァ-ヺー]")

_TAIL = re.compile(either("です でした だ を に で と なの", whole=False) + ".*$|[.!?)\\]。、]+$")
_ASKED = re.compile(
    either(
        "forgot forget reset change lost new wrong recover uitat schimb resetez unuttum değiştir"
        " забыл забыла сбросить сменить olvidé olvidado cambiar vergessen ändern oublié changer"
        " esqueci mudar trocar"
    )
    + r"[^:=]{0,12}$"
)
_CLAUSE_END = re.compile(r"[\"'”»」)\]]?(?:[.,;!?\n)]|$)")
_PLEAS = frozenset(
    [
        "help",
        "please",
        "thanks",
        "none",
        "unknown",
        "yardim",
        "lutfen",
        "ajutor",
        "multumesc",
        "помогите",
        "пожалуйста",
        "помощь",
        "ayuda",
        "gracias",
        "hilfe",
        "bitte",
        "danke",
        "aidez-moi",
        "merci",
        "ajuda",
        "obrigado",
        "hidden",
        "forgot",
        "wrong",
    ]
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
    if _CVV.match(text, start) and (short := _SHORT.match(text, end)):
        return short
    lettered = _LETTERED.match(text, end, end + 60)
    if lettered and (_DOOR.search(text, max(0, start - 8), end) or lettered["said"].strip()):
        return lettered
    found = _CODE.search(text, end, end + _BESIDE + 12)
    if found and _leads(text[end : found.start()]) and not counts(text, *found.span("it")):
        return found
    before = _BEFORE.search(text, max(0, start - 28), start)
    return before if before and not counts(text, *before.span("it")) else None


def _leads(between: str) -> bool:
    return len(between) <= _BESIDE and re.search(r"[0-9!?。]|\. ", between) is None


def passwords(normal: Normal, near: Places) -> Iterator[Found]:
    """What follows a word for a password, where it is marked as its value or looks like one, and
    what was thought up and is called a password some words later."""
    for start, end in dict.fromkeys(near):
        if goods(normal.text, start) or _WORD_GOES_ON.match(normal.text, end):
            continue
        place = spoken(normal, start, end) or _right_behind(normal, start, end)
        if place or (place := _farther(normal, start, end)):
            yield *place, DataClass.CREDENTIAL
    for match in _NEW_WORD.finditer(normal.text):
        first, last = _bare(match)
        if _MIXED.fullmatch(normal.text, first, last):
            yield first, last, DataClass.CREDENTIAL


def _right_behind(normal: Normal, start: int, end: int) -> tuple[int, int] | None:
    text = normal.text
    match = _SECRET.match(text, end)
    if match is None:
        return None
    first, last = _bare(match)
    asked = _ASKED.search(text, max(0, start - 24), start) is not None
    marked = match["mark"] in (":", "=", "->", "→") and not asked
    found = last - first >= 4 and _secret(
        normal, first, last, marked=marked, said=match["mark"] is not None
    )
    return (first, last) if found else None


def _farther(normal: Normal, start: int, end: int) -> tuple[int, int] | None:
    text = normal.text
    later = _SECRET_LATER.match(text, end)
    if later and not _ANOTHER.search(later["between"]):
        first, last = _bare(later)
        if _MIXED.fullmatch(text, first, last):
            return first, last
    return _of(normal, end) or _before(text, start)


def _of(normal: Normal, end: int) -> tuple[int, int] | None:
    """Behind the name of what it opens: "the password for the router X"."""
    match = _SECRET_OF.match(normal.text, end)
    if match is None or _ANOTHER.search(match["between"]) or _WHERE.search(match["between"]):
        return None
    first, last = _bare(match)
    return (first, last) if _INVENTED.fullmatch(normal.quote(first, last)) else None


def _before(text: str, start: int) -> tuple[int, int] | None:
    before = _SECRET_BEFORE.search(text, max(0, start - 56), start)
    return before.span("it") if before else None


def _bare(match: re.Match[str]) -> tuple[int, int]:
    """Without what ends the sentence, or goes on in signs of Japan."""
    first, last = match.span("it")
    if latin := _LATIN.match(match["it"]):
        return first, first + latin.end()
    tail = _TAIL.search(match["it"])
    return first, last - len(tail[0]) if tail else last


def _secret(normal: Normal, start: int, end: int, *, marked: bool, said: bool) -> bool:
    """Digits among letters, six digits or more, odd signs; a plain word only where it is marked."""
    word = normal.text[start:end]
    digits = sum(map(str.isdigit, word))
    if digits:
        return marked or said or _looks_secret(normal.text, start, end, digits)
    raw = normal.quote(start, end)
    odd = not raw.isalpha() and re.search(r"[#$%&*@^_+=~]", raw) is not None
    inner = raw[1:] != raw[1:].lower() and raw != raw.upper()
    if odd or (inner and said):
        return True
    return marked and word not in _PLEAS and _CLAUSE_END.match(normal.text, end) is not None


def _looks_secret(text: str, start: int, end: int, digits: int) -> bool:
    if digits < end - start:
        return text[start] < _FIRST_JAPANESE
    return not (counts(text, start, end) or _MORE_DIGITS.match(text, end))
