"""What goes out through the signed webhook channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import AuthFailed, IntegrationError
from inbox.message import Account, Author, Draft, Ref, Sent
from integrations import http
from integrations.generic.convert import from_draft, private_conversation
from integrations.generic.signature import SIGNATURE, TIMESTAMP, sign
from integrations.generic.wire import Id, Link

_NAME = "The other side"


class Receipt(BaseModel):
    """What the other side may say about an answer that it took."""

    id: Id | None = None
    url: Link | None = None


class Street:
    """Signed posts to the other side of one account."""

    def __init__(self, account: Account, secret: bytes, clock: Callable[[], datetime]) -> None:
        self.account = account
        self._secret = secret
        self._clock = clock
        self._client = httpx.Client(
            verify=http.trust(),
            timeout=http.TIMEOUT,
            headers={"User-Agent": "tierdesk"},
            event_hooks={"response": [http.bounded(clock)]},
        )

    def close(self) -> None:
        self._client.close()

    def post(self, url: str, draft: Draft, *, key: str) -> Sent:
        body = from_draft(draft)
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            TIMESTAMP: timestamp,
            SIGNATURE: sign(self._secret, timestamp, body),
        }
        try:
            answer = self._client.post(url, content=body, headers=headers)
        except httpx.RequestError as error:
            raise http.unreached(error, _NAME, writes=True) from None
        return self._sent(answer, key)

    def _sent(self, answer: httpx.Response, key: str) -> Sent:
        receipt = _receipt(answer)
        known = answer.status_code == 409 and receipt.id is not None
        if not (answer.is_success or known):
            raise _refused(answer, self._clock())
        ref = Ref(self.account.network, self.account.name, receipt.id or f"reply:{key}")
        return Sent(ref=ref, url=receipt.url)


class Replies:
    """Public answers."""

    def __init__(self, street: Street, url: str) -> None:
        self._street = street
        self._url = url

    def reply(self, draft: Draft, *, key: str) -> Sent:
        return self._street.post(self._url, draft, key=key)


class PrivateReplies:
    """Private answers."""

    def __init__(self, street: Street, url: str) -> None:
        self._street = street
        self._url = url

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self._street.post(self._url, draft, key=key)

    def conversation_with(self, author: Author) -> Ref:
        return private_conversation(author.ref)


def _receipt(answer: httpx.Response) -> Receipt:
    """What stands in the answer; nothing of it is needed, so an unreadable one is empty."""
    try:
        return Receipt.model_validate_json(answer.content)
    except ValidationError:
        return Receipt()


def _refused(answer: httpx.Response, now: datetime) -> IntegrationError:
    if answer.status_code in (401, 403):
        return AuthFailed("The other side does not accept our signature.")
    return http.refused(answer, _NAME, now, writes=True)
