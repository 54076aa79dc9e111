"""HTML as plain text: what a person would read, with the address of every link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

MAX_HTML = 400_000

_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"br", "div", "tr"})
_UNREAD = frozenset({"script", "style", "title"})
_BLANK_LINES = re.compile(r"\n{3,}")
_BEFORE_BREAK = re.compile(r" +(?=\n)")
_SPACE = re.compile(r"\s+")


class Reader(HTMLParser):
    """Takes anything: what is not HTML comes out as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._link: str | None = None
        self._unread: str | None = None

    def read(self, html: str) -> str:
        self.feed(html[:MAX_HTML])
        self.close()
        text = _BEFORE_BREAK.sub("", "".join(self.pieces))
        return _BLANK_LINES.sub("\n\n", text).strip()

    def unbroken(self, data: str) -> str:
        """Text of a source whose line breaks nobody sees."""
        data = _SPACE.sub(" ", data)
        return data if self.pieces and not self.pieces[-1].endswith("\n") else data.lstrip()

    def shown(self, attrs: Mapping[str, str | None]) -> str | None:
        """What stands for a link; None where its own text does."""
        address = attrs.get("href") or ""
        return address if address.startswith(("https://", "http://")) else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread = tag
        elif tag in _LINES and (tag == "br" or self.pieces):
            self.pieces.append("\n")
        elif tag in _PARAGRAPHS and self.pieces:
            self.pieces.append("\n\n")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag == "a" and self._link is None:
            self._link = self.shown(dict(attrs))
            self.pieces.append(self._link or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None
        elif tag == self._unread:
            self._unread = None

    def handle_data(self, data: str) -> None:
        # A link's own text is cut and hidden in parts, so what it stands for was written already.
        if not (self._link or self._unread):
            self.pieces.append(data)


class _Page(Reader):
    """HTML of an editor or a mail program, whose source has line breaks that nobody sees."""

    def handle_data(self, data: str) -> None:
        super().handle_data(self.unbroken(data))


def to_text(html: str) -> str:
    return _Page().read(html)
