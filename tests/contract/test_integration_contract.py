"""What every integration promises, held over real HTTP against a server of its network."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from traceback import format_exception

import pytest
from msgspec.structs import replace

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain
from inbox.message import MAX_TEXT, Draft, Event, Message, Posted, Visibility
from inbox.ports import Connection, PrivateSender, PublicSender
from sandbox.faults import ENDLESS_BYTES
from tests.contract.every import WORLDS
from tests.contract.waits import WAIT, about
from tests.contract.worlds import Unthreaded, World, now
from tests.hosts import a_host

HOSTILE = (
    "<!channel> <script>alert(1)</script> & &lt;b&gt; \u202eabc\u202c \x07 'quoted' \"too\""
    " 👩‍👩‍👧‍👦 ẞ İ ｶﾞ <https://evil.example|good> *_~` javascript:alert(1)"
)


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with WORLDS[request.param]() as world:
        yield world


@pytest.fixture
def public(world: World) -> PublicSender:
    if world.connection.public is None:
        pytest.skip("no public answers on this network")
    return world.connection.public


@pytest.fixture
def private(world: World) -> PrivateSender:
    if world.connection.private is None:
        pytest.skip("no private answers on this network")
    return world.connection.private


def usual(world: World) -> Visibility:
    """Some networks are private alone."""
    return Visibility.PUBLIC if world.connection.public else Visibility.PRIVATE


def one(events: list[Event]) -> Message:
    (event,) = events
    assert isinstance(event, Posted)
    return event.message


def an_answer(world: World, message: Message, text: str = "We are on it.") -> Draft:
    return Draft(
        account=world.connection.account,
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
        language="en",
        native=message.native,
    )


def a_private_answer(world: World, message: Message, text: str = "Tell us more here.") -> Draft:
    """One that grows out of a public message where that is what the customer wrote."""
    assert world.connection.private
    draft = an_answer(world, message, text)
    if message.visibility is Visibility.PRIVATE:
        return draft
    return replace(
        draft,
        conversation=world.connection.private.conversation_with(message.author),
        visibility=Visibility.PRIVATE,
        in_reply_to=None,
        about=message.ref,
    )


# --- what comes in -----------------------------------------------------------------------


def test_a_message_comes_in_with_who_wrote_it_and_when(world: World) -> None:
    before = now() - timedelta(seconds=1)
    id_ = world.write("My lamp does not work")
    message = one(world.arrivals())
    assert (message.ref.id, message.text) == (id_, "My lamp does not work")
    assert message.ref.at() == message.author.ref.at() == world.connection.account
    # On some networks a handle is a domain, as ana.test.
    assert (message.author.handle.partition(".")[0], message.visibility) == (
        "ana",
        usual(world),
    )
    assert before <= message.created_at <= now()


def test_nothing_comes_twice(world: World) -> None:
    world.write("Once")
    assert len(world.arrivals()) == 1
    assert world.arrivals() == []


def test_a_page_overflow_loses_nothing_and_keeps_the_order(world: World) -> None:
    written = [world.write(f"Number {number}") for number in range(130)]
    assert [event.ref.id for event in world.arrivals()] == written


def test_own_posts_start_nothing(world: World) -> None:
    world.echo()
    id_ = world.write("From a customer")
    assert [event.ref.id for event in world.arrivals()] == [id_]
    assert world.connection.me() is not None


def test_an_answer_in_a_thread_is_in_the_conversation_of_its_root(world: World) -> None:
    root = world.write("The lamp is dark")
    try:
        world.write("Still dark", under=root)
    except Unthreaded:
        pytest.skip("nobody answers anybody on this network")
    first, second = world.arrivals()
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert second.message.conversation == first.message.conversation
    assert second.message.in_reply_to == first.ref


def test_private_messages_of_an_author_share_the_conversation_that_answers_use(
    world: World, private: PrivateSender
) -> None:
    world.write("My number is secret", private=True)
    world.write("And another thing", private=True)
    first, second = world.arrivals()
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert first.message.visibility is Visibility.PRIVATE
    expected = private.conversation_with(first.message.author)
    assert first.message.conversation == second.message.conversation == expected


def test_hostile_text_survives_without_what_cannot_be_stored(world: World) -> None:
    world.write(HOSTILE + "\x00")
    assert one(world.arrivals()).text.split() == HOSTILE.split()


def test_a_huge_text_is_cut(world: World) -> None:
    if world.connection.poller is None:  # a network of its own has a limit of its own
        world.write("x" * 1_000_000)
        assert len(one(world.arrivals()).text) == MAX_TEXT


# --- what goes out -----------------------------------------------------------------------


def test_a_public_reply_is_threaded_and_addressed(world: World, public: PublicSender) -> None:
    world.write("Where is my parcel?")
    message = one(world.arrivals())
    sent = public.reply(an_answer(world, message, "It left today."), key="k-1")
    (answer,) = world.answers()
    assert (answer.id, answer.in_reply_to) == (sent.ref.id, message.ref.id)
    assert (answer.to, answer.text, answer.private) == ("ana", "It left today.", False)
    assert sent.ref.at() == world.connection.account
    assert sent.url


def test_a_private_answer_is_private(world: World, private: PrivateSender) -> None:
    world.write("My card was charged twice")
    message = one(world.arrivals())
    private.message(a_private_answer(world, message), key="k-1")
    (answer,) = world.answers()
    assert (answer.private, answer.to, answer.text) == (True, "ana", "Tell us more here.")


def test_what_we_sent_starts_nothing(world: World) -> None:
    world.write("Hello")
    _send(world, an_answer(world, one(world.arrivals())), "k-1")
    assert world.arrivals() == []


def test_a_repeated_key_makes_no_second_answer(world: World, public: PublicSender) -> None:
    if world.connection.repeatable is None:
        pytest.skip("this network does not know keys")
    world.write("Hello")
    draft = an_answer(world, one(world.arrivals()))
    assert public.reply(draft, key="k-1") == public.reply(draft, key="k-1")
    assert len(world.answers()) == 1


@pytest.mark.parametrize("kind", ["500", "503", "reset_after", "endless"])
def test_a_send_whose_end_nobody_knows_is_uncertain(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("Hello")
    draft = an_answer(world, one(world.arrivals()))
    for room in ("http", "through_requests"):
        monkeypatch.setattr(f"integrations.{room}.MOST_BYTES", ENDLESS_BYTES // 2)
    world.fault(kind)
    with pytest.raises(Uncertain):
        _send(world, draft, "k-1")
    assert len(world.answers()) == (1 if kind in ("reset_after", "endless") else 0)


@pytest.mark.parametrize("secretly", [False, True])
def test_an_answer_that_was_done_all_the_same_is_found(world: World, secretly: bool) -> None:
    if world.connection.readback is None or world.connection.public is None:
        pytest.skip("this network cannot be looked through")
    if secretly and world.connection.private is None:
        pytest.skip("no private answers on this network")
    world.write("Hello")
    message = one(world.arrivals())
    draft = an_answer(world, message, "Look: https://shop.example/a/long/way/to/the/lamp?x=1&y=2")
    if secretly:
        draft = a_private_answer(world, message, draft.text)
    started = now()
    assert world.connection.readback.find(draft, key="k-1", since=started) is None
    world.fault("reset_after")
    with pytest.raises(Uncertain):
        _send(world, draft, "k-1")
    found = world.connection.readback.find(draft, key="k-1", since=started)
    assert found
    assert [found.ref.id] == [answer.id for answer in world.answers()]
    other = replace(draft, text="Something else")
    assert world.connection.readback.find(other, key="k-2", since=started) is None
    public_twin = replace(draft, visibility=Visibility.PUBLIC)
    if secretly:
        assert world.connection.readback.find(public_twin, key="k-3", since=started) is None


def test_a_rate_limit_is_retryable_with_its_time(world: World) -> None:
    world.write("Hello")
    draft = an_answer(world, one(world.arrivals()))
    world.fault("429", retry_after=WAIT.seconds)
    with pytest.raises(Retryable) as caught:
        _send(world, draft, "k-1")
    assert caught.value.after
    assert about(caught.value.after)
    assert world.answers() == []


def test_a_server_that_cannot_be_reached_is_retryable(world: World) -> None:
    world.write("Hello")
    draft = an_answer(world, one(world.arrivals()))
    nowhere = world.unreachable()
    if nowhere.private is not None:
        draft = replace(draft, in_reply_to=None, visibility=Visibility.PRIVATE)
    with pytest.raises(Retryable):
        _send(world, draft, "k-1", through=nowhere)
    assert world.answers() == []


def test_a_refused_secret_is_auth_failed(world: World) -> None:
    world.write("Hello")
    draft = an_answer(world, one(world.arrivals()))
    other = world.with_secret("not-the-secret-at-all")
    with pytest.raises(AuthFailed) as caught:
        _send(world, draft, "k-1", through=other)
    assert "not-the-secret" not in str(caught.value)
    if other.poller:
        with pytest.raises(AuthFailed):
            other.poller.poll(None)


def test_an_answer_to_a_deleted_message_is_rejected_in_words(
    world: World, public: PublicSender
) -> None:
    id_ = world.write("Hello")
    draft = an_answer(world, one(world.arrivals()))
    world.delete(id_)
    with pytest.raises(Rejected, match="deleted"):
        public.reply(draft, key="k-1")
    assert world.answers() == []


@pytest.mark.parametrize("kind", ["429", "500", "reset", "reset_after", "secret", "deleted"])
def test_an_error_holds_neither_text_nor_secret(
    world: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    id_ = world.write("Hello")
    draft = an_answer(world, one(world.arrivals()), "My IBAN is secret-text-of-a-customer")
    if kind == "deleted" and world.connection.public is None:
        pytest.skip("a private message stays where it is answered")
    if kind == "deleted":
        world.delete(id_)
    elif kind != "secret":
        world.fault(kind)
    through = world.with_secret("not-the-secret-at-all") if kind == "secret" else None
    with pytest.raises(IntegrationError) as caught:
        _send(world, draft, "k-1", through=through)
    said = "".join(format_exception(caught.value)) + caplog.text
    for secret in ("secret-text", world.secret, "not-the-secret"):
        assert secret not in said


def test_a_length_within_the_measure_is_taken(world: World) -> None:
    world.write("Hello")
    message = one(world.arrivals())
    measure = world.connection.measured(message.visibility)
    link = "https://shop.example/" + "a" * 80 + " "
    draft = an_answer(world, message, link + "👍🏽é" * 10)
    left = measure.most - measure.length(draft)
    fits = replace(draft, text=draft.text + "x" * left)
    assert measure.length(fits) == measure.most
    _send(world, fits, "k-1")
    assert len(world.answers()) == 1


def test_nothing_is_asked_before_the_first_work() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        from integrations.mastodon import integration

        settings = {"base_url": f"http://127.0.0.1:{deaf.getsockname()[1]}"}
        connection = integration.connect(
            "care", settings, {"MASTODON_CARE_TOKEN": "t"}, host=a_host(now)
        )
        assert connection.me() is None
        assert connection.measure.most == 500


def _send(world: World, draft: Draft, key: str, *, through: Connection | None = None) -> None:
    connection = through or world.connection
    public, private = connection.public, connection.private
    if draft.visibility is Visibility.PRIVATE:
        assert private
        private.message(draft, key=key)
    else:
        assert public
        public.reply(draft, key=key)


def test_the_moment_of_an_event_has_a_zone(world: World) -> None:
    world.write("Hello")
    at: datetime = one(world.arrivals()).created_at
    assert at.utcoffset() == timedelta(0)
