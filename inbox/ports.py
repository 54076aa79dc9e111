"""What the inbox asks of the rooms around it. Each is a small role; nothing here does anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from inbox.case import Case
from inbox.changes import CaseEvent, Change
from inbox.decision import Decision
from inbox.facts import Facts, Findings
from inbox.message import Account, Author, Deleted, Draft, Edited, Event, Message, Ref, Sent
from inbox.outbox import Item, NewItem, State

# --- detection and routing ---------------------------------------------------------------


class Detector(Protocol):
    """Topics, personal data and language of a text. Never raises: what crashed is in `failed`."""

    def detect(self, text: str, *, language: str | None = None) -> Findings: ...


class Router(Protocol):
    """The ordered rules. Pure; the decision carries its explanation."""

    @property
    def version(self) -> str: ...

    def route(self, facts: Facts) -> Decision: ...


# --- networks ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a poll brought, oldest first. `more`: poll again at once."""

    events: tuple[Event, ...]
    cursor: str
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An inbound HTTP request as it came; `body` is raw, header names are lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


class Poller(Protocol):
    def poll(self, cursor: str | None) -> Page:
        """The next page after `cursor`. Raises Retryable, AuthFailed."""
        ...


class WebhookReceiver(Protocol):
    def verify(self, request: Request) -> None:
        """Raises Unverified."""
        ...

    def parse(self, request: Request) -> Sequence[Event]:
        """Raises BadPayload."""
        ...


class PublicSender(Protocol):
    def reply(self, draft: Draft, *, key: str) -> Sent:
        """Raises any IntegrationError; a 5xx or time-out is Uncertain."""
        ...


class PrivateSender(Protocol):
    def message(self, draft: Draft, *, key: str) -> Sent:
        """Raises any IntegrationError; a 5xx or time-out is Uncertain."""
        ...

    def conversation_with(self, author: Author) -> Ref:
        """The name of the private conversation with this author."""
        ...


class ReadBack(Protocol):
    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """The draft as it stands on the network, None where it surely does not."""
        ...


class Inspector(Protocol):
    """Looks after known messages on a network that does not tell of every edit and deletion."""

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        """Deleted for each that is gone, Edited for each that was ever edited, `at` when.

        One request for each ref. Raises Retryable, AuthFailed.
        """
        ...


class Moderator(Protocol):
    def hide(self, ref: Ref) -> None: ...


class Measure(Protocol):
    """Length as the network counts it."""

    @property
    def most(self) -> int: ...

    def length(self, draft: Draft) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A configured account with the roles that its network has.

    `me` gives our own author there: what it writes starts nothing. It asks nobody, and is None
    until the network has told; a poller or receiver drops our own messages by itself too.
    `repeatable` is how long the network itself recognises a repeated idempotency key, None
    where it does not. `handle` is how the brand is called there, for the agents. `close` ends
    what is open when the product stops.
    """

    account: Account
    handle: str
    me: Callable[[], Ref | None]
    measure: Measure
    poller: Poller | None = None
    receiver: WebhookReceiver | None = None
    public: PublicSender | None = None
    private: PrivateSender | None = None
    readback: ReadBack | None = None
    inspector: Inspector | None = None
    moderator: Moderator | None = None
    repeatable: timedelta | None = None
    close: Callable[[], None] = lambda: None


class Integration(Protocol):
    """A kind of network that the product can connect accounts of.

    Found by the entry points of the group `tierdesk.integrations`. `data` is the account's part
    of the settings file, `secrets` the environment.
    """

    @property
    def name(self) -> str: ...

    def secret_names(self, account: str, data: Mapping[str, object]) -> Sequence[str]:
        """The environment variables that hold the account's secrets."""
        ...

    def check(
        self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]
    ) -> Sequence[Fault]:
        """Everything that is wrong with the settings of an account; no network is asked."""
        ...

    def connect(
        self,
        account: str,
        data: Mapping[str, object],
        secrets: Mapping[str, str],
        *,
        clock: Callable[[], datetime],
    ) -> Connection:
        """Works while the network is down. Raises ValueError where `check` finds anything."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault in an account's settings; `key` is its path within them, as in `reply_url`."""

    key: str
    problem: str
    remedy: str


# --- responders --------------------------------------------------------------------------


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


# --- store -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message as it was kept. `mine`: we wrote it. `case` is None where it was ignored."""

    message: Message
    findings: Findings
    case: int | None
    mine: bool = False
    facts: Facts | None = None
    decision: Decision | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What we know of an author: number of cases, of closed ones, and the newest case."""

    cases: int
    closed: int
    newest: Case | None


Key = tuple[Ref, Ref]
"""(conversation, author): what a case is found by."""


class Messages(Protocol):
    def find(self, refs: Collection[Ref]) -> Mapping[Ref, Stored]: ...
    def of_case(self, case: int) -> Sequence[Stored]:
        """Oldest first, ours included."""
        ...

    def of_open_cases(self, account: Account, *, since: datetime, limit: int) -> Sequence[Ref]:
        """Customers' messages in cases that are not closed, newest first."""
        ...

    def add(self, stored: Iterable[Stored]) -> None: ...
    def replace(self, stored: Stored) -> None: ...


class Cases(Protocol):
    def number(self) -> int:
        """A fresh case number."""
        ...

    def get(self, number: int) -> Case | None:
        """Locked until the transaction ends."""
        ...

    def by_key(self, keys: Collection[Key]) -> Mapping[Key, Case]: ...
    def contacts(self, authors: Collection[Ref]) -> Mapping[Ref, Contact]: ...
    def save(self, case: Case) -> None: ...
    def link(self, key: Key, number: int) -> None:
        """From now on messages under this key belong to this case."""
        ...

    def append(self, event: CaseEvent) -> None: ...
    def history(self, number: int) -> Sequence[CaseEvent]: ...
    def owned_by(self, user: str) -> Sequence[Case]:
        """Not closed, oldest first."""
        ...

    def asleep_until(self, now: datetime) -> Sequence[Case]:
        """Snoozed cases whose date has come."""
        ...


class Outbox(Protocol):
    def add(self, items: Iterable[NewItem]) -> None: ...
    def lease(self, worker: str, *, limit: int, lease_for: timedelta) -> Sequence[Item]:
        """At most one item a lane: its oldest one, where nothing of the lane is under way."""
        ...

    def get(self, id: int) -> Item | None: ...  # noqa: A002
    def settle(
        self,
        id: int,  # noqa: A002
        state: State,
        *,
        reason: str | None = None,
        after: timedelta | None = None,
        maybe_done: bool = False,
        attempt: int | None = None,
    ) -> bool:
        """End an attempt, or decide on a held item; False where neither is so any more.

        With QUEUED, `after` is how long its lane waits. `attempt` is the item's `attempts`: with
        it, an attempt that was taken back and begun again by another worker is left alone. A
        doubt stays with an item until a person settles it as held: `maybe_done` only adds to it.
        """
        ...

    def take_back(self, worker: str) -> int:
        """Queue what a dead worker of this name, or any whose lease is over, had; how many.

        With the name "" only those whose lease is over.
        """
        ...

    def in_state(self, state: State, *, limit: int = 100) -> Sequence[Item]: ...
    def count(self) -> Mapping[State, int]: ...
    def prune(self, before: datetime, *, limit: int = 1000) -> int:
        """Delete at most `limit` items delivered or dropped before this time; how many.

        Their keys are forgotten with them.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where a case is shown in Slack; `ts` is unique within the channel."""

    case: int
    channel: str
    ts: str


class Cards(Protocol):
    def get(self, case: int, channel: str) -> Card | None: ...
    def of_case(self, case: int) -> Sequence[Card]: ...
    def at(self, channel: str, ts: str) -> Card | None: ...
    def save(self, card: Card) -> None: ...


class Cursors(Protocol):
    def get(self, account: Account) -> str | None: ...
    def set(self, account: Account, cursor: str) -> None: ...


class Memory(Protocol):
    """Names of things done once: event ids of Slack, hints given."""

    def first_time(self, name: str, *, at: datetime) -> bool:
        """Remember it; True where it was not known."""
        ...

    def forget(self, name: str) -> bool:
        """True where it was known."""
        ...

    def forget_before(self, at: datetime) -> int: ...


class Unit(Protocol):
    """One transaction. Leaving it without an error commits; nothing is visible before."""

    @property
    def messages(self) -> Messages: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def memory(self) -> Memory: ...
    def lock(self, name: str) -> None:
        """One transaction at a time holds it, on all machines, until its end."""
        ...


class Store(Protocol):
    def read(self) -> AbstractContextManager[Unit]:
        """A consistent view for reading; never commits."""
        ...

    def transact(self) -> AbstractContextManager[Unit]: ...
    def all_messages(self, *, since: datetime | None = None) -> Iterator[Stored]:
        """The whole history, oldest first, streamed."""
        ...
