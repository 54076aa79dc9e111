"""What the desk does when Slack answers as it does on its bad days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deliveries, deskwork
from inbox.errors import AuthFailed, Retryable, Uncertain
from inbox.outbox import Item, NewItem, ShowCard, State, Whisper
from tests.slack_moods import Moody
from tests.stage_fakes import OPERATIONS, a_ref, an_author
from tests.workspace_stage import Stage, on_stage, picked, written
from workspace import ids

POST, UPDATE = "chat.postMessage", "chat.update"


@pytest.fixture
def slack() -> Iterator[Moody]:
    with Moody() as moody:
        yield moody


@pytest.fixture
def stage(tmp_path: Path, slack: Moody) -> Iterator[Stage]:
    with on_stage(tmp_path, mood=slack.before) as stage:
        yield stage


def a_leased_card(stage: Stage) -> Item:
    drain, stage.drain = stage.drain, lambda: None  # type: ignore[method-assign]
    stage.customer("Where is my parcel?")
    stage.drain = drain  # type: ignore[method-assign]
    return next(item for item in stage.lease() if isinstance(item.effect, ShowCard))


def claim(stage: Stage) -> None:
    number = stage.number()
    stage.writer.run(
        lambda unit: deskwork.claim(
            unit, stage.desk, number, "U0MIHAI", seen_in="care", at=stage.now
        )
    )
    stage.drain()


def test_a_card_that_slack_could_not_take_for_hours_is_shown_once_it_can(
    stage: Stage, slack: Moody
) -> None:
    tried_long = replace(a_leased_card(stage), attempts=60, maybe_done=True, first_tried=stage.now)
    slack.says(POST, "internal_error")
    with pytest.raises(Uncertain) as raised:
        stage.notifier.deliver(tried_long)

    verdict = deliveries.judge(tried_long, raised.value, at=stage.now + timedelta(hours=5))

    assert verdict.state is State.QUEUED
    assert stage.notifier.deliver(tried_long).ref
    assert len(stage.cards()) == 1


def test_a_card_that_slack_stumbles_over_does_not_hold_up_its_channel_for_ever(
    stage: Stage, slack: Moody
) -> None:
    item = a_leased_card(stage)
    slack.stumbles(POST, over='"header"')
    attempts = range(1, 13)

    for attempt in attempts:
        tried = replace(item, attempts=attempt, maybe_done=attempt > 1, first_tried=stage.now)
        with suppress(Uncertain):
            stage.notifier.deliver(tried)

    assert len(stage.cards()) == 1
    assert "Where is my parcel?" in written(stage.card())


@pytest.mark.parametrize("status", [200, 403, 404])
def test_a_page_in_the_place_of_slacks_answer_loses_no_card(
    stage: Stage, slack: Moody, status: int
) -> None:
    item = a_leased_card(stage)
    page = "<html>Blocked. Words of a customer.</html>"
    slack.shows_page(POST, status, page)
    slack.shows_page("conversations.history", status, page)

    with pytest.raises(Uncertain) as raised:
        stage.notifier.deliver(item)
    with pytest.raises(Retryable) as looked:
        stage.notifier.deliver(replace(item, maybe_done=True, first_tried=stage.now))

    assert "customer" not in f"{raised.value} {looked.value}"


@pytest.mark.parametrize(
    "code",
    [
        "org_login_required",
        "external_channel_migrating",
        "accesslimited",
        "two_factor_setup_required",
        "team_access_not_granted",
        "access_denied",
    ],
)
def test_what_passes_by_itself_or_by_an_administrator_loses_no_card(
    stage: Stage, slack: Moody, code: str
) -> None:
    item = a_leased_card(stage)
    slack.says(POST, code)

    with pytest.raises((Retryable, AuthFailed)):
        stage.notifier.deliver(item)


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
    ],
)
def test_a_channel_that_takes_nothing_gets_its_cards_once_it_does(
    stage: Stage, slack: Moody, code: str
) -> None:
    slack.says(POST, code)
    stage.customer("Where is my parcel?")
    assert stage.cards() == []

    with stage.database.read() as unit:
        [waits, *_] = unit.outbox.undone("slack:care", limit=1)
        told = unit.outbox.undone("slack:operations", limit=9)
    assert waits.state is State.QUEUED
    assert isinstance(waits.effect, ShowCard)
    assert told == []
    assert sum("slack:care refuses us" in written(m) for m in stage.cards(OPERATIONS)) == 1


@pytest.mark.parametrize("code", ["missing_scope", "messages_tab_disabled"])
def test_who_cannot_be_written_to_directly_is_told_in_the_channel(
    stage: Stage, slack: Moody, code: str
) -> None:
    """An app of older settings may not: that holds up no card behind it."""
    slack.says(POST, code)
    whisper = Whisper(user="U0IOANA", channel="care", text="Not sent.", quote="my words")
    queued = NewItem(effect=whisper, lane="slack:care")
    stage.writer.run(lambda unit: unit.outbox.add([queued]))
    stage.customer("Where is my parcel?")

    assert "my words" in written(stage.whispers("U0IOANA")[0])
    assert len(stage.cards()) == 1


@pytest.mark.parametrize("code", ["cant_update_message", "edit_window_closed"])
def test_a_card_that_slack_lets_nobody_change_is_posted_anew(
    stage: Stage, slack: Moody, code: str
) -> None:
    stage.customer("Where is my parcel?")
    slack.says(UPDATE, code)

    claim(stage)

    assert "Claimed by" in written(stage.card())


@pytest.mark.parametrize("code", ["is_inactive", "update_failed"])
def test_a_change_that_slack_does_not_take_now_waits(stage: Stage, slack: Moody, code: str) -> None:
    stage.customer("Where is my parcel?")
    slack.says(UPDATE, code)

    claim(stage)

    with stage.database.read() as unit:
        waiting = unit.outbox.undone("slack:care", limit=9)
    assert any(isinstance(item.effect, ShowCard) for item in waiting)


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "invalid_arguments"])
def test_a_customer_whose_card_slack_finds_malformed_is_seen_in_its_plainest_form(
    stage: Stage, slack: Moody, code: str
) -> None:
    slack.says(POST, code)

    stage.customer("Where is <my> parcel?")

    shown = written(stage.card())
    assert "Where is <my> parcel?" in shown
    assert "case.reply" in shown


def test_each_case_that_slack_does_not_show_at_all_is_named_to_the_operator(
    stage: Stage, slack: Moody
) -> None:
    for author in ("u-ana", "u-dan"):
        slack.says(POST, "of_a_new_kind")
        writer = an_author(ref=a_ref(author))
        stage.customer("Where is it?", author=writer, conversation=a_ref(f"thread-{author}"))

    told = " ".join(card["text"] for card in stage.cards(OPERATIONS))
    assert "something of case 1 (slack:care): Slack refused: of_a_new_kind" in told
    assert "something of case 2 (slack:care): Slack refused: of_a_new_kind" in told


def test_a_thread_that_slack_refuses_leaves_its_card_known(stage: Stage, slack: Moody) -> None:
    drain, stage.drain = stage.drain, lambda: None  # type: ignore[method-assign]
    stage.customer("word " * 1000)
    stage.drain = drain  # type: ignore[method-assign]
    slack.gives(POST, {"ts": "1.0"})
    slack.says(POST, "restricted_action_thread_locked")

    stage.drain()

    with stage.database.read() as unit:
        assert [card.ts for card in unit.cards.of_case(1)] == ["1.0"]


def test_a_card_too_far_up_to_be_looked_for_is_shown_anew(stage: Stage, slack: Moody) -> None:
    item = replace(a_leased_card(stage), maybe_done=True, first_tried=stage.now)
    page = {"messages": [], "response_metadata": {"next_cursor": "more"}}
    slack.gives("conversations.history", page, times=99)

    assert stage.notifier.deliver(item).ref
    assert len(stage.cards()) == 1


@pytest.mark.parametrize(
    ("code", "told"), [("hash_conflict", ["Choose once more"]), ("not_found", [])]
)
def test_a_choice_in_a_window_that_changes_or_closes_is_no_fault_of_tierdesk(
    stage: Stage, slack: Moody, code: str, told: list[str]
) -> None:
    stage.customer("Where is my parcel?")
    stage.press("U0MIHAI", "case.reply")
    view = stage.window("U0MIHAI")
    slack.says("views.update", code)

    done = stage.slack.act(
        "U0MIHAI",
        "view_action",
        view_id=view["id"],
        block_id="where",
        action_id=ids.WHERE,
        values={},
        selected_option=picked("private", view)["selected_option"],
    )
    assert done["ok"]
    stage.app.listener_runner.listener_executor.shutdown(wait=True)

    said = [whisper["text"] for whisper in stage.whispers("U0MIHAI")]
    assert len(said) == len(told)
    assert all(words in text for words, text in zip(told, said, strict=True))
