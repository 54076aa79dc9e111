"""Where a language draws its lines, from judgements of texts that were not learned from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from router.model.corpus import PRIVATE, Sentence
from router.model.weights import Line

FALSE_ALARMS = 0.05
"""Most of our own sentences that are not private that may be raised. Half of those mislead on
purpose or lie near a line by intent: of what people post, a much smaller part is raised."""

HARD_FALSE_ALARMS = 0.08
"""Most of those that mislead on purpose."""

SURE_FALSE_ALARMS = 0.025
"""The same where words show a topic that is not private."""

DOUBTED_QUESTIONS = 0.13
"""Most of the answerable questions that may be left to a person for doubt."""

LEAST_RAISED = 0.77
LEAST_SURELY = 0.79
"""No line is drawn lower: our own sentences are told apart more easily than what people write, and
real posts and reviews reached the lines that our sentences gave far too often. It does not hold
for long texts: in a score that many sentences share, real ones reach them no oftener than ours."""

MOST_RAISED = 0.8
"""None is drawn higher: a language with few sentences knows too little where a fifth of them is
left out, and its lines would lose private messages without any real post to show for it."""

MOST_LONG = 0.5
"""The same for long texts: more of our own letters mislead than of real ones, and a private thing
among others seldom reaches more."""

_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`private` is the probability that the model gave; `long`: a text of LONG n-grams or more."""

    sentence: Sentence
    private: float
    long: bool = False

    @property
    def right(self) -> bool:
        return self.sentence.situation.tier == PRIVATE


def lines_for(judged: Sequence[Judged]) -> dict[str, Line]:
    """Lines of every language. Half way to those of all together: few texts lie near a line, and
    so few are long that all languages have one line for them."""
    by_language: dict[str, list[Judged]] = {}
    for one in judged:
        by_language.setdefault(one.sentence.language, []).append(one)
    together = _lines(judged)
    return {
        language: _measured(those, _half_way(_lines(those), together))
        for language, those in by_language.items()
    }


def _lines(judged: Sequence[Judged]) -> Line:
    others = [one.private for one in judged if not one.right]
    hard = [one.private for one in judged if one.sentence.situation.hard]
    asked = [one.private for one in judged if one.sentence.situation.asked]
    long = [one.private for one in judged if one.long and not one.right]
    asked_for = max(_above(others, FALSE_ALARMS), _above(hard, HARD_FALSE_ALARMS))
    raised = min(max(LEAST_RAISED, asked_for), MOST_RAISED)
    return Line(
        raised=raised,
        surely=max(LEAST_SURELY, raised, _above(others, SURE_FALSE_ALARMS)),
        long=min(raised, MOST_LONG, _above(long, FALSE_ALARMS)),
        doubt=min(raised, _above(asked, DOUBTED_QUESTIONS)),
    )


def _half_way(one: Line, other: Line) -> Line:
    return Line(
        raised=round((one.raised + other.raised) / 2, _DIGITS),
        surely=round((one.surely + other.surely) / 2, _DIGITS),
        long=other.long,
        doubt=round((one.doubt + other.doubt) / 2, _DIGITS),
    )


def _measured(judged: Sequence[Judged], line: Line) -> Line:
    private = [one.private for one in judged if one.right]
    others = [one.private for one in judged if not one.right]
    hard = [one.private for one in judged if one.sentence.situation.hard]
    asked = [one.private for one in judged if one.sentence.situation.asked]
    return replace(
        line,
        recall=_share(private, line.raised),
        false_alarms=_share(others, line.raised),
        hard_false_alarms=_share(hard, line.raised),
        doubted_private=_share(private, line.doubt),
        doubted_questions=_share(asked, line.doubt),
    )


def unknown(lines: Iterable[Line]) -> Line:
    """Of a language that is not known: raise late, doubt early."""
    known = tuple(lines)
    return Line(
        raised=max(one.raised for one in known),
        surely=max(one.surely for one in known),
        long=max(one.long for one in known),
        doubt=min(one.doubt for one in known),
    )


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
