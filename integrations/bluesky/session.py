"""One account at its PDS: requests with our errors, a session that outlives the process.

Logins are limited (30 in five minutes, 300 a day), so a session is kept and refreshed, and a new
one is opened only where the old one is lost.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import httpx
from atproto_client import Client, Session, SessionEvent
from atproto_client.models.dot_dict import DotDict
from atproto_client.request import Request, Response
from atproto_core.exceptions import AtProtocolError

from inbox.errors import AuthFailed, Retryable
from inbox.ports import Host
from integrations.bluesky.errors import LOST_SESSION, NAME, name, translated
from integrations.http import bounded, unknown
from integrations.limits import Allowance

TIMEOUT = 15
"""Seconds until an answer."""
KEPT_FOR_REPLIES = 100
"""Requests of the rate limit (3000 in five minutes) that polls leave to the senders."""
BETWEEN_LOGINS = timedelta(minutes=10)
"""At most 144 logins a day, of the 300 that are allowed."""
CHAT_LOST = frozenset({"ExpiredToken"})
"""Any other refusal of the chat is a missing right of the app password, not a lost session."""
REFUSED = "Bluesky does not accept the app password: make a new one."
_SESSION = "session"

_log = logging.getLogger(__name__)


class Pds:
    """Everything raises Retryable, AuthFailed, Rejected; `write` also Uncertain.

    `chat` is the header's value by which the PDS passes a request on to the chat service.
    """

    def __init__(
        self, base_url: str, identifier: str, password: str, *, chat: str, host: Host
    ) -> None:
        self._base_url = base_url
        self._identifier = identifier
        self._password = password
        self._chat = chat
        self._host = host
        self._lock = Lock()
        self._session: Session | None = None
        self._next_login = datetime.min.replace(tzinfo=UTC)
        self._refused = False
        hooks = {"response": [bounded(host.clock)]}
        self._client = Client(
            base_url=base_url, request=Request(timeout=TIMEOUT, event_hooks=hooks)
        )
        self._client.on_session_change(self._changed)
        self.allowance = Allowance(NAME, KEPT_FOR_REPLIES)

    def close(self) -> None:
        self._client.request.close()

    def now(self) -> datetime:
        return self._host.clock().astimezone(UTC)

    @property
    def did(self) -> str | None:
        """Our own, None before the first work."""
        return str(self._session.did) if self._session else None

    def open(self) -> str:
        """Our own DID; logs in where there is no session."""
        with self._lock:
            if self._session is None:
                self._restore()
            if self._session is None:
                self._log_in()
            return str(self.did)

    def read(self, method: str, params: Mapping[str, Any], *, chat: bool = False) -> dict[str, Any]:
        """A query; `method` is its name in the lexicon."""
        given = DotDict(dict(params)) if params else None

        def send() -> Response:
            headers = self._headers(chat=chat)
            return self._client.invoke_query(method, params=given, headers=headers)

        answer = self._sent(send, writes=False, lost=CHAT_LOST if chat else LOST_SESSION)
        self._note(answer.headers)
        return _object(answer, writes=False)

    def write(self, method: str, body: Mapping[str, Any], *, chat: bool = False) -> dict[str, Any]:
        """A procedure. A null, which the SDK would leave out, is kept: `swapRecord` needs it."""
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {**self._headers(chat=chat), "Content-Type": "application/json"}

        def send() -> Response:
            return self._client.invoke_procedure(method, content=content, headers=headers)

        answer = self._sent(send, writes=True, lost=CHAT_LOST if chat else LOST_SESSION)
        return _object(answer, writes=True)

    def _sent(
        self, send: Callable[[], Response], *, writes: bool, lost: frozenset[str]
    ) -> Response:
        self.open()
        before = self._session
        try:
            try:
                return send()
            except AtProtocolError as error:
                if name(error) not in lost or not self._opened_anew(before):
                    raise
                return send()  # a refused session has done nothing
        except (AtProtocolError, httpx.TransportError, ValueError) as error:
            raise translated(error, self.now(), writes=writes) from None

    def _headers(self, *, chat: bool) -> dict[str, str]:
        return {"atproto-proxy": self._chat} if chat else {}

    def _opened_anew(self, before: Session | None) -> bool:
        """Whether there is another session than `before` now; a fresh one is not replaced."""
        with self._lock:
            if self._session is before and self.now() >= self._next_login:
                self._log_in()
            return self._session is not before

    def _restore(self) -> None:
        """The session of an earlier process, if it was this account's."""
        kept = self._host.keep.get(_SESSION)
        if not kept:
            return
        try:
            known = json.loads(kept)
            if (known["base_url"], known["identifier"]) == (self._base_url, self._identifier):
                self._client.login(session_string=known["session"], fetch_bsky_profile=False)
        except (AtProtocolError, ValueError, KeyError):
            _log.warning("the kept session could not be read; logging in anew")

    def _log_in(self) -> None:
        now = self.now()
        if now < self._next_login:
            raise (
                AuthFailed(REFUSED)
                if self._refused
                else Retryable(
                    "Logins are limited; the next one waits.", after=self._next_login - now
                )
            )
        try:
            self._client.login(self._identifier, self._password, fetch_bsky_profile=False)
        except (AtProtocolError, httpx.TransportError, ValueError) as error:
            found = translated(error, now, writes=False)
            self._refused = isinstance(found, AuthFailed)
            if self._refused:
                self._next_login = now + BETWEEN_LOGINS
                raise AuthFailed(REFUSED) from None
            raise found from None
        self._next_login, self._refused = now + BETWEEN_LOGINS, False

    def _changed(self, event: SessionEvent, session: Session) -> None:
        self._session = session
        if event is not SessionEvent.IMPORT:
            known = {
                "base_url": self._base_url,
                "identifier": self._identifier,
                "session": session.encode(),
            }
            self._host.keep.set(_SESSION, json.dumps(known))

    def _note(self, headers: Mapping[str, str]) -> None:
        try:
            limit, left, resets = (
                int(headers[f"ratelimit-{what}"]) for what in ("limit", "remaining", "reset")
            )
        except (KeyError, ValueError):
            return
        self.allowance.note(limit=limit, left=left, resets=datetime.fromtimestamp(resets, UTC))


def _object(answer: Response, *, writes: bool) -> dict[str, Any]:
    """The answer's JSON object; some procedures answer nothing."""
    if isinstance(answer.content, dict):
        return answer.content
    if writes and not answer.content:
        return {}
    raise unknown(f"{NAME} gave an answer that could not be read.", writes=writes)
