"""The names that rules may use: those of the settings, and those that detectors give."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

TOPICS = (
    "abuse",
    "account",
    "billing",
    "complaint",
    "delivery",
    "faq",
    "fraud",
    "health",
    "identity",
    "legal",
    "outage",
    "praise",
    "product",
    "safety",
    "spam",
    "thanks",
)
"""Every topic that a lexicon may name."""

PRIVATE_TOPICS = frozenset({"billing", "account", "identity", "health", "fraud", "legal", "safety"})
"""What is never talked about in public."""

STARS = 5
"""The best rating of a review; the worst is one."""

HARD_TOPICS = frozenset({"fraud", "safety"})
"""Those of them whose words always decide, whatever the whole reads like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the settings know; None where that is not known and so not checked.

    `accounts` and `helpdesks` are their names, `channels` keys of channels, `templates` and
    `menus` names in replies.yaml, `for_agents` those of replies that no rule may send, `choices`
    the keys of what the menus offer, `networks` those that there is an integration for.
    `languages` (ISO 639-1 codes) are those that are told apart, `answered` those of them that are
    answered automatically, None for all.
    """

    tiers: Collection[int] | None = None
    teams: Collection[str] | None = None
    templates: Collection[str] | None = None
    for_agents: Collection[str] = ()
    menus: Collection[str] | None = None
    choices: Collection[str] | None = None
    channels: Collection[str] | None = None
    accounts: Collection[str] | None = None
    helpdesks: Collection[str] | None = None
    networks: Collection[str] | None = None
    languages: Collection[str] | None = None
    answered: Collection[str] | None = None
    topics: Collection[str] = TOPICS
