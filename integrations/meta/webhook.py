"""What Meta sends to us: its handshake, its signature, and batches of all kinds of events.

A batch that is answered with anything but 200 comes again, for 36 hours; so one event that
cannot be read is left out with a line in the log, and the others are taken.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from inbox.errors import BadPayload, Unverified
from inbox.message import Event
from inbox.ports import Greeting, Request
from inbox.unread import left_out
from integrations.http import wrong_field

SIGNATURE = "x-hub-signature-256"
_MOST_CHALLENGE = 500

log = logging.getLogger(__name__)


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1, max_length=200)]
"""Ids come as texts and as numbers."""


class Part(BaseModel):
    """A piece of what Meta sends; what we do not use is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        """What is null was left out: it costs nobody a message."""
        if not isinstance(value, dict):
            return value
        return {name: part for name, part in value.items() if part is not None}


def _or_unread(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError as error:
        log.warning("a part of an event was left out: %s is not as documented", wrong_field(error))
        return None


_Piece = TypeVar("_Piece")
Readable = Annotated[_Piece | None, WrapValidator(_or_unread)]
"""A part of a message that costs nobody the message where it is not as documented."""


class Change(Part):
    field: str
    value: dict[str, Any]


class Entry(Part):
    """What happened to one Page or account. `time` is in seconds, of messages in milliseconds.

    `standby` has the messages of conversations that another app answers at the moment. With
    Instagram's own login `field` and `value` stand here instead of in `changes`.
    """

    id: Id
    time: int = 0
    messaging: tuple[dict[str, Any], ...] = ()
    standby: tuple[dict[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()
    field: str | None = None
    value: dict[str, Any] | None = None

    def all_changes(self) -> Iterator[Change]:
        yield from self.changes
        if self.field is not None and self.value is not None:
            yield Change(field=self.field, value=self.value)


class Batch(Part):
    object: str
    entry: tuple[Entry, ...]


class Handshake:
    """Answers Meta's question whether the address is ours (webhooks: "Verification Requests")."""

    def __init__(self, verify_token: str) -> None:
        if not verify_token:
            raise ValueError("the verify token is empty")
        self._token = verify_token.encode()

    def greet(self, request: Request) -> Greeting:
        given = request.query.get("hub.verify_token", "").encode()
        challenge = request.query.get("hub.challenge", "")[:_MOST_CHALLENGE]
        asked = request.query.get("hub.mode") == "subscribe"
        if not (asked and challenge and hmac.compare_digest(given, self._token)):
            raise Unverified("The verify token does not fit.")
        return Greeting(body=challenge)


class Receiver:
    """Takes what is signed with the app secret. Raises ValueError where that is empty.

    `told_at` is when it last told of anything for this account.
    """

    def __init__(self, app_secret: str, to_events: Callable[[Any], Sequence[Event]]) -> None:
        if not app_secret:
            raise ValueError("the app secret is empty")
        self._secret = app_secret.encode()
        self._to_events = to_events
        self.told_at: datetime | None = None

    def verify(self, request: Request) -> None:
        given = request.headers.get(SIGNATURE, "").encode(errors="replace")
        if not hmac.compare_digest(given, sign(self._secret, request.body).encode()):
            raise Unverified("The signature does not fit.")

    def parse(self, request: Request) -> Sequence[Event]:
        try:
            payload = json.loads(request.body)
        except (ValueError, RecursionError):
            raise BadPayload("body", "is not valid JSON") from None
        events = self._to_events(payload)
        if events:
            self.told_at = request.received_at
        return events


def sign(secret: bytes, body: bytes) -> str:
    """The header's value, over the raw bytes."""
    return f"sha256={hmac.digest(secret, body, 'sha256').hex()}"


def batches(payload: object) -> list[Batch]:
    """The batches of a body: one, or, as some of Meta's examples have it, a list of them.

    Raises BadPayload.
    """
    found = payload if isinstance(payload, list) else [payload]
    try:
        return [Batch.model_validate(one) for one in found]
    except ValidationError as error:
        raise BadPayload(wrong_field(error), "is missing or not as documented") from None


def entries(payload: object, kind: str, id: str) -> list[Entry]:  # noqa: A002 - the field's own name
    """What of a body is for one Page or account. Raises BadPayload."""
    found = (one for batch in batches(payload) if batch.object == kind for one in batch.entry)
    return [entry for entry in found if entry.id == id]


P = TypeVar("P", bound=Part)


def read(kind: type[P], value: object) -> P | None:
    """One event of a batch, None where it is not as documented."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        log.warning("an event of Meta was left out: %s is not as documented", wrong_field(error))
        left_out()
        return None
