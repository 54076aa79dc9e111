"""What goes into a ticket as plain text, the same in every helpdesk. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

from inbox.message import Attachment
from inbox.ports import TicketDraft, TicketEntry


def story(draft: TicketDraft) -> str:
    """The first text of a ticket; the way back to Slack is in its body."""
    return "\n".join((draft.body, *_links(draft.attachments)))


def told(entry: TicketEntry) -> str:
    """Who said it, when, what, and what hangs on it."""
    when = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return "\n".join((f"{entry.author}, {when}:", entry.text, *_links(entry.attachments)))


def _links(attachments: Sequence[Attachment]) -> Iterator[str]:
    for each in attachments:
        about = f" ({each.alt})" if each.alt else ""
        yield f"[{each.kind}] {each.url}{about}"
