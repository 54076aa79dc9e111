"""Passwords and keys beside the words that announce them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import WORD, Found, Places, counts, either, goods
from router.codes import RENEWED
from router.normal import Normal
from router.spoken import spoken

_NEW_WORD = re.compile(
    rf"(?:(?<=[,;] )(?:l'|(?:le|la|el|the|my|das|der|die|a|o) )?(?:{RENEWED})(?= )|(?:{RENEWED})"
    rf"(?: ?[:=]|->|→| {either('is was este e era es ist war est é это был')}|は))"
    r"[ :\"'“”«»„「]{0,3}(?P<it>[^\s\"”»」„,;、。]{5,64})"
)

_SAID = either(
    "is was its it's este e era es ist lautet war est c'est était é это был была su şu такой"
    " now acum ahora jetzt maintenant agora сейчас теперь şimdi artık olarak"
)
_SPACED = r"(?:\d(?: \d){3,9}|\d{2,4}(?: \d{2,4}){1,3})(?![\w%]|[.,:]\d| \d)"
_VALUE = rf"(?P<it>{_SPACED}|[^\s\"”»」„,;、。]{{4,64}})"
_SECRET = re.compile(
    r"[ \"'“”«»„()]{0,2}(?:(?:for|to|la|pentru|для|от|do|da|del|de la) \w{2,20} )?"
    rf"(?:(?:mea|meu|mi|mein)(?![{WORD}]))? ?(?P<mark>[:=]|->|→|{_SAID}(?: {_SAID})?|は|が)?"
    rf"[ :=\"'“”«»„「]{{0,3}}{_VALUE}"
)
_SECRET_LATER = re.compile(
    rf"(?P<between>(?: mea| meu| mi| mein)?(?:,? [^\W\d_]{{1,14}}){{1,3}})"
    rf"(?:(?:,? {_SAID}){{1,2}}| ?[:=])"
    rf"[ :\"'“”«»„]{{1,3}}{_VALUE}"
)
_INVENTABLE = r"(?P<it>(?=[^\s\d]*\d|[^\s#$&*+=]+[#$&*+=])[^\s\"”»」„,;、。]{5,64})"
_SECRET_OF = re.compile(rf"(?P<between>(?: [^\W\d_]{{1,14}}){{1,4}}?) {_INVENTABLE}")
_LOGIN = re.compile(
    either(
        "login log_in username user user_and_pass creds credentials benutzername zugangsdaten"
        " anmeldedaten logindaten login-daten identifiants identifiant usuario credenciales"
        " usuario_y_contraseña usuário utilizador credenciais utilizator user_și_parolă"
        " date_de_logare datele_de_logare kullanıcı_adı kullanıcı_adım giriş_bilgilerim логин"
        " логин_и_пароль учетка учетные_данные wifi: wi-fi: wlan:"
    )
    + "|"
    + either("ログインid idとパス id/p", whole=False)
)
"""Beside these words stands who one is, and then the password."""

_PAIR = re.compile(
    r"(?:[ :=(]| is |は){1,3}(?:(?:user|login|id|usuario|логин) )?[^\s/|,;]{2,40}"
    r" ?(?:[/|,;]| и | and | y | e ) ?(?P<it>[^\s\"”»」„,;、。]{5,64})"
)
_OPENS = re.compile(
    " " + either("for to de del do da pentru la für von zu pour para от для к на için al")
)
"""So begins what the password opens."""

_CHANGED = re.compile(
    r" ?(?:->|→|"
    + either("to or la in sau veya на или zu auf oder a por o à ou par para and und и и_потом")
    + r") (?P<it>[^\s\"”»」„,;、。]{5,64})(?<![.!?])"
)
_KEY = re.compile(
    r"(?<![a-z0-9])(?:[sr]k_(?:live|test)_|ghp_|github_pat_|glpat-|xox[abp]-|akia|aiza|eyj)"
    r"[a-z0-9_.\-]{12,400}"
)
"""Keys of programs begin so at Stripe, GitHub, GitLab, Slack, Amazon and Google; the last are JSON
web tokens (RFC 7519)."""


_WHERE = re.compile(either("on in at sur dans pe в на auf en em no na für with by") + "$")
_INVENTED = re.compile(
    r"(?=.*[A-Z])(?=.*[a-z])(?:.*\d{2,}[!*#$&@%+=?]?|(?=.*\d).*[a-z0-9][._\-#$!&+=~]\w+"
    r"|(?=\D*\d+[^\W\d]+\d)[\w\-.!#$&+=]{7,})|(?=.*[a-zA-Z]).*\d[!*#$&@%+=]+"
)
"""What nobody would write but as a password."""

_SECRET_BEFORE = re.compile(
    rf"(?<![{WORD}.,/@\-])(?P<it>(?=[a-zа-я]*[\d_])(?=\d*[a-zа-я])[a-zа-я0-9_!#$&*+=\-]{{5,32}})"
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


def passwords(normal: Normal, near: Places) -> Iterator[Found]:
    """What follows a word for a password, where it is marked as its value or looks like one, and
    what was thought up and is called a password some words later."""
    for start, end in dict.fromkeys(near):
        if goods(normal.text, start) or _WORD_GOES_ON.match(normal.text, end):
            continue
        if place := _told(normal, start, end):
            yield *place, DataClass.CREDENTIAL
            if (other := _CHANGED.match(normal.text, place[1])) and _MIXED.fullmatch(other["it"]):
                yield *other.span("it"), DataClass.CREDENTIAL
    for match in _NEW_WORD.finditer(normal.text):
        first, last = _bare(match)
        if _MIXED.fullmatch(normal.text, first, last):
            yield first, last, DataClass.CREDENTIAL


def _told(normal: Normal, start: int, end: int) -> tuple[int, int] | None:
    if _LOGIN.fullmatch(normal.text, start, end):
        return _paired(normal.text, end)
    return (
        spoken(normal, start, end)
        or _right_behind(normal, start, end)
        or _farther(normal, start, end)
    )


def keys(text: str) -> Iterator[Found]:
    """Secrets of programs, which their beginnings prove."""
    for match in _KEY.finditer(text):
        yield *match.span(), DataClass.CREDENTIAL


def _paired(text: str, end: int) -> tuple[int, int] | None:
    """Behind the name of a user and a stroke."""
    match = _PAIR.match(text, end)
    if match is None:
        return None
    first, last = _bare(match)
    return (first, last) if _MIXED.fullmatch(text, first, last) else None


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
    if later and (_OPENS.match(later["between"]) or not _ANOTHER.search(later["between"])):
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
