"""Reads rules.yaml, with all its faults at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import category, normalize

from inbox.decision import Answer
from inbox.problem import Problem
from router.acting import annotation, outcome
from router.asking import Asking
from router.conditions import Condition, Everything
from router.contradiction import contradiction
from router.document import Document, parse_document, read_document
from router.examples import examples
from router.faults import DocumentError
from router.node import Node
from router.reach import unreachable
from router.rules import AlwaysRule, Annotation, Example, OrderedRule, Outcome, RuleSet
from router.vocabulary import Vocabulary

MOST_RULES = 1_000
RULE = ("name", "when", "then", "shadow", "examples")
"""Every key that a rule knows."""

LISTS = ("ordered", "always")
_MISSING = {
    "when": "Write 'when: always' where every message is meant",
    "then": "Write for example 'then: {tier: 1}'",
}
_LAST = (
    "End the list with a rule 'when: always' whose 'then' sets a tier from 1 up without "
    "ignore and without public_reply"
)


class RulesError(DocumentError):
    """A file of rules that cannot be used; `problems` holds every fault found in it."""


def load_rules(path: Path, *, vocabulary: Vocabulary) -> RuleSet:
    """Read and check a file of rules. Raises RulesError."""
    try:
        document = read_document(path)
    except DocumentError as error:
        raise RulesError(_all_problems(error, vocabulary)) from None
    return build_rules(document, vocabulary=vocabulary)


def parse_rules(text: str, *, file: str, vocabulary: Vocabulary) -> RuleSet:
    """The same for a text at hand; `file` is the name that faults are told under."""
    try:
        document = parse_document(text, file=file)
    except DocumentError as error:
        raise RulesError(_all_problems(error, vocabulary)) from None
    return build_rules(document, vocabulary=vocabulary)


def _all_problems(error: DocumentError, vocabulary: Vocabulary) -> Sequence[Problem]:
    """The file's faults of form, and those of the rules in it as far as they could be read."""
    try:
        if error.rest is not None:
            build_rules(error.rest, vocabulary=vocabulary)
    except RulesError as more:
        return sorted((*error.problems, *more.problems), key=lambda problem: problem.line)
    return error.problems


def build_rules(document: Document, *, vocabulary: Vocabulary) -> RuleSet:
    """Check a document that was read. Raises RulesError."""
    root = Node(document=document, value=document.data, problems=[])
    asking = Asking(vocabulary=vocabulary)
    ordered, always = _Loading(root=root, asking=asking).read()
    if root.problems:
        raise RulesError(sorted(root.problems, key=lambda problem: problem.line))
    answered = vocabulary.answered
    return RuleSet(
        ordered=tuple(ordered),
        always=tuple(always),
        phrases=tuple(asking.phrases),
        version=version_of(document),
        languages=None if answered is None else frozenset(answered),
    )


def version_of(document: Document) -> str:
    """8 hexadecimal digits: two files that say the same have the same, whatever their comments."""
    said = json.dumps(document.data, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _as_read(name: str) -> str:
    """What two names have in common that nobody can tell apart on a screen."""
    seen = (sign for sign in normalize("NFKC", name) if category(sign) != "Cf")
    return " ".join("".join(seen).casefold().split())


def _asks(when: object) -> bool:
    return isinstance(when, dict) and bool(when)


@dataclass(slots=True, kw_only=True)
class _Entry:
    """One rule of a list as it stands; `when` is None where it could not be read, `then` where it
    is missing. One that `asks` does not hold for every message, whatever else is wrong with what
    it asks.
    """

    name: str
    node: Node
    when: Condition | None
    then: Node | None
    asks: bool
    shadow: bool
    examples: tuple[Example, ...]


@dataclass(slots=True, kw_only=True)
class _Loading:
    root: Node
    asking: Asking
    names: dict[str, Node] = field(default_factory=dict)

    def read(self) -> tuple[list[OrderedRule], list[AlwaysRule]]:
        lists = self.root.fields(LISTS, example="'ordered:' and a list of rules")
        ordered = self._entries(lists.get("ordered"))
        always = self._entries(lists.get("always"))
        vocabulary = self.asking.vocabulary
        rules = [
            OrderedRule(
                name=entry.name,
                position=at,
                when=entry.when or Everything(),
                then=outcome(entry.then, vocabulary) if entry.then else Outcome(),
                shadow=entry.shadow,
                examples=entry.examples,
            )
            for at, entry in enumerate(ordered, 1)
        ]
        self._last(ordered, rules)
        self._reached(ordered, rules)
        return rules, [
            AlwaysRule(
                name=entry.name,
                when=entry.when or Everything(),
                then=annotation(entry.then, vocabulary) if entry.then else Annotation(),
                shadow=entry.shadow,
                examples=entry.examples,
            )
            for entry in always
        ]

    def _entries(self, node: Node | None) -> list[_Entry]:
        if node is None or node.value is None:
            return []
        if not isinstance(node.value, list):
            node.expected("a list", "- name: Billing")
            return []
        if len(node.value) > MOST_RULES:
            node.refuse(f"has more than {MOST_RULES:,} rules", "Join rules that do the same")
            return []
        return [entry for item in node.items() if (entry := self._entry(item))]

    def _entry(self, item: Node) -> _Entry | None:
        fields = item.fields(RULE, example="'name: …', 'when: …' and 'then: …'")
        if not isinstance(item.value, dict):
            return None
        name = self._name(item, fields.get("name"))
        node = item.named(f"rule '{name}'") if name else item
        for missing in sorted({"when", "then"} - fields.keys()):
            node.refuse(f"has no '{missing}'", _MISSING[missing])
        before = len(node.problems)
        when = self.asking.when(node.child("when")) if "when" in fields else None
        sound = len(node.problems) == before
        if sound and when is not None and (why := contradiction(when)):
            node.child("when").refuse(f"can never hold: {why}", "Remove one of them")
            sound = False
        return _Entry(
            name=name,
            node=node,
            when=when if sound else None,
            then=node.child("then") if "then" in fields else None,
            asks="when" in fields and _asks(fields["when"].value),
            shadow="shadow" in fields and bool(node.child("shadow").flag()),
            examples=self._examples(node) if "examples" in fields else (),
        )

    def _examples(self, node: Node) -> tuple[Example, ...]:
        return examples(node.child("examples"), self.asking.vocabulary)

    def _name(self, item: Node, node: Node | None) -> str:
        if node is None:
            item.refuse("has no name", "Write 'name:' and what the rule is for")
            return ""
        name = node.word("Payment data", needed=True)
        if name is None:
            return ""
        first = self.names.setdefault(_as_read(name), node)
        if first is not node:
            line = first.document.line(first.path)
            node.refuse(f"the name stands already in line {line}", "Give each rule its own name")
        return name

    def _last(self, entries: list[_Entry], rules: list[OrderedRule]) -> None:
        if not rules:
            self.root.refuse("has no ordered rule", _LAST)
            return
        node, when, then = entries[-1].node, entries[-1].when, rules[-1].then
        if entries[-1].asks or not isinstance(when, Everything | None):
            node.refuse("the last rule does not hold for every message", _LAST)
        elif entries[-1].shadow:
            node.refuse("the last rule is in shadow, so nothing may decide", _LAST)
        elif then.ignore or then.response.kind is Answer.PUBLIC_REPLY:
            node.refuse("the last rule leads to no person", _LAST)
        elif then.tier == 0:
            node.refuse("the last rule leads to self-service, not to a person", _LAST)

    def _reached(self, entries: list[_Entry], rules: list[OrderedRule]) -> None:
        sound = [rule for rule, entry in zip(rules, entries, strict=True) if entry.when]
        for rule, earlier in unreachable(sound):
            entries[rule.position - 1].node.refuse(
                f"can never be reached: '{earlier.name}' above it always wins",
                "Move it up, or make the earlier rule narrower",
            )
