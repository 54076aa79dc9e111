"""What the contract of the helpdesks writes into a world of one, and finds there."""

from __future__ import annotations

import pytest

from inbox.decision import Priority
from inbox.ports import (
    Commented,
    Requester,
    Ticket,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketEvent,
)
from tests.contract.every_helpdesk import HELPDESKS, REAL
from tests.contract.helpdesk_worlds import Seen, World, now

HOSTILE = (
    "<!channel> <script>alert(1)</script> & &lt;b&gt; 'quoted' \"too\""
    " 👩‍👩‍👧‍👦 ẞ İ ｶﾞ <https://evil.example|good> *_~` {{ticket.id}} javascript:alert(1)"
)
BODY = "Ana wrote in public:\nWhere is my parcel?\n\nThe card in Slack: https://slack.example/p1"


def _marks(name: str) -> list[pytest.MarkDecorator]:
    return [getattr(pytest.mark, REAL[name])] if name in REAL else []


EVERY = [pytest.param(name, marks=_marks(name)) for name in sorted(HELPDESKS)]
"""What a test of each helpdesk is given, with the mark of those whose server must be here."""


def needs(world: World, *names: str) -> None:
    if missing := set(names) - world.knows:
        pytest.skip(f"this helpdesk does not know: {', '.join(sorted(missing))}")


def a_draft(key: str = "ticket:1042:1", **fields: object) -> TicketDraft:
    plain: dict[str, object] = {
        "key": key,
        "subject": "Ana Popescu on Mastodon (case 1042)",
        "body": BODY,
        "requester": Requester(key="mastodon:care:ana", name="Ana Popescu"),
        "priority": Priority.HIGH,
        "tags": ("delivery", "vip"),
        "language": "ro",
        "link": "https://slack.example/p1",
    }
    return TicketDraft(**plain | fields)  # type: ignore[arg-type]  # a test names what it is about


def an_entry(number: int = 1, text: str | None = None, **fields: object) -> TicketEntry:
    plain: dict[str, object] = {
        "key": f"entry:1042:{number}",
        "author": "Ana Popescu",
        "text": text or f"Message number {number}",
        "at": now(),
        "from_customer": True,
    }
    return TicketEntry(**plain | fields)  # type: ignore[arg-type]  # a test names what it is about


def made(world: World, key: str = "ticket:1042:1", **fields: object) -> Ticket:
    return world.connection.desk.create(a_draft(key, **fields))


def seen(world: World, ticket: str) -> Seen:
    return next(each for each in world.tickets() if each.id == ticket)


def comments(events: list[TicketEvent]) -> list[Commented]:
    return [event for event in events if isinstance(event, Commented)]


def states(events: list[TicketEvent], ticket: str) -> list[TicketChanged]:
    return [e for e in events if isinstance(e, TicketChanged) and e.ticket == ticket]
