"""The API's calls about tickets (developer.zendesk.com, "Tickets").

Stricter than Zendesk: a field that it does not know is refused instead of passed over.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.helpdesk import entities, errors
from sandbox.helpdesk.accounts import User
from sandbox.helpdesk.gate import Call, Done, Endpoint
from sandbox.helpdesk.world import PRIORITIES, STATUSES, Opening, Ticket, Update

_CHANGED = frozenset({"subject", "status", "priority", "assignee_id", "group_id", "tags"})
_UPDATE = _CHANGED | {"comment", "metadata", "safe_update", "updated_stamp"}
_CREATE = _CHANGED | {
    "comment",
    "metadata",
    "external_id",
    "requester_id",
    "via_followup_source_id",
}
_LONGEST_KEY = 255


def create(call: Call) -> Done:
    given = call.part("ticket")
    _known(given, _CREATE)
    if call.key is None:
        return _shown(call, _opened(call, given), 201)
    if len(call.key) > _LONGEST_KEY:
        raise errors.invalid("idempotency-key", "is too long")
    if known := call.world.repeated(call.key, call.raw):
        return _shown(call, known, 201, {"x-idempotency-lookup": "hit"})
    ticket = _opened(call, given)
    return _shown(call, ticket, 201, {"x-idempotency-lookup": "miss"})


def update(call: Call) -> Done:
    given, ticket = call.part("ticket"), call.world.there(call.id())
    _known(given, _UPDATE)
    if ticket.fields.status == "closed":
        raise errors.closed()
    if given.get("safe_update") and given.get("updated_stamp") != entities.moment(
        ticket.updated_at
    ):
        raise errors.conflict()
    call.world.update(ticket, _update(call, given))
    return _shown(call, ticket, 200)


def show(call: Call) -> Done:
    return _shown(call, call.world.there(call.id()), 200)


def listed(call: Call) -> Done:
    """With `external_id` only the tickets of exactly this one: it need not be unique."""
    wanted = call.query.get("external_id")
    found = [t for t in call.world.living() if wanted in (None, t.fields.external_id)]
    tickets = [entities.ticket(one, call.world, call.base) for one in found[:100]]
    return Done({"tickets": tickets, "count": len(found), "next_page": None})


def _opened(call: Call, given: Mapping[str, Any]) -> Ticket:
    update = _update(call, given)
    if update.body is None:
        raise errors.invalid("comment", "cannot be blank")
    opening = Opening(
        requester=_requester(call, given), update=update, follows=_followed(call, given)
    )
    return call.world.open(opening, key=call.key, content=call.raw)


def _requester(call: Call, given: Mapping[str, Any]) -> User:
    """Without one it is who asks, as for an agent who writes a ticket of their own."""
    user = call.world.users.get(given.get("requester_id", call.me.id))
    if user is None:
        raise errors.invalid("requester", "is invalid")
    return user


def _followed(call: Call, given: Mapping[str, Any]) -> int | None:
    if "via_followup_source_id" not in given:
        return None
    source = call.world.there(int(given["via_followup_source_id"]))
    if source.fields.status != "closed":
        raise errors.invalid("via_followup_source_id", "is not a closed ticket")
    return source.id


def _update(call: Call, given: Mapping[str, Any]) -> Update:
    comment = given.get("comment") or {}
    body = comment.get("body")
    if "comment" in given and not (isinstance(body, str) and body.strip()):
        raise errors.invalid("comment", "cannot be blank")
    return Update(
        author=call.me,
        changes=_changes(call, given),
        body=body,
        public=bool(comment.get("public", True)),
        custom=given.get("metadata") or {},
    )


def _changes(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    changes = {k: v for k, v in given.items() if k in _CHANGED or k == "external_id"}
    _one_of(changes, "status", STATUSES[:-1])
    _one_of(changes, "priority", PRIORITIES)
    if (assignee := changes.get("assignee_id")) is not None:
        user = call.world.users.get(assignee)
        if user is None or not user.staff:
            raise errors.invalid("assignee", "is not an agent")
    if "tags" in changes:
        words = " ".join(changes["tags"]).lower().split()
        changes["tags"] = tuple(dict.fromkeys(words))
    return changes


def _one_of(changes: Mapping[str, Any], name: str, known: tuple[str, ...]) -> None:
    if changes.get(name) not in (None, *known):
        raise errors.invalid(name, "is not included in the list")


def _known(given: Mapping[str, Any], names: frozenset[str]) -> None:
    for name in given:
        if name not in names:
            raise errors.invalid(name, "is not known")


def _shown(
    call: Call, ticket: Ticket, status: int, headers: Mapping[str, str] | None = None
) -> Done:
    body = {
        "ticket": entities.ticket(ticket, call.world, call.base),
        "audit": entities.audit(ticket.audits[-1], ticket.id),
    }
    return Done(body, status, headers or {})


ONE = "/api/v2/tickets/{id}"
ENDPOINTS = (
    Endpoint(method="POST", path="/api/v2/tickets", handler=create),
    Endpoint(method="GET", path="/api/v2/tickets", handler=listed),
    Endpoint(method="GET", path=ONE, handler=show),
    Endpoint(method="PUT", path=ONE, handler=update, limit="update"),
)
