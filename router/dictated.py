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
_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen dix onze douze"
    " treize quatorze quinze seize zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn zece unsprezece doisprezece treisprezece paisprezece cincisprezece"
    " șaisprezece șaptesprezece optsprezece nouăsprezece десять одиннадцать двенадцать тринадцать"
    " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать diez doce trece"
    " catorce quince dez doze treze dezesseis dezessete dezoito dezenove"
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety vingt vingts trente quarante cinquante"
    " soixante septante huitante nonante zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig"
    " neunzig douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci yirmi otuz"
    " kırk elli altmış yetmiş seksen doksan двадцать тридцать сорок пятьдесят шестьдесят семьдесят"
    " восемьдесят девяносто veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa vinte"
    " trinta quarenta cinquenta sessenta oitenta"
)
_HUNDREDS = (
    "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот cien ciento"
    " doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos"
    " novecientos cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos"
    " novecentos"
)
_HUNDRED = "hundred cent cents hundert sute sută yüz"
_BIG = {
    fold(word): digits
    for words, digits in ((_TEENS, "10"), (_TENS, "20"), (_HUNDREDS, "100"), (_HUNDRED, "00"))
    for word in words.split()
}
"""The digits that they put; what follows takes the place of the zeros. Only how many there are
counts."""

_TEEN_WORDS = frozenset(fold(_TEENS).split())
_GOES_ON = "dix"
"""Seventeen to nineteen in French are ten and seven to nine."""

_EIGHTY = frozenset([("quatre", "vingt"), ("quatre", "vingts")])
_JOINS = r"(?:(?:et|und|si|e|y) )?"
_TURKISH_TEN = "on(?= " + either("bir iki üç dört beş altı yedi sekiz dokuz") + ")"
_ONE = (
    rf"(?:(?:{either(' '.join(_TIMES))} )?{either(' '.join((*_DIGITS, *_BIG)))}|{_TURKISH_TEN}"
    r"|\d{1,11})"
)
_SAID = re.compile(rf"{FREE}{_ONE}(?:[ ,.\-]{{1,3}}{_JOINS}{_ONE}){{2,14}}(?![a-zа-я0-9])")
_BIG["on"] = "10"  # not where it begins: it is English as well
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
    return sum(word in _VALUES or word in _BIG for word in words)


def _digits(words: list[str]) -> str:
    told, times, room = "", 1, 0
    for at, word in enumerate(words):
        if word in _BIG:
            told, room = _with(told, room, words[at - 1] if at else "", word)
        elif word in _VALUES and room:
            told, room = told[:-1] + _VALUES[word], 0
        else:
            told += _VALUES.get(word, word if word.isdigit() else "") * times
            room = 0
        times = _TIMES.get(word, 1)
    return told


def _with(told: str, room: int, before: str, word: str) -> tuple[str, int]:
    """What was told with a number of more digits behind it, and how many zeros of it are free."""
    more, teen = _BIG[word], word in _TEEN_WORDS
    free = int(word == _GOES_ON) if teen else more.count("0")
    if (before, word) in _EIGHTY:
        return told[:-1] + more, free
    if room >= len(more) or (room and teen):
        length = min(room, len(more))
        return told[:-length] + more[-length:], free
    return told + more, free
