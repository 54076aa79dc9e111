"""Socket Mode: Slack reaches us through a connection that we open."""

from __future__ import annotations

from contextlib import suppress
from socket import SHUT_RDWR

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from inbox.errors import IntegrationError
from workspace.client import library_logger
from workspace.errors import asking

PING_SECONDS = 10.0


class SocketConnection:
    """An open connection that mends itself; `close()` ends it and its threads."""

    def __init__(self, handler: SocketModeHandler) -> None:
        self._handler = handler

    @property
    def connected(self) -> bool:
        return bool(self._handler.client.is_connected())

    def close(self) -> None:
        """Takes nothing new, finishes what is under way."""
        client = self._handler.client
        client.auto_reconnect_enabled = False
        self._wake_reader()
        client.close()
        client.message_workers.shutdown(wait=True)

    def _wake_reader(self) -> None:
        """The library's reader holds its lock until the socket says something."""
        session = self._handler.client.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):  # it may have ended by itself
                session.sock.shutdown(SHUT_RDWR)


def connect(app: App, app_token: str) -> SocketConnection:
    """Raises an IntegrationError where Slack cannot be reached or refuses the token."""
    handler = SocketModeHandler(app, app_token, ping_interval=PING_SECONDS, logger=library_logger())
    try:
        asking(handler.connect, post=False)
    except IntegrationError:
        SocketConnection(handler).close()
        raise
    return SocketConnection(handler)
