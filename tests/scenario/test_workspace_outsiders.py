"""People of other workspaces and guests, who see the cards of a shared channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from inbox.case import Status
from inbox.desk import Desk, Team
from sandbox.slack import BOT_TOKEN
from tests.slack_desk import Desk as SlackWorkspace
from tests.slack_moods import Moody
from tests.stage_fakes import CARE, PRIVATE, a_desk
from tests.workspace_stage import Stage, on_stage, typed
from workspace.client import slack_client
from workspace.door import REMEMBERED
from workspace.startup import check_channels, exposed

VERA, GUS, MIHAI = "U0VERA", "U0GUS", "U0MIHAI"
AGENCY = "T0AGENCY"


@pytest.fixture
def slack() -> Iterator[Moody]:
    with Moody() as moody:
        yield moody


def bring(stage: Stage) -> None:
    """Vera of an agency and Gus, a guest, are in the channel; a customer writes."""
    stage.slack.control("bring", user=VERA, team=AGENCY, channel=CARE)
    stage.slack.control("bring", user=GUS, channel=CARE)
    stage.customer("Where is my parcel?")


@pytest.fixture
def stage(tmp_path: Path, slack: Moody) -> Iterator[Stage]:
    with on_stage(tmp_path, mood=slack.before) as stage:
        bring(stage)
        yield stage


def claim(stage: Stage, person: str) -> None:
    assert stage.press(person, "case.claim")["ok"]


def react(stage: Stage, person: str) -> None:
    card = stage.card()
    assert stage.slack.act(person, "react", channel=CARE, ts=card["ts"], name="eyes")["ok"]


def ask(stage: Stage, person: str) -> None:
    assert stage.slack.act(person, "command", channel=CARE, text="case 1")["ok"]


def look_up(stage: Stage, person: str) -> None:
    act = {"channel": CARE, "ts": stage.card()["ts"], "callback_id": "tierdesk_case"}
    assert stage.slack.act(person, "shortcut", **act)["ok"]


def open_reply(stage: Stage, person: str) -> None:
    assert stage.press(person, "case.reply")["ok"]


Door = Callable[[Stage, str], None]


@pytest.mark.parametrize("door", [claim, react, ask, look_up, open_reply])
@pytest.mark.parametrize(
    ("person", "why"), [(VERA, "you are not of the workspace"), (GUS, "guests work here only")]
)
def test_an_outsider_is_told_at_every_door_and_nothing_is_done(
    stage: Stage, door: Door, person: str, why: str
) -> None:
    door(stage, person)

    [told] = stage.until(lambda: stage.whispers(person))
    assert why in told["text"]
    assert f"`{person}`" in told["text"]
    stage.settled()
    assert len(stage.whispers(person)) == 1
    assert stage.case().status is Status.NEW
    assert stage.slack.state(person)["views"] == []


def test_a_window_that_somebody_has_open_takes_nothing_once_they_are_a_guest(
    stage: Stage,
) -> None:
    stage.press(MIHAI, "case.reply")
    stage.window(MIHAI)
    stage.slack.control("bring", user=MIHAI, channel=CARE)
    stage.now += 2 * REMEMBERED

    stage.submit(MIHAI, text=typed("It is on its way."))

    assert "guests work here only" in str(stage.slack.state(MIHAI)["views"])
    assert stage.network.sent == []


def test_what_an_outsider_says_in_a_thread_is_answered_by_nobody(stage: Stage) -> None:
    thread = stage.card()["ts"]

    for person in (VERA, MIHAI):
        said = stage.slack.act(person, "post", channel=CARE, thread_ts=thread, text="Hello")
        assert said["ok"]

    stage.until(lambda: stage.whispers(MIHAI))
    stage.settled()
    assert stage.whispers(VERA) == []


def test_emoji_and_talk_that_are_no_orders_are_no_matter_of_the_door(stage: Stage) -> None:
    card = stage.card()["ts"]

    assert stage.slack.act(VERA, "react", channel=CARE, ts=card, name="tada")["ok"]
    assert stage.slack.act(VERA, "post", channel=CARE, text="Lunch?")["ok"]

    stage.settled()
    assert stage.whispers(VERA) == []


def with_team(desk: Desk) -> Desk:
    return replace(desk, teams={"care": Team(key="care", name="Care", members=(GUS, VERA))})


def with_agency(desk: Desk) -> Desk:
    return replace(desk, workspaces=frozenset({AGENCY}))


@pytest.mark.parametrize(
    ("settings", "person"), [(with_team, GUS), (with_team, VERA), (with_agency, VERA)]
)
def test_whom_the_settings_name_works_here(
    tmp_path: Path, settings: Callable[[Desk], Desk], person: str
) -> None:
    with on_stage(tmp_path, desk=settings(a_desk())) as stage:
        bring(stage)

        claim(stage, person)

        stage.until(lambda: stage.case().owner == person)


def test_a_guest_of_ours_is_none_of_the_agencys(tmp_path: Path) -> None:
    with on_stage(tmp_path, desk=with_agency(a_desk())) as stage:
        bring(stage)

        claim(stage, GUS)

        assert "guests work here only" in stage.until(lambda: stage.whispers(GUS))[0]["text"]


@pytest.mark.parametrize(
    ("user", "may"),
    [
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", "T0BRIGHT"]}}, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER"]}}, False),
        ({"team_id": "T0BRIGHT", "is_stranger": True}, False),
        ({"team_id": "T0BRIGHT", "is_ultra_restricted": True}, False),
        ({}, False),
    ],
)
def test_of_an_organisation_those_of_our_workspace_work_here(
    stage: Stage, slack: Moody, user: dict[str, Any], may: bool
) -> None:
    slack.gives("users.info", {"user": user})

    claim(stage, MIHAI)

    if may:
        stage.until(lambda: stage.case().owner == MIHAI)
    else:
        stage.until(lambda: stage.whispers(MIHAI))
        assert stage.case().owner is None


def test_whom_slack_does_not_tell_is_asked_to_try_again(stage: Stage, slack: Moody) -> None:
    slack.says("users.info", "internal_error")

    claim(stage, MIHAI)
    [told] = stage.until(lambda: stage.whispers(MIHAI))
    assert "Try again in a minute" in told["text"]
    assert stage.case().owner is None

    claim(stage, MIHAI)
    stage.until(lambda: stage.case().owner == MIHAI)


def test_who_was_known_works_on_while_slack_does_not_tell(stage: Stage, slack: Moody) -> None:
    claim(stage, MIHAI)
    stage.until(lambda: stage.case().owner == MIHAI)
    stage.now += timedelta(hours=1)
    slack.says("users.info", "internal_error", times=99)

    stage.press(MIHAI, "case.release")

    stage.until(lambda: stage.case().owner is None)


# --- private channels that others read ----------------------------------------------------


@pytest.fixture
def shared() -> Iterator[SlackWorkspace]:
    with SlackWorkspace() as server:
        yield server


def told(server: SlackWorkspace, desk: Desk) -> list[str]:
    """At the start; the watch says the same while it runs."""
    client = slack_client(f"{server.url}/api/", BOT_TOKEN)
    found = check_channels(client, desk)
    assert [*exposed(client, desk).values()] == found
    return found


@pytest.mark.parametrize("pending", [True, False])
def test_a_private_channel_that_is_shared_with_others_is_told(
    shared: SlackWorkspace, pending: bool
) -> None:
    shared.control("share", channel=PRIVATE, team=AGENCY, pending=pending)

    [problem] = told(shared, a_desk())

    assert f"“private” ({PRIVATE}) is shared by Slack Connect with {AGENCY}" in problem
    assert told(shared, with_agency(a_desk())) == []


def test_one_that_a_further_workspace_is_invited_to_is_told(shared: SlackWorkspace) -> None:
    shared.control("share", channel=PRIVATE, team=AGENCY)
    shared.control("share", channel=PRIVATE, team="T0THIRD", pending=True)

    assert "with T0THIRD, or" in told(shared, with_agency(a_desk()))[0]


def test_a_public_channel_may_be_shared(shared: SlackWorkspace) -> None:
    shared.control("share", channel=CARE, team=AGENCY)

    assert told(shared, a_desk()) == []


def test_a_share_of_which_slack_names_nobody_is_told_as_well(tmp_path: Path, slack: Moody) -> None:
    with on_stage(tmp_path, mood=slack.before) as stage:
        open_to_some = {"is_private": True, "is_pending_ext_shared": True}
        slack.gives("conversations.info", {"channel": open_to_some}, times=9)

        assert "with another workspace" in str(exposed(stage.client, with_agency(a_desk())))
