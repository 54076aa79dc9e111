"""reactions.*, pins.* and bookmarks.*"""

import re

from sandbox.slack import render
from sandbox.slack.call import Call
from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Json
from sandbox.slack.world import APP_ID, BOT_USER, Channel, Message

_REACTION = re.compile(r"[\w+'-]{1,100}(::skin-tone-[2-6])?\Z")
_PINS_MOST = 100
_BOOKMARKS_MOST = 100


def add_reaction(call: Call) -> Json:
    channel, message, name = _reaction(call)
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    call.office.activity.react(channel, message, BOT_USER, name)
    return {}


def remove_reaction(call: Call) -> Json:
    channel, message, name = _reaction(call)
    if BOT_USER not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    call.office.activity.unreact(channel, message, BOT_USER, name)
    return {}


def get_reactions(call: Call) -> Json:
    channel = call.joined()
    message = call.message(channel, "timestamp")
    shown = render.message(message, channel)
    return {"type": "message", "channel": channel.id, "message": shown}


def add_pin(call: Call) -> Json:
    channel = call.living()
    message = call.message(channel, "timestamp")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= _PINS_MOST:
        raise SlackError("pin_limit_reached")
    channel.pins[message.ts] = {"created": int(call.office.clock()), "created_by": BOT_USER}
    call.office.activity.note("message", channel.id)
    return {}


def remove_pin(call: Call) -> Json:
    channel = call.living()
    message = call.message(channel, "timestamp")
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    del channel.pins[message.ts]
    call.office.activity.note("message", channel.id)
    return {}


def list_pins(call: Call) -> Json:
    channel = call.joined()
    return {
        "items": [
            {
                "type": "message",
                "channel": channel.id,
                "message": render.message(channel.messages[ts], channel),
                **pin,
            }
            for ts, pin in channel.pins.items()
        ]
    }


def add_bookmark(call: Call) -> Json:
    channel = _bookmarked(call)
    if call.args.required("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(channel.bookmarks) >= _BOOKMARKS_MOST:
        raise SlackError("too_many_bookmarks")
    bookmark: Json = {
        "id": call.office.names.new("Bk"),
        "channel_id": channel.id,
        "title": call.args.required("title"),
        "link": _link(call, required=True),
        "emoji": call.args.text("emoji"),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": int(call.office.clock()),
        "date_updated": 0,
        "rank": "U",
        "last_updated_by_user_id": BOT_USER,
        "app_id": APP_ID,
    }
    channel.bookmarks[bookmark["id"]] = bookmark
    return {"bookmark": bookmark}


def edit_bookmark(call: Call) -> Json:
    channel = _bookmarked(call)
    bookmark = _bookmark(call, channel)
    changes = {name: call.args.text(name) for name in ("title", "emoji") if name in call.args}
    if "link" in call.args:
        changes["link"] = _link(call, required=False)
    bookmark.update(changes, date_updated=int(call.office.clock()))
    return {"bookmark": bookmark}


def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": list(_bookmarked(call).bookmarks.values())}


def remove_bookmark(call: Call) -> Json:
    channel = _bookmarked(call)
    del channel.bookmarks[_bookmark(call, channel)["id"]]
    return {}


def _reaction(call: Call) -> tuple[Channel, Message, str]:
    channel = call.joined()
    name = call.args.text("name").strip(":")
    if not _REACTION.match(name):
        raise SlackError("invalid_name")
    return channel, call.message(channel, "timestamp"), name


def _bookmarked(call: Call) -> Channel:
    channel = call.known(call.args.required("channel_id", "channel_not_found"))
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _bookmark(call: Call, channel: Channel) -> Json:
    found = channel.bookmarks.get(call.args.required("bookmark_id"))
    if found is None:
        raise SlackError("not_found")
    return found


def _link(call: Call, *, required: bool) -> str:
    link = call.args.required("link") if required else call.args.text("link")
    if not link.startswith(("https://", "http://")):
        raise SlackError("invalid_link")
    return link
