"""What the contract suite wants of each network: a brand and people on it, and a way to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from inbox.message import Event
from inbox.ports import Connection, Request

NOBODY = "http://127.0.0.1:1"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of ours as it stands on the network."""

    id: str
    text: str
    to: str
    in_reply_to: str | None
    private: bool


class Unthreaded(Exception):
    """Customers write no answers on this network."""


class World(Protocol):
    """`secret` opens the account. `tells` names what the network tells of, by an event or to the
    Inspector: "edits", "deletions".

    A world is asked for a role's part (`Moderation`, `Likes`, `Greeted`, `Delivered`) only where
    its connection has the role.
    """

    connection: Connection
    secret: str
    tells: frozenset[str]

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        """The customer writes to the brand; the id of the message.

        Raises Unthreaded where `under` is given and nobody can answer anybody.
        """
        ...

    def arrivals(self) -> list[Event]:
        """What came in since the last call, in its order."""
        ...

    def echo(self) -> None:
        """The brand itself writes, and mentions itself."""
        ...

    def edit(self, message: str, text: str) -> None:
        """The customer changes a public message."""
        ...

    def delete(self, message: str) -> None: ...
    def answers(self) -> Sequence[Answer]: ...
    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        """What the next send meets."""
        ...

    def with_secret(self, secret: str) -> Connection: ...
    def unreachable(self) -> Connection:
        """The same account where nobody listens."""
        ...


class Moderation(Protocol):
    """With a Moderator."""

    def hidden(self) -> set[str]:
        """Ids of the customer's messages that the network hides."""
        ...


class Likes(Protocol):
    """With a Liker."""

    def liked(self) -> set[str]:
        """Ids of the messages that the brand likes."""
        ...


class Greeted(Protocol):
    """With a Handshake."""

    def question(self, *, right: bool) -> Request:
        """The network's GET; not `right`: with a token that is not ours."""
        ...


class Delivered(Protocol):
    """With a WebhookReceiver."""

    def delivery(self) -> Request:
        """A signed delivery as the network sends it."""
        ...
