"""Which words are forms of one word: “wrap”, “wrapped”, “wrapping”. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import takewhile
from operator import eq

from responders.knowledge.normal import likeness
from responders.knowledge.terms import ALIKE, Term

BEGINNING = 4
"""Least letters that forms begin with alike."""

SHARE = 0.6
"""Of the shorter word so much is the beginning that they have in common."""

FILED = 2
"""Letters that who mistypes a word hardly ever begins wrong."""


def stems(said: Iterable[Term]) -> Mapping[Term, str]:
    """What each word is known by: its meaning, or the commonest word that it is a form of."""
    counts = Counter(said)
    found: dict[Term, str] = {}
    filed: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for term in sorted(counts, key=lambda term: (-counts[term], term.key)):
        if term.concept or term.exact:
            found[term] = term.key
            continue
        there = filed[term.word[:FILED]]
        stem = there.get(term.word) or _stem_of(term.word, there.values()) or term.word
        found[term] = there[term.word] = stem
    return found


def _stem_of(word: str, known: Iterable[str]) -> str | None:
    return next((stem for stem in dict.fromkeys(known) if _forms_of_one(word, stem)), None)


def _forms_of_one(one: str, other: str) -> bool:
    beginning = sum(1 for _ in takewhile(bool, map(eq, one, other)))
    longest = beginning >= max(BEGINNING, SHARE * min(len(one), len(other)))
    return longest or likeness(one, other) >= ALIKE
