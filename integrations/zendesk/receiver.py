"""What Zendesk's webhook tells of our tickets. Asks nobody."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from inbox.errors import BadPayload, Unverified
from inbox.ports import Commented, Request, TicketChanged, TicketEvent, TicketGone
from integrations.adopted import Adopted
from integrations.zendesk.api import Zendesk
from integrations.zendesk.convert import MERGED, Vocabulary, is_ours
from integrations.zendesk.wire import Detail, Told, Written

SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
WINDOW = timedelta(minutes=5)

_PREFIX = "zen:event-type:ticket."
_STATES = frozenset({"status_changed", "priority_changed", "agent_assignment_changed"})
_ENDS = frozenset({"soft_deleted", "permanently_deleted", "marked_as_spam"})


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of the timestamp and the body with nothing between, in base64 ("Verifying
    webhook authenticity").
    """
    return base64.b64encode(hmac.digest(secret, timestamp.encode() + body, "sha256")).decode()


class Receiver:
    """Implements inbox.ports.TicketReceiver. Raises ValueError for an empty secret."""

    def __init__(
        self, secret: bytes, zendesk: Zendesk, adopted: Adopted, words: Vocabulary
    ) -> None:
        if not secret:
            raise ValueError("the secret is empty")
        self._secret = secret
        self._zendesk = zendesk
        self._adopted = adopted
        self._words = words

    def verify(self, request: Request) -> None:
        """Also refused: what was signed more than five minutes ago, or will be."""
        timestamp = request.headers.get(TIMESTAMP, "")
        if abs(request.received_at - _moment(timestamp)) > WINDOW:
            raise Unverified("The timestamp is too far from now.")
        expected = sign(self._secret, timestamp, request.body)
        given = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise Unverified("The signature does not fit.")

    def parse(self, request: Request) -> Sequence[TicketEvent]:
        told = _read(request.body)
        me = self._zendesk.known_me()
        # Whoever wrote a ticket knows who they are, so without it no ticket is ours.
        if me is None or not is_ours(told.detail, self._adopted.ids()):
            return ()
        event = self._happened(told, me)
        return () if event is None else (event,)

    def _happened(self, told: Told, me: int) -> TicketEvent | None:
        kind, detail = told.type.removeprefix(_PREFIX), told.detail
        if kind == "comment_added" and told.event.comment is not None:
            return _commented(told, told.event.comment, me)
        if kind in _STATES and detail.actor_id != me and MERGED not in detail.tags:
            return self._state(detail)
        if kind == "merged":
            return self._merged(told)
        if kind in _ENDS:
            return TicketGone(ticket=str(detail.id), at=detail.updated_at)
        return None

    def _state(self, detail: Detail) -> TicketChanged | None:
        """None where the assignee is somebody whom we never met: the next look asks and tells."""
        assignee = None
        if detail.assignee_id is not None:
            user = self._zendesk.known(detail.assignee_id)
            if user is None:
                return None
            assignee = user.email
        return TicketChanged(
            ticket=str(detail.id),
            status=self._words.status(detail.status),
            at=detail.updated_at,
            priority=self._words.priorities.ours(detail.priority),
            assignee=assignee,
        )

    def _merged(self, told: Told) -> TicketGone:
        into = told.event.target_ticket_id
        if into is not None:
            self._adopted.add(str(into))
        return TicketGone(
            ticket=str(told.detail.id),
            at=told.detail.updated_at,
            into=None if into is None else str(into),
        )


def _commented(told: Told, written: Written, me: int) -> Commented | None:
    if written.author.id == me:
        return None
    return Commented(
        ticket=str(told.detail.id),
        id=str(written.id),
        author=written.author.name or "Somebody",
        text=written.body,
        # What a customer wrote there by themselves is no answer to them.
        public=written.is_public and written.author.is_staff,
        at=told.time,
    )


def _read(body: bytes) -> Told:
    try:
        return Told.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadPayload(field, "is not as Zendesk's ticket events have it") from None


def _moment(timestamp: str) -> datetime:
    try:
        at = datetime.fromisoformat(timestamp)
    except ValueError:
        raise Unverified("The timestamp is missing or no time.") from None
    if at.tzinfo is None:
        raise Unverified("The timestamp has no zone.")
    return at
