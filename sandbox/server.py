"""How the sandbox listens: one uvicorn server that can end connections and ends itself quickly."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from sandbox.faults import SeverableProtocol


def listening(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    It names TCP as its protocol, since asyncio turns Nagle's delay off only then: without
    it every answer of two writes waits 40 ms for the client's delayed acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(1024)
    return listener


def address(listener: socket.socket) -> str:
    """The URL of a listening socket, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def configured(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=SeverableProtocol,
        ws="websockets-sansio",
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


class Server(uvicorn.Server):
    """Tells when it listens and when it begins to end; SIGINT and SIGTERM end it cleanly."""

    def __init__(
        self, app: ASGIApp, *, ready: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(configured(app))
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ask for the end on a signal; uvicorn would raise it again after a clean end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True
