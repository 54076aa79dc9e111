"""The sandbox's Slack holds a real slack_sdk client to Slack's own rules."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.faults import Fault
from sandbox.slack import BOT_SCOPES
from tests.slack_desk import Desk, ManualClock, buttons, modal, section


@pytest.fixture(scope="module")
def served() -> Iterator[Desk]:
    with Desk() as desk:
        yield desk


@pytest.fixture
def desk(served: Desk) -> Iterator[Desk]:
    yield served
    served.workspace.reset()
    served.faults.clear()


@pytest.fixture
def web(desk: Desk) -> WebClient:
    return desk.web


def refused(call: Any, *args: Any, **fields: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **fields)
    found = caught.value.response.data
    assert isinstance(found, dict)
    return found


def error(call: Any, *args: Any, **fields: Any) -> str:
    return str(refused(call, *args, **fields)["error"])


def test_a_bot_learns_who_it_is(web: WebClient) -> None:
    me = web.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == ("U0TIERDESK", "B0TIERDESK", "T0BRIGHT")


def test_tokens_are_checked(desk: Desk) -> None:
    assert error(desk.client("").auth_test) == "not_authed"
    assert error(desk.client("xoxb-other").auth_test) == "invalid_auth"
    assert error(desk.client("xapp-sandbox").users_list) == "not_allowed_token_type"
    assert error(desk.web.apps_connections_open, app_token="xoxb-sandbox") == (
        "not_allowed_token_type"
    )


def test_a_revoked_token_is_told_and_works_again_when_restored(desk: Desk) -> None:
    desk.control("revoke")
    assert error(desk.web.auth_test) == "token_revoked"
    desk.control("restore")
    assert desk.web.auth_test()["ok"]


def test_an_unknown_method_is_refused(web: WebClient) -> None:
    assert error(web.api_call, "chat.shout") == "unknown_method"


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("chat:write", lambda web: web.chat_postMessage(channel="C0CARE", text="x")),
        (
            "reactions:write",
            lambda web: web.reactions_add(channel="C0CARE", name="eyes", timestamp="1"),
        ),
        ("groups:history", lambda web: web.conversations_history(channel="C0PRIVATE")),
        ("groups:read", lambda web: web.conversations_list(types="private_channel")),
        ("users:read.email", lambda web: web.users_lookupByEmail(email="sam@brightleaf.example")),
        (
            "chat:write.customize",
            lambda web: web.chat_postMessage(channel="C0CARE", text="x", username="Ana"),
        ),
    ],
)
def test_a_missing_scope_is_named(scope: str, call: Any) -> None:
    with Desk(scopes=BOT_SCOPES - {scope}) as desk:
        answer = refused(call, desk.web)
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == scope
    assert scope not in answer["provided"].split(",")


def test_a_channel_must_be_known_joined_and_alive(desk: Desk) -> None:
    web = desk.web
    assert error(web.chat_postMessage, channel="C0NONE", text="x") == "channel_not_found"
    assert error(web.chat_postMessage, channel="C0GENERAL", text="x") == "not_in_channel"
    assert error(web.conversations_history, channel="C0GENERAL") == "not_in_channel"
    made = web.conversations_create(name="swarm-1042", is_private=True)["channel"]["id"]
    web.conversations_archive(channel=made)
    assert error(web.chat_postMessage, channel=made, text="x") == "is_archived"
    web.conversations_leave(channel="C0PRIVATE")
    assert error(web.conversations_info, channel="C0PRIVATE") == "channel_not_found"


def test_a_message_needs_something_to_say(web: WebClient) -> None:
    assert error(web.api_call, "chat.postMessage", json={"channel": "C0CARE"}) == "no_text"
    long = "x" * 40_001
    assert error(web.chat_postMessage, channel="C0CARE", text=long) == "msg_too_long"


def test_bad_blocks_are_refused_with_slacks_sentences(web: WebClient) -> None:
    answer = refused(
        web.chat_postMessage, channel="C0CARE", text="x", blocks=[section("x" * 3_001)]
    )
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_too_much_text_in_all_blocks_is_refused(web: WebClient) -> None:
    long = [section("x" * 2_900)] * 5
    assert error(web.chat_postMessage, channel="C0CARE", text="x", blocks=long) == (
        "msg_blocks_too_long"
    )


def test_a_lone_surrogate_is_no_json(desk: Desk) -> None:
    body = '{"channel": "C0CARE", "text": "\\ud800"}'
    answer = desk._http.post(
        "/api/chat.postMessage",
        content=body,
        headers={"authorization": "Bearer xoxb-sandbox", "content-type": "application/json"},
    )
    assert answer.json() == {"ok": False, "error": "invalid_json"}


def test_a_form_and_a_json_body_say_the_same(desk: Desk) -> None:
    headers = {"authorization": "Bearer xoxb-sandbox"}
    form = {"channel": "C0CARE", "text": "x", "blocks": '[{"type": "divider"}]'}
    answer = desk._http.post("/api/chat.postMessage", data=form, headers=headers).json()
    assert answer["message"]["blocks"][0]["type"] == "divider"


def test_a_bots_message_can_be_changed_and_deleted_by_it_alone(desk: Desk) -> None:
    web = desk.web
    card = web.chat_postMessage(channel="C0CARE", text="New", blocks=[section()])
    changed = web.chat_update(channel="C0CARE", ts=card["ts"], text="Claimed")
    assert changed["message"]["text"] == "Claimed"
    assert "blocks" not in changed["message"]
    theirs = desk.act("U0MIHAI", "post", channel="C0CARE", text="Hello")["ts"]
    assert error(web.chat_update, channel="C0CARE", ts=theirs, text="x") == "cant_update_message"
    assert error(web.chat_delete, channel="C0CARE", ts=theirs) == "cant_delete_message"
    web.chat_delete(channel="C0CARE", ts=card["ts"])
    assert error(web.chat_update, channel="C0CARE", ts=card["ts"], text="x") == "message_not_found"


def test_a_thread_hangs_on_its_first_message(web: WebClient) -> None:
    head = web.chat_postMessage(channel="C0CARE", text="Card")["ts"]
    reply = web.chat_postMessage(channel="C0CARE", text="One", thread_ts=head)["ts"]
    assert error(web.chat_postMessage, channel="C0CARE", text="x", thread_ts="1.000000") == (
        "thread_not_found"
    )
    assert error(web.chat_postMessage, channel="C0CARE", text="x", thread_ts=reply) == (
        "cannot_reply_to_message"
    )
    thread = web.conversations_replies(channel="C0CARE", ts=head)["messages"]
    assert [message["text"] for message in thread] == ["Card", "One"]
    assert thread[0]["reply_count"] == 1
    assert len(web.conversations_history(channel="C0CARE")["messages"]) == 1
    web.chat_delete(channel="C0CARE", ts=head)
    left = web.conversations_history(channel="C0CARE")["messages"]
    assert [message["subtype"] for message in left] == ["tombstone"]


def test_metadata_comes_back_only_when_asked_for(web: WebClient) -> None:
    kept = {"event_type": "case", "event_payload": {"id": 1042}}
    ts = web.chat_postMessage(channel="C0CARE", text="Card", metadata=kept)["ts"]
    bare = web.conversations_history(channel="C0CARE")["messages"][0]
    assert "metadata" not in bare
    whole = web.conversations_replies(channel="C0CARE", ts=ts, include_all_metadata=True)
    assert whole["messages"][0]["metadata"] == kept
    assert error(web.chat_postMessage, channel="C0CARE", text="x", metadata={"a": 1}) == (
        "invalid_metadata_format"
    )


def test_history_pages_through_thousands_without_a_gap(web: WebClient) -> None:
    sent = [web.chat_postMessage(channel="C0CARE", text=str(n))["ts"] for n in range(250)]
    found = [
        [message["ts"] for message in page["messages"]]
        for page in web.conversations_history(channel="C0CARE", limit=100)
    ]
    assert [len(stamps) for stamps in found] == [100, 100, 50]
    assert [ts for stamps in found for ts in stamps] == sent[::-1]
    late = web.conversations_history(channel="C0CARE", oldest=sent[240], latest=sent[249])
    assert [message["ts"] for message in late["messages"]] == sent[241:249][::-1]


def test_lists_are_paged_by_cursor(web: WebClient) -> None:
    types = "public_channel,private_channel"
    pages = web.conversations_list(types=types, limit=2)
    names = [channel["name"] for page in pages for channel in page["channels"]]
    assert names == ["care-public", "care-private", "marketing-watch", "tierdesk-ops", "general"]
    assert error(web.conversations_list, cursor="bm90IG91cnM=") == "invalid_cursor"


def test_a_private_channel_is_made_filled_and_named(web: WebClient) -> None:
    channel = web.conversations_create(name="swarm-7", is_private=True)["channel"]["id"]
    web.conversations_invite(channel=channel, users="U0IOANA,U0KENJI")
    members = web.conversations_members(channel=channel)["members"]
    assert members == ["U0TIERDESK", "U0IOANA", "U0KENJI"]
    web.conversations_setTopic(channel=channel, topic="Case 7")
    assert web.conversations_info(channel=channel)["channel"]["topic"]["value"] == "Case 7"
    invite = web.conversations_invite
    assert error(invite, channel=channel, users="U0IOANA") == "already_in_channel"
    assert error(invite, channel=channel, users="U0NONE") == "user_not_found"
    assert error(invite, channel=channel, users="U0TIERDESK") == "cant_invite_self"
    web.conversations_kick(channel=channel, user="U0KENJI")
    assert error(web.conversations_kick, channel=channel, user="U0KENJI") == "not_in_channel"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("care-public", "name_taken"),
        ("Care", "invalid_name_specials"),
        ("a.b", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
    ],
)
def test_a_channels_name_follows_slacks_rules(web: WebClient, name: str, word: str) -> None:
    assert error(web.conversations_create, name=name) == word


def test_an_ephemeral_message_is_for_one_member_alone(desk: Desk) -> None:
    desk.web.chat_postEphemeral(channel="C0CARE", user="U0MIHAI", text="Psst")
    assert [m["text"] for m in desk.state("U0MIHAI")["ephemerals"]["C0CARE"]] == ["Psst"]
    assert desk.state("U0SAM")["ephemerals"] == {}
    assert error(desk.web.chat_postEphemeral, channel="C0PRIVATE", user="U0MIHAI", text="x") == (
        "user_not_in_channel"
    )


def test_a_person_sees_only_their_channels(desk: Desk) -> None:
    desk.web.chat_postMessage(channel="C0PRIVATE", text="Secret")
    assert "C0PRIVATE" not in desk.state("U0MIHAI")["messages"]
    assert desk.state("U0IOANA")["messages"]["C0PRIVATE"][0]["text"] == "Secret"
    assert desk.act("U0MIHAI", "post", channel="C0PRIVATE", text="x") == {
        "ok": False,
        "error": "channel_not_found",
    }


def test_a_direct_message_opens_by_the_persons_id(desk: Desk) -> None:
    desk.web.chat_postMessage(channel="U0MIHAI", text="Hello")
    opened = desk.web.conversations_open(users="U0MIHAI")["channel"]["id"]
    assert desk.state("U0MIHAI")["messages"][opened][0]["text"] == "Hello"


def test_reactions_pins_and_bookmarks(web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0CARE", text="Card")["ts"]
    web.reactions_add(channel="C0CARE", timestamp=ts, name="eyes")
    add, remove = web.reactions_add, web.reactions_remove
    assert error(add, channel="C0CARE", timestamp=ts, name="eyes") == "already_reacted"
    assert error(remove, channel="C0CARE", timestamp=ts, name="tada") == "no_reaction"
    assert web.reactions_get(channel="C0CARE", timestamp=ts)["message"]["reactions"] == [
        {"name": "eyes", "users": ["U0TIERDESK"], "count": 1}
    ]
    web.pins_add(channel="C0CARE", timestamp=ts)
    assert error(web.pins_add, channel="C0CARE", timestamp=ts) == "already_pinned"
    assert web.pins_list(channel="C0CARE")["items"][0]["message"]["ts"] == ts
    link = web.bookmarks_add(
        channel_id="C0CARE", title="Rules", type="link", link="https://a.example"
    )["bookmark"]["id"]
    web.bookmarks_edit(channel_id="C0CARE", bookmark_id=link, title="All rules")
    assert web.bookmarks_list(channel_id="C0CARE")["bookmarks"][0]["title"] == "All rules"
    web.bookmarks_remove(channel_id="C0CARE", bookmark_id=link)
    assert web.bookmarks_list(channel_id="C0CARE")["bookmarks"] == []


def test_people_and_groups_are_found(web: WebClient) -> None:
    assert web.users_info(user="U0KENJI")["user"]["tz"] == "Asia/Tokyo"
    assert web.users_lookupByEmail(email="SAM@brightleaf.example")["user"]["id"] == "U0SAM"
    assert error(web.users_lookupByEmail, email="no@b.example") == "users_not_found"
    assert web.usergroups_list()["usergroups"][0]["handle"] == "care-team"
    assert web.usergroups_users_list(usergroup="S0CARE")["users"] == ["U0MIHAI", "U0IOANA"]


def test_a_file_travels_in_three_steps(desk: Desk) -> None:
    head = desk.web.chat_postMessage(channel="C0CARE", text="Card")["ts"]
    desk.web.files_upload_v2(
        channel="C0CARE", thread_ts=head, filename="log.txt", content="one\ntwo", title="Log"
    )
    thread = desk.web.conversations_replies(channel="C0CARE", ts=head)["messages"]
    file = thread[1]["files"][0]
    assert (file["title"], file["size"]) == ("Log", 7)
    assert error(desk.web.files_info, file="F0NONE") == "file_not_found"


def test_above_one_post_a_second_a_channel_slack_says_wait() -> None:
    clock = ManualClock()
    with Desk(clock=clock, rate_limit=True) as desk:
        for _ in range(5):
            desk.web.chat_postMessage(channel="C0CARE", text="x")
        with pytest.raises(SlackApiError) as caught:
            desk.web.chat_postMessage(channel="C0CARE", text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["retry-after"] == "1"
        assert caught.value.response["error"] == "ratelimited"
        desk.web.chat_postMessage(channel="C0OPS", text="other channels are free")
        clock.advance(1.0)
        desk.web.chat_postMessage(channel="C0CARE", text="x")
        desk.workspace.rate_limit = False
        desk.web.chat_postMessage(channel="C0CARE", text="x")


def test_a_fault_can_be_told_from_the_answer(desk: Desk) -> None:
    desk.faults.add(Fault(target="slack", method="chat.postMessage", kind="429", retry_after=7))
    with pytest.raises(SlackApiError) as caught:
        desk.web.chat_postMessage(channel="C0CARE", text="x")
    assert caught.value.response.headers["retry-after"] == "7"
    desk.faults.add(Fault(target="slack", method="chat.postMessage", kind="503"))
    with pytest.raises(SlackApiError):
        desk.web.chat_postMessage(channel="C0CARE", text="x")
    assert desk.workspace.dump() == []


def test_a_reset_after_the_work_leaves_the_message(desk: Desk) -> None:
    desk.faults.add(Fault(target="slack", method="chat.postMessage", kind="reset_after"))
    lone = desk.client()
    lone.retry_handlers.clear()
    with pytest.raises(OSError, match=r"(?i)remote|reset"):
        lone.chat_postMessage(channel="C0CARE", text="x")
    assert [message["text"] for message in desk.workspace.dump()] == ["x"]


def test_the_journal_keeps_calls_without_tokens(desk: Desk) -> None:
    desk.web.chat_postMessage(channel="C0CARE", text="x", token="xoxb-sandbox")
    error(desk.web.chat_postMessage, channel="C0NONE", text="y")
    first, second = desk.workspace.journal.calls()
    assert (first["method"], first["answer_ok"]) == ("chat.postMessage", True)
    assert second["answer_ok"] is False
    assert "xoxb" not in str((first, second))


def test_stamps_grow_and_survive_a_reset(desk: Desk) -> None:
    first = desk.web.chat_postMessage(channel="C0CARE", text="x")["ts"]
    desk.workspace.reset()
    second = desk.web.chat_postMessage(channel="C0CARE", text="x")["ts"]
    assert second > first
    assert len(desk.state("U0SAM")["messages"]["C0CARE"]) == 1


def test_the_page_gets_the_newest_two_hundred_and_the_count(desk: Desk) -> None:
    for number in range(205):
        desk.web.chat_postMessage(channel="C0CARE", text=str(number))
    state = desk.state("U0SAM")
    care = next(channel for channel in state["channels"] if channel["id"] == "C0CARE")
    assert (care["count"], care["members"]) == (205, 6)
    assert [m["text"] for m in state["messages"]["C0CARE"]] == [str(n) for n in range(5, 205)]


def test_a_view_published_at_home_keeps_its_id_and_changes_its_hash(desk: Desk) -> None:
    home = {"type": "home", "blocks": [section("My cases")]}
    first = desk.web.views_publish(user_id="U0MIHAI", view=home)["view"]
    second = desk.web.views_publish(user_id="U0MIHAI", view=home, hash=first["hash"])["view"]
    assert first["id"] == second["id"]
    publish = desk.web.views_publish
    assert error(publish, user_id="U0MIHAI", view=home, hash=first["hash"]) == "hash_conflict"
    assert error(publish, user_id="U0MIHAI", view=modal()) == "invalid_arguments"
    assert desk.state("U0MIHAI")["home"]["hash"] == second["hash"]


def test_ids_are_made_up_where_an_app_gave_none(desk: Desk) -> None:
    named = buttons("claim")
    del named["block_id"], named["elements"][0]["action_id"]
    sent = desk.web.chat_postMessage(channel="C0CARE", text="x", blocks=[named])
    block = sent["message"]["blocks"][0]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]
