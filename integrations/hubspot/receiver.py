"""What HubSpot's webhook tells that a look does not show: tickets deleted or merged. Asks nobody.

A note's delivery has neither its text nor its ticket, so notes and stages are left to the looks.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from inbox.errors import BadPayload, Unverified
from inbox.ports import Request, TicketEvent, TicketGone
from integrations.hubspot.wire import Told

SIGNATURE = "x-hubspot-signature-v3"
TIMESTAMP = "x-hubspot-request-timestamp"
WINDOW = timedelta(minutes=5)

_TICKETS = "0-5"
_ALL = TypeAdapter(tuple[Told, ...])


def sign(secret: bytes, method: str, url: str, body: bytes, timestamp: str) -> str:
    """HMAC-SHA256 of all four with nothing between, in base64 ("Validate the v3 signature")."""
    signed = method.encode() + url.encode() + body + timestamp.encode()
    return base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


class Receiver:
    """Implements inbox.ports.TicketReceiver. Raises ValueError for an empty secret.

    `url` is the address that stands in HubSpot, as it stands there: behind a proxy the request
    does not show it. A delivery does not show the key of a ticket, so it may be none of ours: who
    receives it knows its own.
    """

    def __init__(self, secret: bytes, url: str) -> None:
        if not secret:
            raise ValueError("the secret is empty")
        self._secret = secret
        self._url = url

    def verify(self, request: Request) -> None:
        """Also refused: what was signed more than five minutes ago, or will be."""
        timestamp = request.headers.get(TIMESTAMP, "")
        if abs(request.received_at - _moment(timestamp)) > WINDOW:
            raise Unverified("The timestamp is too far from now.")
        expected = sign(self._secret, request.method, self._url, request.body, timestamp)
        given = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise Unverified("The signature does not fit.")

    def parse(self, request: Request) -> Sequence[TicketEvent]:
        try:
            told = _ALL.validate_json(request.body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "body"
            raise BadPayload(field, "is not as HubSpot's webhooks have it") from None
        return tuple(gone for one in told for gone in _gone(one, request.received_at))


def _gone(told: Told, received: datetime) -> Iterator[TicketGone]:
    """Of a merge: all that went into the one that goes on, which may be a new one."""
    what, _, happened = told.kind.partition(".")
    if what != "ticket" and (what, told.object_type) != ("object", _TICKETS):
        return
    at = datetime.fromtimestamp(told.at / 1000, UTC) if told.at else received
    if happened == "deletion" and told.object is not None:
        yield TicketGone(ticket=told.object, at=at)
    if happened == "merge":
        into = told.new or told.primary
        for each in dict.fromkeys((*told.merged, told.primary)):
            if each is not None and into is not None and each != into:
                yield TicketGone(ticket=each, at=at, into=into)


def _moment(timestamp: str) -> datetime:
    """Milliseconds since 1970."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 14):
        raise Unverified("The timestamp is missing or no time.")
    return datetime.fromtimestamp(int(timestamp) / 1000, UTC)
