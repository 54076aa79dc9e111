"""What customers ask and no article answers: grouped by what the questions have in common. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from responders.knowledge.terms import Term, terms

ALIKE = 0.4
"""Least share of weight that two questions of one group have in common."""

FEWEST = 3
"""People who must have asked: what one person asks is no article yet, and stays private."""

MOST_WORDS = 4
OTHERS = 50
"""Questions that a short time is thought to lack: of ten, what three share is still telling."""

STEM = 5
"""Letters by which a word is known in its forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one person asked, without anything personal. `settled`: their community answered."""

    author: str
    text: str
    language: str | None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`people` asked about the same, `settled` of them were answered by their community; `words`
    are those that at least FEWEST of them used.
    """

    people: int
    settled: int
    words: tuple[str, ...]


@dataclass(slots=True)
class _Group:
    """Counts how many questions have each term, in which words, and who used it."""

    terms: Counter[str] = field(default_factory=Counter)
    forms: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    users: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    authors: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, question: Question, said: Sequence[Term]) -> None:
        self.size += 1
        self.authors.add(question.author)
        if question.settled:
            self.settled.add(question.author)
        for term in said:
            name = stem(term)
            self.terms[name] += 1
            self.forms[name][term.word] += 1
            self.users[name].add(question.author)

    def words(self) -> list[str]:
        """Of each term that at least FEWEST people used, its commonest form."""
        used = {name: len(users) for name, users in self.users.items() if len(users) >= FEWEST}
        named = sorted(used, key=lambda name: (-used[name], name))[:MOST_WORDS]
        return [self.forms[name].most_common(1)[0][0] for name in named]

    def weight(self, key: str) -> float:
        return self.terms[key] / self.size


def group(questions: Iterable[Question]) -> list[Gap]:
    """Greedily: each question joins the group most like it. Most people first."""
    asked = [(question, terms(question.text, question.language)) for question in questions]
    rarity = _rarity([said for _, said in asked])
    groups: list[_Group] = []
    filed: defaultdict[str, list[int]] = defaultdict(list)
    for question, said in asked:
        if not said:
            continue
        near = {at for term in said for at in filed[stem(term)]}
        likes = {at: _likeness(said, groups[at], rarity) for at in near}
        best = max(likes, key=lambda at: (likes[at], -at), default=None)
        if best is None or likes[best] < ALIKE:
            best = len(groups)
            groups.append(_Group())
        groups[best].add(question, said)
        for term in said:
            if best not in filed[stem(term)]:
                filed[stem(term)].append(best)
    return sorted(_gaps(groups), key=lambda gap: (-gap.people, gap.words))


def _likeness(said: Sequence[Term], there: _Group, rarity: dict[str, float]) -> float:
    """Cosine of the weighed words of a question and the mean of a group."""
    own = {stem(term): term.weight * rarity[stem(term)] for term in said}
    mean = {key: there.weight(key) * rarity[key] for key in there.terms}
    dot = sum(weight * mean.get(key, 0.0) for key, weight in own.items())
    lengths = math.hypot(*own.values()) * math.hypot(*mean.values())
    return dot / lengths if lengths else 0.0


def _rarity(all_said: Sequence[Sequence[Term]]) -> dict[str, float]:
    counts = Counter(stem(term) for said in all_said for term in said)
    return {key: math.log((len(all_said) + OTHERS) / number) for key, number in counts.items()}


def _gaps(groups: Iterable[_Group]) -> Iterator[Gap]:
    for each in groups:
        if len(each.authors) >= FEWEST and (words := each.words()):
            yield Gap(people=len(each.authors), settled=len(each.settled), words=tuple(words))


def stem(term: Term) -> str:
    """What forms of one word have in common, roughly: its beginning."""
    return term.key if term.concept or term.exact else term.word[:STEM]
