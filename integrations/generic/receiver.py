"""What comes in through the signed webhook channel."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.message import Account, Edited, Event, Posted, Ref
from inbox.ports import Request
from integrations.generic.convert import to_events
from integrations.generic.signature import SIGNATURE, TIMESTAMP, verify


class Receiver:
    """Messages of `me`, our own answers sent back, are left out.

    Raises ValueError for an empty secret, which anyone could sign with.
    """

    def __init__(self, account: Account, secret: bytes, me: Ref | None) -> None:
        if not secret:
            raise ValueError("the secret is empty")
        self._account = account
        self._secret = secret
        self._me = me

    def verify(self, request: Request) -> None:
        verify(
            self._secret,
            timestamp=request.headers.get(TIMESTAMP, ""),
            signature=request.headers.get(SIGNATURE, ""),
            body=request.body,
            received_at=request.received_at,
        )

    def parse(self, request: Request) -> Sequence[Event]:
        events = to_events(request.body, self._account)
        return events if self._me is None else [e for e in events if not self._ours(e)]

    def _ours(self, event: Event) -> bool:
        return isinstance(event, Posted | Edited) and event.message.author.ref == self._me
