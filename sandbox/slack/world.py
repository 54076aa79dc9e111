"""The workspace's people, channels and messages, in memory."""

from bisect import bisect_left
from dataclasses import dataclass, field, fields

from sandbox.slack.wire import Json

BOT_USER = "U0TIERDESK"
BOT_ID = "B0TIERDESK"
APP_ID = "A0TIERDESK"
TEAM_ID = "T0BRIGHT"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody in the workspace, or of another one (`team_id`) in a channel that both share."""

    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    color: str = "4A5568"
    tz: str = "Europe/Bucharest"
    tz_label: str = "Eastern European Time"
    tz_offset: int = 7200
    is_bot: bool = False
    is_admin: bool = False
    is_guest: bool = False
    team_id: str = TEAM_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Usergroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Message:
    """One message. `replies` are the time stamps of its thread, oldest first; `before` are blocks
    that an edit took away and that somebody may still have on the screen."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    username: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    broadcast: bool = False
    inviter: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    before: list[Json] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation. `kind` is "public", "private" or "im"; `top` are the time stamps
    of the messages outside threads, oldest first. `shared_with` are other workspaces by Slack
    Connect, `invited` those that have not accepted yet."""

    id: str
    name: str
    kind: str
    created: int
    creator: str
    topic: str = ""
    purpose: str = ""
    is_general: bool = False
    is_archived: bool = False
    members: dict[str, None] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    top: list[str] = field(default_factory=list)
    pins: dict[str, Json] = field(default_factory=dict)
    bookmarks: dict[str, Json] = field(default_factory=dict)
    shared_with: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    @property
    def type_name(self) -> str:
        """The word of events' `channel_type`."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]

    def add(self, message: Message) -> None:
        self.messages[message.ts] = message
        parent = self.messages.get(message.thread_ts) if message.thread_ts else None
        if parent is not None:
            parent.replies.append(message.ts)
        if parent is None or message.broadcast:
            self.top.append(message.ts)

    def remove(self, message: Message) -> None:
        """Takes a message away; the head of a thread leaves a tombstone."""
        self.pins.pop(message.ts, None)
        if message.replies:
            _bury(message)
            return
        del self.messages[message.ts]
        _drop(self.top, message.ts)
        parent = self.messages.get(message.thread_ts or "")
        if parent is not None:
            _drop(parent.replies, message.ts)


def _bury(message: Message) -> None:
    message.subtype = "tombstone"
    message.user = "USLACKBOT"
    message.bot_id = message.username = message.metadata = message.edited = None
    message.text = "This message was deleted."
    message.blocks, message.attachments, message.files = [], [], []
    message.reactions = {}


def _drop(stamps: list[str], ts: str) -> None:
    index = bisect_left(stamps, ts)
    if index < len(stamps) and stamps[index] == ts:
        del stamps[index]


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that a reset brings back to the seed."""

    team_name: str
    team_domain: str
    users: dict[str, User]
    channels: dict[str, Channel]
    usergroups: dict[str, Usergroup]
    ephemerals: dict[tuple[str, str], list[Message]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)

    def become(self, fresh: "World") -> None:
        """Takes over another world's contents; who holds this one sees the new state."""
        for part in fields(self):
            setattr(self, part.name, getattr(fresh, part.name))

    def im(self, user: str) -> Channel:
        """The direct conversation of a person with the bot, made when first asked for."""
        name = "D" + user[1:]
        if name not in self.channels:
            self.channels[name] = Channel(
                id=name,
                name="Tierdesk",
                kind="im",
                created=0,
                creator=BOT_USER,
                members={user: None, BOT_USER: None},
            )
        return self.channels[name]
