"""The sandbox and the product as two processes of their own, driven over HTTP like by people."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

from tierdesk.demo import PID, introduce, write_configuration

T = TypeVar("T")
PATIENCE = 30.0
"""Seconds until a wait gives up. Nothing is ever measured by it."""


class Process:
    """A child process whose standard output names its address in a ready line."""

    def __init__(
        self, *arguments: str, env: dict[str, str] | None = None, errors: IO[bytes] | None = None
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(env or {})},
        )
        self.url = self._ready()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _ready(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if " ready " in line:
                return line.split()[-1]
        raise AssertionError(f"ended with {self._process.wait()} before it was ready")

    def kill(self) -> None:
        """kill -9: no chance to tidy up."""
        self._process.kill()
        self._process.wait()
        self._close()

    def stop(self) -> int:
        """Ask it to end; returns its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError("did not end when asked to") from None
        self._close()
        return status

    def ended(self) -> int:
        """Its exit status once it ended by itself."""
        status = self._process.wait(timeout=PATIENCE)
        self._close()
        return status

    def _close(self) -> None:
        if self._process.stdout is not None:
            self._process.stdout.close()


@dataclass
class World:
    """A sandbox with a product beside it. `change` may rewrite the demo's tierdesk.yaml; `further`
    are networks beside Mastodon; with `helpdesk` tier 2 has its tickets in the sandbox's.

    What the product says on stderr is in `errors`.
    """

    directory: Path
    change: Callable[[str], str] = lambda text: text
    env: dict[str, str] = field(default_factory=dict)
    log_level: str = "WARNING"
    further: Sequence[str] = ()
    helpdesk: bool = False

    def __post_init__(self) -> None:
        self.config = self.directory / "desk"
        known = ("--product-pid-file", str(self.config / PID))
        self.sandbox = Process("-m", "sandbox", "--port", "0", "--no-story", *known)
        self.http = httpx.Client(base_url=self.sandbox.url, timeout=PATIENCE)
        write_configuration(
            self.config, self.sandbox.url, further=self.further, helpdesk=self.helpdesk
        )
        settings = self.config / "tierdesk.yaml"
        settings.write_text(self.change(settings.read_text(encoding="utf-8")), encoding="utf-8")
        self.errors = self.directory / "product.log"
        self.product: Process | None = None

    def start(self) -> Process:
        """Where the product does not start, the sandbox ends, too: its test never closes it."""
        try:
            return self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> Process:
        arguments = ("-m", "tierdesk", "run", str(self.config), "--log-level", self.log_level)
        with self.errors.open("ab") as errors:
            self.product = Process(*arguments, env=self.env, errors=errors)
        (self.config / PID).write_text(str(self.product.pid), encoding="utf-8")
        if self.helpdesk or "instagram" in self.further:
            introduce(self.sandbox.url, self.product.url)
        return self.product

    def close(self) -> None:
        if self.product is not None:
            self.product.stop()
        self.http.close()
        self.sandbox.stop()

    # --- customers -----------------------------------------------------------------------

    def customer(self, acct: str, text: str, **more: Any) -> str:
        """Write as a customer; returns the post's id."""
        act = {"as": acct, "type": "post", "text": text, "visibility": "public", **more}
        return str(self._act("mastodon", act)["id"])

    def customer_acts(self, acct: str, kind: str, **more: Any) -> dict[str, Any]:
        return self._act("mastodon", {"as": acct, "type": kind, **more})

    def feed(self, acct: str = "tom") -> dict[str, Any]:
        return self._get("/mastodon/people/state", {"as": acct})

    def replies_to(self, post: str) -> list[dict[str, Any]]:
        return [p for p in self.feed()["posts"] if p["in_reply_to_id"] == post]

    def direct(self, acct: str) -> list[dict[str, Any]]:
        """Direct messages between this customer and the brand, oldest first."""
        return [s for dm in self.feed(acct)["dms"] for s in dm["statuses"]]

    # --- agents --------------------------------------------------------------------------

    def slack(self, user: str = "U0SAM") -> dict[str, Any]:
        return self._get("/slack/people/state", {"as": user})

    def messages(self, channel: str, user: str = "U0SAM") -> list[dict[str, Any]]:
        return list(self.slack(user)["messages"].get(channel, []))

    def card(self, channel: str, words: str, user: str = "U0SAM") -> dict[str, Any]:
        """The top-level message of a channel that holds these words; waits for it."""
        return self.wait(
            lambda: next(
                (
                    m
                    for m in self.messages(channel, user)
                    if not m["thread_ts"] and words in json.dumps(m, ensure_ascii=False)
                ),
                None,
            ),
            f"a card in {channel} with “{words}”",
        )

    def thread(self, channel: str, ts: str, user: str = "U0SAM") -> list[dict[str, Any]]:
        return [m for m in self.messages(channel, user) if m["thread_ts"] == ts]

    def agent(self, user: str, kind: str, **more: Any) -> dict[str, Any]:
        return self._act("slack", {"as": user, "type": kind, **more})

    def press(self, user: str, channel: str, ts: str, action: str, **more: Any) -> dict[str, Any]:
        """Press a card's button by its action id."""
        message = next(m for m in self.messages(channel, user) if m["ts"] == ts)
        block, element = _element(message["blocks"], action)
        value = {"value": element["value"]} if "value" in element else {}
        act = {"channel": channel, "ts": ts, "block_id": block, "action_id": action}
        return self.agent(user, "action", **act, **value, **more)

    def window(self, user: str) -> dict[str, Any]:
        """The agent's topmost window; waits for it."""
        return self.wait(
            lambda: next(iter(reversed(self.slack(user)["views"])), None), f"a window of {user}"
        )

    # --- the world -----------------------------------------------------------------------

    def fault(self, target: str, method: str, kind: str, times: int = 1, **more: Any) -> None:
        fault = {"target": target, "method": method, "kind": kind, "times": times, **more}
        self.control(action="fault", fault=fault)

    def control(self, **command: Any) -> None:
        self.http.post("/sandbox/control", json=command).raise_for_status()

    def dump(self) -> dict[str, Any]:
        return self._get("/sandbox/dump", {})

    def wait(self, look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
        """Look until there is something; what it is stands in the failure."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.02)
        raise AssertionError(f"waited in vain for {what}")

    def _act(self, part: str, act: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(f"/{part}/people/act", json=act)
        answer.raise_for_status()
        return dict(answer.json())

    def _get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        answer = self.http.get(path, params=query)
        answer.raise_for_status()
        return dict(answer.json())


def _element(blocks: list[dict[str, Any]], action: str) -> tuple[str, dict[str, Any]]:
    for block in blocks:
        candidates = [*block.get("elements", []), block.get("accessory") or {}]
        for element in candidates:
            if element.get("action_id") == action:
                return block["block_id"], element
    raise AssertionError(f"no element {action} on the card")
