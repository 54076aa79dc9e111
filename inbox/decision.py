"""What the list of rules said about one message, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Priority(StrEnum):
    """How urgent a case is; `rank` orders them, the most urgent highest."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


class Answer(StrEnum):
    """Which kind of answer a rule asks for."""

    NONE = "none"
    PUBLIC_REPLY = "public_reply"
    PRIVATE_MOVE = "private_move"
    TICKET = "ticket"
    MENU = "menu"


class Articles(StrEnum):
    """What the knowledge base may do for a message; `rank` orders by how much."""

    OFF = "off"
    SUGGEST = "suggest"
    AUTO = "auto"

    @property
    def rank(self) -> int:
        return _MORE[self]


_MORE = {articles: rank for rank, articles in enumerate(Articles)}


class Response(Struct, frozen=True, kw_only=True):
    """The automatic answer; `template` and `note` name templates in replies.yaml, for a menu
    `template` names the menu.

    `note` is the public word that goes with a private move, None for no word. `helpdesk` is where
    a ticket is opened, None for the tier's.
    """

    kind: Answer = Answer.NONE
    template: str | None = None
    note: str | None = None
    helpdesk: str | None = None


class Miss(Struct, frozen=True, kw_only=True):
    """An ordered rule above the winner, and the condition that failed, in words."""

    position: int
    rule: str
    failed: str


class Also(Struct, frozen=True, kw_only=True):
    """A rule beside the winner that matched, and what it did (or would have done), in words."""

    rule: str
    did: str
    because: str


class Explanation(Struct, frozen=True, kw_only=True):
    """Why: the facts used with the words that triggered them, and why no earlier rule won.

    It quotes the customer's words in “…”: mask it for its destination, and leave these out where
    the clearance asks for it; what stands in ‘…’ is a rule's own. `because` never quotes personal
    data, only names its class. `also` are always-rules, `shadow` rules on trial: what they would
    have done.
    """

    because: tuple[str, ...]
    not_by: tuple[Miss, ...] = ()
    also: tuple[Also, ...] = ()
    shadow: tuple[Also, ...] = ()


class Decision(Struct, frozen=True, kw_only=True):
    """One rule's word on one message, with what the always-rules added.

    `tier` is None only where `ignore` is set. `alerts` and `watch` come from always-rules;
    `alerts` are channel keys of the settings. `articles` is what the rule lets the knowledge base
    do; `article` is the one that answered by itself, so that the case begins in self-service.
    """

    rule: str
    position: int
    tier: int | None
    team: str | None
    priority: Priority
    response: Response
    explanation: Explanation
    version: str
    tags: tuple[str, ...] = ()
    assignee: str | None = None
    hide: bool = False
    ignore: bool = False
    alerts: tuple[str, ...] = ()
    watch: bool = False
    articles: Articles = Articles.SUGGEST
    article: str | None = None


class Correction(Struct, frozen=True, kw_only=True):
    """An agent says where an ignored message belonged. `tier` None: it was not for us."""

    tier: int | None
    by: str
    at: datetime


_UNSAID = Explanation(because=())


def in_short(decision: Decision) -> Decision:
    """Without its explanation: what a case's history keeps of it, and has no customer's words."""
    return replace(decision, explanation=_UNSAID)
