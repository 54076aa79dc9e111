"""What the story's people do at their desk: it goes to the app as a click on the page does."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator

from sandbox.slack.blocks import interactive
from sandbox.slack.call import Office
from sandbox.slack.elements import all_options
from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Json
from sandbox.slack.world import Channel, Message

Do = Callable[[Json], Awaitable[Json]]
"""Does one act of the people's endpoint."""


class Scene:
    """A place is a channel's id, a message's (`channel/ts`) or a window's."""

    def __init__(self, office: Office, do: Do) -> None:
        self._office = office
        self._do = do
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def staffed(self) -> bool:
        """Whether the app is there to answer a click."""
        return self._office.socket.connected > 0

    def find(self, who: str, kind: str, words: str) -> str | None:
        """Where somebody can do an act of this kind: what it is about is known by its words.

        Who has a window open presses nothing beside it.
        """
        stack = self._office.windows.stack(who)
        if kind in ("send", "close"):
            shown = stack[-1:] if stack and words in _written(stack[-1].view) else []
            return shown[0].id if shown else None
        mine = [c for c in self._office.world.channels.values() if who in c.members]
        if kind == "say":
            return next((channel.id for channel in mine if channel.name == words), None)
        return None if stack else next(_holding(mine, words), None)

    def act(self, given: Json) -> None:
        """Begins it: how it ends, the page shows."""
        task = asyncio.get_running_loop().create_task(self._done(self._as_a_click(given)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _done(self, act: Json) -> None:
        with contextlib.suppress(SlackError):  # the card changed, or the app is away
            await self._do(act)

    def _as_a_click(self, given: Json) -> Json:
        who, place, text = given["as"], given["target"], given.get("text", "")
        channel, _, ts = place.partition("/")
        match given["type"]:
            case "say":
                return {"as": who, "type": "post", "channel": channel, "text": text}
            case "answer":
                answer = {"channel": channel, "thread_ts": ts, "text": text}
                return {"as": who, "type": "post", **answer}
            case "send" | "close" as kind:
                way = {"send": "submit", "close": "close_view"}[kind]
                return {"as": who, "type": way, "view_id": place}
            case _:
                message = self._office.world.channels[channel].messages[ts]
                used = {"channel": channel, "ts": ts, **_used(message, text)}
                return {"as": who, "type": "action", **used}


def _holding(channels: list[Channel], words: str) -> Iterator[str]:
    """The newest messages of the app first, outside threads."""
    for channel in channels:
        for ts in reversed(channel.top):
            message = channel.messages[ts]
            if message.bot_id and words in _written([message.text, message.blocks]):
                yield f"{channel.id}/{ts}"


def _used(message: Message, name: str) -> Json:
    """An element by its action id; `id=value` chooses the option whose value begins so."""
    action, _, chosen = name.partition("=")
    for block in message.blocks:
        for element in interactive(block):
            if element.get("action_id") != action:
                continue
            used: Json = {"block_id": block["block_id"], "action_id": action}
            if not chosen:
                return used | {"value": element.get("value")}
            begins = (o for o in all_options(element) if o["value"].startswith(chosen))
            return used | {"selected_option": next(begins, None)}
    return {"block_id": "", "action_id": action}


def _written(shown: object) -> str:
    return json.dumps(shown, ensure_ascii=False)
