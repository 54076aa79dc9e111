"""What only a poll can tell apart: kinds of notifications, entries of a log, what is gone.

Fixture pairs are found by name: what the network lists, and the events of the poll that sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.message import Account, Event
from integrations.facebook.convert import Wall
from integrations.facebook.wire import Comment as PageComment
from integrations.instagram.convert import Media
from integrations.instagram.wire import Comment as MediaComment
from integrations.mastodon import integration as mastodon
from integrations.meta.messaging import Ours
from integrations.threads.convert import Profile
from integrations.threads.wire import Reply
from tests.hosts import a_host
from tests.networks import bluesky_town, reddit_town
from tests.networks.bluesky import ANA
from tests.recorded import as_recorded
from tests.servers import Loopback

FIXTURES = Path(__file__).parent.parent / "fixtures"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = "117000000000000001"
"""Before all that the fixtures of Mastodon hold."""
PAGE, INSTAGRAM, THREADS = "100200300400500", "17841400000000001", "25100000000000001"
PAGE_POST, MEDIA, THREAD = "100200300400500_900", "17890000000000001", "18000000000000001"


def of_mastodon(listed: Any, opened: ExitStack) -> Sequence[Event]:
    async def answer(request: Request) -> Response:
        match request.url.path.rpartition("/")[2]:
            case "verify_credentials":
                return JSONResponse({"id": "1", "acct": "brightleaf"})
            case "notifications":
                return JSONResponse(listed if request.query_params["min_id"] == FIRST else [])
        return JSONResponse({"error": "Record not found"}, 404)

    routes = [Route("/{path:path}", answer)]
    url = opened.enter_context(Loopback(Starlette(routes=routes))).url
    secrets = {"MASTODON_CARE_TOKEN": "t"}
    connection = mastodon.connect("care", {"base_url": url}, secrets, host=a_host(lambda: NOON))
    opened.callback(connection.close)
    assert connection.poller
    return connection.poller.poll(FIRST).events


def of_bluesky(listed: Any, opened: ExitStack) -> Sequence[Event]:
    town = bluesky_town.Town(opened)
    town.watch.now = NOON
    connection = opened.enter_context(town.account())
    town.net.chats.say("Long ago", ANA)
    _, cursor = bluesky_town.drained(connection)
    town.net.chats.log = listed
    return bluesky_town.drained(connection, cursor)[0]


def of_reddit(listed: Any, opened: ExitStack) -> Sequence[Event]:
    town = reddit_town.Town(opened)
    town.open()
    town.poll()
    town.net.things |= {thing["name"]: thing for thing in listed}
    return town.poll()


def of_facebook(listed: Any, _: ExitStack) -> Sequence[Event]:
    wall = Wall(account=Account("facebook", "care"), page=PAGE, handle="brightleaf", ours=Ours())
    found = (wall.to_found(PageComment.model_validate(one), PAGE_POST) for one in listed)
    return [event for event in found if event]


def of_instagram(listed: Any, _: ExitStack) -> Sequence[Event]:
    account = Account("instagram", "care")
    media = Media(account=account, me=INSTAGRAM, username="brightleaf", ours=Ours())
    found = (media.to_found(MediaComment.model_validate(one), MEDIA) for one in listed)
    return [event for event in found if event]


def of_threads(listed: Any, _: ExitStack) -> Sequence[Event]:
    account = Account("threads", "care")
    profile = Profile(account=account, me=THREADS, username="brightleaf", ours=Ours())
    found = (profile.to_event(Reply.model_validate(one), root=THREAD) for one in listed)
    return [event for event in found if event]


READERS: dict[str, Callable[[Any, ExitStack], Sequence[Event]]] = {
    "mastodon": of_mastodon,
    "bluesky": of_bluesky,
    "reddit": of_reddit,
    "facebook": of_facebook,
    "instagram": of_instagram,
    "threads": of_threads,
}
CASES = [
    (network, path.name.removesuffix(".in.json"))
    for network in READERS
    for path in sorted((FIXTURES / network / "polled").glob("*.in.json"))
]


def shown(events: Sequence[Event]) -> str:
    told = [{"event": type(event).__name__, **as_recorded(event)} for event in events]
    text = json.dumps(told, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"
    return re.sub(r"http://127\.0\.0\.1:\d+", "https://network.example", text)


def told(network: str, case: str) -> str:
    path = FIXTURES / network / "polled" / f"{case}.in.json"
    with ExitStack() as opened:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return shown(READERS[network](listed, opened))


@pytest.mark.parametrize(("network", "case"), CASES)
def test_what_a_network_lists_becomes_its_events(network: str, case: str) -> None:
    expected = FIXTURES / network / "polled" / f"{case}.out.json"
    assert json.loads(told(network, case)) == json.loads(expected.read_text(encoding="utf-8"))
