"""The thread under a card: the case's history, one line for each event. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod
from itertools import accumulate

from inbox.case import ActorKind
from inbox.changes import (
    Answered,
    AnsweredElsewhere,
    Assigned,
    Bounced,
    CaseEvent,
    Closed,
    Held,
    Hidden,
    Liked,
    MessageDeleted,
    MessageEdited,
    Moved,
    NotSent,
    Received,
    Reopened,
    Snoozed,
    Swarmed,
    Woken,
)
from inbox.clearance import Span
from inbox.message import Visibility
from inbox.ports import Stored
from workspace import words
from workspace.attached import attached
from workspace.blocks import (
    Block,
    Element,
    Shown,
    actions,
    dated,
    linked,
    person,
    rich,
    rich_line,
    rich_quote,
    said,
)
from workspace.lines import Line
from workspace.mrkdwn import clip, escape, short, size, web_url
from workspace.reading import CaseView, is_public
from workspace.showing import Lens
from workspace.ticket_entries import TicketLines

MOST_TEXT = 10_000
"""Characters of one message in a thread; all blocks of a message may hold about 13,000."""

MOST_LINES = 20
MOST_IN_HISTORY = 300
MOST_OPENING = 10_000
"""Characters of a thread's first message, names and addresses counted."""

Names = Callable[[str], str]
"""From a Slack user id to the name that the user shows; naming somebody does not call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Writes the lines of one case's history for one channel.

    `private`: only its members can see it.
    """

    view: CaseView
    lens: Lens
    names: Names
    watching: bool = False
    private: bool = False

    def entry(self, event: CaseEvent) -> Shown | None:
        """None for an event that has no line (here)."""
        line = self._line(event)
        if line is None:
            return None
        left = self._left(event)
        if left is None:
            return _shown([line], MOST_TEXT)
        missed = self._lines(left.seq, event.seq)
        return _together([*missed, line], and_more=left.seq < self.view.unbroken)

    def opening(self, *, before: int | None) -> Shown | None:
        """The history before event `before`, in one message; None where there is nothing."""
        lines = self._lines(0, before)
        return _together(lines, and_more=self.view.unbroken > 1) if lines else None

    def whole_text(self) -> Shown | None:
        """The first message in full, for a card that had to cut it."""
        received = (e for e in self.view.history if isinstance(e.change, Received))
        return next((self.entry(event) for event in received), None)

    def _left(self, event: CaseEvent) -> CaseEvent | None:
        """When the case left this channel, where an event brings it back."""
        move = event.change
        if not isinstance(move, Moved) or move.channel == move.before_channel or self.watching:
            return None
        return self.view.left(move.channel, before=event.seq)

    def _lines(self, first: int, before: int | None) -> list[Line]:
        """Of the events from the first on, and before another."""
        events = (e for e in self.view.history if before is None or first <= e.seq < before)
        return [line for line in map(self._line, events) if line is not None]

    def _line(self, event: CaseEvent) -> Line | None:
        if self.watching and not self._may_be_watched(event):
            return None
        return self._told(event.change, event)

    def _may_be_watched(self, event: CaseEvent) -> bool:
        match event.change:
            case (
                Received(visibility=visibility)
                | Answered(visibility=visibility)
                | AnsweredElsewhere(visibility=visibility)
            ):
                return visibility is Visibility.PUBLIC
            case MessageEdited(message=ref) | MessageDeleted(message=ref):
                stored = self.view.find(ref)
                return stored is not None and is_public(stored)
            case change:
                return isinstance(change, Moved)

    # --- one event -----------------------------------------------------------------------

    @singledispatchmethod
    def _told(self, change: object, event: CaseEvent) -> Line | None:
        lines = TicketLines(lens=self.lens, private=self.private)
        return lines.told(change, event, self._who(event))

    @_told.register
    def _(self, change: Received, event: CaseEvent) -> Line | None:
        stored = self.view.find(change.message)
        text = self.lens.message(stored) if stored else ""
        seen = words.VISIBILITY[change.visibility]
        return Line(
            elements=[said(f"{self._customer()}, ", bold=True), *self._when(event, f" ({seen}):")],
            quote=text or words.NO_TEXT,
            after=self._below(stored),
        )

    @_told.register
    def _(self, change: Answered, event: CaseEvent) -> Line | None:
        by = "sent automatically" if change.automatic else f"sent by {self._who(event)}"
        how = f" ({words.VISIBILITY[change.visibility]}, as {short(self.view.handle, 80)}):"
        url = web_url(change.url)
        return Line(
            elements=[said(f"→ {by}, "), *self._when(event, how)],
            quote=self._ours(event, change.text, change.spans),
            after=[linked(url, "Open it ↗")] if url else [],
        )

    @_told.register
    def _(self, change: AnsweredElsewhere, event: CaseEvent) -> Line | None:
        net = words.network(self.view.case.account.network)
        by = f"→ answered on {net} itself by {self.lens.line(change.by)}, not through Tierdesk, "
        url = web_url(change.url)
        return Line(
            elements=[
                said(by),
                *self._when(event, f" ({words.VISIBILITY[change.visibility]}):"),
            ],
            quote=self.lens.marked(change.text, change.spans),
            after=[linked(url, "Open it ↗")] if url else [],
        )

    @_told.register
    def _(self, change: Bounced, event: CaseEvent) -> Line | None:
        sent = self.view.answered(change.message) or event
        return Line(
            elements=[said(f"⚠️ Sent, but it did not arrive: {self.lens.line(change.reason)}")],
            quote=self._ours(sent, change.text, change.spans),
        )

    @_told.register
    def _(self, change: NotSent, event: CaseEvent) -> Line | None:
        return Line(
            elements=[said(f"⚠️ Not sent: {self.lens.line(change.reason)}")],
            quote=self._ours(event, change.text, change.spans),
        )

    @_told.register
    def _(self, change: Held, event: CaseEvent) -> Line | None:
        reason = self.lens.line(change.reason)
        return Line(elements=[said(f"⚠️ Held, nobody knows whether it went out: {reason}")])

    @_told.register
    def _(self, change: Moved, event: CaseEvent) -> Line | None:
        text = f"{self._tier(change.before)} → {self._tier(change.tier)}"
        if event.actor.kind is ActorKind.AGENT:
            why = "" if self.watching else f": {self.lens.line(change.reason)}"
            return Line(elements=[said(f"{text} by {self._who(event)}{why}")])
        return Line(elements=[said(f"{text} by rule “{self.lens.line(change.reason)}”")])

    @_told.register
    def _(self, change: MessageEdited, event: CaseEvent) -> Line | None:
        before = self.lens.marked(change.before, change.before_spans)
        return Line(
            elements=[
                said(f"✏️ {self._customer()} edited what they wrote, "),
                *self._when(event, " It was:"),
            ],
            quote=before,
        )

    @_told.register
    def _(self, change: MessageDeleted, event: CaseEvent) -> Line | None:
        net = words.network(self.view.case.account.network)
        text = f"🗑️ {self._customer()} deleted a message on {net}, "
        return Line(elements=[said(text), *self._when(event)])

    @_told.register
    def _(self, change: Hidden, event: CaseEvent) -> Line | None:
        what = "hidden" if change.hidden else "shown again"
        if change.reason:
            return Line(elements=[said(f"⚠️ Not {what}: {self.lens.line(change.reason)}")])
        sign = "🙈" if change.hidden else "👁️"
        return Line(
            elements=[said(f"{sign} The comment is {what} on its network{self._by(event)}")]
        )

    @_told.register
    def _(self, change: Liked, event: CaseEvent) -> Line | None:
        what = "liked" if change.liked else "liked no more"
        if change.reason:
            return Line(elements=[said(f"⚠️ Not {what}: {self.lens.line(change.reason)}")])
        return Line(elements=[said(f"👍 The message is {what} on its network{self._by(event)}")])

    @_told.register
    def _(self, change: Swarmed, event: CaseEvent) -> Line | None:
        asked: list[Element] = []
        for expert in change.experts:
            asked += [said(", ") if asked else said(" "), person(expert)]
        return Line(
            elements=[said(f"{self._who(event)} asked"), *asked, said(" in:")],
            quote=self.lens.text(change.question),
        )

    @_told.register
    def _(self, change: Assigned, event: CaseEvent) -> Line | None:
        return Line(elements=[said(f"{self._who(event)} gave the case to "), person(change.owner)])

    @_told.register
    def _(self, change: Snoozed, event: CaseEvent) -> Line | None:
        until = dated(change.until, self.view.zone)
        return Line(elements=[said(f"{self._who(event)} put the case on hold until "), until])

    @_told.register
    def _(self, change: Woken, event: CaseEvent) -> Line | None:
        return Line(elements=[said("The time of the hold is over: the case is open again")])

    @_told.register
    def _(self, change: Closed, event: CaseEvent) -> Line | None:
        what = short(change.resolution, 100)
        return Line(elements=[said(f"{self._who(event)} closed the case as {what}")])

    @_told.register
    def _(self, change: Reopened, event: CaseEvent) -> Line | None:
        return Line(elements=[said(f"{self._who(event)} opened the case again")])

    # --- words ---------------------------------------------------------------------------

    def _customer(self) -> str:
        author = self.view.case.author
        return self.lens.name(author)

    def _who(self, event: CaseEvent) -> str:
        match event.actor.kind:
            case ActorKind.AGENT:
                return short(self.names(event.actor.id), 80)
            case ActorKind.RULE:
                return f"rule “{short(self.lens.line(event.actor.id), 150)}”"
            case ActorKind.CUSTOMER:
                return self._customer()
            case ActorKind.SYSTEM:
                return "Tierdesk"
            case ActorKind.HELPDESK:
                return f"{short(self.lens.line(event.actor.id), 80)} of the helpdesk"

    def _below(self, stored: Stored | None) -> list[Element]:
        """What hangs on a message, and the way to it; nothing once it is gone."""
        if stored is None or stored.deleted_at is not None:
            return []
        url = web_url(stored.message.url)
        hanging = [*attached(stored.message, self.lens)]
        gap = [said("  ")] if hanging and url else []
        return [*hanging, *gap, *([linked(url, words.OPEN_POST)] if url else [])]

    def _by(self, event: CaseEvent) -> str:
        return "" if event.actor.kind is ActorKind.SYSTEM else f", asked by {self._who(event)}"

    def _when(self, event: CaseEvent, after: str = "") -> list[Element]:
        return [dated(event.at, self.view.zone), *([said(after)] if after else [])]

    def _tier(self, number: int) -> str:
        tier = self.view.desk.tiers.get(number)
        return f"Tier {number}" + (" (private)" if tier and tier.private else "")

    def _ours(self, event: CaseEvent, text: str, spans: tuple[Span, ...]) -> str:
        """An answer; a helpdesk's only in a private channel."""
        hidden = event.actor.kind is ActorKind.HELPDESK and not self.private
        return "" if hidden else self.lens.marked(text, spans)


def _together(lines: Sequence[Line], *, and_more: bool) -> Shown:
    """Several lines in one message; how many older ones had no room is said.

    `and_more`: there are older ones that were not even read.
    """
    kept = _newest(lines)
    left = len(lines) - len(kept)
    said_so = words.earlier_lines(left, at_least=and_more)
    note = [Line(elements=[said(said_so, italic=True)])] if left > 0 or and_more else []
    return _shown([*note, *kept], MOST_IN_HISTORY)


def _newest(lines: Sequence[Line]) -> Sequence[Line]:
    """As many of the newest as one message can hold; one in any case."""
    sizes = accumulate(map(_size, lines[: -MOST_LINES - 1 : -1]))
    return lines[-max(1, sum(so_far <= MOST_OPENING for so_far in sizes)) :]


def _size(line: Line) -> int:
    named = (f"{_text(part)}{part.get('url', '')}" for part in (*line.elements, *line.after))
    return size(clip(line.quote, MOST_IN_HISTORY)) + sum(map(size, named))


def _shown(lines: Sequence[Line], most: int) -> Shown:
    text = " ".join(_text(part) for line in lines for part in line.elements)
    quoted = lines[-1].quote
    fallback = escape(clip(" ".join(f"{text} {short(quoted, 200)}".split()), 3000, "…"))
    return Shown(text=fallback or "…", blocks=tuple(_blocks(lines, most)))


def _blocks(lines: Sequence[Line], most: int) -> Iterator[Block]:
    """Buttons stand right below the line that they are for."""
    parts: list[Block] = []
    for line in lines:
        parts += _parts(line, most)
        if line.buttons:
            yield from (rich(*parts), actions(line.buttons))
            parts = []
    if parts:
        yield rich(*parts)


def _parts(line: Line, most: int) -> Iterator[Block]:
    yield rich_line(line.elements)
    if quote := rich_quote(clip(line.quote, most, "… cut here")):
        yield quote
    if line.after:
        yield rich_line(line.after)


def _text(element: Element) -> str:
    return str(element.get("text") or element.get("fallback") or "")
