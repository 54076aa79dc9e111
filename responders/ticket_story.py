"""What a helpdesk is told of a case, in plain text and masked by its clearance. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from inbox.called import has_name
from inbox.case import ActorKind, Case
from inbox.changes import (
    Answered,
    AnsweredElsewhere,
    CaseEvent,
    MessageEdited,
    Moved,
    NotedForHelpdesk,
    Received,
    Swarmed,
)
from inbox.masking import Masking
from inbox.message import FEDERATED, Attachment, Ref
from inbox.ports import Requester, Stored, TicketDraft, TicketEntry

MOST_BODY = 30_000
"""Characters of a ticket's first text; what is older is left out."""

MOST_SUBJECT = 150
UNCHECKED = "[not shown here: the check for personal data failed. Open the message on its network]"
NO_TEXT = "(no text)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A case with what belongs to it; `messages` and `history` are oldest first.

    Of a long case an excerpt (see inbox.excerpt): events before `unbroken` are left out.
    """

    case: Case
    messages: tuple[Stored, ...]
    history: tuple[CaseEvent, ...]
    unbroken: int = 1

    def find(self, ref: Ref) -> Stored | None:
        return next((s for s in self.messages if s.message.ref == ref), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Tells cases to one helpdesk.

    `network` names a network in words, `agent` a Slack user, `brand` our side of an account.
    """

    masking: Masking
    network: Callable[[str], str]
    agent: Callable[[str], str]
    brand: Callable[[Case], str]

    def draft(self, told: Told, *, key: str, upto: int, link: str | None) -> TicketDraft:
        """The ticket of a case with what happened up to event `upto`."""
        case, name = told.case, self._name(told.case)
        net = self.network(case.account.network)
        events = [event for event in told.history if event.seq <= upto]
        return TicketDraft(
            key=key,
            subject=f"{name} on {net} (case {case.number})"[:MOST_SUBJECT],
            body=self._body(told, events, link),
            requester=Requester(
                key=f"{case.account}:{case.author.ref.id}", name=name, url=case.author.url
            ),
            priority=case.priority,
            tags=case.tags,
            language=case.language,
            link=link,
            attachments=_attachments(told, events),
        )

    def entry(self, told: Told, event: CaseEvent, *, key: str) -> TicketEntry | None:
        """One event for a ticket that is there; None where there is nothing to tell (any more)."""
        said = self._said(told, event)
        if said is None:
            return None
        author, text = said
        return TicketEntry(
            key=key,
            author=author,
            text=text,
            at=event.at,
            from_customer=event.actor.kind is ActorKind.CUSTOMER,
            attachments=_attachments(told, [event]),
        )

    # --- the first text ------------------------------------------------------------------

    def _body(self, told: Told, events: list[CaseEvent], link: str | None) -> str:
        head = "\n".join(self._head(told, events, link))
        said = [line for event in events if (line := self._line(told, event))]
        kept = [*_newest(said, MOST_BODY - len(head))]
        left, more = len(said) - len(kept), told.unbroken > 1
        if left or more:
            number = f"{left:,} or more" if left and more else f"{left:,}" if left else "some"
            kept.append(f"… {number} earlier left out; they are in Slack.")
        return "\n\n".join((head, "The conversation so far:", *reversed(kept)))

    def _head(self, told: Told, events: list[CaseEvent], link: str | None) -> Iterator[str]:
        case = told.case
        net = self.network(case.account.network)
        handle = f" ({self._handle(case)})" if has_name(case.author) else ""
        yield f"Case {case.number}: {self._name(case)}{handle} on {net}"
        if link:
            yield f"The card in Slack: {link}"
        yield from self._why(told, events)
        yield f"Priority: {case.priority.value}"
        if case.tags:
            yield f"Tags: {', '.join(case.tags)}"
        if case.language:
            yield f"Language: {case.language}"

    def _why(self, told: Told, events: list[CaseEvent]) -> Iterator[str]:
        """The agent's words for the next person, and the rule that routed it."""
        for event in reversed(events):
            if isinstance(event.change, Moved) and event.actor.kind is ActorKind.AGENT:
                why = self._line_of(event.change.reason)
                yield f"Handed on by {self.agent(event.actor.id)}: {why}"
                break
        decided = next((s for s in reversed(told.messages) if s.decision is not None), None)
        if decided is not None and decided.decision is not None:
            yield f"Routed by rule: {self._line_of(decided.decision.rule)}"

    def _line(self, told: Told, event: CaseEvent) -> str | None:
        said = self._said(told, event)
        if said is None:
            return None
        author, text = said
        return f"{author}, {spelt(event.at)}:\n{text}"

    # --- one event -----------------------------------------------------------------------

    def _said(self, told: Told, event: CaseEvent) -> tuple[str, str] | None:
        """Who, and what in words."""
        match event.change:
            case Received() | MessageEdited() as change:
                return self._received(told, change)
            case Answered() as change:
                who = self._answerer(told.case, event, automatic=change.automatic)
                text = self.masking.marked(change.text, change.spans)
                return f"{who} ({change.visibility.value})", _with_link(text, change.url)
            case AnsweredElsewhere() as change:
                text = self.masking.marked(change.text, change.spans)
                who = f"{self._line_of(change.by)}, on the network itself"
                return f"{who} ({change.visibility.value})", _with_link(text, change.url)
            case NotedForHelpdesk() as change:
                return f"{self.agent(event.actor.id)} (note)", self.masking.text(change.text)
            case Swarmed() as change:
                return f"{self.agent(event.actor.id)} (asked colleagues)", self.masking.text(
                    change.question
                )
            case _:
                return None

    def _received(self, told: Told, change: Received | MessageEdited) -> tuple[str, str] | None:
        stored = told.find(change.message)
        if stored is None:
            return None
        edited = isinstance(change, MessageEdited)
        how = "edited, it reads now" if edited else stored.message.visibility.value
        text = self.masking.message(stored) or NO_TEXT
        gone = stored.deleted_at is not None
        text = f"{text}\n(deleted on the network since)" if gone else text
        return f"{self._name(told.case)} ({how})", _with_link(
            text, None if gone else stored.message.url
        )

    def _answerer(self, case: Case, event: CaseEvent, *, automatic: bool) -> str:
        brand = self.brand(case)
        if automatic or event.actor.kind is not ActorKind.AGENT:
            return f"{brand}, automatically" if automatic else brand
        return f"{self.agent(event.actor.id)} as {brand}"

    def _name(self, case: Case) -> str:
        called = (self._line_of(name) for name in (case.author.name, case.author.handle))
        return next((name[:80] for name in called if name), "Somebody")

    def _handle(self, case: Case) -> str:
        """On a federated network a handle only looks like an e-mail address."""
        handle = case.author.handle.lstrip("@")
        name, sign, server = handle.partition("@")
        if sign and case.account.network in FEDERATED:
            return f"@{self._line_of(name)}@{server[:100]}"
        return f"@{self._line_of(handle)}"

    def _line_of(self, text: str) -> str:
        return " ".join(self.masking.text(text[:400]).split())


def _newest(said: Sequence[str], room: int) -> Iterator[str]:
    """As many as there is room for, the newest first; one in any case."""
    for number, line in enumerate(reversed(said)):
        room -= len(line) + 2
        if room < 0 and number:
            return
        yield line[:MOST_BODY]


def spelt(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _with_link(text: str, url: str | None) -> str:
    return f"{text}\n{url}" if url else text


def _attachments(told: Told, events: list[CaseEvent]) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for event in events:
        if not isinstance(event.change, Received):
            continue
        stored = told.find(event.change.message)
        if stored is not None and stored.deleted_at is None:
            found += stored.message.attachments
    return tuple(found)
