"""The API's calls that look things up: users, audits, what changed since then."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Sequence

from sandbox.helpdesk import entities, errors
from sandbox.helpdesk.errors import Refusal
from sandbox.helpdesk.gate import Call, Done, Endpoint
from sandbox.helpdesk.world import Ticket

SETTLED_SECONDS = 60
"""What changed within the last minute is in no export ("Using the Incremental Export API")."""
_EXPORT_PAGE = 1000
_AUDITS_PAGE = 100


def me(call: Call) -> Done:
    return Done({"user": entities.user(call.me)})


def upsert(call: Call) -> Done:
    """A customer, by the external id."""
    given = call.part("user")
    external_id, name = given.get("external_id"), given.get("name")
    if not (isinstance(external_id, str) and external_id):
        raise errors.invalid("external_id", "is missing")
    if not (isinstance(name, str) and name.strip()):
        raise errors.invalid("name", "is too short (minimum one character)")
    return Done({"user": entities.user(call.world.customer(external_id, name))}, 200)


def many(call: Call) -> Done:
    wanted = call.query.get("ids", "").split(",")
    users = [user for user in call.world.users.values() if str(user.id) in wanted]
    return Done({"users": [entities.user(user) for user in users[:100]], "next_page": None})


def searched(call: Call) -> Done:
    """Words of a name or an address; the real search knows more."""
    query = call.query.get("query", "").removeprefix("email:").strip('"').lower()
    users = [u for u in call.world.users.values() if query in f"{u.name} {u.email}".lower()]
    return Done({"users": [entities.user(user) for user in users[:100]], "next_page": None})


def audits(call: Call) -> Done:
    """In the order in which they were made, with cursors (`page[size]`, `page[after]`)."""
    ticket = call.world.there(call.id())
    size = min(int(call.query.get("page[size]", _AUDITS_PAGE)), _AUDITS_PAGE)
    start = _position(call.query.get("page[after]"))
    page = ticket.audits[start : start + size]
    end = start + len(page)
    more = end < len(ticket.audits)
    meta = {"has_more": more, "after_cursor": _cursor(str(end)) if more else None}
    return Done({"audits": [entities.audit(one, ticket.id) for one in page], "meta": meta})


def export(call: Call) -> Done:
    """Tickets by their last change, those deleted too; each once, where it stands now."""
    settled = call.world.clock() - SETTLED_SECONDS
    ordered = sorted(call.world.tickets.values(), key=_place)
    start = bisect_right(ordered, _asked(call, settled), key=_place)
    waiting = [one for one in ordered[start:] if one.generated <= settled]
    page = waiting[: int(call.query.get("per_page", _EXPORT_PAGE))]
    after = _cursor("||".join(map(str, _place(page[-1])))) if page else call.query.get("cursor")
    return Done(
        {
            "tickets": [entities.ticket(one, call.world, call.base) for one in page],
            "after_cursor": after,
            "end_of_stream": len(page) == len(waiting),
        }
    )


def _asked(call: Call, settled: float) -> tuple[int, int]:
    """The place right before the page."""
    if cursor := call.query.get("cursor"):
        generated, _, ticket = _read(cursor).partition("||")
        return int(generated), int(ticket)
    start = call.query.get("start_time", "")
    if not start.isdigit():
        raise Refusal(400, {"error": "InvalidValue", "description": "start_time is missing"})
    if int(start) > settled:
        raise errors.too_recent()
    return int(start) - 1, 2**62


def _place(ticket: Ticket) -> tuple[int, int]:
    return ticket.generated, ticket.id


def _position(cursor: str | None) -> int:
    return int(_read(cursor)) if cursor else 0


def _cursor(place: str) -> str:
    return base64.b64encode(place.encode()).decode()


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(400, {"error": "InvalidPaginationParameter"}) from None


USERS = "/api/v2/users"
ENDPOINTS: Sequence[Endpoint] = (
    Endpoint(method="GET", path=f"{USERS}/me", handler=me),
    Endpoint(method="GET", path=f"{USERS}/show_many", handler=many),
    Endpoint(method="GET", path=f"{USERS}/search", handler=searched),
    Endpoint(method="POST", path=f"{USERS}/create_or_update", handler=upsert),
    Endpoint(method="GET", path="/api/v2/tickets/{id}/audits", handler=audits),
    Endpoint(
        method="GET",
        path="/api/v2/incremental/tickets/cursor",
        handler=export,
        limit="export",
        admin=True,
    ),
)
