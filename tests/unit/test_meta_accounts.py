"""Meta's networks against a strict server: polls, care for comments, two levels, two steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain, Unsupported
from inbox.message import Deleted, Echoed, Event, Posted, Undelivered, Visibility
from inbox.ports import Connection
from sandbox.faults import Fault
from sandbox.meta.errors import Refusal
from sandbox.meta.threads import Container
from sandbox.meta.world import US
from tests.contract.meta_worlds import FACEBOOK, INSTAGRAM_ITSELF, THREADS_ITSELF, WHATSAPP, Kind
from tests.meta_town import START, Town, a_meta_town, in_public, send


@pytest.fixture
def town() -> Iterator[Town]:
    with a_meta_town() as town:
        yield town


# --- polls find what a webhook lost ------------------------------------------------------


POLLED = pytest.mark.parametrize(
    "kind", [FACEBOOK, INSTAGRAM_ITSELF, THREADS_ITSELF], ids=["facebook", "instagram", "threads"]
)


def polled(connection: Connection, cursor: str | None) -> tuple[list[Event], str]:
    assert connection.poller
    page = connection.poller.poll(cursor)
    return list(page.events), page.cursor


@POLLED
def test_a_poll_finds_what_no_webhook_told_of_oldest_first(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="Before we looked")
    town.later(seconds=1)
    nothing, cursor = polled(account, None)
    town.later(minutes=1)
    first = town.act(network, text="First")
    town.later(minutes=1)
    below = town.act(network, "tom", text="Me too", in_reply_to_id=first)
    told = {event.ref: event for event in town.comes(account)}
    found, cursor = polled(account, cursor)
    assert nothing == []
    assert [event.ref.id for event in found] == [first, below]
    for event in found:
        webhook = told[event.ref]
        assert isinstance(event, Posted)
        assert isinstance(webhook, Posted)
        assert event.message.conversation == webhook.message.conversation
        assert event.message.in_reply_to == webhook.message.in_reply_to
        assert event.message.author.ref == webhook.message.author.ref
        assert event.message.native == webhook.message.native
    town.later(hours=1)
    assert polled(account, cursor) == ([], cursor)


@POLLED
def test_a_poll_reads_on_until_it_meets_what_it_knows(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    _, cursor = polled(account, None)
    town.later(hours=1)
    written = [town.act(network, text=f"Number {number}") for number in range(130)]
    found, cursor = polled(account, cursor)
    assert {event.ref.id for event in found} == set(written)


@POLLED
def test_a_poll_finds_the_last_of_many_answers_below_one_comment(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    _, cursor = polled(account, None)
    town.later(hours=1)
    first = town.act(network, text="Who else waits?")
    below = [
        town.act(network, "tom", text=f"Me {number}", in_reply_to_id=first) for number in range(60)
    ]
    found, cursor = polled(account, cursor)
    assert {event.ref.id for event in found} == {first, *below}


@POLLED
def test_a_poll_leaves_the_last_quarter_of_a_limit_to_answers(town: Town, kind: Kind) -> None:
    account = town.account(kind)
    _, cursor = polled(account, None)
    town.net.limiter.limit = 2
    polled(account, cursor)
    with pytest.raises(Retryable, match="answers come first"):
        polled(account, cursor)


@POLLED
def test_a_customer_who_says_the_same_is_not_taken_for_us(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    id_ = town.act(network, text="Hello")
    draft = in_public(town.one(account), "We are on it.")
    town.act(network, "tom", text="We are on it.", in_reply_to_id=id_)
    assert account.readback
    assert account.readback.find(draft, key="k-1", since=START) is None


@POLLED
def test_polls_are_rarer_while_the_webhook_tells(town: Town, kind: Kind) -> None:
    account = town.account(kind)
    assert account.pace() == 1.0
    town.act(kind.integration.name, text="Hello")
    town.comes(account)
    assert account.pace() == 10.0
    town.later(hours=25)
    assert account.pace() == 1.0


@POLLED
def test_a_token_that_is_refused_stops_the_poll(town: Town, kind: Kind) -> None:
    account = town.account(dataclasses.replace(kind, token="old-token"))
    with pytest.raises(AuthFailed):
        polled(account, None)


# --- comments under care -----------------------------------------------------------------


@POLLED
def test_comments_are_hidden_and_shown_again(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    id_ = town.act(network, text="Buy followers")
    message = town.comes(account)[0]
    assert account.moderator
    account.moderator.hide(message.ref)
    account.moderator.hide(message.ref)
    assert town.net.world.comments[id_].hidden
    account.moderator.unhide(message.ref)
    assert not town.net.world.comments[id_].hidden


def test_threads_hides_only_what_stands_right_under_a_post(town: Town) -> None:
    account = town.account(THREADS_ITSELF)
    top = town.act("threads", text="Hello")
    town.act("threads", "tom", text="Buy followers", in_reply_to_id=top)
    _, below = town.comes(account)
    assert account.moderator
    with pytest.raises(Rejected, match="directly under a post"):
        account.moderator.hide(below.ref)


def test_a_page_likes_comments_and_no_private_messages(town: Town) -> None:
    account = town.account(FACEBOOK)
    id_ = town.act("facebook", text="Lovely lamp")
    town.act("facebook", text="Hello", visibility="direct")
    comment, letter = town.comes(account)
    assert account.liker
    account.liker.like(comment.ref)
    assert town.net.world.comments[id_].liked
    account.liker.unlike(comment.ref)
    assert not town.net.world.comments[id_].liked
    with pytest.raises(Unsupported):
        account.liker.like(letter.ref)


@POLLED
def test_a_comment_that_is_gone_is_seen_and_private_ones_are_left_alone(
    town: Town, kind: Kind
) -> None:
    network = kind.integration.name
    account = town.account(kind)
    gone, stays = town.act(network, text="Going"), town.act(network, text="Staying")
    refs = [event.ref for event in town.comes(account)]
    town.act(network, type="delete", id=gone)
    assert account.inspector
    letter = refs[0].sibling("m_AbCd1")
    found = account.inspector.look([*refs, letter])
    assert [(type(event), event.ref.id) for event in found] == [(Deleted, gone)]
    assert stays in {ref.id for ref in refs}


def test_without_permission_to_look_nothing_counts_as_deleted(town: Town) -> None:
    account = town.account(FACEBOOK)
    town.act("facebook", text="Staying")
    [event] = town.comes(account)
    blind = town.account(dataclasses.replace(FACEBOOK, token="sandbox-whatsapp-token"))
    assert blind.inspector
    with pytest.raises(AuthFailed):
        blind.inspector.look([event.ref])


# --- instagram's two levels --------------------------------------------------------------


def test_an_answer_to_an_answer_stands_under_the_top_comment_and_names_its_reader(
    town: Town,
) -> None:
    account = town.account(INSTAGRAM_ITSELF)
    top = town.act("instagram", text="Is it back?")
    town.act("instagram", "tom", text="I wonder too", in_reply_to_id=top)
    _, below = town.comes(account)
    assert isinstance(below, Posted)
    draft = in_public(below.message, "It is!")
    assert account.measure.length(draft) == len("@tom It is!")
    send(account, draft)
    [answer] = town.ours("instagram")
    assert (answer["in_reply_to_id"], answer["text"]) == (top, "@tom It is!")
    assert account.readback
    assert account.readback.find(draft, key="k-1", since=START)


def test_instagram_counts_messages_in_bytes(town: Town) -> None:
    account = town.account(INSTAGRAM_ITSELF)
    town.act("instagram", text="Hello", visibility="direct")
    draft = in_public(town.one(account), "ă" * 500)
    measure = account.measured(Visibility.PRIVATE)
    assert measure.length(draft) == measure.most == 1000
    send(account, draft)
    with pytest.raises(Rejected):
        send(account, replace(draft, text=draft.text + "a"))


# --- threads: two steps ------------------------------------------------------------------


def test_a_retry_after_a_restart_publishes_the_same_container(town: Town) -> None:
    account = town.account(THREADS_ITSELF)
    town.act("threads", text="Does it dim?")
    draft = in_public(town.one(account), "It does.")
    town.faults.add(Fault(target="meta", method="POST threads/threads_publish", kind="reset"))
    with pytest.raises(Uncertain):
        send(account, draft)
    restarted = town.account(THREADS_ITSELF)
    assert restarted.readback
    assert restarted.readback.find(draft, key="k-1", since=START) is None
    send(restarted, draft)
    made = [c for c in town.net.journal.calls() if c["method"] == "POST threads/threads"]
    assert len(made) == 1
    assert [one["text"] for one in town.ours("threads")] == ["It does."]


def test_a_published_container_is_never_published_again(town: Town) -> None:
    account = town.account(THREADS_ITSELF)
    town.act("threads", text="Does it dim?")
    draft = in_public(town.one(account), "It does.")
    method = "POST threads/threads_publish"
    town.faults.add(Fault(target="meta", method=method, kind="reset_after"))
    with pytest.raises(Uncertain):
        send(account, draft)
    again = send(town.account(THREADS_ITSELF), draft)
    assert [one["id"] for one in town.ours("threads")] == [again.ref.id]


def test_a_container_whose_end_nobody_knows_may_be_made_again(town: Town) -> None:
    account = town.account(THREADS_ITSELF)
    town.act("threads", text="Does it dim?")
    draft = in_public(town.one(account), "It does.")
    town.faults.add(Fault(target="meta", method="POST threads/threads", kind="reset_after"))
    with pytest.raises(Retryable):
        send(account, draft)
    send(account, draft)
    assert len(town.ours("threads")) == 1


class Late(dict[str, Container]):
    """Containers of which the first is lost on its way."""

    lost = False

    def __setitem__(self, id: str, container: Container) -> None:  # noqa: A002
        if self.lost:
            super().__setitem__(id, container)
        self.lost = True


def test_a_container_that_threads_does_not_find_yet_is_no_deleted_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Often so right after it was made, and for good: another one is made after a while."""

    def not_found(node: str) -> Refusal:
        return Refusal(24, f"The media with id {node} cannot be found.", subcode=4279009)

    account = town.account(THREADS_ITSELF)
    town.act("threads", text="Does it dim?")
    draft = in_public(town.one(account), "It does.")
    monkeypatch.setattr("sandbox.meta.errors.not_there", not_found)
    town.net.containers.made = Late()
    with pytest.raises(Retryable) as caught:
        send(account, draft)
    assert caught.value.after == timedelta(seconds=30)
    send(account, draft)
    assert [one["text"] for one in town.ours("threads")] == ["It does."]


def test_a_container_that_threads_shows_no_more_is_looked_for_before_another_is_made(
    town: Town,
) -> None:
    """It may be published: some of those cannot be asked for their state."""
    account = town.account(THREADS_ITSELF)
    town.act("threads", text="Does it dim?")
    draft = in_public(town.one(account), "It does.")
    method = "POST threads/threads_publish"
    town.faults.add(Fault(target="meta", method=method, kind="reset_after"))
    with pytest.raises(Uncertain):
        send(account, draft)
    town.net.containers.made.clear()
    with pytest.raises(Uncertain) as caught:
        send(account, draft)
    assert caught.value.after == timedelta(seconds=30)
    assert account.readback
    assert account.readback.find(draft, key="k-1", since=START)
    assert len(town.ours("threads")) == 1


# --- whatsapp ----------------------------------------------------------------------------


def test_what_whatsapp_could_not_deliver_is_told_later(town: Town) -> None:
    account = town.account(WHATSAPP)
    town.act("whatsapp", text="Hello")
    message = town.one(account)
    town.act("whatsapp", type="unreachable")
    sent = send(account, in_public(message))
    [failed] = town.comes(account)
    assert isinstance(failed, Undelivered)
    assert failed.ref == sent.ref
    assert "cannot deliver" in failed.reason


def test_after_a_day_whatsapp_takes_no_free_text(town: Town) -> None:
    account = town.account(WHATSAPP)
    town.act("whatsapp", text="Hello")
    message = town.one(account)
    town.later(hours=24)
    with pytest.raises(Rejected, match="template"):
        send(account, in_public(message))


def test_a_status_tells_that_whatsapp_took_an_answer_whose_end_nobody_knew(town: Town) -> None:
    account = town.account(WHATSAPP)
    town.act("whatsapp", text="Hello")
    draft = in_public(town.one(account))
    town.faults.add(Fault(target="meta", method="POST phone/messages", kind="reset_after"))
    with pytest.raises(Uncertain):
        send(account, draft, "k-7")
    assert account.readback
    with pytest.raises(Uncertain):
        account.readback.find(draft, key="k-7", since=START)
    assert town.comes(account) == []
    found = account.readback.find(draft, key="k-7", since=START)
    assert found is not None
    assert [found.ref.id] == [one["id"] for one in town.ours("whatsapp")]


@pytest.mark.parametrize(("count", "kind"), [(2, "button"), (5, "list"), (11, "text")])
def test_choices_are_buttons_then_a_list_then_words(town: Town, count: int, kind: str) -> None:
    account = town.account(WHATSAPP)
    town.act("whatsapp", text="Hello")
    choices = tuple(f"Choice number {number} of the menu" for number in range(count))
    send(account, replace(in_public(town.one(account)), choices=choices))
    [call] = [c for c in town.net.journal.calls() if c["method"] == "POST phone/messages"]
    assert call["args"].get("interactive", {"type": "text"})["type"] == kind
    if kind != "text":
        [sent] = town.ours("whatsapp")
        first = sent["choices"][0]
        town.act("whatsapp", text=first["title"], payload=first["id"])
        assert [e.message.text for e in town.comes(account) if isinstance(e, Posted)] == [
            choices[0]
        ]


def test_an_answer_on_the_phone_is_told(town: Town) -> None:
    account = town.account(WHATSAPP)
    town.act("whatsapp", text="Hello")
    message = town.one(account)
    town.act("whatsapp", US, text="Hi from the phone", to="ana")
    [echo] = town.comes(account)
    assert isinstance(echo, Echoed)
    assert echo.to is not None
    assert echo.to.ref == message.author.ref
