"""Ticket events as a webhook delivers them (developer.zendesk.com, "Ticket events")."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from sandbox.helpdesk.accounts import SIGNING_SECRET
from sandbox.helpdesk.entities import moment
from sandbox.helpdesk.world import Audit, Change, Comment, Ticket

Json = dict[str, Any]

TIMEOUT_SECONDS = 12.0
_TRIES = 3
_KEPT = 1_000
_NAMES = {
    "status": "status_changed",
    "priority": "priority_changed",
    "assignee_id": "agent_assignment_changed",
    "tags": "tags_changed",
}
_ENDS = {"created": "created", "merged": "merged", "deleted": "soft_deleted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One signed request; header names as they are sent."""

    body: bytes
    headers: Mapping[str, str]


def signature(timestamp: str, body: bytes, secret: str = SIGNING_SECRET) -> str:
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def deliveries(ticket: Ticket, audit: Audit, kind: str) -> Iterator[Delivery]:
    """One for each thing that an update did."""
    for name, event in _events(ticket, audit, kind):
        told = {
            "account_id": 22129848,
            "id": f"{audit.id}-{name}",
            "time": moment(audit.at),
            "type": f"zen:event-type:ticket.{name}",
            "zendesk_event_version": "2022-11-06",
            "subject": f"zen:ticket:{ticket.id}",
            "detail": _detail(ticket, audit),
            "event": event,
        }
        yield _signed(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"), audit.at)


def _events(ticket: Ticket, audit: Audit, kind: str) -> Iterator[tuple[str, Json]]:
    if name := _ENDS.get(kind):
        yield name, {"target_ticket_id": str(ticket.merged_into)} if kind == "merged" else {}
    for event in audit.events:
        if isinstance(event, Comment):
            yield "comment_added", {"comment": _comment(event)}
        elif kind != "created" and event.field in _NAMES:
            yield _NAMES[event.field], _changed(event)


def _comment(comment: Comment) -> Json:
    author = comment.author
    return {
        "id": str(comment.id),
        "body": comment.body,
        "is_public": comment.public,
        "author": {"id": str(author.id), "is_staff": author.staff, "name": author.name},
    }


def _changed(change: Change) -> Json:
    if change.field == "tags":
        new, old = set(change.value), set(change.previous)
        return {"tags_added": sorted(new - old), "tags_removed": sorted(old - new)}
    return {"current": _loud(change.value), "previous": _loud(change.previous)}


def _detail(ticket: Ticket, audit: Audit) -> Json:
    fields = ticket.fields
    return {
        "actor_id": str(audit.author.id),
        "assignee_id": _loud(fields.assignee_id),
        "created_at": moment(ticket.created_at),
        "external_id": fields.external_id,
        "id": str(ticket.id),
        "is_public": any(comment.public for comment in ticket.comments()),
        "priority": _loud(fields.priority),
        "requester_id": str(ticket.requester.id),
        "status": _loud(fields.status),
        "subject": fields.subject,
        "submitter_id": str(ticket.submitter.id),
        "tags": list(fields.tags),
        "updated_at": moment(ticket.updated_at),
        "via": {"channel": "web_service"},
    }


def _loud(value: object) -> str | None:
    """Events write what an enumeration holds in capitals, and numbers as texts."""
    return None if value is None else str(value).upper()


def _signed(body: bytes, at: float) -> Delivery:
    stamp = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Signature": signature(stamp, body),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Invocation-Id": hashlib.sha256(body).hexdigest()[:26].upper(),
    }
    return Delivery(body=body, headers=headers)


class Postman:
    """Brings what happened to `callback`, one after another, the newest 1,000 at most."""

    def __init__(self) -> None:
        self.callback: str | None = None
        self.sent: deque[Delivery] = deque(maxlen=_KEPT)
        self._waiting: deque[Delivery] = deque(maxlen=_KEPT)
        self._walk: asyncio.Task[None] | None = None

    def tell(self, ticket: Ticket, audit: Audit, kind: str) -> None:
        for delivery in deliveries(ticket, audit, kind):
            self.sent.append(delivery)
            self._waiting.append(delivery)

    def clear(self) -> None:
        self.sent.clear()
        self._waiting.clear()

    def go(self) -> None:
        """Begin a walk where there is an address and something to bring; needs a running loop."""
        if self.callback is None:
            self._waiting.clear()
        elif self._waiting and (self._walk is None or self._walk.done()):
            self._walk = asyncio.get_running_loop().create_task(self._bring(self.callback))

    async def _bring(self, callback: str) -> None:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            while self._waiting:
                await _brought(client, callback, self._waiting.popleft())


async def _brought(client: httpx.AsyncClient, callback: str, delivery: Delivery) -> None:
    """Tried again only where nobody answered, or with 409 (Zendesk's own rule)."""
    for _ in range(_TRIES):
        try:
            headers = dict(delivery.headers)
            answer = await client.post(callback, content=delivery.body, headers=headers)
        except httpx.TransportError:
            continue
        if answer.status_code != 409:
            return
