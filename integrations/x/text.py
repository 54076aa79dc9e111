"""X's texts: t.co links led to where they go, and the length of a text as X counts it.

The weights are those of twitter-text, version 3 (github.com/twitter/twitter-text, config/v3.json).
Its port on PyPI, twitter-text-parser, needs `pkg_resources`, which setuptools no longer has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from integrations.x.wire import Url

CHARACTERS_PER_LINK = 23

_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_DOMAINS = (
    "com|net|org|info|biz|edu|gov|int|mil|app|dev|shop|store|online|site|blog|cloud|news|example|"
    "ac|ad|ae|af|ag|ai|al|am|ao|ar|at|au|az|ba|bd|be|bg|bh|bi|bj|bn|bo|br|bs|bt|bw|by|bz|ca|cc|cd|"
    "cf|cg|ch|ci|cl|cm|cn|co|cr|cu|cv|cy|cz|de|dj|dk|dm|do|dz|ec|ee|eg|es|et|eu|fi|fj|fm|fo|fr|ga|"
    "gd|ge|gg|gh|gi|gl|gm|gn|gp|gr|gt|gy|hk|hn|hr|ht|hu|id|ie|il|im|in|io|iq|ir|is|it|je|jm|jo|jp|"
    "ke|kg|kh|ki|kr|kw|ky|kz|la|lb|lc|li|lk|lr|ls|lt|lu|lv|ly|ma|mc|md|me|mg|mk|ml|mm|mn|mo|mq|mr|"
    "mt|mu|mv|mw|mx|my|mz|na|ne|nf|ng|ni|nl|no|np|nu|nz|om|pa|pe|pf|pg|ph|pk|pl|pm|pn|pr|ps|pt|pw|"
    "py|qa|re|ro|rs|ru|rw|sa|sb|sc|sd|se|sg|sh|si|sk|sl|sm|sn|so|sr|st|su|sv|sx|sy|tc|td|tf|tg|th|"
    "tj|tk|tl|tm|tn|to|tr|tt|tv|tw|tz|ua|ug|uk|us|uy|uz|va|vc|ve|vg|vi|vn|vu|wf|ws|ye|yt|za|zm|zw"
)
"""Ends of domains that make a link of words without https://; the rarest are left out."""
_PATH = r"(?::\d+)?(?:[/?#](?:[^\s<>\"|]*[\w/=&#+~%-])?)?"
_LINK = re.compile(
    rf"(?<![\w@$#/.-])(?:https?://[^\s/?#<>\"|@:]+\.[^\W\d_]{{2,}}|"
    rf"(?:[a-z0-9-]+\.)+(?:{_DOMAINS})(?![\w@-])){_PATH}",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LEAD = re.compile(r"\A(?:\s*@\w{1,15}\b)*\s*", re.ASCII)
_FLAG = r"[\U0001F1E6-\U0001F1FF]{2}"
_TONE = r"[\U0001F3FB-\U0001F3FF]"
_TAGS = r"[\U000E0020-\U000E007E]+\U000E007F"
_PICTURE = r"[\u00a9\u00ae\u203c-\u3299\U0001F000-\U0001FAFF]"
_ONE = rf"{_PICTURE}(?:\ufe0f|{_TONE})?(?:{_TAGS})?"
_EMOJI = re.compile(
    rf"{_FLAG}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})+|{_PICTURE}(?:\ufe0f|{_TONE}|{_TAGS})+"
)


def to_text(text: str, urls: Iterable[Url], *, hidden: Iterable[str] = ()) -> str:
    """The text as it was written: links in full, & < > as such.

    A link in `hidden` stands for an attachment and is left out.
    """
    gone = frozenset(hidden)
    text = _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)
    for url in urls:
        target = "" if url.url in gone else url.expanded_url or url.url
        text = text.replace(url.url, target)
    return text.strip()


def has_link(text: str) -> bool:
    """Whether X takes anything in it for a link: one costs the price of a post with a link."""
    return _LINK.search(text) is not None


def length(text: str) -> int:
    """The weighted length: a link 23, an emoji 2, CJK and the like 2, others 1."""
    rest, links = _LINK.subn("", unicodedata.normalize("NFC", text))
    rest, emoji = _EMOJI.subn("", rest)
    return links * CHARACTERS_PER_LINK + emoji * 2 + sum(map(_weight, rest))


def without_lead(text: str) -> str:
    """The text without the mentions at its beginning, which X puts in front of a reply."""
    return _LEAD.sub("", text, count=1)


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in the mentions in front at most, and as same_words allows."""
    return same_words(without_lead(one), without_lead(other))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most, and in how X writes letters and links:
    it gives back `shop.example` as `http://shop.example`.
    """
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    said = _SCHEME.sub("", unicodedata.normalize("NFC", text))
    return [word.rstrip("/") for word in said.split()]


def _weight(character: str) -> int:
    return 1 if any(low <= ord(character) <= high for low, high in _LIGHT) else 2
