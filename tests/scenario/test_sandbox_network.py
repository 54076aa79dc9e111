"""The sandbox's network, through Mastodon.py and bare HTTP as its clients use it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonInternalServerError,
    MastodonNetworkError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonUnauthorizedError,
)
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.network import Network, network
from tests.servers import Loopback

BRAND = "sandbox-brand-token"


@dataclass
class Clock:
    now: float = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Town:
    """A running network and the ways to it."""

    clock: Clock
    faults: Faults
    network: Network
    base: str
    http: httpx.Client

    def api(self, token: str = BRAND) -> Mastodon:
        return Mastodon(
            access_token=token,
            api_base_url=self.base,
            ratelimit_method="throw",
            version_check_mode="none",
            request_timeout=5,
        )

    def act(self, who: str, **given: Any) -> str:
        """Do something as a person; the id of the post that it was done to."""
        given.setdefault("type", "post")
        answer = self.http.post("/people/act", json={"as": who, **given}).json()
        assert answer["ok"], answer
        return str(answer["id"])

    def state(self, who: str) -> Any:
        return self.http.get("/people/state", params={"as": who}).json()

    def raw(self, path: str, token: str = BRAND, **params: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.get(f"/api/v1/{path}", params=params, headers=headers)

    def fail(self, kind: str, method: str = "*", times: int = 1) -> None:
        self.faults.add(Fault(target="network", method=method, kind=kind, times=times))


@pytest.fixture
def town() -> Iterator[Town]:
    with serving() as served:
        yield served


@contextmanager
def serving(**options: Any) -> Iterator[Town]:
    clock, faults = Clock(), Faults()
    served = network(Feed(), faults, clock=clock, **options)
    app = Starlette(routes=[Mount("/mastodon", routes=served.routes)])
    with Loopback(app) as server, httpx.Client(base_url=f"{server.url}/mastodon") as http:
        yield Town(clock, faults, served, f"{server.url}/mastodon", http)


def ids(page: Any) -> list[int]:
    return [int(entity["id"]) for entity in page]


def status_ids(page: Any) -> list[str]:
    return [str(notification["status"]["id"]) for notification in page]


def test_brand_knows_itself_and_the_limits_of_its_server(town: Town) -> None:
    api = town.api()
    assert api.account_verify_credentials().acct == "brightleaf"
    assert api.instance_v2().configuration.statuses.max_characters == 500
    assert api.instance_v1().configuration.statuses.characters_reserved_per_url == 23


@pytest.mark.parametrize("token", ["", "of-nobody"])
def test_call_without_a_known_token_is_unauthorized(town: Town, token: str) -> None:
    answer = town.raw("notifications", token=token)
    assert answer.status_code == 401
    assert answer.json() == {"error": "The access token is invalid"}
    with pytest.raises(MastodonUnauthorizedError):
        town.api("of-nobody").notifications()


def test_token_without_the_scope_is_forbidden(town: Town) -> None:
    with pytest.raises(MastodonAPIError, match="outside the authorized scopes"):
        town.api("sandbox-brand-read-token").status_post("hello")
    assert town.api("sandbox-brand-read-token").notifications() == []


def test_min_id_gives_the_page_right_after_the_cursor_and_loses_nothing(town: Town) -> None:
    posted = [town.act("ana", text=f"question {n}") for n in range(7)]
    api, cursor, drained = town.api(), 0, []
    while page := api.notifications(types=["mention"], min_id=cursor, limit=3):
        assert ids(page) == sorted(ids(page), reverse=True)
        drained += status_ids(page)[::-1]
        cursor = ids(page)[0]
    assert drained == posted


def test_since_id_gives_the_newest_page_and_max_id_goes_back(town: Town) -> None:
    posted = [town.act("ana", text=f"question {n}") for n in range(5)]
    api = town.api()
    oldest = ids(api.notifications())[-1]
    newest = api.notifications(since_id=oldest, limit=2)
    assert status_ids(newest) == [posted[4], posted[3]]
    older = api.notifications(max_id=ids(newest)[-1], limit=2)
    assert status_ids(older) == [posted[2], posted[1]]


def test_link_headers_lead_through_all_pages(town: Town) -> None:
    posted = [town.act("ana", text=f"question {n}") for n in range(5)]
    api = town.api()
    page, walked = api.notifications(limit=2, types=["mention"]), []
    while page:
        walked += status_ids(page)
        page = api.fetch_next(page)
    assert walked == posted[::-1]
    assert "Link" not in town.raw("notifications", min_id=2**62).headers


def test_notifications_are_filtered_by_type(town: Town) -> None:
    own = town.network.brand_posts["fern"]
    asked = town.act("ana", text="open today?")
    town.act("yuki", type="favourite", id=own)
    api = town.api()
    assert [n.type for n in api.notifications()] == ["favourite", "mention"]
    assert status_ids(api.notifications(types=["mention"])) == [asked]
    assert status_ids(api.notifications(exclude_types=["mention"])) == [own]
    one = api.notifications(types=["mention"])[0]
    assert api.notifications(one.id).status.id == one.status.id


def test_ids_of_notifications_and_statuses_are_different_growing_sequences(town: Town) -> None:
    for n in range(3):
        town.act("ana", text=f"question {n}")
    page = town.api().notifications()
    assert not set(ids(page)) & {int(s) for s in status_ids(page)}
    before = ids(page)[0]
    town.network.reset()
    town.act("ana", text="after the reset")
    assert ids(town.api().notifications(min_id=before))


def test_content_is_html_as_mastodon_makes_it(town: Town) -> None:
    shop = "https://brightleaf.example/lamps/fern-reading-lamp-brass"
    town.act("ana", text=f"@brightleaf <b>hi</b> & 'you'\nsee {shop}. #Lamp\n\nnobody@x @nobody")
    content = town.api().notifications()[0].status.content
    assert content.startswith(
        f'<p><span class="h-card" translate="no"><a href="{town.base}/@brightleaf" '
        'class="u-url mention">@<span>brightleaf</span></a></span> '
        "&lt;b&gt;hi&lt;/b&gt; &amp; &#39;you&#39;<br />see "
    )
    assert f'href="{shop}"' in content
    assert '<span class="invisible">https://</span><span class="ellipsis">' in content
    assert 'class="mention hashtag" rel="tag">#<span>Lamp</span></a></p>' in content
    assert content.endswith("<p>nobody@x @nobody</p>")


def test_reply_stands_in_the_thread_and_tells_only_whom_it_mentions(town: Town) -> None:
    question = town.act("ana", text="where is my parcel?", in_reply_to_id=fern(town))
    api = town.api()
    silent = api.status_post("Let me look.", in_reply_to_id=question)
    told = api.status_post("@ana Found it!", in_reply_to_id=question)
    context = api.status_context(question)
    assert [str(s.id) for s in context.ancestors] == [fern(town)]
    assert ids(context.descendants) == [int(silent.id), int(told.id)]
    assert status_ids(town.api("sandbox-ana-token").notifications()) == [str(told.id)]
    assert town.state("ana")["posts"][-1]["root_id"] == fern(town)


def test_same_idempotency_key_answers_the_first_status_for_an_hour(town: Town) -> None:
    api = town.api()
    first = api.status_post("one", idempotency_key="k")
    assert api.status_post("two", idempotency_key="k").id == first.id
    assert town.api("sandbox-ana-token").status_post("mine", idempotency_key="k").id != first.id
    town.clock.now += 3601
    assert api.status_post("three", idempotency_key="k").id != first.id
    keys = [s["idempotency_key"] for s in town.network.dump() if s["author"] == "brightleaf"]
    assert keys == [None, None, None, "k", "k"]


def test_direct_message_is_seen_by_its_two_people_only(town: Town) -> None:
    secret = town.act("ana", text="my order is 17", visibility="direct")
    api = town.api()
    assert api.notifications() == []  # unasked, so it is filtered
    assert [str(c.last_status.id) for c in api.conversations()] == [secret]
    for call in (api_of_tom(town).status, api_of_tom(town).status_context):
        with pytest.raises(MastodonNotFoundError, match="Record not found"):
            call(secret)
    assert town.state("tom")["dms"] == []
    assert secret not in [p["id"] for p in town.state("tom")["posts"]]
    answer = api.status_post("@ana thank you", in_reply_to_id=secret, visibility="direct")
    (thread,) = town.state("ana")["dms"]
    assert [s["id"] for s in thread["statuses"]] == [secret, str(answer.id)]


def test_deleted_post_vanishes_with_its_notification_and_takes_no_reply(town: Town) -> None:
    gone = town.act("ana", text="never mind")
    town.act("ana", type="delete", id=gone)
    api = town.api()
    assert api.notifications() == []
    with pytest.raises(MastodonNotFoundError, match="Record not found"):
        api.status(gone)
    with pytest.raises(MastodonNotFoundError, match="trying to reply to does not appear to exist"):
        api.status_post("@ana hello", in_reply_to_id=gone)
    (place,) = [p for p in town.state("ana")["posts"] if p["id"] == gone]
    assert (place["deleted"], place["text"]) == (True, "")


def test_edit_is_told_and_keeps_its_history(town: Town) -> None:
    question = town.act("ana", text="open on Saturday?")
    town.act("ana", type="edit", id=question, text="open on Sunday?")
    api = town.api()
    assert [n.type for n in api.notifications()] == ["update", "mention"]
    assert api.status(question).edited_at is not None
    assert ["Saturday" in e.content for e in api.status_history(question)] == [True, False]


def test_brand_edits_and_deletes_only_what_is_its_own(town: Town) -> None:
    api, foreign = town.api(), town.act("ana", text="mine")
    own = api.status_post("first wording")
    assert "second" in api.status_update(own, "second wording").content
    assert api.status_source(own).text == "second wording"
    api.status_delete(own)
    with pytest.raises(MastodonNotFoundError):
        api.status(own)
    with pytest.raises(MastodonAPIError, match="not allowed"):
        api.status_delete(foreign)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 500,
        "https://brightleaf.example/" + "x" * 400 + " " + "y" * 476,
        "@ana@a-server-far-away.example " + "y" * 495,
        "👩‍👩‍👧‍👦" * 500,
        "e\u0301" * 500,
    ],
)
def test_length_is_counted_as_mastodon_counts(town: Town, text: str) -> None:
    api = town.api()
    assert api.status_post(text)
    with pytest.raises(MastodonAPIError, match="character limit of 500 exceeded"):
        api.status_post(text + "!")


def test_empty_text_and_unknown_visibility_are_refused(town: Town) -> None:
    with pytest.raises(MastodonAPIError, match="can't be blank"):
        town.api().status_post(" ")
    headers = {"Authorization": f"Bearer {BRAND}"}
    given = {"status": "hello", "visibility": "secret"}
    assert town.http.post("/api/v1/statuses", json=given, headers=headers).status_code == 422


def test_own_statuses_are_found_again_page_by_page(town: Town) -> None:
    api = town.api()
    question = town.act("ana", text="hello?")
    public = api.status_post("@ana hello", in_reply_to_id=question)
    direct = api.status_post("@ana psst", in_reply_to_id=question, visibility="direct")
    assert ids(api.account_statuses(1, min_id=public.id)) == [int(direct.id)]
    assert ids(api.account_statuses(1, limit=2)) == [int(direct.id), int(public.id)]
    assert ids(api_of_tom(town).account_statuses(1, limit=1)) == [int(public.id)]
    assert int(public.id) not in ids(api.account_statuses(1, exclude_replies=True))


def test_people_are_looked_up_and_posts_found_by_address(town: Town) -> None:
    api, question = town.api(), town.act("mehmet", text="Kargom nerede?")
    mehmet = api.account_lookup("mehmet")
    assert (mehmet.display_name, mehmet.followers_count) == ("Mehmet Yılmaz", 1038)
    assert api.account(mehmet.id).uri == f"{town.base}/users/mehmet"
    assert api.account_relationships(mehmet.id)[0].following is False
    assert ids(api.search_v2(api.status(question).url).statuses) == [int(question)]
    assert ids(api.search_v2("kargom").statuses) == [int(question)]


def test_every_answer_tells_the_rate_limit_and_the_limit_holds() -> None:
    with serving(limit=2) as town:
        headers = town.raw("notifications").headers
        assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("2", "1")
        reset = datetime.fromisoformat(headers["X-RateLimit-Reset"])
        assert 0 < reset.timestamp() - town.clock.now <= 300
        assert town.raw("statuses/1").headers["X-RateLimit-Remaining"] == "0"
        with pytest.raises(MastodonRatelimitError):
            town.api().notifications()
        assert town.raw("notifications", token="sandbox-ana-token").status_code == 200
        town.network.rate_limit = False
        assert town.raw("notifications").status_code == 200
        town.network.rate_limit = True
        town.clock.now = reset.timestamp()
        assert town.raw("notifications").status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", MastodonRatelimitError),
        ("500", MastodonInternalServerError),
        ("reset", MastodonNetworkError),
    ],
)
def test_fault_before_the_work_leaves_nothing_posted(town: Town, kind: str, error: Any) -> None:
    town.fail(kind, "POST /api/v1/statuses")
    before = len(town.network.dump())
    assert town.api().notifications() == []
    with pytest.raises(error):
        town.api().status_post("hello")
    assert len(town.network.dump()) == before
    assert town.api().status_post("hello")


@pytest.mark.parametrize("kind", ["timeout_after", "reset_after"])
def test_fault_after_the_work_has_posted(town: Town, kind: str) -> None:
    api = town.api()
    api.request_timeout = 0.2
    town.fail(kind)
    with pytest.raises(MastodonNetworkError):
        api.status_post("hello", idempotency_key="k")
    assert town.network.dump()[-1]["text"] == "hello"
    api.request_timeout = 5
    api.status_post("hello", idempotency_key="k")
    assert [s["text"] for s in town.network.dump()].count("hello") == 1
    assert [c["answer_ok"] for c in town.network.journal.calls()] == [False, True]


def test_journal_keeps_calls_without_tokens(town: Town) -> None:
    town.api().notifications(types=["mention"], limit=5)
    (call,) = town.network.journal.calls()
    assert (call["method"], call["answer_ok"]) == ("GET /api/v1/notifications", True)
    assert call["args"] == {"types": ["mention"], "limit": "5"}
    assert BRAND not in repr(call)


@pytest.mark.parametrize("text", ["\ud800 lone", "\x00\u202e", "<!channel> <b>", "x" * 100_000])
def test_hostile_text_reaches_the_brand_as_it_was_written(town: Town, text: str) -> None:
    body = json.dumps({"as": "ana", "type": "post", "text": text})
    answer = town.http.post("/people/act", content=body).json()
    assert answer["ok"]
    source = town.raw(f"statuses/{answer['id']}/source", token="sandbox-ana-token").json()
    assert source["text"] == f"@brightleaf {text}"


def test_broken_json_and_unknown_addresses_get_a_clear_error(town: Town) -> None:
    headers = {"Authorization": f"Bearer {BRAND}", "Content-Type": "application/json"}
    broken = town.http.post("/api/v1/statuses", content="{", headers=headers)
    assert broken.status_code == 400
    assert town.raw("nothing/here").json() == {"error": "Record not found"}
    assert town.http.post("/people/act", content="[" * 100_000).status_code == 400
    assert town.http.post("/people/act", json={"as": "ana"}).status_code == 422


def fern(town: Town) -> str:
    return town.network.brand_posts["fern"]


def api_of_tom(town: Town) -> Mastodon:
    return town.api("sandbox-tom-token")
