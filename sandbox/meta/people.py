"""What the page and the tests see of Meta's networks, and what people do there."""

from typing import Any

from sandbox.meta.errors import Refusal, invalid
from sandbox.meta.moments import iso
from sandbox.meta.world import NETWORKS, US, Comment, Letter, World
from sandbox.network.accounts import BRAND

HOUR = 3_600.0
_SHOWN_AT_MOST = 500

Json = dict[str, Any]


def act(world: World, given: Json) -> str:
    """Do what a person does in an app of Meta's; the id of what it was done to.

    `network` is facebook, instagram, whatsapp or threads. A post is public (a comment under
    `in_reply_to_id`, without it under the brand's newest post) or, with the visibility "direct",
    a private message; `on_wall` makes it a visitor's own post. The brand writes as in Meta's own
    inbox: in private `to` somebody. `hours_ago` lets it have been written earlier; `payload` is
    of the button that was pressed.
    """
    who, network = _word(given, "as"), _word(given, "network", "instagram")
    if network not in NETWORKS or (who != US and who not in world.people):
        raise invalid("There is nobody of that name, or no such network")
    match given.get("type"):
        case "post" if given.get("visibility", "public") == "direct" or network == "whatsapp":
            return _letter(world, network, who, given).id
        case "post":
            return _comment(world, network, who, given).id
        case "edit":
            return world.reword(_own(world, who, given), _word(given, "text")).id
        case "delete" if given.get("id") in world.letters:
            return world.unsend(_word(given, "id")).id
        case "delete":
            return world.remove(_own(world, who, given)).id
        case "unreachable":
            world.unreachable.add(who)
            return who
    raise invalid("type must be post, edit, delete or unreachable")


def state(world: World, who: str, network: str) -> Json:
    """One network as one person sees it."""
    if who != US and who not in world.people:
        raise invalid("There is nobody of that name")
    shown = [c for c in world.comments.values() if c.network == network and not c.deleted]
    return {
        "me": who,
        "network": network,
        "brand": {"acct": BRAND.acct, "display_name": BRAND.display_name},
        "customers": [
            {"acct": p.key, "display_name": p.account.display_name, "color": p.account.colour}
            for p in world.people.values()
        ],
        "posts": [_post(c) for c in shown if not c.hidden or who in (US, c.author)][
            -_SHOWN_AT_MOST:
        ],
        "messages": [_message(m) for m in world.conversation(network, who)],
    }


def dump(world: World) -> list[Json]:
    """All that stands, oldest first, as tests want to see it."""
    comments = [c for c in world.comments.values() if not c.deleted]
    return [
        *({**_post(c), "visibility": "public", "network": c.network} for c in comments),
        *(
            {**_message(m), "visibility": "direct", "network": m.network}
            for m in world.letters.values()
        ),
    ]


def _comment(world: World, network: str, who: str, given: Json) -> Comment:
    above = given.get("in_reply_to_id")
    posts = world.posts(network)
    if above is None and who != US and posts and not given.get("on_wall"):
        above = posts[0].id
    return world.comment(network, who, _text(given), parent=above, at=_at(world, given))


def _letter(world: World, network: str, who: str, given: Json) -> Letter:
    person = _word(given, "to") if who == US else who
    if person not in world.people:
        raise invalid("There is nobody of that name")
    payload = given.get("payload")
    return world.letter(
        network,
        person,
        _text(given),
        ours=who == US,
        at=_at(world, given),
        payload=payload if isinstance(payload, str) else None,
        answers=given.get("in_reply_to_id"),
    )


def _post(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "author": comment.author,
        "text": comment.text,
        "in_reply_to_id": None if comment.is_post else comment.parent or comment.post,
        "root_id": comment.post,
        "hidden": comment.hidden,
        "liked": comment.liked,
        "created_at": iso(comment.created_at),
    }


def _message(letter: Letter) -> Json:
    return {
        "id": letter.id,
        "author": US if letter.ours else letter.person,
        "to": letter.person if letter.ours else US,
        "text": letter.text,
        "in_reply_to_id": letter.answers,
        "about": letter.about,
        "tag": letter.tag,
        "app": letter.app,
        "choices": list(letter.choices),
        "created_at": iso(letter.created_at),
    }


def _own(world: World, who: str, given: Json) -> str:
    found = world.standing(_word(given, "id"))
    if found.author != who:
        raise Refusal(200, "(#200) That was written by somebody else", status=403)
    return found.id


def _at(world: World, given: Json) -> float | None:
    ago = given.get("hours_ago")
    return world.clock() - ago * HOUR if isinstance(ago, int | float) else None


def _text(given: Json) -> str:
    text = _word(given, "text")
    if not text.strip():
        raise invalid("Text can't be blank")
    return text


def _word(given: Json, name: str, default: str = "") -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise invalid(f"{name} must be a text")
    return value
