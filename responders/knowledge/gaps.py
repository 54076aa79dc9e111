"""What customers ask and no article answers: grouped by what the questions have in common. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from responders.knowledge.forms import stems
from responders.knowledge.normal import chained
from responders.knowledge.terms import Term, terms
from responders.knowledge.vocabulary import TELLS

ALIKE = 0.4
"""Least share of weight that two questions of one group have in common."""

FEWEST = 3
"""People who must have asked: what one person asks is no article yet, and stays private."""

MOST_WORDS = 4
OTHERS = 500
"""Questions that a short time is thought to lack: what most of a few share is still telling."""

LONE = 0.5
"""What a word counts that one question alone has: it can join it to no other."""


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


@dataclass(frozen=True, slots=True)
class _Said:
    """A question with its words, each by what it is known by."""

    question: Question
    words: Mapping[str, Term]


@dataclass(slots=True)
class _Group:
    """Questions that are alike; counts how many of them have each word."""

    asked: list[_Said] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, *more: _Said) -> None:
        self.asked += more
        for said in more:
            self.counts.update(said.words.keys())

    def vector(self, rarity: Mapping[str, float]) -> Mapping[str, float]:
        """The mean of its questions: how many have a word, by how much the word tells. Its length
        is 1.
        """
        mean = {stem: number * rarity[stem] for stem, number in self.counts.items()}
        length = math.hypot(*mean.values())
        return {stem: weight / length for stem, weight in mean.items()}

    def people(self, *, settled: bool = False) -> int:
        asked = (said.question for said in self.asked)
        return len({one.author for one in asked if one.settled or not settled})

    def words(self) -> list[str]:
        """Of each word that at least FEWEST people used, its commonest form."""
        users: defaultdict[str, set[str]] = defaultdict(set)
        forms: defaultdict[str, Counter[Term]] = defaultdict(Counter)
        for said in self.asked:
            for stem, term in said.words.items():
                users[stem].add(said.question.author)
                forms[stem][term] += 1
        used = [stem for stem in users if len(users[stem]) >= FEWEST]
        named = sorted(used, key=lambda stem: (-len(users[stem]), stem))
        common = [forms[stem].most_common(1)[0][0] for stem in named]
        return chained([term.word for term in common if term.tells])[:MOST_WORDS]


def group(questions: Iterable[Question]) -> list[Gap]:
    """Each question joins the group most like it, then groups join that are alike among
    themselves. Most people first.
    """
    asked = [(question, _asked_about(question)) for question in questions]
    stem_of = stems(term for _, said in asked for term in said)
    found = [
        _Said(question, {stem_of[term]: term for term in said}) for question, said in asked if said
    ]
    rarity = _rarity(found, stem_of)
    groups: list[_Group] = []
    each = [_alone(said) for said in found]
    while len(groups) != len(each):
        groups, each = each, _joined(each, rarity)
    return sorted(_gaps(groups), key=lambda gap: (-gap.people, gap.words))


def _asked_about(question: Question) -> list[Term]:
    """Not that something is wrong, or fine."""
    found = terms(question.text, question.language)
    return [term for term in found if term.concept != TELLS]


def _alone(said: _Said) -> _Group:
    alone = _Group()
    alone.add(said)
    return alone


def _joined(groups: Sequence[_Group], rarity: Mapping[str, float]) -> list[_Group]:
    """Each by the one before it that is most like it; the largest come first."""
    found: list[_Group] = []
    vectors: list[Mapping[str, float]] = []
    filed: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for one in sorted(groups, key=lambda one: -len(one.asked)):
        own = one.vector(rarity)
        near = dict.fromkeys(at for stem in own for at in filed[stem])
        likes = {at: _likeness(own, vectors[at]) for at in near}
        best = max(likes, key=lambda at: (likes[at], -at), default=None)
        if best is None or likes[best] < ALIKE:
            best = len(found)
            found.append(one)
            vectors.append(own)
        else:
            found[best].add(*one.asked)
            vectors[best] = found[best].vector(rarity)
        for stem in own:
            filed[stem][best] = None
    return found


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine of two means."""
    return sum(weight * other.get(stem, 0.0) for stem, weight in one.items())


def _rarity(found: Sequence[_Said], stem_of: Mapping[Term, str]) -> Mapping[str, float]:
    """How much a word tells: the more, the fewer questions have it, if more than one has."""
    asked = len(found) + OTHERS
    counts = Counter(stem for said in found for stem in said.words)
    weights = {stem: term.weight for term, stem in stem_of.items()}
    return {
        stem: weights[stem] * (LONE if number == 1 else 1.0) * math.log(asked / number)
        for stem, number in counts.items()
    }


def _gaps(groups: Iterable[_Group]) -> Iterator[Gap]:
    for each in groups:
        people = each.people()
        if people >= FEWEST and (words := each.words()):
            yield Gap(people=people, settled=each.people(settled=True), words=tuple(words))
