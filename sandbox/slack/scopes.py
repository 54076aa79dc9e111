"""Which scopes a method needs (source: the method pages of docs.slack.dev)."""

Scopes = tuple[str, ...]

CONNECTIONS_WRITE = "connections:write"
CUSTOMIZE = "chat:write.customize"
PUBLIC_POSTING = "chat:write.public"
READ_EMAIL = "users:read.email"

# Any one of these is enough.
BY_METHOD: dict[str, Scopes] = {
    "apps.connections.open": (CONNECTIONS_WRITE,),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.edit": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "bookmarks.remove": ("bookmarks:write",),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.join": ("channels:join",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "pins.remove": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": (READ_EMAIL,),
    "users.profile.get": ("users.profile:read", "users:read"),
}

# For conversations the scope depends on the kind of channel.
BY_CHANNEL: dict[str, dict[str, Scopes]] = {
    "read": {"public": ("channels:read",), "private": ("groups:read",), "im": ("im:read",)},
    "history": {
        "public": ("channels:history",),
        "private": ("groups:history",),
        "im": ("im:history",),
    },
    "manage": {"public": ("channels:manage",), "private": ("groups:write",), "im": ("im:write",)},
    "invite": {
        "public": ("channels:manage", "channels:write.invites"),
        "private": ("groups:write", "groups:write.invites"),
        "im": ("im:write",),
    },
    "topic": {
        "public": ("channels:manage", "channels:write.topic"),
        "private": ("groups:write", "groups:write.topic"),
        "im": ("im:write",),
    },
}

# What a bot is told of depends on its scopes as well.
BY_EVENT: dict[str, str] = {
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "app_mention": "app_mentions:read",
}

# chat:write.public stays out: without it not_in_channel is felt as in most workspaces.
BOT_SCOPES = frozenset(
    {scope for scopes in BY_METHOD.values() for scope in scopes}
    | {scope for kinds in BY_CHANNEL.values() for scopes in kinds.values() for scope in scopes}
    | set(BY_EVENT.values())
    | {CUSTOMIZE, "commands"}
) - {CONNECTIONS_WRITE}
