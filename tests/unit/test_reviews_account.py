"""What shops of reviews need: one answer that is not overwritten unasked, changes, limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.errors import AuthFailed, Rejected, Retryable
from inbox.message import Deleted, Draft, Echoed, Edited, Event, Message, Posted
from inbox.ports import Approach, Connection, Integration
from inbox.unread import reading
from integrations.appstore import integration as appstore
from integrations.googlebusiness import integration as googlebusiness
from integrations.googleplay import integration as googleplay
from integrations.trustpilot import integration as trustpilot
from tests.contract.shop_worlds import of_business, of_play, of_store, of_trustpilot
from tests.hosts import a_host
from tests.networks.google import CLIENT_SECRET, REFRESH_TOKEN, Refused
from tests.networks.shops import EC_KEY, PLACE, RSA_KEY, AppStore, Places, Play
from tests.networks.trustpilot import API_SECRET, Trustpilot
from tests.servers import Loopback

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRETS = {
    "GOOGLEPLAY_CARE_PRIVATE_KEY": RSA_KEY,
    "APPSTORE_CARE_PRIVATE_KEY": EC_KEY,
    "GOOGLEBUSINESS_CARE_CLIENT_SECRET": CLIENT_SECRET,
    "GOOGLEBUSINESS_CARE_REFRESH_TOKEN": REFRESH_TOKEN,
    "TRUSTPILOT_CARE_API_SECRET": API_SECRET,
}
KINDS: dict[str, tuple[type[Any], Integration, Any]] = {
    "googleplay": (Play, googleplay, of_play),
    "appstore": (AppStore, appstore, of_store),
    "googlebusiness": (Places, googlebusiness, of_business),
    "trustpilot": (Trustpilot, trustpilot, of_trustpilot),
}


class Counter:
    """One shop, and the product that polls and answers there; `reopen` is a restart."""

    def __init__(self, kind: str, opened: ExitStack) -> None:
        self.now = NOON
        make, self.integration, self.settings = KINDS[kind]
        self.net = make(clock=lambda: self.now)
        self.url = opened.enter_context(Loopback(Starlette(routes=self.net.routes))).url
        self._opened = opened
        self._host = a_host(lambda: self.now)
        self.cursor: str | None = None
        self.open()

    def open(self, secrets: dict[str, str] = SECRETS, **more: object) -> Connection:
        settings = {**self.settings(self.url), **more}
        self.connection = self.integration.connect("care", settings, secrets, host=self._host)
        self._opened.callback(self.connection.close)
        return self.connection

    def poll(self) -> list[Event]:
        assert self.connection.poller
        page = self.connection.poller.poll(self.cursor)
        self.cursor = page.cursor
        return list(page.events)

    def written(self, text: str = "Crashes", **more: Any) -> tuple[Message, str]:
        """A new review; the shop's own id of it too."""
        id_ = self.net.write(text, **more)
        (event,) = [event for event in self.poll() if isinstance(event, Posted)]
        return event.message, id_

    def send(self, message: Message, text: str, *, automatic: bool = False) -> None:
        assert self.connection.public
        draft = Draft(
            account=message.ref.at(),
            conversation=message.conversation,
            in_reply_to=message.ref,
            to=message.author,
            text=text,
            visibility=message.visibility,
            native=message.native,
            automatic=automatic,
        )
        self.connection.public.reply(draft, key="k-1")

    def standing(self, id: str) -> str | None:  # noqa: A002
        reply = self.net.reviews[id]["reply"]
        return reply["text"] if reply else None


@pytest.fixture(params=sorted(KINDS))
def counter(request: pytest.FixtureRequest) -> Iterator[Counter]:
    with ExitStack() as opened:
        counter = Counter(request.param, opened)
        counter.poll()
        yield counter


def of_kind(kind: str, opened: ExitStack) -> Counter:
    counter = Counter(kind, opened)
    counter.poll()
    return counter


def test_a_review_that_cannot_be_read_costs_none_beside_it(counter: Counter) -> None:
    show, odd = counter.net.show, counter.net.write("In a form that nobody knows")
    counter.net.show = lambda one: ["?"] if one["id"] == odd else show(one)
    with reading() as unread:
        message, _ = counter.written("Crashes again")
    assert "Crashes again" in message.text
    assert unread.entries == 1


def test_a_shop_that_knows_nothing_any_more_calls_no_review_deleted(counter: Counter) -> None:
    """An address that ended, an app that was taken from the key: all is a 404 then."""

    def ended(request: object) -> None:
        raise Refused(404, "notFound")

    message, _ = counter.written("Crashes again")
    counter.net.known = ended
    assert counter.connection.inspector
    with pytest.raises(Rejected):
        counter.connection.inspector.look([message.ref])


# --- the one answer ----------------------------------------------------------------------


def test_an_answer_of_somebody_else_is_left_until_an_agent_insists(counter: Counter) -> None:
    message, id_ = counter.written()
    counter.net.answer(id_, "Written in the shop's own console")
    with pytest.raises(Rejected, match="send it again"):
        counter.send(message, "We are on it.")
    assert counter.standing(id_) == "Written in the shop's own console"
    counter.send(message, "We are on it, as well.")
    assert counter.standing(id_) == "We are on it, as well."


def test_who_insists_replaces_only_what_they_were_told_of(counter: Counter) -> None:
    message, id_ = counter.written()
    counter.net.answer(id_, "First")
    with pytest.raises(Rejected):
        counter.send(message, "Ours")
    counter.net.answer(id_, "Second, that nobody was told of")
    with pytest.raises(Rejected):
        counter.send(message, "Ours")
    assert counter.standing(id_) == "Second, that nobody was told of"
    counter.send(message, "Ours")
    assert counter.standing(id_) == "Ours"


def test_an_automatic_answer_never_replaces_one(counter: Counter) -> None:
    message, id_ = counter.written()
    counter.net.answer(id_, "Written elsewhere")
    for _ in range(3):
        with pytest.raises(Rejected, match="stands there already"):
            counter.send(message, "Thank you!", automatic=True)
    with pytest.raises(Rejected, match="send it again"):
        counter.send(message, "We are on it.")
    assert counter.standing(id_) == "Written elsewhere"


def test_our_own_answer_may_be_changed_also_after_a_restart(counter: Counter) -> None:
    message, id_ = counter.written()
    counter.send(message, "We are on it.")
    counter.open()
    counter.send(message, "It is mended in 8.1.3.")
    assert counter.standing(id_) == "It is mended in 8.1.3."
    assert counter.poll() == []


def test_an_answer_given_elsewhere_is_told_once_and_when_it_changes(counter: Counter) -> None:
    message, id_ = counter.written()
    counter.net.answer(id_, "From the console")
    (event,) = counter.poll()
    assert isinstance(event, Echoed)
    assert (event.message.text, event.message.in_reply_to) == ("From the console", message.ref)
    assert event.to == message.author
    assert counter.poll() == []
    counter.net.answer(id_, "From the console, again")
    assert [type(event) for event in counter.poll()] == [Echoed]


def test_a_review_that_is_answered_already_says_so_before_the_answer(counter: Counter) -> None:
    counter.net.write("Crashes", reply="Thanks, says the console")
    posted, echoed = counter.poll()
    assert isinstance(posted, Posted)
    assert isinstance(echoed, Echoed)
    windows = counter.connection.windows
    assert windows
    message = posted.message
    approach = Approach(visibility=message.visibility, to=message.author, target=message)
    assert "did not write" in (windows.look(approach, at=NOON).note or "")
    plain = replace(approach, target=replace(message, native={}))
    assert "did not write" not in (windows.look(plain, at=NOON).note or "")


# --- polls -------------------------------------------------------------------------------


def test_the_first_poll_leaves_out_what_stood_there_and_sees_its_changes(counter: Counter) -> None:
    old = counter.net.write("Of last week")
    counter.cursor = None
    assert counter.poll() == []
    counter.now += timedelta(minutes=1)
    counter.net.edit(old, "Better now", stars=4)
    (event,) = counter.poll()
    assert isinstance(event, Edited)
    assert (event.message.text, event.message.rating) == ("Better now", 4)
    assert event.at == counter.now


def test_the_first_poll_takes_what_came_since_a_time(counter: Counter) -> None:
    counter.net.write("Early")
    counter.now += timedelta(hours=1)
    since = counter.now.isoformat()
    counter.net.write("Late")
    counter.cursor = None
    counter.open(import_since=since)
    assert [e.message.text for e in counter.poll() if isinstance(e, Posted)] == ["Late"]


def test_old_reviews_that_move_up_when_others_are_deleted_are_not_new(counter: Counter) -> None:
    for number in range(150):
        counter.now += timedelta(seconds=1)
        counter.net.write(f"Number {number}")
    counter.cursor = None
    counter.open(watched=100)
    assert counter.poll() == []
    for id_ in list(counter.net.reviews)[-80:]:
        counter.net.delete(id_)
    assert counter.poll() == []


def test_stars_are_a_fact(counter: Counter) -> None:
    message, _ = counter.written(stars=5)
    assert message.rating == 5
    assert message.kind == "review"


# --- one shop each -----------------------------------------------------------------------


def test_google_play_is_asked_no_more_often_an_hour_than_it_lets_and_answers_go_on() -> None:
    with ExitStack() as opened:
        counter = of_kind("googleplay", opened)
        message, id_ = counter.written()
        counter.open(reads_per_hour=5, kept_reads=2)
        for _ in range(3):
            counter.poll()
        with pytest.raises(Retryable) as caught:
            counter.poll()
        assert caught.value.after == timedelta(hours=1)
        counter.send(message, "We are on it.")
        assert counter.standing(id_) == "We are on it."
        counter.now += timedelta(hours=1)
        assert counter.poll() == []


def test_google_play_gives_no_reviews_without_words() -> None:
    with ExitStack() as opened:
        counter = of_kind("googleplay", opened)
        counter.net.write("")
        assert counter.poll() == []


def test_a_key_may_have_its_line_ends_written_out() -> None:
    with ExitStack() as opened:
        for kind, name in (("googleplay", "GOOGLEPLAY"), ("appstore", "APPSTORE")):
            counter = of_kind(kind, opened)
            variable = f"{name}_CARE_PRIVATE_KEY"
            counter.open({**SECRETS, variable: SECRETS[variable].replace("\n", "\\n")})
            assert counter.poll() == []


def test_a_key_that_cannot_be_read_is_told_without_it() -> None:
    with ExitStack() as opened:
        for kind, name in (("googleplay", "GOOGLEPLAY"), ("appstore", "APPSTORE")):
            counter = of_kind(kind, opened)
            counter.open({**SECRETS, f"{name}_CARE_PRIVATE_KEY": "-----BEGIN of-nothing"})
            with pytest.raises(AuthFailed, match="cannot be read") as caught:
                counter.poll()
            assert "of-nothing" not in str(caught.value)


def test_the_app_store_s_next_page_is_asked_for_at_its_own_address() -> None:
    with ExitStack() as opened:
        counter = of_kind("appstore", opened)
        for number in range(450):
            counter.net.write(f"Number {number}")
        assert len(counter.poll()) == 450


def test_polls_of_the_app_store_leave_the_rest_of_the_hour_to_answers() -> None:
    with ExitStack() as opened:
        counter = of_kind("appstore", opened)
        message, id_ = counter.written()
        assert isinstance(counter.net, AppStore)
        counter.net.left = 200
        counter.poll()
        with pytest.raises(Retryable, match="kept for replies"):
            counter.poll()
        assert counter.connection.pace() > 1
        counter.send(message, "We are on it.")
        assert counter.standing(id_) == "We are on it."


def test_several_places_are_read_together_and_answered_each_at_its_own() -> None:
    with ExitStack() as opened:
        counter = of_kind("googlebusiness", opened)
        message, id_ = counter.written()
        assert message.ref.id == f"{PLACE}/{id_}"
        counter.open(locations=["999"])
        with pytest.raises(Rejected, match="locations"):
            counter.send(message, "We are on it.")
        with pytest.raises(Retryable, match="deleted, or an id is wrong"):
            counter.poll()


def test_a_place_that_is_no_longer_watched_has_no_deleted_reviews() -> None:
    with ExitStack() as opened:
        counter = of_kind("googlebusiness", opened)
        (kept, _), (gone, id_) = counter.written("Still there"), counter.written("Crashes")
        elsewhere = replace(kept.ref, id="999/AbFvOq0001")
        counter.net.delete(id_)
        inspector = counter.connection.inspector
        assert inspector
        seen = inspector.look([elsewhere, kept.ref, gone.ref])
        assert [(type(one), one.ref) for one in seen] == [(Deleted, gone.ref)]


def test_google_business_counts_bytes() -> None:
    with ExitStack() as opened:
        counter = of_kind("googlebusiness", opened)
        message, id_ = counter.written()
        counter.send(message, "é" * 2048)
        with pytest.raises(Rejected, match="too long"):
            counter.send(message, "é" * 2049)
        assert counter.standing(id_) == "é" * 2048


def test_a_reviewer_of_trustpilot_is_known_again() -> None:
    with ExitStack() as opened:
        counter = of_kind("trustpilot", opened)
        (first, _), (second, _) = counter.written("Late"), counter.written("Late again")
        assert first.author.ref == second.author.ref
        assert counter.written("In time", name="tom")[0].author.ref != first.author.ref
        assert first.conversation != second.conversation


def test_trustpilot_is_asked_for_a_token_only_when_there_is_none() -> None:
    with ExitStack() as opened:
        counter = of_kind("trustpilot", opened)
        for _ in range(3):
            counter.now += timedelta(hours=30)
            counter.poll()
        assert len(counter.net.open) == 1
        counter.now += timedelta(hours=30)
        counter.poll()
        assert len(counter.net.open) == 2


def test_a_page_of_trustpilot_that_is_not_full_is_not_the_last() -> None:
    """A review that cannot be read, or is not shown, is missing in it; those behind are old."""
    with ExitStack() as opened:
        counter = Counter("trustpilot", opened)
        ids = [counter.net.write(f"Last year {number}") for number in range(150)]
        show = counter.net.show
        counter.net.show = lambda one: ["?"] if one["id"] == ids[100] else show(one)
        assert counter.poll() == []
        counter.net.show = show
        assert [event.ref.id for event in counter.poll()] in ([], [ids[100]])
        counter.net.edit(ids[3], "Still crashes")
        assert [type(event) for event in counter.poll()] == [Edited]


def test_polls_of_trustpilot_leave_the_rest_of_the_hour_to_answers() -> None:
    with ExitStack() as opened:
        counter = of_kind("trustpilot", opened)
        message, id_ = counter.written()
        counter.open(requests_per_hour=9, kept_requests=3)
        for _ in range(3):
            counter.poll()
        with pytest.raises(Retryable, match="kept for answers"):
            counter.poll()
        counter.send(message, "We are on it.")
        assert counter.standing(id_) == "We are on it."
