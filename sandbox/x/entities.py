"""The JSON objects of the X API v2: only the fields that a request asks for, as X does it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.x import text
from sandbox.x.accounts import BY_ID, CLOSED_TO_MESSAGES, EVERYBODY, Account
from sandbox.x.world import Dm, Post, World

Json = dict[str, Any]


def moment(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")


def post(one: Post, world: World, wanted: frozenset[str]) -> Json:
    """A Post with its default fields and the `tweet.fields` that are wanted."""
    full = text.length(one.words) > text.MOST
    short = _cut(one.words) if full else one.words
    everything: Json = {
        "author_id": EVERYBODY[one.author].id,
        "created_at": moment(one.created_at),
        "conversation_id": str(one.root),
        "lang": one.language,
        "entities": entities(short, one),
        "referenced_tweets": _referenced(one),
        "in_reply_to_user_id": _answered(one, world),
        "attachments": {"media_keys": [picture.key for picture in one.pictures]},
        "note_tweet": {"text": text.shortened(one.words), "entities": entities(one.words, one)},
    }
    absent = {
        "referenced_tweets": not everything["referenced_tweets"],
        "in_reply_to_user_id": everything["in_reply_to_user_id"] is None,
        "attachments": not one.pictures,
        "note_tweet": not full,
        "entities": not everything["entities"],
    }
    base = {
        "id": str(one.id),
        "text": text.shortened(short),
        "edit_history_tweet_ids": [str(version) for version in one.history],
    }
    return base | {k: v for k, v in everything.items() if k in wanted and not absent.get(k)}


def entities(words: str, one: Post) -> Json:
    found: Json = {}
    if urls := [
        {"url": link.short, "expanded_url": link.target, "display_url": link.target[8:34]}
        for link in text.links(words)
    ]:
        found["urls"] = urls
    if names := [name for name in text.mentions(words) if name in EVERYBODY]:
        found["mentions"] = [{"username": n, "id": EVERYBODY[n].id} for n in names]
    return found


def user(account: Account, wanted: frozenset[str]) -> Json:
    everything: Json = {
        "verified": account.acct == "yuki",
        "verified_type": "blue" if account.acct == "yuki" else "none",
        "public_metrics": {
            "followers_count": account.followers,
            "following_count": account.following,
        },
        "receives_your_dm": account.acct not in CLOSED_TO_MESSAGES,
        "affiliation": {"description": "Automated"} if account.bot else {},
        "created_at": moment(account.created_at.timestamp()),
        "description": account.note,
    }
    base = {"id": account.id, "name": account.display_name, "username": account.acct}
    return base | {name: value for name, value in everything.items() if name in wanted}


def media(one: Post) -> list[Json]:
    return [
        {"media_key": p.key, "type": p.type, "url": p.url, "alt_text": p.alt} for p in one.pictures
    ]


def message(dm: Dm, wanted: frozenset[str]) -> Json:
    """A DM event with its default fields (id, event_type, text) and those that are wanted."""
    everything: Json = {
        "sender_id": EVERYBODY[dm.sender].id,
        "created_at": moment(dm.created_at),
        "dm_conversation_id": dm.conversation,
        "entities": {"urls": _dm_links(dm)} if text.links(dm.words) else None,
    }
    base = {"id": str(dm.id), "event_type": "MessageCreate", "text": text.shortened(dm.words)}
    return base | {k: v for k, v in everything.items() if k in wanted and v is not None}


def listing(data: list[Json], includes: Mapping[str, list[Json]], token: str | None) -> Json:
    """A page: an empty one has no `data` at all."""
    meta: Json = {"result_count": len(data)}
    if data:
        meta |= {"newest_id": data[0]["id"], "oldest_id": data[-1]["id"]}
    if token:
        meta["next_token"] = token
    filled = {name: found for name, found in includes.items() if found}
    body: Json = {"data": data} if data else {}
    return body | ({"includes": filled} if filled else {}) | {"meta": meta}


def users(ids: Iterable[str], wanted: frozenset[str]) -> list[Json]:
    return [user(BY_ID[id_], wanted) for id_ in dict.fromkeys(ids)]


def _dm_links(dm: Dm) -> list[Json]:
    return [{"url": link.short, "expanded_url": link.target} for link in text.links(dm.words)]


def _referenced(one: Post) -> list[Json]:
    kinds = (("replied_to", one.in_reply_to), ("quoted", one.quotes))
    return [{"type": kind, "id": str(id_)} for kind, id_ in kinds if id_]


def _answered(one: Post, world: World) -> str | None:
    parent = world.posts.get(one.in_reply_to or 0)
    return EVERYBODY[parent.author].id if parent else None


def _cut(words: str) -> str:
    return f"{words[:270]}… https://t.co/more"
