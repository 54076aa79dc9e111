"""What a network can do for us, role by role, and how one is configured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from inbox.message import Account, Author, Deleted, Draft, Edited, Event, Ref, Sent


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
