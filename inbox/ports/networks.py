"""What a network can do for us, role by role, and how one is configured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from inbox.message import (
    Account,
    Author,
    Deleted,
    Draft,
    Edited,
    Event,
    Message,
    Ref,
    Sent,
    Visibility,
)


class Page(Struct, frozen=True, kw_only=True):
    """What a poll brought, oldest first. `more`: poll again at once."""

    events: tuple[Event, ...]
    cursor: str
    more: bool = False


class Request(Struct, frozen=True, kw_only=True):
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
        """Only what is for this account: a network may send the events of several together.

        Raises BadPayload.
        """
        ...


class Greeting(Struct, frozen=True, kw_only=True):
    """What a network is answered that asks whether a webhook is ours."""

    body: str
    media_type: str = "text/plain"


class Handshake(Protocol):
    """Answers the GET by which a network makes sure of a webhook's address."""

    def greet(self, request: Request) -> Greeting:
        """Raises Unverified."""
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
    """Hides a customer's comment from others, and shows it again. Both may be repeated."""

    def hide(self, ref: Ref) -> None: ...
    def unhide(self, ref: Ref) -> None: ...


class Liker(Protocol):
    """Marks a customer's message as liked by the brand, and takes that back. May be repeated."""

    def like(self, ref: Ref) -> None: ...
    def unlike(self, ref: Ref) -> None: ...


class Approach(Struct, frozen=True, kw_only=True):
    """An answer that somebody is about to write.

    `target` is the message that it would answer: in private the customer's newest private one,
    or the public one that it would grow out of, where there is no private one or the network takes
    no answer to it any more. `wrote_at` is when the customer last wrote in
    private, None where never; `invited` whether we already wrote in private under `target`.
    """

    visibility: Visibility
    to: Author
    target: Message | None
    wrote_at: datetime | None = None
    invited: bool = False
    automatic: bool = False


class Window(Struct, frozen=True, kw_only=True):
    """What the network makes possible. `why_not` and `note` are sentences for the agent.

    `why_not`: why it is impossible, and what is possible instead; None where it is possible.
    `until`: the network takes it until then. `note`: worth knowing before writing.
    """

    why_not: str | None = None
    until: datetime | None = None
    note: str | None = None


class Windows(Protocol):
    """The network's preconditions of an answer. Asks nobody, so it can be asked at any time."""

    def look(self, approach: Approach, *, at: datetime) -> Window: ...


class Checkup(Struct, frozen=True, kw_only=True):
    """One thing looked at for the operator; `says` has what is wrong and what to do."""

    well: bool
    says: str


class Examiner(Protocol):
    def examine(self) -> Sequence[Checkup]:
        """Asks the network whether the account is set up right: token, permissions, webhook.

        Changes nothing there. Raises no IntegrationError: what cannot be asked is a finding.
        """
        ...


class Measure(Protocol):
    """Length as the network counts it."""

    @property
    def most(self) -> int: ...

    def length(self, draft: Draft) -> int: ...


class Budget(Struct, frozen=True, kw_only=True):
    """What the calls of an account may cost, in whole `unit`s (such as "µ$" or "quota units").

    `None` is no limit. `day_zone` is where its day begins, an IANA name.
    """

    unit: str
    per_day: int | None = None
    per_month: int | None = None
    day_zone: str = "UTC"


class Meter(Protocol):
    """Counts what an account's calls cost; what it counted survives a restart."""

    def spend(self, what: str, cost: int, *, on: date) -> None:
        """`what` names a kind of call in a word or two. Never waits for the disk."""
        ...

    def spent(self, since: date) -> int:
        """In all, on that day and after it."""
        ...


KEPT_PERSON = "person:"
"""How the names begin under which the id of an author is kept who has another one in private."""


class Keep(Protocol):
    """Small things that an integration must know again after a restart, such as a session."""

    def get(self, name: str) -> str | None: ...
    def set(self, name: str, value: str) -> None:
        """Returns after the commit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What the product gives to one account's integration."""

    clock: Callable[[], datetime]
    meter: Meter
    keep: Keep


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A configured account with the roles that its network has.

    `measure` is of public answers, and of private ones too where `private_measure` is None.
    `me` gives our own author there: what it writes starts nothing. It asks nobody, and is None
    until the network has told; a poller or receiver drops our own messages by itself too.
    `repeatable` is how long the network itself recognises a repeated idempotency key, None
    where it does not. `handle` is how the brand is called there, for the agents. `pace` says how
    many times slower than usual polls shall come for now (a limit or a budget nears its end);
    `expires` when the token ends, where that is known. `asks` tells that the receiver may ask the
    network while it parses, so that nobody else may wait for it. `close` ends what is open when
    the product stops.
    """

    account: Account
    handle: str
    me: Callable[[], Ref | None]
    measure: Measure
    private_measure: Measure | None = None
    poller: Poller | None = None
    receiver: WebhookReceiver | None = None
    public: PublicSender | None = None
    private: PrivateSender | None = None
    readback: ReadBack | None = None
    inspector: Inspector | None = None
    moderator: Moderator | None = None
    liker: Liker | None = None
    windows: Windows | None = None
    handshake: Handshake | None = None
    examiner: Examiner | None = None
    budget: Budget | None = None
    pace: Callable[[], float] = lambda: 1.0
    expires: Callable[[], datetime | None] = lambda: None
    asks: bool = False
    repeatable: timedelta | None = None
    close: Callable[[], None] = lambda: None

    def measured(self, visibility: Visibility) -> Measure:
        """How the length of an answer of this visibility counts."""
        private = self.private_measure if visibility is Visibility.PRIVATE else None
        return private or self.measure


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
        host: Host,
    ) -> Connection:
        """Works while the network is down. Raises ValueError where `check` finds anything."""
        ...


class Fault(Struct, frozen=True, kw_only=True):
    """One fault in an account's settings; `key` is its path within them, as in `reply_url`."""

    key: str
    problem: str
    remedy: str
