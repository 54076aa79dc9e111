"""The signature of the webhook channel, the same in both directions."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from inbox.errors import Unverified

TIMESTAMP = "x-tierdesk-timestamp"
SIGNATURE = "x-tierdesk-signature"
WINDOW = timedelta(seconds=300)

_SCHEME = "v1"


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """The header's value: `v1=` and HMAC-SHA256 in hex of `v1:<timestamp>:<body>`."""
    signed = b"%s:%s:%s" % (_SCHEME.encode(), timestamp.encode(), body)
    return f"{_SCHEME}={hmac.digest(secret, signed, 'sha256').hex()}"


def verify(
    secret: bytes, *, timestamp: str, signature: str, body: bytes, received_at: datetime
) -> None:
    """Raises Unverified where the signature is wrong or more than 300 s from `received_at`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Unverified("The timestamp is missing or not in whole seconds.")
    if abs(received_at.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise Unverified("The timestamp is too far from now.")
    expected = sign(secret, timestamp, body)
    if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
        raise Unverified("The signature does not fit.")
