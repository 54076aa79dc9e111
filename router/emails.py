"""E-mail addresses as they are written, and as people spell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick

from inbox.clearance import DataClass
from router.beside import Found, either
from router.normal import fold

_EMAIL = re.compile(
    r"(?<![a-z0-9а-я_@.+\-])[a-z0-9а-я_][a-z0-9а-я._%+'\-]{0,63}@[a-zа-я0-9\-]{1,63}"
    r"(?:\.[a-zа-я0-9\-]{1,63}){1,4}"
)
_WRITTEN = re.compile(r"@(?<=[a-z0-9а-я._%+\-]@)[a-zа-я0-9\-]")
"""What each address as written has, and no handle."""

_HOSTS = (
    "gmail googlemail outlook hotmail live msn yahoo ymail icloud me.com proton protonmail yandex"
    " mail gmx web aol zoho bk list inbox rambler orange free laposte sfr wanadoo sapo uol bol"
    " terra freenet t-online docomo ezweb softbank ymail hey fastmail tutanota mynet гмейл джимейл"
    " яндекс мейл майл рамблер"
)
_PROVIDER = either(_HOSTS, whole=False)
_TLD = either(
    "com net org edu gov io co info biz ro tr ru рф su jp es de fr pt br uk us mx ar at ch be it nl"
    " eu md me app dev xyz ком ру нет",
    whole=False,
)
_SURE_AT = (
    r" ?(?:[(\[{<] ?(?:"
    + either(
        "at a et ät arond a_rond arroba arobase собака собачка アット アットマーク @", whole=False
    )
    + r") ?[)\]}>]|"
    + either(
        "arroba arobase arrobase arobas klammeraffe собака собачка sobaka coada_de_maimuță"
        " et_işareti kuyruklu_a"
    )
    + "|"
    + either("アットマーク あっとまーく アット あっと ☆ ★ ● ◎", whole=False)
    + r") ?"
)
_ANY_AT = rf"(?:{_SURE_AT}| (?:at|et|a rond|arond|ат|эт) |[_\-]at[_\-]| ?@ ?)"
_DOTS = "dot punct nokta точка tochka тчк punto ponto punkt point ドット どっと ピリオド"
_DOT = (
    r"(?: ?(?:[(\[{<] ?(?:"
    + either("dot punct nokta точка punto ponto punkt point . ドット", whole=False)
    + r") ?[)\]}>]|"
    + either(_DOTS, whole=False)
    + r") ?|[_\-]dot[_\-])"
)
_RIGHT = r"(?![a-z0-9а-я])"
_LEFT = r"(?<![a-z0-9а-я_.@])"
_WORD = r"[a-z0-9а-я_][a-z0-9а-я._+'\-]{0,63}"
_SIGN = (
    r"(?: (?:dot|punct|nokta|точка|tochka|punto|ponto|punkt|point"
    r"|underscore|underline|unterstrich|"
    + either("alt_çizgi alttan_tire нижнее_подчеркивание tiret_bas guión_bajo", whole=False)
    + r") | ?"
    + either("アンダーバー", whole=False)
    + r" ?)"
)
"""What people read out within a name."""
_SPELLED = re.compile(
    rf"{_LEFT}(?:{_WORD}{_SIGN}){{0,3}}{_WORD}(?:"
    rf"{_ANY_AT}(?!dot )[a-z0-9а-я\-]{{2,63}}{_DOT}(?!dot)[a-zа-я]{{2,12}}(?:{_DOT}[a-z]{{2}})?"
    rf"|{_SURE_AT}[a-z0-9а-я\-]{{2,63}}(?: ?\.[a-zа-я]{{2,12}}){{1,3}}"
    rf"|(?:{_ANY_AT}){_PROVIDER}(?: ?[.,] ?| ){_TLD}(?:[. ]{{1,3}}(?:br|tr|uk|jp))?"
    rf"| ?@ [a-z0-9а-я\-]{{2,63}} ?\.(?: ?{_TLD})(?: ?\. ?[a-z]{{2}}(?![a-z]))?"
    rf"){_RIGHT}"
)
_DOTTED = re.compile(r"\.(?<=[a-z0-9а-я]\.)[a-zа-я]{2}|\.(?<=[a-z0-9а-я] \.)[a-zа-я]{2}")
_ENDS = AhoCorasick([fold(word) for word in f"{_DOTS} {_HOSTS}".split()])
_FIRST_HOST = len(_DOTS.split())
_BEHIND_HOST = re.compile(rf"(?: ?[.,] ?| ){_TLD}")
"""What each has as well: a dot in a word, a word for a dot, or a known host and what it ends in."""

_ORDINARY_WORDS = (
    "look looking looked me us them is am are here there it up in work works mail email"
    " wondering thinking point pointing arrived stuck waiting aimed one all not least still you"
)
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
"""Words that stand before "at gmail.com" without being the name of a mailbox."""

_HINT = re.compile(
    r"@| (?:at|et|a rond|arond) |[(\[{<] ?(?:at|a|et|arond|a rond) ?[)\]}>]|arr?oba|klammeraffe"
    r"|[☆★●◎]|[_\-]at[_\-]|sobaka|coada de |kuyruklu a"
    r"|" + either("соба _ат_ _эт_ アット あっと", whole=False)
)
"""What each spelled address has, looked for first."""

_SIGN_WORDS = (
    "@ ( [ { < ☆ ★ ● ◎ _at_ -at- _et_ _a_rond_ _arond_ aroba arroba klammeraffe соба _ат_ _эт_"
    " アット あっと sobaka coada_de_ kuyruklu_a"
)
_SIGNS = ("_at_", *(fold(sign).replace("_", " ") for sign in _SIGN_WORDS.split()))
"""What each hint has: a look for plain text takes a fifth of the time."""


def emails(text: str) -> Iterator[Found]:
    """Addresses as written, and those spelled with at and dot. `@ana@host` is a handle."""
    if not any(map(text.__contains__, _SIGNS)) or not _HINT.search(text):
        return
    if _WRITTEN.search(text):
        for match in _EMAIL.finditer(text):
            yield match.start(), match.end(), DataClass.EMAIL
    if not _DOTTED.search(text) and not _ended(text):
        return
    for match in _SPELLED.finditer(text):
        if match[0].partition(" ")[0].rstrip("@") not in _ORDINARY:
            yield match.start(), match.end(), DataClass.EMAIL


def _ended(text: str) -> bool:
    words = _ENDS.find_matches_as_indexes(text, overlapping=True)
    return any(at < _FIRST_HOST or _BEHIND_HOST.match(text, end) for at, _, end in words)
