"""Who may act: one door before every button, window, command, emoji and message.

In a channel that is shared by Slack Connect, people of other workspaces see our cards, and Slack
brings what they press like anybody's. A payload names a workspace in many ways, an emoji's in
none; `users.info` names it of everybody alike.

Source: "Understanding Slack Connect" and "User object" of docs.slack.dev.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_bolt import Ack, BoltContext

from inbox.errors import IntegrationError, Refusal
from workspace import ids, words
from workspace.client import slack_client
from workspace.errors import asking
from workspace.office import Body, Workspace, dedupe_key
from workspace.reactions import meant
from workspace.submitting import refuse
from workspace.talk import spoken_at

REMEMBERED = timedelta(minutes=5)
"""How long it is taken for true who somebody is."""

PATIENCE = 2.0
"""Seconds: Slack waits three for our acknowledgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    at: datetime
    why: str | None


class Standing:
    """Whether somebody may act: of our workspaces and no guest, or named in the settings."""

    def __init__(self, desk: Workspace) -> None:
        self._desk = desk
        self._client = slack_client(desk.client.base_url, desk.client.token, PATIENCE)
        self._ours: frozenset[str] = frozenset()
        self._known: dict[str, _Seen] = {}

    def refusal(self, user: str) -> str | None:
        """Why not; None where they may. What was known holds while Slack does not answer."""
        if self._desk.desk.names(user):
            return None
        now, known = self._desk.clock(), self._known.get(user)
        if known is None or now - known.at > REMEMBERED:
            try:
                known = _Seen(at=now, why=self._look(user))
            except IntegrationError:
                if known is None:
                    return words.WHO_ARE_YOU
                known = replace(known, at=now)
            self._known[user] = known
        return known.why

    def _look(self, user: str) -> str | None:
        """Raises an IntegrationError where Slack does not tell."""
        found = asking(lambda: self._client.users_info(user=user), post=False).get("user") or {}
        if found.get("is_stranger") or _workspaces(found).isdisjoint(self._at_home()):
            return words.OUTSIDER.format(user=user)
        guest = found.get("is_restricted") or found.get("is_ultra_restricted")
        return words.GUEST.format(user=user) if guest else None

    def _at_home(self) -> frozenset[str]:
        """The workspace that the app is installed in, and those that the settings name."""
        if not self._ours:
            me = asking(self._client.auth_test, post=False)
            self._ours = frozenset({str(me["team_id"])}) | self._desk.desk.workspaces
        return self._ours


def _workspaces(user: Body) -> frozenset[str]:
    """Of a person: of an organisation's (Enterprise Grid) all, and the organisation itself."""
    of_organisation = user.get("enterprise_user") or {}
    found = (
        user.get("team_id"),
        of_organisation.get("enterprise_id"),
        *(of_organisation.get("teams") or ()),
    )
    return frozenset(str(each) for each in found if each)


class Door:
    """Bolt's middleware: lets through who may act, and tells all others why not."""

    def __init__(self, desk: Workspace, later: Executor) -> None:
        self._desk = desk
        self._later = later
        self._standing = Standing(desk)

    def admit(self, body: Body, context: BoltContext, next_: Callable[[], Any]) -> Any:
        user = context.user_id
        why = self._standing.refusal(user) if user and _asks(self._desk, body) else None
        if user is None or why is None:
            return next_()
        return self._turn_away(context.ack, body, context.channel_id or user, user, why)

    def _turn_away(self, ack: Ack, body: Body, place: str, user: str, why: str) -> Any:
        """In the answer where Slack shows one, else alone to them, once that is acknowledged."""
        if body.get("type") == "view_submission":
            refuse(self._desk, ack, body, "", why)
            return ack.response
        if body.get("type") == "block_suggestion":
            return ack(options=[])
        if "command" in body:
            return ack(why)
        if not _is_talk(body):
            self._later.submit(self._tell, place, user, why, dedupe_key(body))
        return ack()

    def _tell(self, place: str, user: str, why: str, name: str) -> None:
        if self._desk.once(f"door:{name}", lambda unit, at: True):
            self._desk.explained(place, user, partial(_refuse, why))


def _refuse(why: str) -> None:
    raise Refusal(why)


_ON_CARDS = {"reaction_added": meant, "message": spoken_at}


def _asks(desk: Workspace, body: Body) -> bool:
    """Whether anything is wanted of the desk. A button that is a link opens by itself."""
    if find := _ON_CARDS.get((body.get("event") or {}).get("type", "")):
        return find(desk, body["event"]) is not None
    return all(action.get("action_id") != ids.OPEN for action in body.get("actions") or ())


def _is_talk(body: Body) -> bool:
    """Who writes in a thread asks for nothing."""
    return bool((body.get("event") or {}).get("type") == "message")
