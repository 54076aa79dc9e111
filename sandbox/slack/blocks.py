"""Is this Block Kit that Slack would take? Pure; the answers are Slack's own sentences.

Source: "Blocks" and "View objects" of docs.slack.dev; slack_sdk.models.
"""

from collections import Counter
from collections.abc import Iterator

from sandbox.slack import elements
from sandbox.slack.rich_text import RICH_TEXT, TABLE
from sandbox.slack.shape import (
    PLAIN,
    Check,
    Problems,
    both,
    choice,
    complain,
    flag,
    items,
    one_of,
    shape,
    string,
    text,
)
from sandbox.slack.wire import Json

_ID = string(255)
_BLOCKS_AT_MOST = {"message": 50, "modal": 100, "home": 100}
_MARKDOWN = 12_000
_COUNTED = frozenset({"text", "alt_text"})


def validate(blocks: object, surface: str) -> Problems:
    """What is wrong with the blocks of a "message", "modal" or "home"; [] when nothing is."""
    problems: Problems = []
    _CHECKS[surface](blocks, "/blocks", problems)
    if not problems and isinstance(blocks, list):
        _across(blocks, problems)
    return problems


def validate_view(view: object, kind: str) -> Problems:
    """What is wrong with the view of a "modal" or "home"."""
    problems: Problems = []
    if isinstance(view, dict) and view.get("type") not in (kind, None):
        complain(problems, f"must be of type {kind}", "/view/type")
        return problems
    _VIEWS[kind](view, "/view", problems)
    if not problems and isinstance(view, dict):
        problems = validate(view["blocks"], kind)
        if kind == "modal" and not view.get("submit") and _has_input(view["blocks"]):
            complain(problems, "missing required field: submit", "/view")
    return problems


def text_length(blocks: list[Json]) -> int:
    """Characters of all texts in well-formed blocks, which Slack limits in sum."""
    return sum(len(found) for found in _texts(blocks))


def interactive(block: Json) -> list[Json]:
    """The elements of a block that a person can use."""
    found = [block[name] for name in ("accessory", "element") if block.get(name)]
    if block["type"] in ("actions", "context_actions"):
        found += block["elements"]
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, part in value.items():
            if isinstance(part, str):
                if name in _COUNTED:
                    yield part
            else:
                yield from _texts(part)


def _has_input(blocks: list[Json]) -> bool:
    return any(block["type"] == "input" for block in blocks)


def _across(blocks: list[Json], problems: Problems) -> None:
    """What no block shows by itself: ids and limits over all of them."""
    block_ids = Counter(block.get("block_id") for block in blocks if block.get("block_id"))
    for index, block in enumerate(blocks):
        if block_ids[block.get("block_id")] > 1:
            what = f'block_id "{block["block_id"]}" already exists'
            complain(problems, what, f"/blocks/{index}/block_id")
        action_ids = Counter(e.get("action_id") for e in interactive(block) if e.get("action_id"))
        for name, times in action_ids.items():
            if times > 1:
                complain(
                    problems, f'action_id "{name}" already exists', f"/blocks/{index}/elements"
                )
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > _MARKDOWN:
        complain(problems, f"must be less than {_MARKDOWN + 1} characters", "/blocks")
    if sum(e.get("focus_on_load") is True for block in blocks for e in interactive(block)) > 1:
        complain(problems, "only one element may have focus_on_load", "/blocks")


def _section_says_something(block: object, pointer: str, problems: Problems) -> None:
    if isinstance(block, dict) and not block.get("text") and not block.get("fields"):
        complain(problems, "missing required field: text or fields", pointer)


def _block(required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return shape(required, {"block_id": _ID} | optional)


_SECTION = both(
    _block(
        {},
        {
            "text": text(3_000),
            "fields": items(text(2_000), 10),
            "accessory": elements.SECTION,
            "expand": flag,
        },
    ),
    _section_says_something,
)
_VIDEO = _block(
    {
        "title": text(200, PLAIN),
        "video_url": string(3_000),
        "thumbnail_url": string(3_000),
        "alt_text": string(2_000),
    },
    {
        "title_url": string(3_000),
        "description": text(200, PLAIN),
        "author_name": string(50),
        "provider_name": string(50),
        "provider_icon_url": string(3_000),
    },
)


def _input(element: Check) -> Check:
    return _block(
        {"label": text(2_000, PLAIN), "element": element},
        {"hint": text(2_000, PLAIN), "optional": flag, "dispatch_action": flag},
    )


_EVERYWHERE: dict[str, Check] = {
    "section": _SECTION,
    "divider": _block({}, {}),
    "header": _block({"text": text(150, PLAIN)}, {}),
    "image": elements.image({"block_id": _ID, "title": text(2_000, PLAIN)}),
    "actions": _block({"elements": items(elements.ACTIONS, 25)}, {}),
    "context": _block({"elements": items(elements.CONTEXT, 10)}, {}),
    "rich_text": _block({"elements": items(RICH_TEXT, 1_000, 0)}, {}),
    "video": _VIDEO,
}
_ONLY_IN_MESSAGES: dict[str, Check] = {
    "markdown": _block({"text": string(_MARKDOWN)}, {}),
    "table": _block(TABLE["required"], TABLE["optional"]),
    "context_actions": _block({"elements": items(elements.CONTEXT_ACTIONS, 5)}, {}),
    "file": _block({"external_id": string(), "source": choice("remote")}, {}),
}


def _check(surface: str, more: dict[str, Check]) -> Check:
    return items(one_of(_EVERYWHERE | more), _BLOCKS_AT_MOST[surface], 0)


_CHECKS = {
    "message": _check("message", _ONLY_IN_MESSAGES | {"input": _input(elements.INPUT)}),
    "modal": _check("modal", {"input": _input(elements.MODAL_INPUT)}),
    "home": _check("home", {"input": _input(elements.INPUT)}),
}


def _any_blocks(value: object, pointer: str, problems: Problems) -> None:
    if not isinstance(value, list):
        complain(problems, "must provide an array", pointer)


_NAMED: dict[str, Check] = {
    "private_metadata": string(3_000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_SHORT = text(24, PLAIN)
_VIEWS = {
    "modal": one_of(
        {
            "modal": shape(
                {"title": _SHORT, "blocks": _any_blocks},
                _NAMED
                | {
                    "submit": _SHORT,
                    "close": _SHORT,
                    "clear_on_close": flag,
                    "notify_on_close": flag,
                    "submit_disabled": flag,
                },
            )
        }
    ),
    "home": one_of({"home": shape({"blocks": _any_blocks}, _NAMED)}),
}
