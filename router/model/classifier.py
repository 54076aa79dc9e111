"""What the model says of a text, and which pieces of it weighed most."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from router.model.corpus import NONE
from router.model.features import LONG, MOST, Grams, bucketed, grams, lengths
from router.model.parts import averaged, neighbours, pairs, parts
from router.model.verdict import Place, Question, Verdict
from router.model.weights import WEIGHTS, Learned, read
from router.normal import boundary

HARMLESS = 0.35
"""Below it the words of a private topic decide nothing, but those of the hard ones always do. Words
mislead oftener than a model that thinks so little of them: docs/detection.md has what was seen."""

KNOWN_WELL = frozenset({"en", "ja", "ro", "ru", "tr"})
HARMLESS_ELSEWHERE = 0.15
"""The same in languages of which the model has learned three times fewer sentences, and where none
is known: there words are right oftener than such a model."""

_WHOLE = 40
"""Bytes of a text that says more than such words: in a shorter one nothing contradicts them. A sign
of Japanese has three and says as much as three letters."""

_PIECES = 4
"""Pieces of an explanation, before those that stand together are joined."""

_SHARE = 0.3
"""A piece weighs at least this share of the heaviest."""

_APART = 4
"""Characters between two pieces that are told as one."""

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = "\u0e00"
"""From here on there are scripts that put no spaces, Thai the first: a word is what lies between
spaces where all is below."""


class _Looked(NamedTuple):
    """`chances` of every class; `plainest`, the chance to be private by the whole and its most
    private sentence, which says what words are to be believed: beside a question a plain private
    sentence would be read as harmless; `size` in n-grams."""

    chances: list[float]
    plainest: float
    size: int


class Classifier:
    """Reads its file when first asked. Knows the same text the same way on every machine."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        self._path = path

    def warm(self) -> None:
        """Raises OSError or ValueError for a file that is none."""
        self.judge(" ", None)

    def judge(self, text: str, language: str | None, *, other: bool = False) -> Verdict:
        """See `judge_all`."""
        return self.judge_all([Question(text, language, other=other)])[0]

    def judge_all(self, questions: Sequence[Question]) -> list[Verdict]:
        """In their order. Many at once cost a fifth each of what one costs alone."""
        if not questions:
            return []
        looked = self._looked([question.text for question in questions])
        verdicts = [self._verdict(*each) for each in zip(questions, looked, strict=True)]
        which = [at for at, one in enumerate(verdicts) if one.raised and questions[at].told]
        told = [(questions[at].text[:MOST], verdicts[at].topic) for at in which]
        for at, places in zip(which, self._places(told), strict=True):
            verdicts[at] = verdicts[at]._replace(places=places)
        return verdicts

    def _verdict(self, question: Question, looked: _Looked) -> Verdict:
        line = self._learned.line(question.language)
        private = 1.0 - looked.chances[self._none]
        long = looked.size >= LONG
        reached = line.long if long else line.surely if question.other else line.raised
        return Verdict(
            topic=self._learned.classes[max(self._topics, key=looked.chances.__getitem__)],
            private=private,
            raised=private >= reached,
            doubt=private >= line.doubt,
            harmless=looked.plainest < _harmless(question.language)
            and len(question.text.encode()) >= _WHOLE,
        )

    @cached_property
    def _none(self) -> int:
        return self._learned.classes.index(NONE)

    @cached_property
    def _topics(self) -> list[int]:
        """Numbers of the other classes, the last by name first: it is told of those alike."""
        classes = self._learned.classes
        others = (at for at in range(len(classes)) if at != self._none)
        return sorted(others, key=classes.__getitem__, reverse=True)

    @cached_property
    def _learned(self) -> Learned:
        return read(self._path)

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        """A bucket's eight weights as one number: such rows are fetched faster."""
        return np.ascontiguousarray(self._learned.table).view(np.int64).ravel()

    def _weights(self, found: NDArray[np.uint32]) -> NDArray[np.float32]:
        rows = self._rows.take(found).view(np.int8)
        return rows.reshape(len(found), len(self._learned.classes)).astype(np.float32)

    def _looked(self, texts: Sequence[str]) -> list[_Looked]:
        cut = [parts(text) for text in texts]
        found, sizes = bucketed([*chain.from_iterable(cut)])
        sums = _sums(self._weights(found), sizes)
        alone = self._scores(sums, sizes)
        scores = plainest = alone
        if len(sizes) > len(texts):
            counts = np.array([len(those) for those in cut])
            rows = self._scores(neighbours(sums, counts), neighbours(sizes, counts))
            firsts = counts.cumsum() - counts
            sums, sizes = np.add.reduceat(sums, firsts), np.add.reduceat(sizes, firsts)
            whole = self._scores(sums, sizes)
            scores = averaged(whole, rows, pairs(counts), self._none)
            plainest = averaged(whole, alone, counts, self._none)
        chances, plain = ([*map(_shares, some.tolist())] for some in (scores, plainest))
        return [
            _Looked(of_classes, 1.0 - sentence[self._none], size)
            for of_classes, sentence, size in zip(chances, plain, sizes.tolist(), strict=True)
        ]

    def _scores(self, sums: NDArray[np.float32], sizes: NDArray[np.intp]) -> NDArray[np.float32]:
        """Of sums over so many n-grams."""
        divisors = lengths(sizes).astype(np.float32)[:, None]
        scores: NDArray[np.float32] = sums * self._learned.scale / divisors
        return scores + self._learned.bias

    def _places(self, told: Sequence[tuple[str, str]]) -> list[tuple[Place, ...]]:
        """Of texts and their topics."""
        if not told:
            return []
        found = grams([text for text, _ in told])
        classes, scale, none = self._learned.classes, self._learned.scale, self._none
        topics = np.array([classes.index(topic) for _, topic in told])[found.owners]
        weights = self._weights(found.buckets)
        gain = weights[np.arange(len(topics)), topics] * scale[topics]
        heat = _heat(found, gain - weights[:, none] * scale[none]).tolist()
        return [
            _heaviest(text, heat[begin : begin + len(text)])
            for (text, _), begin in zip(told, found.begins, strict=True)
        ]


def _harmless(language: str | None) -> float:
    return HARMLESS if language in KNOWN_WELL else HARMLESS_ELSEWHERE


def _sums(rows: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Of the first `counts[0]` rows, of the next `counts[1]`, and so on."""
    some = counts > 0
    starts = counts.cumsum() - counts
    sums = np.zeros((len(counts), rows.shape[1]), np.float32)
    if some.any():
        sums[some] = np.add.reduceat(rows, starts[some])
    return sums


def _shares(scores: list[float]) -> list[float]:
    powers = [math.exp(score) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _heat(found: Grams, gain: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much each character weighs: an n-gram's weight is shared by its characters."""
    part = gain / np.maximum(found.ends - found.starts, 1)
    length = int(found.ends.max(initial=0)) + 1
    begun = np.bincount(found.starts, part, length)
    return np.cumsum(begun - np.bincount(found.ends, part, length))


def _heaviest(text: str, heat: Sequence[float]) -> tuple[Place, ...]:
    pieces = [(sum(heat[start:end]), start, end) for start, end in _pieces(text, heat)]
    most = sorted(pieces, key=lambda piece: -piece[0])[:_PIECES]
    least = max(_SHARE * most[0][0], 0.0) if most else 0.0
    return _joined(sorted((start, end) for weight, start, end in most if weight >= least))


def _pieces(text: str, heat: Sequence[float]) -> Iterator[Place]:
    """Words; in scripts without spaces, runs of characters that speak for the topic."""
    if max(text, default="") < _UNSPACED:
        yield from (word.span() for word in _WORD.finditer(text))
        return
    for word in _WORD.finditer(text):
        start = word.start()
        for at in range(start + 1, word.end() + 1):
            if at == word.end() or ((heat[at] > 0) != (heat[at - 1] > 0) and boundary(text, at)):
                yield start, at
                start = at


def _joined(places: list[Place]) -> tuple[Place, ...]:
    joined: list[Place] = []
    for start, end in places:
        if joined and start - joined[-1][1] <= _APART:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
