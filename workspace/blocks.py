"""The shapes of Block Kit that the desk uses. Pure.

Source: "Block Kit reference" of docs.slack.dev. Bounds are held where a text comes in, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from workspace import ids
from workspace.mrkdwn import clip, short, size, unescape

_MOST_LISTED = 2800
"""Characters of a section that holds a list."""

Block = dict[str, object]
Element = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of ours: its blocks, and `text` for notifications and readers."""

    text: str
    blocks: tuple[Block, ...]


def plainest(shown: Shown) -> Shown:
    """Its short form and what can be pressed, nothing else: Slack can hardly refuse that.

    Rich text, since Slack may let none take the place of it.
    """
    pressed = [block for block in shown.blocks if block["type"] == "actions"]
    line = rich_line([said(unescape(clip(shown.text, _MOST_LISTED, "…")))])
    return Shown(text=shown.text, blocks=(rich(line), *pressed))


# --- text --------------------------------------------------------------------------------


def words(text: str, *, most: int = 75) -> Block:
    return {"type": "plain_text", "text": short(text, most), "emoji": True}


def mrkdwn(text: str) -> Block:
    """`text` is ours or already escaped; nothing in it is linked by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": words(text, most=150)}


def section(text: str, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return block | ({"block_id": block_id} if block_id else {})


def plain_section(text: str, *, accessory: Element | None = None) -> Block:
    """Foreign words with something beside them: nothing in them is parsed."""
    block: Block = {"type": "section", "text": words(text, most=500)}
    return block | ({"accessory": accessory} if accessory else {})


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time in the reader's own time zone, with ours where Slack cannot tell it."""
    local = at.astimezone(zone)
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{local:%d %b %H:%M}>"


def listed(title: str, lines: Iterable[str]) -> Iterator[Block]:
    """A title with its lines, in as few blocks as hold them."""
    text = f"*{title}*"
    for line in lines:
        if size(text) + size(line) > _MOST_LISTED:
            yield section(text)
            text = ""
        text += f"\n• {line}"
    yield section(text)


# --- rich text: foreign words are never parsed -------------------------------------------


def said(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    element: Element = {"type": "text", "text": text}
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return element | ({"style": style} if style else {})


def linked(url: str, text: str, *, bold: bool = False) -> Element:
    element: Element = {"type": "link", "url": url, "text": text}
    return element | ({"style": {"bold": True}} if bold else {})


def person(user: str) -> Element:
    return {"type": "user", "user_id": user}


def dated(at: datetime, zone: ZoneInfo) -> Element:
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{date_short_pretty} {time}",
        "fallback": f"{at.astimezone(zone):%d %b %H:%M}",
    }


def rich(*parts: Block | None) -> Block:
    return {"type": "rich_text", "elements": [part for part in parts if part]}


def rich_line(elements: Iterable[Element]) -> Block:
    return {"type": "rich_text_section", "elements": [*elements]}


def rich_quote(text: str) -> Block | None:
    if not text:
        return None
    return {"type": "rich_text_quote", "elements": [said(text)]}


# --- what can be pressed -----------------------------------------------------------------


def button(
    text: str, action: str, value: str, *, style: str | None = None, ask: Block | None = None
) -> Element:
    element: Element = {
        "type": "button",
        "text": words(text),
        "action_id": action,
        "value": value,
    }
    if style:
        element["style"] = style
    return element | ({"confirm": ask} if ask else {})


def way_to(text: str, url: str) -> Element:
    """A way to a message. Not a link: of a link to a message Slack may show what stands there, to
    all who see the link, whatever it was asked."""
    return {"type": "button", "text": words(text), "action_id": ids.OPEN, "url": url}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    return {
        "title": words(title, most=100),
        "text": words(text, most=300),
        "confirm": words(yes, most=30),
        "deny": words(no, most=30),
    }


def actions(elements: Sequence[Element], *, block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": [*elements]}
    return block | ({"block_id": block_id} if block_id else {})


def option(text: str, value: str) -> Block:
    return {"text": words(text), "value": value}


def overflow(action: str, options: Iterable[Block]) -> Element:
    return {"type": "overflow", "action_id": action, "options": [*options]}


def radio(action: str, options: Sequence[Block], chosen: str) -> Element:
    return _choice("radio_buttons", action, options, chosen)


def select(
    action: str, options: Sequence[Block], *, chosen: str | None = None, hint: str | None = None
) -> Element:
    element = _choice("static_select", action, options, chosen)
    return element | ({"placeholder": words(hint, most=150)} if hint else {})


def searching(action: str, *, hint: str, least: int = 2, ask: Block | None = None) -> Element:
    """A field whose options we are asked for while one types, from `least` letters on."""
    element: Element = {
        "type": "external_select",
        "action_id": action,
        "placeholder": words(hint, most=150),
        "min_query_length": least,
    }
    return element | ({"confirm": ask} if ask else {})


def _choice(kind: str, action: str, options: Sequence[Block], chosen: str | None) -> Element:
    element: Element = {"type": kind, "action_id": action, "options": [*options]}
    initial = next((o for o in options if o["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def text_field(
    action: str,
    *,
    initial: str = "",
    most: int = 3000,
    lines: bool = True,
    hint: str | None = None,
    first: bool = False,
) -> Element:
    """`first`: the cursor stands in it when its window opens."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": lines,
        "max_length": max(1, min(most, 3000)),
    }
    if initial:
        element["initial_value"] = initial
    if first:
        element["focus_on_load"] = True
    return element | ({"placeholder": words(hint, most=150)} if hint else {})


def field(
    block_id: str,
    label: str,
    element: Element,
    *,
    optional: bool = False,
    hint: str | None = None,
    tells: bool = False,
) -> Block:
    """An input with its label. `tells`: a change is sent to us at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": words(label, most=2000),
        "element": element,
        "optional": optional,
    }
    if tells:
        block["dispatch_action"] = True
    return block | ({"hint": words(hint, most=2000)} if hint else {})


def window(
    callback: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None,
    cancel: str,
    metadata: str,
) -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": words(title, most=24),
        "close": words(cancel, most=24),
        "blocks": [*blocks],
        "private_metadata": metadata,
    }
    return view | ({"submit": words(submit, most=24)} if submit else {})
