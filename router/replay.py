"""A change of rules tried on what has been: frozen facts under the new list, beside the old word.

Pure. A message moves where a customer or a colleague would get something else; where only what
MARKS names differs, it is marked otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from inbox.decision import Decision
from inbox.desk import Desk
from inbox.facts import Facts
from router.engine import OrderedRouter, answer

MARKS = frozenset({"priority", "tags"})
"""What of an outcome changes neither where a message goes nor what is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A message's name, its frozen facts, and what was decided then. `said` is the language that
    its network told.
    """

    id: str
    facts: Facts
    decision: Decision
    said: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A message under both lists, with the outcome of each in words. `what` names what differs;
    `not_by` says why the rule that decided does not any more, None where it still does.
    """

    was: Decided
    now: Decision
    before: Mapping[str, str]
    after: Mapping[str, str]
    not_by: str | None

    @property
    def what(self) -> tuple[str, ...]:
        return tuple(name for name in self.before if self.before[name] != self.after[name])

    @property
    def only_marked(self) -> bool:
        return MARKS.issuperset(self.what)


@dataclass(slots=True)
class Tally:
    """How many messages there were, how many move or are only marked otherwise, and from what to
    what.

    `shadow` counts by rule in shadow what it would have done.
    """

    messages: int = 0
    moved: int = 0
    marked: int = 0
    shifts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    shadow: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, move: Move) -> None:
        what = move.what
        self.messages += 1
        self.moved += not move.only_marked
        self.marked += bool(what) and move.only_marked
        self.shifts.update((name, move.before[name], move.after[name]) for name in what)
        self.shadow.update((one.rule, one.did) for one in move.now.explanation.shadow)


def outcome(decision: Decision, desk: Desk) -> dict[str, str]:
    """All of a decision that somebody gets or sees, in words. The team is the tier's where the
    rule names none.
    """
    return {
        "tier": "ignored" if decision.tier is None else f"tier {decision.tier}",
        "team": desk.team_of(decision.tier, decision.team) or "nobody",
        "assignee": decision.assignee or "nobody",
        "answer": answer(decision.response),
        "articles": str(decision.articles),
        "hide": "yes" if decision.hide else "no",
        "alerts": ", ".join(sorted(decision.alerts)) or "none",
        "watch": "yes" if decision.watch else "no",
        "priority": str(decision.priority),
        "tags": " ".join(f"#{tag}" for tag in sorted(decision.tags)) or "none",
    }


def replay(
    history: Iterable[Decided], router: OrderedRouter, desk: Desk, tally: Tally
) -> Iterator[Move]:
    """Route everything anew; yields what differs and counts all in `tally`. Streams."""
    listed = frozenset(rule.name for rule in router.rules.ordered)
    for was in history:
        now = router.route(was.facts)
        move = Move(
            was=was,
            now=now,
            before=outcome(was.decision, desk),
            after=outcome(now, desk),
            not_by=_not_by(was.decision.rule, now, listed),
        )
        tally.add(move)
        if move.what:
            yield move


def _not_by(rule: str, now: Decision, listed: Collection[str]) -> str | None:
    """Why the rule that decided does not under the new list."""
    if rule == now.rule:
        return None
    for miss in now.explanation.not_by:
        if miss.rule == rule:
            return f"{rule}: no, {miss.failed}"
    if rule in listed:
        return f"{rule}: it stands below {now.rule}"
    return f"{rule}: it is in the list no more"
