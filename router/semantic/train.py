"""Learn the head from the corpus: `python -m router.semantic.train`, with the extra `semantic`.

Everything is learned from the project's own sentences. Matrix products differ in their last bits
from one machine to another, so the file is the same again on the same machine, and as good on
others; a digest in it tells which corpus and which code it is from.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.corpus import CLASSES, CORPUS, NONE, Sentence, read_corpus
from router.model.train import judge_unseen, read_parts
from router.model.weights import read as read_model
from router.semantic.encoder import MOST, Encoder, sentence_encoder
from router.semantic.head import (
    HEAD,
    LEAST,
    LEAST_LEANING,
    Example,
    Head,
    Vectors,
    in_bytes,
    softmax,
    write,
)

PENALTY = 3e-5
"""Of the square of the weights."""

EXAMPLES = 8
"""Sentences of a situation and language that are kept to be named."""

LEAST_RIGHT = 0.75
"""Of what it raises in a language, on situations that were not learned from, so many must be
right; half of our own other sentences mislead on purpose, so of real messages more are."""

_FOLDS = 5
_STEPS = 400
_BATCH = 256
_SOURCES = ("head", "train")


@dataclass(frozen=True, slots=True)
class _Weights:
    table: NDArray[np.float32]
    bias: NDArray[np.float32]

    def private(self, vectors: Vectors) -> NDArray[np.float32]:
        """The probability of each that it is private."""
        chances = softmax(vectors @ self.table + self.bias)
        return np.float32(1.0) - chances[:, CLASSES.index(NONE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a language gains on situations not learned from: of `asked`, `raised`, `right`."""

    asked: int
    raised: int
    right: int

    def __str__(self) -> str:
        return f"asked about {self.asked}, raised {self.raised}, of them {self.right} rightly"

    @property
    def helps(self) -> bool:
        return self.raised > 0 and self.right / self.raised >= LEAST_RIGHT


def train(sentences: Sequence[Sentence], vectors: Vectors, gains: dict[str, Gain]) -> Head:
    weights = _fit(sentences, vectors)
    kept = _examples(sentences, vectors)
    return Head(
        weights=weights.table,
        bias=weights.bias,
        classes=CLASSES,
        languages=frozenset(language for language, gain in gains.items() if gain.helps),
        examples=tuple(
            Example(language=one.language, topic=one.situation.topic, text=one.text)
            for one in (sentences[row] for row in kept)
        ),
        vectors=in_bytes(vectors[kept]),
        made_from=digest(),
    )


def encoded(encoder: Encoder, sentences: Sequence[Sentence]) -> Vectors:
    """In batches of like length, which is faster."""
    order = sorted(range(len(sentences)), key=lambda row: len(sentences[row].text))
    made: dict[int, Vectors] = {}
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        batch = encoder.encode([sentences[row].text[:MOST] for row in rows])
        made.update(zip(rows, batch, strict=True))
    return np.stack([made[row] for row in range(len(sentences))])


def gains(sentences: Sequence[Sentence], vectors: Vectors) -> dict[str, Gain]:
    """What both say of situations that neither has learned from, by language."""
    texts = read_parts(sentences)
    leaning = [one.private for one in judge_unseen(sentences, texts, _part)]
    private = _unseen(sentences, vectors)
    lines = read_model()
    counted: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for one, own, chance in zip(sentences, leaning, private, strict=True):
        if LEAST_LEANING <= own < lines.line(one.language).raised:
            raised = bool(chance >= LEAST)
            counted[one.language].append((raised, one.situation.verdict != NONE))
    return {
        language: Gain(
            asked=len(told),
            raised=sum(raised for raised, _ in told),
            right=sum(raised and right for raised, right in told),
        )
        for language, told in counted.items()
    }


def _unseen(sentences: Sequence[Sentence], vectors: Vectors) -> NDArray[np.float32]:
    parts = np.array([_part(one) for one in sentences])
    private = np.zeros(len(sentences), np.float32)
    for which in range(_FOLDS):
        known = np.flatnonzero(parts != which)
        weights = _fit([sentences[int(row)] for row in known], vectors[known])
        private[parts == which] = weights.private(vectors[parts == which])
    return private


def _part(sentence: Sentence) -> int:
    """A situation is in one part with all its languages: nothing of it was learned in another."""
    return hashlib.sha256(sentence.situation.name.encode()).digest()[0] % _FOLDS


def _fit(sentences: Sequence[Sentence], vectors: Vectors) -> _Weights:
    """Multinomial logistic regression by Nesterov's accelerated gradient."""
    wanted = np.eye(len(CLASSES), dtype=np.float32)[
        [CLASSES.index(one.situation.verdict) for one in sentences]
    ]
    rows = np.concatenate([vectors, np.ones((len(vectors), 1), np.float32)], axis=1)
    shares = _shares(sentences)
    penalty = np.full((rows.shape[1], 1), PENALTY, np.float32)
    penalty[-1] = 0.0
    pace = 1.0 / (0.5 * np.linalg.eigvalsh((rows * shares).T @ rows).max() + PENALTY)
    point = ahead = np.zeros((rows.shape[1], len(CLASSES)), np.float32)
    for step in range(_STEPS):
        slope = rows.T @ ((softmax(rows @ ahead) - wanted) * shares) + penalty * ahead
        reached = (ahead - np.float32(pace) * slope).astype(np.float32)
        ahead = reached + np.float32(step / (step + 3)) * (reached - point)
        point = reached
    return _Weights(point[:-1], point[-1])


def _shares(sentences: Sequence[Sentence]) -> NDArray[np.float32]:
    """Situations with many sentences must not drown the others."""
    count = Counter((one.language, one.situation.name) for one in sentences)
    shares = np.array([count[one.language, one.situation.name] ** -0.5 for one in sentences])
    column: NDArray[np.float32] = (shares / shares.sum()).astype(np.float32)[:, None]
    return column


def _examples(sentences: Sequence[Sentence], vectors: Vectors) -> list[int]:
    """Of each private situation and language those nearest to their middle."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, one in enumerate(sentences):
        if one.situation.verdict != NONE:
            groups[one.language, one.situation.name].append(row)
    kept: list[int] = []
    for rows in groups.values():
        alike = vectors[rows] @ vectors[rows].mean(axis=0)
        kept += [rows[at] for at in np.argsort(-alike)[:EXAMPLES]]
    return sorted(kept)


def digest(folder: Path = CORPUS) -> str:
    """Of all that the head depends on."""
    sources = [Path(__file__).with_name(f"{name}.py") for name in _SOURCES]
    total = hashlib.sha256()
    for file in (*sorted(folder.glob("*.tsv")), *sources):
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def main() -> int:
    argparse.ArgumentParser(
        description="Learn the second look's head from the corpus. It takes half an hour."
    ).parse_args()
    sentences = read_corpus()
    vectors = encoded(sentence_encoder(), sentences)
    gained = gains(sentences, vectors)
    for language, gain in sorted(gained.items()):
        sys.stdout.write(f"{language}  {gain}{'' if gain.helps else '; left out'}\n")
    write(train(sentences, vectors, gained), HEAD)
    return 0


if __name__ == "__main__":
    sys.exit(main())
