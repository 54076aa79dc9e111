"""The ordered router: exactly one rule decides, always-rules annotate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inbox.decision import Also, Answer, Articles, Decision, Explanation, Miss, Priority, Response
from inbox.facts import Facts
from router.conditions import Condition, Everything
from router.guard import guarded
from router.index import RuleIndex
from router.normal import normalise
from router.phrases import PhraseIndex, packed
from router.rules import AlwaysRule, Annotation, OrderedRule, Outcome, RuleSet
from router.seen import Seen

IN_SHADOW = "it is in shadow and decides nothing"


@dataclass(frozen=True, slots=True)
class _Found:
    """The rule that decides, why those above it do not, what could not be judged, and the rules
    in shadow that would have decided."""

    winner: OrderedRule
    not_by: tuple[Miss, ...]
    broken: tuple[str, ...]
    shadow: tuple[OrderedRule, ...]


class OrderedRouter:
    """Routes by a list of rules. Pure: the same facts always get the same decision."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._index = PhraseIndex(packed(rules.phrases))
        self._ordered = RuleIndex([rule.when for rule in rules.ordered])
        self._always = RuleIndex([rule.when for rule in rules.always])
        self._missed = tuple(
            Miss(position=rule.position, rule=rule.name, failed=shut)
            for rule, shut in zip(rules.ordered, self._ordered.shut, strict=True)
        )

    @property
    def version(self) -> str:
        return self._rules.version

    def route(self, facts: Facts) -> Decision:
        seen = self._look(facts)
        found = self._first(seen)
        winner = found.winner
        matching, broken_always = self._matching(seen)
        then, withheld = guarded(winner.then, seen, self._rules, (*found.broken, *broken_always))
        trial = (self._shadowed(rule, seen, broken_always) for rule in found.shadow)
        acting = [rule for rule in matching if not rule.shadow]
        added = [rule.then for rule in acting]
        because = () if found.broken else _why(winner.when, seen)
        return Decision(
            rule=winner.name,
            position=winner.position,
            tier=then.tier,
            team=then.team,
            priority=_highest(then.priority, added),
            response=then.response,
            explanation=Explanation(
                because=(*because, *withheld),
                not_by=found.not_by,
                also=tuple(_also(rule, seen) for rule in acting),
                shadow=(
                    *trial,
                    *(_also(rule, seen) for rule in matching if rule.shadow),
                ),
            ),
            version=self._rules.version,
            tags=_unique(then.tags, (tag for one in added for tag in one.tags)),
            assignee=then.assignee,
            hide=then.hide,
            ignore=then.ignore,
            alerts=_unique((), (one.alert for one in added if one.alert)),
            watch=any(one.watch for one in added),
            articles=then.articles,
        )

    @property
    def rules(self) -> RuleSet:
        return self._rules

    def failure(self, rule: OrderedRule | AlwaysRule, facts: Facts) -> str | None:
        """Why a rule of the list does not hold for a message; None where it does, or where nobody
        can judge it."""
        try:
            return rule.when.failure(self._look(facts))
        except Exception:  # as in deciding
            return None

    def holding(self, facts: Facts) -> list[OrderedRule]:
        """The ordered rules whose conditions hold, whichever decides; those in shadow, too."""
        seen = self._look(facts)
        rules = (self._rules.ordered[at] for at in self._ordered.candidates(seen))
        return [rule for rule in rules if _holds(rule, seen)]

    def _look(self, facts: Facts) -> Seen:
        normal = normalise(facts.text)
        hits: dict[int, tuple[int, int]] = {}
        for start, end, which in self._index.hits(normal):
            hits.setdefault(which, (start, end))
        return Seen(
            facts=facts,
            normal=normal,
            hits=hits,
            topics=frozenset([topic.name for topic in facts.topics]),
            classes=facts.data_classes,
        )

    def _first(self, seen: Seen) -> _Found:
        """The first rule that holds and is not in shadow."""
        asked: list[Miss] = []
        shadow: list[OrderedRule] = []
        for at in self._ordered.candidates(seen):
            rule = self._rules.ordered[at]
            try:
                failed = rule.when.failure(seen)
            except Exception as error:  # a rule that breaks must not lose the message
                failed = f"could not be judged ({type(error).__name__})"
                if not rule.shadow:
                    said = (f"rule '{rule.name}' {failed}",)
                    return _Found(self._rules.last, self._misses(at, asked), said, tuple(shadow))
            if failed is None and not rule.shadow:
                return _Found(rule, self._misses(at, asked), (), tuple(shadow))
            if failed is None:
                shadow.append(rule)
            why = IN_SHADOW if failed is None else failed
            asked.append(Miss(position=rule.position, rule=rule.name, failed=why))
        raise AssertionError("the last rule holds for every message")

    def _shadowed(self, rule: OrderedRule, seen: Seen, broken: Sequence[str]) -> Also:
        """What would have been done, not what the rule asks for: the net holds for it as well."""
        then, withheld = guarded(rule.then, seen, self._rules, broken)
        return Also(
            rule=rule.name,
            did=f"would have decided: {decides(then)}",
            because="; ".join((*rule.when.reasons(seen), *withheld)),
        )

    def _misses(self, winner: int, asked: Iterable[Miss]) -> tuple[Miss, ...]:
        """Why each rule above the winner does not hold, in order."""
        misses = list(self._missed[:winner])
        for miss in asked:
            misses[miss.position - 1] = miss
        return tuple(misses)

    def _matching(self, seen: Seen) -> tuple[list[AlwaysRule], list[str]]:
        matching: list[AlwaysRule] = []
        broken: list[str] = []
        for at in self._always.candidates(seen):
            rule = self._rules.always[at]
            try:
                if rule.when.failure(seen) is None:
                    matching.append(rule)
            except Exception as error:  # a rule that breaks must not lose the message
                if rule.shadow:
                    continue
                said = f"always-rule '{rule.name}' could not be judged ({type(error).__name__})"
                broken.append(said)
        return matching, broken


def _holds(rule: OrderedRule, seen: Seen) -> bool:
    """A condition that cannot be judged does not hold."""
    try:
        return rule.when.failure(seen) is None
    except Exception:  # as in deciding
        return False


def _why(when: Condition, seen: Seen) -> tuple[str, ...]:
    """Where nothing was asked, what was noticed is told instead."""
    if isinstance(when, Everything):
        return ("no rule above holds", *seen.noticed())
    return when.reasons(seen)


def _also(rule: AlwaysRule, seen: Seen) -> Also:
    would = "would have " if rule.shadow else ""
    because = "; ".join(rule.when.reasons(seen))
    return Also(rule=rule.name, did=would + did(rule.then), because=because)


def decides(then: Outcome) -> str:
    """What an ordered rule decides, in words; what is as without a rule is not told."""
    hidden = ["hidden"] if then.hide else []
    tags = [" ".join(f"#{tag}" for tag in then.tags)] if then.tags else []
    if then.ignore:
        return ", ".join(["ignored", *hidden, *tags])
    ordinary = then.priority is Priority.MEDIUM
    return ", ".join(
        [
            f"tier {then.tier}",
            *([then.team] if then.team else []),
            *([] if ordinary else [f"priority {then.priority}"]),
            *([f"assigned to {then.assignee}"] if then.assignee else []),
            *([] if then.response.kind is Answer.NONE else [answer(then.response)]),
            *(["articles auto"] if then.articles is Articles.AUTO else []),
            *hidden,
            *tags,
        ]
    )


def answer(response: Response) -> str:
    """The automatic answer of a rule, in words."""
    what = response.template or response.helpdesk
    note = f", note {response.note}" if response.note else ""
    return (f"{response.kind}: {what}" if what else str(response.kind)) + note


def did(then: Annotation) -> str:
    """What an always-rule added, in words."""
    parts = [f"added {' '.join(f'#{tag}' for tag in then.tags)}"] if then.tags else []
    if then.raise_priority:
        parts.append(f"raised priority to {then.raise_priority}")
    if then.alert:
        parts.append(f"alerted {then.alert}")
    if then.watch:
        parts.append("put it on the watch")
    return ", ".join(parts)


def _highest(priority: Priority, added: Iterable[Annotation]) -> Priority:
    raised = (one.raise_priority for one in added if one.raise_priority)
    return max((priority, *raised), key=lambda one: one.rank)


def _unique(first: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))
