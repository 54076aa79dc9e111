"""What a person has put into the elements of a message or window."""

from typing import Any

from sandbox.slack.blocks import interactive
from sandbox.slack.elements import all_options
from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Json

# The field of an action or of a state that holds the value of each stateful element.
_SINGLE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
}
_MANY = {
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
}
_FIELD = _SINGLE | _MANY
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "rich_text_value": "initial_value",
}
REQUIRED = "Please complete this required field."


def element_of(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """Raises SlackError `no_such_element`."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in interactive(block):
                if element.get("action_id") == action_id:
                    return element
    raise SlackError("no_such_element")


def state(blocks: list[Json], given: Json) -> Json:
    """`{"values": {block_id: {action_id: entry}}}` for every stateful element: what the
    person gave, else what the app set at first."""
    values: Json = {}
    for block in blocks:
        for element in interactive(block):
            if element["type"] in _FIELD:
                entry = _given(given, block["block_id"], element["action_id"])
                values.setdefault(block["block_id"], {})[element["action_id"]] = _entry(
                    element, entry
                )
    return {"values": values}


def action(element: Json, block_id: str, act: Json, ts: str) -> Json:
    """One of block_actions' `actions`, as Slack builds it from the element used."""
    kept = ("type", "action_id", "text", "value", "style", "url", "placeholder", "confirm")
    found: Json = {name: element[name] for name in kept if name in element}
    found |= {"block_id": block_id, "action_ts": ts}
    if element["type"] == "overflow":
        found["selected_option"] = _picked(element, act.get("selected_option"))
    elif element["type"] in _FIELD:
        found |= _entry(element, act)
        initial = _INITIAL.get(_FIELD[element["type"]], "")
        if initial in element:
            found[initial] = element[initial]
    return found


def complaints(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own window refuses before the app is asked, by block id."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            entry = values[block["block_id"]][block["element"]["action_id"]]
            if complaint := _complaint(block, entry[_FIELD[block["element"]["type"]]]):
                found[block["block_id"]] = complaint
    return found


def _complaint(block: Json, value: Any) -> str:
    element = block["element"]
    if value in (None, "", []):
        return "" if block.get("optional") else REQUIRED
    if not isinstance(value, str):
        return ""
    if len(value) < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    most = element.get("max_length", 3_000)
    return f"Must be at most {most} characters." if len(value) > most else ""


def _given(given: Json, block_id: str, action_id: str) -> Json:
    block = given.get(block_id)
    entry = block.get(action_id) if isinstance(block, dict) else None
    return entry if isinstance(entry, dict) else {}


def _entry(element: Json, given: Json) -> Json:
    kind = element["type"]
    field = _FIELD[kind]
    value = given.get(field) if field in given else element.get(_INITIAL.get(field, ""))
    if field == "selected_option" and value is not None:
        value = _picked(element, value)
    elif field == "selected_options":
        value = [_picked(element, item) for item in value or []]
    elif kind in _MANY:
        value = value or []
    return {"type": kind, field: value}


def _picked(element: Json, chosen: object) -> Json:
    """The option that a value names; an external menu's option comes whole.

    Raises SlackError `no_such_option`.
    """
    value = chosen.get("value") if isinstance(chosen, dict) else chosen
    for offered in all_options(element):
        if offered["value"] == value:
            return offered
    if isinstance(chosen, dict) and "external" in element["type"]:
        return {"text": chosen.get("text"), "value": value}
    raise SlackError("no_such_option")
