"""Arrivals: what a network brought becomes cases, decisions and intended effects, at once.

Everything here happens in one transaction; the caller acknowledges after its commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from inbox.automatic import TO_CUSTOMERS, may_answer
from inbox.case import Actor, ActorKind, Case, Status
from inbox.changes import (
    Change,
    DmLinked,
    MessageDeleted,
    MessageEdited,
    Received,
    Reopened,
    Watched,
)
from inbox.conversations import go_on_in
from inbox.decision import Answer, Decision
from inbox.desk import Desk
from inbox.elsewhere import answered_elsewhere, not_arrived
from inbox.facts import Findings
from inbox.freezing import freeze
from inbox.knowledge import Hit
from inbox.known import Known, look_up
from inbox.message import (
    Deleted,
    Echoed,
    Edited,
    Event,
    Kind,
    Message,
    Posted,
    Settled,
    Undelivered,
    Visibility,
)
from inbox.moderation import hiding
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.placing import routed
from inbox.ports import ArticlePlanner, Menus, Plan, Planner, Router, SecondOpinion, Stored, Unit
from inbox.record import record, record_steps
from inbox.self_service import menu_choice, next_tier, remember_offer, served
from inbox.undecided import look_again

NO_FINDINGS = Findings()


class Outcome(StrEnum):
    """What became of an arrival."""

    NEW = "new"
    KNOWN = "known"
    CHANGED = "changed"
    OWN = "own"


class Arrival(Struct, frozen=True, kw_only=True):
    """An event, with what was seen in it. `own`: we wrote it; `hit`: an article that answers it."""

    event: Event
    findings: Findings = NO_FINDINGS
    own: bool = False
    hit: Hit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """The way in. `planners` make the automatic answers that a rule may ask for.

    `articles` answers a first message from the knowledge base, where rule and account let it;
    `menus` are those that a customer may choose from; `opinion` is asked later about what the
    detectors left undecided (see inbox.second_look).
    """

    desk: Desk
    router: Router
    planners: Mapping[Answer, Planner]
    articles: ArticlePlanner | None = None
    menus: Menus | None = None
    opinion: SecondOpinion | None = None

    def receive(self, unit: Unit, arrivals: Sequence[Arrival], *, now: datetime) -> list[Outcome]:
        """Take arrivals in order; what is known, settled, an echo or our own starts nothing."""
        unit.lock("reception")
        known = look_up(unit, [arrival.event for arrival in arrivals])
        return [self._one(unit, known, arrival, now) for arrival in arrivals]

    def _one(self, unit: Unit, known: Known, arrival: Arrival, now: datetime) -> Outcome:
        if arrival.own or arrival.event.ref in known.forgotten:
            return Outcome.OWN if arrival.own else Outcome.KNOWN
        stored = known.messages.get(arrival.event.ref)
        match arrival.event:
            case Posted(message=message):
                if stored is not None:
                    return Outcome.KNOWN
                self._post(unit, known, message, arrival, now)
                return Outcome.NEW
            case Edited() | Deleted() as event:
                if stored is None or stored.mine or stored.deleted_at is not None:
                    return Outcome.KNOWN
                return self._alter(unit, known, stored, event, arrival.findings, now)
            case Echoed() | Undelivered() | Settled() as event:
                return self._outside(unit, known, event, arrival.findings, now)

    def _outside(
        self,
        unit: Unit,
        known: Known,
        event: Echoed | Undelivered | Settled,
        findings: Findings,
        now: datetime,
    ) -> Outcome:
        """What became of a conversation outside Tierdesk."""
        if isinstance(event, Settled):
            return self._keep(unit, known, event.message, findings)
        if isinstance(event, Undelivered):
            told = not_arrived(unit, self.desk, known, event, now=now)
            return Outcome.CHANGED if told else Outcome.KNOWN
        new = event.ref not in known.messages and answered_elsewhere(
            unit, self.desk, known, event, findings, now=now
        )
        return Outcome.CHANGED if new else Outcome.OWN

    def _keep(self, unit: Unit, known: Known, message: Message, findings: Findings) -> Outcome:
        if message.ref not in known.messages:
            stored = Stored(message=message, findings=findings, case=None)
            unit.messages.add([stored])
            known.messages[message.ref] = stored
        return Outcome.KNOWN

    # --- a new message -------------------------------------------------------------------

    def _post(self, unit: Unit, known: Known, message: Message, by: Arrival, now: datetime) -> None:
        key = (message.conversation, message.author.ref)
        contact = known.contacts.get(message.author.ref)
        newest = known.newest(message.author.ref)
        answered = known.answered_by(unit, message)
        case = self._case_of(message, known.case(key), answered, newest, now)
        stored = Stored(message=message, findings=by.findings, case=None)
        facts = freeze(
            stored,
            case=case,
            contact=contact,
            desk=self.desk,
            now=now,
            menu_choice=menu_choice(unit, self.menus, case, message),
        )
        decision = self.router.route(facts)
        opened = case is None and not decision.ignore
        plan: Plan | None = None
        if opened:
            unit.identities.meet(message.author, at=now)
            case = self._open(unit, stored, decision, newest, now)
            case, decision, plan = served(
                self.desk, self.articles, case, message, decision, by.hit, at=now
            )
        stored = replace(stored, facts=facts, decision=decision)
        if case is not None:
            stored = replace(stored, case=case.number)
            plan = plan or self._answer(unit, case, message, decision, now)
            case = self._join(unit, case, stored, plan, decision, now)
            if known.numbers.get(key) != case.number:
                unit.cases.link(key, case.number)
        unit.messages.add([stored])
        known.learn(stored, key, case, opened=opened)

    def _case_of(
        self,
        message: Message,
        case: Case | None,
        answered: Case | None,
        newest: Case | None,
        now: datetime,
    ) -> Case | None:
        """The case that a message joins: its conversation's, that of what it answers, or the
        author's open one.

        Who answers a post of ours by direct message goes on with its matter: a case of its own
        would be answered automatically once more, and hide that the first answer did not help. What
        is private of it is shown as in any case: masked for the channel, and never to marketing.
        """
        there = [each for each in (case, answered) if each and self._still_takes(each, now)]
        if there:
            return next((each for each in there if each.status is not Status.CLOSED), there[0])
        if newest is None or newest.status is Status.CLOSED or message.in_reply_to is not None:
            return None
        same_account = newest.account == message.ref.at()
        return newest if same_account and now - newest.changed_at < self.desk.join_within else None

    def _still_takes(self, case: Case, now: datetime) -> bool:
        return case.closed_at is None or now - case.closed_at <= self.desk.reopen_within

    def _open(
        self,
        unit: Unit,
        stored: Stored,
        decision: Decision,
        newest: Case | None,
        now: datetime,
    ) -> Case:
        message = stored.message
        tier = self._tier(decision)
        return Case(
            number=unit.cases.number(),
            account=message.ref.at(),
            author=message.author,
            conversation=message.conversation,
            dm=message.conversation if message.visibility is Visibility.PRIVATE else None,
            tier=tier,
            channel=self.desk.channel_of(tier),
            opened_at=now,
            changed_at=now,
            priority=decision.priority,
            language=stored.findings.language,
            previous=newest.number if newest else None,
        )

    def _tier(self, decision: Decision) -> int:
        return self.desk.person_tier().number if decision.tier is None else decision.tier

    def _join(
        self,
        unit: Unit,
        case: Case,
        stored: Stored,
        plan: Plan,
        decision: Decision,
        now: datetime,
    ) -> Case:
        message = stored.message
        customer = Actor(kind=ActorKind.CUSTOMER, id=message.author.handle)
        received = Received(
            message=message.ref,
            visibility=message.visibility,
            reopens=not decision.ignore and self._reopens(case, stored),
        )
        if decision.ignore:
            return record(unit, self.desk, case, [received], actor=customer, at=now)
        rule = Actor(kind=ActorKind.RULE, id=decision.rule)
        decided = self._decided(case, message, decision, plan, turn=received.reopens)
        steps = [(customer, received), *((rule, change) for change in decided)]
        if plan.dm:
            go_on_in(unit, case, plan.dm)
        case = record_steps(unit, self.desk, case, steps, at=now)
        if plan.menu:
            remember_offer(unit, case, plan.menu, at=now)
        again = look_again(self.desk, self.opinion, case, stored)
        unit.outbox.add(
            [*self._alerts(case, decision), *hiding(case, message, decision), *plan.items, *again]
        )
        return case

    def _decided(
        self, case: Case, message: Message, decision: Decision, plan: Plan, *, turn: bool
    ) -> list[Change]:
        """What a decision changes, in the order in which it is told. `turn`: it is ours now."""
        private = message.visibility is Visibility.PRIVATE
        dm = plan.dm or (message.conversation if private else None)
        tier = case.tier if plan.article else self._tier(decision)
        silent = decision.response.kind in TO_CUSTOMERS and not plan.items
        tier = next_tier(self.desk, case, tier, turn=turn, silent=silent)
        return [
            *routed(self.desk, case, message.ref, decision, tier),
            *([DmLinked(dm=dm)] if dm and dm != case.dm else []),
            *([Watched(rule=decision.rule)] if self._watch(case, message, decision) else []),
            *plan.changes,
        ]

    def _reopens(self, case: Case, stored: Stored) -> bool:
        """Thanks and the like do not take a case out of the customer's or nobody's turn; with
        something attached, which nobody has looked at, they may be no thanks.
        """
        topics = {topic.name for topic in stored.findings.topics}
        only_closing = bool(topics) and topics <= self.desk.closing_topics
        waiting_for_us = case.status in (Status.NEW, Status.OPEN)
        more = stored.findings.spans or stored.message.attachments
        return waiting_for_us or not only_closing or bool(more)

    def _answer(
        self, unit: Unit, case: Case, message: Message, decision: Decision, now: datetime
    ) -> Plan:
        kind = decision.response.kind
        planner = self.planners.get(kind)
        if planner is None or decision.ignore:
            return Plan()
        if not may_answer(unit, self.desk, case, message, kind, at=now):
            return Plan()
        return planner.plan(case, message, decision, at=now)

    def _watch(self, case: Case, message: Message, decision: Decision) -> bool:
        public = message.visibility is Visibility.PUBLIC
        return decision.watch and public and not case.watched and self.desk.watch is not None

    def _alerts(self, case: Case, decision: Decision) -> list[NewItem]:
        return [
            NewItem(
                effect=Alert(
                    channel=channel,
                    case=case.number,
                    text=f"Rule “{decision.rule}” asks you to look at case {case.number}.",
                ),
                lane=slack_lane(channel),
                key=f"alert:{case.number}:{case.version}:{channel}",
            )
            for channel in decision.alerts
        ]

    # --- a change of a known message -----------------------------------------------------

    def _alter(
        self,
        unit: Unit,
        known: Known,
        stored: Stored,
        event: Edited | Deleted,
        findings: Findings,
        now: datetime,
    ) -> Outcome:
        change: Change
        if isinstance(event, Deleted):
            after = replace(stored, deleted_at=event.at)
            change = MessageDeleted(message=event.ref)
        else:
            new, old = event.message, stored.message
            if (new.text, new.rating) == (old.text, old.rating):
                return Outcome.KNOWN
            message = replace(old, text=new.text, rating=new.rating)
            after = replace(stored, message=message, findings=findings, edited_at=event.at)
            change = MessageEdited(
                message=event.ref,
                before=old.text,
                before_spans=stored.findings.spans,
                reopens=old.kind is Kind.REVIEW,
            )
        unit.messages.replace(after)
        known.messages[event.ref] = after
        self._tell(unit, known, after, change, now)
        return Outcome.CHANGED

    def _tell(
        self, unit: Unit, known: Known, stored: Stored, change: Change, now: datetime
    ) -> None:
        """Show the change on the card. What an edit added may raise the case, never answer it."""
        if stored.case is None:
            return
        case = known.states.get(stored.case) or unit.cases.get(stored.case)
        if case is None:
            return
        customer = Actor(kind=ActorKind.CUSTOMER, id=stored.message.author.handle)
        case = record(unit, self.desk, case, [change], actor=customer, at=now)
        if isinstance(change, MessageEdited):
            case = self._route_again(unit, known, case, stored, now)
            unit.outbox.add(look_again(self.desk, self.opinion, case, stored))
        known.states[case.number] = case

    def route_again(self, unit: Unit, case: Case, stored: Stored, *, now: datetime) -> Case:
        """More was found in a known message: it may raise its case, as an edit may."""
        known = look_up(unit, [Posted(message=stored.message)])
        return self._route_again(unit, known, case, stored, now)

    def _route_again(
        self, unit: Unit, known: Known, case: Case, stored: Stored, now: datetime
    ) -> Case:
        """Where what is new raises the case, its decision is the message's from now on."""
        message = stored.message
        contact = known.contacts.get(message.author.ref)
        chosen = stored.facts.menu_choice if stored.facts else None
        facts = freeze(
            stored, case=case, contact=contact, desk=self.desk, now=now, menu_choice=chosen
        )
        decision = self.router.route(facts)
        unit.outbox.add(hiding(case, message, decision))
        tier = self._tier(decision)
        if tier <= case.tier:
            return case
        decided = replace(stored, facts=facts, decision=decision)
        unit.messages.replace(decided)
        known.messages[message.ref] = decided
        rule = Actor(kind=ActorKind.RULE, id=decision.rule)
        again = [Reopened()] if case.status is Status.CLOSED else []
        changes = [*routed(self.desk, case, message.ref, decision, tier), *again]
        return record(unit, self.desk, case, changes, actor=rule, at=now)
