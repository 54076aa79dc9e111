"""From a commit to the request that shows it in Slack, over many channels."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from benchmarks.desk import Desk, desk
from tests.world import Process

CHANNELS = 9
RATE = 50.0
COUNT = 600


def delays(directory: Path) -> Sequence[float]:
    """Milliseconds from each order's place in the outbox to its arrival at the sandbox's Slack.

    An order is written within its transaction, so the commit itself is in what is measured.
    """
    sandbox = Process("-m", "sandbox", "--port", "0", "--no-story")
    try:
        with httpx.Client(base_url=sandbox.url, timeout=60) as http:
            http.post("/sandbox/control", json={"action": "rate-limit", "on": False})
            channels = [_channel(http, number) for number in range(1, CHANNELS + 1)]
            with desk(
                directory, sandbox.url, change=lambda folder: _over(folder, channels)
            ) as under:
                under.load(first=10**6, count=50, rate=RATE)
                under.load(first=0, count=COUNT, rate=RATE)
                _wait_until_shown(http, 50 + COUNT)
                return _delays(_ordered(under), _arrived(http))[50:]
    finally:
        sandbox.stop()


def _channel(http: httpx.Client, number: int) -> str:
    answer = http.post(
        "/slack/api/conversations.create",
        json={"name": f"bench-{number}"},
        headers={"Authorization": "Bearer xoxb-sandbox"},
    ).json()
    return str(answer["channel"]["id"])


def _over(folder: Path, channels: Sequence[str]) -> None:
    """A tier and a rule for each channel; the last digit of a handle chooses."""
    keys = [f"bench{number}" for number in range(1, len(channels) + 1)]
    named = [f"  {key}:\n    id: {c}" for key, c in zip(keys, channels, strict=True)]
    tiers = [
        f"  {n}:\n    name: {key}\n    team: care\n    channel: {key}"
        for n, key in enumerate(keys, 1)
    ]
    settings = folder / "tierdesk.yaml"
    text = settings.read_text(encoding="utf-8")
    head, _, rest = text.partition("\ntiers:\n")
    head = head.replace("\nchannels:\n", "\n".join(["\nchannels:", *named, ""]), 1)
    rest = rest[rest.index("\nhours:") :]
    settings.write_text("\n".join([f"{head}\ntiers:", *tiers, rest]), encoding="utf-8")
    rules = ["ordered:"]
    for n in range(1, len(channels)):
        handles = ", ".join(f"customer{k}" for k in range(n, COUNT, len(channels)))
        rules += [
            f"  - name: To {n}",
            f"    when: {{author: {{handles: [{handles}]}}}}",
            f"    then: {{tier: {n}}}",
        ]
    rules += ["  - name: The rest", "    when: always", f"    then: {{tier: {len(channels)}}}"]
    (folder / "rules.yaml").write_text("\n".join([*rules, ""]), encoding="utf-8")


def _wait_until_shown(http: httpx.Client, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(_arrived(http)) < count:
        if time.monotonic() > deadline:
            raise RuntimeError("Slack did not get everything")
        time.sleep(0.2)


def _ordered(under: Desk) -> dict[str, float]:
    """Seconds since 1970 by the item's name."""
    with sqlite3.connect(under.database) as database:
        rows = database.execute("SELECT id, created_at FROM outbox WHERE effect = 'ShowCard'")
        return {f"item-{number}": at / 1e6 for number, at in rows}


def _arrived(http: httpx.Client) -> dict[str, float]:
    calls = http.get("/sandbox/journal", params={"target": "slack"}).json()
    return {
        _item(call["args"]): call["at"] for call in calls if call["method"] == "chat.postMessage"
    }


def _item(args: dict[str, object]) -> str:
    metadata = args["metadata"]
    read = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(read["event_payload"]["item"])  # type: ignore[index]  # our own message


def _delays(ordered: dict[str, float], arrived: dict[str, float]) -> list[float]:
    return [1000 * (arrived[item] - at) for item, at in ordered.items() if item in arrived]
