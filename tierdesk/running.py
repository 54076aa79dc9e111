"""A running Tierdesk: starts every part, serves until told to stop, ends cleanly."""

from __future__ import annotations

import ctypes
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import count
from types import FrameType

import uvicorn
from slack_bolt import App

from inbox.errors import IntegrationError, Retryable
from tierdesk.clicks import ClickWatch
from tierdesk.gate import ChannelWatch
from tierdesk.homes import keep_private
from tierdesk.presence import present
from tierdesk.reloading import ReloadAtSignal
from tierdesk.settings import Settings
from tierdesk.web import web_app
from tierdesk.wiring import Product, build
from workspace.app import build_app
from workspace.http import slack_route
from workspace.socket import SocketConnection, connect
from workspace.startup import check_channels, exposed

log = logging.getLogger(__name__)

TRY_SLACK_AGAIN = 2.0
"""Seconds between attempts to reach Slack at start, where it names no time."""

LOOK_AT_CLICKS = 10.0
"""Seconds between looks whether clicks can arrive."""

LOOKS_TO_CHANNELS = 6
"""Of these looks until the next one whether private channels still are."""

SWITCH = 0.001
"""Seconds a thread may hold the interpreter while others wait: the web edge must answer soon."""

COLLECT_AFTER = 20_000
"""New objects until the youngest are looked through: a group of messages makes thousands."""

M_MMAP_THRESHOLD = -3
"""glibc's number (malloc.h) of the size from which a block is mapped by itself."""

BIG = 128 * 1024
"""Bytes; glibc's own value, which stands still once it is set."""


class CannotListen(RuntimeError):
    """The message says where, why and what to do."""


def run(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM; returns the exit status.

    Raises Unusable, CannotListen, WouldBeSeen.
    """
    sys.setswitchinterval(SWITCH)
    _give_big_blocks_back()
    with ExitStack() as resources:
        listener = resources.enter_context(_listen(settings.web.host, settings.web.port))
        product = build(settings, resources)
        keep_private(product.database, settings.desk, at=product.workspace.clock())
        app = build_app(product.workspace, settings.slack.signing_secret.get_secret_value() or None)
        http = settings.slack.mode == "http"
        edge = web_app(
            product.edge,
            product.health,
            (slack_route(app),) if http else (),
            helpdesks=product.helpdesk_edge,
        )
        server = _Server(_configured(edge), ready=lambda: _ready(listener, product))
        _stop_at_signals(server)
        slack = SlackSide(product, server, None if http else app)
        # What was acknowledged is finished before the store is closed under it.
        resources.callback(app.listener_runner.listener_executor.shutdown)
        resources.callback(slack.close)
        product.dispatcher.start()
        resources.callback(product.dispatcher.close)
        product.clockwork.start()
        resources.callback(product.clockwork.close)
        presence = resources.enter_context(present(settings.directory))
        reloading = ReloadAtSignal(
            reloading=product.reloading, articles=product.articles.turn, presence=presence
        )
        resources.callback(reloading.close)
        reloading.start()
        slack.start()
        _spare_the_collector()
        server.run(sockets=[listener])
        return 1 if slack.problems else 0


def _give_big_blocks_back() -> None:
    """Each to the system as soon as it is free.

    glibc keeps those that are as big as any freed before: 30 MB after a first start, which makes
    what is kept of lexicons and languages. Other C libraries have no such habit and no such call.
    """
    if sys.platform == "linux":
        change = getattr(ctypes.CDLL(None), "mallopt", None)
        if change is not None:
            change(M_MMAP_THRESHOLD, BIG)


def _spare_the_collector() -> None:
    """What was built at start stays to the end; looking through it again and again costs time."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    gc.enable()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named by its protocol: asyncio turns Nagle off only then.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Cannot listen at {host}, port {port}: {error.strerror}. Choose other values for"
            " web.host and web.port in tierdesk.yaml, or end what has them."
        ) from None
    return listener


def _ready(listener: socket.socket, product: Product) -> None:
    host, port = listener.getsockname()[:2]
    print(f"tierdesk ready http://{host}:{port}", flush=True)  # noqa: T201 - for supervisors
    # The first message shall not wait for the language model, nor the start for its loading.
    threading.Thread(target=product.detector.warm, name="warm-up", daemon=True).start()


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _configured(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application, whose type uvicorn keeps private
        loop="auto",  # uvloop where it is installed
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        backlog=2048,
    )


def _stop_at_signals(server: uvicorn.Server) -> None:
    """uvicorn raises a signal anew once it has stopped: that must not end us before our parts."""

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


class SlackSide:
    """Reaches Slack, checks its channels, opens the gate, connects; goes on trying meanwhile."""

    def __init__(self, product: Product, server: uvicorn.Server, socket_app: App | None) -> None:
        self._product = product
        self._server = server
        self._app = socket_app
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._reach, name="slack-side", daemon=True)
        self._resources = ExitStack()
        self._clicks = ClickWatch(
            writer=product.writer, desk=product.workspace.desk, now=product.workspace.clock
        )
        self._channels = ChannelWatch(
            client=product.workspace.client, desk=product.workspace.desk, gate=product.gate
        )
        self._said: list[str] = []
        self.problems: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=15)
        self._resources.close()

    def _reach(self) -> None:
        told = False
        while not self._stopping.is_set():
            try:
                return self._connect()
            except IntegrationError as error:
                if not told:
                    log.warning("%s Trying on.", error)
                told, pause = True, pause_after(error)
            except Exception as error:  # outer loop: without it every button is dead
                log.error("Slack was not reached: %s", type(error).__name__)  # noqa: TRY400
                pause = TRY_SLACK_AGAIN
            self._look(partial(self._look_at_clicks, connected=False))
            self._stopping.wait(pause)
        return None

    def _connect(self) -> None:
        workspace = self._product.workspace
        problems = check_channels(workspace.client, workspace.desk)
        for problem in problems:
            if problem not in self._said:
                log.error("%s", problem)
        self._said = problems
        if problems and not self._has_worked():
            self.problems = problems
            self._server.should_exit = True
            return
        self._product.gate.keep_from(exposed(workspace.client, workspace.desk))
        self._product.gate.open()
        self._product.dispatcher.wake()
        handle = None if self._app is None else self._listening(self._app)
        log.info("Slack is connected")
        self._stay(handle)

    def _has_worked(self) -> bool:
        """Then customers write, and what they write is taken in whatever ails a channel."""
        with self._product.database.read() as unit:
            return unit.cards.any()

    def _listening(self, app: App) -> SocketConnection:
        token = self._product.settings.slack.app_token.get_secret_value()
        handle = connect(app, token)
        self._resources.callback(handle.close)
        return handle

    def _stay(self, handle: SocketConnection | None) -> None:
        """The connection mends itself; where it cannot, a person has to know."""
        for look in count(1):
            connected = handle is not None and handle.connected
            self._look(partial(self._look_at_clicks, connected=connected))
            if self._stopping.wait(LOOK_AT_CLICKS):
                return
            if look % LOOKS_TO_CHANNELS == 0:
                self._look(self._channels.look)

    def _look_at_clicks(self, *, connected: bool) -> None:
        if self._app is not None:
            self._clicks.look(connected=connected)

    def _look(self, watch: Callable[[], None]) -> None:
        try:
            watch()
        except Exception as error:  # outer loop: the watch must go on
            log.error("Slack was not looked after: %s", type(error).__name__)  # noqa: TRY400


def pause_after(error: IntegrationError) -> float:
    """Slack may name a time; asked earlier it names it again, and a big desk never gets through."""
    after = error.after if isinstance(error, Retryable) else None
    return max(TRY_SLACK_AGAIN, after.total_seconds() if after else 0.0)
