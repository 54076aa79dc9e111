"""The elements of Block Kit and their limits.

Sources: "Block elements" and "Composition objects" of docs.slack.dev; slack_sdk.models.
"""

from sandbox.slack.shape import (
    ANY_TEXT,
    PLAIN,
    Check,
    Problems,
    anything,
    both,
    choice,
    complain,
    flag,
    items,
    one_of,
    shape,
    string,
    text,
    whole,
)
from sandbox.slack.wire import Json

_ID = string(255)
_URL = string(3_000)
_PLACEHOLDER = text(150, PLAIN)
_NUMBER_TEXT = string(255)

CONFIRM = shape(
    {"title": text(100, PLAIN), "text": text(300), "confirm": text(30, PLAIN)},
    {"deny": text(30, PLAIN), "style": choice("primary", "danger")},
)
_INTERACTIVE = {"action_id": _ID, "confirm": CONFIRM, "focus_on_load": flag}


def option(kinds: tuple[str, ...]) -> Check:
    return shape(
        {"text": text(75, kinds), "value": string(150)},
        {"description": text(75, kinds), "url": _URL},
    )


_OPTION = option(PLAIN)
_RICH_OPTION = option(ANY_TEXT)
OPTIONS = items(_OPTION, 100)
OPTION_GROUPS = items(shape({"label": text(75, PLAIN), "options": OPTIONS}, {}), 100)
_DISPATCH = shape(
    {},
    {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)},
)
_FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def all_options(element: Json) -> list[Json]:
    """The options of a menu, those in groups too."""
    groups = element.get("option_groups") or []
    grouped = [option for group in groups for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def _needs_options(element: object, pointer: str, problems: Problems) -> None:
    if not isinstance(element, dict):
        return
    given = [name for name in ("options", "option_groups") if element.get(name) is not None]
    if len(given) != 1:
        complain(problems, "must provide either options or option_groups", pointer)
    else:
        _initial_among(element, pointer, problems)


def _initial_among(element: object, pointer: str, problems: Problems) -> None:
    if not isinstance(element, dict):
        return
    offered = all_options(element)
    values = {item["value"] for item in offered}
    if len(values) < len(offered):
        complain(problems, "option values must be unique", pointer)
    initial = [*(element.get("initial_options") or [])]
    initial += [element["initial_option"]] if element.get("initial_option") else []
    if any(item not in offered for item in initial):
        complain(problems, "initial options must match options exactly", pointer)


def _menu(extra: dict[str, Check]) -> Check:
    return shape({}, _INTERACTIVE | {"placeholder": _PLACEHOLDER} | extra)


_STATIC = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_EXTERNAL = {"min_query_length": whole(0, 1_000)}
_CONVERSATIONS = {
    "default_to_current_conversation": flag,
    "response_url_enabled": flag,
    "filter": _FILTER,
}
_MANY = {"max_selected_items": whole(1, 1_000)}


def _single_menus() -> dict[str, Check]:
    return {
        "static_select": both(_menu(_STATIC | {"initial_option": _OPTION}), _needs_options),
        "external_select": _menu(_EXTERNAL | {"initial_option": _OPTION}),
        "users_select": _menu({"initial_user": string()}),
        "channels_select": _menu({"initial_channel": string(), "response_url_enabled": flag}),
        "conversations_select": _menu(_CONVERSATIONS | {"initial_conversation": string()}),
    }


def _multi_menus() -> dict[str, Check]:
    names = items(string(), 1_000)
    chosen = {"initial_options": items(_OPTION, 100)}
    return {
        "multi_static_select": both(_menu(_STATIC | _MANY | chosen), _needs_options),
        "multi_external_select": _menu(_EXTERNAL | _MANY | chosen),
        "multi_users_select": _menu(_MANY | {"initial_users": names}),
        "multi_channels_select": _menu(_MANY | {"initial_channels": names}),
        "multi_conversations_select": _menu(
            _CONVERSATIONS | _MANY | {"initial_conversations": names}
        ),
    }


def _pickers() -> dict[str, Check]:
    time = {"initial_time": string(5), "timezone": string()}
    return {
        "datepicker": _menu({"initial_date": string(10, 10)}),
        "timepicker": _menu(time),
        "datetimepicker": shape(
            {}, _INTERACTIVE | {"initial_date_time": whole(1_000_000_000, 9_999_999_999)}
        ),
        "checkboxes": both(
            shape(
                {"options": items(_RICH_OPTION, 10)},
                _INTERACTIVE | {"initial_options": items(_RICH_OPTION, 10)},
            ),
            _initial_among,
        ),
        "radio_buttons": both(
            shape(
                {"options": items(_RICH_OPTION, 10)},
                _INTERACTIVE | {"initial_option": _RICH_OPTION},
            ),
            _initial_among,
        ),
    }


def _buttons() -> dict[str, Check]:
    style = choice("primary", "danger")
    return {
        "button": shape(
            {"text": text(75, PLAIN)},
            {
                "action_id": _ID,
                "url": _URL,
                "value": string(2_000),
                "style": style,
                "confirm": CONFIRM,
                "accessibility_label": string(75),
            },
        ),
        "overflow": both(
            shape({"options": items(_OPTION, 5)}, {"action_id": _ID, "confirm": CONFIRM}),
            _initial_among,
        ),
        "workflow_button": shape(
            {"text": text(75, PLAIN), "workflow": anything},
            {"action_id": _ID, "style": style, "accessibility_label": string(75)},
        ),
    }


def _typed() -> dict[str, Check]:
    typed = {
        "action_id": _ID,
        "placeholder": _PLACEHOLDER,
        "dispatch_action_config": _DISPATCH,
        "focus_on_load": flag,
    }
    value = {"initial_value": string(3_000)}
    lengths = {"min_length": whole(0, 3_000), "max_length": whole(1, 3_000), "multiline": flag}
    numbers = {"initial_value": _NUMBER_TEXT, "min_value": _NUMBER_TEXT, "max_value": _NUMBER_TEXT}
    return {
        "plain_text_input": shape({}, typed | value | lengths),
        "email_text_input": shape({}, typed | value),
        "url_text_input": shape({}, typed | value),
        "number_input": shape({"is_decimal_allowed": flag}, typed | numbers),
        "rich_text_input": shape({}, typed | {"initial_value": anything}),
    }


_FILE_INPUT = {
    "file_input": shape(
        {},
        {"action_id": _ID, "filetypes": items(string(), 100), "max_files": whole(1, 10)},
    )
}


def _image_source(element: object, pointer: str, problems: Problems) -> None:
    given = isinstance(element, dict) and (element.get("image_url") or element.get("slack_file"))
    if not given:
        complain(problems, "must provide either image_url or slack_file", pointer)


def image(extra: dict[str, Check]) -> Check:
    """An image, as an element or with a block's fields."""
    fields = {"image_url": _URL, "slack_file": anything} | extra
    return both(shape({"alt_text": string(2_000)}, fields), _image_source)


_SELECTS = _single_menus() | _multi_menus()
_RICH_INPUT = {"rich_text_input": _typed()["rich_text_input"]}
_DATETIME = ("datetimepicker",)

SECTION = one_of(
    _SELECTS
    | {kind: check for kind, check in _pickers().items() if kind not in _DATETIME}
    | _buttons()
    | {"image": image({})}
)
ACTIONS = one_of(_SELECTS | _pickers() | _buttons() | _RICH_INPUT)
INPUT = one_of(_SELECTS | _pickers() | _typed())
MODAL_INPUT = one_of(_SELECTS | _pickers() | _typed() | _FILE_INPUT)
CONTEXT = one_of(
    {
        "image": image({}),
        "plain_text": text(3_000, PLAIN),
        "mrkdwn": text(3_000, ("mrkdwn",)),
    }
)


def _feedback() -> dict[str, Check]:
    button = shape(
        {"text": text(75, PLAIN), "value": string(2_000)}, {"accessibility_label": string(75)}
    )
    return {
        "feedback_buttons": shape(
            {"positive_button": button, "negative_button": button}, {"action_id": _ID}
        ),
        "icon_button": shape(
            {"icon": string(), "text": text(75, PLAIN)},
            {
                "action_id": _ID,
                "value": string(2_000),
                "confirm": CONFIRM,
                "accessibility_label": string(75),
                "visible_to_user_ids": items(string(), 100),
            },
        ),
    }


CONTEXT_ACTIONS = one_of(_feedback())
