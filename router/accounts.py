"""Bank accounts without an IBAN: those that prove themselves, and those that a word announces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from inbox.clearance import DataClass
from router.beside import DASH, LINK, Found, Near, Place, Places, after, counts, either
from router.numbers import FREE_LEFT, alone, windows

_RUSSIAN = re.compile(r"(?:40[5-8]|42[36])\d{17}")
"""Settlement accounts of companies and deposits of persons (Bank of Russia, chart of accounts)."""

_FRENCH = re.compile(
    rf"{FREE_LEFT}\d{{5}}(?P<sign>[ \-]| ?/ ?)\d{{5}}(?P=sign)[a-z0-9]{{11}}(?P=sign)\d\d"
    r"(?![a-z0-9])"
)
"""Bank, branch, account and key: a relevé d'identité bancaire (Banque de France)."""

_BRITISH = re.compile(
    rf"{FREE_LEFT}(?P<branch>\d\d-\d\d-\d\d|\d\d \d\d \d\d|(?:(?<=sort )|(?<=sort code ))\d{{6}})"
    rf"[ ,/&]{{1,3}}(?:{either('acc acct account a/c number no')}[:.]?"
    r"(?: (?:no|nr|number)\b[.:]?)?)? ?(?P<it>\d{4}[ \-]?\d{4})(?!\d)"
)
"""Sort code and account (UK Payments)."""

_JAPANESE = re.compile(
    r"(?:[支本]店|銀行|信金|金庫|信組|農協|営業部|普|当座|口座)[^\d\n。]{0,14}"
    r"(?:(?P<branch>\d{3})[^\d\n。]{1,4})?(?P<it>\d{7})(?!\d)"
)
"""Name of a bank or of its branch, number of the branch, account (Zengin system)."""

_SHORT = re.compile(r"(?<!\d)(?<!\d[\-/])(?P<branch>\d{3})-(?P<it>\d{7})(?![\d\-])")
"""Branch and account: no telephone of Japan is written so."""

_POSTAL = re.compile(
    r"(?:ゆうちょ|郵便局|貯金)[^\d\n]{0,16}(?P<branch>\d{5})[^\d\n。]{1,6}(?P<it>\d{6,8})(?!\d)"
)
"""Sign and number of Japan Post Bank."""

_KANA = re.compile("[ぁ-ヺ]")

_BIK = re.compile(r"[ /,]{1,3}(?:бик:? ?)?(?P<it>04\d{7})(?!\d)")
"""The bank's own number may follow a Russian account (Bank of Russia)."""

_NUMBER = re.compile(
    rf"{LINK}(?P<it>\d+(?:(?P<sign>[ ./{DASH}\-]| [/{DASH}\-] )\d+(?:(?P=sign)\d+)*)?(?:-[\dx])?)"
    r"(?![a-z0-9]|[.,/\-]\d)"
)
_LEAST, _MOST = 6, 30
"""Digits of an account."""

_LEAST_OF_BRANCH = 3

_GLUED = re.compile(r"(?<![a-zа-я])(?:(?P<branch>blz|бик)|kto|ktonr|konto|nib|clabe|р/?с)(?=\d)")
"""Words that stick to their number, which the lexicons' words do not."""

_HELD = re.compile(
    either(
        "account acct acct. acc acc. a/c konto kto cuenta conta compte cont contul hesap hesabım"
        " hesap_no счет счёт сч сч."
    )
)
"""Words for what a customer has with any company. With a bank only where its own word is near."""

_NEAR = 48
"""Characters between such a word and a bank's."""


def proven_accounts(text: str) -> Iterator[Found]:
    """Those that no word needs to announce: by their check digits, or by a shape of their own."""
    for start, end, digits in windows(text, 20, 21):
        bank = _BIK.match(text, end)
        if (bank or alone(text, start, end)) and any(proves(digits) for proves in _PROOFS):
            yield start, bank.end("it") if bank else end, DataClass.IBAN
    for match in _FRENCH.finditer(text):
        yield match.start(), match.end(), DataClass.IBAN
    yield from _by_branch(text, _BRITISH)
    if _KANA.search(text):
        for shape in (_POSTAL, _JAPANESE, _SHORT):
            yield from _by_branch(text, shape)


def _by_branch(text: str, shape: re.Pattern[str]) -> Iterator[Found]:
    for match in shape.finditer(text):
        if not counts(text, *match.span("it")):
            yield *match.span("it"), DataClass.IBAN
            if match["branch"]:
                yield *match.span("branch"), DataClass.IBAN


def accounts(text: str, near: Near) -> Iterator[Found]:
    """Numbers behind words for a bank's account, and near a bank's word behind those for any; and
    of its branch where an account stands, too: alone it is nobody's."""
    banks, branches = [*near.get("account", ())], [*near.get("branch", ())]
    for glued in _GLUED.finditer(text):
        (branches if glued["branch"] else banks).append(glued.span())
    held = [*_held(text, [*banks, *branches])]
    found = [*_behind(text, banks, _LEAST), *_behind(text, held, _LEAST)]
    yield from found
    if found:
        yield from _behind(text, branches, _LEAST_OF_BRANCH)


def _held(text: str, banks: Places) -> Iterator[Place]:
    for first, last in banks:
        for word in _HELD.finditer(text, max(0, first - _NEAR), last + _NEAR):
            yield word.span()


def _behind(text: str, words: Places, least: int) -> Iterator[Found]:
    for match in after(text, words, _NUMBER):
        digits = sum(map(str.isdigit, match["it"]))
        if least <= digits <= _MOST and not counts(text, *match.span("it")):
            yield *match.span("it"), DataClass.IBAN


# What stdnum brings along takes 15 ms to import, and most texts hold no number.


def _spanish(digits: str) -> bool:
    """Código cuenta cliente: its two check digits."""
    from stdnum.es import ccc

    return bool(ccc.is_valid(digits))


def _portuguese(digits: str) -> bool:
    """Número de identificação bancária: every IBAN of Portugal is it behind PT50."""
    from stdnum import iban

    return len(digits) == 21 and bool(iban.is_valid(f"PT50{digits}", check_country=False))


def _russian(digits: str) -> bool:
    return _RUSSIAN.fullmatch(digits) is not None


_PROOFS: tuple[Callable[[str], bool], ...] = (_russian, _spanish, _portuguese)
