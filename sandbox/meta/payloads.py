"""Webhook bodies, as Meta sends them: one entry each, put together into batches later. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sandbox.meta.accounts import (
    APP,
    BUSINESS,
    INBOX_APP,
    INSTAGRAM,
    INSTAGRAM_NAME,
    PAGE,
    PHONE,
    THREADS,
    THREADS_NAME,
)
from sandbox.meta.moments import iso
from sandbox.network.accounts import BRAND

if TYPE_CHECKING:
    from sandbox.meta.world import Comment, Letter, World

Json = dict[str, Any]


def commented(world: World, comment: Comment, verb: str) -> Json:
    """A comment or post, in the form of its network."""
    forms = {"facebook": _feed, "instagram": _instagram, "threads": _threads}
    return forms[comment.network](world, comment, verb)


def wrote(world: World, letter: Letter, payload: str | None) -> Iterator[Json]:
    """A private message; of ours on WhatsApp only what became of it."""
    if letter.network != "whatsapp":
        yield _entry(letter, _messaging(world, letter, payload))
    elif not letter.ours:
        yield _whatsapp(world, letter, payload)
    elif letter.app is None:
        yield _phone_echo(world, letter)
    else:
        yield status(world, letter, "sent")


def unsent(world: World, letter: Letter) -> Json:
    sender, recipient = _ends(world, letter)
    message = {"mid": letter.id, "is_deleted": True}
    return _entry(
        letter,
        {
            "sender": {"id": sender},
            "recipient": {"id": recipient},
            "timestamp": int(world.clock() * 1000),
            "message": message,
        },
    )


def status(world: World, letter: Letter, what: str, code: int | None = None) -> Json:
    """What became of a message that WhatsApp took."""
    person = world.people[letter.person]
    told: Json = {
        "id": letter.id,
        "status": what,
        "timestamp": str(int(world.clock())),
        "recipient_id": person.phone,
        "recipient_user_id": person.wa_user,
    }
    if "key" in letter.extra:
        told["biz_opaque_callback_data"] = letter.extra["key"]
    if code is not None:
        told["errors"] = [{"code": code, "title": "Message undeliverable"}]
    return _of_number({"statuses": [told]})


def _feed(world: World, comment: Comment, verb: str) -> Json:
    value: Json = {
        "from": _from(world, comment.author),
        "post_id": comment.post,
        "verb": verb,
        "created_time": int(comment.created_at),
        "message": comment.text,
    }
    if comment.is_post:
        value |= {"item": "status", "published": 1}
    else:
        value |= {
            "item": "comment",
            "comment_id": comment.id,
            "parent_id": comment.parent or comment.post,
        }
    change = {"field": "feed", "value": value}
    return {"object": "page", "entry": {"id": PAGE, "time": _now(world), "changes": [change]}}


def _instagram(world: World, comment: Comment, verb: str) -> Json:
    """As with Instagram's own login: the value stands on the entry."""
    value: Json = {
        "id": comment.id,
        "from": _igsid(world, comment.author),
        "text": comment.text,
        "media": {"id": comment.post, "media_product_type": "FEED"},
    }
    if comment.parent:
        value["parent_id"] = comment.parent
    entry = {"id": INSTAGRAM, "time": _now(world), "field": "comments", "value": value}
    return {"object": "instagram", "entry": entry, "silent": comment.is_post}


def _threads(world: World, comment: Comment, verb: str) -> Json:
    root = world.comments.get(comment.post)
    value: Json = {
        "id": comment.id,
        "username": THREADS_NAME if comment.author == BRAND.acct else comment.author,
        "text": comment.text,
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@{comment.author}/post/{comment.id}",
        "replied_to": {"id": comment.parent or comment.post},
        "root_post": {"id": comment.post, "owner_id": THREADS, "username": THREADS_NAME},
        "shortcode": comment.id[-6:],
        "timestamp": iso(comment.created_at),
    }
    flat = {
        "app_id": APP,
        "topic": "moderate",
        "target_id": root.id if root else comment.post,
        "time": _now(world),
        "subscription_id": "234567",
        "has_uid_field": False,
        "values": {"value": value, "field": "replies"},
    }
    return {"flat": flat, "silent": comment.is_post}


def _messaging(world: World, letter: Letter, payload: str | None) -> Json:
    sender, recipient = _ends(world, letter)
    message: Json = {"mid": letter.id, "text": letter.text}
    if letter.ours:
        message |= {"is_echo": True, "app_id": int(letter.app or INBOX_APP)}
    if payload is not None:
        message["quick_reply"] = {"payload": payload}
    if letter.answers:
        message["reply_to"] = {"mid": letter.answers}
    return {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": int(letter.created_at * 1000),
        "message": message,
    }


def _whatsapp(world: World, letter: Letter, payload: str | None) -> Json:
    person = world.people[letter.person]
    message: Json = {
        "from": person.phone,
        "from_user_id": person.wa_user,
        "id": letter.id,
        "timestamp": str(int(letter.created_at)),
        "type": "text",
        "text": {"body": letter.text},
    }
    if payload is not None:
        reply = {"id": payload, "title": letter.text[:20]}
        message |= {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": reply},
        }
        del message["text"]
    if letter.answers:
        message["context"] = {"from": PHONE, "id": letter.answers}
    profile = {"name": person.account.display_name, "username": person.key}
    contact = {"profile": profile, "wa_id": person.phone, "user_id": person.wa_user}
    return _of_number({"contacts": [contact], "messages": [message]})


def _phone_echo(world: World, letter: Letter) -> Json:
    """Written in the WhatsApp Business app on the phone."""
    person = world.people[letter.person]
    echo = {
        "from": "40210000000",
        "to": person.phone,
        "to_user_id": person.wa_user,
        "id": letter.id,
        "timestamp": str(int(letter.created_at)),
        "type": "text",
        "text": {"body": letter.text},
    }
    return _of_number({"message_echoes": [echo]}, field="smb_message_echoes")


def _of_number(value: Json, field: str = "messages") -> Json:
    metadata = {"display_phone_number": "40210000000", "phone_number_id": PHONE}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": BUSINESS, "changes": [{"field": field, "value": whole}]}
    return {"object": "whatsapp_business_account", "entry": entry}


def _entry(letter: Letter, messaging: Json) -> Json:
    page = letter.network == "facebook"
    entry = {
        "id": PAGE if page else INSTAGRAM,
        "time": messaging["timestamp"],
        "messaging": [messaging],
    }
    return {"object": "page" if page else "instagram", "entry": entry}


def _ends(world: World, letter: Letter) -> tuple[str, str]:
    us = PAGE if letter.network == "facebook" else INSTAGRAM
    them = world.people[letter.person].number(letter.network)
    return (us, them) if letter.ours else (them, us)


def _from(world: World, author: str) -> Json:
    if author == BRAND.acct:
        return {"id": PAGE, "name": BRAND.display_name}
    person = world.people[author]
    return {"id": person.commenter, "name": person.account.display_name}


def _igsid(world: World, author: str) -> Json:
    if author == BRAND.acct:
        return {"id": INSTAGRAM, "username": INSTAGRAM_NAME, "self_ig_scoped_id": "1234509876"}
    return {"id": world.people[author].igsid, "username": author}


def _now(world: World) -> int:
    return int(world.clock())
