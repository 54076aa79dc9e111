"""What comes of a Mastodon account by polling: where it begins, and that nothing is left out."""

from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from inbox.errors import Retryable
from inbox.message import (
    Kind,
)
from sandbox.faults import Fault
from tests.house import Clock
from tests.mastodon_town import (
    BEGIN,
    Town,
    behind,
    drained,
    messages,
)


def test_the_first_poll_imports_no_history() -> None:
    town = Town()
    town.post("Before")
    with town.account() as connection:
        events, cursor = drained(connection, None)
        assert events == []
        later = town.post("After")
        events, _ = drained(connection, cursor)
        assert [event.ref.id for event in events] == [later]


def test_history_since_a_time_is_imported_oldest_first() -> None:
    town = Town()
    for number in range(50):
        town.post(f"Long ago {number}")
    written = [town.post(f"Lately {number}") for number in range(100)]
    since = town.created_at(written[0])
    with town.account(import_since=since.isoformat()) as connection:
        events, _ = drained(connection, None)
        assert [event.ref.id for event in events] == written
    with town.account(import_since="2020-01-01T00:00:00Z") as connection:
        assert len(drained(connection, None)[0]) == 150


def test_a_poll_that_fails_half_way_loses_nothing() -> None:
    town = Town()
    with town.account() as connection:
        _, cursor = drained(connection, None)
        ours = town.net.dump()[0]["id"]
        written = [town.post(f"Number {number}", in_reply_to_id=ours) for number in range(45)]
        context = "GET /api/v1/statuses/{id}/context"
        town.faults.add(Fault(target="network", method=context, kind="503"))
        with pytest.raises(Retryable):
            drained(connection, cursor)
        assert [event.ref.id for event in drained(connection, cursor)[0]] == written


def test_a_mention_that_the_server_shows_after_a_newer_one_comes_all_the_same() -> None:
    """Its workers commit in no order: what was begun earlier, with the lower id, may come later."""
    person = {"id": "9", "acct": "ana"}
    shown: list[str] = ["12"]
    asked: list[str] = []
    clock = Clock(BEGIN + timedelta(seconds=1))

    def told(id_: str) -> dict[str, object]:
        at = BEGIN.isoformat()
        status = {"account": person, "content": "hi", "visibility": "public", "created_at": at}
        return {"id": id_, "type": "mention", "created_at": at, "status": {**status, "id": id_}}

    def answer(request: Request) -> Response:
        match request.url.path.rpartition("/")[2]:
            case "verify_credentials":
                return JSONResponse({"id": "1", "acct": "brand"})
            case "notifications":
                asked.append(request.query_params["min_id"])
                return JSONResponse([told(id_) for id_ in shown if int(id_) > int(asked[-1])])
        return JSONResponse({"error": "Not found"}, 404)

    with behind(answer, clock) as connection:
        events, cursor = drained(connection, "10")
        assert [event.ref.id for event in events] == ["12"]
        shown.append("11")
        clock.advance(timedelta(minutes=1))
        events, cursor = drained(connection, cursor)
        assert [event.ref.id for event in events] == ["11"]
        assert drained(connection, cursor)[0] == []
    assert asked == ["10", "10", "12"]


def test_who_quotes_a_post_of_the_brand_is_heard_as_who_mentions_it() -> None:
    """Since Mastodon 4.5 a quote is no mention; what it quotes stands in its text as a link."""
    at, person = BEGIN.isoformat(), {"id": "9", "acct": "ana"}
    said = '<p class="quote-inline">RE: <a href="https://m.example/@brand/1">…</a></p><p>No!</p>'
    status = {"account": person, "content": said, "visibility": "public", "created_at": at}
    quote = {"id": "13", "type": "quote", "created_at": at, "status": {**status, "id": "7"}}

    def answer(request: Request) -> Response:
        match request.url.path.rpartition("/")[2]:
            case "verify_credentials":
                return JSONResponse({"id": "1", "acct": "brand"})
            case "notifications":
                wanted = "quote" in request.query_params.getlist("types[]")
                return JSONResponse([quote] if wanted else [])
        return JSONResponse({"error": "Not found"}, 404)

    with behind(answer) as connection:
        (message,) = messages(drained(connection, "1")[0])
    assert message.kind is Kind.MENTION
    assert message.text == "RE: https://m.example/@brand/1\n\nNo!"


def test_a_server_that_cannot_choose_kinds_of_notifications_opens_no_case_for_the_others() -> None:
    """Some kindred servers give all, such as what somebody wrote whom the brand follows."""
    at, person = BEGIN.isoformat(), {"id": "9", "acct": "ana"}
    status = {"account": person, "content": "hi", "visibility": "public", "created_at": at}

    def answer(request: Request) -> Response:
        match request.url.path.rpartition("/")[2]:
            case "verify_credentials":
                return JSONResponse({"id": "1", "acct": "brand"})
            case "notifications":
                kinds = ["status", "mention", "poll", "pleroma:emoji_reaction"]
                told = [
                    {
                        "id": f"1{n}",
                        "type": kind,
                        "created_at": at,
                        "status": {**status, "id": f"{n}"},
                    }
                    for n, kind in enumerate(kinds)
                ]
                return JSONResponse(told)
        return JSONResponse({"error": "Not found"}, 404)

    with behind(answer) as connection:
        assert [event.ref.id for event in drained(connection, "1")[0]] == ["1"]


def test_a_flood_is_read_once_more_at_its_end_only() -> None:
    town = Town()
    with town.account() as connection:
        _, cursor = drained(connection, None)
        written = [town.post(f"Number {number}") for number in range(410)]
        events, cursor = drained(connection, cursor)
        assert [event.ref.id for event in events] == written
        before = len(town.net.journal.calls())
        assert drained(connection, cursor)[0] == []
        assert len(town.net.journal.calls()) - before <= 3


def test_the_network_may_be_down_at_start_and_is_asked_again() -> None:
    town = Town()
    with town.account() as connection:
        town.faults.add(Fault(target="network", kind="503"))
        assert connection.poller
        with pytest.raises(Retryable):
            connection.poller.poll(None)
        assert connection.me() is None
        assert connection.poller.poll(None).events == ()
        assert connection.me() is not None


def test_a_private_message_that_the_server_filters_as_unasked_comes_all_the_same() -> None:
    town = Town()
    with town.account() as connection:
        _, cursor = drained(connection, None)
        written = town.post("@brightleaf my order is lost", visibility="direct")
        assert [event.ref.id for event in drained(connection, cursor)[0]] == [written]
