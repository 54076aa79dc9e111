"""The lines of a case's history that tell of its ticket. Pure.

What people of a helpdesk wrote may hold anything: it is shown in private channels only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod

from inbox.changes import (
    CaseEvent,
    HelpdeskAnswered,
    HelpdeskChanged,
    HelpdeskNoted,
    NotedForHelpdesk,
    TicketDeleted,
    TicketFailed,
    TicketMoved,
    TicketOpened,
    TicketWanted,
)
from workspace import ids, words
from workspace.blocks import Element, button, linked, said
from workspace.lines import Line
from workspace.mrkdwn import short, web_url
from workspace.showing import Lens


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLines:
    """For one channel; `private`: only its members can see it."""

    lens: Lens
    private: bool

    @singledispatchmethod
    def told(self, change: object, event: CaseEvent, who: str) -> Line | None:
        """`who` did it, in words."""
        return None

    @told.register
    def _(self, change: TicketWanted, event: CaseEvent, who: str) -> Line | None:
        return _line(f"🎫 {who} asked for a ticket in {change.desk}")

    @told.register
    def _(self, change: TicketOpened, event: CaseEvent, who: str) -> Line | None:
        text = f"🎫 Ticket {_number(change.ticket)} is open in {change.desk}"
        return self._linked(text, change.url)

    @told.register
    def _(self, change: NotedForHelpdesk, event: CaseEvent, who: str) -> Line | None:
        return Line(
            elements=[said(f"📝 {who} to the helpdesk:")], quote=self.lens.text(change.text)
        )

    @told.register
    def _(self, change: HelpdeskAnswered, event: CaseEvent, who: str) -> Line | None:
        text = f"🎫 {self._author(change.author)} answered in {change.desk}"
        if change.relayed:
            return _line(f"{text}; it goes to the customer in private")
        why = f" Not sent on: {self.lens.line(change.why_not)}" if change.why_not else ""
        if not self.private:
            return _line(f"{text}.{why} {words.READ_IN_HELPDESK}")
        value = f"{event.seq}:{event.case}"
        return Line(
            elements=[said(f"{text}, for the customer.{why}")],
            quote=self.lens.marked(change.text, change.spans),
            buttons=[button(words.SEND_ON, ids.SEND_ON, value)],
        )

    @told.register
    def _(self, change: HelpdeskNoted, event: CaseEvent, who: str) -> Line | None:
        text = f"🔒 {self._author(change.author)} noted in {change.desk}, internal"
        if not self.private:
            return _line(f"{text}. {words.READ_IN_HELPDESK}")
        return Line(elements=[said(f"{text}:")], quote=self.lens.marked(change.text, change.spans))

    @told.register
    def _(self, change: HelpdeskChanged, event: CaseEvent, who: str) -> Line | None:
        state = words.TICKET[change.status]
        text = f"🎫 Ticket {_number(change.ticket)} in {change.desk} is {state}"
        if change.priority is not None:
            text += f", priority {change.priority.value}"
        if change.assignee and self.private:
            text += f", {self.lens.line(short(change.assignee, 80))} has it"
        if not change.asks:
            return _line(text)
        number = str(event.case)
        close = button(words.CLOSE_TOO, ids.CLOSE_SOLVED, number, style="primary")
        keep = button(words.KEEP_OPEN, ids.KEEP_OPEN, number)
        return Line(elements=[said(f"{text}. {words.CASE_TOO}")], buttons=[close, keep])

    @told.register
    def _(self, change: TicketMoved, event: CaseEvent, who: str) -> Line | None:
        old, new = _number(change.ticket), _number(change.into)
        if change.follow_up:
            text = f"🎫 Ticket {old} was closed for good: it goes on in {new}"
        else:
            text = f"🎫 Ticket {old} was merged into {new} in {change.desk}"
        if change.shared is not None:
            text += f", which is the ticket of case {change.shared}, too"
        return self._linked(text, change.url)

    @told.register
    def _(self, change: TicketDeleted, event: CaseEvent, who: str) -> Line | None:
        number = _number(change.ticket)
        return _line(f"⚠️ Ticket {number} was deleted in {change.desk}. {words.ESCALATE_AGAIN}")

    @told.register
    def _(self, change: TicketFailed, event: CaseEvent, who: str) -> Line | None:
        reason = self.lens.line(change.reason)
        if change.held:
            text = f"⚠️ {change.what} for {change.desk} is held, nobody knows whether it is there"
            return _line(f"{text}: {reason}")
        return _line(f"⚠️ {change.what} did not get to {change.desk}: {reason}")

    def _author(self, name: str) -> str:
        return short(self.lens.line(name[:400]), 80) or words.SOMEBODY

    def _linked(self, text: str, url: str | None) -> Line:
        address = web_url(url) if self.private else None
        after: list[Element] = [linked(address, "Open it ↗")] if address else []
        return Line(elements=[said(text)], after=after)


def _line(text: str) -> Line:
    return Line(elements=[said(text)])


def _number(ticket: str) -> str:
    return f"#{short(ticket, 40)}"
