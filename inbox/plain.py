"""From an article's Markdown to the plain text that networks take. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from html import unescape
from itertools import zip_longest
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|template)\b.*?(?:</\1\s*>|\Z)"
    r"|^ {0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)[^\n]*$",
    re.DOTALL | re.M | re.I,
)
"""What Markdown and HTML show to nobody: comments, one that never ends among them, `[//]: # (…)`,
and what is for machines.
"""

_NEW_LINE = re.compile(r"\s*<(?:br|/?(?:p|div|li|tr|h[1-6]|summary|details))\b[^>]*>\s*", re.I)
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_SPACES = re.compile(" {2,}")
_LINE_END = re.compile(r"\r\n?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_CODE = frozenset({"fence", "code_block"})


def visible(text: str) -> str:
    """Markdown without what it shows to nobody."""
    return _HIDDEN.sub("", text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs without headings; points of a list, rows of a table and lines of code stay
    lines.
    """
    return list(_paragraphs(text))


def sentences(paragraph: str) -> list[str]:
    return [part for part in _SENTENCE.split(paragraph) if part]


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


@lru_cache(maxsize=2_000)
def _paragraphs(text: str) -> tuple[str, ...]:
    """Read once, since an article is sent again and again."""
    shown = _LINE_END.sub("\n", visible(text))
    blocks = Node(_markdown().parse(shown)).children
    return tuple(_together(blocks, shown.split("\n")))


def _together(blocks: Sequence[Node], lines: Sequence[str]) -> Iterator[str]:
    """What stands without an empty line between is one paragraph; code stands alone."""
    said: list[str] = []
    before: Node | None = None
    for block in blocks:
        if before and (_is_apart(block, lines) or not _CODE.isdisjoint({before.type, block.type})):
            yield from _joined(said)
            said = []
        said.append(_block(block))
        before = block
    yield from _joined(said)


def _joined(said: Sequence[str]) -> Iterator[str]:
    if text := "\n".join(filter(None, said)):
        yield text


def _is_apart(block: Node, lines: Sequence[str]) -> bool:
    first = block.map[0] if block.map else 0
    return first > 0 and not lines[first - 1].strip()


def _block(node: Node) -> str:
    return _BLOCKS.get(node.type, _within)(node)


def _within(node: Node) -> str:
    return "\n".join(filter(None, map(_block, node.children)))


def _mark(item: Node) -> str:
    """The number of a point, as it was written; bullets have none."""
    return f"{item.info}{item.markup}" if item.info else "•"


def _rows(table: Node) -> Iterator[str]:
    """Each with the names of its columns: a network shows no table."""
    head, *rows = (row for part in table.children for row in part.children)
    names = [_within(cell) for cell in head.children]
    for row in rows:
        named = zip_longest(names, map(_within, row.children), fillvalue="")
        cells = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
        if cells:
            yield f"• {'; '.join(cells)}"


def _inline(node: Node) -> str:
    return _INLINE.get(node.type, _inner)(node)


def _inner(node: Node) -> str:
    return "".join(map(_inline, node.children))


def _link(node: Node) -> str:
    """Its words, and its address if whole."""
    words, address = _inner(node), str(node.attrs["href"])
    whole = address.startswith(("http://", "https://"))
    return f"{words} ({address})" if whole and words != unquote(address) else words


def _html(node: Node) -> str:
    bare = unescape(_TAG.sub("", _NEW_LINE.sub("\n", node.content)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in bare.splitlines())))


def _unsaid(_: Node) -> str:
    """What is no text of its own, or was struck out by its author."""
    return ""


_BLOCKS: Mapping[str, Callable[[Node], str]] = {
    **dict.fromkeys(("heading", "hr"), _unsaid),
    **dict.fromkeys(_CODE, lambda node: node.content.strip("\n")),
    "html_block": _html,
    "inline": lambda node: _SPACES.sub(" ", _inner(node)).strip(),
    "list_item": lambda node: f"{_mark(node)} {_within(node)}",
    "table": lambda node: "\n".join(_rows(node)),
}
_INLINE: Mapping[str, Callable[[Node], str]] = {
    "text": lambda node: node.content.replace("**", ""),  # beside Japanese they mark nothing
    "code_inline": lambda node: node.content,
    "softbreak": lambda _: " ",
    "hardbreak": lambda _: "\n",
    "html_inline": lambda node: "\n" if _NEW_LINE.fullmatch(node.content) else "",
    "link": _link,
    "s": _unsaid,
}
