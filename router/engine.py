"""The ordered router: exactly one rule decides, always-rules annotate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inbox.decision import Also, Decision, Explanation, Miss, Priority
from inbox.facts import Facts
from router.conditions import Condition
from router.guard import guarded
from router.normal import normalise
from router.phrases import PhraseIndex
from router.rules import AlwaysRule, Annotation, OrderedRule, RuleSet
from router.seen import Seen

_MOST_MISSES = 64
_Failure = Callable[[Seen], str | None]


class OrderedRouter:
    """Routes by a list of rules. Pure: the same facts always get the same decision."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._index = PhraseIndex(rules.phrases)
        self._steps = [_Step(rule) for rule in rules.ordered]
        self._always = [(rule, rule.when.failure) for rule in rules.always]

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
        misses: list[Miss] = []
        step = self._steps[0]
        try:
            for step in self._steps:
                failed = step.failure(seen)
                if failed is None:
                    break
                misses.append(step.miss(failed))
        except Exception as error:
            said = f"rule '{step.rule.name}' could not be judged ({type(error).__name__})"
            return self._rules.last, tuple(misses), (said,)
        return step.rule, tuple(misses), ()

    def _matching(self, seen: Seen) -> tuple[list[AlwaysRule], list[str]]:
        matching: list[AlwaysRule] = []
        broken: list[str] = []
        for rule, failure in self._always:
            try:
                if failure(seen) is None:
                    matching.append(rule)
            except Exception as error:
                said = f"always-rule '{rule.name}' could not be judged ({type(error).__name__})"
                broken.append(said)
        return matching, broken


class _Step:
    """A rule with the misses it already explained: most messages miss it for the same reason."""

    __slots__ = ("_misses", "failure", "rule")

    def __init__(self, rule: OrderedRule) -> None:
        self.rule = rule
        self.failure: _Failure = rule.when.failure
        self._misses: dict[str, Miss] = {}

    def miss(self, failed: str) -> Miss:
        known = self._misses.get(failed)
        if known is None:
            known = Miss(position=self.rule.position, rule=self.rule.name, failed=failed)
            if len(self._misses) < _MOST_MISSES:
                self._misses[failed] = known
        return known


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
