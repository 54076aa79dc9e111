"""The Reply window: where the answer will appear, what was said, what is typed. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from inbox.case import Afterwards
from inbox.errors import Refusal
from inbox.message import Visibility
from inbox.ports import Window
from workspace import ids, words
from workspace.blocks import (
    Block,
    context,
    field,
    moment,
    option,
    radio,
    rich,
    rich_line,
    rich_quote,
    said,
    searching,
    section,
    select,
    text_field,
    window,
)
from workspace.mrkdwn import clip, escape, plain, short, size
from workspace.reading import CaseView
from workspace.showing import Lens

TEXT, AFTER, PLACE = "text", "afterwards", "where"
MOST_QUOTED = 1500
MOST_TYPED = 3000
"""Characters that a field of a window takes ("Plain-text input", docs.slack.dev)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the window remembers: `seen` is the case's version when it was opened, `turn` counts
    how often its text was filled in for the agent, `article` is the internal one that is read,
    `secret`: it sends in private only.
    """

    case: int
    channel: str
    channel_id: str
    seen: int
    visibility: str = Visibility.PUBLIC.value
    anyway: bool = False
    turn: int = 0
    article: str = ""
    secret: bool = False

    def dumped(self) -> str:
        return json.dumps(asdict(self))


def noted(metadata: str) -> Note:
    """Raises Refusal where the window is of another version."""
    try:
        return Note(**json.loads(metadata))
    except (TypeError, ValueError):
        raise Refusal(words.GONE_META) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What the network makes possible in public and in private.

    `room` is how many characters are left for the text, where an answer is possible.
    """

    public: Window
    private: Window
    room: Mapping[Visibility, int] = dataclasses.field(default_factory=dict)

    def at(self, visibility: Visibility) -> Window:
        return self.public if visibility is Visibility.PUBLIC else self.private

    def only_private(self) -> Ways:
        return replace(self, public=Window(why_not=words.ONLY_IN_PRIVATE))

    def possible(self) -> list[Visibility]:
        return [v for v in Visibility if self.at(v).why_not is None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the agent has put in so far."""

    text: str = ""
    afterwards: Afterwards = Afterwards.WAIT


def typed(values: Mapping[str, Any]) -> Typed:
    """From the state of the window; what is missing has its default."""
    text = next((v.get("text") for k, v in values.items() if k.startswith(TEXT)), None) or {}
    chosen = (values.get(AFTER) or {}).get(AFTER) or {}
    after = (chosen.get("selected_option") or {}).get("value") or Afterwards.WAIT.value
    return Typed(text=str(text.get("value") or ""), afterwards=Afterwards(after))


def chosen_place(values: Mapping[str, Any]) -> Visibility | None:
    chosen = (values.get(PLACE) or {}).get(ids.WHERE) or {}
    value = (chosen.get("selected_option") or {}).get("value")
    return Visibility(value) if value else None


def first_place(view: CaseView, ways: Ways) -> Visibility:
    """In private where the customer wrote in private or the tier is private, if it is possible."""
    tier = view.desk.tiers.get(view.case.tier)
    newest = view.theirs()[-1:]
    in_private = bool(newest) and newest[0].message.visibility is Visibility.PRIVATE
    wanted = Visibility.PRIVATE if in_private or (tier and tier.private) else Visibility.PUBLIC
    possible = ways.possible()
    return wanted if wanted in possible or not possible else possible[0]


def reply_window(
    view: CaseView,
    lens: Lens,
    ways: Ways,
    note: Note,
    so_far: Typed,
    *,
    saved: Sequence[tuple[str, str, str]] = (),
    notice: str | None = None,
    articles: bool = False,
    aside: str | None = None,
) -> Block:
    """`notice` stands on top: somebody answered meanwhile. `articles`: there are some to search;
    `aside` is an internal one that the agent reads beside the answer.
    """
    visibility = Visibility(note.visibility)
    title = clip(f"Reply · #{note.case}", 24, "…")
    if not ways.possible():
        return _nothing_possible(view, lens, ways, note, title)
    blocks = [
        *([section(f"⚠️ {clip(notice, 2000, '…')}")] if notice else []),
        section(_where(view, lens, visibility, ways)),
        *_places(note, ways),
        _said_last(view, lens),
        _text(view, ways, note, so_far),
        *([context(words.CUT)] if size(so_far.text) > MOST_TYPED else []),
        *_saved(saved, note),
        *_articles(note, articles),
        *([section(aside)] if aside else []),
        _afterwards(so_far),
    ]
    submit = words.SEND_TOO if note.anyway else words.SEND[visibility]
    return window(
        ids.REPLY_WINDOW,
        title,
        blocks,
        submit=submit,
        cancel=words.CANCEL,
        metadata=note.dumped(),
    )


def filled(note: Note) -> Note:
    """A new turn: only under a new name does Slack take another text into the field."""
    return replace(note, turn=note.turn + 1)


def text_block(note: Note) -> str:
    return f"{TEXT}:{note.turn}"


def _nothing_possible(view: CaseView, lens: Lens, ways: Ways, note: Note, title: str) -> Block:
    reasons = [why for v in Visibility if (why := ways.at(v).why_not)]
    text = f"*{words.NOTHING_POSSIBLE}.*\n" + "\n".join(f"• {escape(r)}" for r in reasons)
    return window(
        ids.REPLY_WINDOW,
        title,
        [section(clip(text, 2900, "…")), _said_last(view, lens)],
        submit=None,
        cancel=words.CANCEL,
        metadata=note.dumped(),
    )


def _where(view: CaseView, lens: Lens, visibility: Visibility, ways: Ways) -> str:
    author = view.case.author
    who = plain(lens.name(author))
    net, handle = plain(words.network(view.case.account.network)), plain(short(view.handle, 80))
    place = words.public_place if visibility is Visibility.PUBLIC else words.private_place
    text = (
        f"*{words.WILL_APPEAR}:* {place(who, handle, net)}{possible_until(view, ways, visibility)}"
    )
    other = next((why for v in Visibility if (why := ways.at(v).why_not)), None)
    notes = [note for note in (ways.at(visibility).note, other) if note]
    return clip("\n".join((text, *(f"_{escape(note)}_" for note in notes))), 2900, "…")


def possible_until(view: CaseView, ways: Ways, visibility: Visibility) -> str:
    """Until when the network takes it, in the reader's time; nothing where there is no end."""
    until = ways.at(visibility).until
    return "" if until is None else words.until(moment(until, view.zone))


def _places(note: Note, ways: Ways) -> list[Block]:
    """The choice between public and private, where there is one."""
    if len(ways.possible()) < 2:
        return []
    options = [
        option(words.IN_PUBLIC, Visibility.PUBLIC.value),
        option(words.IN_PRIVATE, Visibility.PRIVATE.value),
    ]
    return [field(PLACE, "Where", radio(ids.WHERE, options, note.visibility), tells=True)]


def _said_last(view: CaseView, lens: Lens) -> Block:
    theirs = view.theirs()[-1:]
    if not theirs:
        return rich(rich_line([said(words.NO_TEXT)]))
    text = clip(lens.message(theirs[0]), MOST_QUOTED, "…") or words.NO_TEXT
    author = view.case.author
    who = lens.name(author)
    seen = words.VISIBILITY[theirs[0].message.visibility]
    return rich(rich_line([said(f"{who} wrote ({seen}):", bold=True)]), rich_quote(text))


def _text(view: CaseView, ways: Ways, note: Note, so_far: Typed) -> Block:
    visibility = Visibility(note.visibility)
    most = view.connection.measured(visibility).most if view.connection else MOST_TYPED
    net = words.network(view.case.account.network)
    element = text_field(
        "text", initial=clip(so_far.text, MOST_TYPED, "…"), most=MOST_TYPED, first=True
    )
    left = ways.room.get(visibility, most)
    hint = words.room(min(left, MOST_TYPED), min(most, MOST_TYPED), net)
    return field(text_block(note), words.TEXT_FIELD, element, hint=hint)


def _saved(saved: Sequence[tuple[str, str, str]], note: Note) -> list[Block]:
    if not saved:
        return []
    options = [option(title, key) for key, title, _ in saved[:100]]
    element = select(ids.SAVED, options, hint=words.CHOOSE)
    block = f"saved:{note.turn}"
    return [field(block, words.SAVED_REPLY, element, optional=True, tells=True)]


def _articles(note: Note, articles: bool) -> list[Block]:
    if not articles:
        return []
    element = searching(ids.ARTICLE, hint=words.SEARCH)
    return [field(f"article:{note.turn}", words.ARTICLE, element, optional=True, tells=True)]


def _afterwards(so_far: Typed) -> Block:
    options = [option(text, after.value) for after, text in words.AFTERWARDS.items()]
    return field(AFTER, words.AFTER_SENDING, radio(AFTER, options, so_far.afterwards.value))
