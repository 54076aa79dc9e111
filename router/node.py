"""One value of a document, read with its fault told where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from inbox.problem import Problem
from router.document import Document, Where, dotted
from router.faults import did_you_mean

_KINDS: dict[type, str] = {dict: "a mapping", list: "a list", str: "a word", bool: "true or false"}
_KINDS |= {int: "a whole number", float: "a number", type(None): "nothing"}


def kind_of(value: object) -> str:
    return _KINDS.get(type(value), "something else")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value with its place. Faults go to `problems`, and the reader gets None or nothing.

    `within` names the thing that a person would look for (a rule's name); `inside` is how many
    steps of the path that name stands for.
    """

    document: Document
    value: object
    problems: list[Problem]
    path: Where = ()
    within: str = ""
    inside: int = 0

    def named(self, name: str) -> Node:
        return replace(self, within=name, inside=len(self.path))

    def child(self, key: str | int) -> Node:
        value = self.value[key] if isinstance(self.value, dict | list) else None  # type: ignore[index]
        return replace(self, value=value, path=(*self.path, key))

    def refuse(self, problem: str, remedy: str, *, warning: bool = False) -> None:
        key = dotted(self.path)
        if self.within:
            rest = self.path[self.inside :]
            key = f"{self.within}, {dotted(rest)}" if rest else self.within
        self.problems.append(
            self.document.problem(self.path, problem, remedy, key=key, warning=warning)
        )

    def expected(self, what: str, example: str) -> None:
        self.refuse(f"is {kind_of(self.value)}, not {what}", f"Write for example {example}")

    def fields(self, known: Collection[str], *, example: str) -> dict[str, Node]:
        """The entries of a mapping; a key that is not known is a fault."""
        if not isinstance(self.value, dict):
            self.expected("a mapping", example)
            return {}
        entries = {key: self.child(key) for key in self.value}
        for key in [key for key in entries if key not in known]:
            unknown = entries.pop(key)
            unknown.refuse(f"'{key}' is not known here", did_you_mean(key, known))
        return entries

    def items(self) -> list[Node]:
        """The entries of a list; a single value counts as a list of one."""
        if isinstance(self.value, list):
            return [self.child(at) for at in range(len(self.value))]
        return [self]

    def word(self, example: str, *, needed: bool = False) -> str | None:
        """A word that is not empty; a number is a word as well."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return str(self.value)
        if isinstance(self.value, str) and self.value.strip():
            return self.value.strip()
        if isinstance(self.value, str):
            less = "" if needed else ", or leave it out"
            self.refuse("is empty", f"Write for example {example}{less}")
        elif isinstance(self.value, bool | float):
            self.refuse(f"is {kind_of(self.value)}, not a word", "Put it in quotes")
        else:
            self.expected("a word", example)
        return None

    def words(self, example: str) -> tuple[str, ...]:
        words = (item.word(example) for item in self.listed(example))
        return tuple(word for word in words if word is not None)

    def listed(self, example: str) -> list[Node]:
        """The words of a list that may not be empty, or a single one."""
        items = self.items()
        if not items:
            self.refuse("is an empty list", f"Write for example [{example}], or leave it out")
        if isinstance(self.value, str) and "," in self.value:
            words = ", ".join(f"'{word.strip()}'" for word in self.value.split(","))
            self.refuse("is one word with a comma in it", f"Write a list: [{words}]")
            return []
        return items

    def choice(self, known: Iterable[str], *, what: str) -> str | None:
        """One of the known words, which are lower case."""
        names = list(known)
        word = self.word(names[0] if names else "a name")
        if word is None or word in names:
            return word
        self.refuse(f"there is no {what} '{word}'", did_you_mean(word, names))
        return None

    def choices(self, known: Iterable[str], *, what: str) -> frozenset[str]:
        names = list(known)
        items = self.listed(names[0] if names else "a name")
        chosen = (item.choice(names, what=what) for item in items)
        return frozenset(word for word in chosen if word is not None)

    def flag(self) -> bool | None:
        if isinstance(self.value, bool):
            return self.value
        self.expected("true or false", "true")
        return None

    def whole(self, *, least: int = 0, most: int | None = None) -> int | None:
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            if self.value >= least and (most is None or self.value <= most):
                return self.value
            upwards = "up" if most is None else f"to {most}"
            self.refuse(f"is {self.value}", f"Write a number from {least} {upwards}")
            return None
        self.expected("a whole number", str(least))
        return None
