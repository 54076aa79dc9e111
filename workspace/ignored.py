"""`/tierdesk ignored`: the last messages that a rule set aside. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inbox.decision import Decision
from inbox.desk import Desk
from inbox.ports import Stored
from workspace import rule_words, words
from workspace.blocks import Block, Shown, context, moment, section
from workspace.correcting import Judged, in_an_answer, place
from workspace.mrkdwn import brief, escape, plain, web_url
from workspace.showing import Lens

MOST_LISTED = 20
MOST_QUOTED = 300


def ignored_list(found: Sequence[Stored], desk: Desk, lens: Lens, channel_id: str) -> Shown:
    if not found:
        return Shown(text=rule_words.NONE_IGNORED, blocks=(section(rule_words.NONE_IGNORED),))
    listed = (_message(stored, desk, lens, channel_id) for stored in found)
    blocks = (section(f"*{rule_words.IGNORED}*"), *listed, context(rule_words.IGNORED_NOTE))
    return Shown(text=rule_words.IGNORED, blocks=blocks)


def _message(stored: Stored, desk: Desk, lens: Lens, channel_id: str) -> Block:
    message = stored.message
    text = brief(lens.message(stored), MOST_QUOTED) or words.NO_TEXT
    lines = [" · ".join(_about(stored, desk, lens)), f"> {text}"]
    if url := web_url(message.url):
        lines.append(f"<{escape(url)}|{words.OPEN_POST}>")
    was = Judged(case=None, channel_id=channel_id, message=message.ref)
    choice, name = in_an_answer(desk, was) or (None, None)
    return section("\n".join(lines), accessory=choice, block_id=name)


def _about(stored: Stored, desk: Desk, lens: Lens) -> Iterator[str]:
    message = stored.message
    yield f"*{plain(words.network(message.ref.network))}*"
    yield f"{words.VISIBILITY[message.visibility]} {words.WHERE[message.kind]}"
    yield plain(lens.name(message.author))
    yield moment(message.created_at, desk.hours.zone)
    if stored.decision is not None:
        yield _set_aside(stored, stored.decision, lens)
    if said := stored.corrected:
        where = plain(place(desk, said.tier))
        yield rule_words.SAID_TO_BELONG.format(where=where, who=f"<@{said.by}>")


def _set_aside(stored: Stored, decision: Decision, lens: Lens) -> str:
    found = frozenset(span.cls for span in stored.findings.spans)
    because = (lens.because(line, found) for line in decision.explanation.because)
    return f"rule “{brief(lens.line(decision.rule), 150)}” ({brief('; '.join(because), 300)})"
