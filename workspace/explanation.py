"""Why a case came to its tier: the rule that won, what it saw, why no earlier one did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from inbox.changes import Moved
from inbox.clearance import DataClass
from inbox.decision import Also, Decision, Explanation
from inbox.ports import Stored
from workspace import ids, rule_words, words
from workspace.blocks import Block, Shown, actions, context, listed, moment, section, window
from workspace.correcting import MOST_REMEMBERED, Judged, in_an_answer, should_have_been
from workspace.fitting import ANSWER, WINDOW, Line, Room, fitted
from workspace.mrkdwn import brief, clip, plain, short, size
from workspace.placed import moved_by
from workspace.reading import CaseView
from workspace.showing import Lens

MOST_NAMES = 600
"""Characters of the names of rules on one line."""

MOST_OF_A_REASON = 1_000


def why(view: CaseView, lens: Lens, room: Room) -> Shown:
    """The decision by which a case is where it is, as a channel may read it."""
    decided = view.placed_by()
    if decided is None or decided.decision is None:
        text = rule_words.NO_DECISION.format(number=view.case.number)
        return Shown(text=text, blocks=(section(text),))
    found = frozenset(span.cls for span in decided.findings.spans)
    decision = decided.decision
    blocks = (
        *_by_hand(view, lens),
        section(_decided_by(decision, lens)),
        *_lists(decision.explanation, lens, found, room),
        context(_about(view, decision)),
    )
    return Shown(text=rule_words.WHY_TITLE.format(number=view.case.number), blocks=blocks)


def why_answer(view: CaseView, lens: Lens, channel_id: str) -> Shown:
    """The same as a command answers it, with a way to say that the message belonged elsewhere."""
    shown = why(view, lens, ANSWER)
    decided = view.placed_by()
    told = decided and in_an_answer(view.desk, _judged(view, decided, channel_id))
    if not told:
        return shown
    choice, name = told
    return replace(shown, blocks=(*shown.blocks, actions([choice], block_id=name)))


def why_window(view: CaseView, lens: Lens, channel_id: str) -> Block:
    """With a way to say that the message belonged elsewhere, where something was decided."""
    title = clip(f"Why · #{view.case.number}", 24, "…")
    blocks, metadata = why(view, lens, WINDOW).blocks, ""
    if decided := view.placed_by():
        was = _judged(view, decided, channel_id)
        if len(was.dumped()) <= MOST_REMEMBERED:
            blocks, metadata = (*blocks, should_have_been(view)), was.dumped()
    return window(ids.WHY_WINDOW, title, blocks, submit=None, cancel=words.DONE, metadata=metadata)


def _judged(view: CaseView, decided: Stored, channel_id: str) -> Judged:
    return Judged(case=view.case.number, channel_id=channel_id, message=decided.message.ref)


def _by_hand(view: CaseView, lens: Lens) -> Iterator[Block]:
    """A person's move comes first: it is why the case is here, whatever the rules said."""
    move = view.moved_by_hand()
    if move is not None and isinstance(move.change, Moved):
        told = moved_by(move, move.change, lens)
        yield section(
            f"*{words.MOVED}*  {told[:1].upper()}{told[1:]}, {moment(move.at, view.zone)}"
        )


def _decided_by(decision: Decision, lens: Lens) -> str:
    rule = _name(decision.rule, lens)
    tier = "set aside" if decision.ignore else f"tier {decision.tier}"
    return (
        f"*Decided by*  {decision.position} · {rule} → {tier}, {decision.priority.value} priority"
    )


def _lists(
    why: Explanation, lens: Lens, found: frozenset[DataClass], room: Room
) -> Iterator[Block]:
    """Why no earlier rule won is the longest by far: it stands last, and gets what the others
    leave."""
    share = room.part(8)
    because = fitted(_because(why, lens, found), share, of=len(why.because))
    also = fitted(_also(why.also, lens, found), share, of=len(why.also))
    shadow = fitted(_also(why.shadow, lens, found), share, of=len(why.shadow))
    rest = room.without([*because, *also, *shadow])
    not_by = fitted(_not_by(why, lens, found), rest, of=len(why.not_by))
    told = {"Because": because, "Also": also, "In shadow": shadow, "Not by": not_by}
    for title, lines in told.items():
        if lines:
            yield from listed(title, lines)


def _because(why: Explanation, lens: Lens, found: frozenset[DataClass]) -> Iterator[Line]:
    for line in why.because:
        yield Line(_told(line, lens, found))


def _not_by(why: Explanation, lens: Lens, found: frozenset[DataClass]) -> Iterator[Line]:
    """Neighbours that missed for the same reason share it."""
    for failed, misses in groupby(why.not_by, key=lambda miss: miss.failed):
        reason = _told(failed, lens, found)
        names = [f"{miss.position} · {_name(miss.rule, lens)}" for miss in misses]
        for some in _on_a_line(names):
            yield Line(f"{', '.join(some)}: {reason}", rules=len(some))


def _on_a_line(names: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for name in names:
        if some and sum(map(size, (*some, name))) > MOST_NAMES:
            yield some
            some = []
        some.append(name)
    yield some


def _also(rules: Iterable[Also], lens: Lens, found: frozenset[DataClass]) -> Iterator[Line]:
    for also in rules:
        did, because = _told(also.did, lens, found), _told(also.because, lens, found)
        yield Line(f"rule “{_name(also.rule, lens)}” {did} ({because})")


def _name(rule: str, lens: Lens) -> str:
    return brief(lens.line(rule), 150)


def _told(text: str, lens: Lens, found: frozenset[DataClass]) -> str:
    return brief(lens.because(text, found), MOST_OF_A_REASON)


def _about(view: CaseView, decision: Decision) -> str:
    version = plain(short(decision.version, 60))
    opened = moment(view.case.opened_at, view.zone)
    return f"Case #{view.case.number}, opened {opened} · rules version {version}"
