"""From labelled questions to the threshold and margin at which articles may answer. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from inbox.knowledge import Certainty, Hit
from inbox.ports import Knowledge
from responders.knowledge.judging import not_asked, not_sent

STEPS = 50
"""Thresholds and margins are tried in steps of 1/50: finer ones would only fit the sample."""

ENOUGH = 100
"""Questions of which the figures can be relied on, a fifth of them without an article."""

SLACK = 0.9
"""Of all that answer nearly as much as the best, the strictest is taken: it leaves room for
questions that are not in the sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with the article it should find; None where none answers it."""

    text: str
    language: str | None
    expected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the search found for it. `place` of the right article from 1, None where it is not."""

    asked: Asked
    score: float
    margin: float
    place: int | None

    @property
    def right(self) -> bool:
        return self.place == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts over a sample at one certainty. `none_sent`: sent though no article answers."""

    answerable: int
    unanswerable: int
    first: int
    among_three: int
    sent: int
    right: int
    none_sent: int

    @property
    def precision(self) -> float | None:
        return self.right / self.sent if self.sent else None

    @property
    def at_least(self) -> float:
        """Lower end of the precision's 95 % interval (Wilson)."""
        return _wilson(self.right, self.sent)

    @property
    def share(self) -> float:
        """Of the answerable questions, those that got their right answer."""
        return self.right / self.answerable if self.answerable else 0.0


def ask(knowledge: Knowledge, questions: Iterable[Asked]) -> Iterator[Answered]:
    """What the search finds, in the language that the question is said to have."""
    for asked in questions:
        yield _answered(asked, _found(knowledge, asked.text, asked.language))


def answer(
    knowledge: Knowledge, questions: Iterable[tuple[Asked, str | None]]
) -> Iterator[Answered]:
    """What can be sent by itself, each in the language that was found in it; None where no article
    may answer it.
    """
    for asked, language in questions:
        searched = not not_asked(knowledge, asked.text, language)
        hits = _found(knowledge, asked.text, language) if searched else []
        barred = hits and not_sent(hits[0], asked.text, language)
        yield _answered(asked, [] if barred else hits)


def _found(knowledge: Knowledge, text: str, language: str | None) -> Sequence[Hit]:
    return knowledge.search(text, language=language, limit=3, internal=True)


def _answered(asked: Asked, hits: Sequence[Hit]) -> Answered:
    keys = [hit.article.key for hit in hits]
    scores = [hit.score for hit in hits] + [0.0, 0.0]
    place = keys.index(asked.expected) + 1 if asked.expected in keys else None
    return Answered(asked=asked, score=scores[0], margin=scores[0] - scores[1], place=place)


def figures(answers: Sequence[Answered], certainty: Certainty) -> Figures:
    sent = [one for one in answers if _goes_out(one, certainty.threshold, certainty.margin)]
    known = [one for one in answers if one.asked.expected is not None]
    return Figures(
        answerable=len(known),
        unanswerable=len(answers) - len(known),
        first=sum(one.right for one in known),
        among_three=sum(one.place is not None for one in known),
        sent=len(sent),
        right=sum(one.right for one in sent),
        none_sent=sum(one.asked.expected is None for one in sent),
    )


def too_few(answers: Sequence[Answered]) -> bool:
    none = sum(one.asked.expected is None for one in answers)
    return len(answers) < ENOUGH or 5 * none < ENOUGH


def calibrate(
    found: Sequence[Answered], *sent: Sequence[Answered], precision: float
) -> Certainty | None:
    """As much as can be of what the search `found`, so that it is precise enough, and what of it
    is `sent` in each way as well. None where no threshold is without answering the unanswerable.
    """
    tried = {
        (threshold / STEPS, margin / STEPS): right
        for threshold in range(1, STEPS)
        for margin in range(STEPS // 2)
        if (right := _right(found, threshold / STEPS, margin / STEPS, precision))
        and not any(_wrong(one, threshold / STEPS, margin / STEPS, precision) for one in sent)
    }
    if not tried:
        return None
    most = max(tried.values())
    enough = (pair for pair, right in tried.items() if right >= SLACK * most)
    threshold, margin = max(enough, key=lambda pair: (sum(pair), pair))
    return Certainty(threshold=threshold, margin=margin)


def _right(answers: Sequence[Answered], threshold: float, margin: float, precision: float) -> int:
    """How many are answered rightly; 0 where too many are not."""
    wrong = _wrong(answers, threshold, margin, precision)
    return 0 if wrong else sum(one.right for one in answers if _goes_out(one, threshold, margin))


def _wrong(answers: Sequence[Answered], threshold: float, margin: float, precision: float) -> bool:
    """Whether too many are answered wrongly, or one that no article answers."""
    sent = [one for one in answers if _goes_out(one, threshold, margin)]
    unanswerable = any(one.asked.expected is None for one in sent)
    return unanswerable or sum(one.right for one in sent) < precision * len(sent)


def _goes_out(one: Answered, threshold: float, margin: float) -> bool:
    return one.score >= threshold and one.margin >= margin


def _wilson(right: int, of: int, z: float = 1.96) -> float:
    if not of:
        return 0.0
    share = right / of
    centre = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (centre - spread) / (1 + z * z / of)
