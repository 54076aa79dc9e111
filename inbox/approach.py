"""What an answer in a case can stand on, and how the network is asked for its preconditions.

An answer in public stands under the newest public message. One in private goes on where the
customer wrote in private; where they never did, or the network takes nothing there any more, it
grows out of the newest public message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from inbox.case import Case
from inbox.errors import Refusal
from inbox.message import Author, Draft, Message, Ref, Visibility
from inbox.ports import Approach, Connection, Stored, Unit, Window

OPEN = Window()


MOST_LOOKED_AT = 20
"""The newest of a case and a visibility: whoever writes thousands is answered to one of these."""


def answerable(unit: Unit, case: Case, target: Ref | None = None) -> Sequence[Stored]:
    """What of a case an answer can stand on, oldest first, and what invited its customer already.

    `target`: the message that a draft answers.
    """
    named = unit.messages.find({ref for ref in (target, case.last_public) if ref is not None})
    theirs = dict(named)
    for visibility in Visibility:
        newest = _newest_of(unit, case, visibility, mine=False)
        theirs |= {stored.message.ref: stored for stored in newest}
    public = [ref for ref, s in theirs.items() if s.message.visibility is Visibility.PUBLIC]
    invited = _newest_of(unit, case, Visibility.PRIVATE, mine=True, to=public) if public else ()
    return sorted((*theirs.values(), *invited), key=partial(_when, case))


def _when(case: Case, stored: Stored) -> tuple[object, ...]:
    """Many networks tell seconds only: of those of one second the newest is the one that we know
    to be it."""
    message = stored.message
    return (message.created_at, message.ref in (case.last_public, case.last), str(message.ref))


def _newest_of(
    unit: Unit, case: Case, visibility: Visibility, *, mine: bool, to: Collection[Ref] = ()
) -> Sequence[Stored]:
    return unit.messages.of_case(
        case.number, newest=MOST_LOOKED_AT, visibility=visibility, mine=mine, to=to
    )


def targets_of(
    case: Case, messages: Sequence[Stored], visibility: Visibility
) -> Sequence[Stored | None]:
    """The customer's messages that an answer could be to, the best one first; None: there is none.

    `messages` are the case's, oldest first. In public the newest one even if it is deleted, so
    that this can be told.
    """
    theirs = [stored for stored in messages if not stored.mine]
    if visibility is Visibility.PUBLIC:
        return [next((s for s in theirs if s.message.ref == case.last_public), None)]
    there = [stored for stored in theirs if stored.deleted_at is None]
    newest = (_newest(there, seen) for seen in (Visibility.PRIVATE, Visibility.PUBLIC))
    return [stored for stored in newest if stored] or [None]


def approach(
    messages: Sequence[Stored],
    target: Message | None,
    visibility: Visibility,
    to: Author,
    *,
    automatic: bool,
) -> Approach:
    """All that a network may want to know before an answer; `messages` are the case's."""
    wrote = [
        stored.message.created_at
        for stored in messages
        if not stored.mine and stored.message.visibility is Visibility.PRIVATE
    ]
    return Approach(
        visibility=visibility,
        to=to,
        target=target,
        wrote_at=max(wrote, default=None),
        invited=target is not None and _invited(messages, target),
        automatic=automatic,
    )


def window(connection: Connection, asked: Callable[[], Approach], *, at: datetime) -> Window:
    """What the network makes possible; `asked` is made only where it has preconditions."""
    return OPEN if connection.windows is None else connection.windows.look(asked(), at=at)


def draft(
    connection: Connection,
    case: Case,
    target: Message | None,
    text: str,
    visibility: Visibility,
    *,
    automatic: bool,
) -> Draft:
    """A draft to the author of a case. Raises Refusal where the account has no such way."""
    grown = target is not None and target.visibility is not visibility
    in_reply_to = None if target is None or grown else target
    if in_reply_to is not None:
        conversation = in_reply_to.conversation
    elif visibility is Visibility.PRIVATE and connection.private is not None:
        conversation = connection.private.conversation_with(case.author)
    else:
        raise Refusal("There is nothing to answer there. Choose the other way, or escalate.")
    return Draft(
        account=case.account,
        conversation=conversation,
        in_reply_to=in_reply_to.ref if in_reply_to else None,
        to=target.author if target else case.author,
        text=text,
        visibility=visibility,
        language=case.language,
        about=target.ref if target and grown else None,
        native=dict(target.native) if target else {},
        automatic=automatic,
    )


def _newest(messages: Sequence[Stored], visibility: Visibility) -> Stored | None:
    return next((s for s in reversed(messages) if s.message.visibility is visibility), None)


def _invited(messages: Sequence[Stored], target: Message) -> bool:
    """Whether a private answer of ours grew out of this public message already."""
    return target.visibility is Visibility.PUBLIC and any(
        stored.mine
        and stored.message.visibility is Visibility.PRIVATE
        and stored.message.in_reply_to == target.ref
        for stored in messages
    )
