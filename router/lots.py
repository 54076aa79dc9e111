"""Japanese addresses: a town and its lot, no streets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from router.beside import either, goods
from router.streets import POST_CODE

_ASIAN = re.compile(r"[市区町村郡県]|丁目|〒|郵便")
_KANJI = r"一-龥々ヶ〆ァ-ヺー\u3099\u309aのケが"
_COUNT = r"[0-9一二三四五六七八九十]{1,5}"
_STROKE = r"[\-−ー–‐]"
_BUILDING = either("荘 寮 棟 館 邸 団地 ビル", whole=False)
_HOUSE = re.compile(
    rf"(?:{_COUNT}丁目(?:[0-9一二三四五六七八九十の番地号 −ー–‐\-]{{1,14}})?"
    rf"|{_COUNT}(?:番地?|号)(?!店|線|目|機|町|通)(?:[0-9の番号\-]{{1,8}})?"
    r"|\d{1,4}の\d{1,4}(?:の\d{1,4})?(?![倍個人目名])"
    rf"|\d{{1,4}}{_STROKE}\d{{1,4}}(?:{_STROKE}\d{{1,4}}){{0,2}}(?![\d人名円個%度点対回本枚勝]))"
    rf"(?: ?[{_KANJI}]{{0,14}} ?\d{{1,4}}号室"
    rf"| ?(?:[a-z&]{{0,4}}[ァ-ヺ][{_KANJI}]{{1,15}}|[{_KANJI}]{{1,12}}{_BUILDING})(?: ?[a-z]棟)?"
    r"(?: ?(?:[a-z]-?|\d{1,2}-)?\d{1,4}(?:号室|号|階|[a-z])?(?![\d\-年月日時分円個名人枚本回点%])"
    r"| ?[a-z](?:号室|号|棟)?(?![a-z0-9])))?"
)
"""What ends a Japanese address: blocks and houses, to be looked at with the town before."""

_THREE = re.compile(
    rf"(?<=[一-龥]{{2}})[1-9]\d?{_STROKE}\d{{1,2}}{_STROKE}\d{{1,3}}(?![\d{_STROKE[1:-1]}])"
)
"""Block, lot and house right after a name, without a town before."""

_TOWN = re.compile(
    rf"[{_KANJI}]{{0,24}}(?:[ぁ-ん\u3099\u309a]{{1,9}}(?<![はがにをでもへ])[{_KANJI}]{{0,2}})?[市区郡町村県](?![民立内長役議])"
    rf"(?:[ぁ-ん\u3099\u309a]{{1,9}}[{_KANJI}]{{1,3}}|(?![はがにでをのともかへ])[ぁ-ん\u3099\u309a]{{3,9}}"
    rf"|[{_KANJI} ]{{0,14}}(?:\d{{1,2}}条[東西南北]?)?)$"
)
"""Towns and their quarters may be written in hiragana, before a sign of another kind. Sapporo
counts its streets."""
_CODE = re.compile(rf"〒 ?\d{{3}}{_STROKE}?\d{{4}}")


def japanese(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses with a town stand, post codes, and lots right behind a name."""
    if text.isascii():
        return
    if _ASIAN.search(text):
        yield from _in_towns(text)
    for match in _THREE.finditer(text):
        start = match.start()
        if not (goods(text, start) or _TOWN.search(text, max(0, start - 32), start)):
            yield match.span()


def _in_towns(text: str) -> Iterator[tuple[int, int]]:
    for match in _HOUSE.finditer(text):
        town = _TOWN.search(text, max(0, match.start() - 32), match.start())
        if town:
            yield town.start(), match.end()
    for pattern in (_CODE, POST_CODE):
        yield from (match.span() for match in pattern.finditer(text))
