"""Plain text and Atlassian's document format, in which text is never read as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

_LINES = frozenset({"paragraph", "heading", "codeBlock", "listItem", "blockquote", "tableRow"})
_DEEPEST = 50


def to_document(text: str) -> Json:
    """A paragraph for each line."""
    lines = text.replace("\r\n", "\n").split("\n")
    return {"type": "doc", "version": 1, "content": [_paragraph(line) for line in lines]}


def to_text(node: object) -> str:
    """What a person would read. Text as it is stays so: a webhook may bring it without a form."""
    if isinstance(node, str):
        return node
    return "\n".join(line.rstrip() for line in _read(node, 0).split("\n")).strip()


def _paragraph(line: str) -> Json:
    if not line:
        return {"type": "paragraph", "content": []}
    return {"type": "paragraph", "content": [{"type": "text", "text": line}]}


def _read(node: object, depth: int) -> str:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return ""
    inside = "".join(_read(each, depth + 1) for each in _sequence(node.get("content")))
    return _leaf(node) + inside + ("\n" if node.get("type") in _LINES else "")


def _leaf(node: Mapping[str, Any]) -> str:
    attrs = node.get("attrs")
    attrs = attrs if isinstance(attrs, Mapping) else {}
    match node.get("type"):
        case "text":
            return _linked(node)
        case "hardBreak":
            return "\n"
        case "mention" | "emoji":
            return str(attrs.get("text") or "")
        case "inlineCard":
            return str(attrs.get("url") or "")
    return ""


def _linked(node: Mapping[str, Any]) -> str:
    """A text with the address that it leads to, where it does not say it itself."""
    text = str(node.get("text") or "")
    for mark in _sequence(node.get("marks")):
        attrs = mark.get("attrs") if isinstance(mark, Mapping) else None
        href = attrs.get("href") if isinstance(attrs, Mapping) else None
        if isinstance(href, str) and href != text:
            return f"{text} ({href})"
    return text


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
