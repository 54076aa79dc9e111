"""What a message says: text, blocks, attachments, checked as Slack checks them."""

from dataclasses import dataclass
from typing import Any

from sandbox.slack.blocks import text_length, validate
from sandbox.slack.errors import SlackError, refused_blocks
from sandbox.slack.names import Names
from sandbox.slack.wire import Args, Json

_TEXT = 40_000
_MARKDOWN = 12_000
_BLOCK_TEXT = 13_000  # undocumented: 13,172 fails (slackapi/bolt-js#2509)
_ATTACHMENTS = 100
_METADATA = 8_000
_INPUTLESS = frozenset({"image", "mrkdwn", "plain_text", "workflow_button"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`blocks` and `attachments` are None when the call did not name them."""

    text: str
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None


def content(args: Args, names: Names) -> Content:
    """Raises SlackError: `no_text`, `msg_too_long`, `invalid_blocks` and its kin."""
    blocks = _blocks(args, names)
    text = _text(args, blocks)
    attachments = _attachments(args, names)
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > _TEXT:
        raise SlackError("msg_too_long")
    return Content(text=text, blocks=blocks, attachments=attachments, metadata=_metadata(args))


def identified(blocks: list[Json], names: Names) -> list[Json]:
    """The blocks with the ids that Slack makes up where an app gave none."""
    return [_identified(block, names) for block in blocks]


def _identified(block: Json, names: Names) -> Json:
    block = block if block.get("block_id") else block | {"block_id": names.new("b")}
    for part in ("accessory", "element"):
        if part in block:
            block = block | {part: _named(block[part], names)}
    if block["type"] in ("actions", "context_actions"):
        block = block | {"elements": [_named(element, names) for element in block["elements"]]}
    return block


def _named(element: Json, names: Names) -> Json:
    if element.get("action_id") or element["type"] in _INPUTLESS:
        return element
    return element | {"action_id": names.new("a")}


def _text(args: Args, blocks: list[Json] | None) -> str:
    markdown = args.text("markdown_text")
    if not markdown:
        return args.text("text")
    if "text" in args or blocks:
        raise SlackError("markdown_text_conflict")
    if len(markdown) > _MARKDOWN:
        raise SlackError("msg_too_long")
    return markdown


def _blocks(args: Args, names: Names) -> list[Json] | None:
    given = args.structure("blocks", "invalid_blocks_format")
    if given is None:
        return None
    if problems := validate(given, "message"):
        raise refused_blocks("invalid_blocks", problems)
    if text_length(given) > _BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    return identified(given, names)


def _attachments(args: Args, names: Names) -> list[Json] | None:
    given = args.structure("attachments", "invalid_attachments")
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise SlackError("invalid_attachments")
    if len(given) > _ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return [_attachment(item, number, names) for number, item in enumerate(given, 1)]


def _attachment(given: Json, number: int, names: Names) -> Json:
    attachment = {"id": number, **given}
    if "blocks" not in given:
        return attachment
    if problems := validate(given["blocks"], "message"):
        raise refused_blocks("invalid_blocks", problems)
    return attachment | {"blocks": identified(given["blocks"], names)}


def _metadata(args: Args) -> Json | None:
    given: Any = args.structure("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    payload = given.get("event_payload")
    if not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(str(payload)) > _METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": given["event_type"], "event_payload": payload}
