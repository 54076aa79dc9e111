"""What only Mastodon needs to hold: edits, what is gone, the rate limit, what it refuses."""

import socket
import time
from datetime import timedelta

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.errors import STILL_AT_WORK, Rejected, Retryable, Uncertain
from inbox.message import (
    Author,
    Deleted,
    Draft,
    Edited,
    Kind,
    Ref,
    Visibility,
)
from inbox.unread import reading
from integrations.mastodon import integration
from integrations.mastodon.convert import Post
from integrations.mastodon.server import Server
from sandbox.faults import Fault
from tests.hosts import a_host
from tests.mastodon_town import (
    BEGIN,
    Town,
    a_reply,
    behind,
    drained,
    messages,
    polled_until_refused,
)
from tests.servers import Loopback


def test_an_edit_becomes_an_event() -> None:
    town = Town()
    id_ = town.post("My lamp is drak")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        _, cursor = drained(connection, None)
        town.net.act({"as": "ana", "type": "edit", "id": id_, "text": "My lamp is dark"})
        events, _ = drained(connection, cursor)
        assert [type(event) for event in events] == [Edited]
        assert connection.inspector
        (found,) = connection.inspector.look([events[0].ref])
        assert isinstance(found, Edited)
        assert found.message.text == "My lamp is dark"


def test_what_is_gone_is_told_and_what_stands_is_not() -> None:
    town = Town()
    gone, stands = town.post("Gone"), town.post("Stands")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        events, _ = drained(connection, None)
        assert [event.ref.id for event in events] == [gone, stands]
        town.net.act({"as": "ana", "type": "delete", "id": gone})
        assert connection.inspector
        found = connection.inspector.look([event.ref for event in events])
        assert found == [Deleted(ref=events[0].ref, at=BEGIN)]


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"error": "Bad request"}, 400),
        Response("<h1>404: no such route</h1>", 404, media_type="text/html"),
    ],
)
def test_an_answer_that_mastodon_did_not_give_calls_nothing_deleted(answer: Response) -> None:
    async def proxy(_: Request) -> Response:
        return answer

    with Loopback(Starlette(routes=[Route("/{path:path}", proxy)])) as server:
        data, secrets = {"base_url": server.url}, {"MASTODON_CARE_TOKEN": "t"}
        connection = integration.connect("care", data, secrets, host=a_host(lambda: BEGIN))
        assert connection.inspector
        with pytest.raises(Rejected):
            connection.inspector.look([Ref("mastodon", "care", "7")])
        connection.close()


def test_the_kind_says_where_a_message_stands() -> None:
    town = Town()
    ours = town.net.dump()[0]["id"]
    other = town.post("A lamp!", "tom")
    town.post("Nice", in_reply_to_id=ours)
    town.post("Same here", in_reply_to_id=other)
    town.post("Psst", visibility="direct")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        kinds = [message.kind for message in messages(drained(connection, None)[0])]
        assert kinds[-4:] == [Kind.MENTION, Kind.COMMENT, Kind.REPLY, Kind.DM]


def test_an_unlisted_post_is_answered_unlisted_also_after_a_restart() -> None:
    town = Town()
    town.post("Quietly", visibility="unlisted")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        (message,) = messages(drained(connection, None)[0])
        assert message.visibility is Visibility.PUBLIC
    with town.account() as connection:
        assert connection.public
        connection.public.reply(a_reply(connection, message), key="k")
    assert town.net.dump()[-1]["visibility"] == "unlisted"


def test_a_private_message_never_hangs_under_a_public_post() -> None:
    town = Town()
    town.post("In public")
    town.post("In private", visibility="direct")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        public, direct = messages(drained(connection, None)[0])
        assert connection.private
        for number, message in enumerate((public, direct)):
            draft = replace(a_reply(connection, message), visibility=Visibility.PRIVATE)
            connection.private.message(draft, key=f"k-{number}")
    invitation, answer = town.net.dump()[-2:]
    assert (invitation["visibility"], invitation["in_reply_to_id"]) == ("direct", None)
    assert (answer["visibility"], answer["in_reply_to_id"]) == ("direct", direct.ref.id)


def test_the_last_of_the_rate_limit_is_kept_for_replies() -> None:
    town = Town(limit=25, clock=time.time)  # the library compares the reset with the real time
    town.post("Hello")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        (message,) = messages(drained(connection, None)[0])
        assert connection.poller
        assert connection.public
        with pytest.raises(Retryable) as caught:
            polled_until_refused(connection.poller)
        assert caught.value.after
        connection.public.reply(a_reply(connection, message), key="k")


def test_a_look_through_too_many_own_posts_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    town.post("Hello")
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        (message,) = messages(drained(connection, None)[0])
        for number in range(45):
            town.post(f"News {number}", "brightleaf")
        monkeypatch.setattr("integrations.mastodon.adapter._PAGES_OF_OWN", 1)
        assert connection.readback
        with pytest.raises(Uncertain):
            connection.readback.find(a_reply(connection, message), key="k", since=BEGIN)


def test_own_posts_and_what_cannot_be_read_are_left_out_and_hold_up_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    person = {"id": "9", "acct": "ana", "display_name": "Ana"}
    status = {
        "id": "7",
        "account": person,
        "content": "<p>hi</p>",
        "visibility": "public",
        "created_at": "2026-11-01T00:00:00Z",
    }
    ours = {**status, "id": "8", "account": {**person, "id": "1", "acct": "brand"}}
    bad = {**status, "id": "6", "content": 5, "created_at": "secret-text"}
    at = "2026-11-01T00:00:00Z"

    async def answer(request: Request) -> Response:
        match request.url.path.rpartition("/")[2]:
            case "verify_credentials":
                return JSONResponse({"id": "1", "acct": "brand"})
            case "notifications":
                told = [("13", ours), ("12", status), ("11", bad), ("10", None)]
                many = [
                    {"id": id_, "type": "mention", "created_at": at, "account": person, "status": s}
                    for id_, s in told
                ]
                return JSONResponse(many if request.query_params["min_id"] == "1" else [])
        return JSONResponse({"error": "Not found"}, 404)

    with Loopback(Starlette(routes=[Route("/{path:path}", answer)])) as server:
        secrets = {"MASTODON_CARE_TOKEN": "t"}
        data = {"base_url": server.url}
        connection = integration.connect("care", data, secrets, host=a_host(lambda: BEGIN))
        with reading() as unread:
            events, cursor = drained(connection, "1")
        connection.close()
    assert [event.ref.id for event in events] == ["7"]
    assert unread.entries == 1
    assert cursor.split()[-1] == "13"
    assert "secret-text" not in caplog.text
    assert connection.measure.most == 500


def test_an_unreadable_post_higher_up_in_a_thread_holds_up_no_answer_to_it() -> None:
    at, person = "2026-11-01T00:00:00Z", {"id": "9", "acct": "ana"}
    status = {"account": person, "content": "hi", "visibility": "public", "created_at": at}
    above = [{**status, "id": "5", "created_at": "0000-01-01T00:00:00Z"}, {**status, "id": "6"}]
    answer_to_it = {**status, "id": "7", "in_reply_to_id": "6"}
    told = {"id": "13", "type": "mention", "created_at": at, "status": answer_to_it}

    async def answer(request: Request) -> Response:
        match request.url.path.rpartition("/")[2]:
            case "verify_credentials":
                return JSONResponse({"id": "1", "acct": "brand"})
            case "notifications":
                return JSONResponse([told] if request.query_params["min_id"] == "1" else [])
            case "context":
                return JSONResponse({"ancestors": above, "descendants": []})
        return JSONResponse({"error": "Not found"}, 404)

    with Loopback(Starlette(routes=[Route("/{path:path}", answer)])) as server:
        data, secrets = {"base_url": server.url}, {"MASTODON_CARE_TOKEN": "t"}
        connection = integration.connect("care", data, secrets, host=a_host(lambda: BEGIN))
        (message,) = messages(drained(connection, "1")[0])
        connection.close()
    assert (message.ref.id, message.conversation.id) == ("7", "6")


def test_a_wait_that_a_server_asks_for_is_an_hour_at_most() -> None:
    town = Town(clock=time.time)
    with town.account() as connection:
        drained(connection, None)
        town.faults.add(Fault(target="network", kind="429", retry_after=999_999))
        assert connection.poller
        with pytest.raises(Retryable) as caught:
            connection.poller.poll("0")
        assert caught.value.after == timedelta(hours=1)


def test_a_post_that_was_waited_for_in_vain_is_looked_for_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.mastodon.server.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        server = Server(f"http://127.0.0.1:{deaf.getsockname()[1]}", "t", lambda: BEGIN)
        with pytest.raises(Uncertain) as caught:
            server.post(Post(status="Hello", visibility="public"), key="k")
        server.close()
    assert caught.value.after == STILL_AT_WORK


def test_a_like_without_its_scope_is_refused_in_words_and_pauses_nothing() -> None:
    town = Town()
    post = town.post("Hello @brightleaf")
    with town.account(token="sandbox-brand-read-token") as connection:
        assert connection.liker
        with pytest.raises(Rejected, match="write:favourites"):
            connection.liker.like(Ref("mastodon", "care", post))


def a_letter() -> Draft:
    ana = Author(ref=Ref("mastodon", "care", "9"), handle="ana", name="Ana")
    return Draft(
        account=ana.ref.at(),
        conversation=ana.ref.sibling("dm:9"),
        in_reply_to=None,
        to=ana,
        text="Hello",
        visibility=Visibility.PRIVATE,
    )


@pytest.mark.parametrize("status", [520, 522, 524, 525, 530, 599])
def test_what_only_a_proxy_knows_of_a_post_may_have_been_done(status: int) -> None:
    """Cloudflare's own errors: of a 524 the server behind it may have posted all the same."""
    page = Response("<h1>error</h1>", status, media_type="text/html")
    with behind(lambda _: page) as connection:
        assert connection.private
        with pytest.raises(Uncertain):
            connection.private.message(a_letter(), key="k")
        assert connection.inspector
        with pytest.raises(Retryable):
            connection.inspector.look([Ref("mastodon", "care", "7")])


def test_a_server_that_has_moved_was_given_no_post_and_says_so() -> None:
    """A redirected POST comes to the new address as a GET, which shows a list of posts."""

    def moved(request: Request) -> Response:
        if request.url.path.startswith("/new/"):
            return JSONResponse([])
        return Response(status_code=301, headers={"Location": f"/new{request.url.path}"})

    with behind(moved) as connection:
        assert connection.private
        with pytest.raises(Rejected, match="base_url"):
            connection.private.message(a_letter(), key="k")
