"""Mastodon's HTML as plain text, and the length of a text as Mastodon counts it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

CHARACTERS_PER_URL = 23
MAX_HTML = 400_000

_URL = re.compile(
    r"(?<![\w@$#])https?://[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?"
    r"(?:[/?#](?:[^\s<>\"]*[\w/=&#+~%-])?)?",
    re.IGNORECASE,
)
_REMOTE_MENTION = re.compile(r"(?<![\w/])@(\w+)@[\w.-]+\w", re.ASCII)
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_ZERO_WIDTH_JOINER = "\u200d"
_BLANK_LINES = re.compile(r"\n{3,}")


def to_text(html: str, mentions: Mapping[str, str] | None = None) -> str:
    """The text of a status, with every link's whole address and every mention as @acct.

    `mentions` maps the address of a mentioned profile to its acct. Anything is taken: what is
    not HTML comes out as text.
    """
    reader = _Reader(mentions or {})
    reader.feed(html[:MAX_HTML])
    reader.close()
    return _BLANK_LINES.sub("\n\n", "".join(reader.pieces)).strip()


class _Reader(HTMLParser):
    def __init__(self, mentions: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._mentions = mentions
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag in _PARAGRAPHS and self.pieces:
            self.pieces.append("\n\n")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag == "a" and self._link is None:
            self._link = self._shown(dict(attrs))
            self.pieces.append(self._link or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        # A link's own text is cut and hidden in parts, so what it stands for was written already.
        if not self._link:
            self.pieces.append(data)

    def _shown(self, attrs: Mapping[str, str | None]) -> str | None:
        address, classes = attrs.get("href") or "", (attrs.get("class") or "").split()
        if "hashtag" in classes:
            return None
        if "mention" in classes:
            return f"@{acct}" if (acct := self._mentions.get(address)) else None
        return address if address.startswith(("https://", "http://")) else None


def length(text: str) -> int:
    """Characters as a server counts them: a URL is 23, a mention counts without its server.

    The rest are extended grapheme clusters (Mastodon's StatusLengthValidator).
    """
    counted = _URL.sub("x" * CHARACTERS_PER_URL, text)
    counted = _REMOTE_MENTION.sub(r"@\1", counted)
    return len(counted) if counted.isascii() and "\r" not in counted else _clusters(counted)


def _clusters(text: str) -> int:
    return sum(not joined for joined in _joined(text))


def _joined(text: str) -> Iterator[bool]:
    """For each character whether it continues a cluster (Unicode annex 29, without prepends)."""
    before, flags = "", 0
    for character in text:
        flags = flags + 1 if "\U0001f1e6" <= character <= "\U0001f1ff" else 0
        yield bool(before) and (
            (before not in "\r\n" and _extends(character))
            or (before == "\r" and character == "\n")
            or (before == _ZERO_WIDTH_JOINER and unicodedata.category(character) == "So")
            or (flags > 0 and flags % 2 == 0)
            or _hangul(before, character)
        )
        before = character


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in ("\u200c", _ZERO_WIDTH_JOINER)
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _hangul(before: str, character: str) -> bool:
    """Whether two Korean letters stand in one syllable."""
    leading, vowel = "\u1100" <= before <= "\u115f", "\u1160" <= before <= "\u11a7"
    syllable = "\uac00" <= before <= "\ud7a3"
    open_syllable = syllable and (ord(before) - 0xAC00) % 28 == 0
    if "\u1100" <= character <= "\u115f" or "\uac00" <= character <= "\ud7a3":
        return leading
    if "\u1160" <= character <= "\u11a7":
        return leading or vowel or open_syllable
    closing = "\u11a8" <= before <= "\u11ff"
    return "\u11a8" <= character <= "\u11ff" and (vowel or syllable or closing)
