"""What a rule can ask of a message's words: conditions like those of router.conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from router import quotes
from router.seen import Seen

_SHOWN = 4
"""Phrases of a long list that are told where none of them stands in a text."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """Any (or with `every` all) of these phrases stand in the text.

    `phrases` maps a phrase as the rule writes it to its number among all phrases of the rules.
    """

    phrases: tuple[tuple[str, int], ...]
    every: bool = False

    @cached_property
    def numbers(self) -> frozenset[int]:
        return frozenset(number for _, number in self.phrases)

    def _written(self, quoted: Callable[[str], str]) -> str:
        shown = [quoted(written) for written, _ in self.phrases[:_SHOWN]]
        more = len(self.phrases) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more else "")

    @cached_property
    def holds(self) -> str:
        which = "all" if self.every else "any"
        return f"text has {which} of {self._written(quotes.customers)}"

    @cached_property
    def fails(self) -> str:
        which = "not all" if self.every else "none"
        return f"text has {which} of {self._written(quotes.rules)}"

    def failure(self, seen: Seen) -> str | None:
        if self.every:
            return None if self.numbers <= seen.hits.keys() else self.fails
        return self.fails if self.numbers.isdisjoint(seen.hits) else None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        found = dict.fromkeys(seen.quote(n) for _, n in self.phrases if n in seen.hits)
        return (f"text has {', '.join(found)}",)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A regular expression of RE2's syntax, which takes linear time on any text."""

    source: str
    compiled: Any = field(compare=False, repr=False)

    @cached_property
    def _written(self) -> str:
        return f"/{quotes.unmarked(self.source)}/"

    @property
    def holds(self) -> str:
        return f"text matches {self._written}"

    @cached_property
    def fails(self) -> str:
        return f"text does not match {self._written}"

    def failure(self, seen: Seen) -> str | None:
        return None if self.compiled.search(_valid(seen)) else self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        match = self.compiled.search(_valid(seen))
        quoted = seen.excerpt(match.start(), match.end()) if match else ""
        return (f"{self.holds} ({quoted})",)


def _valid(seen: Seen) -> str:
    """RE2 works on UTF-8, which half a surrogate pair has no place in."""
    text = seen.facts.text
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
