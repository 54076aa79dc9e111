"""Faults that a call can be made to meet, and how each one is performed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SILENT_SECONDS = 30.0
ENDLESS_BYTES = 1_000_000
KINDS = frozenset({"429", "500", "503", "slow", "timeout_after", "reset", "reset_after", "endless"})
TARGETS = frozenset({"slack", "network", "x", "meta", "helpdesk"})

_EXTENSION = "tierdesk.transport"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the next calls of `method` at `target` meet.

    `method` is "chat.postMessage" (Slack), "POST /api/v1/statuses" (network), "POST /2/tweets" (X),
    "POST page/messages" (meta) or "*";
    `times` 0 means until cleared; `retry_after` and `delay` are seconds.

    Kinds: "429", "500", "503" answer so without doing the work; "slow" works after
    `delay`; "timeout_after" works and never answers; "reset" closes the connection
    instead of working; "reset_after" works and closes it without an answer; "endless" works and
    answers with more than anybody should listen to.
    """

    target: str
    method: str = "*"
    kind: str
    times: int = 1
    retry_after: float = 1.0
    delay: float = 1.0

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise ValueError(f"target must be one of {', '.join(sorted(TARGETS))}")
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}")
        if min(self.times, self.retry_after, self.delay) < 0:
            raise ValueError("times, retry_after and delay must not be negative")


class Faults:
    """The faults that wait to happen, taken in the order in which they were added."""

    def __init__(self, spent: Callable[[], None] = lambda: None) -> None:
        """`spent` is called when a fault has happened as often as it was to."""
        self._waiting: list[Fault] = []
        self._spent = spent

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self, target: str | None = None) -> None:
        self._waiting = [f for f in self._waiting if target is not None and f.target != target]

    def take(self, target: str, method: str) -> Fault | None:
        for index, fault in enumerate(self._waiting):
            if fault.target == target and fault.method in ("*", method):
                self._use(index, fault)
                return fault
        return None

    def waiting(self) -> tuple[Fault, ...]:
        return tuple(self._waiting)

    def _use(self, index: int, fault: Fault) -> None:
        if fault.times == 1:
            del self._waiting[index]
            self._spent()
        elif fault.times > 1:
            self._waiting[index] = replace(fault, times=fault.times - 1)


async def perform(
    fault: Fault | None,
    work: Callable[[], Awaitable[Response]],
    limited: Callable[[float], Response],
) -> Response:
    """The answer to a call: of `work`, or what the fault makes of it.

    `limited` builds the target's own 429 answer for a wait in seconds.
    """
    if fault is None:
        return await work()
    match fault.kind:
        case "429":
            return limited(fault.retry_after)
        case "500" | "503":
            return JSONResponse({"error": "A fault was asked for"}, int(fault.kind))
        case "reset":
            return Severed()
        case "slow":
            await asyncio.sleep(fault.delay)
            return await work()
    return _after(fault, await work())


def _after(fault: Fault, done: Response) -> Response:
    if fault.kind == "endless":
        return StreamingResponse(_long_winded(done), media_type=done.media_type)
    return Silent() if fault.kind == "timeout_after" else Severed()


async def _long_winded(done: Response) -> AsyncIterator[bytes]:
    """White space at first: who hears it out finds the answer whole."""
    for _ in range(ENDLESS_BYTES // 1000):
        yield b" " * 1000
    yield bytes(done.body)


class Severed(Response):
    """Ends the connection without a byte of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sever(scope)
        await _gone(receive)


class Silent(Response):
    """Never answers; ends the connection when the client leaves or after half a minute."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                await _gone(receive)
        except TimeoutError:
            sever(scope)
            await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def sever(scope: Scope) -> None:
    """Abort the connection under an HTTP request that `SeverableProtocol` received."""
    scope["extensions"][_EXTENSION]["transport"].abort()


class SeverableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, whose requests know the connection that they came on.

    Give it to uvicorn as `http=SeverableProtocol`: ASGI itself has no way to end a
    connection without an answer.
    """

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_EXTENSION: {"transport": self.transport}}
