"""Which rules a message can match at all, found without asking each of them.

Most rules hold only where a certain word, topic, class or value is there. Such rules are filed
under it; a message asks those filed under what it has, and the others miss for the reason they
were filed for. So the time a message takes grows with the rules that concern it, not with all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from router.conditions import (
    About,
    All,
    AnyOf,
    Condition,
    Flag,
    Holds,
    OneOf,
    UnknownLanguage,
)
from router.seen import Seen
from router.wording import Words

Key = tuple[str, object]
Gate = tuple[frozenset[Key], str]
"""One of these keys must be there, else the rule fails with these words."""


class RuleIndex:
    """Files conditions by what they need; their numbers are their places in the list given."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        gates = [gate(condition) for condition in conditions]
        self.shut = tuple(found[1] if found else "" for found in gates)
        self._always = frozenset(at for at, found in enumerate(gates) if found is None)
        self._filed: dict[Key, list[int]] = {}
        for at, found in enumerate(gates):
            for key in found[0] if found else ():
                self._filed.setdefault(key, []).append(at)
        named = {str(key[0]) for key in self._filed}
        self._facts = tuple(sorted(named - {"topic", "class", "phrase"}))

    def candidates(self, seen: Seen) -> list[int]:
        """Numbers of the conditions that may hold, in order. All others surely do not."""
        found = set(self._always)
        for key in self._keys(seen):
            if (filed := self._filed.get(key)) is not None:
                found.update(filed)
        return sorted(found)

    def _keys(self, seen: Seen) -> Iterator[Key]:
        for fact in self._facts:
            yield fact, getattr(seen.facts, fact)
        for topic in seen.topics:
            yield "topic", topic
        for hint in seen.facts.hints:  # it does not hold, and tells so when it is asked
            yield "topic", hint.name
        for cls in seen.classes:
            yield "class", cls
        for number in seen.hits:
            yield "phrase", number


def gate(condition: Condition) -> Gate | None:
    """What a condition cannot hold without; None where that cannot be filed."""
    if isinstance(condition, All):
        gates = [found for part in condition.parts if (found := gate(part)) is not None]
        return min(gates, key=_width, default=None)
    if isinstance(condition, AnyOf):
        parts = [gate(part) for part in condition.parts]
        keys = frozenset(key for found in parts if found for key in found[0])
        return (keys, condition.fails) if all(parts) else None
    keys = _keys_of(condition)
    return (keys, condition.fails) if keys else None


def _keys_of(condition: Condition) -> frozenset[Key]:
    keys: Iterable[Key] = ()
    match condition:
        case Words():
            keys = (("phrase", number) for number in condition.numbers)
        case About():
            keys = (("topic", name) for name in condition.topics)
        case Holds():
            keys = (("class", cls) for cls in condition.classes)
        case OneOf():
            keys = ((condition.fact, value) for value in condition.values)
        case Flag():
            keys = [(condition.fact, condition.wanted)]
        case UnknownLanguage():
            keys = [("language", None)]
    return frozenset(keys)


_RARITY = ("phrase", "class", "topic", "account", "case_status", "language", "network", "kind")


def _width(found: Gate) -> int:
    """How many messages pass a gate, roughly: words are rare, a visibility is common."""
    ranks = [_RARITY.index(k) if k in _RARITY else len(_RARITY) for k, _ in found[0]]
    return max(ranks)
