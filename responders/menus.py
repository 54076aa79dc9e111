"""Short menus in private messages: the customer chooses the kind of help, by number or by words.

A menu is offered at most once in a conversation, and holds for the next message alone. What is no
choice is a message like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from responders.knowledge.normal import normal

MOST_CHOICES = 9
"""So that a choice is one digit."""

_HANDLE = re.compile(r"(?<![\w@])@[\w.@-]+")
_WORD = re.compile(r"[^\W_]+")


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
        for number, choice in enumerate(menu.choices, 1):
            known = {bare(words) for words in choice.variants.values()}
            if said in known | {f"{number}", *(f"{number} {words}" for words in known)}:
                return choice.key
        return None


NO_MENUS = MenuBook()


def bare(text: str) -> str:
    """What a choice is known by: letters and digits alone, without case and accents, and without
    whom it speaks to. So `2.`, `#2`, `[2]`, `２`, `2️⃣ 🙏` and `@brand 2` are one. What has none is
    known as it stands.
    """
    said = _WORD.findall(_HANDLE.sub(" ", normal(text[:200])))
    spoken = " ".join(f"{unicodedata.decimal(w)}" if _is_digit(w) else w for w in said)
    return spoken or text.strip()


def _is_digit(word: str) -> bool:
    return len(word) == 1 and word.isdecimal()


def numbered(sentence: str, choices: Sequence[str]) -> str:
    """The menu as text, for networks without buttons."""
    lines = (f"{number}. {words}" for number, words in enumerate(choices, 1))
    return "\n".join((sentence, *lines))
