"""X's webhook: the handshake, the signature over raw bytes, every way to be refused."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import BadPayload, Unverified
from inbox.message import Echoed, Posted
from inbox.ports import Connection, Request
from integrations.x import XSettings
from integrations.x.webhook import Challenge, Deliveries, signature
from sandbox.feed import Feed
from sandbox.x import activity
from sandbox.x.world import World
from tests.contract.x_world import secrets
from tests.hosts import FakeMeter, a_host
from tests.x_town import EYES, NOW, a_delivery, a_till

SECRET = "consumer-secret"


def a_receiver(secret: str = SECRET, meter: FakeMeter | None = None) -> Deliveries:
    return Deliveries(secret=secret, eyes=lambda: EYES, till=a_till(meter=meter))


def signed(body: bytes, secret: str = SECRET) -> Request:
    headers = {"x-twitter-webhooks-signature": signature(body, secret)}
    return a_delivery(body, **headers)


def a_challenge(**query: str) -> Request:
    return Request(method="GET", query=query, headers={}, body=b"", received_at=NOW)


def test_the_handshake_answers_with_the_token_signed() -> None:
    greeting = Challenge(SECRET).greet(a_challenge(crc_token="token-of-x"))
    assert greeting.media_type == "application/json"
    token = activity.signature(b"token-of-x", SECRET)
    assert json.loads(greeting.body) == {"response_token": token}


@pytest.mark.parametrize("query", [{}, {"crc_token": ""}, {"crc_token": "x" * 1000}])
def test_a_handshake_without_a_token_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Unverified):
        Challenge(SECRET).greet(a_challenge(**query))


def test_an_empty_secret_opens_nothing() -> None:
    with pytest.raises(Unverified):
        Challenge("").greet(a_challenge(crc_token="a"))
    with pytest.raises(Unverified):
        a_receiver("").verify(signed(b"{}", ""))


def test_what_x_signed_is_taken_and_nothing_else() -> None:
    body = b'{"data": {}}'
    a_receiver().verify(signed(body))
    for wrong in (
        a_delivery(body),
        signed(body, "another secret"),
        a_delivery(body, **{"x-twitter-webhooks-signature": "sha256=\u00e9"}),
        a_delivery(body + b" ", **dict(signed(body).headers)),
    ):
        with pytest.raises(Unverified):
            a_receiver().verify(wrong)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("no JSON", "body"),
        ("[]", "body"),
        ('{"data": {"filter": {"user_id": "1"}}}', "data.event_type"),
        ('{"data": {"event_type": "post.mention.create"}}', "data.filter"),
        (
            '{"data": {"event_type": "post.mention.create", "payload": {"id": "secret text"},'
            ' "filter": {"user_id": "1111111111111111111"}}}',
            "data.payload.id",
        ),
        (
            '{"data": {"event_type": "dm.received", "payload": {"direct_message_events": []},'
            ' "filter": {"user_id": "1111111111111111111"}}}',
            "data.payload.direct_message_events",
        ),
    ],
)
def test_a_body_of_another_form_is_refused_by_the_name_of_its_field(body: str, field: str) -> None:
    with pytest.raises(BadPayload) as caught:
        a_receiver().parse(a_delivery(body.encode()))
    assert caught.value.field == field
    assert "secret text" not in str(caught.value)


@given(st.recursive(st.none() | st.text() | st.integers(), lambda x: st.dictionaries(st.text(), x)))
def test_any_json_is_read_or_refused(value: object) -> None:
    for body in (value, {"data": value}):
        with suppress(BadPayload):
            a_receiver().parse(a_delivery(json.dumps(body).encode()))


def a_mention() -> bytes:
    world = World(Feed(), NOW.timestamp)
    event = activity.posted(world.post("ana", "@brightleaf hello"), world, "post.mention.create")
    event["data"]["filter"]["user_id"] = EYES.me.id
    return json.dumps(event).encode()


def test_one_post_that_is_delivered_as_mention_and_as_reply_is_one_message_and_costs_once() -> None:
    meter = FakeMeter()
    receiver, body = a_receiver(meter=meter), a_mention()
    (first,) = receiver.parse(a_delivery(body))
    again = body.replace(b"post.mention.create", b"post.reply.create")
    (second,) = receiver.parse(a_delivery(again))
    assert isinstance(first, Posted)
    assert first == second
    assert [cost for _, cost, _ in meter.calls] == [5_000]


def test_our_own_answer_is_told_in_the_words_that_were_sent() -> None:
    world = World(Feed(), NOW.timestamp)
    asked = world.post("ana", "@brightleaf hello")
    ours = world.post("brightleaf", "We are on it.", in_reply_to=asked.id)
    event = activity.posted(ours, world, "post.create")
    event["data"]["filter"]["user_id"] = event["data"]["payload"]["author_id"] = EYES.me.id
    (echoed,) = a_receiver().parse(a_delivery(json.dumps(event).encode()))
    assert isinstance(echoed, Echoed)
    assert echoed.message.text == "We are on it."


def connected(**settings: object) -> Connection:
    from integrations.x import integration

    return integration.connect("care", settings, secrets(), host=a_host(lambda: NOW))


def test_without_the_setting_there_is_no_webhook() -> None:
    alone, delivered = connected(), connected(webhook=True)
    assert alone.receiver is None
    assert alone.handshake is None
    assert delivered.receiver
    assert delivered.handshake
    assert delivered.pace() == 10 * alone.pace()
    alone.close()
    delivered.close()


def test_a_webhook_needs_the_consumer_secret_with_either_way_of_signing_in() -> None:
    from integrations.x import integration

    for auth in ("oauth1", "oauth2"):
        missing = integration.check("care", {"auth": auth, "webhook": True}, {})
        assert "consumer_secret_env" in [fault.key for fault in missing]
    data: dict[str, object] = {"auth": "oauth2"}
    assert [fault.key for fault in integration.check("care", data, {})] == [
        "client_id_env",
        "refresh_token_env",
    ]
    assert XSettings().webhook is False
