"""What the X Activity API delivers: the handshake, the signature, the events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from inbox.errors import BadPayload, Unverified
from inbox.message import Deleted, Event
from inbox.ports import Greeting, Request
from integrations.x import wire
from integrations.x.convert import Beside, Eyes, beside, from_old, message_events, post_events
from integrations.x.till import Till

_log = logging.getLogger(__name__)
_HEADER = "x-twitter-webhooks-signature"
_POSTED = (
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.create",
)
_MESSAGED = ("dm.received", "dm.sent")
_LONGEST_TOKEN = 500

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Challenge:
    """Implements Handshake: X asks again and again whether we know the consumer secret."""

    secret: str

    def greet(self, request: Request) -> Greeting:
        token = request.query.get("crc_token", "")
        if not self.secret or not 0 < len(token) <= _LONGEST_TOKEN:
            raise Unverified("no crc_token")
        answer = {"response_token": signature(token.encode(), self.secret)}
        return Greeting(body=json.dumps(answer), media_type="application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Implements WebhookReceiver.

    X delivers at least once and in no order. What comes twice is known by the id of its post:
    remembering `event_uuid` as well would lose an event whose first delivery was not committed.
    """

    secret: str
    eyes: Callable[[], Eyes]
    till: Till

    def verify(self, request: Request) -> None:
        expected = signature(request.body, self.secret) if self.secret else ""
        given = request.headers.get(_HEADER, "")
        if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
            raise Unverified("the signature is missing or wrong")

    def parse(self, request: Request) -> Sequence[Event]:
        activity = _validated(wire.Delivery, _json(request.body)).data
        eyes = self.eyes()
        if activity.filter.user_id != eyes.me.id:
            return ()
        if activity.event_type in _POSTED:
            return self._posted(activity, eyes)
        if activity.event_type in _MESSAGED:
            return self._messaged(activity, eyes)
        if activity.event_type == "post.delete":
            gone = _validated(wire.Gone, activity.payload, "data.payload")
            return (Deleted(ref=eyes.ref(gone.id), at=request.received_at),)
        if activity.event_type == "chat.received":
            _log.warning("%s got an encrypted chat message, which cannot be read", eyes.account)
        return ()

    def _posted(self, activity: wire.Activity, eyes: Eyes) -> Sequence[Event]:
        post = _validated(wire.Post, activity.payload, "data.payload")
        self.till.read("post read", self.till.prices.post_event, [post.id])
        return post_events(post, eyes, beside(activity.includes))

    def _messaged(self, activity: wire.Activity, eyes: Eyes) -> Sequence[Event]:
        if "direct_message_events" in activity.payload:
            found = self._old(activity, eyes)
        else:
            message = _validated(wire.Message, activity.payload, "data.payload")
            found = [(message.id, message_events(message, eyes, beside(activity.includes)))]
        if activity.event_type == "dm.received":  # what we sent is free
            price = self.till.prices.message_event
            self.till.read("message read", price, [id_ for id_, _ in found])
        return [event for _, events in found for event in events]

    def _old(self, activity: wire.Activity, eyes: Eyes) -> list[tuple[str, tuple[Event, ...]]]:
        payload = _validated(wire.OldMessages, activity.payload, "data.payload")
        users = {id_: user for id_, user in payload.users.items() if user}
        converted = []
        for old in payload.direct_message_events:
            message, media = from_old(old)
            found = Beside(users=users, media={one.media_key: one for one in media})
            converted.append((message.id, message_events(message, eyes, found)))
        return converted


def signature(body: bytes, secret: str) -> str:
    """X signs the raw body with the app's consumer secret (docs.x.com, "Webhooks quickstart")."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadPayload("body", "is not JSON") from None


def _validated(model: type[_Model], data: object, where: str = "") -> _Model:
    """Raises BadPayload that names the field, never its value."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in (*((where,) if where else ()), *found["loc"]))
        raise BadPayload(path or "body", str(found["msg"])) from None
