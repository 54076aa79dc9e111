"""The app's manifest: exactly what the listeners and calls need, nothing more.

Source: "App manifest reference" of docs.slack.dev.
"""

from __future__ import annotations

from typing import Literal

from workspace import ids
from workspace.http import PATH

Mode = Literal["socket", "http"]

SCOPES = (
    "channels:history",  # conversations.history and .replies; message events
    "channels:read",  # conversations.info, conversations.members
    "chat:write",  # chat.*
    "commands",  # the command and the shortcut
    "groups:history",  # the same in private channels
    "groups:read",
    "reactions:read",  # reaction_added
    "users:read",  # users.info
)
ABOUT = (
    "Customers' posts and messages, as cards in your channels."
    " Type /tierdesk mine in any channel to see which cases are yours."
)
"""Where the work is: what somebody reads who opens the app itself. Slack takes 140 characters."""

EVENTS = ("message.channels", "message.groups", "reaction_added")


def manifest(mode: Mode, request_url: str | None = None) -> dict[str, object]:
    """For `socket`, or for `http` with the address at which Slack reaches this product.

    Raises ValueError for `http` without an address.
    """
    if mode == "http" and not request_url:
        raise ValueError("HTTP mode needs the address at which Slack reaches Tierdesk")
    url = f"{(request_url or '').rstrip('/').removesuffix(PATH)}{PATH}" if mode == "http" else None
    return {
        "display_information": {
            "name": "Tierdesk",
            "description": ABOUT,
            "background_color": "#0f766e",
        },
        "features": _features(url),
        "oauth_config": {"scopes": {"bot": [*SCOPES]}},
        "settings": _settings(url),
    }


def _features(url: str | None) -> dict[str, object]:
    command: dict[str, object] = {
        "command": ids.COMMAND,
        "description": "Find a case or a customer, list mine, tell why, search articles",
        "usage_hint": (
            "case 1042 | mine | who name | why 1042 | kb words | channels | report costs | rules"
            " | ignored | help"
        ),
        "should_escape": False,
    }
    return {
        # There is no home page. In the messages stands what is for one person who is not in the
        # channel; what they type there nobody reads, so they cannot.
        "app_home": {
            "home_tab_enabled": False,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": "Tierdesk", "always_online": True},
        "shortcuts": [
            {
                "name": "Show the case",
                "type": "message",
                "callback_id": ids.SHORTCUT,
                "description": "Shows the case that a message belongs to",
            }
        ],
        "slash_commands": [command | ({"url": url} if url else {})],
    }


def _settings(url: str | None) -> dict[str, object]:
    address = {"request_url": url} if url else {}
    searching = {"message_menu_options_url": url} if url else {}  # fields that search
    return {
        "event_subscriptions": {**address, "bot_events": [*EVENTS]},
        "interactivity": {"is_enabled": True, **address, **searching},
        "org_deploy_enabled": False,
        "socket_mode_enabled": url is None,
        "token_rotation_enabled": False,
    }
