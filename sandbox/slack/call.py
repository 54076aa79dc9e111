"""One call of the Web API, and the workspace that it works on."""

from dataclasses import dataclass

from sandbox.slack.activity import Activity
from sandbox.slack.delivery import Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.files import Files
from sandbox.slack.names import Clock, Names
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.scopes import BY_CHANNEL
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.triggers import Triggers
from sandbox.slack.windows import Windows
from sandbox.slack.wire import Args
from sandbox.slack.world import BOT_USER, Channel, Message, User, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The parts of the workspace that methods and people work with."""

    world: World
    names: Names
    clock: Clock
    scopes: frozenset[str]
    activity: Activity
    delivery: Delivery
    socket: SocketMode
    triggers: Triggers
    windows: Windows
    response_urls: ResponseUrls
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`base` is where the caller reaches this Slack, without a slash at its end."""

    method: str
    args: Args
    office: Office
    base: str
    is_app_token: bool

    @property
    def world(self) -> World:
        return self.office.world

    def require(self, *scopes: str) -> None:
        """Any one of the scopes is enough."""
        if not self.office.scopes.intersection(scopes):
            provided = ",".join(sorted(self.office.scopes))
            raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)

    def channel(self, group: str = "", name: str = "channel") -> Channel:
        """The channel that an argument names, as far as the bot may know of it.

        `group` is the kind of scope that it needs, of scopes.BY_CHANNEL.
        """
        found = self.known(self.args.required(name, "channel_not_found"))
        if group:
            self.require(*BY_CHANNEL[group][found.kind])
        return found

    def known(self, channel_id: str) -> Channel:
        found = self.world.channels.get(channel_id)
        if found is None or not (found.kind == "public" or BOT_USER in found.members):
            raise SlackError("channel_not_found")
        return found

    def joined(self, group: str = "") -> Channel:
        """A channel that the bot is in."""
        found = self.channel(group)
        if BOT_USER not in found.members:
            raise SlackError("not_in_channel")
        return found

    def living(self, group: str = "") -> Channel:
        """A channel that the bot is in and that is not archived."""
        found = self.joined(group)
        if found.is_archived:
            raise SlackError("is_archived")
        return found

    def message(self, channel: Channel, name: str = "ts") -> Message:
        found = channel.messages.get(self.args.required(name, "message_not_found"))
        if found is None or found.subtype == "tombstone":
            raise SlackError("message_not_found")
        return found

    def user(self, user_id: str) -> User:
        found = self.world.users.get(user_id)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def permalink(self, channel: Channel, message: Message) -> str:
        link = f"{self.base}/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if not message.thread_ts:
            return link
        return f"{link}?thread_ts={message.thread_ts}&cid={channel.id}"
