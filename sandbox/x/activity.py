"""Events as the X Activity API delivers them to a webhook, and their signature."""

import base64
import hashlib
import hmac
from typing import Any

from sandbox.x import entities
from sandbox.x.accounts import BRAND, EVERYBODY
from sandbox.x.world import Dm, Post, World

Json = dict[str, Any]

_POST_FIELDS = frozenset(
    {
        "author_id",
        "created_at",
        "conversation_id",
        "lang",
        "entities",
        "referenced_tweets",
        "in_reply_to_user_id",
        "note_tweet",
    }
)
_USER_FIELDS = frozenset({"verified", "verified_type", "public_metrics", "affiliation"})


def posted(one: Post, world: World, event_type: str) -> Json:
    """`post.mention.create`, `post.reply.create`, `post.quote.create` or `post.create`."""
    author = entities.user(EVERYBODY[one.author], _USER_FIELDS)
    payload = entities.post(one, world, _POST_FIELDS)
    return _event(event_type, payload, f"{one.id}", {"users": [author], "tweets": [payload]})


def deleted(one: Post) -> Json:
    """`post.delete`: here X wraps its users once more."""
    author = EVERYBODY[one.author]
    payload = {"id": str(one.id), "author_id": author.id}
    users = [{"data": entities.user(author, _USER_FIELDS)}]
    return _event("post.delete", payload, f"-{one.id}", {"users": users})


def messaged(dm: Dm) -> Json:
    """`dm.received` or `dm.sent`, whose payload has the form of the API v1.1."""
    sender, to = EVERYBODY[dm.sender], EVERYBODY[dm.to]
    created = {
        "target": {"recipient_id": to.id},
        "sender_id": sender.id,
        "message_data": {"text": dm.words, "entities": {"urls": []}},
    }
    payload = {
        "direct_message_events": [
            {
                "type": "message_create",
                "id": str(dm.id),
                "created_timestamp": str(int(dm.created_at * 1000)),
                "message_create": created,
            }
        ],
        "users": {one.id: {"data": entities.user(one, _USER_FIELDS)} for one in (sender, to)},
    }
    kind = "dm.sent" if dm.sender == BRAND.acct else "dm.received"
    return _event(kind, payload, f"-{dm.id}", None)


def signature(body: bytes, consumer_secret: str) -> str:
    """The header `x-twitter-webhooks-signature`, and the answer to a CRC token."""
    digest = hmac.new(consumer_secret.encode(), body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


def _event(event_type: str, payload: Json, uuid: str, includes: Json | None) -> Json:
    data: Json = {
        "event_uuid": uuid,
        "filter": {"user_id": BRAND.id},
        "event_type": event_type,
        "tag": "care",
        "payload": payload,
    }
    return {"data": data | ({"includes": includes} if includes else {})}
