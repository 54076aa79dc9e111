"""Socket Mode: the app's WebSocket connections and the envelopes that go over them.

Source: "Using Socket Mode" of docs.slack.dev.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.slack.delivery import Delivered, Retry, Undelivered
from sandbox.slack.names import Clock
from sandbox.slack.wire import Json, encode
from sandbox.slack.world import APP_ID

_TICKET_SECONDS = 30.0
_REFRESH_SECONDS = 1.0
_BAD_TICKET = 4001
_LOST = object()


# A burst without a pause breaks the frame parser of slack_sdk's built-in client: it recurses
# until all that lies in the socket is read.
_EVENTS_AT_ONCE = 16


@dataclass(eq=False, slots=True)
class _Connection:
    """`underway` counts the envelopes that hold a place on it."""

    frames: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    unacknowledged: set[str] = field(default_factory=set)
    underway: int = 0
    is_open: bool = True


class SocketMode:
    """Carries each envelope over one connection, the connections taking turns.

    At most sixteen events wait for their acknowledgement on one connection; what no
    connection can take waits; what a dying one leaves unacknowledged goes over another.
    """

    def __init__(self, clock: Clock, *, ack_seconds: float) -> None:
        self._clock = clock
        self._ack_seconds = ack_seconds
        self._tickets: dict[str, float] = {}
        self._connections: deque[_Connection] = deque()
        self._waiting: deque[asyncio.Future[_Connection]] = deque()
        self._awaited: dict[str, asyncio.Future[Any]] = {}

    @property
    def connected(self) -> int:
        return len(self._connections)

    def ticket(self) -> str:
        ticket = uuid4().hex
        self._tickets[ticket] = self._clock() + _TICKET_SECONDS
        return ticket

    async def carry(self, kind: str, payload: Json, retry: Retry | None) -> Delivered | Undelivered:
        while True:
            connection = await self._place(urgent=kind != "events_api")
            try:
                answer = await self._ask(connection, _envelope(kind, payload, retry))
            except TimeoutError:
                return Undelivered(reason="timeout")
            finally:
                connection.underway -= 1
                self._give_places()
            if answer is not _LOST:
                return Delivered(answer=answer)
            retry = Retry(number=retry.number if retry else 1, reason="connection_failed")

    def disconnect(self, reason: str) -> None:
        """Tells every connection that it will end ("warning"), or ends it
        ("refresh_requested": at once for new envelopes, one second later for good)."""
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for connection in list(self._connections):
            connection.frames.put_nowait(encode(frame))
            if reason != "warning":
                self._retire(connection)
                loop = asyncio.get_running_loop()
                loop.call_later(_REFRESH_SECONDS, connection.frames.put_nowait, None)

    async def endpoint(self, socket: WebSocket) -> None:
        if self._tickets.pop(socket.query_params.get("ticket", ""), 0.0) < self._clock():
            await socket.close(_BAD_TICKET)
            return
        await socket.accept()
        connection = _Connection()
        self._welcome(connection)
        writer = asyncio.create_task(_write(socket, connection))
        try:
            async for text in socket.iter_text():
                self._acknowledge(text)
        finally:
            self._lose(connection)
            writer.cancel()

    def _welcome(self, connection: _Connection) -> None:
        self._connections.append(connection)
        hello = {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18_060},
            "connection_info": {"app_id": APP_ID},
        }
        connection.frames.put_nowait(encode(hello))
        self._give_places()

    async def _place(self, *, urgent: bool) -> _Connection:
        """A connection to send over; who waits gets it in turn, urgent ones at once."""
        if (urgent or not self._waiting) and (free := self._free(urgent=urgent)):
            free.underway += 1
            return free
        place: asyncio.Future[_Connection] = asyncio.get_running_loop().create_future()
        if urgent:
            self._waiting.appendleft(place)
        else:
            self._waiting.append(place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                place.result().underway -= 1
            raise

    def _give_places(self) -> None:
        while self._waiting and (free := self._free(urgent=False)):
            place = self._waiting.popleft()
            if not place.done():
                free.underway += 1
                place.set_result(free)

    def _free(self, *, urgent: bool) -> _Connection | None:
        for _ in range(len(self._connections)):
            self._connections.rotate(-1)
            if urgent or self._connections[-1].underway < _EVENTS_AT_ONCE:
                return self._connections[-1]
        return None

    async def _ask(self, connection: _Connection, envelope: Json) -> Any:
        if not connection.is_open:
            return _LOST
        name = envelope["envelope_id"]
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._awaited[name] = answered
        connection.unacknowledged.add(name)
        connection.frames.put_nowait(encode(envelope))
        try:
            async with asyncio.timeout(self._ack_seconds):
                return await answered
        finally:
            del self._awaited[name]
            connection.unacknowledged.discard(name)

    def _acknowledge(self, text: str) -> None:
        """A frame that is no acknowledgement of ours is passed over, as Slack does."""
        try:
            frame = json.loads(text)
        except ValueError:
            return
        if isinstance(frame, dict):
            self._settle(str(frame.get("envelope_id")), frame.get("payload"))

    def _settle(self, name: str, answer: object) -> None:
        awaited = self._awaited.get(name)
        if awaited is not None and not awaited.done():
            awaited.set_result(answer)

    def _lose(self, connection: _Connection) -> None:
        self._retire(connection)
        for name in list(connection.unacknowledged):
            self._settle(name, _LOST)

    def _retire(self, connection: _Connection) -> None:
        connection.is_open = False
        if connection in self._connections:
            self._connections.remove(connection)


def _envelope(kind: str, payload: Json, retry: Retry | None) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid4()),
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope


async def _write(socket: WebSocket, connection: _Connection) -> None:
    try:
        while (frame := await connection.frames.get()) is not None:
            await socket.send_text(frame)
            await asyncio.sleep(0)  # the reader must see the end of a connection in a burst too
        await socket.close()
    except (WebSocketDisconnect, RuntimeError):
        return  # the reader sees the end of the connection as well and tidies up
