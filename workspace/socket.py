"""Socket Mode: Slack reaches us through a connection that we open."""

from __future__ import annotations

from contextlib import suppress
from socket import SHUT_RDWR

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from inbox.errors import AuthFailed, IntegrationError
from workspace.client import library_logger
from workspace.errors import asking

PING_SECONDS = 10.0
AGAIN_SECONDS = 0.02
WRONG_APP = (
    "Slack refused the app-level token in SLACK_APP_TOKEN. Make one with connections:write at"
    " api.slack.com/apps, “Basic Information”, “App-Level Tokens”; Socket Mode must be on there."
)


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
        client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
        client.closed = True
        client.message_queue.put(None)  # its worker waits a second for something to do
        for opens_connections in (client.current_app_monitor, client.message_processor):
            if opens_connections.is_alive():
                opens_connections.event.set()
                opens_connections.thread.join()
        self._end_reader()
        client.close()
        client.message_workers.shutdown(wait=True)

    def _end_reader(self) -> None:
        """Told once, the library's reader would forget it if it had just begun, and read for ever.

        It holds its lock until the socket says something.
        """
        client = self._handler.client
        client.current_session_runner.event.set()
        while client.current_session_runner.is_alive():
            client.current_session_state.terminated = True
            session = client.current_session
            if session is not None and session.sock is not None:
                with suppress(OSError):  # it may have ended by itself
                    session.sock.shutdown(SHUT_RDWR)
            client.current_session_runner.thread.join(AGAIN_SECONDS)


def connect(app: App, app_token: str) -> SocketConnection:
    """Raises an IntegrationError where Slack cannot be reached or refuses the token."""
    handler = SocketModeHandler(app, app_token, ping_interval=PING_SECONDS, logger=library_logger())
    try:
        asking(handler.connect, post=False)
    except IntegrationError as error:
        SocketConnection(handler).close()
        raise _of_the_app(error) from None
    return SocketConnection(handler)


def _of_the_app(error: IntegrationError) -> IntegrationError:
    """It is the app's own token that was refused here, not the bot's."""
    return AuthFailed(WRONG_APP) if isinstance(error, AuthFailed) else error
