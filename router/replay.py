"""A change of rules tried on what has been: frozen facts under the new list, beside the old word.

Pure. What counts is tier, team and answer; tags and priority only annotate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inbox.decision import Decision
from inbox.facts import Facts
from inbox.ports import Router


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A message's name, its frozen facts, and what was decided then."""

    id: str
    facts: Facts
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A message that the new list decides otherwise; `what` names what differs."""

    was: Decided
    now: Decision
    what: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """How many messages there were, how many move, and from what to what.

    `shadow` counts by rule in shadow what it would have done.
    """

    messages: int = 0
    moved: int = 0
    shifts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    shadow: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, was: Decision, now: Decision, what: tuple[str, ...]) -> None:
        self.messages += 1
        self.moved += bool(what)
        for name in what:
            self.shifts[name, outcome(was)[name], outcome(now)[name]] += 1
        self.shadow.update((one.rule, one.did) for one in now.explanation.shadow)


def outcome(decision: Decision) -> dict[str, str]:
    """What of a decision a customer or a team would notice, in words."""
    tier = "ignored" if decision.tier is None else f"tier {decision.tier}"
    response = decision.response
    names = [name for name in (response.template, response.note) if name]
    answer = f"{response.kind} {', '.join(names)}".strip()
    return {"tier": tier, "team": decision.team or "nobody", "answer": answer}


def replay(history: Iterable[Decided], router: Router, tally: Tally) -> Iterator[Move]:
    """Route everything anew; yields what moves and counts all in `tally`. Streams."""
    for was in history:
        now = router.route(was.facts)
        before, after = outcome(was.decision), outcome(now)
        what = tuple(name for name in before if before[name] != after[name])
        tally.add(was.decision, now, what)
        if what:
            yield Move(was=was, now=now, what=what)
