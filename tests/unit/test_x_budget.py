"""What X costs: every call is priced as X bills it, polls stop in time, replies have a reserve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from inbox.errors import Rejected, Retryable
from integrations.x import XSettings
from integrations.x.till import budget
from tests.x_town import Town, a_town, message_of

NO_MESSAGES: dict[str, Any] = {"direct_messages": False, "owns_app": True}


@pytest.fixture
def town() -> Iterator[Town]:
    with a_town() as town:
        yield town


def test_what_we_count_is_what_x_bills(town: Town) -> None:
    connection = town.open(search=["lamp"], owns_app=True)
    town.poll()
    town.act("ana", "message", text="Hello")
    town.write("My walrus is dark", in_reply_to_id=town.net.brand_posts["fern"])
    town.write("lamp", visibility="unmentioned")
    post, dm = (message_of(event) for event in town.poll() if "lamp" not in message_of(event).text)
    if post.kind == "dm":
        post, dm = dm, post
    assert connection.public
    assert connection.private
    assert connection.moderator
    assert connection.inspector
    connection.public.reply(town.draft(post, "Dark?"), key="1")
    connection.public.reply(town.draft(post, "See https://shop.example"), key="2")
    connection.private.message(town.draft(dm, "Yes"), key="3")
    connection.moderator.hide(post.ref)
    connection.inspector.look([post.ref])
    town.poll()
    assert town.meter.spent(town.clock().date()) == town.net.purse.bill


def test_a_link_costs_twenty_times_as_much(town: Town) -> None:
    connection = town.open(**NO_MESSAGES)
    town.poll()
    town.write("Hello")
    message = message_of(town.poll()[0])
    assert connection.public
    connection.public.reply(town.draft(message, "Look: shop.example/lamp"), key="1")
    connection.public.reply(town.draft(message, "Look at the lamp"), key="2")
    spent = [cost for what, cost, _ in town.meter.calls if what == "post"]
    assert spent == [200_000, 10_000]


def test_polls_stop_before_the_budget_ends_and_a_reply_still_goes_out(town: Town) -> None:
    connection = town.open(per_day="0.12", **NO_MESSAGES)  # ten per cent are kept for replies
    town.poll()
    town.write("Hello")
    message = message_of(town.poll()[0])
    for number in range(400):
        town.write(f"Number {number}")
    arrived = town.poll()
    assert 0 < len(arrived) < 400
    with pytest.raises(Retryable, match="kept for replies") as caught:
        town.poll()
    midnight = town.clock().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    assert caught.value.after == midnight - town.clock()
    assert town.meter.spent(town.clock().date()) <= 108_000
    assert connection.public
    connection.public.reply(town.draft(message), key="k")
    with pytest.raises(Rejected, match="budget for today"):
        connection.public.reply(town.draft(message, "And another"), key="k-2")


def test_after_midnight_polls_go_on_where_the_money_ended(town: Town) -> None:
    town.open(per_day="0.12", **NO_MESSAGES)
    town.poll()
    written = {town.write(f"Number {number}") for number in range(250)}
    first = town.poll()
    assert len(first) < 250
    events = list(first)
    for _ in range(4):
        town.clock.advance(timedelta(days=1))
        events += town.poll()
    assert {event.ref.id for event in events} == written
    assert len(events) == len(written)


def test_polls_slow_down_as_the_money_runs_out_ahead_of_its_time(town: Town) -> None:
    connection = town.open(per_day="0.12", **NO_MESSAGES)
    town.clock.time = town.clock().replace(hour=6) + timedelta(days=1)
    town.poll()
    town.clock.advance(timedelta(hours=6))
    fresh = connection.pace()
    for number in range(70):
        town.write(f"Number {number}")
    town.poll()
    assert fresh == 1.0
    assert connection.pace() > 2


def test_dollars_of_the_settings_are_counted_in_millionths() -> None:
    settings = XSettings(per_day=Decimal("3.50"), per_month=Decimal(60))
    made = budget(settings)
    assert (made.per_day, made.per_month) == (3_500_000, 60_000_000)
    assert (made.unit, made.day_zone) == ("µ$", "UTC")
