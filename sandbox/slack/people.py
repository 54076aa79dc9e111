"""What people do in the workspace: posts, reactions, buttons, commands, windows."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.slack.answers import respond
from sandbox.slack.call import Office
from sandbox.slack.choices import state
from sandbox.slack.delivery import Delivered
from sandbox.slack.errors import SlackError
from sandbox.slack.interactions import Interactions, Shown
from sandbox.slack.response_urls import ResponseUrl
from sandbox.slack.wire import Args, Json
from sandbox.slack.world import Channel, Message, User

COMMAND = "/tierdesk"
_TIMEOUT = "operation_timeout"
_SAFE = re.compile(r"<([@#][A-Z0-9]+(?:\|[^<>]*)?)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that one person does."""

    office: Office
    person: User
    args: Args
    interactions: Interactions

    def channel(self) -> Channel:
        found = self.office.world.channels.get(self.args.required("channel", "channel_not_found"))
        if found is None or self.person.id not in found.members:
            raise SlackError("channel_not_found")
        if found.is_archived:
            raise SlackError("is_archived")
        return found

    def message(self, channel: Channel) -> Message:
        found = channel.messages.get(self.args.required("ts", "message_not_found"))
        if found is None:
            raise SlackError("message_not_found")
        return found

    def shown(self) -> Shown:
        """The message acted on, which may be one that only this person sees."""
        channel = self.channel()
        ts = self.args.text("ts")
        for message in self.office.world.ephemerals.get((channel.id, self.person.id), []):
            if message.ts == ts:
                return Shown(channel=channel, message=message, ephemeral=True)
        return Shown(channel=channel, message=self.message(channel), ephemeral=False)

    def fields(self) -> dict[str, Json]:
        """What stands in a window's fields: `{block_id: {action_id: entry}}`."""
        given = self.args.values.get("values") or {}
        if not isinstance(given, dict) or not all(isinstance(e, dict) for e in given.values()):
            raise SlackError("invalid_values")
        return given

    async def interact(self, payload: Json, kind: str = "interactive") -> Delivered:
        """Raises SlackError `operation_timeout` when the app does not acknowledge."""
        outcome = await self.office.delivery.interact(kind, payload)
        if outcome is None:
            raise SlackError(_TIMEOUT)
        return outcome


async def post(act: Act) -> Json:
    channel = act.channel()
    text = _escaped(act.args.required("text", "no_text"))
    head = channel.messages.get(act.args.text("thread_ts"))
    if "thread_ts" in act.args and head is None:
        raise SlackError("thread_not_found")
    thread_ts = (head.thread_ts or head.ts) if head else None
    message = Message(ts=act.office.names.ts(), user=act.person.id, text=text, thread_ts=thread_ts)
    act.office.activity.post(channel, message)
    return {"ts": message.ts}


async def react(act: Act) -> Json:
    channel = act.channel()
    message, name = act.message(channel), act.args.required("name", "no_reaction")
    if act.person.id in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    act.office.activity.react(channel, message, act.person.id, name)
    return {}


async def unreact(act: Act) -> Json:
    channel = act.channel()
    message, name = act.message(channel), act.args.required("name", "no_reaction")
    if act.person.id not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    act.office.activity.unreact(channel, message, act.person.id, name)
    return {}


async def use_element(act: Act) -> Json:
    """A button, menu or the like in a message."""
    shown = act.shown()
    used = {act.args.text("block_id"): {act.args.text("action_id"): act.args.values}}
    await act.interact(act.interactions.block_actions(shown, act.args.values, used))
    return {}


async def command(act: Act) -> Json:
    channel = act.channel()
    if act.args.text("command", COMMAND) != COMMAND:
        raise SlackError("unknown_command")
    payload = act.interactions.command(channel, COMMAND, act.args.text("text"))
    outcome = await act.interact(dict(payload), "slash_commands")
    said = {"text": outcome.answer} if isinstance(outcome.answer, str) else outcome.answer
    if isinstance(said, dict) and said:
        place = ResponseUrl(
            channel=channel.id,
            user=act.person.id,
            ts=None,
            ephemeral=False,
            thread_ts=None,
            expires=0.0,
        )
        respond(act.office, place, said)
    return {}


async def shortcut(act: Act) -> Json:
    callback_id = act.args.required("callback_id")
    if "ts" in act.args:
        payload = act.interactions.message_action(act.shown(), callback_id)
    else:
        payload = act.interactions.shortcut(callback_id)
    await act.interact(payload)
    return {}


async def open_home(act: Act) -> Json:
    world, user = act.office.world, act.person.id
    act.office.activity.open_home(user, world.im(user), world.homes.get(user))
    return {}


async def use_view_element(act: Act) -> Json:
    window = act.office.windows.find(act.args.required("view_id"))
    used = {act.args.text("action_id"): act.args.values}
    block_id, given = act.args.text("block_id"), act.fields()
    given = given | {block_id: {**given.get(block_id, {}), **used}}
    window.view["state"] = state(window.view["blocks"], given)
    await act.interact(act.interactions.view_actions(window.view, act.args.values))
    return {}


def _escaped(text: str) -> str:
    """Slack's own client sends control characters escaped and mentions as they are."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mention in _SAFE.findall(text):
        shut = mention.replace("&", "&amp;")
        escaped = escaped.replace(f"&lt;{shut}&gt;", f"<{shut}>")
    return escaped


ACTS: dict[str, Callable[[Act], Awaitable[Json]]] = {
    "post": post,
    "react": react,
    "unreact": unreact,
    "action": use_element,
    "view_action": use_view_element,
    "command": command,
    "shortcut": shortcut,
    "home": open_home,
}
