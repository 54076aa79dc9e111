"""A list of rules as it was read: what each asks and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inbox.decision import Articles, Priority, Response
from router.conditions import Condition
from router.phrases import Phrase

NO_RESPONSE = Response()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an ordered rule decides. `tier` is None only where it ignores.

    `articles` is what the knowledge base may do for the message, at most.
    """

    tier: int | None = None
    team: str | None = None
    priority: Priority = Priority.MEDIUM
    tags: tuple[str, ...] = ()
    assignee: str | None = None
    response: Response = NO_RESPONSE
    hide: bool = False
    ignore: bool = False
    articles: Articles = Articles.SUGGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message that must (or, not `reaches`, must not) reach its rule.

    `given` are fields of Facts beside the text, `line` is where it stands, counting from 1.
    """

    text: str
    reaches: bool
    line: int
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedRule:
    """`position` counts from 1 in the ordered list. In `shadow` it is asked and does nothing."""

    name: str
    position: int
    when: Condition
    then: Outcome
    shadow: bool = False
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What an always-rule adds. It cannot decide anything: it has no words for it."""

    tags: tuple[str, ...] = ()
    raise_priority: Priority | None = None
    alert: str | None = None
    watch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlwaysRule:
    name: str
    when: Condition
    then: Annotation
    shadow: bool = False
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """`version` is 8 hexadecimal digits of the hash of what the file says; comments do not count.

    `phrases` are all words that conditions look for, by number. The last ordered rule holds for
    every message and leads to a person. `languages` are those that can be answered
    automatically, None for all.
    """

    ordered: tuple[OrderedRule, ...]
    always: tuple[AlwaysRule, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    version: str = "00000000"
    languages: frozenset[str] | None = None

    @property
    def rules(self) -> tuple[OrderedRule | AlwaysRule, ...]:
        """Of both lists."""
        return (*self.ordered, *self.always)

    @property
    def last(self) -> OrderedRule:
        return self.ordered[-1]
