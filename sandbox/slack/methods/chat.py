"""chat.*"""

from sandbox.slack import render
from sandbox.slack.call import Call
from sandbox.slack.content import content
from sandbox.slack.errors import SlackError
from sandbox.slack.scopes import CUSTOMIZE, PUBLIC_POSTING
from sandbox.slack.wire import Json
from sandbox.slack.world import BOT_ID, BOT_USER, Channel, Message


def post_message(call: Call) -> Json:
    channel = _destination(call)
    said = content(call.args, call.office.names)
    thread_ts = _thread(call, channel)
    message = Message(
        ts=call.office.names.ts(),
        user=BOT_USER,
        bot_id=BOT_ID,
        text=said.text,
        blocks=said.blocks or [],
        attachments=said.attachments or [],
        metadata=said.metadata,
        thread_ts=thread_ts,
        username=_username(call),
        broadcast=bool(thread_ts) and call.args.flag("reply_broadcast"),
    )
    call.office.activity.post(channel, message)
    return _posted(channel, message)


def update(call: Call) -> Json:
    channel = call.living()
    message = call.message(channel)
    if message.bot_id != BOT_ID or message.subtype:
        raise SlackError("cant_update_message")
    said = content(call.args, call.office.names)
    changes: Json = {"text": said.text, "blocks": said.blocks or []}
    if said.attachments is not None:
        changes["attachments"] = said.attachments
    if said.metadata is not None:
        changes["metadata"] = said.metadata
    call.office.activity.edit(channel, message, changes)
    return _posted(channel, message) | {"text": said.text}


def delete(call: Call) -> Json:
    channel = call.joined()
    message = call.message(channel)
    if message.bot_id != BOT_ID:
        raise SlackError("cant_delete_message")
    call.office.activity.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    channel = call.living()
    user = call.user(call.args.required("user", "user_not_found"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    said = content(call.args, call.office.names)
    message = Message(
        ts=call.office.names.ts(),
        user=BOT_USER,
        bot_id=BOT_ID,
        text=said.text,
        blocks=said.blocks or [],
        attachments=said.attachments or [],
        thread_ts=_thread(call, channel),
    )
    kept = call.world.ephemerals.setdefault((channel.id, user.id), [])
    call.office.activity.whisper(channel, user.id, message, kept)
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": call.permalink(channel, message)}


def _posted(channel: Channel, message: Message) -> Json:
    shown = render.message(message, channel, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _destination(call: Call) -> Channel:
    """Also a person's id, for a direct message, and a channel's name."""
    named = call.args.required("channel", "channel_not_found")
    if named in call.world.users and named != BOT_USER:
        return call.world.im(named)
    by_name = {c.name: c.id for c in call.world.channels.values() if c.kind != "im"}
    channel = call.known(by_name.get(named.removeprefix("#"), named))
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members and PUBLIC_POSTING not in call.office.scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    if "thread_ts" not in call.args:
        return None
    parent = channel.messages.get(call.args.text("thread_ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.thread_ts:
        raise SlackError("cannot_reply_to_message")
    return parent.ts


def _username(call: Call) -> str | None:
    if "username" not in call.args:
        return None
    call.require(CUSTOMIZE)
    return call.args.text("username")
