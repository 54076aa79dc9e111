"""What the page of the sandbox sees of X, and what its people do there."""

from collections import defaultdict
from typing import Any

from sandbox.x import errors
from sandbox.x.accounts import BRAND, CUSTOMERS, EVERYBODY
from sandbox.x.entities import moment
from sandbox.x.world import Dm, Post, World, known_id

_SHOWN_AT_MOST = 500

Json = dict[str, Any]


def state(world: World, acct: str) -> Json:
    """X as one person sees it: the newest 500 posts and this person's messages."""
    if acct not in EVERYBODY:
        raise errors.not_found("user")
    posts = [one for one in world.posts.values() if one.newest][-_SHOWN_AT_MOST:]
    return {
        "me": acct,
        "customers": [
            {
                "acct": customer.acct,
                "display_name": customer.display_name,
                "language": customer.language,
                "color": customer.colour,
                "bot": customer.bot,
            }
            for customer in CUSTOMERS
        ],
        "brand": {"acct": BRAND.acct, "display_name": BRAND.display_name},
        "posts": [_post(one) for one in posts],
        "dms": _dms(world, acct),
    }


def act(world: World, given: Json) -> Json:
    """Do what a person does on the page; the answer names the post or message it made."""
    acct = _word(given, "as")
    if acct not in EVERYBODY:
        raise errors.not_found("user")
    done: Post | Dm
    match given.get("type"):
        case "post" if given.get("visibility") == "direct":
            done = world.message(acct, BRAND.acct, _text(given))
        case "post":
            done = _posted(world, acct, given)
        case "message":
            done = world.message(acct, _word(given, "to", BRAND.acct), _text(given))
        case "favourite":
            done = world.like(_id(given, "id"), acct)
        case "edit":
            done = _edited(world, acct, given)
        case "delete":
            done = world.delete(_id(given, "id"), acct)
        case _:
            raise errors.invalid("type must be post, message, edit, delete or favourite")
    return {"ok": True, "id": str(done.id)}


def dump(world: World) -> list[Json]:
    """Every living post and message, oldest first, as tests want to see it."""
    living = [one for one in world.posts.values() if one.newest and not one.deleted]
    everything = [*map(_post, living), *map(_dm, world.dms.values())]
    return sorted(everything, key=lambda one: int(one["id"]))


def _posted(world: World, acct: str, given: Json) -> Post:
    """A post that mentions the brand, unless its visibility is "unmentioned" or it is an answer."""
    answered = _id(given, "in_reply_to_id") if given.get("in_reply_to_id") else None
    words, at = _text(given), f"@{BRAND.acct}"
    plain = acct == BRAND.acct or answered is not None or given.get("visibility") == "unmentioned"
    return world.post(
        acct,
        words if plain or at in words else f"{at} {words}",
        in_reply_to=answered,
        quotes=_id(given, "quotes") if given.get("quotes") else None,
        language=_word(given, "language", EVERYBODY[acct].language),
    )


def _edited(world: World, acct: str, given: Json) -> Post:
    """The mention in front stays, as it does for somebody who edits a text of their own."""
    before, words, at = world.own(_id(given, "id"), acct), _text(given), f"@{BRAND.acct}"
    lead = before.words.startswith(at) and at not in words
    return world.edit(before.id, acct, f"{at} {words}" if lead else words)


def _post(one: Post) -> Json:
    return {
        "id": str(one.id),
        "author": one.author,
        "text": "" if one.deleted else one.words,
        "created_at": moment(one.created_at),
        "visibility": "public",
        "in_reply_to_id": str(one.in_reply_to) if one.in_reply_to else None,
        "root_id": str(one.root),
        "edited_at": moment(one.created_at) if len(one.history) > 1 else None,
        "favourites": len(one.liked_by),
        "deleted": one.deleted,
        "hidden": one.hidden,
        "through_api": one.through_api,
    }


def _dm(dm: Dm) -> Json:
    return {
        "id": str(dm.id),
        "author": dm.sender,
        "to": dm.to,
        "text": dm.words,
        "created_at": moment(dm.created_at),
        "visibility": "private",
        "in_reply_to_id": None,
        "through_api": dm.through_api,
    }


def _dms(world: World, acct: str) -> list[Json]:
    """Conversations with the brand, each oldest first."""
    by_person: defaultdict[str, list[Json]] = defaultdict(list)
    for dm in sorted(world.messages_of(acct), key=lambda dm: dm.id):
        other = dm.to if dm.sender == BRAND.acct else dm.sender
        by_person[other].append(_dm(dm))
    return [{"with": person, "statuses": some} for person, some in by_person.items()]


def _text(given: Json) -> str:
    words = _word(given, "text")
    if not words.strip():
        raise errors.invalid("text must not be empty")
    return words


def _word(given: Json, name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise errors.invalid(f"{name} must be a text")
    return value


def _id(given: Json, name: str) -> int:
    return known_id(str(given.get(name, "")))
