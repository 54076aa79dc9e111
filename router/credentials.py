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
_CVV = re.compile(r"cv[vc]\d?")
_BEFORE = re.compile(
    rf"(?<![{WORD}.,/\-])(?P<it>\d{{4,8}}) ?(?:(?:is|este|e|это|ist|est|es|-|=|olan) ?"
    r"(?:(?:my|the|your|mein|der|mon|le|mi|el|meu|o|мой) )?)?$"
)
_NOT_SECRET = re.compile(
    either(
        "promo discount coupon voucher gift error zip post postal area country qr bar product"
        " status dress source reducere promoțional poștal eroare produs indirim hata posta ürün"
        " alan ошибки товара города почтовый страны промо descuento postal error rabatt fehler"
        " post gutschein promo réduction erreur desconto erro vestimentaire"
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
_SAID = either("is was este e es ist lautet war est é это был su şu такой", whole=True)
_SECRET = re.compile(
    r"[ \"'“”«»„()]{0,2}(?:(?:for|to|la|pentru|для|от) \w{2,20} )?(?:mea|meu|mi|mein)?"
    rf" ?(?P<mark>[:=]|->|→|{_SAID}|は|が)?[ :=\"'“”«»„「]{{0,3}}"
    r"(?P<it>[^\s\"”»」„,;、。]{4,64})"
)
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
    """What follows a word for a password, where it is marked as its value or looks like one."""
    text = normal.text
    for start, end in near:
        match = _SECRET.match(text, end)
        if match is None or goods(text, start):
            continue
        first, last = match.span("it")
        last -= len(found[0]) if (found := _TAIL.search(match["it"])) else 0
        if last - first < 4:
            continue
        asked = _ASKED.search(text, max(0, start - 24), start) is not None
        marked = match["mark"] in (":", "=", "->", "→") and not asked
        if _secret(normal, first, last, marked=marked, said=match["mark"] is not None):
            yield first, last, DataClass.CREDENTIAL


def _secret(normal: Normal, start: int, end: int, *, marked: bool, said: bool) -> bool:
    """Digits among letters, six digits or more, odd signs; a plain word only where it is marked."""
    word = normal.text[start:end]
    digits = sum(map(str.isdigit, word))
    if digits:
        return marked or digits < len(word) or len(word) >= 6 or said
    raw = normal.quote(start, end)
    odd = not raw.isalpha() and re.search(r"[#$%&*@^_+=~]", raw) is not None
    inner = raw[1:] != raw[1:].lower() and raw != raw.upper()
    if odd or (inner and said):
        return True
    return marked and word not in _PLEAS and _CLAUSE_END.match(normal.text, end) is not None
