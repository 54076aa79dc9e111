"""What hangs on a message: links to pictures, films and files, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.message import Attachment, Message
from workspace import words
from workspace.blocks import Element, linked, said
from workspace.mrkdwn import short, web_url
from workspace.showing import Lens

MOST = 3
"""Links shown for one message; more are counted."""

LONGEST = 1000
"""Characters of an address; Slack bounds all of a message together."""


def attached(message: Message, lens: Lens) -> Iterator[Element]:
    """Each with its kind and what the author says it shows; nothing is fetched."""
    for number, one in enumerate(message.attachments[:MOST]):
        yield said(", " if number else "📎 ")
        yield _link(one, lens)
    if (more := len(message.attachments) - MOST) > 0:
        yield said(words.and_more(more))


def _link(one: Attachment, lens: Lens) -> Element:
    alt = short(lens.line(one.alt), 120) if one.alt else ""
    shown = f"{short(one.kind, 40)}: {alt}" if alt else short(one.kind, 40)
    url = web_url(one.url) if len(one.url) <= LONGEST else None
    return linked(url, f"{shown} ↗") if url else said(shown)
