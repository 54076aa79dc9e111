"""Everything that happens in channels, whoever does it: the state changes, the page is
signalled, and the app is told of it where it is a member."""

from sandbox.feed import Feed
from sandbox.slack import events, render
from sandbox.slack.delivery import Delivery
from sandbox.slack.names import Clock, Names
from sandbox.slack.scopes import BY_CHANNEL, BY_EVENT
from sandbox.slack.wire import Json
from sandbox.slack.world import BOT_USER, Channel, Message, User

_EPHEMERALS_KEPT = 20
_MOST_BEFORE = 40
"""Blocks of earlier forms of a message: what somebody may still have on the screen."""


class Activity:
    def __init__(
        self,
        feed: Feed,
        delivery: Delivery,
        names: Names,
        clock: Clock,
        scopes: frozenset[str],
    ) -> None:
        self._feed = feed
        self._delivery = delivery
        self._names = names
        self._clock = clock
        self._scopes = scopes

    def post(self, channel: Channel, message: Message) -> None:
        channel.add(message)
        self._show(channel)
        self._tell(channel, events.posted(message, channel))
        if f"<@{BOT_USER}>" in message.text and message.user != BOT_USER:
            self._tell(channel, events.mentioned(message, channel))

    def edit(self, channel: Channel, message: Message, changes: Json) -> None:
        """Sets fields of the message by name."""
        previous = render.message(message, channel, metadata=True)
        message.before = [*message.blocks, *message.before][:_MOST_BEFORE]
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited = {"user": message.user, "ts": f"{int(self._clock())}.000000"}
        self._show(channel)
        self._tell(channel, events.changed(message, previous, channel, self._names.ts()))

    def delete(self, channel: Channel, message: Message) -> None:
        previous = render.message(message, channel, metadata=True)
        channel.remove(message)
        self._show(channel)
        self._tell(channel, events.deleted(previous, channel, self._names.ts()))

    def whisper(self, channel: Channel, user: str, message: Message, kept: list[Message]) -> None:
        """Shows a message to one person only; the newest twenty stay."""
        kept.append(message)
        del kept[:-_EPHEMERALS_KEPT]
        self._feed.publish("slack", "ephemeral", f"{channel.id}/{user}")

    def react(self, channel: Channel, message: Message, user: str, name: str) -> None:
        message.reactions.setdefault(name, []).append(user)
        self._reacted("reaction_added", channel, message, user, name)

    def unreact(self, channel: Channel, message: Message, user: str, name: str) -> None:
        message.reactions[name].remove(user)
        if not message.reactions[name]:
            del message.reactions[name]
        self._reacted("reaction_removed", channel, message, user, name)

    def join(self, channel: Channel, user: User, inviter: str | None = None) -> None:
        channel.members[user.id] = None
        ts = self._names.ts()
        self._tell(
            channel, events.membership("member_joined_channel", channel, user.id, inviter, ts)
        )
        text = f"<@{user.id}> has joined the channel"
        joined = Message(ts=ts, user=user.id, text=text, subtype="channel_join", inviter=inviter)
        self.post(channel, joined)

    def leave(self, channel: Channel, user: str) -> None:
        left = events.membership("member_left_channel", channel, user, None, self._names.ts())
        self._tell(channel, left)
        channel.members.pop(user, None)
        self._show(channel)

    def open_home(self, user: str, channel: Channel, view: Json | None) -> None:
        self._send(events.home_opened(user, channel.id, view, self._names.ts()))

    def note(self, what: str, name: str) -> None:
        """Signals the page of a change that no app hears of."""
        self._feed.publish("slack", what, name)

    def _reacted(self, kind: str, channel: Channel, message: Message, user: str, name: str) -> None:
        self._show(channel)
        ts = self._names.ts()
        self._tell(channel, events.reacted(kind, message, channel, user, name, ts))

    def _show(self, channel: Channel) -> None:
        self._feed.publish("slack", "message", channel.id)

    def _tell(self, channel: Channel, event: Json) -> None:
        if BOT_USER in channel.members and self._may_hear(channel, event["type"]):
            self._send(event, shared=bool(channel.shared_with))

    def _may_hear(self, channel: Channel, kind: str) -> bool:
        group = "history" if kind == "message" else "read"
        needed = BY_EVENT.get(kind) or BY_CHANNEL[group][channel.kind][0]
        return needed in self._scopes

    def _send(self, event: Json, *, shared: bool = False) -> None:
        self._delivery.send(events.envelope(event, self._names, self._clock(), shared=shared))
