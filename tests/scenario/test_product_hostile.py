"""Hostile input on every way in, in HTTP mode: a clear error or a normal case, never a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile_input import (
    ACTIONS,
    SECRET,
    TEXTS,
    VALUES,
    WINDOWS,
    from_slack,
    message,
    names,
    pressed,
    send,
    webhook,
)
from tests.product_steps import (
    CARE,
    IOANA,
    MIHAI,
    OPERATIONS,
    answer,
    card_now,
    card_says,
    comment,
    number,
    press,
    shown,
    thread_says,
    written,
)
from tests.world import World


def _http_mode(text: str) -> str:
    form = "accounts:\n  form:\n    network: generic\n    reply_url: http://127.0.0.1:9/answers\n"
    return text.replace("mode: socket", "mode: http").replace("accounts:\n", form)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    env = {"GENERIC_FORM_SECRET": SECRET}
    world = World(tmp_path_factory.mktemp("hostile"), change=_http_mode, env=env)
    product = world.start()
    world.control(action="rate-limit", on=False)
    mode = {"action": "http-mode", "events_url": f"{product.url}/slack/events"}
    assert world.http.post("/slack/control", json=mode).json()["ok"]
    yield world
    world.close()


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[httpx.Client]:
    assert world.product
    with httpx.Client(base_url=world.product.url, timeout=20, trust_env=False) as client:
        yield client


def neighbour_arrives(world: World, client: httpx.Client) -> None:
    """After everything else there is still a card for an ordinary message."""
    words = f"ordinary neighbour {next(names)} of all that"
    assert send(client, message(words)).status_code == 200
    world.card(CARE, words)


# --- the thin path -----------------------------------------------------------------------


def test_the_thin_path_works_in_http_mode_too(world: World) -> None:
    post = comment(world, "tom", "Is the bongo lamp dimmable?")
    card = world.card(CARE, "bongo lamp")

    press(world, MIHAI, card, "case.claim")
    card_says(world, card, f"Claimed by <@{MIHAI}>")
    answer(world, MIHAI, card, "It is.")

    thread_says(world, card, "sent by")
    assert [reply["text"] for reply in world.replies_to(post)] == ["@tom It is."]


def test_a_webhook_message_becomes_one_case_however_often_it_is_sent(
    world: World, client: httpx.Client
) -> None:
    sent = message("Where is my tenrec tray?")

    counts = [send(client, sent).json() for _ in range(3)]

    assert counts == [
        {"new": 1, "known": 0, "changed": 0},
        {"new": 0, "known": 1, "changed": 0},
        {"new": 0, "known": 1, "changed": 0},
    ]
    card = world.card(CARE, "tenrec tray")
    edited = {**sent, "event": "edited", "text": "Where is my tenrec bowl?"}
    edited["edited_at"] = "2026-11-22T09:00:00Z"
    assert send(client, edited, edited).json()["changed"] == 1
    card_says(world, card, "tenrec bowl")
    gone = {"event": "deleted", "id": sent["id"], "deleted_at": "2026-11-22T09:01:00Z"}
    assert send(client, gone, gone).json()["changed"] == 1
    card_says(world, card, "deleted on")
    assert len([m for m in shown(world, "tenrec bowl") if m["channel"] == CARE]) == 1


def test_without_a_valid_signature_nothing_comes_in(world: World, client: httpx.Client) -> None:
    body = json.dumps(message("I am the potto.")).encode()

    refused = webhook(client, body, secret="guessed")

    assert refused.status_code == 401
    assert refused.text == "unauthorized"
    unsigned = client.post("/slack/events", json={"type": "event_callback", "event": {}})
    assert unsigned.status_code == 401
    neighbour_arrives(world, client)
    assert not shown(world, "I am the potto.")


# --- hostile texts -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_a_normal_case_or_a_clear_error(
    world: World, client: httpx.Client, name: str
) -> None:
    marked = f"{name} begins here: {TEXTS[name]}"
    comes = send(client, message(marked), message(f"after {name}"))

    assert comes.status_code in (200, 422), comes.text
    if comes.status_code == 422:
        assert comes.json()["field"]
        comes = send(client, message(f"after {name}"))
    act = {"as": "nina", "type": "post", "text": marked[:400], "visibility": "public"}
    body = json.dumps(act).encode()
    headers = {"Content-Type": "application/json"}
    world.http.post("/mastodon/people/act", content=body, headers=headers)
    card = world.card(CARE, f"after {name}")
    press(world, IOANA, card, "case.claim")
    card_says(world, card, "Claimed by")


def test_nothing_hostile_calls_the_team_or_breaks_a_card(world: World) -> None:
    everything = world.dump()["slack"]

    for message_ in everything:
        for text in _mrkdwn(message_):
            assert "<!" not in text.replace("<!date^", "")
            assert "<https://evil.example" not in text
    refused = [m["text"] for m in world.messages(OPERATIONS) if "refused" in m["text"]]
    told = [text for text in refused if text.startswith("What was sent to the webhook")]
    assert refused == told
    assert len(told) == 1


def _mrkdwn(part: Any) -> Iterator[str]:
    """Every text that Slack reads as markup."""
    if isinstance(part, list):
        for each in part:
            yield from _mrkdwn(each)
    elif isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "message"):
            yield str(part["text"])
        for key, value in part.items():
            if key != "metadata":
                yield from _mrkdwn(value)


def test_a_megabyte_is_refused_or_cut_and_the_next_one_comes_in(
    world: World, client: httpx.Client
) -> None:
    fits = json.dumps(message("m" * 900_000)).encode()
    assert webhook(client, fits).status_code == 200
    too_large = json.dumps(message("m" * 1_100_000)).encode()
    assert webhook(client, too_large).status_code == 413
    deep = b'{"messages": ' + b"[" * 400_000 + b"]" * 400_000 + b"}"
    assert webhook(client, deep).status_code == 422
    neighbour_arrives(world, client)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
_few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_few
@given(
    field=st.sampled_from(["id", "author", "text", "created_at", "visibility", "kind", "url"]),
    value=_json,
)
def test_a_field_of_the_wrong_form_is_named(
    client: httpx.Client, field: str, value: object
) -> None:
    comes = send(client, message("fuzzed", author={"id": "fuzzer"}) | {field: value})

    assert comes.status_code in (200, 422), comes.text
    if comes.status_code == 422:
        assert comes.json()["field"].startswith("messages.0")


@_few
@given(body=st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode()))
def test_any_body_at_all_is_refused_in_words(client: httpx.Client, body: bytes) -> None:
    comes = webhook(client, body)

    assert comes.status_code == 422, comes.text
    assert set(comes.json()) == {"error", "field"}


@_few
@given(text=st.text(max_size=300))
def test_any_text_of_a_customer_comes_in(client: httpx.Client, text: str) -> None:
    comes = send(client, message(text, author={"id": "any-text"}))

    assert comes.status_code == 200, comes.text


# --- Slack's requests --------------------------------------------------------------------


@pytest.mark.parametrize("action", ACTIONS)
def test_a_button_with_a_strange_value_does_no_harm(client: httpx.Client, action: str) -> None:
    for value in VALUES:
        comes = from_slack(client, pressed(action, value))

        assert comes.status_code < 500, (value, comes.text)


@pytest.mark.parametrize("callback", WINDOWS)
def test_a_window_of_a_strange_form_does_no_harm(client: httpx.Client, callback: str) -> None:
    told = {"case": 1, "channel": "care", "channel_id": CARE, "seen": 1}
    states: tuple[Any, ...] = (
        {},
        {"values": {}},
        {"values": {"text:0": {"text": {"value": None}}}},
        {"values": {"afterwards": {"afterwards": {"selected_option": {"value": "explode"}}}}},
        {"values": {"tier": {"tier": {"selected_option": {"value": "²"}}}}},
        {"values": {"priority": {"priority": {"selected_option": {"value": "extreme"}}}}},
        {"values": {"until": {"until": {"selected_date_time": 10**30}}}},
        {"values": {"experts": {"experts": {"selected_users": 5}}}},
        {"values": []},
        None,
    )
    for metadata in ("", "{}", "[]", "null", json.dumps(told), json.dumps({**told, "case": "x"})):
        for state in states:
            view = {
                "type": "modal",
                "id": f"V{next(names)}",
                "callback_id": callback,
                "hash": "h",
                "private_metadata": metadata,
                "state": state,
            }
            payload = {"type": "view_submission", "user": {"id": MIHAI}, "view": view}

            comes = from_slack(client, payload)

            assert comes.status_code < 500, (metadata, state, comes.text)


@_few
@given(payload=_json)
def test_any_interaction_at_all_does_no_harm(client: httpx.Client, payload: object) -> None:
    assert from_slack(client, payload).status_code < 500


@_few
@given(event=_json, kind=st.sampled_from(["message", "reaction_added", "app_home_opened", ""]))
def test_any_event_at_all_does_no_harm(client: httpx.Client, event: Any, kind: str) -> None:
    inner = {**event, "type": kind} if isinstance(event, dict) else event
    payload = {"type": "event_callback", "event_id": f"Ev{next(names)}", "event": inner}

    assert from_slack(client, payload, event=True).status_code < 500
    assert from_slack(client, event, event=True).status_code < 500


def test_after_all_that_the_desk_works_as_before(world: World, client: httpx.Client) -> None:
    neighbour_arrives(world, client)
    comment(world, "olga", "Is the kinkajou lamp dimmable?")
    card = world.card(CARE, "kinkajou lamp")
    press(world, MIHAI, card, "case.claim")
    card_says(world, card, f"Claimed by <@{MIHAI}>")
    assert f"#{number(card)}" in written(card_now(world, CARE, card["ts"]))
    health = client.get("/health").json()
    assert health["status"] == "ok"
    assert health["webhooks"].get("500", 0) == health["webhooks"].get("503", 0) == 0
