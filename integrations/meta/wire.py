"""Messages as Messenger and Instagram send them (Messenger Platform: "Webhook Events")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from integrations.http import Entries
from integrations.meta.webhook import Id, Part, Readable

Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""Seconds or milliseconds since 1970, or ISO: Meta has all three."""


class Party(Part):
    id: Id


class Payload(Part):
    url: str | None = None
    title: str | None = None


class Attached(Part):
    type: str
    payload: Payload | None = None


class Story(Part):
    url: str | None = None


class Answered(Part):
    mid: Id | None = None
    story: Story | None = None


class Chosen(Part):
    """A button that was pressed under a message."""

    payload: str = ""


class Said(Part):
    """A message. `app_id` is there in echoes: which app sent it."""

    mid: Id
    text: str = ""
    attachments: Entries[Attached] = ()
    reply_to: Readable[Answered] = None
    quick_reply: Readable[Chosen] = None
    is_echo: bool = False
    is_deleted: bool = False
    app_id: Id | None = None


class Postback(Part):
    mid: Id | None = None
    title: str = ""
    payload: str = ""


class Reworded(Part):
    mid: Id
    text: str = ""


class Messaging(Part):
    """One event of a private conversation; reads, reactions and the like have none of the three."""

    sender: Party
    recipient: Party
    timestamp: Moment
    message: Said | None = None
    postback: Postback | None = None
    message_edit: Reworded | None = None


def now(entry_time: int) -> datetime:
    """The time of an entry, in seconds or milliseconds."""
    seconds = entry_time / 1000 if entry_time > 20_000_000_000 else entry_time
    return datetime.fromtimestamp(min(seconds, 4_000_000_000), UTC)
