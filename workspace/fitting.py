"""How much fits: an answer to a command is several messages, a window holds more. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workspace import rule_words
from workspace.blocks import Block, Shown
from workspace.mrkdwn import size

MOST_BLOCKS = 50
MOST_IN_A_MESSAGE = 12_000
"""Characters of all texts of a message: 13,172 are refused ("msg_blocks_too_long"), though each
block keeps its own limit. Source: slackapi/bolt-js#2509."""

_BULLET = len("\n• ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a list may take up of a place, in the measure that the place is bounded by."""

    most: int
    measure: Callable[[str], int]

    def part(self, of: int) -> Room:
        return replace(self, most=self.most // of)

    def without(self, lines: Sequence[str]) -> Room:
        return replace(self, most=self.most - sum(map(self.of, lines)))

    def of(self, line: str) -> int:
        return self.measure(line) + _BULLET


def _in_a_window(text: str) -> int:
    """It is bounded by its blocks and by its bytes as they are sent, two for each character."""
    return max(size(text), len(json.dumps(text)) // 2)


ANSWER = Room(most=42_000, measure=size)
"""Slack takes five answers to a command ("Handling user interaction", docs.slack.dev). Each may end
early, since no block is torn, and some of it goes to titles and buttons."""

WINDOW = Room(most=115_000, measure=_in_a_window)
"""A window has at most 100 blocks and 250 kB ("Views", docs.slack.dev)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; it may tell of several rules at once."""

    text: str
    rules: int = 1


def fitted(lines: Iterable[Line], room: Room, *, of: int) -> list[str]:
    """As many of the first lines as there is room for, and how many `of` the rules are left out."""
    shown: list[str] = []
    left, rest = room.most, of
    for line in lines:
        left -= room.of(line.text)
        if left < 0:
            return [*shown, rule_words.FURTHER_RULES.format(number=rest)]
        shown.append(line.text)
        rest -= line.rules
    return shown


def messages(shown: Shown) -> Iterator[Shown]:
    """The same in as many messages as its blocks need."""
    some: list[Block] = []
    taken = 0
    for block in shown.blocks:
        needs = _texts(block)
        if some and (taken + needs > MOST_IN_A_MESSAGE or len(some) == MOST_BLOCKS):
            yield Shown(text=shown.text, blocks=tuple(some))
            some, taken = [], 0
        some.append(block)
        taken += needs
    yield Shown(text=shown.text, blocks=tuple(some))


def _texts(value: object) -> int:
    """Characters of all texts in a block."""
    if isinstance(value, dict):
        said = value.get("text")
        own = size(said) if isinstance(said, str) else 0
        return own + sum(map(_texts, value.values()))
    return sum(map(_texts, value)) if isinstance(value, list | tuple) else 0
