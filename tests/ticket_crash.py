"""Kills the product again and again while cases get their tickets, then counts.

    python -m tests.ticket_crash --kills 20 --cases 500 --database sqlite

Each post is a case of its own that a rule hands to the helpdesk, and the customer writes once more.
The helpdesk in memory stands beside the product; part of its answers get lost on their way. Once
nothing is left to do, every case must have exactly one ticket with each message once, in order.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import httpx

from inbox.outbox import State
from sandbox.faults import Fault
from tests.crash import CUSTOMERS, LIFE, STUCK, each_once, free_port, live
from tests.databases import DATABASES, database_of, named
from tests.helpdesks.beside import Beside, a_helpdesk_beside
from tests.helpdesks.fake import Kept

RULES = """
ordered:
  - {name: All to the helpdesk, when: always, then: {tier: 2, respond: {ticket: support}}}
"""
LOST = 0.03
"""How likely in each 50 ms an answer of the helpdesk gets lost, though the work was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    kills: int
    cases: int
    database: str | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    problems: list[str]
    tickets: int
    entries: int
    looks: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.tickets} tickets, {self.entries} entries in them, {self.looks} looks before a"
            f" second attempt, {self.seconds:.0f} s"
        )


def crash(plan: Plan, directory: Path) -> Tally:
    """Run a plan in a directory of its own. Raises AssertionError where nothing moves any more."""
    port = free_port()
    with a_helpdesk_beside(
        directory, change=lambda text: _settings(text, port), env=named(plan.database)
    ) as beside:
        (beside.world.config / "rules.yaml").write_text(RULES, encoding="utf-8")
        beside.world.control(action="rate-limit", on=False)
        return _Crash(plan, beside, port).run()


def _settings(text: str, port: int) -> str:
    """The demo's, with each post a case of its own."""
    return text.replace("port: 0", f"port: {port}") + "\ncases:\n  join_within: 0s\n"


@dataclass
class _Crash:
    plan: Plan
    beside: Beside
    port: int
    _stop: Event = field(default_factory=Event)

    def run(self) -> Tally:
        begun = time.monotonic()
        chance = random.Random(self.plan.seed)
        lives = [chance.uniform(*LIFE) for _ in range(self.plan.kills)]
        sender = Thread(target=self._write, args=(sum(lives),), daemon=True)
        loser = Thread(target=self._lose_answers, args=(chance,), daemon=True)
        try:
            sender.start()
            loser.start()
            for life in lives:
                live(self.beside.world, life, self._stop)
            self.beside.world.start()
            sender.join(STUCK)
            self._settled()
        finally:
            self._stop.set()
        loser.join()
        return self._tally(time.monotonic() - begun)

    def _write(self, seconds: float) -> None:
        """Each customer's post and a word more under it, spread over the time of the kills."""
        world, begun = self.beside.world, time.monotonic()
        for number in range(self.plan.cases):
            due = begun + seconds * number / self.plan.cases
            self._stop.wait(max(0.0, due - time.monotonic()))
            customer = CUSTOMERS[number % len(CUSTOMERS)]
            post = world.customer(customer, f"Lovely lamps, that is photo {number}.")
            more = f"One more word about photo {number}."
            world.customer(customer, more, in_reply_to_id=post)

    def _lose_answers(self, chance: random.Random) -> None:
        while not self._stop.wait(0.05):
            if not self.beside.served.faults.waiting() and chance.random() < LOST:
                method = chance.choice(["create", "add"])
                fault = Fault(target="network", method=method, kind="reset_after")
                self.beside.served.faults.add(fault)

    def _settled(self) -> None:
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
        entries = sum(len(ticket.lines) for ticket in self.beside.helpdesk.kept.values())
        return {**outbox, "entries": entries}

    def _done(self, state: dict[str, int]) -> bool:
        waiting = state[State.QUEUED] + state[State.LEASED]
        return waiting == 0 and state["entries"] >= 2 * self.plan.cases

    def _tally(self, seconds: float) -> Tally:
        helpdesk, state = self.beside.helpdesk, self._state()
        wanted = {str(number) for number in range(self.plan.cases)}
        tickets = [*helpdesk.kept.values()]
        problems = [
            *each_once("ticket of photo", Counter(map(_photo, tickets)), wanted),
            *(problem for ticket in tickets for problem in _wrong_with(ticket)),
            *(f"{state[s]} items are {s}" for s in (State.HELD, State.FAILED) if state[s]),
        ]
        return Tally(
            problems=problems,
            tickets=len(tickets),
            entries=sum(len(ticket.lines) for ticket in tickets),
            looks=sum(helpdesk.calls.count(look) for look in ("find", "holds")),
            seconds=seconds,
        )


def _photo(ticket: Kept) -> str:
    found = re.search(r"photo (\d+)", ticket.lines[0].text)
    return found[1] if found else "?"


def _wrong_with(ticket: Kept) -> Iterator[str]:
    """The post is in the story, the further word is in it, too, or is the one entry."""
    told = "\n".join(line.text for line in ticket.lines)
    for words in ("that is photo", "One more word about photo"):
        if told.count(words) != 1:
            yield f"{ticket.id}: “{words}” {told.count(words)} times"


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ticket_crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, database_of(given.database) as database:
        plan = Plan(kills=given.kills, cases=given.cases, database=database, seed=given.seed)
        tally = crash(plan, Path(directory))
    print(tally, *tally.problems, sep="\n")
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(_main())
