"""What every integration promises of each role that it has; see test_integration_contract.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from inbox.errors import BadPayload, Unverified
from inbox.message import Author, Deleted, Draft, Edited, Event, Message, Posted, Ref, Visibility
from inbox.ports import Approach, Connection, Windows
from tests.contract.every import WORLDS
from tests.contract.worlds import Delivered, Greeted, Likes, Moderation, World, now

MOST_NATIVE = 4000
"""Characters of `Message.native` in all, names too: it is stored with each message."""

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with WORLDS[request.param]() as world:
        yield world


def needs(role: object) -> None:
    if role is None:
        pytest.skip("this network has no such role")


def written(world: World, text: str = "Hello") -> Message:
    """What the customer wrote, as it came in; in private where the network knows nothing else."""
    world.write(text)
    (event,) = world.arrivals()
    assert isinstance(event, Posted)
    return event.message


def told(world: World, ref: Ref) -> list[Event]:
    """What the network tells of a message now, by itself or to who asks."""
    inspector = world.connection.inspector
    return [*world.arrivals(), *(inspector.look([ref]) if inspector else ())]


# --- edits and deletions -----------------------------------------------------------------


def test_an_edit_comes_with_its_new_text_and_time(world: World) -> None:
    if "edits" not in world.tells:
        pytest.skip("this network tells of no edits")
    started = now() - timedelta(seconds=2)
    before = written(world, "The lamp is drak")
    world.edit(before.ref.id, "The lamp is dark")
    edits = [event for event in told(world, before.ref) if isinstance(event, Edited)]
    assert edits
    for edit in edits:
        assert (edit.ref, edit.message.text) == (before.ref, "The lamp is dark")
        assert edit.message.author.ref == before.author.ref
        assert edit.message.conversation == before.conversation
        assert started <= edit.at <= now() + timedelta(seconds=2)


def test_a_deletion_names_what_is_gone(world: World) -> None:
    if "deletions" not in world.tells:
        pytest.skip("this network tells of no deletions")
    gone, stays = written(world, "To be deleted"), written(world, "To stay")
    world.delete(gone.ref.id)
    deleted = [event for event in told(world, gone.ref) if isinstance(event, Deleted)]
    assert deleted
    assert {event.ref for event in deleted} == {gone.ref}
    assert all(event.at.tzinfo for event in deleted)
    assert not [event for event in told(world, stays.ref) if event.ref == stays.ref]


# --- before an answer --------------------------------------------------------------------


def approaches(message: Message) -> list[Approach]:
    hour = timedelta(hours=1)
    private = replace(message, visibility=PRIVATE)
    return [
        Approach(
            visibility=visibility,
            to=message.author,
            target=target,
            wrote_at=wrote_at,
            invited=invited,
            automatic=automatic,
        )
        for visibility, target in ((PUBLIC, message), (PRIVATE, message), (PRIVATE, private))
        for wrote_at in (None, now() - hour, now() - 72 * hour, now() - 1000 * hour)
        for invited in (False, True)
        for automatic in (False, True)
    ] + [Approach(visibility=v, to=message.author, target=None) for v in Visibility]


def test_what_is_possible_is_told_without_asking_anybody(world: World) -> None:
    needs(world.connection.windows)
    message = written(world)
    far: Windows | None = world.unreachable().windows
    near = world.connection.windows
    assert far
    assert near
    at = now()
    for approach in approaches(message):
        window = far.look(approach, at=at)
        assert window == far.look(approach, at=at) == near.look(approach, at=at)
        for sentence in (window.why_not, window.note):
            assert sentence is None or (sentence[0].isupper() and sentence.rstrip()[-1] in ".!")
        if window.until is not None:
            assert window.until.tzinfo
            assert window.why_not is not None or window.until >= at


def test_what_is_possible_now_ends_when_it_says(world: World) -> None:
    windows = world.connection.windows
    needs(windows)
    message = written(world)
    assert windows
    for approach in approaches(message):
        window = windows.look(approach, at=now())
        if window.why_not is None and window.until is not None:
            later = windows.look(approach, at=window.until + timedelta(seconds=1))
            assert later.why_not is not None or later.until != window.until


# --- hiding and liking -------------------------------------------------------------------


def test_hiding_and_showing_again_may_be_repeated(world: World) -> None:
    moderator = world.connection.moderator
    needs(moderator)
    ref = written(world).ref
    there = cast(Moderation, world)
    assert moderator
    for _ in range(2):
        moderator.hide(ref)
        assert there.hidden() == {ref.id}
    for _ in range(2):
        moderator.unhide(ref)
        assert there.hidden() == set()


def test_liking_and_taking_it_back_may_be_repeated(world: World) -> None:
    liker = world.connection.liker
    needs(liker)
    ref = written(world).ref
    there = cast(Likes, world)
    assert liker
    for _ in range(2):
        liker.like(ref)
        assert there.liked() == {ref.id}
    for _ in range(2):
        liker.unlike(ref)
        assert there.liked() == set()
    assert world.arrivals() == []


# --- webhooks ----------------------------------------------------------------------------


def test_the_handshake_greets_who_knows_the_token_and_nobody_else(world: World) -> None:
    handshake = world.connection.handshake
    needs(handshake)
    assert handshake
    there = cast(Greeted, world)
    assert handshake.greet(there.question(right=True)).body
    wrong = there.question(right=False)
    for request in (wrong, replace(wrong, query={})):
        with pytest.raises(Unverified):
            handshake.greet(request)


def test_a_delivery_that_was_changed_on_its_way_is_refused(world: World) -> None:
    receiver = world.connection.receiver
    needs(receiver)
    assert receiver
    delivery = cast(Delivered, world).delivery()
    receiver.verify(delivery)
    for changed in (
        replace(delivery, body=delivery.body + b" "),
        replace(delivery, body=b""),
        replace(delivery, headers={}),
    ):
        with pytest.raises(Unverified):
            receiver.verify(changed)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff\xfe", b"{" * 50_000, b"[1, {}]"])
def test_a_body_of_any_shape_is_refused_or_holds_nothing(world: World, body: bytes) -> None:
    receiver = world.connection.receiver
    needs(receiver)
    assert receiver
    request = replace(cast(Delivered, world).delivery(), body=body)
    events: Sequence[Event] = ()
    problem = "none"
    try:
        events = receiver.parse(request)
    except BadPayload as bad:
        problem = str(bad)
    assert list(events) == []
    assert 0 < len(problem) < 1000


# --- what we wrote ourselves -------------------------------------------------------------


def test_a_private_answer_of_ours_starts_nothing(world: World) -> None:
    private = world.connection.private
    needs(private)
    assert private
    world.write("My card was charged twice", private=True)
    (event,) = world.arrivals()
    assert isinstance(event, Posted)
    message = event.message
    draft = _private(private.conversation_with(message.author), message)
    private.message(draft, key="k-1")
    assert [event for event in world.arrivals() if isinstance(event, Posted)] == []


# --- the account -------------------------------------------------------------------------


def test_a_message_keeps_little_for_its_integration(world: World) -> None:
    long = written(world, "ẞ👩‍👩‍👧‍👦 " * 40)
    assert all(isinstance(part, str) for pair in long.native.items() for part in pair)
    assert sum(len(name) + len(value) for name, value in long.native.items()) <= MOST_NATIVE


def test_the_examiner_finds_a_well_account_well_and_changes_nothing(world: World) -> None:
    examiner = world.connection.examiner
    needs(examiner)
    assert examiner
    found = examiner.examine()
    assert found
    assert [checkup.says for checkup in found if not checkup.well] == []
    assert world.answers() == []
    assert world.arrivals() == []


def test_the_examiner_names_a_refused_token_and_what_to_do(world: World) -> None:
    other = world.with_secret("not-the-secret-at-all")
    needs(other.examiner)
    if not _asks(world):
        pytest.skip("nothing can be asked there")
    assert other.examiner
    wrong = [checkup.says for checkup in other.examiner.examine() if not checkup.well]
    assert wrong
    assert any("token" in says or "secret" in says or "password" in says for says in wrong)
    assert not any("not-the-secret" in says for says in wrong)


def test_the_examiner_of_an_unreachable_network_says_so(world: World) -> None:
    far = world.unreachable()
    needs(far.examiner)
    if not _asks(world):
        pytest.skip("nothing can be asked there")
    assert far.examiner
    wrong = [checkup.says for checkup in far.examiner.examine() if not checkup.well]
    assert wrong
    assert all(says.strip()[-1] in ".!" for says in wrong)


def test_what_is_known_of_an_account_is_told_without_asking_anybody(world: World) -> None:
    far: Connection = world.unreachable()
    far.me()
    assert far.pace() >= 0
    expires = far.expires()
    assert expires is None or expires.tzinfo
    assert far.measure.most > 0
    budget = far.budget
    assert budget is None or json.dumps([budget.unit, budget.per_day, budget.per_month])


def test_an_account_that_never_worked_can_be_closed_and_closed_again(world: World) -> None:
    far = world.unreachable()
    far.close()
    far.close()


def _asks(world: World) -> bool:
    """Whether the examiner makes any request: somebody's own system has nothing to ask."""
    far = world.unreachable().examiner
    return far is not None and not all(checkup.well for checkup in far.examine())


def _private(conversation: Ref, message: Message) -> Draft:
    to: Author = message.author
    return Draft(
        account=message.ref.at(),
        conversation=conversation,
        in_reply_to=message.ref,
        to=to,
        text="Tell us more here.",
        visibility=PRIVATE,
        language="en",
        native=message.native,
    )
