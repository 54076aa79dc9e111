"""Tier 1 by rule: an automatic answer in public, from a template."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from inbox.answering import Answering
from inbox.case import Actor, ActorKind, Afterwards, Case
from inbox.changes import AnswerQueued, Change, NotSent
from inbox.decision import Decision
from inbox.errors import Refusal
from inbox.message import Draft, Message, Ref, Visibility
from inbox.outbox import NewItem, SendAnswer, account_lane
from inbox.ports import Plan, Templates


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
        conversation: Ref,
        rule: str,
    ) -> tuple[Change, NewItem | None]:
        """A queued answer, or the reason why none goes out: a gap or a check stops the send."""
        key = once(message.ref, visibility)
        try:
            text = self.templates.render(
                template, language=case.language, case=case, author=case.author
            )
            draft = Draft(
                account=case.account,
                conversation=conversation,
                in_reply_to=message.ref if message.visibility is visibility else None,
                to=message.author,
                text=text,
                visibility=visibility,
                language=case.language,
            )
            spans = self.answering.check(draft)
        except Refusal as refusal:
            return NotSent(
                key=key, reason=str(refusal), text="", spans=(), visibility=visibility
            ), None
        queued = AnswerQueued(
            key=key,
            text=text,
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
        )
        lane = account_lane(case.account, automatic=True)
        return queued, NewItem(effect=effect, lane=lane, key=key)


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
            case, message, template, message.visibility, message.conversation, decision.rule
        )
        return Plan(changes=(change,), items=(item,) if item else ())
