"""A Socket Mode connection ends when it is told to, at any moment."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from inbox.errors import AuthFailed
from sandbox.slack import APP_TOKEN, SIGNING_SECRET
from tests.slack_desk import DEADLINE, Desk
from workspace.socket import SocketConnection, connect


class HoldsTheReader(logging.Handler):
    """Keeps the library's reader at its first line until the connection is told to end."""

    def __init__(self) -> None:
        super().__init__()
        self.handler: SocketModeHandler | None = None
        self.begun = Event()

    def emit(self, record: logging.LogRecord) -> None:
        if not record.getMessage().startswith("Starting to receive") or self.handler is None:
            return
        self.begun.set()
        deadline = time.monotonic() + DEADLINE
        while not self.handler.client.current_session_state.terminated:
            assert time.monotonic() < deadline
            time.sleep(0.001)


def test_a_connection_closed_as_its_reader_begins_ends() -> None:
    holds, logger = HoldsTheReader(), logging.Logger("held", logging.INFO)
    logger.addHandler(holds)
    with Desk() as desk:
        app = App(client=desk.client(), signing_secret=SIGNING_SECRET)
        holds.handler = SocketModeHandler(app, APP_TOKEN, logger=logger)
        holds.handler.connect()  # type: ignore[no-untyped-call]  # as the library has it
        assert holds.begun.wait(DEADLINE)

        closing = Thread(target=SocketConnection(holds.handler).close, daemon=True)
        closing.start()
        closing.join(DEADLINE)

        assert not closing.is_alive()
        assert not holds.handler.client.is_connected()


def test_a_refused_app_token_is_told_as_what_it_is() -> None:
    """The bot's token, which works, is left alone."""
    with Desk() as desk:
        app = App(client=desk.client(), signing_secret=SIGNING_SECRET)
        with pytest.raises(AuthFailed, match="SLACK_APP_TOKEN"):
            connect(app, "xapp-of-another-app")
