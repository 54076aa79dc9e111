"""What is told of a file that cannot be used. Without YAML, which who reads words does not need."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from inbox.problem import Problem

if TYPE_CHECKING:
    from router.document import Document


class DocumentError(Exception):
    """A file that cannot be used; `problems` holds every fault found in it.

    `rest` is the document without its faults, for looking on; None where it is no YAML at all.
    """

    def __init__(self, problems: Iterable[Problem], rest: Document | None = None) -> None:
        self.problems = tuple(problems)
        self.rest = rest
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: object, known: Iterable[object]) -> str | None:
    """The known word that was probably meant, None where none is near."""
    names = {str(name).casefold(): str(name) for name in known}
    found = difflib.get_close_matches(str(word).casefold(), names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """A remedy's sentence: the near word, else all that are known."""
    names = sorted(map(str, known))
    near = nearest(word, names)
    if near:
        return f"Write '{near}'"
    return f"Known are: {', '.join(names)}" if names else "None is set up"
