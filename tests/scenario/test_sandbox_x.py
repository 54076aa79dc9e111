"""The sandbox's X is as strict as X: who asks, what is asked for, how often, at what price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from oauthlib.oauth1 import Client
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.x import X, x
from sandbox.x.accounts import APP_BEARER, BRAND, CONSUMER_KEY, CONSUMER_SECRET, TOKENS
from tests.servers import Loopback


class Caller:
    """Somebody who calls the API with keys of OAuth 1.0a, signing as the RFC says."""

    def __init__(self, url: str, net: X, faults: Faults) -> None:
        self.url = url
        self.net = net
        self.faults = faults

    def headers(self, method: str, path: str, who: str = "1", **wrong: str) -> dict[str, str]:
        token = f"{who}-sandbox"
        keys = {
            "client_key": CONSUMER_KEY,
            "client_secret": CONSUMER_SECRET,
            "resource_owner_key": token,
            "resource_owner_secret": TOKENS[token].secret,
        }
        _, headers, _ = Client(**keys | wrong).sign(f"{self.url}{path}", http_method=method)
        return dict(headers)

    def get(self, path: str, who: str = "1", **wrong: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=self.headers("GET", path, who, **wrong))

    def send(self, method: str, path: str, body: Any, who: str = "1") -> httpx.Response:
        headers = self.headers(method, path, who)
        return httpx.request(method, f"{self.url}{path}", headers=headers, json=body)

    def act(self, who: str, kind: str = "post", **more: Any) -> str:
        done = self.net.act({"as": who, "type": kind, **more})
        assert done
        return done


@pytest.fixture
def caller() -> Iterator[Caller]:
    faults = Faults()
    net = x(Feed(), faults)
    with Loopback(Starlette(routes=[Mount("/x", routes=net.routes)])) as server:
        yield Caller(f"{server.url}/x", net, faults)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_key": "another"},
        {"client_secret": "another"},
        {"resource_owner_key": "9-sandbox"},
        {"resource_owner_secret": "another"},
        {"timestamp": "1000000000"},
    ],
)
def test_a_signature_that_is_wrong_in_anything_opens_nothing(
    caller: Caller, wrong: dict[str, str]
) -> None:
    assert caller.get("/2/users/me").status_code == 200
    refused = caller.get("/2/users/me", **wrong)
    assert (refused.status_code, refused.json()["title"]) == (401, "Unauthorized")


def test_a_signature_is_good_for_its_address_and_once(caller: Caller) -> None:
    headers = caller.headers("GET", "/2/users/me")
    assert httpx.get(f"{caller.url}/2/users/me?user.fields=id", headers=headers).status_code == 401
    assert httpx.get(f"{caller.url}/2/users/me", headers=headers).status_code == 200
    assert httpx.get(f"{caller.url}/2/users/me", headers=headers).status_code == 401


def test_the_app_alone_reads_no_messages(caller: Caller) -> None:
    headers = {"Authorization": f"Bearer {APP_BEARER}"}
    refused = httpx.get(f"{caller.url}/2/dm_events", headers=headers)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/unsupported-authentication")


def test_what_the_api_does_not_know_is_refused(caller: Caller) -> None:
    for path in (
        "/2/users/1/mentions?tweet_fields=id",
        "/2/users/1/mentions?max_results=4",
        "/2/users/1/mentions?max_results=101",
        "/2/tweets/search/recent?query=lamp&max_results=9",
        "/2/tweets/search/recent?query=" + "x" * 513,
        "/2/tweets/search/recent?query=lamp&since_id=1",
    ):
        assert caller.get(path).status_code == 400, path
    assert caller.get("/2/users/101/mentions").status_code == 403


def test_only_what_is_asked_for_is_told(caller: Caller) -> None:
    id_ = caller.act("ana", text="@brightleaf see https://shop.example")
    bare = caller.get("/2/users/1/mentions").json()
    assert set(bare["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert "includes" not in bare
    full = caller.get("/2/users/1/mentions?tweet.fields=entities&expansions=author_id").json()
    (url,) = full["data"][0]["entities"]["urls"]
    assert (full["data"][0]["id"], url["expanded_url"]) == (id_, "https://shop.example")
    assert url["url"] in full["data"][0]["text"]
    assert [user["username"] for user in full["includes"]["users"]] == ["ana"]


def test_pages_lead_to_the_end_and_an_empty_one_has_no_data(caller: Caller) -> None:
    written = [caller.act("ana", text=f"Number {number}") for number in range(12)]
    seen: list[str] = []
    token = ""
    while True:
        page = caller.get(f"/2/users/1/mentions?max_results=5{token}").json()
        seen += [one["id"] for one in page["data"]]
        if "next_token" not in page["meta"]:
            break
        token = f"&pagination_token={page['meta']['next_token']}"
    assert seen == written[::-1]
    after = caller.get(f"/2/users/1/mentions?since_id={written[-1]}").json()
    assert after == {"meta": {"result_count": 0}}


def test_what_is_gone_comes_as_an_error_beside_the_rest(caller: Caller) -> None:
    stays, gone = caller.act("ana", text="Stays"), caller.act("ana", text="Gone")
    caller.act("ana", "delete", id=gone)
    answer = caller.get(f"/2/tweets?ids={stays},{gone}")
    assert answer.status_code == 200
    assert [one["id"] for one in answer.json()["data"]] == [stays]
    assert [one["resource_id"] for one in answer.json()["errors"]] == [gone]


def test_limits_are_told_and_kept_for_each_endpoint(caller: Caller) -> None:
    for left in range(14, -1, -1):
        answer = caller.get("/2/dm_events")
        assert answer.headers["x-rate-limit-remaining"] == str(left)
    refused = caller.get("/2/dm_events")
    assert refused.status_code == 429
    assert refused.json()["type"].endswith("/rate-limit-exceeded")
    assert int(refused.headers["x-rate-limit-reset"]) > 0
    assert caller.get("/2/users/1/mentions").status_code == 200


def test_a_429_can_come_without_a_time(caller: Caller) -> None:
    caller.faults.add(Fault(target="x", kind="429", retry_after=0))
    refused = caller.get("/2/users/me")
    assert refused.status_code == 429
    assert "x-rate-limit-reset" not in refused.headers


def test_without_credits_nothing_is_answered(caller: Caller) -> None:
    caller.net.purse.credits = 10_000
    assert caller.get("/2/users/me").status_code == 200
    assert caller.get("/2/users/me").status_code == 402


@pytest.mark.parametrize(
    ("text", "status"),
    [("x" * 280, 201), ("x" * 281, 403), ("灯" * 140, 201), ("灯" * 141, 403), (" ", 400)],
)
def test_a_post_has_its_weighted_length(caller: Caller, text: str, status: int) -> None:
    assert caller.send("POST", "/2/tweets", {"text": text}).status_code == status


def test_a_reply_needs_a_summons(caller: Caller) -> None:
    def reply(to: str, text: str) -> int:
        body = {"text": text, "reply": {"in_reply_to_tweet_id": to}}
        return caller.send("POST", "/2/tweets", body).status_code

    quoted = caller.net.brand_posts["fern"]
    assert reply(caller.act("ana", text="A lamp", visibility="unmentioned"), "one") == 403
    assert reply(caller.act("ana", text="A lamp, @brightleaf"), "two") == 201
    assert (
        reply(caller.act("ana", text="A lamp", visibility="unmentioned", quotes=quoted), "three")
        == 201
    )
    assert reply(caller.act("ana", text="A lamp", in_reply_to_id=quoted), "four") == 201


def test_the_people_of_the_page_are_told_apart_from_the_api(caller: Caller) -> None:
    post = caller.act("ana", text="Hello")
    caller.send("POST", "/2/tweets", {"text": "Hi", "reply": {"in_reply_to_tweet_id": post}})
    state = httpx.get(f"{caller.url}/people/state", params={"as": "ana"}).json()
    said = {one["text"]: one["through_api"] for one in state["posts"]}
    assert said["@brightleaf Hello"] is False
    assert said["@ana Hi"] is True
    assert state["brand"]["acct"] == BRAND.acct
    assert httpx.get(f"{caller.url}/people/state", params={"as": "nobody"}).status_code == 404
    wrong = {"as": "ana", "type": "shout"}
    assert httpx.post(f"{caller.url}/people/act", json=wrong).status_code == 400


def test_a_fault_that_cuts_the_line_after_the_work_leaves_the_post(caller: Caller) -> None:
    caller.faults.add(Fault(target="x", method="POST /2/tweets", kind="reset_after"))
    with pytest.raises(httpx.RemoteProtocolError):
        caller.send("POST", "/2/tweets", {"text": "It stands"})
    assert "It stands" in [one["text"] for one in caller.net.dump()]
