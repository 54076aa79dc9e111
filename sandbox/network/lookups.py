"""The API's calls about notifications, accounts, conversations, search and the server."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response

from sandbox.bodies import Answer
from sandbox.network import errors
from sandbox.network.accounts import BY_ID, EVERYBODY, Account
from sandbox.network.entities import instance_v1, instance_v2, relationship
from sandbox.network.gate import Call, Endpoint
from sandbox.network.paging import Cursor, link_header
from sandbox.network.world import Status


def verify_credentials(call: Call) -> Response:
    return Answer(call.entities.credentials(call.me))


def application(call: Call) -> Response:
    return Answer({"id": "1", "name": "Tierdesk", "scopes": sorted(call.scopes)})


def notifications(call: Call) -> Response:
    told, args = call.world.told(call.me.acct), call.args
    types, excluded = set(args.all("types")), set(args.all("exclude_types"))
    from_id, all_of_it = args.get("account_id"), args.flag("include_filtered")

    def wanted(id_: int) -> bool:
        notification = told[id_]
        if not all_of_it and _unasked(call, call.world.statuses[notification.status]):
            return False
        if from_id and EVERYBODY[notification.who].id != from_id:
            return False
        return (not types or notification.type in types) and notification.type not in excluded

    return _paged(call, list(told), wanted, lambda i: call.entities.notification(told[i]), 40)


def notification(call: Call) -> Response:
    found = call.world.told(call.me.acct).get(call.id())
    if found is None:
        raise errors.not_found()
    return Answer(call.entities.notification(found))


def account(call: Call) -> Response:
    return Answer(call.entities.account(_account(call)))


def lookup(call: Call) -> Response:
    acct = call.args.get("acct").lower().removeprefix("@").partition("@")[0]
    if acct not in EVERYBODY:
        raise errors.not_found()
    return Answer(call.entities.account(EVERYBODY[acct]))


def account_statuses(call: Call) -> Response:
    author = _account(call)
    args, world = call.args, call.world
    nothing = args.flag("pinned") or args.flag("only_media")

    def wanted(id_: int) -> bool:
        status = world.statuses[id_]
        if nothing or not status.seen_by(call.me.acct):
            return False
        if args.flag("exclude_direct") and status.visibility == "direct":
            return False
        if tag := args.get("tagged"):
            return tag.lower() in status.tags
        return not (args.flag("exclude_replies") and _answers_another(call, status))

    def entity(id_: int) -> Any:
        return call.entities.status(world.statuses[id_])

    return _paged(call, world.by_author[author.acct], wanted, entity, 20)


def relationships(call: Call) -> Response:
    return Answer([relationship(i) for i in call.args.all("id") if i in BY_ID])


def conversations(call: Call) -> Response:
    newest = _newest_of_conversations(call)

    def entity(id_: int) -> Any:
        return _conversation(call, call.world.statuses[id_])

    return _paged(call, sorted(newest), lambda _: True, entity, 20)


def read_conversation(call: Call) -> Response:
    for id_ in _newest_of_conversations(call):
        status = call.world.statuses[id_]
        if status.root == call.id():
            call.world.read_conversations.add((call.me.acct, id_))
            return Answer(_conversation(call, status))
    raise errors.not_found()


def search(call: Call) -> Response:
    query, kind = call.args.get("q").strip(), call.args.get("type")
    statuses = [] if kind in ("accounts", "hashtags") else _found_statuses(call, query)
    people = [] if kind in ("statuses", "hashtags") else _found_accounts(query)
    return Answer(
        {
            "accounts": [call.entities.account(a) for a in people],
            "statuses": call.entities.statuses(statuses),
            "hashtags": [],
        }
    )


def instance_two(call: Call) -> Response:
    return Answer(instance_v2(call.base, urlsplit(call.base).netloc))


def instance_one(call: Call) -> Response:
    domain = urlsplit(call.base).netloc
    return Answer(instance_v1(call.base, domain, len(call.world.statuses)))


def _paged(
    call: Call,
    ascending: Sequence[int],
    wanted: Callable[[int], bool],
    entity: Callable[[int], Any],
    default: int,
) -> Response:
    cursor = Cursor.asked(call.args, default=default)
    ids = cursor.page(ascending, wanted)
    links = link_header(call.url, call.args, cursor, ids)
    return Answer([entity(id_) for id_ in ids], headers=links)


def _account(call: Call) -> Account:
    found = BY_ID.get(call.args.get("id"))
    if found is None:
        raise errors.not_found()
    return found


def _unasked(call: Call, status: Status) -> bool:
    """What a new account's notification policy filters: private mentions that answer nothing."""
    parent = call.world.parent(status)
    answers = parent is not None and call.me.acct in (parent.author, *parent.mentions)
    return status.visibility == "direct" and not answers


def _answers_another(call: Call, status: Status) -> bool:
    parent = call.world.parent(status)
    return parent is not None and parent.author != status.author


def _newest_of_conversations(call: Call) -> list[int]:
    """The newest direct status of each conversation that the account takes part in."""
    newest: dict[tuple[int, frozenset[str]], int] = {}
    for id_ in call.world.direct_of[call.me.acct]:
        status = call.world.statuses[id_]
        if not status.deleted:
            newest[status.root, frozenset((status.author, *status.mentions))] = id_
    return list(newest.values())


def _conversation(call: Call, last: Status) -> Any:
    others = [n for n in dict.fromkeys((last.author, *last.mentions)) if n != call.me.acct]
    read = (call.me.acct, last.id) in call.world.read_conversations
    return {
        "id": str(last.root),
        "unread": last.author != call.me.acct and not read,
        "accounts": [call.entities.account(EVERYBODY[name]) for name in others],
        "last_status": call.entities.status(last),
    }


def _found_statuses(call: Call, query: str) -> list[Status]:
    world, me = call.world, call.me.acct
    if query.startswith(("http://", "https://")):
        last = query.rstrip("/").rpartition("/")[2]
        status = world.statuses.get(int(last)) if last.isascii() and last.isdigit() else None
        return [status] if status is not None and status.seen_by(me) else []
    words = query.casefold()
    newest = reversed(world.statuses.values()) if words else ()
    found = (s for s in newest if words in s.now.text.casefold() and s.seen_by(me))
    return list(islice(found, min(call.args.number("limit") or 20, 40)))


def _found_accounts(query: str) -> list[Account]:
    words = query.casefold().removeprefix("@")
    everybody = EVERYBODY.values()
    return [a for a in everybody if words and words in f"{a.acct} {a.display_name}".casefold()]


def _get(path: str, handler: Callable[[Call], Response], scope: str | None) -> Endpoint:
    return Endpoint(method="GET", path=path, handler=handler, scope=scope)


ENDPOINTS = (
    _get("/api/v1/apps/verify_credentials", application, ""),
    _get("/api/v1/accounts/verify_credentials", verify_credentials, "read:accounts"),
    _get("/api/v1/accounts/lookup", lookup, "read:accounts"),
    _get("/api/v1/accounts/relationships", relationships, "read:follows"),
    _get("/api/v1/accounts/{id}", account, "read:accounts"),
    _get("/api/v1/accounts/{id}/statuses", account_statuses, "read:statuses"),
    _get("/api/v1/notifications", notifications, "read:notifications"),
    _get("/api/v1/notifications/{id}", notification, "read:notifications"),
    _get("/api/v1/conversations", conversations, "read:statuses"),
    _get("/api/v2/search", search, "read:search"),
    Endpoint(
        method="POST",
        path="/api/v1/conversations/{id}/read",
        handler=read_conversation,
        scope="write:conversations",
    ),
    _get("/api/v2/instance", instance_two, None),
    _get("/api/v1/instance", instance_one, None),
)
