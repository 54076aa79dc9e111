"""Runs an ASGI application in a thread on a free loopback port, for tests."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from sandbox.server import address, configured, listening
from tests.certificates import Certificate

_DEADLINE = 10.0


class Loopback:
    """A running server: `.url` has no slash at its end; `close()` or `with` ends it.

    With a certificate it speaks TLS.
    """

    def __init__(self, app: ASGIApp, *, tls: Certificate | None = None) -> None:
        self._socket = listening()
        self.url = address(self._socket)
        config = configured(app)
        if tls:
            self.url = self.url.replace("http:", "https:")
            config.ssl_certfile, config.ssl_keyfile = tls.certificate, str(tls.key)
        self._server = _Announced(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_DEADLINE) or not self._server.started:
            raise RuntimeError("the server did not start")

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(_DEADLINE)
        self._socket.close()
        if self._thread.is_alive():
            raise RuntimeError("the server did not end")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        finally:
            self._server.ready.set()


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
