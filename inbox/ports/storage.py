"""What the use cases ask of the store. Each repository is one small protocol."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from inbox.case import Case
from inbox.changes import CaseEvent
from inbox.decision import Correction, Decision
from inbox.facts import Facts, Findings
from inbox.message import Account, Message, Ref, Visibility
from inbox.outbox import Item, NewItem, State
from inbox.ports.cases import Cases
from inbox.ports.helpdesks import TicketEvent
from inbox.ports.identities import Identities


class Stored(Struct, frozen=True, kw_only=True):
    """A message as it was kept. `mine`: we wrote it. `case` is None where it was ignored, or, when
    nothing was decided either, where its community had answered it. `corrected` is of ignored ones.
    """

    message: Message
    findings: Findings
    case: int | None
    mine: bool = False
    facts: Facts | None = None
    decision: Decision | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    corrected: Correction | None = None


class Conversation(Struct, frozen=True, kw_only=True):
    """What belongs to a case in one place: how many messages, ours included, and its newest."""

    ref: Ref
    visibility: Visibility
    messages: int
    newest: datetime


class Messages(Protocol):
    def find(self, refs: Collection[Ref]) -> Mapping[Ref, Stored]: ...
    def of_case(
        self,
        case: int,
        *,
        newest: int | None = None,
        visibility: Visibility | None = None,
        mine: bool | None = None,
        to: Collection[Ref] = (),
    ) -> Sequence[Stored]:
        """Oldest first, ours included; of one visibility, of one side, answers `to` messages.

        At most so many of the `newest` of them.
        """
        ...

    def of_open_cases(self, account: Account, *, since: datetime, limit: int) -> Sequence[Ref]:
        """Customers' messages in cases that are not closed, newest first."""
        ...

    def moments(self, account: Account, *, since: datetime) -> Sequence[datetime]:
        """When customers wrote, oldest first: of every five minutes the last time."""
        ...

    def conversations(self, cases: Collection[int]) -> Mapping[int, Sequence[Conversation]]:
        """Of each of these cases, where something was written last first."""
        ...

    def ignored(self, *, public_only: bool, limit: int) -> Sequence[Stored]:
        """What a rule set aside and its author did not delete, newest first."""
        ...

    def add(self, stored: Iterable[Stored]) -> None: ...
    def replace(self, stored: Stored) -> None: ...
    def forget_caseless(self, before: datetime, *, limit: int = 1000) -> int:
        """Delete those of no case that were written before this time: at most so many; how many."""
        ...

    def forget_caseless_of(self, author: Ref) -> None:
        """Delete all that somebody wrote and that belongs to no case."""
        ...


class Tickets(Protocol):
    """`desk` is a helpdesk's name in the settings."""

    def link(self, desk: str, ticket: str, case: int) -> None:
        """From now on what happens to this ticket belongs to this case."""
        ...

    def case_of(self, desk: str, ticket: str) -> int | None:
        """Of every ticket that a case has or had."""
        ...

    def of_case(self, case: int) -> Sequence[tuple[str, str]]:
        """Helpdesk and ticket of all that a case has or had."""
        ...

    def awaiting(self, desk: str) -> Sequence[int]:
        """The cases whose ticket is on its way."""
        ...

    def keep_early(self, desk: str, event: TicketEvent, *, at: datetime) -> None:
        """News of a ticket that no case has yet."""
        ...

    def take_early(self, desk: str) -> Sequence[TicketEvent]:
        """What was kept of tickets that a case has by now, in its order; it is kept no more."""
        ...

    def forget_early(self, before: datetime, *, limit: int = 1000) -> int:
        """At most so many; how many."""
        ...


class Outbox(Protocol):
    def add(self, items: Iterable[NewItem]) -> None: ...
    def lease(self, worker: str, *, limit: int, lease_for: timedelta) -> Sequence[Item]:
        """At most one item a lane: its oldest one, where nothing of the lane is under way."""
        ...

    def renew(self, items: Collection[int], worker: str, *, lease_for: timedelta) -> None:
        """What this worker still has under way, it has from now on for as long again."""
        ...

    def undone(self, lane: str, *, limit: int) -> Sequence[Item]:
        """What of this lane is queued or under way, oldest first."""
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

    def take_back(self, worker: str, *, rest: timedelta = timedelta()) -> int:
        """Queue what a dead worker of this name, or any whose lease is over, had; how many.

        With the name "" only those whose lease is over. Lanes outside Slack wait for `rest`:
        servers may still be at work with what the dead one asked of them.
        """
        ...

    def in_state(self, state: State, *, limit: int = 100) -> Sequence[Item]:
        """By their numbers; where there are more, the oldest, or of what is over the newest."""
        ...

    def count(self) -> Mapping[State, int]: ...
    def prune(self, before: datetime, *, limit: int = 1000) -> int:
        """Delete at most `limit` items that were over before this time, however they ended.

        Their keys are forgotten with them.
        """
        ...


class Card(Struct, frozen=True, kw_only=True):
    """Where a case is shown in Slack; `ts` is unique within the channel."""

    case: int
    channel: str
    ts: str


class Cards(Protocol):
    def get(self, case: int, channel: str) -> Card | None: ...
    def of_case(self, case: int) -> Sequence[Card]: ...
    def at(self, channel: str, ts: str) -> Card | None: ...
    def any(self) -> bool:
        """Whether any card was ever shown."""
        ...

    def save(self, card: Card) -> None: ...


class Cursors(Protocol):
    def get(self, account: Account) -> str | None: ...
    def set(self, account: Account, cursor: str) -> None: ...


class Memory(Protocol):
    """Names of things done once: event ids of Slack, hints given."""

    def first_time(self, name: str, *, at: datetime) -> bool:
        """Remember it; True where it was not known."""
        ...

    def knows(self, name: str) -> bool: ...

    def known(self, names: Collection[str]) -> Set[str]:
        """Which of these are remembered."""
        ...

    def forget(self, name: str) -> bool:
        """True where it was known."""
        ...

    def forget_before(self, at: datetime, *, limit: int = 1000) -> int:
        """At most so many; how many."""
        ...


class Kept(Protocol):
    """Small things by account and name, such as a session; see `Keep` for integrations."""

    def get(self, account: Account, name: str) -> str | None: ...
    def set(self, account: Account, name: str, value: str) -> None: ...
    def forget(self, account: Account, names: Collection[str]) -> None: ...
    def forget_values(self, account: Account, begin: str, values: Collection[str]) -> None:
        """What is one of these values under a name that begins so."""
        ...


class Spent(Struct, frozen=True, kw_only=True):
    """What one kind of call of an account cost on one day, in the unit of its budget."""

    account: Account
    day: date
    what: str
    calls: int
    cost: int


class Spending(Protocol):
    def add(self, account: Account, what: str, cost: int, *, on: date) -> None: ...
    def total(self, account: Account, *, since: date) -> int: ...
    def listed(self, *, since: date) -> Sequence[Spent]: ...


class Retention(Protocol):
    """Cases that may be deleted: closed, and with nothing queued, under way or held."""

    def due(self, before: datetime, *, limit: int) -> Sequence[Case]:
        """Those closed before this time, longest first, locked; but for what others have locked."""
        ...

    def over(self, numbers: Collection[int]) -> Sequence[Case]:
        """Which of these may be deleted, in the same way."""
        ...

    def sent(self, numbers: Collection[int]) -> Sequence[Ref]:
        """Our own messages in these cases."""
        ...

    def wanted(self, numbers: Collection[int]) -> Sequence[CaseEvent]:
        """Every TicketWanted of these cases."""
        ...

    def delete(self, numbers: Collection[int]) -> None:
        """These cases, with their messages, histories, keys, cards, tickets and deliveries."""
        ...


class Unit(Protocol):
    """One transaction. Leaving it without an error commits; nothing is visible before."""

    @property
    def messages(self) -> Messages: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def kept(self) -> Kept: ...
    @property
    def spending(self) -> Spending: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def retention(self) -> Retention: ...
    def lock(self, name: str) -> None:
        """One transaction at a time holds it, on all machines, until its end.

        Asked for before anything else: who waits for it must hold nothing.
        """
        ...

    def attempt(self, part: Callable[[], object]) -> Exception | None:
        """Do what is undone alone where it fails; returns why it failed.

        Raises where the store is at fault: then nothing of the transaction shall stand.
        """
        ...


class Store(Protocol):
    def read(self) -> AbstractContextManager[Unit]:
        """A consistent view for reading; never commits."""
        ...

    def transact(self) -> AbstractContextManager[Unit]: ...
    def all_messages(self, *, since: datetime | None = None) -> Iterator[Stored]:
        """The whole history, oldest first, streamed."""
        ...
