"""The articles in use, and how they are exchanged while the product runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from inbox.knowledge import Article, Certainty, Hit
from inbox.problem import Problem
from responders.knowledge.index import KnowledgeIndex
from tierdesk.knowledge_files import article_files, read_folder
from workspace.words import counted

log = logging.getLogger(__name__)

GONE = (
    "The knowledge folder is empty or cannot be reached. What its articles said stays in use:"
    " {number} in all. Look whether the folder is mounted and may be read. If none of them shall"
    " be used any more, start Tierdesk anew."
)
BACK = "The knowledge folder is there again."
STAYS = "What it said before stays in use until the next start."
LEFT_OUT = "It is not in use. `tierdesk check` tells all that is wrong."


class CurrentKnowledge:
    """An inbox.ports.Knowledge that can be exchanged; a search under way keeps the one it has."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._index = index

    @property
    def certainty(self) -> Certainty:
        return self._index.certainty

    @property
    def articles(self) -> tuple[Article, ...]:
        return self._index.articles

    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        return self._index.search(text, language=language, limit=limit, internal=internal)

    def article(self, key: str) -> Article | None:
        return self._index.article(key)

    def exchange(self, index: KnowledgeIndex) -> None:
        self._index = index


@dataclass(slots=True, kw_only=True)
class KnowledgeReloading:
    """Reads the folder anew where a file of it changed.

    A broken article is told, once for each change, and what it said before stays; all others are
    taken. Where all are gone at once, the folder is: that is told, once, and they stay. `tell` is
    for the operator, `left_out` what the start left out.
    """

    directory: Path
    address: str | None
    current: CurrentKnowledge
    tell: Callable[[str], None]
    left_out: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    _seen: Mapping[str, tuple[int, int]] = field(default_factory=dict, init=False)
    _gone: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._seen = stamps(self.directory)

    def at_start(self) -> None:
        """The operator hears of what is left out from the beginning."""
        self._refuse(self.left_out, before={})

    def turn(self) -> bool:
        """Whether something had changed."""
        now = stamps(self.directory)
        gone = not now and bool(self.current.articles)
        self._note(gone=gone)
        if gone or now == self._seen:
            return False
        self._seen = now
        folder = read_folder(self.directory, address=self.address)
        before = {article.key: article for article in self.current.articles}
        kept = {key: before[key] for key in folder.problems if key in before}
        articles = {**folder.articles, **kept}
        self.current.exchange(KnowledgeIndex(articles.values(), certainty=self.current.certainty))
        log.warning("the knowledge base was read anew: %d articles", len(articles))
        self._refuse(folder.problems, before)
        return True

    def _note(self, *, gone: bool) -> None:
        """A folder that is on another machine may be away for a while."""
        if gone is self._gone:
            return
        sentence = GONE.format(number=len(self.current.articles)) if gone else BACK
        log.warning("%s", sentence)
        self.tell(sentence)
        self._gone = gone

    def _refuse(
        self, faulty: Mapping[str, Sequence[Problem]], before: Mapping[str, Article]
    ) -> None:
        if not faulty:
            return
        key, (first, *_) = next(iter(faulty.items()))
        stays = STAYS if key in before else LEFT_OUT
        told = replace(first, file=Path(first.file).name)
        number = sum(map(len, faulty.values()))
        sentence = (
            f"The knowledge base has {counted(number, 'problem')}. The first: {told}. {stays}"
        )
        log.error("%s", sentence)
        self.tell(sentence)


def stamps(directory: Path) -> Mapping[str, tuple[int, int]]:
    """What tells one state of the folder from another: time and size of every article."""
    found = {}
    for path in article_files(directory):
        try:
            about = path.stat()
        except OSError:
            continue  # gone meanwhile
        found[str(path)] = (about.st_mtime_ns, about.st_size)
    return found
