"""Private messages of Messenger and Instagram: windows and private replies as Meta has them."""

from typing import Any

from sandbox.meta import errors
from sandbox.meta.accounts import APP, INSTAGRAM, PAGE
from sandbox.meta.gate import Call, Endpoint
from sandbox.meta.moments import iso
from sandbox.meta.paging import page
from sandbox.meta.world import DAY, US, WEEK, Letter, World

MOST_MESSAGE = 2_000
MOST_INSTAGRAM_BYTES = 1_000
MOST_QUICK_REPLIES = 13
MOST_TITLE = 20

Json = dict[str, Any]


def _network(call: Call, recipient: Json) -> str:
    """With Facebook's login Instagram's messages go through the Page as well."""
    world, number = call.world, recipient.get("id")
    comment = world.comments.get(str(recipient.get("comment_id")))
    on_instagram = (comment is not None and comment.network == "instagram") or any(
        person.igsid == number for person in world.people.values()
    )
    return "instagram" if call.node == INSTAGRAM or on_instagram else "facebook"


def _send(call: Call) -> Json:
    recipient, message = call.thing("recipient"), call.thing("message")
    network = _network(call, recipient)
    text, choices = _content(network, message)
    about = recipient.get("comment_id") or recipient.get("post_id")
    if about is not None:
        return _private_reply(call, network, str(about), text, choices)
    person = call.world.somebody(network, str(recipient.get("id", "")))
    if person.key in call.world.unreachable:
        raise errors.unavailable()
    tag = _tag(call)
    _in_window(call.world, network, person.key, tag)
    letter = call.world.letter(
        network, person.key, text, ours=True, app=APP, tag=tag, choices=choices
    )
    return {"recipient_id": person.number(network), "message_id": letter.id}


def _private_reply(
    call: Call, network: str, about: str, text: str, choices: tuple[Json, ...]
) -> Json:
    """One for each comment, ever, within seven days."""
    world = call.world
    comment = world.standing(about)
    if comment.network != network or comment.author == US:
        raise errors.not_there(about)
    if comment.answered_privately:
        raise errors.answered_already()
    if world.clock() - comment.created_at >= WEEK:
        raise errors.outside_window(network)
    if comment.author in world.unreachable:
        raise errors.unavailable()
    world.answered_privately(comment)
    letter = world.letter(
        network, comment.author, text, ours=True, app=APP, about=about, choices=choices
    )
    number = world.people[comment.author].number(network)
    return {"recipient_id": number, "message_id": letter.id}


def _content(network: str, message: Json) -> tuple[str, tuple[Json, ...]]:
    text, choices = message.get("text"), message.get("quick_replies", [])
    if not isinstance(text, str) or not text.strip():
        raise errors.invalid("A message needs a text")
    if network == "facebook" and len(text) > MOST_MESSAGE:
        raise errors.invalid("Length of param message[text] must be less than or equal to 2000")
    if network == "instagram" and len(text.encode()) > MOST_INSTAGRAM_BYTES:
        raise errors.invalid("Length of param message[text] must be less than or equal to 1000")
    good = len(choices) <= MOST_QUICK_REPLIES and all(
        0 < len(choice.get("title", "")) <= MOST_TITLE for choice in choices
    )
    if not good:
        raise errors.invalid("Quick replies are too many or too long")
    return text, tuple(choices)


def _tag(call: Call) -> str | None:
    kind, tag = call.text("messaging_type"), call.text("tag")
    if kind == "MESSAGE_TAG":
        if tag != "HUMAN_AGENT" or not call.world.human_agent:
            raise errors.invalid("The tag is not allowed for this app")
        return tag
    if kind not in ("", "RESPONSE", "UPDATE"):
        raise errors.invalid("messaging_type is not known")
    return None


def _in_window(world: World, network: str, person: str, tag: str | None) -> None:
    wrote_at = world.wrote_at(network, person)
    allowed = WEEK if tag == "HUMAN_AGENT" else DAY
    if wrote_at is None or world.clock() - wrote_at >= allowed:
        raise errors.outside_window(network)


def _conversations(call: Call) -> Json:
    network = {"messenger": "facebook", "instagram": "instagram"}.get(call.text("platform"))
    if network is None or (network == "facebook" and call.node != PAGE):
        raise errors.invalid("platform must be messenger or instagram")
    world, only = call.world, call.text("user_id")
    found = []
    for person in world.people.values():
        letters = world.conversation(network, person.key)
        if letters and only in ("", person.number(network)):
            found.append((letters[-1].created_at, _conversation(call, person.key, letters)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return page(call, [conversation for _, conversation in found])


def _conversation(call: Call, person: str, letters: list[Letter]) -> Json:
    network = letters[0].network
    us = PAGE if network == "facebook" else INSTAGRAM
    account = call.world.people[person].account
    them = call.world.people[person].number(network)
    named = {"name": account.display_name} if network == "facebook" else {"username": person}
    shown = [
        {
            "id": one.id,
            "message": one.text,
            "from": {"id": us if one.ours else them},
            "created_time": iso(one.created_at),
        }
        for one in reversed(letters)
    ]
    return {
        "id": f"t_{network}_{person}",
        "updated_time": iso(letters[-1].created_at),
        "participants": {"data": [{"id": us}, {"id": them, **named}]},
        "messages": page(call, shown, limit=25),
    }


def _profile(call: Call) -> Json:
    """A person by the number in private; only who wrote shows a profile."""
    for network in ("facebook", "instagram"):
        for person in call.world.people.values():
            if person.number(network) == call.node:
                if call.world.wrote_at(network, person.key) is None:
                    raise errors.not_there(call.node)
                name = person.account.display_name
                if network == "facebook":
                    return {"id": call.node, "name": name}
                followers = person.account.followers
                return {
                    "id": call.node,
                    "name": name,
                    "username": person.key,
                    "follower_count": followers,
                    "is_verified_user": False,
                }
    raise errors.not_there(call.node)


_PAGE = "pages_messaging"
_INSTAGRAM = "instagram_business_manage_messages"
ENDPOINTS = (
    Endpoint(method="POST", kind="page", edge="messages", handler=_send, permission=_PAGE),
    Endpoint(
        method="GET", kind="page", edge="conversations", handler=_conversations, permission=_PAGE
    ),
    Endpoint(
        method="POST", kind="instagram", edge="messages", handler=_send, permission=_INSTAGRAM
    ),
    Endpoint(
        method="GET",
        kind="instagram",
        edge="conversations",
        handler=_conversations,
        permission=_INSTAGRAM,
    ),
    Endpoint(method="GET", kind="person", edge="", handler=_profile),
)
