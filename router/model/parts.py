"""A long text is judged by its parts, too: one private sentence must not drown among praise.

The scores of the whole and those of its most private part are averaged. The part alone would raise
what its neighbour explains away; in the whole alone every sentence that says nothing weighs against
the one that says all.
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


def averaged(whole: _Scores, alone: _Scores, counts: NDArray[np.intp], none: int) -> _Scores:
    """Scores of texts, each averaged with those of its most private part.

    `alone` has the rows of the first text's `counts[0]` parts, then the next one's; column `none`
    is the class that is not private.
    """
    private = np.exp(alone - alone[:, none, None]).sum(axis=1)
    owners = np.repeat(np.arange(len(counts)), counts)
    most = np.lexsort((private, owners))[counts.cumsum() - 1]
    scores: _Scores = (whole + alone[most]) / 2
    return scores
