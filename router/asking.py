"""Reads the `when` of a rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import re2

from inbox.case import Status
from inbox.clearance import DataClass
from inbox.message import Kind, Visibility
from router.acting import known_tier
from router.conditions import (
    About,
    All,
    AnyOf,
    Between,
    CaseOpen,
    Condition,
    Everything,
    Flag,
    Handles,
    Holds,
    Not,
    OneOf,
    UnknownLanguage,
    handle,
)
from router.contradiction import contradiction
from router.node import Node
from router.phrases import Phrase, phrase
from router.vocabulary import STARS, Vocabulary
from router.wording import Pattern, Words

ALWAYS = "always"
_EXAMPLE = "'topics: [billing]', or 'when: always' for every message"


@dataclass(slots=True)
class Asking:
    """Turns nodes into conditions and numbers the phrases of all rules."""

    vocabulary: Vocabulary
    phrases: list[Phrase] = field(default_factory=list)
    _numbers: dict[Phrase, int] = field(default_factory=dict)

    def when(self, node: Node) -> Condition:
        if node.value == ALWAYS:
            return Everything()
        if not node.value:
            node.refuse("asks nothing", "Write 'always' where every message is meant")
            return Everything()
        return self.mapping(node)

    def mapping(self, node: Node) -> Condition:
        """All conditions of a mapping together."""
        fields = node.fields(_CONDITIONS, example=_EXAMPLE)
        parts = tuple(
            part
            for key, child in fields.items()
            if (part := _CONDITIONS[key](self, child)) is not None
        )
        return parts[0] if len(parts) == 1 else All(parts=parts)

    def nested(self, node: Node) -> tuple[Condition, ...]:
        items = node.items() if node.value else []
        for empty in [one for one in (items or [node]) if not one.value]:
            empty.refuse("asks nothing", f"Write for example {_EXAMPLE}")
        return tuple(self.mapping(item) for item in items if item.value)

    def number(self, item: Phrase) -> int:
        if item not in self._numbers:
            self._numbers[item] = len(self.phrases)
            self.phrases.append(item)
        return self._numbers[item]


def _all(asking: Asking, node: Node) -> Condition | None:
    return All(parts=asking.nested(node))


def _any(asking: Asking, node: Node) -> Condition | None:
    before = len(node.problems)
    parts = asking.nested(node)
    sound = len(node.problems) == before
    for item, part in zip(node.items(), parts, strict=True) if sound else ():
        if why := contradiction(part):
            item.refuse(f"can never hold: {why}", "Remove it, or one of the two")
    return AnyOf(parts=parts)


def _not(asking: Asking, node: Node) -> Condition | None:
    parts = asking.nested(node)
    if not parts:
        return None
    return Not(part=parts[0] if len(parts) == 1 else AnyOf(parts=parts))


def _network(asking: Asking, node: Node) -> Condition | None:
    return _named(node, "network", asking.vocabulary.networks, "mastodon")


def _account(asking: Asking, node: Node) -> Condition | None:
    return _named(node, "account", asking.vocabulary.accounts, "brand")


def _named(node: Node, fact: str, known: Iterable[str] | None, example: str) -> Condition:
    """Any words, where nobody knows which there are."""
    words = node.words(example) if known is None else node.choices(known, what=fact)
    return OneOf(fact=fact, values=frozenset(words))


def _visibility(_: Asking, node: Node) -> Condition | None:
    return OneOf(fact="visibility", values=node.choices(Visibility, what="visibility"))


def _kind(_: Asking, node: Node) -> Condition | None:
    return OneOf(fact="kind", values=node.choices(Kind, what="kind"))


def _language(asking: Asking, node: Node) -> Condition | None:
    known = asking.vocabulary.languages
    words = (
        node.words("en") if known is None else node.choices((*known, "unknown"), what="language")
    )
    named = frozenset(words) - {"unknown"}
    parts: list[Condition] = [OneOf(fact="language", values=named)] if named else []
    if "unknown" in words:
        parts.append(UnknownLanguage())
    return parts[0] if len(parts) == 1 else AnyOf(parts=tuple(parts))


def _topics(asking: Asking, node: Node) -> Condition | None:
    return About(topics=node.choices(asking.vocabulary.topics, what="topic"))


def _data(_: Asking, node: Node) -> Condition | None:
    names = node.choices(("any", *DataClass), what="data class")
    every = "any" in names
    return Holds(classes=frozenset(DataClass) if every else frozenset(map(DataClass, names)))


def _text(asking: Asking, node: Node) -> Condition | None:
    known = ("any_words", "all_words", "regex")
    fields = node.fields(known, example="any_words: [refund, money back]")
    if not fields and node.value in ({}, None):
        node.refuse("asks nothing", "Write any_words, all_words or regex")
    parts: list[Condition] = []
    for key, child in fields.items():
        if key == "regex":
            parts += _regex(child)
        else:
            parts += _phrases(asking, child, every=key == "all_words")
    return parts[0] if len(parts) == 1 else All(parts=tuple(parts))


_QUOTED = re.compile("(?s)[“”„«»].*[“”«»]")
"""Those that word processors make of the plain ones, which YAML takes off."""

_STAR_WITHIN = re.compile(r"\S\*+\s+\S|\S\s+\*+\S")
"""Not within a word: people write f*ck."""


def _phrases(asking: Asking, node: Node, *, every: bool) -> Iterable[Condition]:
    numbered: list[tuple[str, int]] = []
    for item, written in ((i, i.word("refund")) for i in node.listed("refund")):
        if written is None:
            continue
        if _QUOTED.fullmatch(written):
            item.refuse(f"{written} is looked for with its quotation marks", "Leave them out")
        if _STAR_WITHIN.search(written):
            item.refuse(f"'{written}' has a star within", "It stands only at a phrase's two ends")
        try:
            numbered.append((written, asking.number(phrase(written))))
        except ValueError as error:
            item.refuse(f"'{written}' {error}", "Write a word")
    return [Words(phrases=tuple(numbered), every=every)] if numbered else []


def _regex(node: Node) -> Iterable[Condition]:
    source = node.word(r"'\border \d+\b'")
    if source is None:
        return []
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 22
    try:
        compiled = re2.compile(source, options)  # type: ignore[no-untyped-call] # the library has no types
    except re2.error as error:
        said = error.args[0] if error.args else error
        reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        node.refuse(f"is no regular expression of RE2: {reason}", _mended(reason))
        return []
    if _UNWRITTEN.search(source):
        node.refuse("holds a sign that nobody writes: in double quotes \\b is one", _SINGLE)
    if all(compiled.search(text) for text in _UNLIKE):
        node.refuse("matches every text", "Use + in place of *")
    return [Pattern(source=source, compiled=compiled)]


_UNWRITTEN = re.compile("[\0\a\b\v\f\x1b\x85\u2028\u2029]")
"""What YAML makes of escapes in double quotes that mean something else in an expression."""

_SINGLE = "Put the expression in single quotes"

_UNLIKE = ("", "a", "0", "- a\n!", "б", "あ")
"""Texts with nothing in common: what matches all of them matches any."""


def _mended(reason: str) -> str:
    if "too large" in reason or "repetition" in reason:
        return "Make it shorter, with smaller numbers of repetitions"
    if "perl operator" in reason or "escape" in reason:
        return "Look-around and back references are not possible; (?i) ignores case"
    return "Mend it there; a sign that is meant as itself has a \\ before it"


def _author(_: Asking, node: Node) -> Condition | None:
    known = ("handles", "followers", "verified", "vip", "bot", "staff")
    parts: list[Condition] = []
    for key, child in node.fields(known, example="vip: true").items():
        if key == "handles":
            parts.append(Handles(handles=_handles(child)))
        elif key == "followers":
            parts += _between(child, "followers")
        else:
            parts += _flag(child, key, f"author is {_A[key]}", f"author is not {_A[key]}")
    return _together(node, parts, "vip: true")


def _handles(node: Node) -> frozenset[str]:
    handles = frozenset(map(handle, node.words("ana")))
    if "" in handles:
        node.refuse("has a handle without a name", "Write for example ana")
    return handles


_A = {"verified": "verified", "vip": "a VIP", "bot": "a bot", "staff": "of the staff"}


def _contact(_: Asking, node: Node) -> Condition | None:
    chosen = node.choice(("first", "known"), what="kind of contact")
    return Flag(
        fact="first_contact",
        wanted=chosen == "first",
        yes="author writes for the first time",
        no="author is known",
    )


def _case(asking: Asking, node: Node) -> Condition | None:
    parts: list[Condition] = []
    for key, child in node.fields(("tier", "status", "open"), example="open: true").items():
        if key == "status":
            values = child.choices(Status, what="status")
            parts.append(OneOf(fact="case_status", values=values))
        elif key == "open":
            wanted = child.flag()
            parts += [] if wanted is None else [CaseOpen(wanted=wanted)]
        elif isinstance(child.value, dict):
            parts += _tiers(child, asking.vocabulary)
        else:
            tier = known_tier(child, asking.vocabulary)
            parts += [] if tier is None else [Between(fact="case_tier", least=tier, most=tier)]
    return _together(node, parts, "open: true")


def _tiers(node: Node, vocabulary: Vocabulary) -> Iterable[Condition]:
    least = node.value.get("at_least") if isinstance(node.value, dict) else None
    if isinstance(least, int) and vocabulary.tiers and least > max(vocabulary.tiers):
        highest = max(vocabulary.tiers)
        node.child("at_least").refuse(f"there is no tier {least}", f"The highest is {highest}")
    return _between(node, "case_tier")


def _hours(_: Asking, node: Node) -> Condition | None:
    chosen = node.choice(("open", "closed"), what="state of business hours:")
    return Flag(
        fact="business_hours",
        wanted=chosen == "open",
        yes="within business hours",
        no="outside business hours",
    )


def _menu_choice(asking: Asking, node: Node) -> Condition | None:
    return _named(node, "menu_choice", asking.vocabulary.choices, "order")


def _counted(fact: str) -> Callable[[Asking, Node], Condition | None]:
    return lambda _, node: next(iter(_between(node, fact)), None)


def _between(node: Node, fact: str) -> Iterable[Condition]:
    fields = node.fields(("at_least", "at_most"), example="{at_least: 1}")
    if node.value == {}:
        node.refuse("asks nothing", "Write for example at_least: 1, or leave it out")
    bounds = {"least": 1, "most": STARS} if fact == "rating" else {}
    limits = {key: child.whole(**bounds) for key, child in fields.items()}
    least, most = limits.get("at_least"), limits.get("at_most")
    if least is not None and most is not None and least > most:
        node.refuse(f"can never hold: {least} is more than {most}", "Change the two numbers")
    return [Between(fact=fact, least=least, most=most)] if limits else []


def _flag(node: Node, fact: str, yes: str, no: str) -> Iterable[Condition]:
    wanted = node.flag()
    return [] if wanted is None else [Flag(fact=fact, wanted=wanted, yes=yes, no=no)]


def _together(node: Node, parts: list[Condition], example: str) -> Condition | None:
    if not parts:
        if node.value == {}:
            node.refuse("asks nothing", f"Write for example {example}, or leave it out")
        return None
    return parts[0] if len(parts) == 1 else All(parts=tuple(parts))


_CONDITIONS: Mapping[str, Callable[[Asking, Node], Condition | None]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "network": _network,
    "account": _account,
    "visibility": _visibility,
    "kind": _kind,
    "text": _text,
    "language": _language,
    "topics": _topics,
    "data": _data,
    "author": _author,
    "contact": _contact,
    "case": _case,
    "business_hours": _hours,
    "menu_choice": _menu_choice,
    "length": _counted("length"),
    "links": _counted("links"),
    "attachments": _counted("attachments"),
    "rating": _counted("rating"),
}

CONDITIONS = tuple(_CONDITIONS)
"""Every key that `when` knows."""
