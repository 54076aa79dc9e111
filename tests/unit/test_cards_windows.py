"""Windows keep to Slack's limits, say what they do, and keep what was typed."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from inbox.case import Afterwards
from inbox.clearance import Clearance, DataClass
from inbox.decision import Also, Explanation, Miss
from inbox.errors import Refusal
from inbox.message import Kind, Visibility
from inbox.ports import Window
from sandbox.slack.blocks import validate_view
from tests.case_views import AT, a_case, a_decision, a_lens, a_stored, a_view
from tests.stage_fakes import an_author
from workspace.blocks import Block
from workspace.explanation import why_window
from workspace.mrkdwn import size
from workspace.reply_window import Note, Typed, Ways, first_place, noted, reply_window, typed
from workspace.windows import (
    About,
    about,
    change_window,
    close_window,
    escalate_window,
    private_window,
    snooze_window,
    swarm_window,
)

TOLD = About(case=1042, channel="care", channel_id="C0CARE", seen=3)
NOTE = Note(case=1042, channel="care", channel_id="C0CARE", seen=3)
BOTH = Ways(public=Window(), private=Window())
GONE, NO_DM = Window(why_not="The post is gone."), Window(why_not="No messages.")
HOSTILE = "<!channel> 48213 " * 500


def words_of(view: Block) -> str:
    assert validate_view(json.loads(json.dumps(view)), "modal") == []
    return json.dumps(view, ensure_ascii=False)


def a_reply(ways: Ways = BOTH, note: Note = NOTE, so_far: Typed | None = None, **more: Any) -> str:
    view = more.pop("view", a_view())
    return words_of(reply_window(view, a_lens(), ways, note, so_far or Typed(), **more))


def test_the_button_says_what_it_does() -> None:
    private = dataclasses.replace(NOTE, visibility="private")

    assert "Send in public" in a_reply()
    assert "under what Ana Popescu wrote" in a_reply()
    assert "Send privately" in a_reply(note=private)
    assert "as a message to Ana Popescu" in a_reply(note=private)


def test_a_window_with_one_way_says_why_the_other_is_closed() -> None:
    shown = a_reply(Ways(public=Window(), private=NO_DM))

    assert "No messages." in shown
    assert "reply.where" not in shown


def test_a_window_without_any_way_cannot_be_sent() -> None:
    shown = a_reply(Ways(public=GONE, private=NO_DM))

    assert '"submit"' not in shown
    assert "The post is gone." in shown
    assert "No messages." in shown


def test_a_window_says_until_when_and_what_is_worth_knowing() -> None:
    until = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
    ways = Ways(public=Window(), private=Window(until=until, note="Only one message & no more."))
    reply = a_reply(ways, dataclasses.replace(NOTE, visibility="private"))
    move = words_of(private_window(a_view(), a_lens(), TOLD, ways, invitation="Hi", note=""))

    for shown in (reply, move):
        assert f"possible until <!date^{int(until.timestamp())}^" in shown
        assert "_Only one message &amp; no more._" in shown
    assert "possible until" not in a_reply(ways)


def test_taking_private_says_why_nobody_can_be_invited() -> None:
    ways = Ways(public=Window(), private=NO_DM)
    shown = words_of(private_window(a_view(), a_lens(), TOLD, ways, invitation="Hi", note="Word"))

    assert "No messages." in shown
    assert '"invitation"' not in shown
    assert '"note"' in shown


def test_a_label_names_the_customer_as_they_are_called() -> None:
    """A label is plain text: what is escaped for it stands there so."""
    view = a_view(case=a_case(author=an_author(name="Tom & Ana_B")))
    shown = words_of(private_window(view, a_lens(), TOLD, BOTH, invitation="Hi", note=""))

    assert "Private message to Tom & Ana_B" in shown


def test_a_text_that_is_too_long_for_the_window_is_cut_between_words_and_said_to_be() -> None:
    for text in ("wörter 😀 " * 400, "word " * 601):
        shown = a_reply(so_far=Typed(text=text))
        fields = [b["element"] for b in json.loads(shown)["blocks"] if b["type"] == "input"]
        kept = next(f["initial_value"] for f in fields if "initial_value" in f)

        assert size(kept) <= 3_000
        assert kept.endswith(" …")
        assert "cut" in shown
    assert "cut" not in a_reply(so_far=Typed(text="word " * 600))


def test_what_was_typed_stays_when_somebody_else_has_answered() -> None:
    note = dataclasses.replace(NOTE, anyway=True)
    so_far = Typed(text="my long answer", afterwards=Afterwards.KEEP)
    shown = a_reply(note=note, so_far=so_far, notice="<@U0IOANA> answered. Send yours as well?")

    assert "my long answer" in shown
    assert "Send mine too" in shown
    assert noted(json.loads(shown)["private_metadata"]) == note


def test_the_customers_words_are_masked_in_the_window() -> None:
    shown = a_reply(view=a_view(a_stored("Order 48213")))

    assert "48213" not in shown
    assert "[order number]" in shown


def test_a_private_message_is_answered_in_private() -> None:
    message = {"visibility": Visibility.PRIVATE, "kind": Kind.DM}
    view = a_view(a_stored("hello", message=message))

    assert first_place(view, BOTH) is Visibility.PRIVATE
    assert first_place(a_view(), BOTH) is Visibility.PUBLIC
    assert first_place(view, Ways(public=Window(), private=NO_DM)) is Visibility.PUBLIC
    tier = a_view(case=replace(a_case(), tier=2))
    assert first_place(tier, BOTH) is Visibility.PRIVATE


def test_what_was_typed_is_read_back() -> None:
    values = {
        "text:3": {"text": {"type": "plain_text_input", "value": "words"}},
        "afterwards": {"afterwards": {"selected_option": {"value": "close"}}},
    }

    assert typed(values) == Typed(text="words", afterwards=Afterwards.CLOSE)
    assert typed({}) == Typed()


def test_every_window_takes_any_text() -> None:
    author = an_author(name=HOSTILE, handle=HOSTILE)
    case = replace(a_case(author), tags=(HOSTILE[:300],))
    view = a_view(a_stored(HOSTILE), case=case)
    lens = a_lens()
    saved = [(f"key{n}", HOSTILE, HOSTILE) for n in range(150)]
    closed = Ways(public=Window(why_not=HOSTILE), private=Window(why_not=HOSTILE))
    told = Ways(public=Window(), private=Window(until=AT, note=HOSTILE))

    for shown in (
        a_reply(view=view, saved=saved, so_far=Typed(text=HOSTILE), notice=HOSTILE[:300]),
        *(
            words_of(private_window(view, lens, TOLD, ways, invitation=HOSTILE, note=HOSTILE))
            for ways in (BOTH, closed, told)
        ),
        words_of(escalate_window(view, TOLD)),
        words_of(swarm_window(TOLD)),
        words_of(change_window(view, TOLD)),
        words_of(snooze_window(TOLD, AT)),
        words_of(close_window(view, TOLD)),
        words_of(why_window(view, lens, "C0CARE")),
    ):
        assert shown


def test_a_window_of_another_version_is_refused_in_words() -> None:
    for metadata in ("", "{}", '{"other": 1}', "[1]"):
        with pytest.raises(Refusal, match="too old"):
            noted(metadata)
        with pytest.raises(Refusal, match="too old"):
            about(metadata)
    assert about(TOLD.dumped()) == TOLD


# --- why ---------------------------------------------------------------------------------


def an_explained(text: str = "luat banii 48213") -> Any:
    explanation = Explanation(
        because=("order number found", "topic billing (“luat banii”)"),
        not_by=(Miss(position=1, rule="Spam", failed="links is 0, less than 2"),),
        also=(Also(rule="VIP", did="added #vip", because="1,240 followers ≥ 1,000"),),
    )
    return a_view(a_stored(text, decision=a_decision(explanation=explanation)))


def test_why_names_the_rule_what_it_saw_and_why_no_other_won() -> None:
    shown = words_of(why_window(an_explained("luat banii"), a_lens(), "C0CARE"))

    for words in (
        "2 · Ordinary messages → tier 1",
        "topic billing (“luat banii”)",
        "1 · Spam: links is 0, less than 2",
        "rule “VIP” added #vip",
        "rules version 8c1f",
    ):
        assert words in shown


def test_the_customers_words_are_left_out_where_they_hold_hidden_data() -> None:
    seeing = Clearance(name="orders", shows=frozenset({DataClass.ORDER_NUMBER}))

    assert "luat banii" not in words_of(why_window(an_explained(), a_lens(), "C0CARE"))
    assert "order number found" in words_of(why_window(an_explained(), a_lens(), "C0CARE"))
    assert "luat banii" in words_of(why_window(an_explained(), a_lens(seeing), "C0CARE"))
