"""py3langid's model cut down to the letters that languages here are told apart by.

Its automaton over the bytes of a text takes 40 MB for all languages of the world, and loading it
130 more and half a second; what Latin (and, where more than one such language is asked for,
Cyrillic) letters can reach takes a fifth, is kept, and mapped from there.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from router.kept import digest, kept
from router.language import CYRILLIC

_BLOCK = 1_000
"""Rows of 256 moves that are gone through at once."""

_BITS = 20
"""Of the number of an n-gram."""

_MANY = 8
"""Texts from which on one step of all at once costs less than a step of each."""

_ALIGNED = 16
_HEAD = 1_000
"""Bytes that the description of the arrays has, at most."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A naive Bayes model over the byte n-grams that an automaton meets.

    `kinds` numbers the bytes that matter. `moves` has rows with the next state for each kind of
    byte; `rows` tells where a state's row begins and `grams` which n-gram is met there, 0 for none.
    `table` has a row for each n-gram and a column for each of `languages`.
    """

    languages: tuple[str, ...]
    kinds: bytes
    moves: Array
    rows: Array
    grams: Array
    table: Array
    priors: Array

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """The likeliest language of each and its probability, as py3langid's `classify` tells."""
        if not texts:
            return []
        contents = [_content(text) for text in texts]
        scores = self._scores(contents)
        scores /= np.sqrt([[len(content) or 1] for content in contents])
        likeliest = scores.argmax(axis=1).tolist()
        sure = 1 / np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1)
        return [(self.languages[at], one) for at, one in zip(likeliest, sure.tolist(), strict=True)]

    def _scores(self, contents: Sequence[bytes]) -> Array:
        """Of each text (row) and language, before they are divided by the text's length."""
        which, often, starts = _counted(self.grams.take(self._states(contents)))
        often[which == 0] = 0
        weighed = np.log1p(often)[:, None] * self.table.take(which, axis=0)
        return np.add.reduceat(weighed, starts) + self.priors

    def _states(self, contents: Sequence[bytes]) -> Array:
        """Those that each text (column) leads to, byte by byte (row), and back to the first, where
        no n-gram is met."""
        kinds = [content.translate(self.kinds) for content in contents]
        longest = max(map(len, kinds)) + 1
        if len(kinds) < _MANY:
            return np.array([self._path(one.ljust(longest, b"\0")) for one in kinds]).T
        joined = b"".join(one.ljust(longest, b"\0") for one in kinds)
        steps = np.frombuffer(joined, np.uint8).reshape(len(kinds), longest).T
        states = np.empty(steps.shape, self.moves.dtype)
        state = self.moves[np.zeros(len(kinds), np.intp)]
        for at, step in enumerate(np.ascontiguousarray(steps)):
            state = states[at] = self.moves.take(self.rows.take(state) + step)
        return states

    def _path(self, kinds: bytes) -> list[int]:
        """The same of one text, for which arithmetic over arrays costs more than it saves."""
        moves, rows = self.moves.data, self.rows.data
        state = moves[0]
        return [state := moves[rows[state] + kind] for kind in kinds]


def _counted(met: Array) -> tuple[Array, Array, Array]:
    """The different n-grams of each text (column), how often it has them, and where its own
    begin. Each has none (0) first."""
    texts = np.arange(met.shape[1]) << _BITS
    keys = np.concatenate([texts, (texts + met)[met != 0]])
    keys, often = np.unique(keys, return_counts=True)
    return keys & ((1 << _BITS) - 1), often, keys.searchsorted(texts)


def _content(text: str) -> bytes:
    written = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
    return written.encode("utf-8", "surrogatepass")


def identifier(languages: frozenset[str]) -> Identifier:
    """Of those among `languages` that py3langid knows."""
    source = Path(__file__).with_name("-".join(["identifier", *sorted(languages)]))
    package = find_spec("py3langid")  # where its version is told; to ask for that takes megabytes
    key = digest(files=[Path(__file__), Path(f"{package and package.origin}")])
    return _loaded(kept(source, key, lambda: _reduced(languages)))


def _reduced(languages: frozenset[str]) -> bytes:
    """Arrays one after the other. The big ones of the model are read one at a time and gone
    through in blocks, so that their memory goes back to the system."""
    from py3langid import langid

    with _unpacked(langid.MODEL_DIR / langid.MODEL_FILE) as file, np.load(file) as model:
        classes = model["classes"]
        columns = np.flatnonzero(np.isin(classes, list(languages)))
        matrix = model["nextmove"].reshape(-1, 256)
        alphabet, row_of = _alphabet(languages), model["nextmove_row"]
        reached = _reachable(matrix, row_of, alphabet)
        features = model["out_feat"][reached]
        used, numbers = np.unique(features[features >= 0], return_inverse=True)
        rows, row_numbers = np.unique(row_of[reached], return_inverse=True)
        keys = row_numbers << _BITS
        keys[features >= 0] += numbers + 1
        different, alike = np.unique(keys, return_inverse=True)
        states = np.zeros(len(row_of), np.min_scalar_type(len(different)))
        states[reached] = alike
        kinds = np.zeros(256, np.uint8)
        kinds[alphabet] = np.arange(1, len(alphabet) + 1)
        parts = {
            "classes": classes[columns],
            "kinds": kinds,
            "moves": _moves(matrix, rows, alphabet, states),
            "rows": ((different >> _BITS) * (len(alphabet) + 1)).astype(np.uint32),
            "grams": (different & ((1 << _BITS) - 1)).astype(np.uint32),
            "table": model["ptc"][np.ix_(np.append(0, used), columns)],
            "priors": model["pc"][columns],
        }
    return _laid_out(parts)


def _laid_out(parts: Mapping[str, Array]) -> bytes:
    about = [(name, part.dtype.str, part.shape) for name, part in parts.items()]
    head = json.dumps(about).encode() + b"\n"
    padded = [head, *(part.tobytes() for part in parts.values())]
    return b"".join(part + bytes(-len(part) % _ALIGNED) for part in padded)


def _arrays(content: memoryview) -> Iterator[tuple[str, Array]]:
    head = bytes(content[:_HEAD]).partition(b"\n")[0]
    at = len(head) + 1
    for name, kind, shape in json.loads(head):
        at += -at % _ALIGNED
        part: Array = np.frombuffer(content, kind, math.prod(shape), at).reshape(shape)
        at += part.nbytes
        yield name, part


def _loaded(content: memoryview) -> Identifier:
    """Of the big ones only what is looked at is read."""
    parts = dict(_arrays(content))
    return Identifier(
        languages=tuple(parts["classes"].tolist()),
        kinds=parts["kinds"].tobytes(),
        moves=parts["moves"].reshape(-1),
        rows=parts["rows"],
        grams=parts["grams"],
        table=parts["table"],
        priors=parts["priors"],
    )


def _moves(matrix: Array, rows: Array, alphabet: list[int], states: Array) -> Array:
    """By row and kind of byte. What is not in the alphabet leads to the first state."""
    moves = np.full((len(rows), len(alphabet) + 1), states[0])
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        moves[block, 1:] = states[matrix[rows[block]][:, alphabet]]
    return moves


def _reachable(matrix: Array, row_of: Array, alphabet: list[int]) -> Array:
    """States that texts in this alphabet come to, from state 0 on."""
    seen = np.zeros(len(row_of), dtype=bool)
    seen[0] = True
    border = np.array([0])
    while len(border):
        rows = np.unique(row_of[border])
        before = seen.copy()
        for start in range(0, len(rows), _BLOCK):
            seen[matrix[rows[start : start + _BLOCK]][:, alphabet]] = True
        border = np.flatnonzero(seen & ~before)
    return np.flatnonzero(seen)


def _alphabet(languages: frozenset[str]) -> list[int]:
    """Bytes of UTF-8 that these languages are told apart by: ASCII, Latin, maybe Cyrillic."""
    cyrillic = len(languages & CYRILLIC) > 1
    leads = [0xC3, 0xC4, 0xC5, 0xC8, *([0xD0, 0xD1, 0xD2, 0xD3] if cyrillic else [])]
    letters = [*b" '-,.?!", *range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)]
    return [*letters, *range(0x80, 0xC0), *leads]


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The model's arrays (npz within LZMA) as a file that is gone afterwards."""
    import lzma
    import shutil
    from tempfile import TemporaryFile

    with TemporaryFile() as file, lzma.open(path) as packed:
        shutil.copyfileobj(packed, file, length=1 << 20)
        file.seek(0)
        yield file
