"""Tier 1 by rule: an automatic answer in public, from a template."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from inbox import approach
from inbox.answering import Answering
from inbox.case import Actor, ActorKind, Afterwards, Case
from inbox.changes import AnswerQueued, Change, NotSent
from inbox.decision import Decision
from inbox.errors import Refusal
from inbox.facts import Findings
from inbox.knowledge import Edition
from inbox.message import Draft, Kind, Message, Ref, Visibility
from inbox.outbox import NewItem, SendAnswer, account_lane
from inbox.ports import Plan, Stored, Templates

LATEST = timedelta(days=1)
"""After this time an answer by itself is none any more: an import or a long stop brings what people
wrote long ago, and may have had an answer to. Reviews stand for long, and are told of late."""

TOO_LATE = (
    "It was written more than a day ago, and nothing answers that late by itself. Look whether it"
    " still needs an answer."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """Writes automatic answers: renders, checks like an agent's answer, queues at most once."""

    answering: Answering
    templates: Templates

    def write(
        self,
        case: Case,
        message: Message,
        template: str,
        visibility: Visibility,
        rule: str,
        *,
        at: datetime,
    ) -> tuple[Change, NewItem | None]:
        """A queued answer, or the reason why none goes out: a gap, a check or the network's
        preconditions stop the send, and a person sees the case.
        """
        try:
            text = self.templates.render(
                template, language=case.language, case=case, author=case.author
            )
        except Refusal as refusal:
            return _not_sent(once(message.ref, visibility), refusal, visibility), None
        return self.send(case, message, text, visibility, rule, at=at)

    def send(
        self,
        case: Case,
        message: Message,
        text: str,
        visibility: Visibility,
        rule: str,
        *,
        at: datetime,
        choices: tuple[str, ...] = (),
        article: Edition | None = None,
    ) -> tuple[Change, NewItem | None]:
        """The same for a text that is ready; `choices` are what it offers, `article` what it was
        made of.
        """
        key = once(message.ref, visibility)
        try:
            draft = replace(self._draft(case, message, text, visibility, at), choices=choices)
            spans = self.answering.check(draft, case.number)
        except Refusal as refusal:
            return _not_sent(key, refusal, visibility), None
        queued = AnswerQueued(
            key=key,
            text=draft.text,
            spans=spans,
            visibility=visibility,
            afterwards=Afterwards.WAIT,
            automatic=True,
        )
        effect = SendAnswer(
            case=case.number,
            draft=draft,
            spans=spans,
            by=Actor(kind=ActorKind.RULE, id=rule),
            afterwards=Afterwards.WAIT,
            automatic=True,
            answers=message.ref,
            article=article,
        )
        lane = account_lane(case.account, automatic=True)
        return queued, NewItem(effect=effect, lane=lane, key=key)

    def fits(self, case: Case, message: Message, text: str) -> bool:
        """Whether the network takes a text of this length for an answer to the message; where
        there is no way at all `send` says why.
        """
        connection = self.answering.connection(case.account)
        measure = connection.measured(message.visibility)
        try:
            draft = approach.draft(
                connection, case, message, text, message.visibility, automatic=True
            )
        except Refusal:
            return True
        return measure.length(draft) <= measure.most

    def _draft(
        self, case: Case, message: Message, text: str, visibility: Visibility, at: datetime
    ) -> Draft:
        """Raises Refusal where the network does not take it now, or where it is too late."""
        connection = self.answering.connection(case.account)
        seen = [Stored(message=message, findings=Findings(), case=case.number)]
        window = approach.window(
            connection,
            lambda: approach.approach(seen, message, visibility, message.author, automatic=True),
            at=at,
        )
        if window.why_not is not None:
            raise Refusal(window.why_not)
        if message.kind is not Kind.REVIEW and at - message.created_at > LATEST:
            raise Refusal(TOO_LATE)
        return approach.draft(connection, case, message, text, visibility, automatic=True)


def _not_sent(key: str, refusal: Refusal, visibility: Visibility) -> NotSent:
    return NotSent(key=key, reason=str(refusal), text="", spans=(), visibility=visibility)


def once(ref: Ref, visibility: Visibility) -> str:
    """The key of the one automatic answer of this visibility that a message may ever get."""
    name = f"{ref.network}\0{ref.account}\0{ref.id}\0{visibility}"
    return f"auto-{hashlib.sha256(name.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReply:
    """Plans the public answer that a rule asks for."""

    automatic: Automatic

    def plan(self, case: Case, message: Message, decision: Decision, *, at: datetime) -> Plan:
        template = decision.response.template
        connection = self.automatic.answering.connection(case.account)
        private = message.visibility is Visibility.PRIVATE
        if template is None or (connection.private if private else connection.public) is None:
            return Plan()
        change, item = self.automatic.write(
            case, message, template, message.visibility, decision.rule, at=at
        )
        return Plan(changes=(change,), items=(item,) if item else ())
