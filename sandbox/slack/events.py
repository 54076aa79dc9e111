"""What an app is told of, and the envelope around it (source: docs.slack.dev, events)."""

from sandbox.slack import render
from sandbox.slack.names import Names
from sandbox.slack.wire import Json
from sandbox.slack.world import APP_ID, BOT_USER, TEAM_ID, Channel, Message

VERIFICATION_TOKEN = "sandbox-verification"


def envelope(event: Json, names: Names, now: float, *, shared: bool) -> Json:
    """`shared`: it happened in a channel that another workspace shares."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": names.new("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{names.new('')}",
    }


def posted(message: Message, channel: Channel) -> Json:
    return render.message(message, channel, metadata=True) | _place(channel, message.ts)


def changed(message: Message, previous: Json, channel: Channel, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": render.message(message, channel, metadata=True),
        "previous_message": previous,
        "hidden": True,
        "ts": ts,
    } | _place(channel, ts)


def deleted(previous: Json, channel: Channel, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "deleted_ts": previous["ts"],
        "hidden": True,
        "ts": ts,
    } | _place(channel, ts)


def mentioned(message: Message, channel: Channel) -> Json:
    event = posted(message, channel) | {"type": "app_mention"}
    del event["channel_type"]
    return event


def reacted(
    kind: str, message: Message, channel: Channel, user: str, reaction: str, ts: str
) -> Json:
    """`kind` is "reaction_added" or "reaction_removed"."""
    return {
        "type": kind,
        "user": user,
        "reaction": reaction,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": ts,
    }


def membership(kind: str, channel: Channel, user: str, inviter: str | None, ts: str) -> Json:
    """`kind` is "member_joined_channel" or "member_left_channel"."""
    event: Json = {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": TEAM_ID,
        "event_ts": ts,
    }
    return event | {"inviter": inviter} if inviter else event


def home_opened(user: str, channel: str, view: Json | None, ts: str) -> Json:
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": "home",
        "event_ts": ts,
    }
    return event | {"view": view} if view else event


def _place(channel: Channel, ts: str) -> Json:
    return {"channel": channel.id, "event_ts": ts, "channel_type": channel.type_name}
