"""Detection, routing, and what plans and carries out an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from inbox.case import Case
from inbox.changes import Change, TicketUpdated
from inbox.decision import Decision
from inbox.facts import Facts, Findings, Topic
from inbox.knowledge import Article, Certainty, Hit
from inbox.message import Author, Message, Ref
from inbox.outbox import Item, NewItem
from inbox.ticket import TicketLink


class Detector(Protocol):
    """Topics, personal data and language of a text. Never raises: what crashed is in `failed`."""

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        """`language` is what the network says, if it does."""
        ...

    def detect_all(self, texts: Sequence[tuple[str, str | None]]) -> list[Findings]:
        """Of each text with its language, as `detect` has them: for who gains by many at once."""
        return [self.detect(text, language=language) for text, language in texts]


class SecondOpinion(Protocol):
    """A slow look at a text of which the detector was not sure. It may only name one topic more."""

    def wants(self, findings: Findings) -> bool:
        """Whether a look could tell anything new. Takes no time."""
        ...

    def look(self, text: str, findings: Findings) -> Topic | None:
        """The private topic that the text belongs to, None where it stays undecided."""
        ...


class Router(Protocol):
    """The ordered rules. Pure; the decision carries its explanation."""

    @property
    def version(self) -> str: ...

    def route(self, facts: Facts) -> Decision: ...


class Plan(Struct, frozen=True, kw_only=True):
    """What an automatic answer adds to a case: changes, effects, and a private conversation.

    `article` is the one that it is made of and `because` says why, in words for the explanation;
    `menu` is the one that it offers.
    """

    changes: tuple[Change, ...] = ()
    items: tuple[NewItem, ...] = ()
    dm: Ref | None = None
    article: str | None = None
    because: str = ""
    menu: str | None = None


class Planner(Protocol):
    """Plans one kind of automatic answer. Pure; runs inside the arrival's transaction."""

    def plan(self, case: Case, message: Message, decision: Decision, *, at: datetime) -> Plan: ...


class ArticlePlanner(Protocol):
    """Answers from the knowledge base: looks before the arrival's transaction, plans inside it."""

    def find(self, text: str, language: str | None) -> Hit | None:
        """The article that is certain enough to be sent. Takes milliseconds."""
        ...

    def plan(
        self, case: Case, message: Message, decision: Decision, hit: Hit, *, at: datetime
    ) -> Plan: ...


class Knowledge(Protocol):
    """The articles, and a search in them that asks nobody."""

    @property
    def certainty(self) -> Certainty: ...

    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        """The articles that answer a question, best first; `internal` ones only where asked."""
        ...

    def article(self, key: str) -> Article | None: ...


class Templates(Protocol):
    def render(
        self,
        name: str,
        *,
        language: str | None,
        case: Case,
        author: Author,
        more: Mapping[str, str] = ...,
    ) -> str:
        """The variant for a language with its gaps filled. Raises Refusal where a gap stays.

        `more` fills gaps that the case does not know.
        """
        ...


class Menus(Protocol):
    """The menus from which a customer chooses the kind of help in private messages."""

    def names(self) -> Sequence[str]: ...

    def chosen(self, name: str, text: str) -> str | None:
        """The key of what a message chooses, by its number or its words in any language."""
        ...


class Delivered(Struct, frozen=True, kw_only=True):
    """An effect is done; `ref` names what now stands there (a reply, a Slack message).

    `ticket` is the case's ticket after an effect for a helpdesk, `updated` what was set in it.
    """

    ref: Ref | None = None
    url: str | None = None
    ticket: TicketLink | None = None
    updated: TicketUpdated | None = None


class Courier(Protocol):
    """Carries out effects of some kinds. I/O, outside any transaction."""

    def deliver(self, item: Item) -> Delivered:
        """Raises an IntegrationError. With `item.maybe_done` it looks first."""
        ...
