"""Multinomial logistic regression over hashed n-grams, the same to the last bit on every run.

Sums run in one fixed order and in double precision: products with sparse matrices are plain loops,
and no threaded library has a part in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from router.model.features import BUCKETS, lengths
from router.model.parts import averaged, pairs

Array = NDArray[np.float64]
Rows = Sequence[NDArray[np.uint32]]

PENALTY = 2e-5
"""Of the square of the weights; strong, since wordings that were never seen are to be judged."""

LEAST_ROWS = 3
"""An n-gram that fewer texts have says nothing."""

_STEPS = 80
_MEMORY = 8
_HALVINGS = 10
_STILL = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """`table` has a row for each bucket and a column for each class."""

    table: Array
    bias: Array

    def probabilities(self, texts: Sequence[Rows], none: int) -> Array:
        """Of texts by their parts: one row for each text, one column for each class, of which
        `none` is the one that is not private."""
        whole = self._scores([np.concatenate(parts) for parts in texts])
        rows = self._scores([pair for parts in texts for pair in _neighbours(parts)])
        counts = np.array([len(parts) for parts in texts])
        return softmax(averaged(whole, rows, pairs(counts), none))

    def _scores(self, rows: Rows) -> Array:
        sums = np.array([self.table[row].sum(axis=0) for row in rows])
        divided: Array = sums / lengths(np.array([*map(len, rows)]))[:, None]
        return divided + self.bias


def _neighbours(parts: Rows) -> Rows:
    if len(parts) == 1:
        return parts
    return [np.concatenate(pair) for pair in pairwise(parts)]


def fit(rows: Rows, classes: NDArray[np.intp], shares: Array, count: int) -> Weights:
    """Learn `count` classes; `rows` are buckets of each text, `shares` how much each counts."""
    active, rarity = _rarity(rows)
    design = _design(rows, active, rarity)
    turned = design.T.tocsr()
    wanted = np.zeros((len(rows), count))
    wanted[np.arange(len(rows)), classes] = 1.0
    weight = (shares / shares.sum())[:, None]

    def slope(point: Array) -> tuple[float, Array]:
        chances = softmax(design @ point[:-1] + point[-1])
        right = np.log((chances * wanted).sum(axis=1, keepdims=True))
        loss = -(weight * right).sum() + 0.5 * PENALTY * _dot(point[:-1], point[:-1])
        errors = (chances - wanted) * weight
        back = turned @ errors + PENALTY * point[:-1]
        return float(loss), np.concatenate([back, errors.sum(axis=0)[None, :]])

    point = _least(slope, np.zeros((len(active) + 1, count)))
    table = np.zeros((BUCKETS, count))
    table[active] = point[:-1] * rarity[:, None]
    return Weights(table, point[-1])


def softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _rarity(rows: Rows) -> tuple[NDArray[np.intp], Array]:
    """Buckets that enough texts have, and the logarithm of how rare each is."""
    having = np.zeros(BUCKETS, dtype=np.intp)
    for row in rows:
        having[np.unique(row)] += 1
    active = np.flatnonzero(having >= LEAST_ROWS)
    return active, np.log((len(rows) + 1) / (having[active] + 1))


def _design(rows: Rows, active: NDArray[np.intp], rarity: Array) -> Any:
    """A sparse matrix: texts by n-grams that are left."""
    counted = [np.unique(row, return_counts=True) for row in rows]
    row = np.repeat(np.arange(len(rows)), [len(buckets) for buckets, _ in counted])
    bucket = np.concatenate([buckets for buckets, _ in counted])
    sizes = lengths(np.array([*map(len, rows)]))
    often = np.concatenate([counts for _, counts in counted]) / sizes[row]
    column = np.minimum(np.searchsorted(active, bucket), len(active) - 1)
    kept = active[column] == bucket
    row, column, value = row[kept], column[kept], (often * rarity[column])[kept]
    ends = np.searchsorted(row, np.arange(len(rows) + 1))
    shape = len(rows), len(active)
    return csr_array((value, column.astype(np.int32), ends.astype(np.int32)), shape=shape)


def _least(slope: Callable[[Array], tuple[float, Array]], point: Array) -> Array:
    """The lowest point by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5)."""
    height, down = slope(point)
    moves: list[tuple[Array, Array]] = []
    for _ in range(_STEPS):
        way = _direction(down, moves)
        fall = _dot(down, way)
        pace = 1.0
        for _ in range(_HALVINGS):
            reached = point - pace * way
            lower, turned = slope(reached)
            if lower < height - 1e-4 * pace * fall:
                break
            pace /= 2
        moves = [*moves, (reached - point, turned - down)][-_MEMORY:]
        still = abs(height - lower) < _STILL * abs(height)
        point, height, down = reached, lower, turned
        if still:
            break
    return point


def _direction(down: Array, moves: Sequence[tuple[Array, Array]]) -> Array:
    way: Array = down.copy()
    if not moves:
        return way / math.sqrt(_dot(down, down))
    curves = [_dot(move, change) for move, change in moves]
    parts = []
    for (move, change), curve in zip(reversed(moves), reversed(curves), strict=True):
        part = _dot(move, way) / curve
        way -= part * change
        parts.append(part)
    way *= curves[-1] / _dot(moves[-1][1], moves[-1][1])
    for (move, change), curve, part in zip(moves, curves, reversed(parts), strict=True):
        way += move * (part - _dot(change, way) / curve)
    return way


def _dot(one: Array, other: Array) -> float:
    """Of all numbers in their order: a threaded library would add them up in another one."""
    return float(np.einsum("ij,ij->", one, other))
