"""What becomes of an effect after it was tried: recorded on the case, retried, held or given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from inbox import ticket_deliveries, waiting
from inbox.automatic import left_unanswered
from inbox.case import ActorKind, Case
from inbox.changes import Answered, Change, Held, Hidden, Liked, NotSent
from inbox.desk import Desk
from inbox.elsewhere import failed_early
from inbox.errors import (
    AuthFailed,
    Faulty,
    IntegrationError,
    Refusal,
    Retryable,
    Uncertain,
    Unsupported,
)
from inbox.facts import Findings
from inbox.meanwhile import said_more
from inbox.message import Author, Draft, Kind, Message, Sent, Visibility
from inbox.outbox import (
    AddToTicket,
    Alert,
    HideMessage,
    Item,
    LikeMessage,
    LookAgain,
    NewItem,
    OpenTicket,
    SendAnswer,
    ShowCard,
    ShowEntry,
    State,
    UpdateTicket,
    Whisper,
    slack_lane,
)
from inbox.ports import Card, Delivered, Stored, Unit
from inbox.record import record, show_card

MOST_ATTEMPTS = 10
"""Attempts with an unknown end, each after a look, until a person is asked."""

TOO_LATE = timedelta(hours=6)
"""An answer that could not be sent for so long is the agent's to write anew."""

_VIEWS = ShowCard | ShowEntry | Alert | Whisper
"""Slack can be asked for these as long as it takes: nobody else would show what they show."""

_REPEATABLE = HideMessage | LikeMessage | UpdateTicket | LookAgain
"""What does no harm when it is done twice: nobody has to decide."""

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)


class Verdict(Struct, frozen=True, kw_only=True):
    """How an attempt ends. With QUEUED the lane waits `after`."""

    state: State
    reason: str | None = None
    after: timedelta | None = None
    maybe_done: bool = False


def judge(item: Item, error: IntegrationError, *, at: datetime) -> Verdict:
    """Decide by the error's meaning what to do with an item. Pure."""
    reason = str(error)
    match error:
        case Retryable() | AuthFailed():
            if isinstance(item.effect, SendAnswer) and at - item.created_at > TOO_LATE:
                state = State.HELD if item.maybe_done else State.FAILED
                return Verdict(state=state, reason=reason, maybe_done=item.maybe_done)
            asked = LONGEST_WAIT if isinstance(error, AuthFailed) else error.after
            wait = asked or _back_off(item.attempts)
            return Verdict(
                state=State.QUEUED, reason=reason, after=wait, maybe_done=item.maybe_done
            )
        case Uncertain():
            if _tried_enough(item, error):
                nobody_decides = isinstance(item.effect, _REPEATABLE | _VIEWS)
                state = State.FAILED if nobody_decides else State.HELD
                return Verdict(state=state, reason=reason, maybe_done=True)
            wait = max(_back_off(item.attempts), error.after or timedelta(0))
            return Verdict(state=State.QUEUED, reason=reason, after=wait, maybe_done=True)
        case _:
            return Verdict(state=State.FAILED, reason=reason)


def _tried_enough(item: Item, error: Uncertain) -> bool:
    if not item.maybe_done or item.attempts < MOST_ATTEMPTS:
        return False
    return isinstance(error, Faulty) or not isinstance(item.effect, _VIEWS)


def _back_off(attempts: int) -> timedelta:
    factor: int = 2 ** min(20, max(0, attempts - 1))
    return min(FIRST_WAIT * factor, LONGEST_WAIT)


class Unknowable(IntegrationError):
    """It may have been sent and nobody can look: only a person can decide."""


def delivered(unit: Unit, desk: Desk, item: Item, result: Delivered, *, at: datetime) -> None:
    """An effect is done: settle it and record what it means for its case.

    Where the lease was lost meanwhile, the attempt that has it now will look, and find it.
    """
    if not unit.outbox.settle(item.id, State.DELIVERED, attempt=item.attempts):
        return
    waiting.tell(unit, item, None)
    match item.effect:
        case SendAnswer() as effect if result.ref is not None:
            sent = Sent(ref=result.ref, url=result.url)
            _keep_ours(unit, effect, sent, at)
            change = Answered(
                key=item.key,
                message=sent.ref,
                url=sent.url,
                text=effect.draft.text,
                spans=effect.spans,
                visibility=effect.draft.visibility,
                afterwards=effect.afterwards,
                automatic=effect.automatic,
                answers=effect.answers,
                older=said_more(unit, effect, item.key),
            )
            _on_case(unit, desk, effect, change, at)
            failed_early(unit, desk, sent.ref, now=at)
        case HideMessage() | LikeMessage() as effect:
            _on_case(unit, desk, effect, _asked(effect), at)
        case OpenTicket() | AddToTicket() | UpdateTicket() as effect:
            ticket_deliveries.done(unit, desk, effect, result, at=at)
        case ShowCard(case=number, channel=channel) if result.ref is not None:
            _card_stands(unit, desk, Card(case=number, channel=channel, ts=result.ref.id))
        case _:
            pass


def _card_stands(unit: Unit, desk: Desk, card: Card) -> None:
    """What is left of a case in other channels leads to its card, so a new one draws it anew."""
    before = {known.channel: known.ts for known in unit.cards.of_case(card.case)}
    unit.cards.save(card)
    others = before.keys() - {card.channel, desk.watch}
    if not others or before.get(card.channel) == card.ts:
        return
    case = unit.cases.get(card.case)
    if case and case.channel == card.channel:
        unit.outbox.add([show_card(case, channel) for channel in sorted(others)])


def not_delivered(
    unit: Unit, desk: Desk, item: Item, error: IntegrationError, *, at: datetime
) -> Verdict:
    """An attempt ended badly: settle it as judged, and tell the person who can act."""
    verdict = judge(item, error, at=at)
    if isinstance(error, Unknowable):
        verdict = Verdict(state=State.HELD, reason=str(error), maybe_done=True)
    settled = unit.outbox.settle(
        item.id,
        verdict.state,
        reason=verdict.reason,
        after=verdict.after,
        maybe_done=verdict.maybe_done,
        attempt=item.attempts,
    )
    if not settled:
        return verdict
    waiting.tell(unit, item, verdict.reason if verdict.state is State.QUEUED else None)
    if verdict.state is State.HELD:
        _hold(unit, desk, item, verdict.reason or "", at)
    elif verdict.state is State.FAILED:
        _give_up(unit, desk, item, error, at)
    elif isinstance(item.effect, OpenTicket | AddToTicket | UpdateTicket):
        ticket_deliveries.waits(unit, desk, item.effect, verdict.reason or "")
    return verdict


def _hold(unit: Unit, desk: Desk, item: Item, reason: str, at: datetime) -> None:
    if isinstance(item.effect, OpenTicket | AddToTicket | UpdateTicket):
        ticket_deliveries.held(unit, desk, item, item.effect, reason, at=at)
    if not isinstance(item.effect, SendAnswer):
        return
    change = Held(key=item.key, item=item.id, reason=reason)
    case = _on_case(unit, desk, item.effect, change, at)
    channel = case.channel if case else desk.operations
    if channel is None:
        return
    text = (
        f"Nobody knows whether an answer of case {item.effect.case} went out: {reason}"
        " Look at the conversation on the network, then decide."
    )
    alert = Alert(channel=channel, text=text, case=item.effect.case, held=item.id)
    unit.outbox.add(
        [NewItem(effect=alert, lane=slack_lane(channel), key=f"held:{item.id}:{item.attempts}")]
    )


def _give_up(unit: Unit, desk: Desk, item: Item, error: IntegrationError, at: datetime) -> None:
    reason = str(error)
    match item.effect:
        case SendAnswer() as effect:
            change = NotSent(
                key=item.key,
                reason=reason,
                text=effect.draft.text,
                spans=effect.spans,
                visibility=effect.draft.visibility,
            )
            case = _not_sent(unit, desk, effect, change, at)
            if case and effect.by.kind is ActorKind.AGENT:
                _give_back(unit, case, effect, reason)
        case HideMessage() | LikeMessage() as effect:
            why = "the network has no such thing" if isinstance(error, Unsupported) else reason
            _on_case(unit, desk, effect, _asked(effect, why), at)
        case OpenTicket() | AddToTicket() | UpdateTicket() as effect:
            ticket_deliveries.failed(unit, desk, effect, reason, at=at)
        case LookAgain(case=number):
            _first_look_stands(unit, desk, number, reason)
        case _:
            _tell_operator(unit, desk, item, reason, at)


def _asked(effect: HideMessage | LikeMessage, why_not: str | None = None) -> Change:
    """What an agent or a rule asked of the network, and why it was not done."""
    if isinstance(effect, LikeMessage):
        return Liked(message=effect.message, liked=effect.liked, reason=why_not)
    return Hidden(message=effect.message, hidden=effect.hidden, reason=why_not)


def _give_back(unit: Unit, case: Case, effect: SendAnswer, reason: str) -> None:
    """Nothing typed is ever lost: the agent gets the text back, alone."""
    whisper = Whisper(
        user=effect.by.id,
        channel=case.channel,
        case=case.number,
        text=f"Your answer to case {case.number} was not sent: {reason} Here is your text:",
        quote=effect.draft.text,
    )
    unit.outbox.add([NewItem(effect=whisper, lane=slack_lane(case.channel))])


def _tell_operator(unit: Unit, desk: Desk, item: Item, reason: str, at: datetime) -> None:
    """Once a day for each case and reason: what is refused next month is another thing."""
    if desk.operations is None or item.lane == slack_lane(desk.operations):
        return
    number = getattr(item.effect, "case", None)
    what = "something" if number is None else f"something of case {number}"
    text = f"Slack refused to show {what} ({item.lane}): {reason}"
    alert = Alert(channel=desk.operations, text=text)
    key = f"refused:{item.lane}:{number}:{at.astimezone(desk.hours.zone).date()}:{reason}"
    unit.outbox.add([NewItem(effect=alert, lane=slack_lane(desk.operations), key=key)])


def _first_look_stands(unit: Unit, desk: Desk, number: int, reason: str) -> None:
    """Told once for each reason: with a broken encoder every look would fail."""
    if desk.operations is None:
        return
    text = f"A second look failed, first at case {number}, which stays as it was decided: {reason}"
    alert = Alert(channel=desk.operations, text=text)
    unit.outbox.add(
        [
            NewItem(
                effect=alert, lane=slack_lane(desk.operations), key=f"second-look-failed:{reason}"
            )
        ]
    )


def _on_case(
    unit: Unit,
    desk: Desk,
    effect: SendAnswer | HideMessage | LikeMessage,
    change: Change,
    at: datetime,
) -> Case | None:
    case = unit.cases.get(effect.case)
    if case is None:
        return None
    return record(unit, desk, case, [change], actor=effect.by, at=at)


def _not_sent(
    unit: Unit, desk: Desk, effect: SendAnswer, change: NotSent, at: datetime
) -> Case | None:
    case = _on_case(unit, desk, effect, change, at)
    return left_unanswered(unit, desk, case, at=at) if case and effect.automatic else case


def _keep_ours(unit: Unit, effect: SendAnswer, sent: Sent, at: datetime) -> None:
    """Our answer becomes a known message: its echo starts nothing."""
    if sent.ref in unit.messages.find({sent.ref}):
        return
    message = ours(effect.draft, sent, at)
    findings = Findings(spans=effect.spans)
    unit.messages.add([Stored(message=message, findings=findings, case=effect.case, mine=True)])


def ours(draft: Draft, sent: Sent, at: datetime) -> Message:
    """A sent draft as a message of the common model; a private one answers what it grew out of."""
    me = Author(ref=sent.ref.sibling("me"), handle=draft.account.name, name=draft.account.name)
    return Message(
        ref=sent.ref,
        conversation=draft.conversation,
        author=me,
        text=draft.text,
        visibility=draft.visibility,
        kind=Kind.DM if draft.visibility is Visibility.PRIVATE else Kind.REPLY,
        created_at=at,
        in_reply_to=draft.in_reply_to or draft.about,
        url=sent.url,
        language=draft.language,
    )


# --- held items: a person decides --------------------------------------------------------


def it_is_there(unit: Unit, desk: Desk, item_id: int, *, at: datetime) -> Item:
    """A person saw it on the network, or in the helpdesk: record it as done."""
    item = _held(unit, item_id)
    if isinstance(item.effect, OpenTicket | AddToTicket | UpdateTicket):
        known = ticket_deliveries.known_by_key(item, item.effect)
        delivered(unit, desk, item, known, at=at)
        return item
    if not isinstance(item.effect, SendAnswer):
        raise Refusal(f"Item {item_id} is no answer; use drop.")
    ref = item.effect.to_ref(item.key)
    delivered(unit, desk, item, Delivered(ref=ref), at=at)
    return item


def send_again(unit: Unit, item_id: int) -> Item:
    """A person saw that it is not there: send it once more."""
    item = _held(unit, item_id)
    unit.outbox.settle(item_id, State.QUEUED, after=timedelta(0), maybe_done=False)
    return item


def drop(unit: Unit, desk: Desk, item_id: int, *, at: datetime) -> Item:
    """A person decides that it shall not go out."""
    item = _held(unit, item_id)
    unit.outbox.settle(item_id, State.DROPPED, reason="dropped by a person")
    if isinstance(item.effect, SendAnswer):
        effect = item.effect
        change = NotSent(
            key=item.key,
            reason="dropped by a person",
            text=effect.draft.text,
            spans=effect.spans,
            visibility=effect.draft.visibility,
        )
        _not_sent(unit, desk, effect, change, at)
    if isinstance(item.effect, OpenTicket | AddToTicket | UpdateTicket):
        why = "dropped by a person"
        ticket_deliveries.failed(unit, desk, item.effect, why, at=at)
    return replace(item, state=State.DROPPED)


def _held(unit: Unit, item_id: int) -> Item:
    item = unit.outbox.get(item_id)
    if item is None:
        raise Refusal(f"There is no item {item_id} in the outbox. See `tierdesk outbox list`.")
    if item.state is not State.HELD:
        raise Refusal(f"Item {item_id} is {item.state.value}, not held. Nothing to decide.")
    return item
