"""Short menus in private messages: the customer chooses the kind of help, by number or by words.

A menu is offered at most once in a conversation, and holds for the next message alone. What is no
choice is a message like any other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MOST_CHOICES = 9
"""So that a choice is one digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`key` is what rules ask for as `menu_choice`; `variants` its words by language."""

    key: str
    variants: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """`variants` are the sentence above the choices, by language."""

    key: str
    variants: Mapping[str, str]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuBook:
    """All menus: an inbox.ports.Menus. `fallback` is the language that every text has."""

    fallback: str = "en"
    menus: Mapping[str, Menu] = field(default_factory=dict)

    def names(self) -> Sequence[str]:
        return tuple(self.menus)

    def keys(self) -> frozenset[str]:
        """What any menu lets a customer choose."""
        return frozenset(choice.key for menu in self.menus.values() for choice in menu.choices)

    def chosen(self, name: str, text: str) -> str | None:
        """By its number, or by its words in any language: people answer as they like."""
        menu = self.menus.get(name)
        if menu is None:
            return None
        said = bare(text)
        if said.isdecimal() and len(said) == 1:
            at = unicodedata.decimal(said)
            return menu.choices[at - 1].key if 1 <= at <= len(menu.choices) else None
        for choice in menu.choices:
            if said in {bare(words) for words in choice.variants.values()}:
                return choice.key
        return None


NO_MENUS = MenuBook()


def bare(text: str) -> str:
    """What a choice is known by: without case, and without what people put around a number, as in
    `2.`, `2)`, `#2`, `２`.
    """
    folded = unicodedata.normalize("NFKC", text[:200]).casefold()
    return " ".join(folded.split()).strip(" .,;:!)(#\"'“”「」。、️⃣")


def numbered(sentence: str, choices: Sequence[str]) -> str:
    """The menu as text, for networks without buttons."""
    lines = (f"{number}. {words}" for number, words in enumerate(choices, 1))
    return "\n".join((sentence, *lines))
