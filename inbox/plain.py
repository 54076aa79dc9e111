"""From an article's Markdown to the plain text that networks take. Pure."""

from __future__ import annotations

import re

_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_MARKS = re.compile(r"(\*\*|__|`|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))")
_HEADING = re.compile(r"#{1,6}\s+")
_BULLET = re.compile(r"\s*[-*+]\s+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def plain(text: str) -> str:
    """One piece of Markdown without its marks; a link is its words, and its address if whole."""
    return _MARKS.sub("", _LINK.sub(_link, text)).strip()


def paragraphs(text: str) -> list[str]:
    """The paragraphs without headings; the points of a list stay lines."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in block.splitlines() if not _HEADING.match(line)]
        listed = any(_BULLET.match(line) for line in lines)
        joined = _points(lines) if listed else " ".join(line.strip() for line in lines)
        if said := plain(joined):
            found.append(said)
    return found


def sentences(paragraph: str) -> list[str]:
    return [part for part in _SENTENCE.split(paragraph) if part]


def _points(lines: list[str]) -> str:
    points: list[str] = []
    for line in lines:
        if _BULLET.match(line) or not points:
            points.append(_BULLET.sub("• ", line, count=1))
        else:
            points[-1] += f" {line.strip()}"
    return "\n".join(points)


def _link(match: re.Match[str]) -> str:
    words, address = match[1], match[2]
    whole = address.startswith(("http://", "https://"))
    return f"{words} ({address})" if whole and words != address else words
