"""How messages, channels and people look to an app."""

from sandbox.slack.wire import Json
from sandbox.slack.world import APP_ID, BOT_ID, TEAM_ID, Channel, Message, User, World

BOT_PROFILE: Json = {
    "id": BOT_ID,
    "app_id": APP_ID,
    "name": "Tierdesk",
    "icons": {},
    "deleted": False,
    "updated": 1_763_000_000,
    "team_id": TEAM_ID,
}


def message(shown: Message, where: Channel, *, metadata: bool = False) -> Json:
    """A message as conversations.history and events give it."""
    found: Json = {"type": "message", "user": shown.user, "ts": shown.ts, "text": shown.text}
    found["team"] = TEAM_ID
    if shown.bot_id:
        found |= {"bot_id": shown.bot_id, "app_id": APP_ID, "bot_profile": BOT_PROFILE}
    for name in ("subtype", "blocks", "attachments", "files", "username", "edited", "inviter"):
        if value := getattr(shown, name):
            found[name] = value
    if shown.metadata and metadata:
        found["metadata"] = shown.metadata
    if shown.reactions:
        found["reactions"] = reactions(shown)
    return found | _thread(shown, where)


def reactions(shown: Message) -> list[Json]:
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in shown.reactions.items()
    ]


def _thread(shown: Message, channel: Channel) -> Json:
    if shown.thread_ts:
        parent = channel.messages.get(shown.thread_ts)
        return {"thread_ts": shown.thread_ts, "parent_user_id": parent.user if parent else None}
    if not shown.replies:
        return {}
    users = list(dict.fromkeys(channel.messages[ts].user for ts in shown.replies))
    return {
        "thread_ts": shown.ts,
        "reply_count": len(shown.replies),
        "reply_users_count": len(users),
        "latest_reply": shown.replies[-1],
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": True,
    }


def channel(shown: Channel, member: str) -> Json:
    """A conversation as `member` sees it."""
    if shown.kind == "im":
        other = next(user for user in shown.members if user != member)
        return {"id": shown.id, "created": shown.created, "is_im": True, "user": other}
    return {
        "id": shown.id,
        "name": shown.name,
        "name_normalized": shown.name,
        "is_channel": shown.kind == "public",
        "is_group": shown.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": shown.is_private,
        "is_general": shown.is_general,
        "is_archived": shown.is_archived,
        "is_member": member in shown.members,
        "is_shared": bool(shown.shared_with),
        "is_ext_shared": bool(shown.shared_with),
        "is_org_shared": False,
        "is_pending_ext_shared": bool(shown.invited),
        "pending_shared": [*shown.invited],
        "shared_team_ids": [TEAM_ID, *shown.shared_with],
        "pending_connected_team_ids": [*shown.invited],
        "created": shown.created,
        "creator": shown.creator,
        "unlinked": 0,
        "context_team_id": TEAM_ID,
        "topic": {"value": shown.topic, "creator": shown.creator, "last_set": 0},
        "purpose": {"value": shown.purpose, "creator": shown.creator, "last_set": 0},
        "previous_names": [],
        "num_members": len(shown.members),
    }


def user(shown: User, *, email: bool) -> Json:
    return {
        "id": shown.id,
        "team_id": shown.team_id,
        "name": shown.name,
        "deleted": False,
        "color": shown.color,
        "real_name": shown.real_name,
        "tz": shown.tz,
        "tz_label": shown.tz_label,
        "tz_offset": shown.tz_offset,
        "profile": profile(shown, email=email),
        "is_admin": shown.is_admin,
        "is_owner": False,
        "is_restricted": shown.is_guest,
        "is_ultra_restricted": False,
        "is_bot": shown.is_bot,
        "is_stranger": False,
        "is_app_user": False,
        "updated": 1_763_000_000,
    }


def profile(shown: User, *, email: bool) -> Json:
    found: Json = {
        "title": shown.title,
        "real_name": shown.real_name,
        "real_name_normalized": shown.real_name,
        "display_name": shown.real_name,
        "display_name_normalized": shown.real_name,
        "first_name": shown.real_name.partition(" ")[0],
        "last_name": shown.real_name.partition(" ")[2],
        "status_text": "",
        "status_emoji": "",
        "team": shown.team_id,
    }
    if shown.is_bot:
        found |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    elif email:
        found["email"] = shown.email
    return found


def team(world: World, base: str) -> Json:
    return {
        "id": TEAM_ID,
        "name": world.team_name,
        "domain": world.team_domain,
        "email_domain": "brightleaf.example",
        "url": f"{base}/",
        "icon": {},
    }
