"""Which language a text is in, among those that the team answers in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.identifier import Identifier

MOST = 240
"""Characters of a text that are looked at."""

SURE = 0.4
"""Least probability that py3langid must give; below, only a hint of the network decides."""

LETTERS = 10
"""Texts with fewer letters say too little about their language."""

OTHERS = frozenset({"cs", "de", "es", "fr", "hu", "id", "it", "nl", "pl", "pt", "sv", "vi"})
"""Told apart too, so that a text in one of them is not taken for the nearest of ours."""

CYRILLIC = frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "uk"})
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
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#][\w.@\-]+|\d+")


class LanguageDetector:
    """Names one of `languages` (ISO 639-1 codes) or None. The model is loaded when first asked."""

    def __init__(self, languages: Iterable[str]) -> None:
        self._languages = frozenset(languages)

    def detect(self, text: str, hint: str | None = None) -> str | None:
        """See `detect_all`."""
        return self.detect_all([(text, hint)])[0]

    def detect_all(self, texts: Sequence[tuple[str, str | None]]) -> list[str | None]:
        """Of each text with its hint: what the network says, which decides only where the text
        does not. Many at once cost less each."""
        bare = [_NOISE.sub(" ", text[:MOST]) for text, _ in texts]
        found = [*map(self._by_letters, bare)]
        asked = [at for at, one in enumerate(found) if one is None and _says_enough(bare[at])]
        for at, one in zip(asked, self._by_model([bare[at] for at in asked]), strict=True):
            found[at] = one
        hints = (hint for _, hint in texts)
        return [self._known(*each) for each in zip(found, hints, strict=True)]

    def warm(self) -> None:
        """Load the model."""
        self._by_model([" "])

    def _known(self, found: str | None, hint: str | None) -> str | None:
        hinted = (hint or "").partition("-")[0].lower()
        if found is None and hinted in self._languages:
            return hinted
        return found if found in self._languages else None

    def _by_letters(self, text: str) -> str | None:
        """A code outside `languages` where the letters are surely of another language."""
        if text.isascii() or not _NOT_LATIN.search(text):
            return None
        letters = _count(text)
        for code, pattern in _CLEAR.items():
            count = len(pattern.findall(text))
            if count and 2 * count >= (letters if code != "ja" else letters // 4):
                return code
        if 2 * len(_CYRILLIC.findall(text)) < letters or not letters:
            return None
        ours = self._languages & CYRILLIC
        if ours == {"ru"}:
            return _OTHER if _NOT_RUSSIAN.search(text) else "ru"
        return None if ours else _OTHER

    def _by_model(self, texts: Sequence[str]) -> list[str | None]:
        found = self._model.classify(texts)
        return [language if sure >= SURE else None for language, sure in found]

    @cached_property
    def _model(self) -> Identifier:
        return _identifier(self._languages | OTHERS)


def _count(text: str) -> int:
    """How many letters it has."""
    return sum(map(str.isalpha, text))


def _says_enough(text: str) -> bool:
    """The beginning has letters enough in most texts."""
    return _count(text[: 2 * LETTERS]) >= LETTERS or _count(text) >= LETTERS


@cache
def _identifier(languages: frozenset[str]) -> Identifier:
    from router.identifier import identifier  # numpy: who only reads settings needs none

    return identifier(languages)
