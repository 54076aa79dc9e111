"""Zendesk through the whole product: a case's ticket, its notes, an agent's answer in private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.helpdesk.accounts import BOT, SIGNING_SECRET
from tests.contract.zendesk_world import TOKEN
from tests.databases import EITHER, database_of, named
from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    PRIVATE,
    card_says,
    comment,
    picked,
    press,
    submit,
    thread_says,
    window_of,
)
from tests.world import World

HELPDESK = f"""
helpdesks:
  support:
    kind: zendesk
    base_url: {{sandbox}}/zendesk
    email: {BOT.email}
    webhooks: true
    poll_every: 7 days
    clearance: trained
    back: relay
"""
SECRETS = {"ZENDESK_SUPPORT_TOKEN": TOKEN, "ZENDESK_SUPPORT_SIGNING_SECRET": SIGNING_SECRET}


def with_zendesk(text: str) -> str:
    """The demo's settings with tier 2 in the sandbox's helpdesk."""
    found = re.search(r"base_url: (\S+)/mastodon", text)
    assert found
    tiers = text.replace("\n  2:\n", "\n  2:\n    helpdesk: support\n", 1)
    return tiers + HELPDESK.replace("{sandbox}", found[1])


@pytest.fixture(scope="module", params=EITHER)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("zendesk")
    with database_of(request.param) as database:
        world = World(folder, change=with_zendesk, env={**SECRETS, **named(database)})
        product = world.start()
        world.control(action="rate-limit", on=False)
        address = f"{product.url}/webhooks/helpdesk/support"
        world.http.post("/zendesk/people/webhook", json={"url": address}).raise_for_status()
        yield world
        world.close()


def tickets(world: World, words: str) -> list[dict[str, Any]]:
    """Those whose first note has these words."""
    return [t for t in world.dump()["helpdesk"] if words in t["entries"][0]["text"]]


def rita(world: World, kind: str, ticket: str, **more: Any) -> None:
    act = {"as": "rita", "type": kind, "ticket": ticket, **more}
    world.http.post("/zendesk/people/act", json=act).raise_for_status()


def escalated(world: World, acct: str, text: str) -> dict[str, Any]:
    comment(world, acct, text)
    press(world, MIHAI, world.card(CARE, text), "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")
    submit(world, MIHAI, window, tier=picked("2"), reason="Only logistics can see it.")
    return world.card(PRIVATE, text, KENJI)


def test_the_circle_from_a_comment_to_zendesk_and_back_in_private(world: World) -> None:
    home = escalated(world, "ana", "The bison lamp never came.")
    [ticket] = world.wait(lambda: tickets(world, "bison lamp"), "the ticket")
    card_says(world, home, f"Ticket support #{ticket['id']}", PRIVATE)
    assert "tierdesk" in ticket["tags"]
    assert "Only logistics can see it." in ticket["entries"][0]["text"]

    world.customer("ana", "@brightleaf My order is BL-123456, wombat", visibility="direct")
    world.wait(
        lambda: any("wombat" in e["text"] for e in tickets(world, "bison lamp")[0]["entries"]),
        "the message there",
    )
    rita(world, "note", ticket["id"], text="Ask the warehouse, numbat.")
    rita(world, "reply", ticket["id"], text="It left this morning, quokka.", status="pending")
    [sent] = world.wait(
        lambda: [s for s in world.direct("ana") if "quokka" in s["text"]], "the relayed answer"
    )
    assert sent["visibility"] == "direct"
    thread_says(world, home, "numbat", PRIVATE)
    told = [m for m in world.dump()["network"] if "quokka" in m["text"] or "numbat" in m["text"]]
    assert [m["visibility"] for m in told] == ["direct"]
    [after] = tickets(world, "bison lamp")
    assert [e["text"] for e in after["entries"] if e["public"]] == ["It left this morning, quokka."]
    assert [e["author"] for e in after["entries"] if "quokka" in e["text"]] == ["Rita Vogel"]


def test_a_ticket_whose_making_was_never_answered_is_made_once(world: World) -> None:
    world.fault("helpdesk", "POST /api/v2/tickets", "reset_after")
    home = escalated(world, "tom", "The otter chair squeaks.")
    [ticket] = world.wait(lambda: tickets(world, "otter chair"), "the ticket")
    card_says(world, home, f"Ticket support #{ticket['id']}", PRIVATE)
    assert len(tickets(world, "otter chair")) == 1


def test_a_solved_ticket_asks_whether_the_case_is_done(world: World) -> None:
    home = escalated(world, "nina", "The heron mirror is dull.")
    [ticket] = world.wait(lambda: tickets(world, "heron mirror"), "the ticket")
    card_says(world, home, f"#{ticket['id']}", PRIVATE)
    rita(world, "solve", ticket["id"])
    thread_says(world, home, "Is the case done, too?", PRIVATE)


def test_what_comes_after_the_end_of_a_ticket_is_in_its_follow_up(world: World) -> None:
    home = escalated(world, "olga", "The ferret stool wobbles.")
    [ticket] = world.wait(lambda: tickets(world, "ferret stool"), "the ticket")
    card_says(world, home, f"#{ticket['id']}", PRIVATE)
    rita(world, "close", ticket["id"])
    world.customer("olga", "@brightleaf It fell over, tapir", visibility="direct")
    [follow_up] = world.wait(lambda: tickets(world, "tapir"), "the follow-up")
    assert follow_up["follows"] == ticket["id"]
    card_says(world, home, f"#{follow_up['id']}", PRIVATE)
