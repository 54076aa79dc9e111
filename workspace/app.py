"""The Slack app: every listener, on one bolt application."""

from __future__ import annotations

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

from workspace import (
    actions,
    articles,
    commands,
    correcting,
    held,
    menu,
    moving,
    outdated,
    profiles,
    reactions,
    reply,
    setting,
    talk,
    tickets,
)
from workspace.client import library_logger, slack_client
from workspace.door import Door
from workspace.office import Workspace, log

ROOMS: tuple[ModuleType, ...] = (
    actions,
    reply,
    articles,
    moving,
    setting,
    menu,
    profiles,
    correcting,
    held,
    tickets,
    reactions,
    talk,
    commands,
    outdated,
)


WORKERS = 32
"""Listeners at a time: while Slack is slow to be called, the next click is still acknowledged."""


def build_app(desk: Workspace, signing_secret: str | None = None) -> App:
    """`signing_secret` is None in Socket Mode: then no request over HTTP is ever believed.

    Asks nobody: works while Slack is down.
    """
    workers = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="slack")
    app = App(
        client=_tokenless(desk.client),
        authorize=_authorized(desk),
        signing_secret=signing_secret or secrets.token_hex(32),
        listener_executor=workers,
        logger=library_logger(),
    )
    app.middleware(Door(desk, workers).admit)
    for room in ROOMS:
        room.listen(app, desk)
    app.error(_failed)
    return app


def _tokenless(client: WebClient) -> WebClient:
    """The same address; bolt gets its token by authorizing each request."""
    return slack_client(client.base_url, None, client.timeout)


def _authorized(desk: Workspace) -> Any:
    """There is one workspace and one bot, known from the start."""

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=None,
            bot_user_id=None,  # our own messages are known by their bot id
            bot_token=desk.client.token,
        )

    return authorize


def _failed(error: Exception, response: BoltResponse | None) -> BoltResponse | None:
    """The last resort, for what a listener's own guard did not see.

    Not a 5xx: the same once more would end the same. `response` is None where it was
    acknowledged before.
    """
    log.log(logging.ERROR, "a request of Slack was not worked: %s", type(error).__name__)
    return response and BoltResponse(status=400)


__all__ = ["Workspace", "build_app"]
