"""Cards and history in Slack: once, in place, and only where they may be seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from inbox import deliveries, deskwork
from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain
from inbox.outbox import Alert, NewItem, ShowCard, ShowEntry, State, Whisper, slack_lane
from inbox.record import show_card
from sandbox.faults import Fault
from tests.stage_fakes import CARE, MARKETING, OPERATIONS, PRIVATE
from tests.workspace_stage import Stage, on_stage, written


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


def fault(stage: Stage, kind: str, method: str = "chat.postMessage", **more: Any) -> None:
    stage.slack.faults.add(
        Fault(target="slack", method=method, kind=kind, times=1, retry_after=3, delay=0, **more)
    )


def a_leased_card(stage: Stage) -> Any:
    """A customer has written; the order to show the card is leased and not yet carried out."""
    drain, stage.drain = stage.drain, lambda: None  # type: ignore[method-assign]
    stage.customer("Where is my parcel?")
    stage.drain = drain  # type: ignore[method-assign]
    return next(item for item in stage.lease() if isinstance(item.effect, ShowCard))


@pytest.mark.parametrize("kind", ["reset_after", "500"])
def test_a_card_whose_outcome_is_unknown_is_looked_for_before_it_is_posted(
    stage: Stage, kind: str
) -> None:
    item = a_leased_card(stage)
    fault(stage, kind)

    with pytest.raises(Uncertain):
        stage.notifier.deliver(item)
    stage.settle(replace(item, maybe_done=True, attempts=2, first_tried=stage.now))

    assert len(stage.cards()) == 1


def test_a_card_that_stands_is_found_by_its_metadata(stage: Stage) -> None:
    item = a_leased_card(stage)

    first = stage.notifier.deliver(item)
    again = stage.notifier.deliver(replace(item, maybe_done=True, first_tried=stage.now))

    assert first == again
    assert len(stage.cards()) == 1


def test_slacks_wait_is_passed_on(stage: Stage) -> None:
    item = a_leased_card(stage)
    fault(stage, "429")

    with pytest.raises(Retryable) as raised:
        stage.notifier.deliver(item)

    assert raised.value.after is not None
    assert raised.value.after.total_seconds() == 3


def test_a_revoked_token_is_told_as_such(stage: Stage) -> None:
    item = a_leased_card(stage)
    stage.slack.control("revoke")

    with pytest.raises(AuthFailed):
        stage.notifier.deliver(item)


def test_what_a_channel_did_not_take_is_shown_once_it_takes_it_again(stage: Stage) -> None:
    """Whoever wrote while the bot was out of the channel would never be seen."""
    item = a_leased_card(stage)
    stage.client.conversations_leave(channel=CARE)

    with pytest.raises(AuthFailed, match="/invite") as raised:
        stage.notifier.deliver(item)
    assert deliveries.judge(item, raised.value, at=stage.now).state is State.QUEUED

    stage.client.conversations_join(channel=CARE)
    stage.settle(replace(item, attempts=2))
    assert len([card for card in stage.cards() if card["bot_id"]]) == 1


def test_a_card_deleted_by_hand_is_posted_anew(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.client.chat_delete(channel=CARE, ts=stage.card()["ts"])

    number = stage.number()
    stage.writer.run(
        lambda unit: deskwork.claim(
            unit, stage.desk, number, "U0MIHAI", seen_in="care", at=stage.now
        )
    )
    stage.drain()

    assert len(stage.cards()) == 1
    assert "Claimed by" in written(stage.card())


def test_further_messages_edits_and_deletions_come_into_the_thread(stage: Stage) -> None:
    first = stage.customer("Where is my parcel?")
    stage.customer("It is late.")
    stage.edit(first, "Where is my lamp?")
    stage.delete(first)

    lines = [written(line) for line in stage.thread()]
    assert len(stage.cards()) == 1
    assert ["It is late." in lines[0], "edited" in lines[1], "deleted" in lines[2]] == [True] * 3
    assert "Where is my lamp?" in written(stage.card())
    assert "deleted on Mastodon" in written(stage.card())


def test_a_text_too_long_for_the_card_stands_in_the_thread(stage: Stage) -> None:
    stage.customer("word " * 1000 + "end")

    assert "all in the thread" in written(stage.card())
    assert "word end" in written(stage.thread()[0])


def test_a_case_that_moves_leaves_a_link_and_takes_its_history_along(stage: Stage) -> None:
    stage.customer("My order 48213 is late")
    stage.customer("Again: 48213!")
    move(stage)

    left, taken = written(stage.card(CARE)), written(stage.card(PRIVATE))
    assert "moved to a private channel" in left
    for word in ("Ana", "order", "needs an invoice"):
        assert word not in left
    assert "48213" in taken
    thread = [written(line) for line in stage.thread(PRIVATE)]
    assert "Again: 48213!" in thread[0]
    assert "needs an invoice" in thread[1]
    assert len(thread) == 2


def test_of_a_private_card_slack_can_preview_nothing_elsewhere(stage: Stage) -> None:
    """It may do so of any link to a message; a button's address it leaves alone."""
    stage.customer("My order 48213 is late")
    move(stage)
    for channel in ("care", "operations"):
        queue(stage, Alert(channel=channel, text="Look.", case=stage.number()), channel)

    private = stage.card(PRIVATE)["ts"].replace(".", "")
    shown = [*stage.messages(CARE), *stage.messages(OPERATIONS)]
    previewed = [_without_addresses_of_buttons(message) for message in shown]
    assert sum(private in written(message) for message in shown) == 2
    assert not any(private in written(message) for message in previewed)


def _without_addresses_of_buttons(shown: Any) -> Any:
    if isinstance(shown, list):
        return [_without_addresses_of_buttons(part) for part in shown]
    if not isinstance(shown, dict):
        return shown
    is_button = shown.get("type") == "button"
    kept = {name: part for name, part in shown.items() if not (is_button and name == "url")}
    return {name: _without_addresses_of_buttons(part) for name, part in kept.items()}


def test_what_is_left_behind_leads_to_the_new_card_however_late_it_comes(stage: Stage) -> None:
    stage.customer("My order 48213 is late")
    move(stage, drain=False)
    waiting = sorted(stage.lease(), key=lambda item: item.lane != slack_lane("care"))
    stage.settle(waiting[0])
    assert "moved to a private channel" in written(stage.card(CARE))
    assert "Open it there" not in written(stage.card(CARE))

    for item in waiting[1:]:
        stage.settle(item)
    stage.drain()
    assert stage.card(PRIVATE)["ts"].replace(".", "") in str(stage.card(CARE)["blocks"])

    stage.client.chat_delete(channel=PRIVATE, ts=stage.card(PRIVATE)["ts"])
    show = show_card(stage.case(), "private")
    stage.writer.run(lambda unit: unit.outbox.add([show]))
    stage.drain()
    assert stage.card(PRIVATE)["ts"].replace(".", "") in str(stage.card(CARE)["blocks"])


def test_the_watch_channel_has_its_own_card_and_thread(stage: Stage) -> None:
    stage.customer("watch this, order 48213")
    stage.customer("and more")

    card = written(stage.card(MARKETING))
    assert "Watched" in card
    assert "48213" not in card
    assert "case.claim" not in card
    assert any("and more" in written(line) for line in stage.thread(MARKETING))


def test_a_new_card_draws_none_in_the_watch_channel_anew(stage: Stage) -> None:
    stage.customer("watch this, order 48213")
    stage.client.chat_delete(channel=CARE, ts=stage.card(CARE)["ts"])
    show = show_card(stage.case(), "care")
    stage.writer.run(lambda unit: unit.outbox.add([show]))

    [item] = stage.lease()
    stage.settle(item)

    assert stage.lease() == []


def test_an_alert_stands_beside_its_card_or_links_to_it(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    for channel in ("care", "operations"):
        effect = Alert(channel=channel, text="Look & see <!channel>", case=stage.number())
        queue(stage, effect, channel)

    beside, linked = stage.thread(CARE)[-1], stage.card(OPERATIONS)
    assert "&lt;!channel&gt;" in beside["text"]
    assert beside["thread_ts"] == stage.card()["ts"]
    assert "Open the case" in written(linked)
    assert stage.card()["ts"].replace(".", "") in written(linked)


def test_a_whisper_is_there_when_its_agent_comes_back(stage: Stage) -> None:
    """What only they see in a channel Slack forgets where they are not looking."""
    stage.customer("Where is my parcel?")
    quiet = Whisper(user="U0ELIF", channel="care", text="Not sent.", quote="my <words>", case=1)
    queue(stage, quiet, "care")

    [told] = stage.direct("U0ELIF")
    assert "my <words>" in written(told)
    assert stage.card()["ts"].replace(".", "") in written(told)
    assert stage.whispers("U0ELIF") == []


def test_a_whisper_reaches_its_agent_where_the_channel_is_no_more(stage: Stage) -> None:
    stage.client.conversations_archive(channel=MARKETING)
    for channel in ("marketing", "renamed"):
        lost = Whisper(user="U0KENJI", channel=channel, text="Not sent.", quote=f"my {channel}")
        queue(stage, lost, channel)

    told = [written(message) for message in stage.direct("U0KENJI")]
    assert any("my marketing" in one for one in told)
    assert any("my renamed" in one for one in told)


def test_an_archived_channel_holds_its_cards_back_and_says_what_to_do(stage: Stage) -> None:
    item = a_leased_card(stage)
    stage.client.conversations_archive(channel=CARE)

    with pytest.raises(AuthFailed, match="Unarchive it"):
        stage.notifier.deliver(item)


def test_a_line_waits_for_its_card_and_gives_up_some_time(stage: Stage) -> None:
    card = a_leased_card(stage)
    entry = replace(card, effect=ShowEntry(case=stage.number(), seq=1, channel="care"))

    with pytest.raises(Retryable):
        stage.notifier.deliver(entry)
    with pytest.raises(Rejected, match="no card"):
        stage.notifier.deliver(replace(entry, attempts=9))


def move(stage: Stage, *, drain: bool = True) -> None:
    number = stage.number()
    stage.writer.run(
        lambda unit: deskwork.escalate(
            unit,
            stage.desk,
            number,
            "U0IOANA",
            2,
            "needs an invoice",
            seen_in="care",
            at=stage.now,
        )
    )
    if drain:
        stage.drain()


def queue(stage: Stage, effect: Any, channel: str) -> None:
    item = NewItem(effect=effect, lane=slack_lane(channel))
    stage.writer.run(lambda unit: unit.outbox.add([item]))
    stage.drain()


def test_a_second_order_for_the_same_card_changes_it_in_place(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    before = stage.card()["ts"]

    stage.writer.run(lambda unit: unit.outbox.add([show_card(stage.case(), "care")]))
    stage.drain()

    assert [card["ts"] for card in stage.cards()] == [before]
