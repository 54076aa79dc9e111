"""What only Reddit needs: newest pages compared, no write repeated, limits in words, modmail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain
from inbox.message import Draft, Echoed, Kind, Message, Posted, Visibility
from inbox.ports import Approach, Connection
from integrations.reddit import integration
from sandbox.faults import Fault
from tests.networks.reddit import BRAND, CLIENT, CLIENT_SECRET, PASSWORD, SUB
from tests.networks.reddit_town import NOON, Town


@pytest.fixture
def town() -> Iterator[Town]:
    with ExitStack() as opened:
        yield Town(opened)


def an_answer(message: Message, text: str = "We are on it.") -> Draft:
    return Draft(
        account=message.ref.at(),
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
        native=message.native,
    )


# --- what comes in -----------------------------------------------------------------------


def test_the_first_poll_leaves_out_what_stood_there(town: Town) -> None:
    for number in range(120):
        town.now += timedelta(seconds=1)
        town.net.comment(f"Last year {number}")
    town.open()
    assert town.poll() == []
    for name in list(town.net.things)[-60:]:
        town.net.forget(name)
    town.net.comment("Today")
    assert town.texts() == ["Today"]


def test_the_first_poll_takes_what_came_since_a_time(town: Town) -> None:
    town.net.comment("Last year")
    town.now += timedelta(hours=1)
    since = town.now.isoformat()
    town.net.comment("Today")
    town.net.letter("And in private")
    town.open(import_since=since)
    assert sorted(town.texts()) == ["Hello\n\nAnd in private", "Today"]


def test_a_newest_comment_that_is_deleted_stops_nothing(town: Town) -> None:
    town.open()
    newest = town.net.comment("Soon gone")
    town.poll()
    town.net.forget(newest)
    town.net.comment("The next one")
    assert town.texts() == ["The next one"]
    assert town.poll() == []


def test_mentions_posts_and_answers_come_once_each(town: Town) -> None:
    town.open()
    town.poll()
    town.net.mention("u/Brightleaf, is this yours?")
    town.net.post("Broken on arrival", text="In two parts.")
    town.net.comment("An answer to our post, which the inbox has as well")
    kinds = {e.message.kind: e.message for e in town.poll() if isinstance(e, Posted)}
    assert sorted(kinds) == [Kind.COMMENT, Kind.MENTION, Kind.POST]
    assert kinds[Kind.MENTION].conversation.id == "t3_zzz9"
    assert town.poll() == []


def test_posts_and_letters_are_left_out_where_the_settings_say_so(town: Town) -> None:
    town.open(posts=False, private=False)
    town.poll()
    town.net.post("Broken on arrival")
    town.net.letter("In private")
    assert town.poll() == []


def test_what_was_deleted_before_it_was_seen_does_not_come(town: Town) -> None:
    town.open()
    town.poll()
    town.net.delete(town.net.comment("Regretted"))
    assert town.poll() == []


def test_an_answer_that_was_written_on_reddit_is_told_as_one(town: Town) -> None:
    town.open(own=["Mia_from_care"])
    town.poll()
    name = town.net.comment("The lamp is dark")
    message = town.one()
    town.net.comment("We are on it.", BRAND, under=name)
    town.net.comment("So am I.", "mia_from_care", under=name)
    first, second = town.poll()
    assert isinstance(first, Echoed)
    assert isinstance(second, Echoed)
    assert first.message.in_reply_to == second.message.in_reply_to == message.ref


# --- modmail -----------------------------------------------------------------------------


def test_modmail_comes_whole_and_is_answered_in_its_conversation(town: Town) -> None:
    connection = town.open(moderator=True)
    old = town.net.mail("Of last year")
    town.poll()
    new = town.net.mail("Why was my post removed?")
    message = town.one()
    assert (message.visibility, message.conversation.id) == (Visibility.PRIVATE, f"modmail:{new}")
    town.now += timedelta(seconds=1)
    town.net.mail("A note between us", BRAND, talk=new, is_mod=True, is_internal=True)
    town.now += timedelta(seconds=1)
    town.net.mail("And the second?", talk=new)
    town.net.mail("Back again", "tom", talk=old)
    assert sorted(town.texts()) == ["And the second?", "Back again"]
    assert connection.private
    assert connection.readback
    draft = an_answer(message, "It was spam.")
    started = town.now
    assert connection.readback.find(draft, key="k-1", since=started) is None
    sent = connection.private.message(draft, key="k-1")
    assert town.net.talks[new]["mails"][-1]["body"] == "It was spam."
    found = connection.readback.find(draft, key="k-1", since=started)
    assert found
    assert found.ref == sent.ref
    assert town.poll() == []


def test_another_moderator_s_answer_in_modmail_is_told_as_one(town: Town) -> None:
    town.open(moderator=True)
    town.poll()
    talk = town.net.mail("Why was my post removed?")
    message = town.one()
    town.now += timedelta(seconds=1)
    town.net.mail("Because it was spam.", "mod_tom", talk=talk, is_mod=True)
    (event,) = town.poll()
    assert isinstance(event, Echoed)
    assert event.to == message.author


# --- answers -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["500", "503", "reset_after"])
def test_a_write_whose_end_nobody_knows_is_not_repeated_by_the_library(
    town: Town, kind: str
) -> None:
    connection = town.open()
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    town.net.faults.add(Fault(target="network", method="write", kind=kind))
    town.net.calls.clear()
    assert connection.public
    with pytest.raises(Uncertain):
        connection.public.reply(an_answer(message), key="k-1")
    assert [call for call in town.net.calls if "comment" in call] == ["POST api/comment"]


def test_a_limit_that_stands_in_words_is_retryable(town: Town) -> None:
    connection = town.open()
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    town.net.patience = "you are doing that too much. try again in 9 minutes."
    assert connection.public
    with pytest.raises(Retryable) as caught:
        connection.public.reply(an_answer(message), key="k-1")
    assert caught.value.after == timedelta(minutes=10)


def test_an_answer_that_reddit_made_and_complained_of_is_not_sent_again(town: Town) -> None:
    """It says RATELIMIT beside what it made (praw, issue 1768)."""
    connection = town.open()
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    town.net.warning = "Take a break for 11 minutes before trying again."
    assert connection.public
    sent = connection.public.reply(an_answer(message), key="k-1")
    assert sent.ref.id in town.net.things


def test_a_locked_thread_is_told_in_words(town: Town) -> None:
    connection = town.open()
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    town.net.locked.add(town.net.ours)
    assert connection.public
    with pytest.raises(Rejected, match="locked"):
        connection.public.reply(an_answer(message), key="k-1")


def test_a_private_answer_goes_on_under_the_private_message(town: Town) -> None:
    connection = town.open()
    town.poll()
    letter = town.net.letter("Where is my money?")
    message = town.one()
    assert connection.private
    sent = connection.private.message(an_answer(message), key="k-1")
    assert town.net.things[sent.ref.id]["parent_id"] == letter
    assert town.poll() == []


def test_who_takes_no_private_messages_is_told_before_and_after(town: Town) -> None:
    connection = town.open()
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    town.net.refuses_letters.add("ana")
    assert connection.windows
    assert connection.private
    approach = Approach(visibility=Visibility.PRIVATE, to=message.author, target=message)
    assert "nobody they do not know" in (connection.windows.look(approach, at=NOON).note or "")
    draft = Draft(
        account=message.ref.at(),
        conversation=connection.private.conversation_with(message.author),
        in_reply_to=None,
        about=message.ref,
        to=message.author,
        text="In private",
        visibility=Visibility.PRIVATE,
    )
    with pytest.raises(Rejected, match="few people"):
        connection.private.message(draft, key="k-1")


def test_private_messages_that_are_turned_off_are_told_before_the_answer(town: Town) -> None:
    connection = town.open(private=False, moderator=True)
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    assert connection.windows
    approach = Approach(visibility=Visibility.PRIVATE, to=message.author, target=message)
    assert "turned off" in (connection.windows.look(approach, at=NOON).why_not or "")
    assert town.open(private=False).private is None


# --- limits and logins -------------------------------------------------------------------


def test_polls_leave_the_rest_of_the_limit_to_answers(town: Town) -> None:
    connection = town.open(kept_requests=100)
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    town.net.left = 90
    assert connection.public
    connection.public.reply(an_answer(message), key="k-1")
    with pytest.raises(Retryable) as caught:
        town.poll()
    assert caught.value.after
    assert caught.value.after <= timedelta(minutes=10)
    assert connection.pace() > 1
    connection.public.reply(an_answer(message, "And another"), key="k-2")


def test_a_token_that_ended_is_asked_for_anew_without_a_word(town: Town) -> None:
    town.open()
    town.poll()
    town.net._tokens.clear()
    town.net.comment("The lamp is dark")
    assert town.texts() == ["The lamp is dark"]


def test_what_is_posted_is_in_no_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    connection = town.open()
    town.poll()
    town.net.comment("The lamp is dark")
    message = town.one()
    assert connection.public
    connection.public.reply(an_answer(message, "secret-text of ours"), key="k-1")
    assert "secret-text" not in caplog.text
    assert PASSWORD not in caplog.text


def test_subreddits_that_cannot_be_seen_stop_polls_with_a_word(town: Town) -> None:
    town.open(subreddits=["elsewhere"])
    with pytest.raises(IntegrationError, match="list"):
        town.poll()


def test_the_doctor_tells_of_name_subreddits_and_moderation(town: Town) -> None:
    def wrong(connection: Connection) -> list[str]:
        assert connection.examiner
        return [one.says for one in connection.examiner.examine() if not one.well]

    assert wrong(town.open(moderator=True)) == []
    assert "another account" in wrong(town.open(username="somebody"))[0]
    assert "elsewhere" in wrong(town.open(subreddits=[SUB, "elsewhere"]))[0]
    town.net.moderates = False
    assert "does not moderate" in wrong(town.open(moderator=True))[0]
    town.open(moderator=True)
    with pytest.raises(AuthFailed):
        town.poll()


def test_a_refresh_token_opens_the_account_as_well(town: Town) -> None:
    town.open(login="refresh_token")
    town.poll()
    town.net.comment("The lamp is dark")
    assert town.texts() == ["The lamp is dark"]
    data = {"username": BRAND, "client_id": CLIENT, "login": "refresh_token"}
    faults = integration.check("care", data, {"REDDIT_CARE_CLIENT_SECRET": CLIENT_SECRET})
    assert [fault.key for fault in faults] == ["refresh_token_env"]
