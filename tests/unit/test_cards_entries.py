"""The lines of a case's history."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from msgspec.structs import replace

from inbox.case import SYSTEM, Actor, ActorKind, Afterwards
from inbox.changes import (
    Answered,
    AnsweredElsewhere,
    Assigned,
    Bounced,
    Change,
    Claimed,
    Closed,
    Held,
    HelpdeskAnswered,
    HelpdeskChanged,
    Hidden,
    Liked,
    MessageDeleted,
    MessageEdited,
    Moved,
    NotSent,
    Received,
    Reopened,
    Snoozed,
    Swarmed,
    Woken,
)
from inbox.clearance import DataClass, Span
from inbox.facts import Findings
from inbox.message import Attachment, Kind, Visibility
from inbox.ports import TicketStatus
from sandbox.slack.blocks import text_length, validate
from tests.case_views import AT, MIHAI, RULE, a_case, a_lens, a_stored, a_view, history
from tests.stage_fakes import FakeDetector, a_ref
from workspace import ids
from workspace.blocks import Shown
from workspace.entries import MOST_LINES, Thread

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
NAMES = {"U0MIHAI": "Mihai", "U0IOANA": "Ioana"}


class Blind(FakeDetector):
    """Every look fails."""

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        return Findings(failed=("personal data",))


def a_thread(*messages: Any, changes: tuple[Change, ...] = (), watching: bool = False) -> Thread:
    view = a_view(*messages, history=history(*changes, actor=MIHAI))
    return Thread(view=view, lens=a_lens(), names=NAMES.__getitem__, watching=watching)


def line_of(thread: Thread, change: Change, **more: Any) -> str:
    shown = thread.entry(history(change, actor=more.get("actor", MIHAI))[0])
    return words_of(shown) if shown else ""


def words_of(shown: Shown | None) -> str:
    assert shown is not None
    blocks: Any = [*shown.blocks]
    assert validate(blocks, "message") == []
    assert text_length(blocks) < 13_000
    assert 0 < len(shown.text) <= 4_000
    return json.dumps([shown.text, *blocks], ensure_ascii=False)


def an_answer(text: str = "Tomorrow.", **more: Any) -> Answered:
    values: dict[str, Any] = {
        "key": "k",
        "message": a_ref("ours"),
        "url": "https://social.example/ours",
        "text": text,
        "spans": FakeDetector().detect(text).spans,
        "visibility": PUBLIC,
        "afterwards": Afterwards.WAIT,
        "automatic": False,
    }
    return Answered(**(values | more))


def test_each_event_has_its_line() -> None:
    thread = a_thread()
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="is ill")
    refused = NotSent(key="k", reason="the post is gone", text="typed", spans=(), visibility=PUBLIC)
    lines: list[tuple[Change, str]] = [
        (Received(message=a_ref("post-1"), visibility=PUBLIC), "Where is my parcel?"),
        (an_answer(), "sent by Mihai"),
        (an_answer(automatic=True), "sent automatically"),
        (moved, "Tier 1 → Tier 2 (private) by Mihai: is ill"),
        (refused, "Not sent: the post is gone"),
        (Held(key="k", item=1, reason="time-out"), "Held"),
        (Swarmed(experts=("U0IOANA",), question="Why?"), "Mihai asked"),
        (Assigned(owner="U0IOANA"), "gave the case to"),
        (Snoozed(until=AT), "on hold until"),
        (Woken(), "open again"),
        (Closed(resolution="answered"), "closed the case as answered"),
        (Reopened(), "opened the case again"),
        (Hidden(message=a_ref("post-1")), "hidden on its network, asked by Mihai"),
        (Hidden(message=a_ref("post-1"), hidden=False), "shown again on its network"),
        (Hidden(message=a_ref("post-1"), reason="no"), "Not hidden: no"),
        (Liked(message=a_ref("post-1")), "liked on its network"),
        (Liked(message=a_ref("post-1"), liked=False), "liked no more"),
        (Liked(message=a_ref("post-1"), reason="no"), "Not liked: no"),
        (MessageDeleted(message=a_ref("post-1")), "deleted a message"),
    ]

    for change, words in lines:
        assert words in line_of(thread, change)
    assert line_of(thread, Claimed(owner="U0MIHAI")) == ""


def test_only_who_is_asked_is_called() -> None:
    line = line_of(a_thread(), Swarmed(experts=("U0IOANA",), question="<!channel>?"))

    assert '"user_id": "U0IOANA"' in line
    assert "U0MIHAI" not in line
    assert '"broadcast"' not in line


def test_texts_of_all_kinds_are_masked() -> None:
    thread = a_thread(a_stored("Order 48213"))
    span = (Span(start=0, end=5, cls=DataClass.ORDER_NUMBER),)
    edited = MessageEdited(message=a_ref("post-1"), before="48213 was it", before_spans=span)
    refused = NotSent(key="k", reason="no", text="48213", spans=span, visibility=PUBLIC)

    for change in (
        Received(message=a_ref("post-1"), visibility=PUBLIC),
        an_answer("Your order 48213"),
        edited,
        refused,
        Swarmed(experts=("U0IOANA",), question="What of 48213?"),
        Moved(tier=2, channel="private", before=1, before_channel="care", reason="48213"),
    ):
        line = line_of(thread, change)
        assert "48213" not in line
        assert "[order number]" in line


def test_a_text_whose_check_had_failed_is_checked_again_before_it_is_shown() -> None:
    thread = a_thread()
    edited = MessageEdited(message=a_ref("post-1"), before="Order 48213", before_spans=())
    elsewhere = AnsweredElsewhere(
        message=a_ref("theirs"), by="Dan", url=None, text="48213", spans=(), visibility=PUBLIC
    )

    for change in (edited, elsewhere, an_answer("Order 48213", spans=())):
        assert "48213" not in line_of(thread, change)
    blind = dataclasses.replace(thread, lens=dataclasses.replace(thread.lens, detector=Blind()))
    assert "check for personal data failed" in line_of(blind, edited)
    assert "48213" not in line_of(blind, edited)


def test_what_a_helpdesk_wrote_to_the_customer_stands_in_private_channels_only() -> None:
    answer = an_answer("Your test was positive.", visibility=PRIVATE)
    bounced = Bounced(
        message=answer.message, reason="no", text=answer.text, spans=(), visibility=PRIVATE
    )
    view = a_view(history=history(answer, actor=Actor(kind=ActorKind.HELPDESK, id="Rita")))
    thread = Thread(view=view, lens=a_lens(), names=NAMES.__getitem__)

    assert "positive" not in line_of(thread, bounced, actor=SYSTEM)
    assert "did not arrive" in line_of(thread, bounced, actor=SYSTEM)
    assert "positive" in line_of(dataclasses.replace(thread, private=True), bounced, actor=SYSTEM)


def test_the_watch_channel_is_told_of_nothing_private() -> None:
    thread = a_thread(a_stored("hush", message={"kind": Kind.DM}), watching=True)
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="is ill")

    assert line_of(thread, Received(message=a_ref("post-1"), visibility=PRIVATE)) == ""
    assert line_of(thread, an_answer(visibility=PRIVATE)) == ""
    assert line_of(thread, Swarmed(experts=("U0IOANA",), question="Why?")) == ""
    assert "is ill" not in line_of(thread, moved)
    assert "Tomorrow." in line_of(thread, an_answer())
    assert "rule “Payment" in line_of(thread, replace(moved, reason="Payment data"), actor=RULE)


def test_a_new_thread_begins_with_the_history_before_the_move_and_is_bounded() -> None:
    messages = [a_stored(f"message {n} end", n) for n in range(40)]
    received = [Received(message=a_ref(f"post-{n}"), visibility=PUBLIC) for n in range(40)]
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="x")
    thread = a_thread(*messages, changes=(*received, moved))

    shown = words_of(thread.opening(before=41))

    assert f"{40 - MOST_LINES} earlier lines left out" in shown
    assert "message 39 end" in shown
    assert "message 19 end" not in shown
    assert "Tier 1" not in shown


def test_what_can_be_sent_on_or_closed_can_be_so_from_a_thread_that_begins_with_it() -> None:
    answered = HelpdeskAnswered(
        desk="support", ticket="7", entry="1", author="Ada", text="It is on its way.", spans=()
    )
    solved = HelpdeskChanged(
        desk="support", ticket="7", status=TicketStatus.SOLVED, as_of=AT, asks=True
    )
    thread = dataclasses.replace(a_thread(changes=(answered, solved, Woken())), private=True)

    shown = thread.opening(before=None)

    assert words_of(shown)
    assert [pressed(block) for block in (shown.blocks if shown else ())] == [
        None,
        [ids.SEND_ON],
        None,
        [ids.CLOSE_SOLVED, ids.KEEP_OPEN],
        None,
    ]


def pressed(block: Any) -> list[str] | None:
    if block["type"] != "actions":
        return None
    return [element["action_id"] for element in block["elements"]]


def test_long_histories_of_long_texts_fit_into_one_message() -> None:
    messages = [a_stored("wörter 😀 " * 3000, n) for n in range(30)]
    received = [Received(message=a_ref(f"post-{n}"), visibility=PUBLIC) for n in range(30)]

    thread = a_thread(*messages, changes=tuple(received))

    assert words_of(thread.opening(before=None))
    assert "cut here" in words_of(thread.whole_text())


def test_a_history_of_many_pictures_fits_into_one_message() -> None:
    picture = Attachment(kind="image", url=f"https://cdn.example/{'x' * 600}", alt="A box. " * 40)
    many = {"attachments": (picture,) * 3}
    messages = [a_stored("wordy " * 80, n, message=many) for n in range(20)]
    received = [Received(message=a_ref(f"post-{n}"), visibility=PUBLIC) for n in range(20)]
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="why " * 250)

    pictured = a_thread(*messages, changes=tuple(received)).opening(before=None)
    pushed_about = a_thread(changes=(moved,) * 20).opening(before=None)

    assert "earlier lines left out" in words_of(pictured)
    assert "earlier lines left out" in words_of(pushed_about)


def test_a_case_of_which_nothing_is_known_has_no_opening() -> None:
    view = dataclasses.replace(a_view(), history=(), case=a_case())

    assert Thread(view=view, lens=a_lens(), names=NAMES.__getitem__).opening(before=None) is None
