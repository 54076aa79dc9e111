"""Passwords and one-time codes beside the words that announce them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import DASH, LINK, WORD, Found, Places, counts, either, goods
from router.normal import Normal

_CODE = re.compile(
    rf"(?<![{WORD}#/.,{DASH}\-])(?P<it>(?:[a-z]-)?"
    rf"(?:\d{{2,4}}(?:[ {DASH}\-]\d{{2,4}}){{1,3}}|\d{{4,8}}))"
    rf"(?![{WORD}%/]|[.,:]\d)"
)
_SHORT = re.compile(rf"{LINK}(?P<it>\d{{3,4}})(?!\d)")
_CVV = re.compile(
    r"cv[vc]\d?|"
    + either(
        "security_code güvenlik_kodu セキュリティコード código_de_seguridad código_de_segurança"
        " code_de_sécurité codul_de_securitate prüfziffer sicherheitscode код_безопасности",
        whole=False,
    )
)
"""The short code of a card."""

_BEFORE = re.compile(
    rf"(?<![{WORD}.,/\-])(?P<it>\d{{4,8}}) ?(?:(?:is|este|e|это|ist|est|es|-|=|olan|という|って) ?"
    r"(?:(?:my|the|your|mein|der|mon|le|mi|el|meu|o|мой) )?)?$"
)
_NOT_SECRET = re.compile(
    either(
        "promo discount coupon voucher gift error zip post postal area country qr bar product"
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
_BESIDE = 28
"""Characters between a word for a code and the code, at most."""


def codes(text: str, near: Places) -> Iterator[Found]:
    """Four to eight digits soon after a word for a secret code, or right before it."""
    for start, end in near:
        if _NOT_SECRET.search(text, max(0, start - 16), start) or _OTHER.match(text, end):
            continue
        if match := _code(text, start, end):
            yield match.start("it"), match.end("it"), DataClass.CREDENTIAL


def _code(text: str, start: int, end: int) -> re.Match[str] | None:
    if _CVV.match(text, start) and (short := _SHORT.match(text, end)):
        return short
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
    for start, end in near:
        if goods(normal.text, start) or _WORD_GOES_ON.match(normal.text, end):
            continue
        if place := _right_behind(normal, start, end) or _farther(normal.text, start, end):
            yield *place, DataClass.CREDENTIAL


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


def _farther(text: str, start: int, end: int) -> tuple[int, int] | None:
    later = _SECRET_LATER.match(text, end)
    if later and not _ANOTHER.search(later["between"]):
        first, last = _bare(later)
        if _MIXED.fullmatch(text, first, last):
            return first, last
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
