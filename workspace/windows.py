"""The windows besides Reply: taking private, escalating, asking, setting, closing. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from inbox.decision import Priority
from inbox.desk import Desk
from inbox.errors import Refusal
from inbox.message import Visibility
from workspace import ids, words
from workspace.blocks import (
    Block,
    Element,
    field,
    option,
    radio,
    section,
    select,
    text_field,
    window,
)
from workspace.mrkdwn import clip, escape, plain
from workspace.reading import CaseView
from workspace.reply_window import Ways, possible_until
from workspace.showing import Lens

INVITATION, NOTE = "invitation", "note"
TIER, REASON, HELPDESK = "tier", "reason", "helpdesk"
BY_TIER, NO_TICKET = "-tier", "-none"
"""Choices of a ticket besides the helpdesks' names, which cannot begin so."""

NOTE_FIELD = "note"
EXPERTS, QUESTION = "experts", "question"
OWNER, PRIORITY, TAGS = "owner", "priority", "tags"
UNTIL, RESOLUTION = "until", "resolution"

MOST_RADIO = 10
"""Radio buttons in a group ("Block elements", docs.slack.dev): seen at a glance, one click less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a window remembers: the case, where it was opened, the case's version then."""

    case: int
    channel: str
    channel_id: str
    seen: int

    def dumped(self) -> str:
        return json.dumps(asdict(self))


def about(metadata: str) -> About:
    """Raises Refusal where the window is of another version."""
    try:
        return About(**json.loads(metadata))
    except (TypeError, ValueError):
        raise Refusal(words.GONE_META) from None


def given(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What stands in a field; empty where it was left out."""
    entry = (values.get(name) or {}).get(name) or {}
    return entry if isinstance(entry, Mapping) else {}


def given_text(values: Mapping[str, Any], name: str) -> str:
    return str(given(values, name).get("value") or "").strip()


def drawn(blocks: Iterable[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """A field as its window was drawn."""
    return next((b["element"] for b in blocks if b.get("block_id") == name), {})


def given_choice(values: Mapping[str, Any], name: str) -> str | None:
    chosen = (given(values, name).get("selected_option") or {}).get("value")
    return None if chosen is None else str(chosen)


# --- moving ------------------------------------------------------------------------------


def private_window(
    view: CaseView, lens: Lens, told: About, ways: Ways, *, invitation: str, note: str
) -> Block:
    """`invitation` and `note` are the prefilled texts; only what is possible is asked for."""
    tier = view.desk.private_tier()
    home = view.desk.channels.get(tier.channel or "") if tier else None
    where = f"<#{home.id}>" if home else "the private channel"
    lines = [words.WILL_MOVE.format(where=where, tier=tier.number if tier else "?")]
    lines += _how_privately(view, lens, ways)
    blocks = [section(clip("\n".join(lines), 2900, "…"))]
    if ways.private.why_not is None:
        label = words.INVITATION.format(who=lens.name(view.case.author))
        blocks.append(_if_any(INVITATION, label, invitation))
    if ways.public.why_not is None:
        blocks.append(_if_any(NOTE, words.PUBLIC_NOTE, note))
    return _window(ids.PRIVATE_WINDOW, "Take private", told, blocks, words.TAKE_PRIVATE_NOW)


def _how_privately(view: CaseView, lens: Lens, ways: Ways) -> list[str]:
    """Why the customer cannot be written to, or until when, and what is worth knowing."""
    if ways.private.why_not is not None:
        return [escape(ways.private.why_not)]
    who = plain(lens.name(view.case.author))
    until = possible_until(view, ways, Visibility.PRIVATE)
    note = ways.private.note
    return [
        *([words.INVITATION.format(who=who) + until] if until else []),
        *([f"_{escape(note)}_"] if note else []),
    ]


def _if_any(name: str, label: str, text: str) -> Block:
    element = text_field(name, initial=clip(text, 3000, "…"))
    return field(name, label, element, optional=True, hint=words.LEAVE_EMPTY)


def escalate_window(view: CaseView, told: About) -> Block:
    options = _tiers(view)
    above = view.desk.tier_above(view.case.tier)
    chosen = str(above.number) if above else None
    blocks = [
        field(TIER, "To", select(TIER, options, chosen=chosen, hint=words.CHOOSE)),
        *_helpdesks(view.desk),
        field(
            REASON, words.WHY_MOVE, text_field(REASON, most=1000, first=True), hint=words.READ_FIRST
        ),
    ]
    return _window(ids.ESCALATE_WINDOW, "Escalate", told, blocks, "Escalate")


def _tiers(view: CaseView) -> list[Block]:
    """Its own tier only where a ticket is to be had there."""
    desk, current = view.desk, view.case.tier
    tiers = (t for n, t in sorted(desk.tiers.items()) if t.channel and n != current)
    others = [
        option(f"Tier {t.number} · {t.name}{words.private_sign(t.name, t.private)}", str(t.number))
        for t in tiers
    ]
    stays = option(words.STAYS.format(tier=current), str(current))
    return [*others, *([stays] if desk.helpdesks else [])]


def _helpdesks(desk: Desk) -> list[Block]:
    """Which helpdesk gets a ticket, where there is one at all."""
    if not desk.helpdesks:
        return []
    named = [f"{t.number}: {t.helpdesk}" for t in desk.tiers.values() if t.helpdesk]
    by_tier = words.AS_THE_TIER.format(which=", ".join(f"tier {name}" for name in named))
    options = [
        *([option(by_tier, BY_TIER)] if named else []),
        option(words.NO_TICKET, NO_TICKET),
        *(option(name, name) for name in [*desk.helpdesks][:90]),
    ]
    chosen = BY_TIER if named else NO_TICKET
    return [field(HELPDESK, words.HELPDESK, select(HELPDESK, options, chosen=chosen))]


def chosen_helpdesk(values: Mapping[str, Any], desk: Desk, tier: int) -> str | None:
    """The helpdesk that gets a ticket when a case goes to this tier."""
    chosen = given_choice(values, HELPDESK)
    if chosen in (None, NO_TICKET):
        return None
    if chosen == BY_TIER:
        home = desk.tiers.get(tier)
        return home.helpdesk if home else None
    return chosen


def note_window(told: About) -> Block:
    text = text_field(NOTE_FIELD, most=3000, first=True)
    blocks = [field(NOTE_FIELD, words.NOTE_TEXT, text, hint=words.NOTE_HINT)]
    return _window(ids.NOTE_WINDOW, "Note to helpdesk", told, blocks, "Add the note")


def swarm_window(told: About) -> Block:
    people: Element = {
        "type": "multi_users_select",
        "action_id": EXPERTS,
        "max_selected_items": 10,
    }
    blocks = [
        field(EXPERTS, words.WHOM, people),
        field(QUESTION, words.QUESTION, text_field(QUESTION, most=2000), hint=words.STAYS_YOURS),
    ]
    return _window(ids.SWARM_WINDOW, "Ask experts", told, blocks, "Ask")


# --- setting -----------------------------------------------------------------------------


def change_window(view: CaseView, told: About) -> Block:
    case = view.case
    owner: Element = {"type": "users_select", "action_id": OWNER}
    if case.owner:
        owner["initial_user"] = case.owner
    priorities = [option(words.PRIORITY[p], p.value) for p in reversed(Priority)]
    tags = text_field(TAGS, initial=", ".join(case.tags)[:1000], most=1000, lines=False)
    blocks = [
        field(OWNER, "Owner", owner, optional=True),
        field(PRIORITY, "Priority", select(PRIORITY, priorities, chosen=case.priority.value)),
        field(TAGS, "Tags", tags, optional=True, hint="Separated by commas"),
    ]
    return _window(ids.CHANGE_WINDOW, "Change", told, blocks, "Save")


def snooze_window(told: About, tomorrow: datetime) -> Block:
    picker: Element = {
        "type": "datetimepicker",
        "action_id": UNTIL,
        "initial_date_time": int(tomorrow.timestamp()),
    }
    blocks = [field(UNTIL, words.HOLD_UNTIL, picker, hint=words.WAKES_EARLIER)]
    return _window(ids.SNOOZE_WINDOW, "Put on hold", told, blocks, "Put on hold")


def close_window(view: CaseView, told: About) -> Block:
    resolutions: Sequence[str] = view.desk.resolutions[:100]
    options = [option(r[:1].upper() + r[1:], r[:150]) for r in resolutions]
    chosen = resolutions[0] if resolutions else ""
    few = len(resolutions) <= MOST_RADIO
    ways = (radio if few else select)(RESOLUTION, options, chosen=chosen)
    blocks = [field(RESOLUTION, "Close as", ways)]
    return _window(ids.CLOSE_WINDOW, "Close", told, blocks, "Close")


def _window(callback: str, title: str, told: About, blocks: Sequence[Block], submit: str) -> Block:
    number = f" · #{told.case}"
    shown = title if len(title) + len(number) > 24 else title + number
    return window(
        callback, shown, blocks, submit=submit, cancel=words.CANCEL, metadata=told.dumped()
    )
