"""The product as a process: how it starts, what it says of itself, how it ends."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from slack_sdk import WebClient
from typer.testing import CliRunner

from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    OPERATIONS,
    PRIVATE,
    answer,
    comment,
    thread_says,
)
from tests.world import World
from tierdesk.cli import app as tierdesk
from tierdesk.cli.rules import app

MARKS = ("wolpertinger", "basilisk", "manticore", "4111 1111", "chimera", "jackalope")
TOKENS = ("xoxb-sandbox", "xapp-sandbox", "sandbox-signing-secret", "sandbox-brand-token")


def test_a_private_tier_in_an_open_channel_is_not_begun(tmp_path: Path) -> None:
    def swapped(settings: str) -> str:
        ids = {"C0PRIVATE": "C0MARKETING", "C0MARKETING": "C0PRIVATE"}
        return re.sub("|".join(ids), lambda found: ids[found[0]], settings)

    world = World(tmp_path, change=swapped)
    try:
        comment(world, "tom", "I was charged twice.")
        product = world.start()

        assert product.ended() == 1

        said = world.errors.read_text(encoding="utf-8")
        assert "“private” (C0MARKETING) is open to the whole workspace" in said
        assert "Make it private in Slack" in said
        assert not world.dump()["slack"]
    finally:
        world.product = None
        world.close()


def test_a_desk_that_has_worked_starts_without_one_of_its_channels(tmp_path: Path) -> None:
    """Else what customers write in that night is taken in by nobody."""
    world = World(tmp_path)
    try:
        product = world.start()
        comment(world, "tom", "Is the oak lamp in stock?")
        world.card(CARE, "oak lamp")
        assert product.stop() == 0
        leave = WebClient("xoxb-sandbox", base_url=f"{world.sandbox.url}/slack/api/")
        leave.conversations_leave(channel=CARE)

        world.start()
        comment(world, "ana", "And the birch lamp?")

        told = world.card(OPERATIONS, "slack:care refuses us")
        assert "/invite @Tierdesk" in told["text"]
    finally:
        world.close()


def test_no_line_of_its_log_holds_a_customers_word_or_a_token(tmp_path: Path) -> None:
    world = World(tmp_path, log_level="DEBUG")
    try:
        product = world.start()
        world.control(action="rate-limit", on=False)
        comment(world, "tom", "Where is my wolpertinger lamp?")
        card = world.card(CARE, "wolpertinger")
        world.fault("network", "POST /api/v1/statuses", "500")
        world.fault("slack", "chat.postMessage", "500")
        answer(world, MIHAI, card, "The basilisk is on its way.")
        thread_says(world, card, "sent by")
        comment(world, "ana", "The manticore was charged on 4111 1111 1111 1111.")
        home = world.card(PRIVATE, "manticore", KENJI)
        world.agent(KENJI, "post", channel=PRIVATE, text="A chimera?", thread_ts=home["ts"])
        world.agent(KENJI, "command", channel=PRIVATE, text="jackalope")
        thread_says(world, home, "sent automatically", PRIVATE)

        assert product.stop() == 0

        said = world.errors.read_text(encoding="utf-8")
        assert "Slack is connected" in said
        assert not [word for word in (*MARKS, *TOKENS) if word in said]
    finally:
        world.product = None
        world.close()


def test_a_token_that_is_refused_is_told_to_operations_with_what_happens_now(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, env={"MASTODON_BRIGHTLEAF_TOKEN": "revoked-token"})
    try:
        world.start()

        alert = world.card(OPERATIONS, "refuses us")

        assert "Polling mastodon:brightleaf" in alert["text"]
        assert "access token" in alert["text"]
        assert "tried every 5 minutes" in alert["text"]
        assert "revoked-token" not in alert["text"]
        assert "revoked-token" not in world.errors.read_text(encoding="utf-8")
    finally:
        world.close()


def test_the_table_of_accounts_and_the_doctor_work_beside_the_running_product(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    try:
        product = world.start()
        comment(world, "tom", "Is the oak lamp in stock?")
        world.card(CARE, "oak lamp")

        shown = CliRunner().invoke(tierdesk, ["channels", "--config", str(world.config)])
        asked = CliRunner().invoke(tierdesk, ["doctor", str(world.config)])

        assert shown.exit_code == 0, shown.output
        account, wrote = re.split(r"  +", shown.output.splitlines()[1])[0:3:2]
        assert account == "mastodon:brightleaf"
        assert wrote.endswith(" UTC")
        assert asked.exit_code == 0, asked.output
        assert "mastodon:brightleaf: the token is accepted, as @brightleaf" in asked.output

        assert product.stop() == 0
        world.product = None
        stopped = CliRunner().invoke(tierdesk, ["channels", "--config", str(world.config)])
        worked = re.split(r"  +", stopped.output.splitlines()[1])[1]
        assert worked.endswith(" UTC")
    finally:
        world.close()


def test_new_rules_are_taken_while_it_runs_and_broken_ones_are_not(tmp_path: Path) -> None:
    world = World(tmp_path)
    try:
        product = world.start()
        rules = world.config / "rules.yaml"
        good = rules.read_text(encoding="utf-8")
        new = "ordered:\n  - name: Lamps\n    when: {text: {any_words: [elm lamp]}}\n"
        new += "    then: {tier: 2, team: specialists}\n"
        rules.write_text(good.replace("ordered:\n", new, 1), encoding="utf-8")

        done = CliRunner().invoke(app, ["reload", str(world.config)])

        assert done.exit_code == 0, done.output
        assert f"Process {product.pid} uses version" in done.output
        world.card(OPERATIONS, "New rules are in use")
        comment(world, "tom", "Is the elm lamp in stock?")
        world.card(PRIVATE, "elm lamp", KENJI)

        rules.write_text("ordered: []\n", encoding="utf-8")
        os.kill(product.pid, signal.SIGHUP)

        alert = world.card(OPERATIONS, "cannot be used")
        assert "1 problem" in alert["text"]
        assert "rules in use stay" in alert["text"]
        comment(world, "tom", "And the second elm lamp?")
        world.card(PRIVATE, "second elm lamp", KENJI)
    finally:
        world.close()
