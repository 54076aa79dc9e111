"""Examples in the file of rules: messages that must, or must not, reach the rule they stand under.

`rules check` and `rules test` try them. They are no part of routing: a list whose examples no
longer hold, since a word list changed, still starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.case import Status
from inbox.decision import Decision
from inbox.facts import Facts
from inbox.message import Kind, Visibility
from inbox.ports import Detector
from inbox.problem import Problem
from router.engine import OrderedRouter
from router.node import Node
from router.ordinary import ordinary
from router.rules import AlwaysRule, Example, OrderedRule, RuleSet
from router.vocabulary import STARS, Vocabulary

SIDES = ("matches", "not")
"""Every key that `examples` knows."""

Field = tuple[str, object]
_Reading = Callable[[Node, Vocabulary], Iterator[Field]]

_AT = datetime(2000, 1, 1, 12, tzinfo=UTC)


# --- reading -----------------------------------------------------------------------------


def examples(node: Node, vocabulary: Vocabulary) -> tuple[Example, ...]:
    sides = node.fields(SIDES, example="matches: [I was charged twice]")
    return tuple(
        example
        for side, listed in sides.items()
        for item in _listed(listed)
        if (example := _example(item, vocabulary, reaches=side == "matches"))
    )


def _listed(node: Node) -> list[Node]:
    if not (items := node.items()):
        node.refuse("is an empty list", "Write a message that somebody may send, or leave it out")
    return items


def _example(item: Node, vocabulary: Vocabulary, *, reaches: bool) -> Example | None:
    line = item.document.line(item.path)
    if not isinstance(item.value, dict):
        text = item.word("I was charged twice")
        return None if text is None else Example(text=text, reaches=reaches, line=line)
    fields = item.fields(GIVEN, example="text: I was charged twice")
    if "text" not in fields:
        item.refuse("has no text", "Write 'text:' and what somebody writes")
        return None
    text = fields.pop("text").word("I was charged twice")
    given = [pair for key, child in fields.items() for pair in _GIVEN[key](child, vocabulary)]
    values = {name: value for name, value in given if value is not None}
    try:
        _place(values)
    except ValueError as error:
        item.refuse(f"cannot be: {error}", "Change visibility, kind or rating")
    return Example(text=text or "", reaches=reaches, line=line, given=values)


def _place(given: Mapping[str, Any]) -> tuple[Visibility, Kind]:
    return ordinary(*map(given.get, ("visibility", "kind", "rating")))


def _word(fact: str) -> _Reading:
    def read(node: Node, _: Vocabulary) -> Iterator[Field]:
        yield fact, node.word(fact)

    return read


def _named(names: str, fact: str) -> _Reading:
    """One of the vocabulary's `names`, any word where these are not known."""

    def read(node: Node, vocabulary: Vocabulary) -> Iterator[Field]:
        known = getattr(vocabulary, names)
        word = node.word(fact) if known is None else node.choice(known, what=fact)
        yield fact, word

    return read


def _stars(node: Node, _: Vocabulary) -> Iterator[Field]:
    yield "rating", node.whole(least=1, most=STARS)


def _flag(node: Node, _: Vocabulary) -> Iterator[Field]:
    yield str(node.path[-1]), node.flag()


def _count(node: Node, _: Vocabulary) -> Iterator[Field]:
    yield str(node.path[-1]), node.whole()


def _visibility(node: Node, _: Vocabulary) -> Iterator[Field]:
    word = node.choice(Visibility, what="visibility")
    yield "visibility", Visibility(word) if word else None


def _kind(node: Node, _: Vocabulary) -> Iterator[Field]:
    word = node.choice(Kind, what="kind")
    yield "kind", Kind(word) if word else None


def _language(node: Node, vocabulary: Vocabulary) -> Iterator[Field]:
    known = vocabulary.languages
    yield (
        "language",
        node.word("en") if known is None else node.choice(known, what="language"),
    )


def _contact(node: Node, _: Vocabulary) -> Iterator[Field]:
    word = node.choice(("first", "known"), what="kind of contact")
    yield "first_contact", word == "first" if word else None


def _hours(node: Node, _: Vocabulary) -> Iterator[Field]:
    word = node.choice(("open", "closed"), what="state of business hours:")
    yield "business_hours", word == "open" if word else None


def _case(node: Node, _: Vocabulary) -> Iterator[Field]:
    fields = node.fields(("tier", "status"), example="status: open")
    if "tier" in fields:
        yield "case_tier", fields["tier"].whole()
    status = fields["status"].choice(Status, what="status") if "status" in fields else None
    yield "case_status", status or ("open" if fields else None)


_GIVEN: Mapping[str, _Reading] = {
    "network": _named("networks", "network"),
    "account": _named("accounts", "account"),
    "visibility": _visibility,
    "kind": _kind,
    "language": _language,
    "author": _word("author"),
    "followers": _count,
    "verified": _flag,
    "vip": _flag,
    "bot": _flag,
    "staff": _flag,
    "contact": _contact,
    "case": _case,
    "business_hours": _hours,
    "menu_choice": _named("choices", "menu_choice"),
    "attachments": _count,
    "rating": _stars,
}
GIVEN = ("text", *_GIVEN)
"""Every key that an example knows."""


# --- trying ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How the examples of a list are tried; `file` is the name that faults are told under."""

    router: OrderedRouter
    detector: Detector
    file: str

    def failing(self, rules: RuleSet) -> Iterator[Problem]:
        """One problem for each example that does not do what it says."""
        for rule in rules.rules:
            for example in rule.examples:
                facts = facts_of(example, self.detector)
                decision = self.router.route(facts)
                if reaches(decision, rule.name) is not example.reaches:
                    yield self._problem(rule, example, self._instead(rule, facts, decision))

    def _problem(self, rule: OrderedRule | AlwaysRule, example: Example, instead: str) -> Problem:
        should = "must" if example.reaches else "must not"
        return Problem(
            file=self.file,
            line=example.line,
            key=f"rule '{rule.name}', examples",
            problem=f"“{example.text}” {should} reach it, but {instead}",
            remedy="Change the rules or the example",
        )

    def _instead(self, rule: OrderedRule | AlwaysRule, facts: Facts, decision: Decision) -> str:
        missed = self.router.failure(rule, facts)
        if isinstance(rule, AlwaysRule):
            return f"it misses, since: {missed}" if missed else "it holds"
        won = f"'{decision.rule}' decides: {', '.join(decision.explanation.because)}"
        return f"{won}. It misses, since: {missed}" if missed else won


def reaches(decision: Decision, rule: str) -> bool:
    """It decided or annotated, or would have if it were not in shadow."""
    why = decision.explanation
    return decision.rule == rule or any(rule == also.rule for also in (*why.also, *why.shadow))


def facts_of(example: Example, detector: Detector) -> Facts:
    """What the rules are asked; what an example does not give is the ordinary case."""
    given = dict(example.given)
    language = given.pop("language", None)
    findings = detector.detect(
        example.text, language=language if isinstance(language, str) else None
    )
    visibility, kind = _place(given)
    values: dict[str, object] = {
        "network": "generic",
        "account": "main",
        "visibility": visibility,
        "kind": kind,
        "attachments": 0,
        "author": "somebody",
        "followers": None,
        "verified": None,
        "bot": None,
        "vip": False,
        "first_contact": False,
        "case_tier": None,
        "case_status": None,
        "business_hours": True,
        "menu_choice": None,
    }
    return Facts(
        text=example.text,
        language=findings.language,
        topics=findings.topics,
        spans=findings.spans,
        links=findings.links,
        failed=findings.failed,
        doubt=findings.doubt,
        hints=findings.hints,
        at=_AT,
        **(values | given),  # type: ignore[arg-type] # each was read as its field's type
    )
