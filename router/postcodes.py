"""Addresses that a post code tells, which nothing else looks like: British, Irish, Canadian."""

from __future__ import annotations

import re
from collections.abc import Iterator

from router.around import STROKES, capital, new_line
from router.beside import either
from router.normal import Normal
from router.shops import SHOP
from router.streets import CUE

_AREAS = (
    "ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt"
    " dy e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l"
    " la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s"
    " sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr"
    " ws wv yo ze"
)
_AREAS_OF_ROYAL_MAIL = frozenset(_AREAS.split())
_CODE = re.compile(
    r"(?<![a-z0-9])(?:(?P<area>[a-z]{1,2})\d[a-z0-9]? ?\d(?!gb|tb)[abd-hjlnp-uw-z]{2}"
    r"|(?:[ac-fhknprtv-y]\d\d|d6w) ?[ac-fhknprtv-y][0-9ac-fhknprtv-y]{3}"
    r"|[abceghj-nprstvxy]\d[abceghj-nprstv-z] ?\d[abceghj-nprstv-z]\d)(?![a-z0-9])"
)
"""The end of a British one knows no C, I, K, M, O and V (Royal Mail); Ireland's Eircode has a
routing key and the letters that are not mixed up, Canada's no D, F, I, O, Q and U (Canada Post)."""

_WITHIN_WORDS = (
    "on of the upon le in by under next st and y yr na an nan de la les du des del da do dos der"
    " den am im"
)
_WITHIN = frozenset(_WITHIN_WORDS.split())
_LEADS = _WITHIN - {"the", "le", "la", "les"}
"""Words that may stand within, but begin none."""

_CLOSING = re.compile(either("regards sincerely thanks cheers best kind yours hello hi dear"))
_WORD_BACK = re.compile(
    rf"(?<![\w.'])(?P<it>\d{{1,4}}[a-z]?|[a-z][a-z'\-]*\.?)(?P<sign>[ ,{STROKES}]{{0,3}})$"
)
_DISTRICT = re.compile(r"[a-z]{4} $")
_MOST_WORDS = 12


def coded(normal: Normal) -> Iterator[tuple[int, int]]:
    """Where an address that ends in such a code stands."""
    for match in _CODE.finditer(normal.text):
        if match["area"] is None or match["area"] in _AREAS_OF_ROYAL_MAIL:
            begin = _begin(normal, match.start())
            if begin is not None:
                yield begin, match.end()


def _begin(normal: Normal, end: int) -> int | None:
    """A house has a name in villages, not a number.

    Two parts with a comma or a line between, or a number, tell that it is more than a town.
    """
    begin, signs, numbered = end, 0, False
    for word in _back(normal, end):
        signs += "," in word["sign"] or new_line(normal, begin)
        numbered = numbered or word["it"][0].isdigit()
        if word["it"] not in _LEADS or capital(normal, *word.span("it")):
            begin = word.start("it")
    named = begin < end and capital(normal, begin, end)
    return begin if named and (numbered or signs > 1) else None


def _back(normal: Normal, at: int) -> Iterator[re.Match[str]]:
    """The words before the code as far as they may be of the address, the last one first."""
    text = normal.text
    for _ in range(_MOST_WORDS):
        word = _WORD_BACK.search(text, max(0, at - 40), at)
        if word is None or _other(text, word.start("it")):
            return
        it, at = word["it"], word.start("it")
        numbered = it[0].isdigit()
        if not (numbered or it in _WITHIN or capital(normal, *word.span("it"))):
            return
        yield word
        if numbered and not ("," in word["sign"] and _is_district(normal, at)):
            return


def _other(text: str, at: int) -> bool:
    """Does a word for a shop, one that an address follows, or an end of a letter begin there?"""
    return any(word.match(text, at) for word in (SHOP, CUE, _CLOSING))


def _is_district(normal: Normal, at: int) -> bool:
    """Does the number there belong to a name, as in Dublin 7?"""
    name = _DISTRICT.search(normal.text, max(0, at - 5), at)
    word = normal.text.rfind(" ", 0, at - 1) + 1
    return name is not None and not new_line(normal, at) and capital(normal, word, at - 1)
