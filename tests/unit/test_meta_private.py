"""Meta's private messages against a strict server: windows, people, echoes, buttons."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from inbox.errors import Rejected, Uncertain
from inbox.message import (
    Deleted,
    Echoed,
    Edited,
    Posted,
)
from sandbox.faults import Fault
from sandbox.meta.accounts import PAGE, people
from sandbox.meta.world import US
from sandbox.network.accounts import CUSTOMERS
from tests.contract.meta_worlds import (
    FACEBOOK,
    INSTAGRAM_ITSELF,
    Kind,
)
from tests.meta_town import START, Town, a_meta_town, in_private, in_public, send


@pytest.fixture
def town() -> Iterator[Town]:
    with a_meta_town() as town:
        yield town


BOTH = pytest.mark.parametrize("kind", [FACEBOOK, INSTAGRAM_ITSELF], ids=["facebook", "instagram"])


# --- from a comment into private ---------------------------------------------------------


@BOTH
def test_who_answers_a_private_reply_is_the_one_who_commented(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="My lamp smokes")
    comment = town.one(account)
    invitation = in_private(account, comment)
    send(account, invitation)
    assert town.comes(account) == []
    town.act(network, text="It is order BL-204655", visibility="direct")
    restarted = town.account(kind)
    answer = town.one(restarted)
    assert answer.author.ref == comment.author.ref
    assert answer.conversation == invitation.conversation
    sent = send(restarted, in_public(answer, "Thank you."))
    assert town.ours(network)[-1]["id"] == sent.ref.id
    assert town.ours(network)[-1]["to"] == "ana"


@BOTH
def test_a_comment_has_one_private_reply_ever(town: Town, kind: Kind) -> None:
    account = town.account(kind)
    town.act(kind.integration.name, text="My lamp smokes")
    comment = town.one(account)
    send(account, in_private(account, comment))
    with pytest.raises(Rejected, match="one private reply"):
        send(account, in_private(account, comment, "And another thing"), "k-2")
    assert len(town.ours(kind.integration.name)) == 1


@BOTH
@pytest.mark.parametrize("done", [True, False])
def test_the_same_words_to_somebody_else_are_not_taken_for_this_answer(
    town: Town, kind: Kind, done: bool
) -> None:
    network = kind.integration.name
    account = town.account(kind)
    for who in ("ana", "tom"):
        town.act(network, who, text="My lamp smokes")
    ana, tom = (e.message for e in town.comes(account) if isinstance(e, Posted))
    send(account, in_private(account, ana, "Write to us here."), "k-ana")
    method = "POST page/messages" if network == "facebook" else "POST instagram/messages"
    town.faults.add(Fault(target="meta", method=method, kind="reset_after" if done else "reset"))
    draft = in_private(account, tom, "Write to us here.")
    with pytest.raises(Uncertain):
        send(account, draft, "k-tom")
    for looking in (account, town.account(kind)):
        assert looking.readback
        found = looking.readback.find(draft, key="k-tom", since=START)
        there = [one["id"] for one in town.ours(network) if one["to"] == "tom"]
        assert ([found.ref.id] if found else []) == there
        assert len(there) == done


@BOTH
def test_the_same_words_again_are_another_answer(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="Hello", visibility="direct")
    draft = in_public(town.one(account), "Thank you!")
    send(account, draft, "k-1")
    assert account.readback
    assert account.readback.find(draft, key="k-2", since=START) is None
    assert account.readback.find(draft, key="k-1", since=START) is not None


@BOTH
def test_an_answer_behind_more_messages_than_are_shown_is_not_called_missing(
    town: Town, kind: Kind
) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="Hello", visibility="direct")
    draft = in_public(town.one(account), "Thank you!")
    method = "POST page/messages" if network == "facebook" else "POST instagram/messages"
    town.faults.add(Fault(target="meta", method=method, kind="reset_after"))
    with pytest.raises(Uncertain):
        send(account, draft)
    for number in range(25):
        town.act(network, text=f"And {number}", visibility="direct")
    restarted = town.account(kind)
    assert restarted.readback
    with pytest.raises(Uncertain):
        restarted.readback.find(draft, key="k-1", since=START)
    town.later(hours=1)
    assert restarted.readback.find(draft, key="k-1", since=town.clock[0]) is None


def test_where_nobody_has_a_name_nobody_can_tell_whose_the_words_are(town: Town) -> None:
    account = town.account(FACEBOOK)
    town.act("facebook", text="My lamp smokes")
    comment = town.one(account)
    unnamed = replace(comment.author, ref=comment.ref.sibling(f"unnamed:{comment.ref.id}"))
    draft = in_private(account, replace(comment, author=unnamed), "Write to us here.")
    town.faults.add(Fault(target="meta", method="POST page/messages", kind="reset_after"))
    with pytest.raises(Uncertain):
        send(account, draft)
    assert account.readback
    with pytest.raises(Uncertain):
        account.readback.find(draft, key="k-1", since=START)


@BOTH
def test_a_private_reply_after_seven_days_is_refused_in_words(town: Town, kind: Kind) -> None:
    account = town.account(kind)
    town.act(kind.integration.name, text="My lamp smokes")
    comment = town.one(account)
    town.later(days=7)
    with pytest.raises(Rejected, match="Answer in public"):
        send(account, in_private(account, comment))


def test_a_visitors_post_is_answered_under_it_and_in_private(town: Town) -> None:
    account = town.account(FACEBOOK)
    id_ = town.act("facebook", text="My lamp smokes", on_wall=True)
    post = town.one(account)
    assert (post.ref.id, post.conversation.id, post.in_reply_to) == (id_, id_, None)
    send(account, in_public(post, "We are sorry."))
    send(account, in_private(account, post), "k-2")
    public, private = town.ours("facebook")
    assert (public["in_reply_to_id"], private["about"]) == (id_, id_)
    calls = [c for c in town.net.journal.calls() if c["method"] == "POST page/messages"]
    assert [call["args"]["recipient"] for call in calls] == [{"post_id": id_}]


def test_with_facebooks_login_instagrams_messages_go_through_the_page(town: Town) -> None:
    through_page = dataclasses.replace(INSTAGRAM_ITSELF, token="sandbox-page-token", host="graph")
    account = town.account(through_page, page_id=PAGE)
    town.act("instagram", text="My lamp smokes")
    comment = town.one(account)
    send(account, in_private(account, comment))
    assert [one["to"] for one in town.ours("instagram")] == ["ana"]
    calls = [c for c in town.net.journal.calls() if c["method"] == "POST page/messages"]
    assert [call["args"]["node"] for call in calls] == [PAGE]


# --- windows -----------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("hours", "automatic", "permitted", "tag"),
    [
        (1, False, True, None),
        (25, False, True, "HUMAN_AGENT"),
        (25, True, True, "refused"),
        (25, False, False, "refused"),
        (169, False, True, "refused"),
    ],
)
def test_the_human_agent_tag_is_for_people_and_only_where_it_is_needed(
    town: Town, kind: Kind, hours: int, automatic: bool, permitted: bool, tag: str | None
) -> None:
    network = kind.integration.name
    account = town.account(kind, human_agent=permitted)
    town.act(network, text="Hello", visibility="direct")
    draft = replace(in_public(town.one(account)), automatic=automatic)
    town.later(hours=hours)
    if tag == "refused":
        with pytest.raises(Rejected, match="24 hours"):
            send(account, draft)
        assert town.ours(network) == []
    else:
        send(account, draft)
        assert [one["tag"] for one in town.ours(network)] == [tag]


def test_who_cannot_be_reached_is_told_in_words(town: Town) -> None:
    account = town.account(FACEBOOK)
    town.act("facebook", text="Hello", visibility="direct")
    message = town.one(account)
    town.act("facebook", type="unreachable")
    with pytest.raises(Rejected, match="cannot be reached"):
        send(account, in_public(message))


# --- what comes in -----------------------------------------------------------------------


def test_edits_and_removals_of_comments_are_told_by_the_page(town: Town) -> None:
    account = town.account(FACEBOOK)
    id_ = town.act("facebook", text="Where is it?")
    town.act("facebook", type="edit", id=id_, text="Where is my parcel?")
    town.act("facebook", type="delete", id=id_)
    posted, edited, deleted = town.comes(account)
    assert isinstance(posted, Posted)
    assert isinstance(edited, Edited)
    assert isinstance(deleted, Deleted)
    assert edited.message.text == "Where is my parcel?"
    assert posted.ref == edited.ref == deleted.ref


@BOTH
def test_an_answer_from_metas_own_inbox_is_told_and_ours_is_not(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="Hello", visibility="direct")
    message = town.one(account)
    send(account, in_public(message, "From Tierdesk"))
    town.act(network, US, text="From Meta's inbox", visibility="direct", to="ana")
    (echo,) = town.comes(account)
    assert isinstance(echo, Echoed)
    assert echo.message.text == "From Meta's inbox"
    assert echo.to is not None
    assert echo.to.ref == message.author.ref
    assert echo.message.conversation == message.conversation


@BOTH
def test_an_answer_under_a_comment_by_hand_is_told(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    comment = town.act(network, text="Is it back?")
    town.act(network, US, text="It is!", in_reply_to_id=comment)
    _, echo = town.comes(account)
    assert isinstance(echo, Echoed)
    assert echo.message.in_reply_to is not None
    assert echo.message.in_reply_to.id == comment


@BOTH
def test_names_come_from_the_profile_and_are_asked_once(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="Hello", visibility="direct")
    town.act(network, text="Again", visibility="direct")
    for event in town.comes(account):
        assert isinstance(event, Posted)
        assert event.message.author.name == "Ana Popescu"
    asked = [c for c in town.net.journal.calls() if c["method"] == "GET person"]
    assert len(asked) == 1


def test_without_a_profile_a_message_still_comes(town: Town) -> None:
    account = town.account(FACEBOOK)
    town.faults.add(Fault(target="meta", method="GET person", kind="500"))
    town.act("facebook", text="Hello", visibility="direct")
    assert town.one(account).author.name.startswith("Somebody on Facebook")


@BOTH
def test_what_was_chosen_from_buttons_comes_back_in_full(town: Town, kind: Kind) -> None:
    network = kind.integration.name
    account = town.account(kind)
    town.act(network, text="Hello", visibility="direct")
    choices = ("Where is my parcel now?", "Opening hours")
    send(account, replace(in_public(town.one(account)), choices=choices))
    [sent] = town.ours(network)
    [first, _] = sent["choices"]
    pressed = {"text": first["title"], "payload": first["payload"]}
    town.act(network, visibility="direct", **pressed)
    assert town.one(account).text == "Where is my parcel now?"


def test_while_nobody_answers_the_names_of_many_are_not_asked_one_by_one(town: Town) -> None:
    account = town.account(FACEBOOK)
    town.faults.add(Fault(target="meta", method="GET person", kind="500", times=0))
    for who in ("ana", "tom", "nina"):
        town.act("facebook", who, text="Hello", visibility="direct")
    assert len(town.comes(account)) == 3
    asked = [c for c in town.net.journal.calls() if c["method"] == "GET person"]
    assert len(asked) == 1
    town.faults.clear()
    town.later(minutes=11)
    town.act("facebook", text="Still here", visibility="direct")
    assert town.one(account).author.name == "Ana Popescu"


def test_of_a_crowd_few_names_are_asked_at_once_and_the_others_when_they_write_again(
    town: Town,
) -> None:
    many = people(
        tuple(dataclasses.replace(CUSTOMERS[0], id=str(500 + n), acct=f"p{n}") for n in range(30))
    )
    town.net.world.people.update(many)
    account = town.account(FACEBOOK)
    for who in many:
        town.act("facebook", who, text="Hello", visibility="direct")
    named = [e for e in town.comes(account) if isinstance(e, Posted)]
    assert sum(event.message.author.name == "Ana Popescu" for event in named) == 10
    town.later(seconds=10)
    town.act("facebook", "p29", text="Still here", visibility="direct")
    assert town.one(account).author.name == "Ana Popescu"
