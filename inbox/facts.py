"""Everything a rule may ask about a message, computed once and frozen before the first rule."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from inbox.clearance import DataClass, Span
from inbox.message import Kind, Visibility

SEMANTIC = "semantic"
"""The source of a topic that a second look named."""


class Topic(Struct, frozen=True, kw_only=True):
    """What a message is about, with the words that say so.

    `source` is what knows it by them: "words" of the lexicons, the "model", or SEMANTIC, a second
    look, which knows it by what it means alike: `examples` are sentences of our own, never of a
    customer.
    """

    name: str
    words: tuple[str, ...]
    source: str = "words"
    examples: tuple[str, ...] = ()


class Findings(Struct, frozen=True, kw_only=True):
    """What the detectors saw in a text.

    `language` is an ISO 639-1 code or None where unknown. `failed` names detectors that crashed:
    such a message goes to a person. `doubt`: it may be a private matter, though none was named.
    `leaning` is the model's chance that it is one where it doubts, None where that has decided.
    `hints` are private topics that words show in a text which reads as harmless as a whole.
    """

    language: str | None = None
    topics: tuple[Topic, ...] = ()
    spans: tuple[Span, ...] = ()
    links: int = 0
    failed: tuple[str, ...] = ()
    doubt: bool = False
    leaning: float | None = None
    hints: tuple[Topic, ...] = ()


class Facts(Struct, frozen=True, kw_only=True):
    """The frozen facts. `case_*` tell of the case that the message joins, None for a new one;
    `rating` is a review's, 1 to 5; `menu_choice` what the customer chose of the menu that was
    offered just before.
    """

    network: str
    account: str
    visibility: Visibility
    kind: Kind
    text: str
    language: str | None
    topics: tuple[Topic, ...]
    spans: tuple[Span, ...]
    links: int
    attachments: int
    author: str
    followers: int | None
    verified: bool | None
    bot: bool | None
    vip: bool
    first_contact: bool
    case_tier: int | None
    case_status: str | None
    business_hours: bool
    at: datetime
    failed: tuple[str, ...] = ()
    doubt: bool = False
    rating: int | None = None
    staff: bool | None = None
    menu_choice: str | None = None
    hints: tuple[Topic, ...] = ()

    @property
    def data_classes(self) -> frozenset[DataClass]:
        return frozenset(span.cls for span in self.spans)

    def topic(self, name: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.name == name), None)
