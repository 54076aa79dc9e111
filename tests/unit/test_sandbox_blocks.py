"""The Block Kit validator refuses what Slack refuses, in Slack's words."""

from typing import Any

import pytest

from sandbox.slack.blocks import text_length, validate, validate_view


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(text: str = "Claim", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": "claim", **more}


def option(text: str = "One", value: str = "1", **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn("A case"), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def field(**element: Any) -> dict[str, Any]:
    wanted = {"type": "plain_text_input", "action_id": "typed", **element}
    return {"type": "input", "label": plain("Text"), "element": wanted}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("Reply"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def options(count: int) -> list[dict[str, Any]]:
    return [option(value=str(number)) for number in range(count)]


CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes")}

# name, the block with `n` of something, the greatest n that is taken
LIMITS = [
    ("section text", lambda n: section(text=mrkdwn("x" * n)), 3_000),
    ("section fields", lambda n: section(fields=[mrkdwn("x")] * n), 10),
    ("field text", lambda n: section(fields=[mrkdwn("x" * n)]), 2_000),
    ("header", lambda n: {"type": "header", "text": plain("x" * n)}, 150),
    ("context elements", lambda n: {"type": "context", "elements": [mrkdwn("x")] * n}, 10),
    ("actions", lambda n: actions(*(button(action_id=f"a{i}") for i in range(n))), 25),
    ("button text", lambda n: actions(button("x" * n)), 75),
    ("button value", lambda n: actions(button(value="x" * n)), 2_000),
    ("button url", lambda n: actions(button(url="https://" + "x" * (n - 8))), 3_000),
    ("action_id", lambda n: actions(button(action_id="x" * n)), 255),
    ("block_id", lambda n: section(block_id="x" * n), 255),
    ("select options", lambda n: actions(select(options=options(n))), 100),
    ("option text", lambda n: actions(select(options=[option("x" * n)])), 75),
    ("option value", lambda n: actions(select(options=[option(value="x" * n)])), 150),
    ("placeholder", lambda n: actions(select(placeholder=plain("x" * n))), 150),
    ("overflow", lambda n: actions({"type": "overflow", "options": options(n)}), 5),
    (
        "confirm title",
        lambda n: actions(button(confirm=CONFIRM | {"title": plain("x" * n)})),
        100,
    ),
    ("confirm text", lambda n: actions(button(confirm=CONFIRM | {"text": plain("x" * n)})), 300),
    ("input label", lambda n: field() | {"label": plain("x" * n)}, 2_000),
    ("input placeholder", lambda n: field(placeholder=plain("x" * n)), 150),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    (
        "alt text",
        lambda n: {"type": "image", "image_url": "https://a.example/b", "alt_text": "x" * n},
        2_000,
    ),
]


@pytest.mark.parametrize(
    ("build", "most"), [limit[1:] for limit in LIMITS], ids=[limit[0] for limit in LIMITS]
)
def test_a_limit_is_taken_and_one_above_is_refused(build: Any, most: int) -> None:
    assert validate([build(most)], "message") == []
    assert validate([build(most + 1)], "message") != []


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_takes_so_many_blocks(surface: str, most: int) -> None:
    assert validate([{"type": "divider"}] * most, surface) == []
    assert validate([{"type": "divider"}] * (most + 1), surface) == [
        f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize(("name", "most"), [("title", 24), ("submit", 24), ("close", 24)], ids=str)
def test_a_modals_words_are_short(name: str, most: int) -> None:
    assert validate_view(modal(section(), **{name: plain("x" * most)}), "modal") == []
    assert validate_view(modal(section(), **{name: plain("x" * (most + 1))}), "modal") == [
        f"[ERROR] must be less than {most + 1} characters [json-pointer:/view/{name}/text]"
    ]


@pytest.mark.parametrize(("name", "most"), [("private_metadata", 3_000), ("callback_id", 255)])
def test_a_modals_hidden_fields_have_limits(name: str, most: int) -> None:
    assert validate_view(modal(section(), **{name: "x" * most}), "modal") == []
    assert validate_view(modal(section(), **{name: "x" * (most + 1)}), "modal") != []


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(section(text=mrkdwn("")), id="empty text"),
        pytest.param({"type": "section"}, id="section without words"),
        pytest.param({"type": "header", "text": mrkdwn("x")}, id="mrkdwn in a header"),
        pytest.param(actions(button() | {"text": mrkdwn("x")}), id="mrkdwn on a button"),
        pytest.param(actions(), id="no actions"),
        pytest.param(actions({"type": "plain_text_input"}), id="typing in actions"),
        pytest.param(actions({"type": "image", "image_url": "u", "alt_text": "a"}), id="image"),
        pytest.param(section(accessory={"type": "datetimepicker"}), id="accessory"),
        pytest.param({"type": "spacer"}, id="unknown block"),
        pytest.param(section(colour="red"), id="unknown field"),
        pytest.param({"text": mrkdwn("x")}, id="no type"),
        pytest.param("section", id="no object"),
        pytest.param(actions(button(style="green")), id="unknown style"),
        pytest.param(actions({"type": "static_select"}), id="select without options"),
        pytest.param(actions(select(initial_option=option("Two", "2"))), id="foreign initial"),
        pytest.param(actions(select(options=[option(), option()])), id="same value twice"),
        pytest.param(actions(button(), button()), id="same action_id twice"),
        pytest.param({"type": "image", "alt_text": "a"}, id="image without a source"),
        pytest.param({"type": "context", "elements": [button()]}, id="button in a context"),
        pytest.param(actions(button() | {"text": 3}), id="wrong type"),
    ],
)
def test_a_malformed_block_is_refused(block: Any) -> None:
    assert validate([block], "message") != []


@pytest.mark.parametrize("blocks", [None, {}, "[]", 3])
def test_blocks_that_are_no_list_are_refused(blocks: object) -> None:
    assert validate(blocks, "message") == ["[ERROR] must provide an array [json-pointer:/blocks]"]


def test_a_block_id_stands_only_once() -> None:
    problems = validate([section(block_id="a"), section(block_id="a")], "message")
    assert 'block_id "a" already exists' in problems[0]


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    assert validate([actions(button()), actions(button())], "message") == []


@pytest.mark.parametrize("kind", ["markdown", "table", "context_actions"])
def test_blocks_for_messages_are_refused_in_windows(kind: str) -> None:
    whole = {
        "markdown": {"type": "markdown", "text": "x"},
        "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
        "context_actions": {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x")}],
        },
    }
    assert validate([whole[kind]], "message") == []
    assert validate([whole[kind]], "modal") == [
        f"[ERROR] unsupported type: {kind} [json-pointer:/blocks/0/type]"
    ]


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    view = modal(field())
    assert validate_view(view, "modal") == []
    del view["submit"]
    assert validate_view(view, "modal") != []


def test_a_home_is_no_modal() -> None:
    home = {"type": "home", "blocks": [section()]}
    assert validate_view(home, "home") == []
    assert validate_view(home, "modal") != []
    assert validate_view(home | {"title": plain("Home")}, "home") != []


def test_a_file_can_be_asked_for_only_in_a_modal() -> None:
    block = field() | {"element": {"type": "file_input", "action_id": "file"}}
    assert validate([block], "modal") == []
    assert validate([block], "message") != []


def test_a_whole_card_is_taken() -> None:
    card = [
        {"type": "header", "text": plain("High · Mastodon")},
        section(fields=[mrkdwn("*Ana*"), plain("Tier 1")], accessory=button(action_id="open")),
        {"type": "context", "elements": [mrkdwn("Why"), plain("here")]},
        {"type": "divider"},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_quote",
                    "elements": [{"type": "text", "text": "Hello", "style": {"bold": True}}],
                }
            ],
        },
        actions(
            button(style="primary", confirm=CONFIRM),
            {"type": "users_select", "action_id": "who", "placeholder": plain("Whom?")},
            {"type": "overflow", "action_id": "more", "options": options(3)},
        ),
    ]
    assert validate(card, "message") == []


def test_all_texts_of_a_message_count() -> None:
    blocks = [section(text=mrkdwn("x" * 10), fields=[plain("y" * 5)]), actions(button("Go"))]
    assert text_length(blocks) == 17
