"""The file of what was learned over the encoder: a head, examples, and where it is worth asking."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from router.model.corpus import NONE

Vectors = NDArray[np.float32]
HEAD = Path(__file__).parent / "head.npz"

LEAST_LEANING = 0.3
"""The model's chance from which the encoder is asked: alone it is no better than the model."""

LEAST = 0.8
"""The encoder's chance from which the text is raised. Both lines were drawn on one half of the
labelled messages that docs/detection.md tells of; its figures are those of the rest."""

_LEVELS = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A private sentence of the corpus; `language` is an ISO 639-1 code, `topic` its topic."""

    language: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A logistic regression over vectors: `weights` has a row for each of their numbers and a
    column for each of `classes`.

    `vectors` are those of `examples` in whole numbers of one byte. `languages` are those in which
    it helped on situations that were not learned from; `made_from` is a digest.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    classes: tuple[str, ...]
    languages: frozenset[str]
    examples: tuple[Example, ...]
    vectors: NDArray[np.int8]
    made_from: str

    def judge(self, vector: Vectors) -> tuple[str, float]:
        """The likeliest private topic, and the probability that it is private at all."""
        chances = softmax(vector[None, :] @ self.weights + self.bias)[0]
        none = self.classes.index(NONE)
        private = [(float(c), name) for c, name in zip(chances, self.classes, strict=True)]
        return max(private[:none] + private[none + 1 :])[1], 1.0 - float(chances[none])

    def nearest(
        self, vector: Vectors, *, topic: str, language: str | None, most: int
    ) -> tuple[str, ...]:
        """The sentences of this topic that mean most alike, in the text's language if known."""
        rows = [
            row
            for row, example in enumerate(self.examples)
            if example.topic == topic and language in (None, example.language)
        ]
        alike = self.vectors[rows].astype(np.float32) @ vector
        return tuple(self.examples[rows[at]].text for at in np.argsort(-alike)[:most])


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def in_bytes(vectors: Vectors) -> NDArray[np.int8]:
    """Coarser, and as long as each other as before: angles are all that is asked of them."""
    levels: NDArray[np.int8] = np.round(vectors / np.abs(vectors).max() * _LEVELS).astype(np.int8)
    return levels


def write(head: Head, path: Path = HEAD) -> None:
    about = {
        "classes": head.classes,
        "languages": sorted(head.languages),
        "examples": [[one.language, one.topic, one.text] for one in head.examples],
        "made_from": head.made_from,
    }
    told = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(
        path, weights=head.weights, bias=head.bias, vectors=head.vectors, about=told
    )


def read(path: Path = HEAD) -> Head:
    """Raises OSError or ValueError for a file that is none."""
    with np.load(path, allow_pickle=False) as file:
        about = json.loads(file["about"].tobytes())
        return Head(
            weights=file["weights"],
            bias=file["bias"],
            classes=tuple(about["classes"]),
            languages=frozenset(about["languages"]),
            examples=tuple(
                Example(language=language, topic=topic, text=text)
                for language, topic, text in about["examples"]
            ),
            vectors=file["vectors"],
            made_from=about["made_from"],
        )
