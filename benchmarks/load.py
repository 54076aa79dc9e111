"""Sends signed messages to a webhook as lean as can be, in a process of its own.

    python -m benchmarks.load URL --first 0 --count 20000 --senders 32 [--rate 500]

Everything is made and signed before the clock starts. Without a rate each sender waits for its
answer and sends the next one; with a rate messages are sent when they are due, and a delay counts
from then, whether a sender was free or not. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Sequence
from urllib.parse import urlsplit

import uvloop

from benchmarks.rules import TEXTS
from integrations.generic.signature import SIGNATURE, TIMESTAMP, sign

SECRET = b"benchmark-secret"


def body(number: int) -> bytes:
    """One message of an author and a conversation of its own."""
    message = {
        "id": f"m-{number}",
        "author": {"id": f"c-{number}", "handle": f"customer{number}", "name": "Ana Popescu"},
        "text": TEXTS[number % len(TEXTS)].format(n=number),
        "created_at": "2026-11-22T08:20:02Z",
        "visibility": "public",
    }
    return json.dumps(message, ensure_ascii=False).encode()


def request(host: str, path: str, number: int) -> bytes:
    content, stamp = body(number), str(int(time.time()))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n{TIMESTAMP}: {stamp}\r\n"
        f"{SIGNATURE}: {sign(SECRET, stamp, content)}\r\n\r\n"
    )
    return head.encode() + content


class Sender(asyncio.Protocol):
    """One connection that is kept open; one request at a time."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._heard = b""
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._load.free(self)

    def send(self, data: bytes, due: float) -> None:
        self.due = due
        self._transport.write(data)  # type: ignore[attr-defined]  # a TCP connection's transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, content = self._heard.partition(b"\r\n\r\n")
        if not end:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(content) >= int(length):
            self._heard = b""
            self._load.answered(self, status=int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        self._load.lost()


class Load:
    """Hands out what is to be sent. `rate` is in messages a second, 0 as fast as answers come."""

    def __init__(self, requests: Sequence[bytes], rate: float) -> None:
        self._waiting = deque(requests)
        self._rate = rate
        self._idle: deque[Sender] = deque()
        self._due: deque[float] = deque()
        self._count = self._left = len(requests)
        self._given = 0
        self._started = False
        self._delays: list[float] = []
        self._statuses: Counter[int] = Counter()
        self.done = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        self._started = True
        self.begun = time.perf_counter()
        if self._rate:
            self._come_due()
            return
        while self._idle and self._waiting:
            self._idle.popleft().send(self._waiting.popleft(), time.perf_counter())

    def free(self, sender: Sender) -> None:
        if self._started and self._rate and self._due:
            sender.send(self._waiting.popleft(), self._due.popleft())
        elif self._started and not self._rate and self._waiting:
            sender.send(self._waiting.popleft(), time.perf_counter())
        else:
            self._idle.append(sender)

    def answered(self, sender: Sender, *, status: int) -> None:
        self._delays.append(time.perf_counter() - sender.due)
        self._statuses[status] += 1
        self._left -= 1
        if not self._left:
            self.seconds = time.perf_counter() - self.begun
            self.done.set_result(None)
        else:
            self.free(sender)

    def lost(self) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the connection was lost"))

    def report(self) -> dict[str, object]:
        """Delays in milliseconds."""
        ordered = sorted(self._delays)
        return {
            "seconds": self.seconds,
            "rate": len(ordered) / self.seconds,
            "p50": 1000 * ordered[len(ordered) // 2],
            "p99": 1000 * ordered[len(ordered) * 99 // 100],
            "statuses": dict(self._statuses),
        }

    def _come_due(self) -> None:
        elapsed = time.perf_counter() - self.begun
        while self._given < self._count and self._given <= elapsed * self._rate:
            self._due.append(self.begun + self._given / self._rate)
            self._given += 1
            if self._idle:
                self.free(self._idle.popleft())
        if self._given < self._count:
            asyncio.get_running_loop().call_later(0.001, self._come_due)


async def run(url: str, first: int, count: int, senders: int, rate: float) -> dict[str, object]:
    parts = urlsplit(url)
    load = Load(
        [request(parts.netloc, parts.path, first + number) for number in range(count)], rate
    )
    loop = asyncio.get_running_loop()
    for _ in range(senders):
        await loop.create_connection(
            lambda: Sender(load), str(parts.hostname), int(parts.port or 80)
        )
    load.start()
    await load.done
    return load.report()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--senders", type=int, default=32)
    parser.add_argument("--rate", type=float, default=0.0)
    given = parser.parse_args()
    report = uvloop.run(run(given.url, given.first, given.count, given.senders, given.rate))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
