"""Which language a text is in, among those that the team answers in."""

from __future__ import annotations

import lzma
import re
import shutil
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any

MOST = 240
"""Characters of a text that are looked at."""

SURE = 0.4
"""Least probability that py3langid must give; below, only a hint of the network decides."""

LETTERS = 10
"""Texts with fewer letters say too little about their language."""

OTHERS = frozenset({"cs", "de", "es", "fr", "hu", "id", "it", "nl", "pl", "pt", "sv", "vi"})
"""Told apart too, so that a text in one of them is not taken for the nearest of ours."""

_BLOCK = 1_000
"""Rows of 256 moves that are gone through at once."""

_OTHER = "other"

_CLEAR = {
    "ja": re.compile(r"[\u3040-\u30ff\uff66-\uff9f]"),
    "ko": re.compile(r"[\uac00-\ud7af\u1100-\u11ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "zh": re.compile(r"[\u3400-\u9fff]"),
}
"""Letters that give a language away. Kana comes before the signs that Chinese has as well."""

_NOT_LATIN = re.compile(r"[\u0370-\u1dff\u2e80-\uffff]")
"""Letters of another script; without any there is nothing to count."""

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_NOT_RUSSIAN = re.compile(r"[іїєґўћђљњџјѓќѕә]", re.IGNORECASE)
_CYRILLIC_LANGUAGES = frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "uk"})
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#][\w.@\-]+|\d+")
_LETTER = re.compile(r"[^\W\d_]")


class LanguageDetector:
    """Names one of `languages` (ISO 639-1 codes) or None. The model is loaded when first asked."""

    def __init__(self, languages: Iterable[str]) -> None:
        self._languages = frozenset(languages)
        self._model: Any = None
        self._lock = Lock()

    def detect(self, text: str, hint: str | None = None) -> str | None:
        """`hint` is what the network says; it decides only where the text does not."""
        hinted = (hint or "").partition("-")[0].lower()
        bare = _NOISE.sub(" ", text[:MOST])
        letters = len(_LETTER.findall(bare))
        found = None if bare.isascii() else self._by_letters(bare, letters)
        if found is None and letters >= LETTERS:
            found = self._by_model(bare)
        if found is None and hinted in self._languages:
            return hinted
        return found if found in self._languages else None

    def warm(self) -> None:
        """Load the model where any language needs it."""
        self._loaded()

    def _by_letters(self, text: str, letters: int) -> str | None:
        """A code outside `languages` where the letters are surely of another language."""
        if not _NOT_LATIN.search(text):
            return None
        for code, pattern in _CLEAR.items():
            count = len(pattern.findall(text))
            if count and 2 * count >= (letters if code != "ja" else letters // 4):
                return code
        if 2 * len(_CYRILLIC.findall(text)) < letters or not letters:
            return None
        ours = self._languages & _CYRILLIC_LANGUAGES
        if ours == {"ru"}:
            return _OTHER if _NOT_RUSSIAN.search(text) else "ru"
        return None if ours else _OTHER

    def _by_model(self, text: str) -> str | None:
        language, sure = self._loaded().classify(text)
        return str(language) if sure >= SURE else None

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = lean_model(self._languages | OTHERS)
        return self._model


@cache
def lean_model(languages: frozenset[str]) -> Any:
    """py3langid's identifier cut down to some languages and the letters they write with.

    Its automaton over the bytes of a text takes 40 MB for all languages of the world, and loading
    it 130 more; what Latin (and, where more than one such language is asked for, Cyrillic) letters
    can reach takes a quarter. Big arrays are read one at a time and gone through in blocks, so that
    their memory goes back to the system.
    """
    import numpy as np
    from py3langid import langid

    with _unpacked(langid.MODEL_DIR / langid.MODEL_FILE) as file, np.load(file) as model:
        classes = model["classes"].tolist()
        columns = np.flatnonzero(np.isin(classes, list(languages)))
        matrix = model["nextmove"].reshape(-1, 256)
        moves, rows, states = _reduced(np, matrix, model["nextmove_row"], _alphabet(languages))
        del matrix
        features = model["out_feat"][states]
        used, numbers = np.unique(features[features >= 0], return_inverse=True)
        features[features >= 0] = numbers
        table = model["ptc"][np.ix_(used, columns)]
        priors = model["pc"][columns]
    identifier: Any = langid.LanguageIdentifier
    return identifier(
        table,
        priors,
        [classes[at] for at in columns],
        memoryview(moves.reshape(-1)),
        array("i", features.astype(np.int32).tobytes()),
        norm_probs=True,
        tk_row=array("I", rows.astype(np.uint32).tobytes()),
    )


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The model's arrays (npz within LZMA) as a file that is gone afterwards."""
    with TemporaryFile() as file, lzma.open(path) as packed:
        shutil.copyfileobj(packed, file, length=1 << 20)
        file.seek(0)
        yield file


def _reduced(np: Any, matrix: Any, row_of: Any, alphabet: list[int]) -> tuple[Any, Any, Any]:
    """The automaton that is left: its rows of moves, the row of each state, the old states."""
    states = _reachable(np, matrix, row_of, alphabet)
    renumbered = np.zeros(len(row_of), dtype=np.uint32)
    renumbered[states] = np.arange(len(states), dtype=np.uint32)
    kept, rows = np.unique(row_of[states], return_inverse=True)
    moves = np.zeros((len(kept), 256), dtype=np.uint16 if len(states) < 1 << 16 else np.uint32)
    for start in range(0, len(kept), _BLOCK):
        block = slice(start, start + _BLOCK)
        moves[block, alphabet] = renumbered[matrix[kept[block]][:, alphabet]]
    return moves, rows, states


def _reachable(np: Any, matrix: Any, row_of: Any, alphabet: list[int]) -> Any:
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
    leads = [0xC3, 0xC4, 0xC5, 0xC8]
    if len(languages & _CYRILLIC_LANGUAGES) > 1:
        leads += [0xD0, 0xD1, 0xD2, 0xD3]
    letters = [*b" '-,.?!", *range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)]
    return [*letters, *range(0x80, 0xC0), *leads]
