"""A line of a case's history. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workspace.blocks import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event in words, with the text that belongs to it, and what can be pressed below."""

    elements: Sequence[Element]
    quote: str = ""
    after: Sequence[Element] = ()
    buttons: Sequence[Element] = ()
