"""A real Request Tracker and real mail servers through the whole product, there and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.email_world import HELPDESK, SIGNING_KEY, MailWorld
from tests.contract.helpdesk_worlds import Seen
from tests.contract.helpdesk_worlds import World as Desk
from tests.contract.request_tracker_world import RequestTrackerWorld, a_request_tracker_world
from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    PRIVATE,
    Message,
    card_says,
    comment,
    picked,
    press,
    submit,
    thread_says,
    window_of,
)
from tests.real.mail import PASSWORD, mailboxes
from tests.real.request_tracker import CUSTOMER
from tests.world import World

SETTINGS = """
helpdesks:
  support:
    poll_every: 1s
    clearance: trained
    back: relay
"""


def with_helpdesk(keys: Mapping[str, object]) -> Callable[[str], str]:
    """The demo's settings with tier 2 in this helpdesk."""
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items())

    def change(text: str) -> str:
        return text.replace("\n  2:\n", "\n  2:\n    helpdesk: support\n", 1) + SETTINGS + lines

    return change


@contextmanager
def product(
    folder: Path, keys: Mapping[str, object], secrets: Mapping[str, str]
) -> Iterator[World]:
    world = World(folder, change=with_helpdesk(keys), env=dict(secrets))
    try:
        world.start()
        world.control(action="rate-limit", on=False)
        yield world
    finally:
        world.close()


def escalated(world: World, acct: str, text: str) -> Message:
    comment(world, acct, text)
    press(world, MIHAI, world.card(CARE, text), "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")
    submit(world, MIHAI, window, tier=picked("2"), reason="Only logistics can see it.")
    return world.card(PRIVATE, text, KENJI)


def ticket(world: World, desk: Desk, words: str) -> Seen:
    """The one with these words in it, as its people see it."""
    return world.wait(
        lambda: next((t for t in desk.tickets() if any(words in e for e in t.entries)), None),
        f"a ticket with “{words}”",
    )


def there_and_back(world: World, desk: Desk) -> tuple[Message, Seen]:
    """From a public comment to the helpdesk, and its answer in private to the customer."""
    home = escalated(world, "ana", "The bison lamp never came.")
    there = ticket(world, desk, "bison lamp")
    assert "Only logistics can see it." in there.entries[0]
    card_says(world, home, f"Ticket support #{there.id}", PRIVATE)
    world.customer("ana", "@brightleaf My order is BL-123456, wombat", visibility="direct")
    assert ticket(world, desk, "wombat").id == there.id
    desk.comment(there.id, "It left this morning, quokka.")
    [sent] = world.wait(
        lambda: [s for s in world.direct("ana") if "quokka" in s["text"]], "the relayed answer"
    )
    assert sent["visibility"] == "direct"
    assert re.sub(r"@\S+", "", sent["text"]).strip() == "It left this morning, quokka."
    told = [m for m in world.dump()["network"] if "quokka" in m["text"]]
    assert [m["visibility"] for m in told] == ["direct"]
    return home, there


@pytest.mark.rt
def test_the_circle_with_a_real_request_tracker(tmp_path: Path) -> None:
    with a_request_tracker_world() as desk:
        assert isinstance(desk, RequestTrackerWorld)
        keys = {
            "kind": "request_tracker",
            "base_url": desk.url,
            "queue": desk.queue,
            "customer_field": CUSTOMER,
        }
        with product(tmp_path, keys, {"REQUEST_TRACKER_SUPPORT_TOKEN": desk.secret}) as world:
            desk.fault("reset_after")
            home, there = there_and_back(world, desk)
            assert len(desk.tickets()) == 1
            desk.comment(there.id, "Ask the warehouse, numbat.", public=False)
            thread_says(world, home, "numbat", PRIVATE)
            assert not [m for m in world.dump()["network"] if "numbat" in m["text"]]
            assert [t.public for t in desk.tickets()] == [("It left this morning, quokka.",)]


@pytest.mark.mail
def test_the_circle_with_real_mail_servers(tmp_path: Path) -> None:
    desk = MailWorld(keeps=True)
    keys = {
        "kind": "email",
        "helpdesk_address": HELPDESK,
        "from_address": desk.user,
        "user": desk.user,
        "smtp_host": "127.0.0.1",
        "smtp_port": desk.smtp.port,
        "imap_host": "127.0.0.1",
        "imap_port": mailboxes().port,
        "sent_mailbox": "Sent",
        "ca_file": mailboxes().certificate,
    }
    secrets = {"EMAIL_SUPPORT_PASSWORD": PASSWORD, "EMAIL_SUPPORT_SIGNING_KEY": SIGNING_KEY}
    try:
        with product(tmp_path, keys, secrets) as world:
            desk.fault("reset_after")
            there_and_back(world, desk)
            assert len(desk.tickets()) == 1
            assert {mail["To"] for mail in desk.taken} == {HELPDESK}
    finally:
        desk.smtp.close()
