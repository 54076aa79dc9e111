"""Steps of people in the whole product, for scenarios: what is written, pressed and read."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.world import PATIENCE, World

CARE, PRIVATE, MARKETING, OPERATIONS = "C0CARE", "C0PRIVATE", "C0MARKETING", "C0OPS"
MIHAI, IOANA, KENJI, SAM = "U0MIHAI", "U0IOANA", "U0KENJI", "U0SAM"

Message = dict[str, Any]


def comment(world: World, acct: str, text: str, **more: Any) -> str:
    """Write under a new post of the brand: a case of its own. Returns the comment's id."""
    above = world.customer("brightleaf", "News from our workshop.")
    return world.customer(acct, text, in_reply_to_id=above, **more)


def written(message: object) -> str:
    """Everything that a message or window says, as one text."""
    return json.dumps(message, ensure_ascii=False)


def number(card: Message) -> int:
    found = re.search(r"#(\d+)", written(card))
    assert found, "a card names its case"
    return int(found[1])


def card_now(world: World, channel: str, ts: str) -> Message:
    return next(m for m in world.messages(channel) if m["ts"] == ts)


def card_says(world: World, card: Message, words: str, channel: str = CARE) -> Message:
    """The card once it says this."""

    def look() -> Message | None:
        now = card_now(world, channel, card["ts"])
        return now if words in written(now) else None

    return world.wait(look, f"“{words}” on the card of case {number(card)}")


def thread_says(
    world: World, card: Message, words: str, channel: str = CARE, *, patience: float = PATIENCE
) -> Message:
    """The line in a card's thread that says this."""
    return world.wait(
        lambda: next(
            (m for m in world.thread(channel, card["ts"]) if words in written(m)),
            None,
        ),
        f"“{words}” in the thread of case {number(card)}",
        patience,
    )


def told(world: World, user: str, words: str, channel: str = CARE) -> Message:
    """What only this agent sees, in the channel or as a direct message."""
    return world.wait(
        lambda: next((m for m in _alone(world, user, channel) if words in written(m)), None),
        f"“{words}” for {user} alone",
    )


def _alone(world: World, user: str, channel: str) -> list[Message]:
    seen = world.slack(user)
    ims = [shown["id"] for shown in seen["channels"] if shown["is_im"]]
    direct = [message for im in ims for message in seen["messages"].get(im, [])]
    return [*seen["ephemerals"].get(channel, []), *direct]


def press(world: World, user: str, card: Message, action: str, channel: str = CARE) -> Message:
    return world.press(user, channel, card["ts"], action)


def choose(world: World, user: str, card: Message, line: str, channel: str = CARE) -> Message:
    """A line of the card's menu, by its word."""
    chosen = {"value": f"{line}:{number(card)}"}
    return world.press(user, channel, card["ts"], "case.more", selected_option=chosen)


def window_of(world: World, user: str, callback: str) -> Message:
    """The agent's topmost window once it is this one."""

    def look() -> Message | None:
        views = world.slack(user)["views"]
        return views[-1] if views and views[-1]["callback_id"] == callback else None

    return world.wait(look, f"the window {callback} of {user}")


def submit(world: World, user: str, window: Message, **fields: Any) -> Message:
    """Send a window. A field is named by its action; a text stands for what is typed."""
    return world.agent(user, "submit", view_id=window["id"], values=_values(window, fields))


def _values(window: Message, fields: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for block in window["blocks"]:
        action = (block.get("element") or {}).get("action_id")
        if action in fields:
            given = fields[action]
            entry = {"value": given} if isinstance(given, str) else given
            values[block["block_id"]] = {action: {"type": block["element"]["type"], **entry}}
    assert len(values) == len(fields), f"the window has not all of {', '.join(fields)}"
    return values


def answer(
    world: World, user: str, card: Message, text: str, channel: str = CARE, **more: Any
) -> Message:
    """Press Reply, type, send; what Slack said to that."""
    press(world, user, card, "case.reply", channel)
    return submit(world, user, window_of(world, user, "window.reply"), text=text, **more)


def picked(value: str) -> dict[str, Any]:
    """A choice in a menu."""
    return {"selected_option": {"value": value}}


def posted(world: World, words: str) -> list[dict[str, Any]]:
    """What stands on the network with these words."""
    return [s for s in world.dump()["network"] if words in s["text"]]


def shown(world: World, words: str) -> list[dict[str, Any]]:
    """Messages in Slack with these words, in any channel."""
    return [m for m in world.dump()["slack"] if words in written(m)]
