"""The line of a card that says why its case is here, and takes a correction. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.changes import TAKEN_PRIVATE, CaseEvent, Moved
from inbox.clearance import LABELS, DataClass
from inbox.ports import Stored
from workspace import words
from workspace.blocks import Block, context, section
from workspace.correcting import on_the_card
from workspace.mrkdwn import clip, plain, short
from workspace.reading import CaseView, decision_of
from workspace.showing import Lens

MOST_TOLD = 2900


def why_here(view: CaseView, lens: Lens) -> Iterator[Block]:
    """A person's move comes before the rules: whatever they said, it is why the case is here."""
    decided, move = view.placed_by(), view.moved_by_hand()
    decision = decision_of(decided)
    if move is not None and isinstance(move.change, Moved):
        parts = [f"Why here: {moved_by(move, move.change, lens)}"]
    elif decision is not None:
        parts = [f"Why here: rule “{plain(short(lens.line(decision.rule), 150))}”"]
    else:
        return
    if decided is not None and (seen := _seen(decided, lens)):
        parts.append(f"seen: {seen}")
    yield _line(view, decided, clip(" · ".join(parts), MOST_TOLD, "…"))


def _line(view: CaseView, decided: Stored | None, text: str) -> Block:
    """The version is in its name: Slack forgets what was chosen once the card is drawn anew."""
    choice = on_the_card(view, decided.message.ref) if decided else None
    if choice is None:
        return context(text)
    name = f"why:{view.case.number}:{view.case.version}"
    return section(text, accessory=choice, block_id=name)


def moved_by(event: CaseEvent, moved: Moved, lens: Lens) -> str:
    """Who brought a case to its tier, and what they said to the next person."""
    who = f"<@{event.actor.id}>"
    if moved.reason == TAKEN_PRIVATE:
        return words.TAKEN_PRIVATE_BY.format(who=who)
    why = plain(short(lens.line(moved.reason), 300))
    return words.MOVED_BY.format(tier=moved.before, who=who, why=why)


def _seen(decided: Stored, lens: Lens) -> str:
    found = frozenset(span.cls for span in decided.findings.spans)
    topics = [lens.topic(topic, found) for topic in decided.findings.topics[:3]]
    classes = [LABELS[cls] for cls in DataClass if cls in found]
    return ", ".join(plain(short(part, 120)) for part in (*topics, *classes))
