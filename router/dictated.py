"""Telephone numbers as they are dictated: "oh double seven, one one 448 206", "o7911 330718"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from router.beside import FREE, either
from router.normal import fold

_DIGITS = (
    "oh o zero nought null zéro ноль нуль sıfır cero",
    "one eins un unu один bir uno um",
    "two zwei zwo deux doi два iki dos dois",
    "three drei trois trei три üç tres três",
    "four vier quatre patru четыре dört cuatro quatro",
    "five fünf fuenf cinq cinci пять beş cinco",
    "six sechs șase шесть altı seis meia",
    "seven sieben sept șapte семь yedi siete sete",
    "eight acht huit opt восемь sekiz ocho oito",
    "nine neun neuf nouă девять dokuz nueve nove",
)
"""Words for 0 to 9. Brazilians say *meia*, half a dozen, for six."""

_TIMES = {"double": 2, "doble": 2, "dublu": 2, "doppel": 2, "triple": 3, "treble": 3}
_VALUES = {fold(word): str(at) for at, words in enumerate(_DIGITS) for word in words.split()}
_ONE = rf"(?:(?:{either(' '.join(_TIMES))} )?{either(' '.join(_DIGITS))}|\d{{1,11}})"
_SAID = re.compile(rf"{FREE}{_ONE}(?:[ ,.\-]{{1,3}}{_ONE}){{2,14}}(?![a-zа-я0-9])")
_TOKEN = re.compile(r"[a-zа-я]+|\d+")
_ZERO = re.compile(r"[oо](?:(?<![a-zа-я0-9].)(?:(?=\d)|h(?= ?\d))|(?<=\d.)(?=[ .\-]?\d))")
_LEAST_WORDS = 3
_FEWEST, _MOST = 9, 13


def zeros(text: str) -> str:
    """The letter o among digits as the zero that it stands for; nothing changes its place."""
    return _ZERO.sub(lambda match: "0".ljust(len(match[0])), text)


def said(text: str) -> Iterator[tuple[int, int, str]]:
    """Where numbers as long as a telephone's are told in words, and their digits."""
    if _spelled(_TOKEN.findall(text)) < _LEAST_WORDS:
        return
    for match in _SAID.finditer(text):
        words = _TOKEN.findall(match[0])
        digits = _digits(words)
        if _spelled(words) >= _LEAST_WORDS and _FEWEST <= len(digits) <= _MOST:
            yield *match.span(), digits


def _spelled(words: list[str]) -> int:
    return sum(word in _VALUES for word in words)


def _digits(words: list[str]) -> str:
    told, times = "", 1
    for word in words:
        told += _VALUES.get(word, "" if word in _TIMES else word) * times
        times = _TIMES.get(word, 1)
    return told
