"""Tickets, users and audits as the API shows them (developer.zendesk.com, "Ticketing")."""

from datetime import UTC, datetime
from typing import Any

from sandbox.helpdesk.accounts import User
from sandbox.helpdesk.world import Audit, Change, Comment, Ticket, World

Json = dict[str, Any]


def moment(at: float) -> str:
    """A time as the API writes it: to the second, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ticket(one: Ticket, world: World, base: str) -> Json:
    comments = list(one.comments())
    followed = [other.id for other in world.tickets.values() if other.follows == one.id]
    fields = one.fields
    return {
        "id": one.id,
        "url": f"{base}/api/v2/tickets/{one.id}.json",
        "external_id": fields.external_id,
        "subject": fields.subject,
        "description": comments[0].body if comments else "",
        "status": fields.status,
        "priority": fields.priority,
        "requester_id": one.requester.id,
        "submitter_id": one.submitter.id,
        "assignee_id": fields.assignee_id,
        "group_id": fields.group_id,
        "tags": list(fields.tags),
        "is_public": any(comment.public for comment in comments),
        "followup_ids": followed,
        "via": _via(one),
        "created_at": moment(one.created_at),
        "updated_at": moment(one.updated_at),
        "generated_timestamp": one.generated,
    }


def user(one: User) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "role": one.role,
        "external_id": one.external_id,
        "active": True,
    }


def audit(one: Audit, ticket_id: int) -> Json:
    return {
        "id": one.id,
        "ticket_id": ticket_id,
        "created_at": moment(one.at),
        "author_id": one.author.id,
        "metadata": {"system": {"ip_address": "192.0.2.1"}, "custom": dict(one.custom)},
        "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
        "events": [_comment(e) if isinstance(e, Comment) else _change(e) for e in one.events],
    }


def _comment(one: Comment) -> Json:
    return {
        "id": one.id,
        "type": "Comment",
        "author_id": one.author.id,
        "body": one.body,
        "public": one.public,
        "attachments": [],
    }


def _change(one: Change) -> Json:
    value, previous = (list(v) if isinstance(v, tuple) else v for v in (one.value, one.previous))
    if one.previous is None:
        return {"id": one.id, "type": "Create", "field_name": one.field, "value": value}
    return {
        "id": one.id,
        "type": "Change",
        "field_name": one.field,
        "value": value,
        "previous_value": previous,
    }


def _via(one: Ticket) -> Json:
    if one.follows is None:
        return {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
    source = {"from": {"ticket_id": one.follows}, "to": {}, "rel": "follow_up"}
    return {"channel": "api", "source": source}
