"""The calls that read and write direct messages."""

from sandbox.x import entities, errors
from sandbox.x.accounts import EVERYBODY
from sandbox.x.entities import Json
from sandbox.x.gate import Call, Endpoint
from sandbox.x.world import Dm, person

MOST_CHARACTERS = 10_000
_PARAMETERS = frozenset(
    {
        "dm_event.fields",
        "event_types",
        "expansions",
        "max_results",
        "media.fields",
        "pagination_token",
        "tweet.fields",
        "user.fields",
    }
)


def all_of_mine(call: Call) -> Json:
    return _page(call, call.world.messages_of(call.me.acct))


def with_one(call: Call) -> Json:
    other = person(call.path["id"])
    found = call.world.messages_of(call.me.acct)
    return _page(call, [dm for dm in found if other in (dm.sender, dm.to)])


def create(call: Call) -> Json:
    words = call.body.get("text")
    if not isinstance(words, str) or not 0 < len(words) <= MOST_CHARACTERS:
        raise errors.invalid("text must have between 1 and 10000 characters")
    dm = call.world.message(call.me.acct, person(call.path["id"]), words, through_api=True)
    call.charge("dm", 15_000, "")
    return {"data": {"dm_conversation_id": dm.conversation, "dm_event_id": str(dm.id)}}


def _page(call: Call, found: list[Dm]) -> Json:
    most = call.query.get("max_results", "100")
    if not most.isdigit() or not 1 <= int(most) <= 100:
        raise errors.invalid("max_results must be between 1 and 100")
    token = call.query.get("pagination_token") or "0"
    start = next((i for i, dm in enumerate(found) if dm.id < int(token)), len(found))
    start = start if token != "0" else 0
    page = found[start : start + int(most)]
    more = len(found) > start + int(most)
    for dm in page:
        call.charge("dm", 10_000, str(dm.id))
    senders = (EVERYBODY[dm.sender].id for dm in page)
    includes = entities.users(senders, call.fields("user.fields"))
    wanted = call.fields("dm_event.fields")
    return entities.listing(
        [entities.message(dm, wanted) for dm in page],
        {"users": includes if "sender_id" in call.fields("expansions") else []},
        str(page[-1].id) if more else None,
    )


ENDPOINTS = (
    Endpoint(
        method="GET", path="/2/dm_events", handler=all_of_mine, limit=15, parameters=_PARAMETERS
    ),
    Endpoint(
        method="GET",
        path="/2/dm_conversations/with/{id}/dm_events",
        handler=with_one,
        limit=15,
        parameters=_PARAMETERS,
    ),
    Endpoint(
        method="POST",
        path="/2/dm_conversations/with/{id}/messages",
        handler=create,
        limit=15,
        created=True,
    ),
)
