"""The files of what was learned: whole numbers of one byte, and where each language draws lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights.json"
TABLE = ".npy"
"""Ending of the file beside it, which has the table."""

ANY = "*"
"""Stands for a language that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where one language draws its lines, and what that was worth on texts not learned from.

    A text whose probability of being private is at least `raised` gets a private topic, one in
    which words show another topic from `surely` on, a long one from `long` on; from `doubt` on no
    automatic answer may follow. The others are shares of the corpus' private, other, misleading and
    answerable texts.
    """

    raised: float
    surely: float
    long: float
    doubt: float
    recall: float = 0.0
    false_alarms: float = 0.0
    hard_false_alarms: float = 0.0
    doubted_private: float = 0.0
    doubted_questions: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """`table` is buckets by classes, to be multiplied with `scale`; `made_from` is a digest."""

    table: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    classes: tuple[str, ...]
    lines: Mapping[str, Line]
    made_from: str

    def line(self, language: str | None) -> Line:
        return self.lines.get(language or ANY) or self.lines[ANY]


def write(learned: Learned, path: Path) -> None:
    """The same learned writes the same bytes: what a person can read, and the table beside it."""
    about = {
        "classes": learned.classes,
        "scale": learned.scale.tolist(),
        "bias": learned.bias.tolist(),
        "lines": {name: asdict(line) for name, line in sorted(learned.lines.items())},
        "made_from": learned.made_from,
        "table": hashlib.sha256(learned.table.tobytes()).hexdigest(),
    }
    np.save(path.with_suffix(TABLE), learned.table)
    path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def read(path: Path = WEIGHTS) -> Learned:
    """Maps the table: it is the file's own pages, which processes share and the system may take
    back. Raises OSError or ValueError for files that are none."""
    about = json.loads(path.read_text(encoding="utf-8"))
    return Learned(
        table=np.asarray(np.load(path.with_suffix(TABLE), mmap_mode="r", allow_pickle=False)),
        scale=np.array(about["scale"], np.float32),
        bias=np.array(about["bias"], np.float32),
        classes=tuple(about["classes"]),
        lines={name: Line(**line) for name, line in about["lines"].items()},
        made_from=about["made_from"],
    )
