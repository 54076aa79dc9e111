"""A forum: time for the community, whose answer counts, nothing lost between polls."""

from datetime import timedelta

import pytest

from inbox.errors import Retryable
from inbox.message import Echoed, Posted, Settled
from inbox.unread import reading
from sandbox.faults import Fault
from tests.networks.discourse import (
    ANA,
    BRAND,
    OLGA,
    SUE,
    TOM,
)
from tests.networks.discourse_town import (
    ANSWER,
    AT_ONCE,
    HALF_AN_HOUR,
    TEXT,
    Towns,
    drained,
    first,
    texts,
    towns,
)

a_town = pytest.fixture(towns)


# --- time for the community ------------------------------------------------------------------


def test_a_new_topic_becomes_a_message_when_nobody_answered_in_time(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        post = town.net.topic(TEXT, title="My lamp")
        events, cursor = drained(connection, cursor)
        assert events == []
        town.net.edit(post, "It flickers only on Mondays, why?")
        town.now += HALF_AN_HOUR
        events, cursor = drained(connection, cursor)
        assert texts(events) == ["My lamp\n\nIt flickers only on Mondays, why?"]
        assert drained(connection, cursor)[0] == []


@pytest.mark.parametrize("who", [SUE, OLGA])
def test_a_topic_that_staff_or_a_trusted_user_answered_is_no_case(a_town: Towns, who: str) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        post = town.net.topic(TEXT)
        other = town.net.topic("Which bulb is the right one?")
        town.net.reply(post["topic_id"], ANSWER, who)
        town.now += HALF_AN_HOUR
        events, _ = drained(connection, cursor)
        echoed, settled, asked = events
        assert isinstance(echoed, Echoed)
        assert echoed.message.author.staff
        assert echoed.message.in_reply_to == echoed.ref.sibling(f"{post['topic_id']}/1")
        assert echoed.to
        assert echoed.to.handle == ANA
        assert isinstance(settled, Settled)
        assert settled.message.text == TEXT
        assert (type(asked), asked.ref.id) == (Posted, f"{other['topic_id']}/1")


def test_a_topic_with_an_accepted_answer_is_no_case_but_a_question_after_it_is(
    a_town: Towns,
) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        post = town.net.topic(TEXT)
        town.net.reply(post["topic_id"], ANSWER, TOM)
        _, cursor = drained(connection, cursor)
        town.net.solve(post["topic_id"])
        town.now += HALF_AN_HOUR
        events, cursor = drained(connection, cursor)
        assert [(type(event), event.ref.id) for event in events] == [
            (Settled, f"{post['topic_id']}/1")
        ]
        town.net.reply(post["topic_id"], "It flickers again, what now?")
        _, cursor = drained(connection, cursor)
        town.now += HALF_AN_HOUR
        assert texts(drained(connection, cursor)[0]) == ["It flickers again, what now?"]


def test_many_topics_that_were_answered_are_kept_a_few_with_each_poll(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        assert connection.poller
        _, cursor = drained(connection)
        for number in range(25):
            post = town.net.topic(f"Why does lamp {number} flicker at night?")
            town.net.reply(post["topic_id"], ANSWER, SUE)
        counts = []
        for _ in range(6):
            page = connection.poller.poll(cursor)
            cursor = page.cursor
            counts.append(sum(isinstance(event, Settled) for event in page.events))
        assert [count for count in counts if count] == [10, 10, 5]


def test_a_topic_that_was_answered_and_deleted_is_not_kept(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        post = town.net.topic(TEXT)
        town.net.reply(post["topic_id"], ANSWER, SUE)
        town.net.delete(post)
        assert [type(event) for event in drained(connection, cursor)[0]] == [Echoed]


def test_a_topic_that_was_deleted_while_it_waited_never_comes(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        post = town.net.topic(TEXT)
        _, cursor = drained(connection, cursor)
        town.net.delete(post)
        town.now += HALF_AN_HOUR
        assert drained(connection, cursor)[0] == []


def test_what_is_private_or_said_to_us_does_not_wait(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        post = town.net.topic(TEXT)
        ours = town.net.reply(post["topic_id"], ANSWER, BRAND)
        town.net.reply(post["topic_id"], "Thank you, that did it!", to=ours["post_number"])
        town.net.reply(post["topic_id"], f"I ask @{BRAND} the same", TOM)
        town.net.topic("My order is lost, please help", to=BRAND)
        events, _ = drained(connection, cursor)
        kinds = [(type(event), event.ref.id) for event in events]
        topic = post["topic_id"]
        assert kinds == [
            (Echoed, f"{topic}/2"),
            (Posted, f"{topic}/3"),
            (Posted, f"{topic}/4"),
            (Posted, f"{topic + 1}/1"),
            (Settled, f"{topic}/1"),
        ]


# --- what counts -----------------------------------------------------------------------------


def test_what_others_say_in_a_topic_is_taken_only_where_that_is_wanted(a_town: Towns) -> None:
    town = a_town()
    post = town.net.topic(TEXT)
    town.net.reply(post["topic_id"], "Mine flickers as well", TOM)
    town.net.reply(post["topic_id"], "And on Sundays, too")
    with town.account(**AT_ONCE) as connection:
        assert texts(drained(connection)[0]) == [TEXT, "And on Sundays, too"]
    with town.account(**AT_ONCE, from_others=True) as connection:
        assert len(drained(connection)[0]) == 3


def test_a_trusted_user_asks_like_anybody_and_staff_announces(a_town: Towns) -> None:
    town = a_town()
    town.net.topic(TEXT, OLGA)
    town.net.topic("The forum moves on Monday", SUE)
    with town.account(**AT_ONCE) as connection:
        (event,) = drained(connection)[0]
        assert isinstance(event, Posted)
        assert event.message.author.staff
    with town.account(**AT_ONCE, trusted_from=5) as connection:
        assert first(drained(connection)[0]).author.staff is False
    with town.account(**AT_ONCE, trusted_from=5, trusted_users=["OLGA"]) as connection:
        assert first(drained(connection)[0]).author.staff


def test_actions_whispers_programs_hidden_posts_and_other_categories_are_not_read(
    a_town: Towns,
) -> None:
    town = a_town()
    wanted = town.net.topic(TEXT)
    topic = wanted["topic_id"]
    town.net.reply(topic, "closed this topic", SUE, post_type=3)
    town.net.reply(topic, "psst, among staff only", SUE, post_type=4)
    town.net.topic("I am the forum's own program", user_id=-1)
    town.net.topic("Hidden by the community", hidden=True)
    town.net.topic("Something else altogether", category_id=9)
    with town.account(**AT_ONCE, categories=[4]) as connection:
        assert texts(drained(connection)[0]) == [TEXT]


def test_more_than_a_page_between_polls_loses_nothing_whatever_lies_between(
    a_town: Towns,
) -> None:
    town = a_town()
    with town.account(**AT_ONCE) as connection:
        _, cursor = drained(connection)
        written = []
        for number in range(140):
            if number % 3 == 0 and number < 60:
                town.net.topic("A letter among others", TOM, to=SUE)
            written.append(f"{town.net.topic(f'Number {number} of many')['topic_id']}/1")
            if number % 20 == 0:
                letter = town.net.topic("To the brand alone", to=BRAND)
                written.append(f"{letter['topic_id']}/1")
        events, _ = drained(connection, cursor)
        assert sorted(event.ref.id for event in events) == sorted(written)


@pytest.mark.parametrize("to", ["", BRAND])
def test_a_post_that_is_shown_after_a_newer_one_comes_all_the_same(a_town: Towns, to: str) -> None:
    """What takes longer to be made has the lower id and is committed later."""
    town = a_town()
    with town.account(**AT_ONCE) as connection:
        _, cursor = drained(connection)
        late = town.net.topic("A long one with many links", to=to)["id"]
        town.net.topic("A short one", to=to)
        held = town.net.posts.pop(late)
        events, cursor = drained(connection, cursor)
        assert texts(events) == ["A short one"]
        town.net.posts[late] = held
        town.now += timedelta(minutes=5)
        events, cursor = drained(connection, cursor)
        assert texts(events) == ["A long one with many links"]
        assert drained(connection, cursor)[0] == []


def test_an_older_forum_lists_the_post_of_before_too_and_nothing_is_lost_or_asked_for_ever(
    a_town: Towns,
) -> None:
    town = a_town(with_it=True)
    early = [town.net.topic(f"Number {number}") for number in range(3)]
    with town.account(**AT_ONCE) as connection:
        events, cursor = drained(connection)
        assert [event.ref.id for event in events] == [f"{one['topic_id']}/1" for one in early]
        later = town.net.topic("The fourth")
        events, _ = drained(connection, cursor)
        assert [event.ref.id for event in events] == [f"{later['topic_id']}/1"]


def test_what_cannot_be_read_among_more_than_a_page_loses_nothing_else(a_town: Towns) -> None:
    town = a_town()
    with town.account(**AT_ONCE) as connection:
        _, cursor = drained(connection)
        written = [f"Number {number} of many" for number in range(70)]
        for text in written:
            town.net.topic(text)
        town.net.topic("By nobody that is known", user_id=None)
        assert texts(drained(connection, cursor)[0]) == written


def test_history_is_imported_since_a_time_or_not_at_all(a_town: Towns) -> None:
    town = a_town()
    for number in range(60):
        town.net.topic(f"Long ago {number}")
    town.now += timedelta(days=1)
    since = town.now.isoformat()
    town.net.topic("Lately in public")
    town.net.topic("Lately in private", to=BRAND)
    with town.account() as connection:
        assert drained(connection)[0] == []
    with town.account(wait_for_community="0s", import_since=since) as connection:
        assert texts(drained(connection)[0]) == ["Lately in public", "Lately in private"]


def test_what_cannot_be_read_is_left_out_and_holds_up_nothing(
    a_town: Towns, caplog: pytest.LogCaptureFixture
) -> None:
    town = a_town()
    town.net.topic(TEXT)
    town.net.extra.append({"id": 9999, "cooked": 5, "username": "secret-text"})
    with town.account(**AT_ONCE) as connection, reading() as unread:
        assert texts(drained(connection)[0]) == [TEXT]
    assert unread.entries >= 1  # in each poll anew
    assert "secret-text" not in caplog.text


def test_a_poll_that_fails_half_way_loses_nothing(a_town: Towns) -> None:
    town = a_town()
    town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        assert connection.poller
        cursor = connection.poller.poll(None).cursor
        town.net.faults.add(Fault(target="network", method="/private-posts.json", kind="503"))
        with pytest.raises(Retryable):
            drained(connection, cursor)
        assert texts(drained(connection, cursor)[0]) == [TEXT]
