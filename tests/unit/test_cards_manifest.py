"""The manifest asks for exactly what the product uses."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from sandbox.slack.scopes import BY_CHANNEL, BY_EVENT, BY_METHOD
from tierdesk.cli.slack import app as cli
from workspace import ids
from workspace.app import ROOMS
from workspace.manifest import EVENTS, SCOPES, manifest
from workspace.outdated import ANY

ROOM = Path(__file__).parents[2] / "workspace"
_SCOPES_OF_CHANNELS = {
    "conversations_history": "history",
    "conversations_replies": "history",
    "conversations_info": "read",
    "conversations_members": "read",
}
_OF_EVENTS = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": BY_EVENT["reaction_added"],
}


def called() -> set[str]:
    """The methods of Slack's client that the room names, as in chat_postMessage."""
    families = ("chat_", "conversations_", "users_", "views_", "reactions_", "auth_", "usergroups_")
    return {
        node.attr
        for path in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr.startswith(families)
    }


def needed() -> Iterator[str]:
    for method in called():
        if method in _SCOPES_OF_CHANNELS:
            kinds = BY_CHANNEL[_SCOPES_OF_CHANNELS[method]]
            yield from (*kinds["public"], *kinds["private"])
        else:
            family, _, rest = method.partition("_")
            yield from BY_METHOD.get(f"{family}.{rest}", ())
    yield from (_OF_EVENTS[event] for event in EVENTS)
    yield "commands"


def test_the_scopes_are_those_of_the_methods_called_and_the_events_heard() -> None:
    assert set(SCOPES) == set(needed())


def heard() -> dict[str, list[Any]]:
    """What all rooms listen for, by kind, in the order in which bolt asks them."""
    heard: dict[str, list[Any]] = {"event": [], "command": [], "shortcut": []}

    class Listening:
        """Notes what listeners are for; bolt itself does not tell."""

        def __getattr__(self, kind: str) -> Any:
            def register(what: Any) -> Any:
                heard.setdefault(kind, []).append(what)
                return lambda listener: listener

            return register

    for room in ROOMS:
        room.listen(Listening(), _Nothing())
    return heard


def test_every_event_command_and_shortcut_has_its_listener_and_no_more() -> None:
    listened, made = heard(), manifest("socket")
    features: Any = made["features"]

    assert {event.split(".")[0] for event in EVENTS} == set(listened["event"])
    assert [c["command"] for c in features["slash_commands"]] == listened["command"]
    assert [s["callback_id"] for s in features["shortcuts"]] == listened["shortcut"]
    never_sent = ("WHY_WINDOW", "PROFILE_WINDOW")
    *windows, any_other = listened["view"]
    assert sorted(windows) == sorted(
        v for k, v in vars(ids).items() if k.endswith("_WINDOW") and k not in never_sent
    )
    assert any_other is ANY


def test_every_button_and_field_has_its_listener_and_what_is_left_is_outdated() -> None:
    *actions, any_other = heard()["action"]
    pressed = {v for k, v in vars(ids).items() if isinstance(v, str) and "." in v and k[0] != "_"}

    assert set(actions) == {v for v in pressed if not v.startswith("window.")}
    assert any_other is ANY


class _Nothing:
    """A desk that nobody works at."""


def test_socket_mode_needs_no_address_and_http_mode_names_it_everywhere() -> None:
    socket, http = manifest("socket"), manifest("http", "https://desk.example/")

    assert "request_url" not in json.dumps(socket)
    assert json.dumps(http).count("https://desk.example/slack/events") == 4
    with pytest.raises(ValueError, match="address"):
        manifest("http")


@pytest.mark.parametrize("arguments", [[], ["--http", "https://desk.example"]])
def test_the_command_prints_the_same_in_yaml_and_json(arguments: list[str]) -> None:
    yaml = CliRunner().invoke(cli, ["manifest", *arguments])
    as_json = CliRunner().invoke(cli, ["manifest", "--json", *arguments])

    assert yaml.exit_code == as_json.exit_code == 0
    assert YAML(typ="safe").load(yaml.stdout) == json.loads(as_json.stdout)


def test_what_is_no_address_is_refused_in_words() -> None:
    result = CliRunner().invoke(cli, ["manifest", "--http", "desk"])

    assert result.exit_code == 2
    assert "no address" in result.output


def test_the_app_says_of_itself_where_the_work_is_and_takes_no_messages_that_nobody_reads() -> None:
    told = json.loads(json.dumps(manifest("socket")))

    about = told["display_information"]["description"]
    assert "cards in your channels" in about
    assert len(about) <= 140
    assert told["features"]["app_home"] == {
        "home_tab_enabled": False,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }
