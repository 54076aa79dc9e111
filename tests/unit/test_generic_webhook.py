"""The signed channel: recorded bodies, the signature, and every way to be refused."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import BadPayload, Unverified
from inbox.message import Account
from inbox.ports import Request, WebhookReceiver
from integrations.generic import integration
from integrations.generic.convert import to_events
from integrations.generic.signature import sign
from tests.hosts import a_host
from tests.recorded import as_recorded

FIXTURES = Path(__file__).parent.parent / "fixtures" / "generic"
FORM = Account("generic", "form")
SECRET = "a-shared-secret"
NOW = datetime(2026, 11, 22, 8, 20, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
MESSAGE: dict[str, object] = {
    "id": "m-1",
    "author": {"id": "u-1"},
    "text": "Hello",
    "created_at": "2026-11-22T08:20:02Z",
    "visibility": "public",
}


def shown(value: object) -> object:
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat()))


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_body_becomes_its_events(name: str) -> None:
    events = to_events((FIXTURES / f"{name}.in.json").read_bytes(), FORM)
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text())
    assert [{type(event).__name__: shown(as_recorded(event))} for event in events] == expected


@pytest.fixture
def receiver() -> WebhookReceiver:
    connection = integration.connect(
        "form", {}, {"GENERIC_FORM_SECRET": SECRET}, host=a_host(lambda: NOW)
    )
    assert connection.receiver
    return connection.receiver


def a_request(
    body: bytes, *, stamp: str = STAMP, signature: str | None = None, secret: str = SECRET
) -> Request:
    headers = {
        "x-tierdesk-timestamp": stamp,
        "x-tierdesk-signature": signature or sign(secret.encode(), stamp, body),
    }
    return Request(method="POST", query={}, headers=headers, body=body, received_at=NOW)


@pytest.mark.parametrize("away", [-300, 0, 300])
def test_a_signature_within_its_window_is_accepted(receiver: WebhookReceiver, away: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=away)).timestamp()))
    receiver.verify(a_request(b"{}", stamp=stamp))


@pytest.mark.parametrize(
    "request_",
    [
        a_request(b"{}", stamp=str(int(STAMP) - 301)),
        a_request(b"{}", stamp=str(int(STAMP) + 301)),
        a_request(b"{}", secret="another"),
        a_request(b"{}", signature="v1="),
        a_request(b"{}", signature=sign(SECRET.encode(), STAMP, b"{} ")),
        a_request(b"{}", signature=sign(SECRET.encode(), STAMP, b"{}").removeprefix("v1=")),
        a_request(b"{}", signature="v1=\u00e9\ud800"),
        a_request(b"{}", stamp=f"+{STAMP}"),
        a_request(b"{}", stamp=f" {STAMP}"),
        a_request(b"{}", stamp="9" * 5000),
        a_request(b"{}", stamp="١٧٠"),
        Request(method="POST", query={}, headers={}, body=b"{}", received_at=NOW),
    ],
)
def test_anything_else_is_not(receiver: WebhookReceiver, request_: Request) -> None:
    with pytest.raises(Unverified):
        receiver.verify(request_)


@pytest.mark.parametrize("secret", ["", "  "])
def test_an_empty_secret_is_refused(secret: str) -> None:
    secrets = {"GENERIC_FORM_SECRET": secret}
    (fault,) = integration.check("form", {}, secrets)
    assert "GENERIC_FORM_SECRET" in fault.problem
    with pytest.raises(ValueError, match="GENERIC_FORM_SECRET"):
        integration.connect("form", {}, secrets, host=a_host(lambda: NOW))


def without(field: str) -> dict[str, object]:
    return {key: value for key, value in MESSAGE.items() if key != field}


def batch(*messages: object) -> dict[str, object]:
    return {"messages": list(messages)}


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        (without("id"), "id", "missing"),
        ({**MESSAGE, "id": 5}, "id", "string"),
        ({**MESSAGE, "id": ""}, "id", ""),
        ({**MESSAGE, "id": "a\nb"}, "id", "not allowed"),
        ({**MESSAGE, "id": 10**400}, "id", "string"),
        ({**MESSAGE, "text": None}, "text", "string"),
        ({**MESSAGE, "autor": 1}, "autor", "did you mean author"),
        ({**MESSAGE, "x\u202e y": 1}, "?", "not known"),
        ({**MESSAGE, "author": {"id": "1", "nmae": "x"}}, "author.nmae", "did you mean name"),
        ({**MESSAGE, "author": "ana"}, "author", ""),
        ({**MESSAGE, "author": {"id": "1", "followers": -1}}, "author.followers", ""),
        ({**MESSAGE, "created_at": "2026-11-22T08:20:02"}, "created_at", "timezone"),
        ({**MESSAGE, "created_at": "9999-12-31T23:59:59-10:00"}, "created_at", "between"),
        ({**MESSAGE, "created_at": 1700000000}, "created_at", ""),
        ({**MESSAGE, "visibility": "secret"}, "visibility", "'public' or 'private'"),
        ({**MESSAGE, "event": "gone"}, "event", "posted, edited or deleted"),
        ({**MESSAGE, "event": ["x"]}, "event", "posted, edited or deleted"),
        ({**MESSAGE, "event": "edited"}, "edited_at", "missing"),
        ({**MESSAGE, "url": "javascript:alert(1)"}, "url", "not allowed"),
        ({**MESSAGE, "language": "<b>"}, "language", "not allowed"),
        ({**MESSAGE, "attachments": [{"kind": "image"}]}, "attachments.0.url", "missing"),
        (batch(), "messages", "1 to 500"),
        (batch(*[MESSAGE] * 501), "messages", "too many"),
        (
            batch(MESSAGE, MESSAGE, {**MESSAGE, "author": {"id": "1", "handle": 5}}),
            "messages.2.author.handle",
            "string",
        ),
        (batch(MESSAGE, {"event": "deleted", "id": "1"}), "messages.1.deleted_at", "missing"),
        (batch({**MESSAGE, "event": "gone"}), "messages.0.event", "posted, edited or deleted"),
        ({"messages": [MESSAGE], "mesages": 1}, "mesages", "did you mean messages"),
        ({**MESSAGE, "visibility": "public", "kind": "dm"}, "kind", "a dm is private"),
        ([MESSAGE], "body", "object"),
        ("messages", "body", "object"),
        (None, "body", "object"),
    ],
)
def test_a_wrong_field_is_named(body: object, field: str, says: str) -> None:
    with pytest.raises(BadPayload) as caught:
        to_events(json.dumps(body).encode(), FORM)
    assert caught.value.field == field
    assert says in caught.value.problem


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{",
        b'{"id":"1"} x',
        b'{"a":"\\ud800"}',
        b"NaN",
        b"1" * 5000,
        b'"messages',
        b'{"messages"',
    ],
)
def test_what_is_no_json_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(BadPayload) as caught:
        to_events(body, FORM)
    assert caught.value.field == "body"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from([*MESSAGE, "event", "messages", "edited_at"]), inner)
    ),
)


@given(JSON)
def test_any_json_is_a_message_or_a_refusal(value: object) -> None:
    with suppress(BadPayload):
        to_events(json.dumps(value).encode(), FORM)


def test_an_error_does_not_repeat_what_was_sent() -> None:
    for field in MESSAGE:
        with pytest.raises(BadPayload) as caught:
            to_events(json.dumps({**MESSAGE, field: ["secret-text"]}).encode(), FORM)
        assert "secret-text" not in str(caught.value)


def test_the_settings_of_an_account_are_checked_all_at_once() -> None:
    faults = integration.check("form", {"reply_ulr": "x", "reply_url": "shop", "max_length": 0}, {})
    assert sorted(fault.key for fault in faults) == [
        "max_length",
        "reply_ulr",
        "reply_url",
        "secret_env",
    ]
    (typo,) = [fault for fault in faults if fault.key == "reply_ulr"]
    assert typo.remedy == "Did you mean reply_url?"


def test_a_role_without_its_address_is_not_there() -> None:
    secrets = {"OTHER": SECRET}
    data = {"secret_env": "OTHER", "reply_url": "https://shop.example/a"}
    connection = integration.connect("form", data, secrets, host=a_host(lambda: NOW))
    assert connection.public
    assert connection.private is None
    connection.close()
