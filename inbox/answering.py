"""An agent's answer, in public or in private: checked, queued once, recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from msgspec import Struct

from inbox import approach
from inbox.approach import answerable, targets_of
from inbox.case import Actor, ActorKind, Afterwards, Case
from inbox.changes import (
    TAKEN_PRIVATE,
    AnsweredElsewhere,
    AnswerQueued,
    Change,
    Claimed,
    Closed,
    DmLinked,
    Moved,
    Received,
)
from inbox.clearance import LABELS, Span, others
from inbox.conversations import go_on_in
from inbox.desk import Desk
from inbox.deskwork import agent, case_here, not_closed
from inbox.errors import AnsweredMeanwhile, Refusal, WouldPublish
from inbox.message import Account, Draft, Ref, Visibility
from inbox.outbox import NewItem, SendAnswer, account_lane
from inbox.ports import Connection, Detector, Stored, Unit, Window
from inbox.record import record

MEANWHILE = AnswerQueued | AnsweredElsewhere | Closed
"""What who writes an answer is told of: somebody answered, here, where each answer is queued once,
or on the network itself; or closed the case."""


class Answer(Struct, frozen=True, kw_only=True):
    """What an agent wrote in the Reply window.

    `key` names this window's sending: the same key is sent once. `seen` is the case's version
    when the window opened, or when the agent was told of another's answer.
    """

    text: str
    visibility: Visibility
    afterwards: Afterwards
    key: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The rules of answering, for agents and for automatic answers alike."""

    desk: Desk
    connections: Mapping[Account, Connection]
    detector: Detector

    def reply(
        self,
        unit: Unit,
        number: int,
        user: str,
        answer: Answer,
        *,
        seen_in: str | None,
        at: datetime,
        only_after: Answer | None = None,
    ) -> Case:
        """Queue an answer; an unowned case becomes the agent's. Raises Refusal and its kin.

        `only_after`: another answer without which this one would not be true.
        """
        case = case_here(unit, number, seen_in)
        if not unit.memory.first_time(f"answer:{answer.key}", at=at):
            return case
        _nobody_answered_since(unit, number, answer.seen, user)
        draft = self.draft(unit, case, answer.text, answer.visibility, at=at)
        spans = self.check(draft, number)
        changes: list[Change] = [] if case.owner else [Claimed(owner=user)]
        if draft.visibility is Visibility.PRIVATE:
            go_on_in(unit, case, draft.conversation)
            if case.dm != draft.conversation:
                changes.append(DmLinked(dm=draft.conversation))
        changes.append(
            AnswerQueued(
                key=answer.key,
                text=answer.text,
                spans=spans,
                visibility=answer.visibility,
                afterwards=answer.afterwards,
                automatic=False,
            )
        )
        case = record(unit, self.desk, case, changes, actor=agent(user), at=at)
        after = only_after.key if only_after else None
        read = _read(unit, number, answer.seen)
        unit.outbox.add(
            [send(case, draft, spans, answer, by=agent(user), to=read, only_after=after)]
        )
        return case

    def take_private(
        self,
        unit: Unit,
        number: int,
        user: str,
        *,
        invitation: Answer | None,
        note: Answer | None,
        seen_in: str | None,
        at: datetime,
    ) -> Case:
        """Move a case to the private channel, with an invitation by DM and a public word for it."""
        case = case_here(unit, number, seen_in)
        not_closed(case)
        tier = self.desk.private_tier()
        if tier is None:
            raise Refusal("This desk has no private tier. Ask your team lead to set one up.")
        if invitation is not None:
            case = self.reply(unit, number, user, invitation, seen_in=seen_in, at=at)
        if note is not None:
            case = self.reply(
                unit, number, user, note, seen_in=seen_in, at=at, only_after=invitation
            )
        if case.tier >= tier.number:
            return case
        moved = Moved(
            tier=tier.number,
            channel=self.desk.channel_of(tier.number),
            before=case.tier,
            before_channel=case.channel,
            reason=TAKEN_PRIVATE,
        )
        return record(unit, self.desk, case, [moved], actor=agent(user), at=at)

    def draft(
        self, unit: Unit, case: Case, text: str, visibility: Visibility, *, at: datetime
    ) -> Draft:
        """A draft addressed to the customer. Raises Refusal where the network cannot carry it."""
        target, window = self._stand(case, answerable(unit, case), visibility, at)
        if window.why_not is not None:
            raise Refusal(window.why_not)
        return approach.draft(
            self.connection(case.account),
            case,
            target.message if target else None,
            text,
            visibility,
            automatic=False,
        )

    def window(self, unit: Unit, case: Case, visibility: Visibility, *, at: datetime) -> Window:
        """Whether an agent's answer of this visibility is possible, until when, or why not."""
        return self._stand(case, answerable(unit, case), visibility, at)[1]

    def _stand(
        self, case: Case, messages: Sequence[Stored], visibility: Visibility, at: datetime
    ) -> tuple[Stored | None, Window]:
        """The first message that an answer can be to now, else the best with why it cannot."""
        looked = (
            (target, self._window(case, messages, target, visibility, at))
            for target in targets_of(case, messages, visibility)
        )
        best = next(looked)
        if best[1].why_not is None:
            return best
        return next((found for found in looked if found[1].why_not is None), best)

    def _window(
        self,
        case: Case,
        messages: Sequence[Stored],
        target: Stored | None,
        visibility: Visibility,
        at: datetime,
    ) -> Window:
        why_not = self._no_way(case, target, visibility)
        if why_not is not None:
            return Window(why_not=why_not)
        message = target.message if target else None
        return approach.window(
            self.connection(case.account),
            lambda: approach.approach(messages, message, visibility, case.author, automatic=False),
            at=at,
        )

    def _no_way(self, case: Case, target: Stored | None, visibility: Visibility) -> str | None:
        connection = self.connection(case.account)
        if visibility is Visibility.PRIVATE:
            if connection.private is not None:
                return None
            return f"{case.account} has no private messages. Answer in public or escalate."
        if connection.public is None:
            return f"{case.account} has no public replies. Answer in private."
        if target is None:
            return "Nothing of this case stands in public. Answer in private."
        if target.deleted_at is not None:
            return "The post was deleted on the network. Answer in private, or close the case."
        return None

    def room(self, unit: Unit, case: Case, visibility: Visibility, *, at: datetime) -> int:
        """Characters left for the text of an answer. Raises Refusal where none is possible."""
        measure = self.connection(case.account).measured(visibility)
        return measure.most - measure.length(self.draft(unit, case, "", visibility, at=at))

    def check(self, draft: Draft, number: int) -> tuple[Span, ...]:
        """Personal data in a draft. Raises Refusal for length, WouldPublish for what is public.

        The `number` of the draft's case looks like an order's from 1000 on; it is ours to tell.
        """
        if not draft.text.strip():
            raise Refusal("The answer is empty. Write something first.")
        measure = self.connection(draft.account).measured(draft.visibility)
        length = measure.length(draft)
        if length > measure.most:
            raise Refusal(
                f"The answer is {length:,} characters long as the network counts, and it takes "
                f"{measure.most:,}. Shorten it by {length - measure.most:,}."
            )
        findings = self.detector.detect(draft.text, language=draft.language)
        if findings.failed and draft.visibility is Visibility.PUBLIC:
            raise Refusal("The check for personal data failed, so nothing was sent. Try again.")
        spans = tuple(s for s in findings.spans if draft.text[s.start : s.end] != str(number))
        published = others(draft.text, spans, self.desk.own_contacts)
        if draft.visibility is Visibility.PUBLIC and published:
            raise WouldPublish(_would_publish(draft.text, published), published)
        return spans

    def connection(self, account: Account) -> Connection:
        connection = self.connections.get(account)
        if connection is None:
            raise Refusal(f"The account {account} is not set up any more. Nothing can be sent.")
        return connection


def send(
    case: Case,
    draft: Draft,
    spans: tuple[Span, ...],
    answer: Answer,
    *,
    by: Actor,
    to: Ref | None,
    only_after: str | None = None,
) -> NewItem:
    """An agent's answer as an outbox item; its key makes it one. `to` is the customer's newest
    message that was read before it was written.
    """
    return NewItem(
        effect=SendAnswer(
            case=case.number,
            draft=draft,
            spans=spans,
            by=by,
            afterwards=answer.afterwards,
            automatic=False,
            answers=to,
            only_after=only_after,
        ),
        lane=account_lane(draft.account),
        key=answer.key,
    )


def _read(unit: Unit, number: int, seen: int) -> Ref | None:
    """The newest message that the case had at this version."""
    for event in unit.cases.history(number, kinds=(Received,), upto=seen, newest=1):
        if isinstance(event.change, Received):
            return event.change.message
    return None


def _nobody_answered_since(unit: Unit, number: int, seen: int, user: str) -> None:
    for event in unit.cases.history(number, kinds=get_args(MEANWHILE), after=seen):
        if isinstance(event.change, MEANWHILE) and event.actor.id != user:
            by_agent = event.actor.kind is ActorKind.AGENT
            who = f"<@{event.actor.id}>" if by_agent else "Somebody else"
            did = "closed the case" if isinstance(event.change, Closed) else "answered"
            raise AnsweredMeanwhile(f"{who} {did} while you wrote. Send yours as well?")


def _would_publish(text: str, spans: tuple[Span, ...]) -> str:
    named = ", ".join(f"{_one(LABELS[s.cls])} (“{text[s.start : s.end]}”)" for s in spans[:3])
    return f"This would publish {named}."


def _one(label: str) -> str:
    return f"an {label}" if label[0] in "aeiou" else f"a {label}"
