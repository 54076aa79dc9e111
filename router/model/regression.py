"""Multinomial logistic regression over hashed n-grams, the same to the last bit on every run.

Sums run in one fixed order and in double precision, and no threaded library has a part in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from router.model.features import BUCKETS, size
from router.model.parts import averaged

Array = NDArray[np.float64]
Rows = Sequence[NDArray[np.uint32]]

PENALTY = 1e-5
"""Of the square of the weights; strong, since wordings that were never seen are to be judged."""

LEAST_ROWS = 2
"""An n-gram that fewer texts have says nothing."""

_STEPS = 60
_MEMORY = 8
_HALVINGS = 10
_STILL = 1e-5


@dataclass(frozen=True, slots=True)
class Weights:
    """`table` has a row for each bucket and a column for each class."""

    table: Array
    bias: Array

    def probabilities(self, texts: Sequence[Rows], none: int) -> Array:
        """Of texts by their parts: one row for each text, one column for each class, of which
        `none` is the one that is not private."""
        whole = self._scores([np.concatenate(parts) for parts in texts])
        alone = self._scores([part for parts in texts for part in parts])
        counts = np.array([len(parts) for parts in texts])
        return softmax(averaged(whole, alone, counts, none))

    def _scores(self, rows: Rows) -> Array:
        scores = [self.table[row].sum(axis=0) / size(len(row)) for row in rows]
        return np.array(scores) + self.bias


@dataclass(frozen=True, slots=True)
class _Design:
    """A sparse matrix both by rows (texts) and by columns (n-grams that are left)."""

    columns: NDArray[np.intp]
    values: Array
    row_starts: NDArray[np.intp]
    rows_by_column: NDArray[np.intp]
    values_by_column: Array
    column_starts: NDArray[np.intp]
    empty: NDArray[np.bool_]

    def times(self, weights: Array) -> Array:
        """Scores: texts by classes. `weights` has classes by columns."""
        return np.stack([self._row_sums(one[self.columns] * self.values) for one in weights], 1)

    def _row_sums(self, products: Array) -> Array:
        sums: Array = np.add.reduceat(products, self.row_starts)
        sums[self.empty] = 0.0
        return sums

    def back(self, errors: Array) -> Array:
        """Classes by columns of the sums of what each text errs by."""
        return np.stack(
            [
                np.add.reduceat(
                    one[self.rows_by_column] * self.values_by_column, self.column_starts
                )
                for one in np.ascontiguousarray(errors.T)
            ]
        )


def fit(rows: Rows, classes: NDArray[np.intp], shares: Array, count: int) -> Weights:
    """Learn `count` classes; `rows` are buckets of each text, `shares` how much each counts."""
    active, rarity = _rarity(rows)
    design = _design(rows, active, rarity)
    wanted = np.zeros((len(rows), count))
    wanted[np.arange(len(rows)), classes] = 1.0
    weight = (shares / shares.sum())[:, None]

    def slope(point: Array) -> tuple[float, Array]:
        scores = design.times(point[:, :-1]) + point[:, -1]
        chances = softmax(scores)
        right = np.log((chances * wanted).sum(axis=1, keepdims=True))
        loss = -(weight * right).sum() + 0.5 * PENALTY * (point[:, :-1] ** 2).sum()
        errors = (chances - wanted) * weight
        back = design.back(errors) + PENALTY * point[:, :-1]
        return float(loss), np.concatenate([back, errors.sum(axis=0)[:, None]], axis=1)

    point = _least(slope, np.zeros((count, len(active) + 1)))
    table = np.zeros((BUCKETS, count))
    table[active] = (point[:, :-1] * rarity).T
    return Weights(table, point[:, -1])


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


def _design(rows: Rows, active: NDArray[np.intp], rarity: Array) -> _Design:
    counted = [np.unique(row, return_counts=True) for row in rows]
    row = np.repeat(np.arange(len(rows)), [len(buckets) for buckets, _ in counted])
    bucket = np.concatenate([buckets for buckets, _ in counted])
    sizes = np.array([size(len(one)) for one in rows])
    often = np.concatenate([counts for _, counts in counted]) / sizes[row]
    column = np.minimum(np.searchsorted(active, bucket), len(active) - 1)
    kept = active[column] == bucket
    row, column, value = row[kept], column[kept], (often * rarity[column])[kept]
    order = np.argsort(column, kind="stable")
    starts = np.searchsorted(row, np.arange(len(rows)))
    return _Design(
        columns=column,
        values=value,
        row_starts=np.minimum(starts, len(column) - 1),
        rows_by_column=row[order],
        values_by_column=value[order],
        column_starts=np.searchsorted(column[order], np.arange(len(active))),
        empty=np.diff(np.append(starts, len(column))) == 0,
    )


def _least(slope: Callable[[Array], tuple[float, Array]], point: Array) -> Array:
    """The lowest point by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5)."""
    height, down = slope(point)
    moves: list[tuple[Array, Array]] = []
    for _ in range(_STEPS):
        way = _direction(down, moves)
        fall = float((down * way).sum())
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
        return way / float(np.sqrt((down * down).sum()))
    parts = []
    for move, change in reversed(moves):
        part = (move * way).sum() / (move * change).sum()
        way -= part * change
        parts.append(part)
    move, change = moves[-1]
    way *= (move * change).sum() / (change * change).sum()
    for (move, change), part in zip(moves, reversed(parts), strict=True):
        way += move * (part - (change * way).sum() / (move * change).sum())
    return way
