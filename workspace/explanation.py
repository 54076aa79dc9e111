"""Why a case came to its tier: the rule that won, what it saw, why no earlier one did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from inbox.changes import Moved
from inbox.clearance import DataClass
from inbox.decision import Also, Decision, Explanation
from workspace import ids, words
from workspace.blocks import Block, Shown, context, listed, moment, section, window
from workspace.correcting import MOST_REMEMBERED, Judged, should_have_been
from workspace.mrkdwn import clip, plain, short
from workspace.placed import moved_by
from workspace.reading import CaseView
from workspace.showing import Lens

MOST_TOLD = 2500
"""Characters of each list, so that all of them fit into one message."""


def why(view: CaseView, lens: Lens) -> Shown:
    """The newest decision of a case, as a channel may read it."""
    decided = view.placed_by()
    if decided is None or decided.decision is None:
        text = words.NO_DECISION.format(number=view.case.number)
        return Shown(text=text, blocks=(section(text),))
    found = frozenset(span.cls for span in decided.findings.spans)
    decision = decided.decision
    blocks = (
        *_by_hand(view, lens),
        section(_decided_by(decision, lens)),
        *_listed("Because", _because(decision.explanation, lens, found)),
        *_listed("Not by", _not_by(decision.explanation, lens, found)),
        *_listed("Also", _also(decision.explanation.also, lens, found)),
        *_listed("In shadow", _also(decision.explanation.shadow, lens, found)),
        context(_about(view, decision)),
    )
    return Shown(text=words.WHY_TITLE.format(number=view.case.number), blocks=blocks)


def why_window(view: CaseView, lens: Lens, channel_id: str) -> Block:
    """With a way to say that the message belonged elsewhere, where something was decided."""
    title = clip(f"Why · #{view.case.number}", 24, "…")
    blocks, metadata = why(view, lens).blocks, ""
    if decided := view.placed_by():
        was = Judged(case=view.case.number, channel_id=channel_id, message=decided.message.ref)
        if len(was.dumped()) <= MOST_REMEMBERED:
            blocks, metadata = (*blocks, should_have_been(view)), was.dumped()
    return window(ids.WHY_WINDOW, title, blocks, submit=None, cancel=words.DONE, metadata=metadata)


def _by_hand(view: CaseView, lens: Lens) -> Iterator[Block]:
    """A person's move comes first: it is why the case is here, whatever the rules said."""
    move = view.moved_by_hand()
    if move is not None and isinstance(move.change, Moved):
        told = moved_by(move, move.change, lens)
        yield section(
            f"*{words.MOVED}*  {told[:1].upper()}{told[1:]}, {moment(move.at, view.zone)}"
        )


def _decided_by(decision: Decision, lens: Lens) -> str:
    rule = plain(short(lens.line(decision.rule), 200))
    tier = "set aside" if decision.ignore else f"tier {decision.tier}"
    return (
        f"*Decided by*  {decision.position} · {rule} → {tier}, {decision.priority.value} priority"
    )


def _because(explanation: Explanation, lens: Lens, found: frozenset[DataClass]) -> Iterator[str]:
    for line in explanation.because:
        yield _quoted(line, lens, found)


def _not_by(explanation: Explanation, lens: Lens, found: frozenset[DataClass]) -> Iterator[str]:
    for miss in explanation.not_by:
        rule = plain(short(lens.line(miss.rule), 150))
        yield f"{miss.position} · {rule}: {_quoted(miss.failed, lens, found)}"


def _also(rules: Iterable[Also], lens: Lens, found: frozenset[DataClass]) -> Iterator[str]:
    for also in rules:
        rule = plain(short(lens.line(also.rule), 150))
        did, because = _quoted(also.did, lens, found), _quoted(also.because, lens, found)
        yield f"rule “{rule}” {did} ({because})"


def _quoted(text: str, lens: Lens, found: frozenset[DataClass]) -> str:
    return plain(short(lens.because(text, found), 300))


def _listed(title: str, lines: Iterator[str]) -> Iterator[Block]:
    told = list(lines)
    sizes = accumulate(len(line) + 3 for line in told)
    shown = [line for line, size in zip(told, sizes, strict=True) if size <= MOST_TOLD]
    if left := len(told) - len(shown):
        shown.append(words.further_lines(left))
    return listed(title, shown) if told else iter(())


def _about(view: CaseView, decision: Decision) -> str:
    version = plain(short(decision.version, 60))
    opened = moment(view.case.opened_at, view.zone)
    return f"Case #{view.case.number}, opened {opened} · rules version {version}"
