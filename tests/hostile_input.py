"""Signed requests of a webhook and of Slack, and the hostile things that they may carry."""

from __future__ import annotations

import hmac
import json
import time
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.product_steps import CARE, MIHAI

SECRET = "hostile-world-secret"
BIDI = "".join(map(chr, (0x202E, 0x202D, 0x2066, 0x2069, 0x200F)))
TEXTS = {
    "control": "".join(map(chr, [*range(1, 32), 127, 0x85, 0x2028, 0x2029])),
    "bidi": f"{BIDI}nwod edispu{BIDI}",
    "mentions": "<!channel> <!here|x> <@U0MIHAI> <#C0OPS> @channel @here",
    "links": "<https://evil.example|your bank> <mailto:a@b.example|x> *bold* _i_ ```block```",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;&amp;#x41;",
    "nul": "a\x00b",
    "surrogates": "a\ud800b\udfffc",
    "combining": "a" + "\u0301" * 3000,
    "emoji": "👩‍👩‍👧‍👦" * 500,
    "long word": "x" * 39_000,
    "long lines": "line\n" * 8_000,
    "braces": "{name} {0} %s %(x)s ${y} {{ {handle.__class__}",
    "sql": "'; DROP TABLE cases; -- \" \\",
    "json": '{"messages": [{"id": 1}]}',
    "japanese": "注文が届きません。" * 100,
    "private use": "\ue000\uf8ff\U000f0000\U0010ffff\ufffe\uffff",
}
names = count(1)


def webhook(client: httpx.Client, body: bytes, *, secret: str = SECRET) -> httpx.Response:
    at = str(int(time.time()))
    signature = _signature(secret, f"v1:{at}:".encode() + body)
    headers = {"X-Tierdesk-Timestamp": at, "X-Tierdesk-Signature": f"v1={signature}"}
    return client.post("/webhooks/generic/form", content=body, headers=headers)


def message(text: object, **more: Any) -> dict[str, Any]:
    name = next(names)
    return {
        "id": f"m{name}",
        "author": {"id": f"writer-{name}"},
        "text": text,
        "created_at": "2026-11-22T08:20:02Z",
        "visibility": "public",
        **more,
    }


def send(client: httpx.Client, *messages: dict[str, Any]) -> httpx.Response:
    return webhook(client, json.dumps({"messages": messages}).encode())


def from_slack(client: httpx.Client, payload: object, *, event: bool = False) -> httpx.Response:
    """A signed request of Slack's with any payload."""
    said = json.dumps(payload)
    body = (said if event else urlencode({"payload": said})).encode()
    at = str(int(time.time()))
    signature = _signature("sandbox-signing-secret", f"v0:{at}:".encode() + body)
    kind = "application/json" if event else "application/x-www-form-urlencoded"
    headers = {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={signature}",
        "Content-Type": kind,
    }
    return client.post("/slack/events", content=body, headers=headers)


def _signature(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, sha256).hexdigest()


def pressed(action: str, value: object, **more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": MIHAI},
        "channel": {"id": CARE},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": CARE},
        "trigger_id": "1.1",
        "actions": [
            {
                "type": "button",
                "action_id": action,
                "block_id": "b",
                "value": value,
                "action_ts": f"{time.time()}{next(names)}",
            }
        ],
        **more,
    }


ACTIONS = (
    "case.claim",
    "case.release",
    "case.reply",
    "case.take_private",
    "case.escalate",
    "case.close",
    "case.reopen",
    "case.hide",
    "case.unhide",
    "case.like",
    "case.unlike",
    "case.more",
    "held.it_is_there",
    "held.send_again",
    "reply.where",
    "reply.saved",
)
VALUES: tuple[object, ...] = (
    "",
    "0",
    "-1",
    "9" * 5000,
    "1e9",
    "swarm:x",
    "²",
    "\x00",
    "x" * 2000,
    None,
    7,
    [],
    {},
)
WINDOWS = (
    "window.reply",
    "window.take_private",
    "window.escalate",
    "window.swarm",
    "window.change",
    "window.snooze",
    "window.close",
    "window.unknown",
)
