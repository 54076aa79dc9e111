"""Bluesky: the way back through notifications, and sessions that outlive the process."""

from datetime import timedelta

import pytest

from inbox.errors import AuthFailed, Retryable
from inbox.message import Posted, Ref
from inbox.unread import reading
from sandbox.faults import Fault
from tests.networks.bluesky import ANA, BRAND
from tests.networks.bluesky_town import EVER, LOGIN, REFRESH, Towns, drained, ids, towns

a_town = pytest.fixture(towns)


# --- notifications -------------------------------------------------------------------------


def test_the_first_poll_imports_no_history(a_town: Towns) -> None:
    town = a_town()
    town.net.mention("Before")
    town.net.chats.say("Before", ANA)
    with town.account() as connection:
        events, cursor = drained(connection)
        assert events == []
        written = [town.net.mention("After"), town.net.chats.say("After", ANA)]
        assert ids(drained(connection, cursor)[0]) == written


def test_history_since_a_time_is_imported_oldest_first(a_town: Towns) -> None:
    town = a_town()
    for number in range(60):
        town.net.mention(f"Long ago {number}")
        town.net.chats.say("Long ago", ANA)
    written = [town.net.mention(f"Lately {number}") for number in range(230)]
    said = town.net.chats.say("Lately", ANA)
    since = town.net.records[written[0]].at
    with town.account(import_since=since.isoformat()) as connection:
        assert ids(drained(connection)[0]) == [*written, said]
    with town.account(**EVER) as connection:
        assert len(drained(connection)[0]) == 290 + 61


def test_a_reply_that_is_a_mention_too_comes_once_and_every_reason_comes(a_town: Towns) -> None:
    town = a_town()
    ours = town.net.post("News", BRAND)
    strong = town.net.reply_to(ours)["parent"]
    embed = {"$type": "app.bsky.embed.record", "record": strong}
    with town.account() as connection:
        _, cursor = drained(connection)
        written = [
            town.net.mention("Hey", under=ours),
            town.net.post("Nice", under=ours),
            town.net.post("Look", embed=embed),
            town.net.mention("Hey"),
        ]
        town.net.extra.append({**town.net.told(town.net.records[written[0]]), "reason": "mention"})
        events, _ = drained(connection, cursor)
        assert ids(events) == written
        kinds = [event.message.kind.value for event in events if isinstance(event, Posted)]
        assert kinds == ["comment", "comment", "mention", "mention"]


def test_a_post_whose_writers_clock_is_late_is_not_lost(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        newer = [town.net.mention(f"On time {number}") for number in range(120)]
        events, cursor = drained(connection, cursor)
        assert ids(events) == newer
        moment = town.net.records[newer[0]].at - timedelta(milliseconds=1)
        late = town.net.mention("My clock is late", at=moment.isoformat())
        assert ids(drained(connection, cursor)[0]) == [late]


def test_a_page_that_was_not_kept_comes_again(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        assert connection.poller
        _, cursor = drained(connection)
        written = [town.net.mention(f"Number {number}") for number in range(70)]
        lost = connection.poller.poll(cursor)
        assert ids(list(lost.events)) == written[:50]
        assert ids(drained(connection, cursor)[0]) == written


def test_a_poll_that_fails_half_way_loses_nothing(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        written = [town.net.mention(f"Number {number}") for number in range(70)]
        assert connection.poller
        page = connection.poller.poll(cursor)
        town.net.faults.add(Fault(target="network", method="app.bsky.feed.getPosts", kind="503"))
        with pytest.raises(Retryable):
            connection.poller.poll(page.cursor)
        events, _ = drained(connection, page.cursor)
        assert ids([*page.events, *events]) == written


def test_after_a_restart_polling_goes_on_where_it_stopped(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
    written = [town.net.mention("One"), town.net.mention("Two"), town.net.chats.say("Three", ANA)]
    with town.account() as connection:
        assert ids(drained(connection, cursor)[0]) == written


def test_a_restart_takes_nothing_again_that_is_older_than_the_last_minutes(
    a_town: Towns,
) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        old = town.net.mention("Old")
        town.net.records[old].at += timedelta(minutes=1)
        new = town.net.mention("New")
        town.net.records[new].at += timedelta(minutes=30)
        events, cursor = drained(connection, cursor)
        assert ids(events) == [old, new]
    with town.account() as connection:
        assert old not in ids(drained(connection, cursor)[0])


def test_strangers_are_heard_though_an_old_app_wished_to_hear_of_followed_people_only(
    a_town: Towns,
) -> None:
    """No app shows this wish any more, and some servers still fulfil it."""
    town = a_town(only_followed=True)
    with town.account() as connection:
        _, cursor = drained(connection)
        written = town.net.mention("Hello from nobody whom the brand follows")
        assert ids(drained(connection, cursor)[0]) == [written]


def test_a_private_message_in_an_unknown_form_is_counted_and_holds_up_nothing(
    a_town: Towns,
) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.chats.say("In a form that nobody knows", ANA)
        town.net.chats.log[-1]["message"] = {"id": "?", "sentAt": "some day"}
        said = town.net.chats.say("In the usual one", ANA)
        with reading() as unread:
            assert ids(drained(connection, cursor)[0]) == [said]
    assert unread.entries == 1


def test_what_cannot_be_read_is_left_out_and_holds_up_nothing(
    a_town: Towns,
    caplog: pytest.LogCaptureFixture,
) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.extra.append({"uri": 5, "text": "secret-text", "indexedAt": "9", "reason": "x"})
        id_ = town.net.mention("Readable")
        with reading() as unread:
            assert ids(drained(connection, cursor)[0]) == [id_]
    assert unread.entries >= 1  # in each poll anew
    assert "secret-text" not in caplog.text


def test_a_post_that_is_gone_before_it_was_looked_at_comes_as_it_was_told_of(a_town: Towns) -> None:
    town = a_town(blocks_us={ANA})
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.mention("You cannot see me")
        (event,) = drained(connection, cursor)[0]
        assert isinstance(event, Posted)
        assert event.message.text == "You cannot see me"


# --- sessions ------------------------------------------------------------------------------


def test_a_session_outlives_the_process(a_town: Towns) -> None:
    town = a_town()
    for _ in range(3):
        with town.account() as connection:
            drained(connection)
            assert connection.me() == Ref("bluesky", "care", BRAND)
    assert town.logins() == 1


def test_a_session_that_ends_is_refreshed_without_a_login(a_town: Towns) -> None:
    town = a_town()
    town.net.access_lasts = timedelta(minutes=1)  # the library refreshes a quarter earlier
    with town.account() as connection:
        drained(connection)
    with town.account() as connection:
        drained(connection)
    assert town.logins() == 1
    assert town.net.calls.count(REFRESH) >= 2


def test_a_lost_session_is_opened_anew_but_not_again_and_again(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.end_sessions()
        with pytest.raises(AuthFailed):
            drained(connection, cursor)
        assert town.logins() == 1
        town.watch.now += timedelta(minutes=11)
        town.net.mention("Still here")
        assert len(drained(connection, cursor)[0]) == 1
        assert town.logins() == 2


def test_a_refused_password_is_not_tried_with_every_poll(a_town: Towns) -> None:
    town = a_town()
    with town.account(password="wrong") as connection:
        for _ in range(5):
            with pytest.raises(AuthFailed, match="app password"):
                drained(connection)
        assert town.logins() == 1
        town.watch.now += timedelta(minutes=11)
        with pytest.raises(AuthFailed):
            drained(connection)
        assert town.logins() == 2


def test_a_kept_session_of_another_account_is_not_used(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        drained(connection)
    with town.account(identifier=BRAND) as connection:
        drained(connection)
    assert town.logins() == 2


def test_requests_go_to_the_server_that_the_accounts_document_names(a_town: Towns) -> None:
    town = a_town()
    home = a_town()
    town.net.pds = home.url
    town.net.share_sessions_with(home.net)
    with town.account() as connection:
        drained(connection)
    assert set(town.net.calls) == {LOGIN}
    assert LOGIN not in home.net.calls
    assert home.net.calls
