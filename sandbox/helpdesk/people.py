"""What the page of the sandbox sees of the helpdesk, and what its people do there."""

from typing import Any

from sandbox.helpdesk import errors
from sandbox.helpdesk.accounts import RITA, SORIN, STAFF, User
from sandbox.helpdesk.entities import moment
from sandbox.helpdesk.world import PRIORITIES, STATUSES, Comment, Ticket, Update, World

_SHOWN_AT_MOST = 200

Json = dict[str, Any]


def state(world: World) -> Json:
    """The newest 200 tickets, the newest first, and who works here."""
    tickets = dump(world)[-_SHOWN_AT_MOST:]
    return {
        "agents": [{"acct": _acct(user), "name": user.name} for user in (RITA, SORIN)],
        "statuses": list(STATUSES[:-1]),
        "priorities": list(PRIORITIES),
        "tickets": tickets[::-1],
    }


def act(world: World, given: Json) -> Json:
    """Do what somebody of the helpdesk does on the page; the answer names the ticket.

    Types: reply (for the customer), note (for colleagues), both with `text` and perhaps a new
    `status`; set (`status`, `priority`, `assignee`); solve; close; merge (`into`); delete.
    """
    who, ticket = _who(given), world.there(_id(given, "ticket"))
    match given.get("type"):
        case "reply" | "note" as kind:
            _write(world, ticket, given, who, public=kind == "reply")
        case "set":
            world.update(ticket, Update(author=who, changes=_fields(given)))
        case "solve" | "close" as kind:
            status = {"solve": "solved", "close": "closed"}[kind]
            world.update(ticket, Update(author=who, changes={"status": status}))
        case "merge":
            world.merge(ticket, world.there(_id(given, "into")), who)
        case "delete":
            world.delete(ticket, who)
        case _:
            raise errors.invalid("type", "must be reply, note, set, solve, close, merge or delete")
    return {"ok": True, "id": str(ticket.id)}


def dump(world: World) -> list[Json]:
    """Every living ticket, oldest first, as tests want to see it."""
    return [_ticket(one, world) for one in world.living()]


def _write(world: World, ticket: Ticket, given: Json, who: User, *, public: bool) -> None:
    words = given.get("text")
    if not isinstance(words, str) or not words.strip():
        raise errors.invalid("text", "cannot be blank")
    update = Update(author=who, changes=_fields(given), body=words, public=public)
    world.update(ticket, update)


def _fields(given: Json) -> Json:
    """The new values that somebody chose."""
    changes = {name: given[name] for name in ("status", "priority") if given.get(name)}
    for name, known in (("status", STATUSES[:-1]), ("priority", PRIORITIES)):
        if changes.get(name) not in (None, *known):
            raise errors.invalid(name, "is not included in the list")
    if given.get("assignee"):
        changes["assignee_id"] = _staff(given["assignee"]).id
    return changes


def _ticket(one: Ticket, world: World) -> Json:
    assignee = world.users.get(one.fields.assignee_id or 0)
    return {
        "id": str(one.id),
        "subject": one.fields.subject,
        "requester": one.requester.name,
        "status": one.fields.status,
        "priority": one.fields.priority,
        "assignee": assignee.email if assignee else None,
        "tags": list(one.fields.tags),
        "external_id": one.fields.external_id,
        "follows": str(one.follows) if one.follows else None,
        "merged_into": str(one.merged_into) if one.merged_into else None,
        "created_at": moment(one.created_at),
        "updated_at": moment(one.updated_at),
        "entries": [_entry(comment) for comment in one.comments()],
    }


def _entry(comment: Comment) -> Json:
    return {
        "id": str(comment.id),
        "author": comment.author.name,
        "text": comment.body,
        "public": comment.public,
        "created_at": moment(comment.at),
    }


def _who(given: Json) -> User:
    return _staff(given.get("as", ""))


def _staff(acct: object) -> User:
    user = STAFF.get(acct) if isinstance(acct, str) else None
    if user is None:
        raise errors.not_found()
    return user


def _acct(user: User) -> str:
    return next(acct for acct, one in STAFF.items() if one == user)


def _id(given: Json, name: str) -> int:
    value = str(given.get(name, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 30 else 0
