"""The ordered router: exactly one rule decides, always-rules annotate."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.decision import Also, Decision, Explanation, Miss, Priority
from inbox.facts import Facts
from router.conditions import Condition
from router.guard import guarded
from router.index import RuleIndex
from router.normal import normalise
from router.phrases import PhraseIndex
from router.rules import AlwaysRule, Annotation, OrderedRule, RuleSet
from router.seen import Seen


class OrderedRouter:
    """Routes by a list of rules. Pure: the same facts always get the same decision."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._index = PhraseIndex(rules.phrases)
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
        winner, not_by, broken = self._first(seen)
        matching, broken_always = self._matching(seen)
        then, withheld = guarded(winner.then, seen, self._rules, (*broken, *broken_always))
        added = [rule.then for rule in matching]
        because = () if broken else winner.when.reasons(seen)
        return Decision(
            rule=winner.name,
            position=winner.position,
            tier=then.tier,
            team=then.team,
            priority=_highest(then.priority, added),
            response=then.response,
            explanation=Explanation(
                because=(*because, *withheld),
                not_by=not_by,
                also=tuple(_also(rule, seen) for rule in matching),
            ),
            version=self._rules.version,
            tags=_unique(then.tags, (tag for one in added for tag in one.tags)),
            assignee=then.assignee,
            hide=then.hide,
            ignore=then.ignore,
            alerts=_unique((), (one.alert for one in added if one.alert)),
            watch=any(one.watch for one in added),
        )

    def _look(self, facts: Facts) -> Seen:
        normal = normalise(facts.text)
        hits: dict[int, tuple[int, int]] = {}
        for hit in self._index.hits(normal):
            hits.setdefault(hit.which, (hit.start, hit.end))
        return Seen(
            facts=facts,
            normal=normal,
            hits=hits,
            topics=frozenset([topic.name for topic in facts.topics]),
            classes=facts.data_classes,
        )

    def _first(self, seen: Seen) -> tuple[OrderedRule, tuple[Miss, ...], tuple[str, ...]]:
        """The first rule that holds, why those above it do not, and what could not be judged."""
        rules = self._rules.ordered
        asked: list[Miss] = []
        for at in self._ordered.candidates(seen):
            rule = rules[at]
            try:
                failed = rule.when.failure(seen)
            except Exception as error:  # a rule that breaks must not lose the message
                said = f"rule '{rule.name}' could not be judged ({type(error).__name__})"
                return self._rules.last, self._misses(at, asked), (said,)
            if failed is None:
                return rule, self._misses(at, asked), ()
            asked.append(Miss(position=rule.position, rule=rule.name, failed=failed))
        raise AssertionError("the last rule holds for every message")

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
                said = f"always-rule '{rule.name}' could not be judged ({type(error).__name__})"
                broken.append(said)
        return matching, broken


def _also(rule: AlwaysRule, seen: Seen) -> Also:
    reasons = _reasons(rule.when, seen)
    return Also(rule=rule.name, did=did(rule.then), because=reasons)


def _reasons(when: Condition, seen: Seen) -> str:
    return "; ".join(when.reasons(seen))


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
