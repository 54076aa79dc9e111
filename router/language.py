"""Which language a text is in, among those that the team answers in."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from threading import Lock
from typing import Any

MOST = 1_000
"""Characters of a text that are looked at."""

SURE = 0.5
"""Least probability that py3langid must give; below, only a hint of the network decides."""

LETTERS = 10
"""Texts with fewer letters say too little about their language."""

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
                self._model = lean_model(self._languages)
        return self._model


def lean_model(languages: Iterable[str]) -> Any:
    """py3langid's identifier cut down to some languages and the letters they write with.

    Its automaton over the bytes of a text takes 40 MB for all languages of the world; what Latin
    (and, where more than one of them is asked for, Cyrillic) letters can reach takes a tenth.
    """
    import numpy as np
    from py3langid import langid, modelio

    load: Any = modelio.load_model
    identifier: Any = langid.LanguageIdentifier

    table, priors, classes, moves, rows, outputs = load(langid.MODEL_DIR / langid.MODEL_FILE)
    wanted = frozenset(languages)
    columns = [at for at, code in enumerate(classes) if code in wanted]
    matrix = np.frombuffer(moves, dtype=f"u{moves.itemsize}").reshape(-1, 256)
    row_of = np.frombuffer(rows, dtype=f"u{rows.itemsize}")
    alphabet = _alphabet(wanted)
    states = _reachable(np, matrix, row_of, alphabet)

    renumbered = np.zeros(len(row_of), dtype=np.uint32)
    renumbered[states] = np.arange(len(states), dtype=np.uint32)
    kept, row_index = np.unique(row_of[states], return_inverse=True)
    lean = np.zeros((len(kept), 256), dtype=np.uint32)
    lean[:, alphabet] = renumbered[matrix[kept][:, alphabet]]

    features = np.asarray(outputs, dtype=np.int32)[states]
    used, numbers = np.unique(features[features >= 0], return_inverse=True)
    features[features >= 0] = numbers
    small = len(states) < 1 << 16
    return identifier(
        np.asarray(table)[used][:, columns].astype(np.float32),
        np.asarray(priors)[columns],
        [classes[at] for at in columns],
        array("H" if small else "I", lean.astype(np.uint16 if small else np.uint32).tobytes()),
        array("i", features.tobytes()),
        norm_probs=True,
        tk_row=array("I", row_index.astype(np.uint32).tobytes()),
    )


def _alphabet(languages: frozenset[str]) -> list[int]:
    """Bytes of UTF-8 that these languages are told apart by: ASCII, Latin, maybe Cyrillic."""
    leads = [0xC3, 0xC4, 0xC5, 0xC8]
    if len(languages & _CYRILLIC_LANGUAGES) > 1:
        leads += [0xD0, 0xD1, 0xD2, 0xD3]
    letters = [*b" '-,.?!", *range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)]
    return [*letters, *range(0x80, 0xC0), *leads]


def _reachable(np: Any, matrix: Any, row_of: Any, alphabet: list[int]) -> Any:
    seen = np.zeros(len(row_of), dtype=bool)
    seen[0] = True
    border = np.array([0])
    while len(border):
        following = np.unique(matrix[np.unique(row_of[border])][:, alphabet])
        border = following[~seen[following]]
        seen[border] = True
    return np.flatnonzero(seen)
