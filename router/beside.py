"""What stands beside a word, and what a number beside it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from inbox.clearance import DataClass
from router.normal import SOUND_MARKS, fold

Found = tuple[int, int, DataClass]
"""Start and end (exclusive) in the normal text, and the class of what stands there."""

Place = tuple[int, int]
Places = Iterable[Place]

Near = Mapping[str, Sequence[Place]]
"""Where the words of each `near` section of the lexicons stand, in the order of the text."""

WORD = "a-z0-9а-я_"
"""Characters of words, for a class in a pattern, of scripts that put spaces."""

FREE = r"(?<![a-zа-я0-9])"
"""Left of a value: no letter or digit goes over into it. Scripts without spaces may."""

DASH = "‐‑‒–—―−"
"""Strokes that people write for a hyphen, beside the hyphen itself."""

STROKES = DASH + "⁃˗─━➖ー"
"""Those that stand for one between digits: elsewhere ー makes a vowel long, others draw lines."""


def over(start: int, end: int, taken: Iterable[Found]) -> bool:
    """Does any of them share a character with this place?"""
    return any(first < end and start < last for first, last, _ in taken)


def either(words: str, *, whole: bool = True) -> str:
    """A group of alternatives from words with spaces between (`_` is a space in a word), folded.

    `whole`: letters neither go before nor on, in scripts that put spaces.
    """
    folded = {fold(word).replace("_", " ") for word in words.split()}
    group = "|".join(map(re.escape, sorted(folded, key=lambda word: (-len(word), word))))
    return rf"(?<![a-zа-я])(?:{group})(?![a-zа-я])" if whole else f"(?:{group})"


_LINKS = (
    either(
        "is was are it its it's s my the number no nr num id o n used as following here"
        " este e sunt numărul număr numere mea meu cu imi cel"
        " no'su nosu numarası numaram numara şu olan kodu kodum"
        " номер номером это мой моя мои такой такая вот под был была будет у_меня"
        " es son número mi el la ist lautet war nummer nr. mein meine hier"
        " rca casco осаго каско серия серии seria asigurare seguro d'assurance insurance olarak"
        " n° est c'est mon ma le son numero é meu minha sou as"
    )
    + r"(?![\-/][a-z0-9])"
)
_LINKS_JA = either("は が の を 番号 コード です 、", whole=False)
LINK = rf"(?:[ :;,.=#>*()\[\]\"'«»“”„「」/→{DASH}\-]|(?![soe]\d){_LINKS}|{_LINKS_JA}){{0,14}}"
"""What may stand between a word and the value it announces: signs, "is", "number", "no."."""

_UNITS = either(
    "lei ron eur euro euros usd dollars dollar gbp pounds quid tl try lira руб рублей рубля р р."
    " грн yen jpy reais real kg g gr km m cm mm ml l gb гб mb tb mah hz ghz fps px w v"
    " min mins minutes minute minut dakika мин минут minuten minutos hours hour h uhr ore saat час"
    " часа часов days day zile gün дня дней tage días jours dias weeks months years year ani yıl ay"
    " лет год года году г г. jahre años ans anos adet шт штук bucăți buc pieces pcs items units"
    " stück piezas unidades unités people persoane kişi человек followers points puncte puan"
    " баллов views times mal veces fois vezes ori copies bottles boxes coins tokens miles mi"
    " users lines clients clientes clienți kunden pesos francs chf kr zł"
)
_UNITS_JA = either(
    "円 株 年 月 日 時 分 秒 個 枚 本 人 台 回 名 ポイント 点 度 % € $ £ ¥ ₺ ₽", whole=False
)
_UNIT = re.compile(rf" ?(?:{_UNITS}|{_UNITS_JA})|[.,]\d{{1,2}}(?!\d)")
_PRICE = re.compile(r"(?:[$€£¥₺₽]|(?<![a-z])(?:r\$|usd|eur|rs\.?)) ?$")
_GOODS = re.compile(
    either(
        "part parts model serial sku isbn ean art item article product version firmware build"
        " produs articol model ürün парт артикул модель товар товара referencia artículo producto"
        " artikelnummer artikel modell seriennummer référence produit produto modelo artigo"
        " promo discount coupon voucher gift error reducere indirim promosyon hata ошибки промокод"
        " descuento rabatt fehler promotionnel desconto cupom erro erreur eroare gutschein"
    )
    + r"(?:[ -](?:no|nr|number|code|cod|kodu|code|codigo|num|do|de)\.?)?[ :#]{0,3}$"
    r"|(?:"
    + either("型番 品番 商品番号 商品コード クーポン エラー", whole=False)
    + r")[^0-9]{0,6}$"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?")
_LINK_IN_KATAKANA = either("コード", whole=False)
_GOES_ON = re.compile(rf"(?<=[ァ-ヺー{SOUND_MARKS}])(?!{_LINK_IN_KATAKANA})[ァ-ヺー]")


def apart(text: str, near: Near) -> Near:
    """Without words that are the beginning of another: of a longer one that is near to something
    else, or of one in katakana. Of those that start at the same place the longest comes first."""
    if not near:
        return near
    whole = {
        context: [(start, end) for start, end in places if not _GOES_ON.match(text, end)]
        for context, places in near.items()
    }
    longest = dict(sorted(chain.from_iterable(whole.values())))
    return {
        context: sorted(
            (place for place in places if own[place[0]] == longest[place[0]]),
            key=lambda place: (place[0], -place[1]),
        )
        for context, places in whole.items()
        if (own := dict(places))
    }


def after(text: str, near: Places, value: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Where `value` begins, which has a group `it`, right after a word or a link after it.

    `value` must begin with LINK.
    """
    for _, end in near:
        if match := value.match(text, end, end + 120):
            yield match


def counts(text: str, start: int, end: int, *, years: bool = True) -> bool:
    """Is the number there a price, a measure, a year (where `years` may stand) or the number of an
    article?"""
    return bool(
        _UNIT.match(text, end)
        or (years and _YEAR.fullmatch(text, start, end))
        or _PRICE.search(text, max(0, start - 6), start)
        or goods(text, start)
    )


def goods(text: str, start: int) -> bool:
    """Does a word for an article, a discount or an error stand right before?"""
    return _GOODS.search(text, max(0, start - 32), start) is not None
