"""conversations.*: finding, reading."""

from sandbox.slack import render
from sandbox.slack.call import Call
from sandbox.slack.errors import SlackError
from sandbox.slack.paging import newest_first, oldest_first, page
from sandbox.slack.scopes import BY_CHANNEL
from sandbox.slack.wire import Json
from sandbox.slack.world import BOT_USER, Channel

_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def list_all(call: Call) -> Json:
    kinds = _kinds(call)
    for kind in kinds & BY_CHANNEL["read"].keys():
        call.require(*BY_CHANNEL["read"][kind])
    archived = not call.args.flag("exclude_archived")
    found = [
        channel
        for channel in call.world.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or BOT_USER in channel.members)
        and (archived or not channel.is_archived)
    ]
    shown, more = page(call.args, found, 100)
    return {"channels": [render.channel(channel, BOT_USER) for channel in shown], **more}


def users_conversations(call: Call) -> Json:
    kinds = _kinds(call)
    user = call.user(call.args.text("user", BOT_USER))
    found = [
        channel
        for channel in call.world.channels.values()
        if channel.kind in kinds
        and user.id in channel.members
        and (channel.kind == "public" or BOT_USER in channel.members)
    ]
    for kind in kinds & BY_CHANNEL["read"].keys():
        call.require(*BY_CHANNEL["read"][kind])
    shown, more = page(call.args, found, 100)
    return {"channels": [render.channel(channel, BOT_USER) for channel in shown], **more}


def info(call: Call) -> Json:
    channel = call.channel("read")
    shown = render.channel(channel, BOT_USER)
    if not call.args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def members(call: Call) -> Json:
    shown, more = page(call.args, list(call.channel("read").members), 100)
    return {"members": shown, **more}


def history(call: Call) -> Json:
    channel = call.joined("history")
    stamps, more = newest_first(call.args, channel.top, 100)
    return {"messages": _messages(call, channel, stamps), "pin_count": len(channel.pins), **more}


def replies(call: Call) -> Json:
    channel = call.joined("history")
    named = channel.messages.get(call.args.required("ts", "thread_not_found"))
    if named is None:
        raise SlackError("thread_not_found")
    head = channel.messages[named.thread_ts] if named.thread_ts else named
    stamps, more = oldest_first(call.args, head.replies, 1_000)
    if "cursor" not in call.args:
        stamps = [head.ts, *stamps]
    return {"messages": _messages(call, channel, stamps), **more}


def open_im(call: Call) -> Json:
    call.require("im:write")
    users = call.args.listing("users")
    if "channel" in call.args:
        channel = call.channel()
        users = [user for user in channel.members if user != BOT_USER]
    if len(users) != 1:
        raise SlackError("users_list_not_supplied" if not users else "too_many_users")
    user = call.user(users[0])
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    channel = call.world.im(user.id)
    if call.args.flag("return_im"):
        return {"channel": render.channel(channel, BOT_USER)}
    return {"channel": {"id": channel.id}}


def _kinds(call: Call) -> set[str]:
    named = call.args.listing("types") or ["public_channel"]
    if not set(named) <= _TYPES.keys():
        raise SlackError("invalid_types")
    return {_TYPES[name] for name in named}


def _messages(call: Call, channel: Channel, stamps: list[str]) -> list[Json]:
    metadata = call.args.flag("include_all_metadata")
    return [render.message(channel.messages[ts], channel, metadata=metadata) for ts in stamps]
