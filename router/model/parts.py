"""A long text is judged by its parts, too: one private sentence must not drown among praise.

The scores of the whole and those of its most private neighbours, two sentences that follow each
other, are averaged. Neighbours alone would raise what a third sentence explains away, and one
sentence what its neighbour does; in the whole alone every sentence that says nothing weighs against
the ones that say all.
"""

from __future__ import annotations

import re
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from router.model.features import MOST

LEAST = 20
"""Characters of a part. What is shorter says too little alone and goes with what follows it."""

_END = re.compile(r"[.;!?。](?:(?<=[!?。])[!?。]*|(?= ))")

_Scores = TypeVar("_Scores", NDArray[np.float32], NDArray[np.float64])
_Sums = TypeVar("_Sums", NDArray[np.float32], NDArray[np.intp])


def parts(text: str) -> list[str]:
    """Sentences of what is looked at of a normalised text; one after the other they are it."""
    text = text[:MOST]
    if len(text) < 2 * LEAST:
        return [text]
    cuts = [0]
    for end in _END.finditer(text):
        if min(end.end() - cuts[-1], len(text) - end.end()) >= LEAST:
            cuts.append(end.end())
    return [text[begin:end] for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def neighbours(sums: _Sums, counts: NDArray[np.intp]) -> _Sums:
    """Sums over every two parts that follow each other, from those of each part.

    `sums` has the rows of the first text's `counts[0]` parts, then the next one's. A text of one
    part has that one.
    """
    lasts = counts.cumsum() - 1
    both = sums.copy()
    both[:-1] += sums[1:]
    both[lasts] = sums[lasts]
    kept = np.ones(len(sums), bool)
    kept[lasts[counts > 1]] = False
    return both[kept]


def pairs(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many neighbours texts of so many parts have."""
    return np.maximum(counts - 1, 1)


def averaged(whole: _Scores, rows: _Scores, counts: NDArray[np.intp], none: int) -> _Scores:
    """Scores of texts, each averaged with its most private row.

    `rows` has `counts[0]` of the first text's parts or neighbours, then the next one's; column
    `none` is the class that is not private.
    """
    private = np.exp(rows - rows[:, none, None]).sum(axis=1)
    owners = np.repeat(np.arange(len(counts)), counts)
    most = np.lexsort((private, owners))[counts.cumsum() - 1]
    scores: _Scores = (whole + rows[most]) / 2
    return scores
