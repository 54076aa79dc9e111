"""The other side of the webhook: takes answers and remembers their keys, as its page asks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self


class Answers:
    """Listens on a free loopback port; every request is counted, known or not."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        self.requests = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/answers"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def take(self, message: str, key: str) -> None:
        with self._lock:
            self.requests += 1
            self._keys[message].add(key)

    def keys(self) -> Mapping[str, set[str]]:
        """The keys of the answers to each message; one is right."""
        with self._lock:
            return {message: set(keys) for message, keys in self._keys.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            answer = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            answers.take(answer["in_reply_to"], key)
            body = json.dumps({"id": f"answer-{key}"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Tests say themselves what went wrong."""

    return Handler
