"""What X makes of a plain text: its mentions, its t.co links, its weighted length."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

MOST = 280
SHORT_LINK = 23

_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_]{1,15})\b")
_LINK = re.compile(
    r"https?://[^\s<>\"'|]*[^\s<>\"'|.,:;!?)\]]"
    r"|(?<![\w@/.-])(?:[a-z0-9-]+\.)+(?:com|org|example)(?![\w.@-])(?:/[\w/-]*)?",
    re.IGNORECASE,
)
_LIGHT = (range(0x1100), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
_JOINING = frozenset({"\u200d", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a text: how X shortens it, and where it leads."""

    short: str
    target: str


def mentions(text: str) -> tuple[str, ...]:
    """The names that a text mentions, in lower case, each once, in order."""
    return tuple(dict.fromkeys(name.lower() for name in _MENTION.findall(text)))


def links(text: str) -> tuple[Link, ...]:
    """X takes `shop.example` for a link, too, and writes it as http://shop.example."""
    found = _LINK.findall(text)
    return tuple(Link(short=_short(url), target=_address(url)) for url in found)


def shortened(text: str) -> str:
    """The text as the API gives it: links as t.co, and & < > as entities."""
    plain = _LINK.sub(lambda found: _short(found[0]), text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def length(text: str) -> int:
    """The weighted length: a link is 23, an emoji 2, what is not Latin, Greek ... 2."""
    composed = unicodedata.normalize("NFC", text)
    rest, count = _LINK.subn("", composed)
    total, before = count * SHORT_LINK, ""
    for character in rest:
        if character in _JOINING or before == "\u200d":
            before = character
            continue
        before = character
        total += 1 if any(ord(character) in light for light in _LIGHT) else 2
    return total


def _address(url: str) -> str:
    return url if url.lower().startswith(("http://", "https://")) else f"http://{url}"


def _short(url: str) -> str:
    return f"https://t.co/{hashlib.sha256(url.encode()).hexdigest()[:10]}"
