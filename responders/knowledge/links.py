"""Where an article links to, and by which names its own places are linked to. Pure."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
_ENDING = ".md"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that stays within the knowledge base, as it was written."""

    target: str

    @property
    def path(self) -> str:
        """Empty where it leads to a place in its own article."""
        return re.split("[?#]", self.target, maxsplit=1)[0]

    @property
    def anchor(self) -> str:
        return _name(self.target.partition("#")[2])

    @property
    def to_file(self) -> bool:
        """By its ending a picture or a document: whether that is there nobody looks."""
        return posixpath.splitext(self.path)[1] not in ("", _ENDING)

    def key(self, article: str) -> str:
        """Of the article that is meant; `article` is the one that it stands in."""
        if not self.path:
            return article
        joined = posixpath.join(posixpath.dirname(article), self.path)
        return posixpath.normpath(joined).removesuffix(_ENDING)


def links(texts: Iterable[str]) -> Iterator[Link]:
    """Those of Markdown and of HTML; what leads to the outside or stands in code is left out."""
    for text in texts:
        for token in _tokens(text):
            target = unquote(str(token.attrs.get("href", "")))
            for one in (target, *_Html(token).targets):
                if one and not _ELSEWHERE.match(one):
                    yield Link(one)


def places(text: str) -> frozenset[str]:
    """Names of headings as a link calls them, lower case with words joined by -, and HTML's ids."""
    found: dict[str, int] = {}
    tokens = list(_tokens(text))
    for heading, said in pairwise(tokens):
        if heading.type == "heading_open":
            name = _slug(said)
            found[f"{name}-{found[name]}" if name in found else name] = 0
            found[name] += 1
    return frozenset(found).union(*(_Html(token).names for token in tokens))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _tokens(text: str) -> Iterator[Token]:
    for token in _markdown().parse(text):
        yield token
        yield from token.children or ()


def _slug(heading: Token) -> str:
    said = "".join(one.content for one in heading.children or () if one.type != "html_inline")
    return re.sub(r"[^\w\- ]", "", _name(said)).strip().replace(" ", "-")


def _name(written: str) -> str:
    return unicodedata.normalize("NFC", written).casefold()


class _Html(HTMLParser):
    """What a piece of HTML links to, and the names that it gives to places."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.names: list[str] = []
        if token.type in ("html_inline", "html_block"):
            self.feed(token.content)
            self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        if tag == "a" and "href" in given:
            self.targets.append(unquote(given["href"].strip()))
        self.names += [_name(given[key]) for key in ("id", "name") if key in given]
