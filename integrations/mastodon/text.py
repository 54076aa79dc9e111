"""Mastodon's HTML as plain text, and the length of a text as Mastodon counts it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from integrations.graphemes import graphemes
from integrations.html import Reader

CHARACTERS_PER_URL = 23

_URL = re.compile(
    r"(?<![\w@$#])https?://[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?"
    r"(?:[/?#](?:[^\s<>\"]*[\w/=&#+~%-])?)?",
    re.IGNORECASE,
)
_REMOTE_MENTION = re.compile(r"(?<![\w/])@(\w+)@[\w.-]+\w", re.ASCII)


def to_text(html: str, mentions: Mapping[str, str] | None = None) -> str:
    """The text of a status, with every link's whole address and every mention as @acct.

    `mentions` maps the address of a mentioned profile to its acct. Anything is taken: what is
    not HTML comes out as text.
    """
    return _Reader(mentions or {}).read(html)


class _Reader(Reader):
    def __init__(self, mentions: Mapping[str, str]) -> None:
        super().__init__()
        self._mentions = mentions

    def shown(self, attrs: Mapping[str, str | None]) -> str | None:
        address, classes = attrs.get("href") or "", (attrs.get("class") or "").split()
        if "hashtag" in classes:
            return None
        if "mention" in classes:
            return f"@{acct}" if (acct := self._mentions.get(address)) else None
        return super().shown(attrs)


def length(text: str) -> int:
    """Characters as a server counts them: a URL is 23, a mention counts without its server.

    The rest are extended grapheme clusters (Mastodon's StatusLengthValidator).
    """
    counted = _URL.sub("x" * CHARACTERS_PER_URL, text)
    counted = _REMOTE_MENTION.sub(r"@\1", counted)
    return graphemes(counted)
