"""Before anything is shown: are the channels as private as their tiers must be?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from slack_sdk import WebClient

from inbox.desk import Channel, Desk
from inbox.errors import Rejected
from workspace.errors import asking
from workspace.manifest import SCOPES


def check_channels(client: WebClient, desk: Desk) -> list[str]:
    """Everything that is wrong, each with what to do. Raises an IntegrationError of Slack's."""
    me = asking(client.auth_test, post=False)
    problems = [*_missing_scopes(me.headers)]
    for channel in desk.channels.values():
        problems += _channel(client, desk, channel)
    return problems


def _missing_scopes(headers: Any) -> Iterator[str]:
    """Slack names the token's scopes in a header of every answer."""
    given = headers.get("x-oauth-scopes") or headers.get("X-OAuth-Scopes") or ""
    have = {scope.strip() for scope in given.split(",") if scope.strip()}
    missing = [scope for scope in SCOPES if scope not in have]
    if have and missing:
        yield (
            f"The bot lacks the Slack scopes {', '.join(missing)}. Update the app with the "
            "manifest that `tierdesk slack manifest` prints, then install it anew."
        )


def _channel(client: WebClient, desk: Desk, channel: Channel) -> Iterator[str]:
    name = f"The channel “{channel.key}” ({channel.id})"
    try:
        response = asking(lambda: client.conversations_info(channel=channel.id), post=False)
    except Rejected:
        yield (
            f"{name} was not found in Slack. Check its id in tierdesk.yaml; if it is private, "
            "write `/invite @Tierdesk` there."
        )
        return
    found = response.get("channel") or {}
    if found.get("is_archived"):
        yield f"{name} is archived. Unarchive it, or name another one in tierdesk.yaml."
    if not found.get("is_member"):
        yield f"{name} does not have the bot in it. Write `/invite @Tierdesk` there."
    if why := _exposure(desk, channel, found):
        yield why


def exposed(client: WebClient, desk: Desk) -> Mapping[str, str]:
    """Channels that are worked as private and that others can read now, each with what to do.

    A workspace's owner can open a private channel, or share it, at any time. Raises an
    IntegrationError.
    """
    found: dict[str, str] = {}
    for channel in _private(desk):
        response = asking(partial(client.conversations_info, channel=channel.id), post=False)
        if why := _exposure(desk, channel, response.get("channel") or {}):
            found[channel.key] = why
    return found


def _private(desk: Desk) -> Iterator[Channel]:
    return (each for key, each in desk.channels.items() if desk.worked_in_private(key))


def _exposure(desk: Desk, channel: Channel, found: Mapping[str, Any]) -> str | None:
    """Who reads a channel that is worked as private, and what to do; None where it is well."""
    if not desk.worked_in_private(channel.key):
        return None
    name = f"The channel “{channel.key}” ({channel.id})"
    if not found.get("is_private"):
        return (
            f"{name} is open to the whole workspace, but it is worked as private. Make it private"
            " in Slack, or name a private channel in tierdesk.yaml."
        )
    if others := _shared_with(desk, found):
        return (
            f"{name} is shared by Slack Connect with {', '.join(sorted(others))}, or is about to"
            " be, but it is worked as private. Stop sharing it in Slack, or, if those people work"
            " here, name their workspace in slack.workspaces of tierdesk.yaml."
        )
    return None


_SHARING = {
    "is_ext_shared": ("connected_team_ids", "shared_team_ids"),
    "is_pending_ext_shared": ("pending_connected_team_ids", "pending_shared"),
}
"""Flags of a conversation, and who it may name beside them ("Conversation object",
docs.slack.dev)."""


def _shared_with(desk: Desk, found: Mapping[str, Any]) -> set[str]:
    """The workspaces that read it, or will once they accept, and that do not work here."""
    others: set[str] = set()
    for flag, lists in _SHARING.items():
        if found.get(flag):
            named = {str(team) for name in lists for team in found.get(name) or ()}
            others |= (named - {found.get("context_team_id")}) or {"another workspace"}
    return others - desk.workspaces
