"""Detection, routing, and what plans and carries out an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inbox.case import Case
from inbox.changes import Change
from inbox.decision import Decision
from inbox.facts import Facts, Findings
from inbox.message import Author, Message, Ref
from inbox.outbox import Item, NewItem


class Detector(Protocol):
    """Topics, personal data and language of a text. Never raises: what crashed is in `failed`."""

    def detect(self, text: str, *, language: str | None = None) -> Findings: ...


class Router(Protocol):
    """The ordered rules. Pure; the decision carries its explanation."""

    @property
    def version(self) -> str: ...

    def route(self, facts: Facts) -> Decision: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an automatic answer adds to a case: changes, effects, and a private conversation."""

    changes: tuple[Change, ...] = ()
    items: tuple[NewItem, ...] = ()
    dm: Ref | None = None


class Planner(Protocol):
    """Plans one kind of automatic answer. Pure; runs inside the arrival's transaction."""

    def plan(self, case: Case, message: Message, decision: Decision, *, at: datetime) -> Plan: ...


class Templates(Protocol):
    def render(self, name: str, *, language: str | None, case: Case, author: Author) -> str:
        """The variant for a language with its gaps filled. Raises Refusal where a gap stays."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """An effect is done; `ref` names what now stands there (a reply, a Slack message)."""

    ref: Ref | None = None
    url: str | None = None


class Courier(Protocol):
    """Carries out effects of some kinds. I/O, outside any transaction."""

    def deliver(self, item: Item) -> Delivered:
        """Raises an IntegrationError. With `item.maybe_done` it looks first."""
        ...
