"""The workspace as one person sees it, for the page."""

from itertools import chain

from sandbox.slack import render
from sandbox.slack.call import Office
from sandbox.slack.windows import Window
from sandbox.slack.wire import Json
from sandbox.slack.world import Channel, Message, User

_NEWEST = 200


def people_state(office: Office, me: str) -> Json:
    world = office.world
    mine = [c for c in world.channels.values() if me in c.members and not c.is_archived]
    home = world.homes.get(me)
    return {
        "me": me,
        "team": {"name": world.team_name},
        "users": [_user(user) for user in world.users.values()],
        "channels": [_channel(channel) for channel in mine],
        "messages": {channel.id: _messages(channel) for channel in mine},
        "ephemerals": {
            channel.id: [page_message(message, channel) for message in kept]
            for channel in mine
            if (kept := world.ephemerals.get((channel.id, me)))
        },
        "views": [page_view(window) for window in office.windows.stack(me)],
        "home": page_view(Window(user=me, view=home)) if home else None,
    }


def page_message(message: Message, channel: Channel) -> Json:
    return {
        "ts": message.ts,
        "channel": channel.id,
        "user": message.user,
        "bot_id": message.bot_id,
        "username": message.username,
        "subtype": message.subtype,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": message.files,
        "thread_ts": message.thread_ts,
        "reply_count": len(message.replies),
        "reactions": render.reactions(message),
        "edited": message.edited is not None,
        "deleted": message.subtype == "tombstone",
        "pinned": message.ts in channel.pins,
    }


def page_view(window: Window) -> Json:
    names = ("id", "hash", "type", "title", "submit", "close", "blocks", "callback_id")
    found = {name: window.view[name] for name in names}
    return found | {"errors": window.errors, "notify_on_close": window.view["notify_on_close"]}


def _messages(channel: Channel) -> list[Json]:
    """The newest 200 outside threads, with their threads, in the order of their stamps."""
    heads = channel.top[-_NEWEST:]
    threads = (channel.messages[ts].replies for ts in heads)
    stamps = sorted({*heads, *chain.from_iterable(threads)})
    return [page_message(channel.messages[ts], channel) for ts in stamps]


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.kind == "im",
        "topic": channel.topic,
        "count": len(channel.top),
        "members": len(channel.members),
    }


def _user(user: User) -> Json:
    names = ("id", "name", "real_name", "title", "is_bot", "color")
    return {name: getattr(user, name) for name in names}
