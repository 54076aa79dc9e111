"""Learn the weights from the corpus: `python -m router.model.train`.

The file that comes out depends on the corpus and on these modules alone. `--check` learns anew and
compares, `--report` tells what situations that were never seen are worth.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from router import normal
from router.model.calibration import Judged, lines_for, unknown
from router.model.corpus import CLASSES, CORPUS, NONE, Sentence, read_corpus
from router.model.features import LONG, buckets
from router.model.parts import parts
from router.model.regression import Array, Rows, Weights, fit
from router.model.weights import ANY, WEIGHTS, Learned, Line, write

_FOLDS = 5
_SOURCES = ("calibration", "corpus", "features", "parts", "regression", "train", "weights")
_LEVELS = 127


def train(sentences: Sequence[Sentence], made_from: str) -> Learned:
    texts = read_parts(sentences)
    judged = judge_unseen(sentences, texts, _by_wording)
    lines = lines_for(judged)
    weights = _fit(sentences, texts)
    scale = np.abs(weights.table).max(axis=0) / _LEVELS
    return Learned(
        table=np.round(weights.table / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=weights.bias.astype(np.float32),
        classes=CLASSES,
        lines={**lines, ANY: unknown(lines.values())},
        made_from=made_from,
    )


def read_parts(sentences: Sequence[Sentence]) -> list[Rows]:
    """Buckets of the parts of each."""
    return [
        [buckets(part) for part in parts(normal.normalise(sentence.text).text)]
        for sentence in sentences
    ]


def judge_unseen(
    sentences: Sequence[Sentence], texts: Sequence[Rows], fold: Callable[[Sentence], int]
) -> list[Judged]:
    """Every sentence as weights judge it that were learned from the other folds, each of which has
    a process of its own."""
    folds = [fold(sentence) for sentence in sentences]
    sizes = [sum(map(len, parts)) for parts in texts]
    private = [0.0] * len(texts)
    with ProcessPoolExecutor() as processes:
        judged = processes.map(partial(_judge_fold, sentences, texts, folds), sorted(set(folds)))
        for at, chance in (one for some in judged for one in some):
            private[at] = chance
    return [
        Judged(sentence=sentence, private=chance, long=size >= LONG)
        for sentence, chance, size in zip(sentences, private, sizes, strict=True)
    ]


def _judge_fold(
    sentences: Sequence[Sentence], texts: Sequence[Rows], folds: Sequence[int], which: int
) -> list[tuple[int, float]]:
    """Numbers of the sentences of one fold, with the chance that each is private."""
    known = [at for at, one in enumerate(folds) if one != which]
    unseen = [at for at, one in enumerate(folds) if one == which]
    none = CLASSES.index(NONE)
    weights = _fit([sentences[at] for at in known], [texts[at] for at in known])
    chances = weights.probabilities([texts[at] for at in unseen], none)
    return [*zip(unseen, (1.0 - chances[:, none]).tolist(), strict=True)]


def _fit(sentences: Sequence[Sentence], texts: Sequence[Rows]) -> Weights:
    learned = [*examples(sentences, texts)]
    meant = [sentence for sentence, _ in learned]
    return fit([row for _, row in learned], _classes(meant), _shares(meant), len(CLASSES))


def examples(
    sentences: Sequence[Sentence], texts: Sequence[Rows]
) -> Iterator[tuple[Sentence, NDArray[np.uint32]]]:
    """Every text in whole, and the parts of those that are not private: none of them is. Which part
    of a private text makes it so nobody has said."""
    for sentence, those in zip(sentences, texts, strict=True):
        yield sentence, np.concatenate(those)
        if len(those) > 1 and sentence.situation.verdict == NONE:
            yield from ((sentence, part) for part in those)


def _classes(sentences: Sequence[Sentence]) -> NDArray[np.intp]:
    return np.array([CLASSES.index(sentence.situation.verdict) for sentence in sentences])


def _shares(sentences: Sequence[Sentence]) -> Array:
    """Languages and situations with many sentences must not drown the others."""
    by_language = Counter(one.language for one in sentences)
    by_both = Counter((one.language, one.situation.name) for one in sentences)
    products = [
        by_language[one.language] * by_both[one.language, one.situation.name] for one in sentences
    ]
    return np.array([product**-0.5 for product in products])


def _by_wording(sentence: Sentence) -> int:
    return hashlib.sha256(sentence.text.encode()).digest()[0] % _FOLDS


def _by_situation(sentence: Sentence) -> int:
    return hashlib.sha256(sentence.situation.name.encode()).digest()[0] % _FOLDS


def digest(folder: Path = CORPUS) -> str:
    """Of all that the weights depend on."""
    sources = [Path(__file__).with_name(f"{name}.py") for name in _SOURCES]
    files = [*sorted(folder.glob("*.tsv")), *sources, Path(normal.__file__)]
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description="Learn the model's weights from the corpus.")
    parser.add_argument("--check", action="store_true", help="compare with the file that is there")
    parser.add_argument("--report", action="store_true", help="judge situations never seen")
    asked = parser.parse_args()
    sentences = read_corpus()
    if asked.report:
        judged = judge_unseen(sentences, read_parts(sentences), _by_situation)
        _show(lines_for(judged))
        return 0
    learned = train(sentences, digest())
    _show(learned.lines)
    if not asked.check:
        write(learned, WEIGHTS)
        return 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / WEIGHTS.name
        write(learned, path)
        same = path.read_bytes() == WEIGHTS.read_bytes()
    sys.stdout.write("the files are what the corpus gives\n" if same else "the files are others\n")
    return 0 if same else 1


def _show(lines: Mapping[str, Line]) -> None:
    for name, line in lines.items():
        sys.stdout.write(f"{name}  {line}\n")


if __name__ == "__main__":
    sys.exit(main())
