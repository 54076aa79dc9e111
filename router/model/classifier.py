"""What the model says of a text, and which pieces of it weighed most."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.corpus import NONE
from router.model.features import buckets, grams, size
from router.model.weights import WEIGHTS, Learned, read
from router.normal import boundary

Place = tuple[int, int]

_PIECES = 4
"""Pieces of an explanation, before those that stand together are joined."""

_SHARE = 0.3
"""A piece weighs at least this share of the heaviest."""

_APART = 4
"""Characters between two pieces that are told as one."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`private` is the probability that the text belongs to a private topic, `topic` the likeliest.

    `raised`: surely enough to say so; `doubt`: too likely for an automatic answer. `places` are
    those of the normal text that weighed most, told only where it is raised.
    """

    topic: str
    private: float
    raised: bool
    doubt: bool
    places: tuple[Place, ...] = ()


class Classifier:
    """Reads its file when first asked. Knows the same text the same way on every machine."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        self._path = path

    def warm(self) -> None:
        """Raises OSError or ValueError for a file that is none."""
        self.judge(" ", None)

    def judge(self, text: str, language: str | None, *, other: bool = False) -> Verdict:
        """`text` is in normal form, `language` an ISO 639-1 code or None where it is not known.

        `other`: words show a topic that is not private, so it must be surer to raise one.
        """
        learned = self._learned
        chances = self._chances(buckets(text))
        private = 1.0 - chances[learned.classes.index(NONE)]
        topic = _likeliest(learned.classes, chances)
        line = learned.line(language)
        raised = private >= (line.surely if other else line.raised)
        return Verdict(
            topic=topic,
            private=private,
            raised=raised,
            doubt=private >= line.doubt,
            places=self._places(text, topic) if raised else (),
        )

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

    def _chances(self, found: NDArray[np.uint32]) -> list[float]:
        sums = np.ones(len(found), np.float32) @ self._weights(found)
        scores = sums * self._learned.scale / size(len(found)) + self._learned.bias
        powers = [math.exp(score) for score in scores.tolist()]
        total = sum(powers)
        return [power / total for power in powers]

    def _places(self, text: str, topic: str) -> tuple[Place, ...]:
        found = grams(text)
        weights, scale = self._weights(found.buckets), self._learned.scale
        names = self._learned.classes
        it, none = names.index(topic), names.index(NONE)
        gain = weights[:, it] * scale[it] - weights[:, none] * scale[none]
        heat = _heat(len(text), found.starts, found.ends, gain).tolist()
        pieces = [(sum(heat[start:end]), start, end) for start, end in _pieces(text, heat)]
        heaviest = sorted(pieces, key=lambda piece: -piece[0])[:_PIECES]
        least = _SHARE * heaviest[0][0] if heaviest else 0.0
        return _joined(sorted((a, b) for weight, a, b in heaviest if weight >= max(least, 0.0)))


def _likeliest(classes: tuple[str, ...], chances: list[float]) -> str:
    return max(
        (chance, name) for name, chance in zip(classes, chances, strict=True) if name != NONE
    )[1]


def _heat(
    length: int, starts: NDArray[np.intp], ends: NDArray[np.intp], gain: NDArray[np.float32]
) -> NDArray[np.float64]:
    """How much each character weighs: an n-gram's weight is shared by its characters."""
    part = gain / np.maximum(ends - starts, 1)
    begun = np.bincount(np.maximum(starts, 0), part, length + 1)
    over = np.bincount(np.minimum(ends, length), part, length + 1)
    return np.cumsum(begun[: length + 1] - over[: length + 1])[:length]


def _pieces(text: str, heat: Sequence[float]) -> Iterator[Place]:
    """Words; in scripts without spaces, runs of characters that speak for the topic."""
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
