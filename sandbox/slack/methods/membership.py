"""conversations.*: making channels, changing them, and who is in them."""

import re

from sandbox.slack import render
from sandbox.slack.call import Call
from sandbox.slack.errors import SlackError
from sandbox.slack.scopes import BY_CHANNEL
from sandbox.slack.wire import Json
from sandbox.slack.world import BOT_USER, Channel, User

_NAME_MOST = 80
_TOPIC_MOST = 250
_INVITED_MOST = 1_000
_UNFIT = re.compile(r"[\s.,;:!?'\"()\[\]{}<>@#$%^&*+=|\\/`~]")


def create(call: Call) -> Json:
    kind = "private" if call.args.flag("is_private") else "public"
    call.require(*BY_CHANNEL["manage"][kind])
    name = _free_name(call)
    channel = Channel(
        id=call.office.names.new("C"),
        name=name,
        kind=kind,
        created=int(call.office.clock()),
        creator=BOT_USER,
        members={BOT_USER: None},
    )
    call.world.channels[channel.id] = channel
    return _shown(call, channel)


def invite(call: Call) -> Json:
    channel = call.living("invite")
    _no_im(channel)
    named = call.args.listing("users")
    if not named or len(named) > _INVITED_MOST:
        raise SlackError("no_user" if not named else "too_many_users")
    users = [call.user(name) for name in named]
    if any(user.id == BOT_USER for user in users):
        raise SlackError("cant_invite_self")
    if any(user.id in channel.members for user in users):
        raise SlackError("already_in_channel")
    for user in users:
        call.office.activity.join(channel, user, inviter=BOT_USER)
    return _shown(call, channel)


def kick(call: Call) -> Json:
    channel = call.living("manage")
    _no_im(channel)
    user = call.user(call.args.required("user", "user_not_found"))
    if user.id == BOT_USER:
        raise SlackError("cant_kick_self")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    call.office.activity.leave(channel, user.id)
    return {"errors": {}}


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER in channel.members:
        warning = {"warnings": ["already_in_channel"]}
        return _shown(call, channel) | {
            "warning": "already_in_channel",
            "response_metadata": warning,
        }
    bot: User = call.world.users[BOT_USER]
    call.office.activity.join(channel, bot)
    return _shown(call, channel)


def leave(call: Call) -> Json:
    channel = call.channel("manage")
    _no_im(channel)
    if BOT_USER not in channel.members:
        return {"not_in_channel": True}
    if channel.is_general:
        raise SlackError("cant_leave_general")
    call.office.activity.leave(channel, BOT_USER)
    return {}


def archive(call: Call) -> Json:
    channel = call.joined("manage")
    _no_im(channel)
    if channel.is_general:
        raise SlackError("cant_archive_general")
    if channel.is_archived:
        raise SlackError("already_archived")
    channel.is_archived = True
    call.office.activity.note("channel", channel.id)
    return {}


def rename(call: Call) -> Json:
    channel = call.living("manage")
    _no_im(channel)
    channel.name = _free_name(call)
    return _shown(call, channel)


def set_topic(call: Call) -> Json:
    channel = call.living("topic")
    channel.topic = _short(call, "topic")
    return _shown(call, channel)


def set_purpose(call: Call) -> Json:
    channel = call.living("topic")
    channel.purpose = _short(call, "purpose")
    return _shown(call, channel) | {"purpose": channel.purpose}


def _shown(call: Call, channel: Channel) -> Json:
    call.office.activity.note("channel", channel.id)
    return {"channel": render.channel(channel, BOT_USER)}


def _no_im(channel: Channel) -> None:
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")


def _free_name(call: Call) -> str:
    name = call.args.text("name")
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > _NAME_MOST:
        raise SlackError("invalid_name_maxlength")
    if _UNFIT.search(name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in call.world.channels.values()):
        raise SlackError("name_taken")
    return name


def _short(call: Call, field: str) -> str:
    text = call.args.text(field)
    if len(text) > _TOPIC_MOST:
        raise SlackError("too_long")
    return text
