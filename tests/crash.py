"""Kills the product again and again while messages come in and are answered, then counts.

    python -m tests.crash --kills 30 --messages 2000 --database sqlite

Half of the messages come by signed webhook, from a sender that repeats until it is told 200, half
are posts that the product polls. Each is a case of its own and gets an automatic public answer.
Once nothing is left to do, every message must have exactly one case, one card and one answer.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import httpx

from inbox.outbox import State
from integrations.generic.signature import SIGNATURE, TIMESTAMP, sign
from store.database import open_database
from tests.answers import Answers
from tests.databases import DATABASES, database_of
from tests.world import World

SECRET = "crash-secret"
LIFE = (0.3, 4.0)
"""Seconds from the start of a process to its end; it is ready somewhere in between."""
SENDERS = 8
STUCK = 60.0
"""Seconds without any progress after which the rest will never come."""

RULES = """
ordered:
  - name: Answer everything
    when: {visibility: public}
    then: {tier: 1, respond: {public_reply: answer}}
  - name: The rest
    when: always
    then: {tier: 1}
"""
REPLIES = """
fallback: en
replies:
  answer:
    title: Answer
    text: {en: "Thank you! This is {brand}, and your case is {case}."}
"""
CUSTOMERS = ("ana", "mehmet", "olga", "yuki", "tom", "nina")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`database` is SQLAlchemy's address of an empty one, None for a file beside the settings."""

    kills: int
    messages: int
    database: str | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What stood everywhere at the end, and what is wrong with it."""

    problems: list[str]
    cases: int
    cards: int
    replies: int
    answers: int
    repeated: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.cards} cards, {self.replies} public replies on the network,"
            f" {self.answers} answers by webhook ({self.repeated} repeated with their key),"
            f" {self.seconds:.0f} s"
        )


def crash(plan: Plan, directory: Path) -> Tally:
    """Run a plan in a directory of its own. Raises AssertionError where nothing moves any more."""
    port = free_port()
    database = plan.database or f"sqlite:///{directory / 'desk' / 'crash.db'}"
    with Answers() as answers:
        world = World(
            directory,
            change=lambda settings: _settings(settings, port, answers.url),
            env={"GENERIC_FORM_SECRET": SECRET, "DATABASE_URL": database},
        )
        try:
            (world.config / "rules.yaml").write_text(RULES, encoding="utf-8")
            (world.config / "replies.yaml").write_text(REPLIES, encoding="utf-8")
            world.control(action="rate-limit", on=False)
            return _Crash(plan, world, answers, database, port).run()
        finally:
            world.close()


def _settings(text: str, port: int, reply_url: str) -> str:
    """The demo's, with each message a case of its own and a webhook beside the network."""
    form = f"\n  form:\n    network: generic\n    reply_url: {reply_url}\n"
    cases = "\ncases:\n  join_within: 0s\n"
    text = text.replace("\nlanguages:", f"{form}\nlanguages:").replace("port: 0", f"port: {port}")
    return text + cases


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def live(world: World, seconds: float, stop: Event) -> None:
    """One life of the product; nothing is asked of it, not even to become ready."""
    command = [sys.executable, "-m", "tierdesk", "run", str(world.config)]
    process = subprocess.Popen(
        [*command, "--log-level", "ERROR"],
        env={**os.environ, **world.env},
        stdout=subprocess.DEVNULL,
    )
    stop.wait(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


@dataclass
class _Crash:
    plan: Plan
    world: World
    answers: Answers
    database: str
    port: int
    posted: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)

    def run(self) -> Tally:
        begun = time.monotonic()
        chance = random.Random(self.plan.seed)
        lives = [chance.uniform(*LIFE) for _ in range(self.plan.kills)]
        senders = [
            Thread(target=self._send, args=(n, sum(lives)), daemon=True) for n in range(SENDERS)
        ]
        try:
            for sender in senders:
                sender.start()
            for life in lives:
                live(self.world, life, self._stop)
            self.world.start()
            for sender in senders:
                sender.join(STUCK)
            self._settled()
        finally:
            self._stop.set()
        return self._tally(time.monotonic() - begun)

    # --- customers -----------------------------------------------------------------------

    def _send(self, sender: int, seconds: float) -> None:
        """This sender's share of the messages, spread over the time of the kills."""
        begun = time.monotonic()
        with httpx.Client(timeout=10) as http:
            for number in range(sender, self.plan.messages, SENDERS):
                due = begun + seconds * number / self.plan.messages
                self._stop.wait(max(0.0, due - time.monotonic()))
                if number % 2:
                    self._post(number)
                else:
                    self._deliver(http, number)

    def _post(self, number: int) -> None:
        customer = CUSTOMERS[number % len(CUSTOMERS)]
        post = self.world.customer(customer, f"Lovely lamps, that is photo {number}")
        with self._lock:
            self.posted.add(post)

    def _deliver(self, http: httpx.Client, number: int) -> None:
        """Repeat until it is acknowledged, as the webhook's page asks."""
        body = json.dumps(
            {
                "id": f"w-{number}",
                "author": {"id": f"customer-{number % 97}"},
                "text": f"Lovely lamps, that is photo {number}",
                "created_at": datetime.now(UTC).isoformat(),
                "visibility": "public",
            }
        ).encode()
        while not self._stop.is_set() and not self._accepted(http, body):
            self._stop.wait(0.05)
        with self._lock:
            self.sent.add(f"w-{number}")

    def _accepted(self, http: httpx.Client, body: bytes) -> bool:
        stamp = str(int(time.time()))
        headers = {TIMESTAMP: stamp, SIGNATURE: sign(SECRET.encode(), stamp, body)}
        url = f"http://127.0.0.1:{self.port}/webhooks/generic/form"
        try:
            answer = http.post(url, content=body, headers=headers)
        except httpx.TransportError:
            return False
        if answer.status_code not in (200, 500, 503):
            raise AssertionError(f"the webhook said {answer.status_code}")
        return answer.status_code == 200

    # --- the end -------------------------------------------------------------------------

    def _settled(self) -> None:
        """Wait until all arrived and the outbox is empty."""
        seen, since = self._state(), time.monotonic()
        while not self._done(seen):
            time.sleep(0.1)
            now = self._state()
            if now != seen:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > STUCK:
                raise AssertionError(f"nothing moves any more: {seen}")

    def _state(self) -> dict[str, int]:
        outbox = httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=30).json()["outbox"]
        return {**outbox, "messages": len(self._messages())}

    def _done(self, state: dict[str, int]) -> bool:
        waiting = state[State.QUEUED] + state[State.LEASED]
        return waiting == 0 and state["messages"] >= self.plan.messages

    def _messages(self) -> dict[str, int | None]:
        """Customers' messages that are in the database, each with its case."""
        database = open_database(self.database)
        try:
            return {
                stored.message.ref.id: stored.case
                for stored in database.all_messages()
                if not stored.mine
            }
        finally:
            database.close()

    def _tally(self, seconds: float) -> Tally:
        messages, dump = self._messages(), self.world.dump()
        cards = Counter(number for each in dump["slack"] if (number := _case_of(each)))
        shown = Counter(key for each in dump["slack"] if (key := _item_of(each)))
        replies = Counter(
            each["in_reply_to_id"] for each in dump["network"] if each["author"] == "brightleaf"
        )
        keys = {message: len(keys) for message, keys in self.answers.keys().items()}
        cases = Counter(map(str, messages.values()))
        state = self._state()
        problems = [
            *each_once("message", Counter(messages.keys()), self.posted | self.sent),
            *each_once("case", cases, set(cases) if len(cases) == len(messages) else set()),
            *each_once("card of case", cards, set(cases)),
            *each_once("reply to", replies - _unasked(replies), self.posted),
            *each_once("answer to", Counter(keys), self.sent),
            *(f"shown twice: {key}" for key, count in shown.items() if count > 1),
            *(f"{state[s]} items are {s}" for s in (State.HELD, State.FAILED) if state[s]),
        ]
        return Tally(
            problems=problems,
            cases=len(cases),
            cards=cards.total(),
            replies=sum(replies[post] for post in self.posted),
            answers=len(keys),
            repeated=self.answers.requests - sum(keys.values()),
            seconds=seconds,
        )


def _unasked(replies: Counter[Any]) -> Counter[Any]:
    """The brand's posts that were there before, which answer nobody."""
    return Counter({None: replies[None]})


def each_once(what: str, found: Counter[str], wanted: set[str]) -> Iterator[str]:
    for name in sorted(wanted - found.keys()):
        yield f"no {what} {name}"
    for name, count in found.items():
        if name not in wanted:
            yield f"unexpected {what} {name}"
        elif count > 1:
            yield f"{what} {name}: {count} times"


def _case_of(message: dict[str, Any]) -> str | None:
    """The number in the header of a card, None for anything else."""
    first = (message.get("blocks") or [{}])[0]
    in_thread = message.get("thread_ts") not in (None, message["ts"])
    if in_thread or first.get("type") != "header":
        return None
    found = re.search(r"#(\d+)$", first["text"]["text"])
    return found[1] if found else None


def _item_of(message: dict[str, Any]) -> str | None:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    item = payload.get("item")
    return f"{message['channel']} {item}" if item else None


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, database_of(given.database) as database:
        plan = Plan(kills=given.kills, messages=given.messages, database=database, seed=given.seed)
        tally = crash(plan, Path(directory))
    print(tally, *tally.problems, sep="\n")
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(_main())
