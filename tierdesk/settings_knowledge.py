"""The articles and when they are certain enough, and what would keep them from being sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from inbox.decision import Articles
from inbox.knowledge import Article, Certainty
from inbox.problem import Problem
from responders.article_answer import TEMPLATE
from responders.templates import TemplateBook
from router.document import Document
from tierdesk import settings_shape as shape
from tierdesk.knowledge_files import read_folder
from tierdesk.settings_accounts import AccountSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSettings:
    """The articles and when they are certain enough. `address` is where customers can read them;
    `faulty` are the articles that are left out, by key, with what is wrong with each.
    """

    directory: Path
    articles: tuple[Article, ...]
    faulty: Mapping[str, tuple[Problem, ...]]
    certainty: Certainty
    address: str | None
    stale_after: timedelta


def read_knowledge(
    directory: Path, wanted: shape.Knowledge, book: TemplateBook
) -> KnowledgeSettings:
    """`book` has the reply that articles are sent with."""
    folder = read_folder(directory, address=wanted.address)
    reply = book.templates.get(TEMPLATE)
    return KnowledgeSettings(
        directory=directory,
        articles=tuple(folder.articles.values()),
        faulty=folder.problems,
        certainty=Certainty(
            threshold=wanted.threshold,
            margin=wanted.margin,
            suggest=wanted.suggest,
            spoken=frozenset(reply.variants if reply else ()),
        ),
        address=wanted.address,
        stale_after=wanted.stale_after,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """Warnings of what would keep articles from being sent, or have them say too little.

    Nothing of it is wrong by itself: `file` is what `document` says, `replies` are `book`'s lines.
    """

    file: shape.File
    document: Document
    replies: Document
    book: TemplateBook
    accounts: Collection[AccountSettings]
    articles: Collection[Article]

    def warnings(self) -> Iterator[Problem]:
        yield from self._shown_too_late()
        automatic = [one.account.name for one in self.accounts if one.articles is Articles.AUTO]
        for name in automatic:
            for problem, remedy in self._unsent():
                at = ("accounts", name, "articles")
                yield self.document.problem(at, problem, remedy, warning=True)
        if automatic:
            yield from self._in_another_language()

    def _shown_too_late(self) -> Iterator[Problem]:
        suggest, threshold = self.file.knowledge.suggest, self.file.knowledge.threshold
        if suggest > threshold:
            yield self.document.problem(
                ("knowledge", "suggest"),
                f"is above the threshold ({threshold:g}), so an article that no agent is shown"
                " could be sent",
                f"Write {threshold:g} or less",
                warning=True,
            )

    def _unsent(self) -> Iterator[tuple[str, str]]:
        """Why no article can be sent, and what to write."""
        if all(tier.channel for tier in self.file.tiers.values()):
            yield (
                "nothing is sent by itself: there is no tier 0 without a channel",
                "Add `0: {name: Self-service}` to tiers, or write suggest",
            )
        if not any(one.public and one.url for one in self.articles):
            yield (
                "nothing is sent by itself: no public article has an address",
                "Write under knowledge where customers read them, as in"
                " `address: https://shop.example/help`, or `url` into an article",
            )

    def _in_another_language(self) -> Iterator[Problem]:
        reply = self.book.templates.get(TEMPLATE)
        if reply is None:
            return
        if missing := sorted(self._answered() - reply.variants.keys()):
            yield self.replies.problem(
                ("replies", TEMPLATE, "text"),
                f"has no text in {', '.join(missing)}: no article is sent by itself in such a"
                " language",
                f"Add a line `{missing[0]}: …`" + (", and so on" if len(missing) > 1 else ""),
                warning=True,
            )

    def _answered(self) -> set[str]:
        """The languages that the settings name, else all in which an article can be sent."""
        spoken = ({*one.languages, *one.answers} for one in self.articles if one.public)
        return set(self.file.languages) or set().union(*spoken)
