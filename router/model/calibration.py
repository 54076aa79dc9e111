"""Where a language draws its lines, from judgements of texts that were not learned from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from router.model.corpus import PRIVATE, Sentence
from router.model.weights import Line

FALSE_ALARMS = 0.03
"""Most of the texts that are not private, and of those that mislead, that may be raised."""

DOUBTED_QUESTIONS = 0.2
"""Most of the answerable questions that may be left to a person for doubt."""

_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`private` is the probability that the model gave."""

    sentence: Sentence
    private: float

    @property
    def right(self) -> bool:
        return self.sentence.situation.tier == PRIVATE


def line_for(judged: Sequence[Judged]) -> Line:
    """Lines of one language."""
    private = [one.private for one in judged if one.right]
    others = [one.private for one in judged if not one.right]
    hard = [one.private for one in judged if one.sentence.situation.hard]
    asked = [one.private for one in judged if one.sentence.situation.asked]
    raised = max(_above(others, FALSE_ALARMS), _above(hard, FALSE_ALARMS))
    doubt = min(raised, _above(asked, DOUBTED_QUESTIONS))
    return Line(
        raised=raised,
        doubt=doubt,
        recall=_share(private, raised),
        false_alarms=_share(others, raised),
        hard_false_alarms=_share(hard, raised),
        doubted_private=_share(private, doubt),
        doubted_questions=_share(asked, doubt),
    )


def unknown(lines: Iterable[Line]) -> Line:
    """Of a language that is not known: raise late, doubt early."""
    known = tuple(lines)
    return Line(raised=max(one.raised for one in known), doubt=min(one.doubt for one in known))


def _above(chances: Sequence[float], share: float) -> float:
    """The least line that at most this share of the chances reaches."""
    if not chances:
        return 0.5
    at = int(share * len(chances))
    over = sorted(chances, reverse=True)[at]
    return round(over + 0.1**_DIGITS, _DIGITS)


def _share(chances: Sequence[float], line: float) -> float:
    reached = sum(chance >= line for chance in chances)
    return round(reached / len(chances), _DIGITS) if chances else 0.0
