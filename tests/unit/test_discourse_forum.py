"""A forum: who reads an answer, what it refuses, its webhook."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from inbox.errors import AuthFailed, BadPayload, Rejected, Retryable, Unverified
from inbox.message import Author, Deleted, Echoed, Edited, Posted, Ref, Settled, Visibility
from inbox.ports import Approach
from integrations.discourse import integration
from tests.hosts import a_host
from tests.networks.discourse import (
    ANA,
    BRAND,
    OLGA,
    PEOPLE,
    SUE,
    TOM,
    Json,
    signed,
)
from tests.networks.discourse_town import (
    ANSWER,
    AT_ONCE,
    EVER,
    TEXT,
    Towns,
    a_reply,
    delivered,
    drained,
    first,
    in_private,
    polled_until_refused,
    texts,
    towns,
)
from tests.servers import Loopback

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

a_town = pytest.fixture(towns)


# --- who reads what --------------------------------------------------------------------------


def test_an_answer_to_a_personal_message_stays_in_it_where_nobody_else_reads(
    a_town: Towns,
) -> None:
    town = a_town()
    alone = town.net.topic("My order is lost, please help", to=BRAND)
    town.net.topic("Our order is lost, please help", to=f"{BRAND},{TOM}")
    with town.account(**AT_ONCE) as connection:
        messages = [e.message for e in drained(connection)[0] if isinstance(e, Posted)]
        assert connection.private
        for number, message in enumerate(messages):
            draft = a_reply(connection, message, f"We are looking for it, {number}.")
            sent = connection.private.message(draft, key=f"k-{number}")
            readers = town.net.topics[int(sent.ref.id.partition("/")[0])].readers
            assert readers == {ANA, BRAND}
            assert sent.ref.id.startswith(f"{alone['topic_id']}/") == (number == 0)


def test_a_colleague_may_be_in_a_personal_message_and_answers_like_staff(a_town: Towns) -> None:
    town = a_town()
    letter = town.net.topic("My order is lost, please help", to=f"{BRAND},{TOM}")
    public = town.net.topic(TEXT)
    with town.account(**AT_ONCE, team=["Tom"]) as connection:
        events, cursor = drained(connection)
        written = events[1]
        assert isinstance(written, Posted)
        assert connection.private
        sent = connection.private.message(a_reply(connection, written.message), key="k")
        assert sent.ref.id == f"{letter['topic_id']}/2"
        town.net.reply(letter["topic_id"], "We found it, says Tom", TOM)
        town.net.reply(public["topic_id"], ANSWER, TOM)
        echoes = [e for e in drained(connection, cursor)[0] if isinstance(e, Echoed)]
        assert [echo.to.handle for echo in echoes if echo.to] == [ANA, ANA]


def test_a_private_answer_to_a_public_post_is_a_new_message_with_its_title(
    a_town: Towns,
) -> None:
    town = a_town()
    town.net.topic(TEXT, title="My lamp")
    with town.account(**AT_ONCE) as connection:
        draft = in_private(connection, first(drained(connection)[0]))
        assert connection.private
        assert connection.readback
        assert connection.readback.find(draft, key="k", since=town.now) is None
        sent = connection.private.message(draft, key="k")
        topic = town.net.topics[int(sent.ref.id.partition("/")[0])]
        assert (topic.title, topic.readers) == ("Re: My lamp", frozenset({ANA, BRAND}))
        assert connection.readback.find(draft, key="k", since=town.now) == sent
        other = Author(ref=draft.to.ref.sibling("12"), handle=TOM, name="Tom")
        to_other = replace(draft, to=other)
        assert connection.readback.find(to_other, key="k", since=town.now) is None


def test_a_private_answer_reaches_who_wrote_though_their_old_name_is_anothers_now(
    a_town: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town()
    post = town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        draft = in_private(connection, first(drained(connection)[0]))
        monkeypatch.setitem(PEOPLE, "ana_p", {**PEOPLE[ANA], "username": "ana_p"})
        monkeypatch.setitem(PEOPLE, ANA, {**PEOPLE[TOM], "id": 99, "username": ANA})
        post["username"] = "ana_p"
        assert connection.private
        sent = connection.private.message(draft, key="k")
        topic = town.net.topics[int(sent.ref.id.partition("/")[0])]
        assert topic.readers == frozenset({"ana_p", BRAND})


def test_what_the_team_answered_in_the_forum_itself_is_an_echo(a_town: Towns) -> None:
    town = a_town()
    letter = town.net.topic("My order is lost, please help", to=f"{BRAND},{SUE}")
    public = town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        events, cursor = drained(connection)
        assert connection.public
        assert connection.private
        asked, written = (e.message for e in events if isinstance(e, Posted))
        connection.public.reply(a_reply(connection, asked), key="k")
        connection.private.message(a_reply(connection, written), key="k-2")
        town.net.reply(letter["topic_id"], "We found it, says Sue", SUE)
        town.net.reply(public["topic_id"], "Written in the browser", BRAND)
        echoes = [e for e in drained(connection, cursor)[0] if isinstance(e, Echoed)]
        assert texts(list(echoes)) == ["Written in the browser", "We found it, says Sue"]
        assert [echo.to.handle for echo in echoes if echo.to] == [ANA, ANA]
        assert echoes[1].message.conversation == written.conversation


# --- what the forum refuses --------------------------------------------------------------------


def test_a_short_answer_is_told_before_and_refused_in_words(a_town: Towns) -> None:
    town = a_town()
    town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        message = first(drained(connection)[0])
        assert connection.windows
        assert connection.public
        approach = Approach(visibility=Visibility.PUBLIC, to=message.author, target=message)
        assert "20 characters" in (connection.windows.look(approach, at=town.now).note or "")
        with pytest.raises(Rejected, match="less than 20 characters"):
            connection.public.reply(a_reply(connection, message, "Thanks!"), key="k")
        assert "POST /posts.json" not in town.net.calls


def test_a_closed_topic_is_refused_and_does_not_stop_the_account(a_town: Towns) -> None:
    town = a_town()
    post = town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        message = first(drained(connection)[0])
        town.net.topics[post["topic_id"]].closed = True
        assert connection.public
        with pytest.raises(Rejected, match="closed"):
            connection.public.reply(a_reply(connection, message), key="k")
    with town.account(key="wrong") as connection:
        assert connection.public
        with pytest.raises(AuthFailed):
            connection.public.reply(a_reply(connection, message), key="k")


def test_an_answer_that_waits_for_approval_is_not_taken_for_sent(a_town: Towns) -> None:
    town = a_town(held=True)
    town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        message = first(drained(connection)[0])
        assert connection.public
        with pytest.raises(Rejected, match="moderator approves"):
            connection.public.reply(a_reply(connection, message), key="k")


def test_a_reader_who_takes_no_messages_is_refused_in_words(a_town: Towns) -> None:
    town = a_town()
    post = town.net.topic(TEXT)
    with town.account(**AT_ONCE) as connection:
        draft = in_private(connection, first(drained(connection)[0]))
        post["username"] = "somebody-whom-nobody-can-write-to"
        assert connection.private
        with pytest.raises(Rejected, match="no personal messages"):
            connection.private.message(draft, key="k")


@pytest.mark.parametrize(
    "answer",
    [
        Response(status_code=301, headers={"Location": "https://new.forum.example/"}),
        Response("<h1>404: no such site</h1>", 404, media_type="text/html"),
        Response("<h1>400: plain HTTP to a TLS port</h1>", 400, media_type="text/html"),
    ],
)
def test_an_answer_that_the_forum_did_not_give_calls_nothing_deleted(answer: Response) -> None:
    async def proxy(_: HttpRequest) -> Response:
        return answer

    with Loopback(Starlette(routes=[Route("/{path:path}", proxy)])) as server:
        data = {"base_url": server.url, "username": BRAND}
        secrets = {"DISCOURSE_CARE_API_KEY": "k"}
        connection = integration.connect("care", data, secrets, host=a_host(lambda: NOON))
        assert connection.inspector
        for place in ("7/1", "7/2"):
            with pytest.raises(Rejected):
                connection.inspector.look([Ref("discourse", "care", place)])
        connection.close()


def test_polls_leave_a_part_of_the_limit_to_answers(a_town: Towns) -> None:
    town = a_town()
    town.net.topic(TEXT)
    with town.account(**AT_ONCE, requests_per_minute=60) as connection:
        events, cursor = drained(connection)
        assert connection.poller
        assert connection.public
        with pytest.raises(Retryable) as caught:
            polled_until_refused(connection.poller, cursor)
        assert caught.value.after == timedelta(minutes=1)
        connection.public.reply(a_reply(connection, first(events)), key="k")
        town.now += timedelta(minutes=1)
        connection.poller.poll(cursor)


# --- webhooks ----------------------------------------------------------------------------------


def test_the_webhook_brings_at_once_what_needs_no_waiting(a_town: Towns) -> None:
    town = a_town()
    with town.account(webhook=True) as connection:
        post = town.net.topic(TEXT)
        town.net.reply(post["topic_id"], ANSWER, SUE)
        town.net.reply(post["topic_id"], "I trust that, says Olga", OLGA)
        letter = town.net.topic("My order is lost, please help", to=BRAND)
        town.net.edit(letter, "My order is found, thank you")
        town.net.delete(post)
        found = delivered(connection, town)
        assert [type(event) for event in found] == [Echoed, Echoed, Posted, Edited, Deleted]
        assert found[2].ref == found[3].ref
        assert isinstance(found[3], Edited)
        assert found[3].message.visibility is Visibility.PRIVATE
        assert found[4].ref.id == f"{post['topic_id']}/1"


def test_the_webhook_and_the_poll_tell_of_the_same_message(a_town: Towns) -> None:
    town = a_town()
    with town.account(**AT_ONCE, webhook=True) as connection:
        town.net.topic(TEXT, title="My lamp")
        town.net.topic("My order is lost, please help", to=BRAND)
        assert delivered(connection, town) == drained(connection)[0]


def test_a_trusted_answer_in_a_topic_that_nobody_knows_is_left_to_the_poll(
    a_town: Towns,
) -> None:
    town = a_town()
    post = town.net.topic(TEXT)
    town.net.queue.clear()
    with town.account(**EVER, webhook=True) as connection:
        town.net.reply(post["topic_id"], ANSWER, OLGA)
        assert delivered(connection, town) == []
        assert [type(event) for event in drained(connection)[0]] == [Echoed, Settled]


@pytest.mark.parametrize("event", ["ping", "post_recovered", "user_created", "post_liked"])
def test_other_events_say_nothing(a_town: Towns, event: str) -> None:
    with a_town().account(webhook=True) as connection:
        assert connection.receiver
        request = signed(event, {"ping": "OK"})
        connection.receiver.verify(request)
        assert list(connection.receiver.parse(request)) == []


def test_a_topic_that_is_destroyed_takes_its_first_post_with_it(a_town: Towns) -> None:
    with a_town().account(webhook=True) as connection:
        assert connection.receiver
        (event,) = connection.receiver.parse(signed("topic_destroyed", {"topic": {"id": 7}}))
        assert isinstance(event, Deleted)
        assert event.ref.id == "7/1"
        with pytest.raises(BadPayload, match=r"topic\.id"):
            connection.receiver.parse(signed("topic_destroyed", {"topic": {}}))


def test_a_delivery_without_our_secret_is_refused(a_town: Towns) -> None:
    bad: Json = {"post": {}}
    with a_town().account(webhook=True) as connection:
        assert connection.receiver
        with pytest.raises(Unverified):
            connection.receiver.verify(signed("post_created", bad, secret="another"))
        with pytest.raises(BadPayload, match=r"post\.id"):
            connection.receiver.parse(signed("post_created", bad))


def test_without_a_webhook_no_secret_is_asked_for_and_with_one_it_is(a_town: Towns) -> None:
    data = {"base_url": "https://forum.example", "username": BRAND}
    key = {"DISCOURSE_CARE_API_KEY": "k"}
    assert integration.check("care", data, key) == []
    (fault,) = integration.check("care", {**data, "webhook": True}, key)
    assert "DISCOURSE_CARE_WEBHOOK_SECRET" in fault.problem
    (fault,) = integration.check("care", {**data, "wait_for_community": "soon"}, key)
    assert (fault.key, "30s" in fault.problem) == ("wait_for_community", True)
    with a_town().account() as connection:
        assert connection.receiver is None
