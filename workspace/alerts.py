"""Sentences for a channel or for one agent, and held answers that a person decides on. Pure."""

from __future__ import annotations

from dataclasses import replace

from inbox.outbox import Alert, Whisper
from workspace import ids, words
from workspace.blocks import (
    Block,
    Element,
    Shown,
    actions,
    button,
    rich,
    rich_quote,
    section,
    way_to,
)
from workspace.mrkdwn import clip, escape, tidy, web_url

MOST = 2900


def alert(effect: Alert, link: str | None) -> Shown:
    """`effect.text` is our own; a rule's name in it is escaped."""
    text = clip(escape(tidy(effect.text)), MOST, "…")
    blocks: list[Block] = [section(text, accessory=_way(link))]
    if effect.held is not None:
        blocks.append(_decide(effect.held))
    return Shown(text=text, blocks=tuple(blocks))


def _way(link: str | None) -> Element | None:
    url = web_url(link)
    return way_to(words.OPEN_CASE, url) if url else None


def _decide(item: int) -> Block:
    return actions(
        [
            button(words.IT_IS_THERE, ids.IT_IS_THERE, str(item), style="primary"),
            button(words.SEND_AGAIN, ids.SEND_AGAIN, str(item)),
        ]
    )


def decided(text: str, user: str, decision: str) -> Shown:
    """A held answer after somebody's word; `text` is the alert as it stood."""
    line = f"{clip(text, MOST, '…')}\n*Decided:* “{decision}”, by <@{user}>."
    return Shown(text=line, blocks=(section(line),))


def whisper(effect: Whisper, link: str | None = None) -> Shown:
    """`effect.text` is ours, with mentions; the quote is what this very agent typed."""
    shown = whispered(effect.text, effect.quote)
    way = _way(link)
    return replace(shown, blocks=(*shown.blocks, actions([way]))) if way else shown


def whispered(text: str, quote: str | None = None) -> Shown:
    """A sentence of ours in mrkdwn, with what the agent typed under it."""
    line = clip(text, MOST, "…")
    blocks: list[Block] = [section(line)]
    if quote and (quoted := rich_quote(clip(tidy(quote), 10_000, "…"))):
        blocks.append(rich(quoted))
    return Shown(text=line, blocks=tuple(blocks))
