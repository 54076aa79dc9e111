"""What the page and the tests see of Meta's networks, and what people do there."""

from typing import Any

from sandbox.meta.errors import Refusal, invalid
from sandbox.meta.moments import plain
from sandbox.meta.pictures import shown as picture
from sandbox.meta.world import DAY, NETWORKS, US, WEEK, Comment, Letter, World
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
    of the button that was pressed; "favourite" likes something or takes that back.
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
        case "delete":
            return _removed(world, who, given)
        case "favourite":
            return world.favour(_word(given, "id"), who).id
        case "unreachable":
            world.unreachable.add(who)
            return who
    raise invalid("type must be post, edit, delete, favourite or unreachable")


def state(world: World, who: str, network: str) -> Json:
    """One network as one person sees it: what was hidden stands there for its author alone, for
    others without its words.
    """
    if who != US and who not in world.people:
        raise invalid("There is nobody of that name")
    shown = [c for c in world.comments.values() if c.network == network and not c.deleted]
    return {
        "me": who,
        "network": network,
        "brand": {"acct": BRAND.acct, "display_name": BRAND.display_name},
        "customers": [
            {
                "acct": p.key,
                "display_name": p.account.display_name,
                "language": p.account.language,
                "color": p.account.colour,
                "bot": p.account.bot,
            }
            for p in world.people.values()
        ],
        "posts": [_seen(c, who) for c in shown][-_SHOWN_AT_MOST:],
        "dms": [
            {
                "with": who,
                "statuses": [_message(m) for m in world.conversation(network, who)],
                "window": _window(world, network, who),
            }
        ],
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
    if isinstance(above, str) and network == "instagram":
        above = _top(world, above)
    return world.comment(network, who, _text(given), parent=above, at=_at(world, given))


def _top(world: World, answered: str) -> str:
    """Two levels on Instagram: an answer to an answer stands beside it."""
    return world.standing(answered).parent or answered


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


def _seen(comment: Comment, who: str) -> Json:
    seen = {**_post(comment), "answered_privately": False}
    if who in (US, comment.author):
        return {**seen, "answered_privately": comment.answered_privately}
    return {**seen, "text": ""} if comment.hidden else seen


def _window(world: World, network: str, who: str) -> Json | None:
    """Until when we may write to somebody in private; None for who never wrote."""
    wrote_at = world.wrote_at(network, who)
    if wrote_at is None:
        return None
    return {"until": plain(wrote_at + DAY), "people_until": plain(wrote_at + WEEK)}


def _post(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "author": comment.author,
        "text": comment.text,
        "in_reply_to_id": None if comment.is_post else comment.parent or comment.post,
        "root_id": comment.post,
        "hidden": comment.hidden,
        "liked": comment.liked,
        "favourites": len(comment.liked_by) + comment.liked,
        "picture": picture(comment.picture),
        "created_at": plain(comment.created_at),
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
        "created_at": plain(letter.created_at),
    }


def _removed(world: World, who: str, given: Json) -> str:
    if given.get("id") in world.letters:
        return world.unsend(_word(given, "id")).id
    return world.remove(_own(world, who, given)).id


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
