"""What stands on the stage in the sandbox's Slack: a desk, and fakes of rules, network, replies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from inbox.case import Case
from inbox.clearance import EVERYTHING, Clearance, DataClass, Span
from inbox.decision import Decision, Explanation, Miss, Priority, Response
from inbox.desk import Channel, Desk, Hours, Team, Tier
from inbox.errors import IntegrationError, Refusal
from inbox.facts import Facts, Findings, Topic
from inbox.message import Account, Author, Draft, Ref, Sent
from inbox.ports import Detector

ACCOUNT = Account("mastodon", "main")
CARE, PRIVATE, MARKETING, OPERATIONS = "C0CARE", "C0PRIVATE", "C0MARKETING", "C0OPS"

_SPANS = (
    (DataClass.CARD, re.compile(r"\b\d{4}(?: ?\d{4}){3}\b")),
    (DataClass.ORDER_NUMBER, re.compile(r"\b\d{5}\b")),
    (DataClass.EMAIL, re.compile(r"\b[\w.]{1,64}@[\w.]{1,64}")),
)


class FakeDetector(Detector):
    """Finds card numbers, five-digit order numbers, e-mail addresses, and one topic."""

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        spans = tuple(
            Span(start=m.start(), end=m.end(), cls=cls)
            for cls, pattern in _SPANS
            for m in pattern.finditer(text)
        )
        topics = (Topic(name="delivery", words=("parcel",)),) if "parcel" in text else ()
        return Findings(language=language or "en", topics=topics, spans=spans)


class FakeRouter:
    """Sends card numbers to tier 2, sets spam aside, sends everything else to tier 1; watches what
    says so."""

    version = "v1"

    def route(self, facts: Facts) -> Decision:
        if "followers" in facts.text:
            return self._ignore(facts)
        private = DataClass.CARD in facts.data_classes
        return Decision(
            rule="Payment data" if private else "Ordinary messages",
            position=1 if private else 2,
            tier=2 if private else 1,
            team="specialists" if private else "care",
            priority=Priority.HIGH if private else Priority.MEDIUM,
            response=Response(),
            explanation=Explanation(
                because=(f"text holds “{facts.text[:20]}”",),
                not_by=()
                if private
                else (Miss(position=1, rule="Payment data", failed="no card"),),
            ),
            version=self.version,
            watch="watch" in facts.text,
        )

    def _ignore(self, facts: Facts) -> Decision:
        return Decision(
            rule="Spam",
            position=1,
            tier=None,
            team=None,
            priority=Priority.LOW,
            response=Response(),
            explanation=Explanation(because=(f"text has “{facts.text[:20]}”",)),
            version=self.version,
            ignore=True,
        )


class FakeMeasure:
    most = 500

    def length(self, draft: Draft) -> int:
        return len(draft.text)


@dataclass
class FakeNetwork:
    """Sends nothing anywhere; keeps the drafts."""

    sent: list[Draft] = field(default_factory=list)
    hidden: list[Ref] = field(default_factory=list)
    liked: list[Ref] = field(default_factory=list)
    refuses: IntegrationError | None = None

    def reply(self, draft: Draft, *, key: str) -> Sent:
        return self._send(draft, key)

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self._send(draft, key)

    def conversation_with(self, author: Author) -> Ref:
        return author.ref.sibling(f"dm:{author.ref.id}")

    def hide(self, ref: Ref) -> None:
        self.hidden.append(ref)

    def unhide(self, ref: Ref) -> None:
        self.hidden.remove(ref)

    def like(self, ref: Ref) -> None:
        self.liked.append(ref)

    def unlike(self, ref: Ref) -> None:
        self.liked.remove(ref)

    def _send(self, draft: Draft, key: str) -> Sent:
        if self.refuses is not None:
            raise self.refuses
        self.sent.append(draft)
        return Sent(ref=a_ref(f"ours-{len(self.sent)}"), url="https://social.example/ours")


class FakeReplies:
    """Two saved replies and the texts of a private move."""

    texts: ClassVar[dict[str, str]] = {
        "sorry": "We are sorry, {name}.",
        "hours": "We are open from 9 to 17.",
        "invite_private": "Hello {name}, please tell us here.",
        "private_note": "We wrote to you privately.",
    }

    def saved(self, language: str | None) -> list[tuple[str, str, str]]:
        return [(key, key.title(), text) for key, text in self.texts.items() if "_" not in key]

    def render(self, name: str, *, language: str | None, case: Case, author: Author) -> str:
        if name not in self.texts:
            raise Refusal(f"There is no saved reply “{name}”.")
        return self.texts[name].replace("{name}", author.name)


def a_ref(name: str) -> Ref:
    return Ref(ACCOUNT.network, ACCOUNT.name, name)


def an_author(**more: Any) -> Author:
    values: dict[str, Any] = {
        "ref": a_ref("u-ana"),
        "handle": "ana@social.example",
        "name": "Ana Popescu",
        "url": "https://social.example/@ana",
        "followers": 1240,
    }
    return Author(**(values | more))


def a_desk() -> Desk:
    order = Clearance(name="private", shows=frozenset({DataClass.ORDER_NUMBER, DataClass.EMAIL}))
    channels = (
        Channel(key="care", id=CARE),
        Channel(key="private", id=PRIVATE, clearance=order, private=True),
        Channel(key="marketing", id=MARKETING),
        Channel(key="operations", id=OPERATIONS, clearance=EVERYTHING, private=True),
    )
    tiers = (
        Tier(number=0, name="Self-service"),
        Tier(
            number=1,
            name="Public",
            team="care",
            channel="care",
            answer_within=timedelta(minutes=30),
        ),
        Tier(number=2, name="Private", team="specialists", channel="private", private=True),
    )
    teams = (Team(key="care", name="Care team"), Team(key="specialists", name="Specialists"))
    return Desk(
        tiers={tier.number: tier for tier in tiers},
        channels={channel.key: channel for channel in channels},
        teams={team.key: team for team in teams},
        hours=Hours(zone=ZoneInfo("Europe/Bucharest"), week={}),
        watch="marketing",
        operations="operations",
    )
