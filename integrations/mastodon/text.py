"""Mastodon's HTML as plain text, and the length of a text as Mastodon counts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from integrations.graphemes import graphemes

CHARACTERS_PER_URL = 23
MAX_HTML = 400_000

_URL = re.compile(
    r"(?<![\w@$#])https?://[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?"
    r"(?:[/?#](?:[^\s<>\"]*[\w/=&#+~%-])?)?",
    re.IGNORECASE,
)
_REMOTE_MENTION = re.compile(r"(?<![\w/])@(\w+)@[\w.-]+\w", re.ASCII)
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
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
    return graphemes(counted)
