"""What the page of the sandbox sees of the network, and what its people do there."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from sandbox.network import errors, text
from sandbox.network.accounts import BRAND, CUSTOMERS, EVERYBODY
from sandbox.network.entities import content, moment
from sandbox.network.world import VISIBILITIES, Draft, Status, World

_SHOWN_AT_MOST = 500

Json = dict[str, Any]


def state(world: World, acct: str, base: str) -> Json:
    """The network as one person sees it: newest 500 posts with the posts they answer."""
    if acct not in EVERYBODY:
        raise errors.not_found()
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
        "posts": [_post(world, status, base) for status in _open(world, acct)],
        "dms": _dms(world, acct, base),
    }


def act(world: World, given: Json) -> Json:
    """Do what a person does on the page; the answer names the post that it was done to."""
    acct = _word(given, "as")
    if acct not in EVERYBODY:
        raise errors.Refusal(404, "There is nobody of that name")
    match given.get("type"):
        case "post":
            done = world.post(_draft(world, acct, given))
        case "edit":
            done = _edit(world, acct, given)
        case "delete":
            done = world.delete(_id(given, "id"), acct)
        case "favourite":
            done = world.favourite(_id(given, "id"), acct)
        case _:
            raise errors.Refusal(422, "type must be post, edit, delete or favourite")
    return {"ok": True, "id": str(done.id)}


def dump(world: World) -> list[Json]:
    """Every living status, oldest first, as tests want to see it."""
    return [
        {
            "id": str(status.id),
            "author": status.author,
            "text": status.now.text,
            "visibility": status.visibility,
            "in_reply_to_id": str(status.in_reply_to) if status.in_reply_to else None,
            "root_id": str(status.root),
            "idempotency_key": status.idempotency_key,
            "created_at": moment(status.created_at),
        }
        for status in world.statuses.values()
        if not status.deleted
    ]


def _draft(world: World, acct: str, given: Json) -> Draft:
    visibility = _word(given, "visibility", "public")
    if visibility not in VISIBILITIES:
        raise errors.Refusal(422, f"visibility must be one of {', '.join(VISIBILITIES)}")
    words = _word(given, "text")
    if not words.strip():
        raise errors.invalid("Text can't be blank")
    answered = _id(given, "in_reply_to_id") if given.get("in_reply_to_id") else None
    return Draft(
        author=acct,
        text=_addressed(world, acct, words, answered),
        visibility=visibility,
        in_reply_to=answered,
        language=_word(given, "language", EVERYBODY[acct].language),
        idempotency_key=_word(given, "idempotency", "") or None,
    )


def _addressed(world: World, acct: str, words: str, answered: int | None) -> str:
    """The text with the mentions that Mastodon's own composer puts in front of it."""
    names = [BRAND.acct]
    if answered is not None:
        parent = world.seen(answered, acct)
        names = [parent.author, *parent.mentions]
    there = text.mentions(words)
    missing = [n for n in dict.fromkeys(names) if n != acct and n not in there]
    return "".join(f"@{name} " for name in missing) + words


def _edit(world: World, acct: str, given: Json) -> Status:
    before = world.own(_id(given, "id"), acct)
    there = text.mentions(_word(given, "text"))
    lead = "".join(f"@{name} " for name in before.mentions if name not in there)
    draft = Draft(author=acct, text=lead + _word(given, "text"))
    spoiler, sensitive = before.now.spoiler, before.now.sensitive
    return world.edit(before.id, acct, replace(draft, spoiler=spoiler, sensitive=sensitive))


def _open(world: World, acct: str) -> list[Status]:
    """Posts that are no direct messages; a deleted one stays as an empty place."""
    newest: dict[int, Status] = {}
    for status in reversed(world.statuses.values()):
        if len(newest) >= _SHOWN_AT_MOST:
            break
        if status.visibility != "direct" and status.meant_for(acct):
            newest[status.id] = status
    for status in list(newest.values()):
        above = world.statuses.get(status.in_reply_to or 0)
        while above is not None and above.id not in newest and above.visibility != "direct":
            newest[above.id] = above
            above = world.statuses.get(above.in_reply_to or 0)
    return sorted(newest.values(), key=lambda status: status.id)


def _dms(world: World, acct: str, base: str) -> list[Json]:
    by_person: defaultdict[str, list[Json]] = defaultdict(list)
    for id_ in world.direct_of[acct][-_SHOWN_AT_MOST:]:
        status = world.statuses[id_]
        people = {status.author, *status.mentions}
        customers = sorted(people - {BRAND.acct})
        if BRAND.acct in people and customers and not status.deleted:
            person = acct if acct in customers else customers[0]
            by_person[person].append(_post(world, status, base))
    return [{"with": person, "statuses": statuses} for person, statuses in by_person.items()]


def _post(world: World, status: Status, base: str) -> Json:
    words = "" if status.deleted else status.now.text
    edited_at = status.edited_at
    return {
        "id": str(status.id),
        "author": status.author,
        "text": words,
        "html": "" if status.deleted else content(status, base),
        "created_at": moment(status.created_at),
        "visibility": status.visibility,
        "in_reply_to_id": str(status.in_reply_to) if status.in_reply_to else None,
        "root_id": str(status.root),
        "edited_at": None if edited_at is None else moment(edited_at),
        "deleted": status.deleted,
        "favourites": len(status.favourited_by),
        "favourited_by": sorted(status.favourited_by),
        "mentions": list(status.mentions),
        "language": status.language,
    }


def _word(given: Json, name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise errors.Refusal(422, f"{name} must be a text")
    return value


def _id(given: Json, name: str) -> int:
    value = str(given.get(name, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 30 else 0
