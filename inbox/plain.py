"""From an article's Markdown to the plain text that networks take. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|^ {0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)[^\n]*$", re.DOTALL | re.M
)
"""What Markdown shows to nobody: comments, one that never ends among them, and `[//]: # (…)`."""

_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_MARKS = re.compile(r"(\*\*|__|`|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))")
_HEADING = re.compile(r"#{1,6}\s+")
_BULLET = re.compile(r"\s*[-*+]\s+")
_POINT = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULED = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_CELL = re.compile(r"(?<!\\)\|")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def visible(text: str) -> str:
    """Markdown without what it shows to nobody."""
    return _HIDDEN.sub("", text)


def plain(text: str) -> str:
    """One piece of Markdown without its marks; a link is its words, and its address if whole."""
    return _MARKS.sub("", _LINK.sub(_link, text)).strip()


def paragraphs(text: str) -> list[str]:
    """The paragraphs without headings; points of a list, rows of a table and lines of code stay
    lines.
    """
    said = [_said(block) for block in _blocks(visible(text).splitlines())]
    return [one for one in said if one]


def sentences(paragraph: str) -> list[str]:
    return [part for part in _SENTENCE.split(paragraph) if part]


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines that belong together; those of code stand behind the line that opens their fence."""
    block: list[str] = []
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        ends = bool(fence) and line.strip().startswith(fence) and not line.strip().strip(fence[0])
        begins = not fence and found is not None
        if begins or ends or (not fence and not line.strip()):
            yield block
            fence = found[1] if begins and found else ""
            block = [line] if begins else []
        else:
            block.append(line)
    yield block


def _said(block: list[str]) -> str:
    if block and _FENCE.match(block[0]):
        return "\n".join(block[1:]).strip("\n")
    lines = [line for line in block if not _HEADING.match(line)]
    ruled = next((at for at, line in enumerate(lines) if at and _is_ruled(line)), None)
    if ruled is not None:
        above = [_said(lines[: ruled - 1])]
        return "\n".join(filter(None, [*above, *_rows(lines[ruled - 1], lines[ruled + 1 :])]))
    listed = any(_POINT.match(line) for line in lines)
    return plain(_points(lines) if listed else " ".join(line.strip() for line in lines))


def _points(lines: list[str]) -> str:
    points: list[str] = []
    for line in lines:
        if _POINT.match(line) or not points:
            points.append(_BULLET.sub("• ", line, count=1).strip())
        else:
            points[-1] += f" {line.strip()}"
    return "\n".join(points)


def _is_ruled(line: str) -> bool:
    """Whether it stands between the head of a table and its rows."""
    return "|" in line and _RULED.fullmatch(line) is not None


def _rows(head: str, rows: Sequence[str]) -> Iterator[str]:
    """Each with the names of its columns: a network shows no table."""
    names = _cells(head)
    for row in rows:
        named = zip_longest(names, _cells(row), fillvalue="")
        cells = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
        if cells:
            yield f"• {'; '.join(cells)}"


def _cells(row: str) -> list[str]:
    bare = row.strip().removeprefix("|").removesuffix("|")
    return [plain(cell.replace(r"\|", "|")) for cell in _CELL.split(bare)]


def _link(match: re.Match[str]) -> str:
    words, address = match[1], match[2]
    whole = address.startswith(("http://", "https://"))
    return f"{words} ({address})" if whole and words != address else words
