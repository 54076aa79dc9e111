"""A text as it is searched: one case, no accents, cut into words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_VOICED = "\u3099\u309a"
"""Marks that make another letter of a Japanese one, not an accent."""

_DENSE = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
_WORD = re.compile(rf"[{_DENSE}]+|(?:(?![{_DENSE}])[^\W_])+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_SCRIPT = re.compile(
    r"[\u3041-\u309f]+|[\u30a0-\u30ff\uff66-\uff9f]+|[^\u3041-\u30ff\uff66-\uff9f]+"
)
_NO_QUESTION = re.compile(
    r"(?:https?://|www\.|\b(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,63}/)[!-~]*"
    rf"|(?<![\w@])@(?:(?!{_IS_DENSE.pattern})[\w.@-])+"
    r"|(?<![\w#])#[\w-]+"
)
"""Addresses, handles and hashtags."""

_HIRAGANA = re.compile(r"[\u3041-\u309f]+")


def normal(text: str) -> str:
    """Compatible forms, lower case, without accents; dotless i is an i."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ı", "i")
    split = unicodedata.normalize("NFD", folded)
    kept = "".join(c for c in split if unicodedata.category(c) != "Mn" or c in _VOICED)
    return unicodedata.normalize("NFC", kept)


def words(text: str) -> list[str]:
    """The words of a normal text, save for what asks nothing: addresses, handles and hashtags. A
    run of a script without spaces is one word.
    """
    return _WORD.findall(_NO_QUESTION.sub(" ", text))


def is_dense(word: str) -> bool:
    """Whether a word is of a script that puts no spaces between words."""
    return bool(_IS_DENSE.match(word))


def pieces(run: str) -> list[tuple[str, bool]]:
    """Pairs of letters of a dense run, within one script; whether they carry meaning.

    Hiragana is mostly grammar. A single letter stands for itself where it is no hiragana.
    """
    found = []
    for part in _SCRIPT.findall(run):
        meant = not _HIRAGANA.fullmatch(part)
        if len(part) == 1 and meant:
            found.append((part, True))
        found += [(part[at : at + 2], meant) for at in range(len(part) - 1)]
    return found


def chained(pieces: Sequence[str]) -> list[str]:
    """Pairs of letters joined to the longer words that they are cut from, in the order of the
    first of each; other words as they are.
    """
    left = [*pieces]
    found: list[str] = []
    while left:
        word = left.pop(0)
        while after := next((p for p in left if is_dense(p) and p[0] == word[-1]), None):
            left.remove(after)
            word += after[1:]
        while before := next((p for p in left if is_dense(word) and p[-1] == word[0]), None):
            left.remove(before)
            word = before[:-1] + word
        found.append(word)
    return found


@lru_cache(maxsize=20_000)
def grams(word: str) -> frozenset[str]:
    """Its trigrams, with its edges."""
    edged = f"‹{word}›"
    return frozenset(edged[at : at + 3] for at in range(len(edged) - 2))


def likeness(one: str, other: str) -> float:
    """How much two words share, 0 to 1 (Dice's coefficient of their trigrams)."""
    first, second = grams(one), grams(other)
    return 2 * len(first & second) / (len(first) + len(second))
