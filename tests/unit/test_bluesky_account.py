"""Bluesky: answers, chats, likes, hidden replies, deletions, the rate limit."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from inbox.errors import AuthFailed, Rejected, Retryable, Unsupported
from inbox.message import Deleted, Echoed, Posted, Ref, Visibility
from inbox.ports import Approach
from tests.networks.bluesky import ANA, BRAND, GATES, LIKES, TOM
from tests.networks.bluesky_town import (
    BEGIN,
    EVER,
    Towns,
    a_reply,
    drained,
    first,
    ids,
    in_private,
    polled_until_refused,
    towns,
)

a_town = pytest.fixture(towns)


# --- answers -------------------------------------------------------------------------------


def test_an_answer_carries_links_and_mentions_as_facets(a_town: Towns) -> None:
    town = a_town()
    with town.account(**EVER) as connection:
        town.net.mention("Where?")
        message = first(drained(connection)[0])
        assert connection.public
        text = "Hier: https://shop.example/größe, @ana.test and @nobody.test"
        sent = connection.public.reply(a_reply(connection, message, text), key="k")
        features = [one["features"][0] for one in town.net.records[sent.ref.id].value["facets"]]
        assert [one.get("uri") or one["did"] for one in features] == [
            "https://shop.example/größe",
            ANA,
        ]


def test_a_repeated_key_finds_its_answer_also_after_a_restart_and_another_time(
    a_town: Towns,
) -> None:
    town = a_town()
    town.net.mention("Hello")
    sent = []
    for _ in range(2):
        with town.account(**EVER) as connection:
            message = first(drained(connection)[0])
            assert connection.public
            sent.append(connection.public.reply(a_reply(connection, message), key="k"))
            town.watch.now += timedelta(days=3)
    assert sent[0] == sent[1]
    [answer] = [one for one in town.net.records.values() if one.did == BRAND]
    assert answer.value["createdAt"] < (town.watch.now - timedelta(days=5)).isoformat()


def test_a_thread_that_takes_no_replies_says_so_before_and_when_it_is_sent(a_town: Towns) -> None:
    town = a_town()
    root = town.net.mention("Only friends here", TOM)
    gate = {"$type": GATES, "post": root, "allow": [], "createdAt": "2026-11-01T00:00:00Z"}
    town.net.write(root.replace("feed.post", "feed.threadgate"), gate)
    with town.account(**EVER) as connection:
        message = first(drained(connection)[0])
        assert connection.windows
        assert connection.public
        window = connection.windows.look(
            Approach(visibility=Visibility.PUBLIC, to=message.author, target=message), at=BEGIN
        )
        assert window.why_not
        with pytest.raises(Rejected, match="does not take replies"):
            connection.public.reply(a_reply(connection, message), key="k")


@pytest.mark.parametrize(
    ("allows", "follows", "possible"),
    [
        ("all", False, True),
        ("following", True, True),
        ("following", False, False),
        ("none", True, False),
    ],
)
def test_who_takes_no_direct_message_is_known_before_and_refused_in_words(
    a_town: Towns, allows: str, follows: bool, possible: bool
) -> None:
    town = a_town(allows={ANA: allows}, follows_us={ANA} if follows else set())
    town.net.mention("Hello")
    with town.account(**EVER) as connection:
        message = first(drained(connection)[0])
        assert connection.windows
        assert connection.private
        approach = Approach(visibility=Visibility.PRIVATE, to=message.author, target=message)
        assert (connection.windows.look(approach, at=BEGIN).why_not is None) == possible
        spoken = replace(approach, wrote_at=BEGIN)
        assert connection.windows.look(spoken, at=BEGIN).why_not is None
        draft = in_private(connection, message)
        if possible:
            assert connection.private.message(draft, key="k").ref.id.startswith("convo-ana/")
        else:
            with pytest.raises(Rejected, match="ask them to write to you first"):
                connection.private.message(draft, key="k")


def test_a_request_to_talk_is_accepted_with_the_answer(a_town: Towns) -> None:
    town = a_town(allows={})
    with town.account(**EVER) as connection:
        town.net.chats.say("May I ask something?", ANA)
        message = first(drained(connection)[0])
        assert connection.private
        assert town.net.chats.convos["convo-ana"]["status"] == "request"
        connection.private.message(a_reply(connection, message), key="k")
        assert town.net.chats.convos["convo-ana"]["status"] == "accepted"


# --- chats ---------------------------------------------------------------------------------


def test_what_the_brand_wrote_in_the_app_is_an_echo_and_what_it_took_back_is_deleted(
    a_town: Towns,
) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.chats.say("Hello", ANA)
        town.net.chats.say("From the app", BRAND, to=ANA)
        said = town.net.chats.convos["convo-ana"]["said"][-1]
        town.net.chats.note("logDeleteMessage", "convo-ana", {**said, "rev": town.net.tid()})
        town.net.chats.note("logReadConvo", "convo-ana")
        posted, echoed, deleted = drained(connection, cursor)[0]
        assert isinstance(posted, Posted)
        assert isinstance(echoed, Echoed)
        assert isinstance(deleted, Deleted)
        assert echoed.message.conversation == posted.message.conversation
        assert echoed.to
        assert echoed.to.ref.id == ANA
        assert deleted.ref == echoed.ref


def test_a_reply_that_the_brand_wrote_in_the_app_is_an_echo_and_one_of_ours_is_not(
    a_town: Towns,
) -> None:
    town = a_town()
    ours = town.net.post("News", BRAND)
    with town.account() as connection:
        _, cursor = drained(connection)
        asked = town.net.post("Does it come in blue?", under=ours)
        events, cursor = drained(connection, cursor)
        assert connection.public
        assert connection.private
        connection.public.reply(a_reply(connection, first(events)), key="k")
        connection.private.message(in_private(connection, first(events)), key="k")
        town.net.post("More news", BRAND)
        written = town.net.post("It does.", BRAND, under=asked)
        (echo,) = drained(connection, cursor)[0]
        assert isinstance(echo, Echoed)
        assert echo.ref.id == written
        assert echo.message.in_reply_to == first(events).ref
        assert echo.message.conversation == first(events).conversation


@pytest.mark.parametrize(("allows", "well"), [("all", True), ("following", False), ("none", False)])
def test_the_examination_says_who_can_write_to_the_brand(
    a_town: Towns, allows: str, well: bool
) -> None:
    town = a_town(allows={BRAND: allows})
    with town.account() as connection:
        assert connection.examiner
        checkup = connection.examiner.examine()[-1]
        assert (checkup.well, "in private" in checkup.says) == (well, True)


def test_a_group_is_not_read(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.chats.say("Psst", TOM)
        town.net.chats.convos["convo-tom"]["more"] = [town.net.profile(ANA)]
        own = town.net.chats.say("To you alone", ANA)
        assert ids(drained(connection, cursor)[0]) == [own]


def test_who_writes_again_in_a_conversation_that_we_left_is_heard(a_town: Towns) -> None:
    town = a_town()
    with town.account() as connection:
        _, cursor = drained(connection)
        town.net.chats.say("Hello?", ANA)
        left = town.net.chats.convos.pop("convo-ana")
        events, cursor = drained(connection, cursor)
        assert events == []
        town.net.chats.convos["convo-ana"] = left
        again = town.net.chats.say("Anybody there?", ANA)
        assert ids(drained(connection, cursor)[0]) == [again]


def test_a_password_without_direct_messages_holds_up_no_mention_and_says_what_to_do(
    a_town: Towns,
) -> None:
    town = a_town(chat_allowed=False)
    with town.account() as connection:
        assert connection.poller
        cursor = connection.poller.poll(None).cursor
        id_ = town.net.mention("Hello")
        page = connection.poller.poll(cursor)
        assert ids(list(page.events)) == [id_]
        page = connection.poller.poll(page.cursor)
        with pytest.raises(AuthFailed, match="direct_messages: false"):
            connection.poller.poll(page.cursor)
        town.watch.now += timedelta(minutes=11)
        with pytest.raises(AuthFailed, match="direct_messages: false"):
            connection.poller.poll(page.cursor)
        assert town.logins() == 1
        assert connection.examiner
        assert [one.well for one in connection.examiner.examine()] == [True, False]
    with town.account(direct_messages=False) as connection:
        assert connection.private is None
        drained(connection)


# --- likes, gates, deletions -----------------------------------------------------------------


def test_a_like_is_given_once_and_taken_back(a_town: Towns) -> None:
    town = a_town()
    town.net.mention("Lovely lamp")
    direct = town.net.chats.say("Lovely", ANA)
    with town.account(**EVER) as connection:
        message = first(drained(connection)[0])
        assert connection.liker
        for _ in range(2):
            connection.liker.like(message.ref)
        assert len([uri for uri in town.net.records if f"{BRAND}/{LIKES}/" in uri]) == 1
        for _ in range(2):
            connection.liker.unlike(message.ref)
        assert not [uri for uri in town.net.records if f"{BRAND}/{LIKES}/" in uri]
        with pytest.raises(Unsupported):
            connection.liker.like(message.ref.sibling(direct))


def test_a_reply_in_our_thread_is_hidden_and_shown_again_and_the_gate_keeps_the_rest(
    a_town: Towns,
) -> None:
    town = a_town()
    ours = town.net.post("News", BRAND)
    gate = ours.replace("feed.post", "feed.threadgate")
    hidden = [town.net.post(text, under=ours) for text in ("Bad", "Worse")]
    other = town.net.mention("Elsewhere", TOM)
    with town.account() as connection:
        drained(connection)
        assert connection.moderator
        for uri in (*hidden, hidden[0]):
            connection.moderator.hide(Ref("bluesky", "care", uri))
        assert town.net.records[gate].value["hiddenReplies"] == hidden
        assert town.net.records[gate].value["post"] == ours
        town.net.records[gate].value["allow"] = [{"$type": f"{GATES}#mentionRule"}]
        connection.moderator.unhide(Ref("bluesky", "care", hidden[0]))
        assert town.net.records[gate].value["hiddenReplies"] == hidden[1:]
        assert town.net.records[gate].value["allow"]
        with pytest.raises(Rejected, match="threads that the brand began"):
            connection.moderator.hide(Ref("bluesky", "care", other))


def test_what_is_gone_is_told_and_what_only_cannot_be_seen_is_not(a_town: Towns) -> None:
    town = a_town(blocks_us={TOM})
    gone, stands = town.net.mention("Gone"), town.net.mention("Stands")
    blocked, said = town.net.mention("Blocks us", TOM), town.net.chats.say("Hi", ANA)
    with town.account() as connection:
        drained(connection)
        town.net.delete(gone)
        assert connection.inspector
        refs = [Ref("bluesky", "care", id_) for id_ in (gone, stands, blocked, said)]
        found = connection.inspector.look(refs)
        assert found == [Deleted(ref=refs[0], at=town.watch.now)]


def test_the_last_of_the_rate_limit_is_kept_for_replies_and_polls_slow_down_before(
    a_town: Towns,
) -> None:
    town = a_town(limit=150)
    town.net.mention("Hello")
    with town.account(**EVER) as connection:
        events, cursor = drained(connection)
        assert connection.poller
        assert connection.public
        assert connection.pace() == 1.0
        with pytest.raises(Retryable) as caught:
            polled_until_refused(connection.poller, cursor)
        assert caught.value.after
        sent = connection.public.reply(a_reply(connection, first(events)), key="k")
        assert sent.ref.id in town.net.records
        for number in range(45):
            connection.public.reply(a_reply(connection, first(events)), key=f"k-{number}")
        assert connection.pace() > 1.0
