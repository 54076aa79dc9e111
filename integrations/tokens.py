"""OAuth 2 access tokens: one is asked for when it is needed, and again before it ends.

A library would bring a transport of its own for one form that is posted (RFC 6749).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock

import httpx

from inbox.errors import AuthFailed, IntegrationError, Retryable
from integrations.http import JsonApi, Part

EARLY = timedelta(minutes=2)
"""A token is given up so long before it ends."""
YOUNG = timedelta(minutes=1)
"""A token that is refused though it is this young will not be better for being asked anew."""

Grant = Callable[[], Mapping[str, str]]
"""The form that is posted for a token, made anew each time."""


class _Token(Part):
    access_token: str
    expires_in: float


class Tokens:
    """The access token of one account, shared by its threads.

    `name` is the network's; `auth` goes with the form; `hint` says why a grant may have ended.
    """

    def __init__(
        self,
        name: str,
        url: str,
        grant: Grant,
        *,
        clock: Callable[[], datetime],
        auth: httpx.Auth | None = None,
        hint: str = "",
    ) -> None:
        self._name = name
        self._api = JsonApi(url, name=name, clock=clock, explain=self._explain)
        self._auth = auth
        self._grant = grant
        self._clock = clock
        self._hint = hint
        self._lock = Lock()
        self._token = ""
        self._since = self._until = datetime.fromtimestamp(0, UTC)

    def close(self) -> None:
        self._api.close()

    def headers(self) -> Mapping[str, str]:
        """Raises Retryable, AuthFailed."""
        with self._lock:
            if not self._token or self._clock() >= self._until:
                self._ask()
            return {"Authorization": f"Bearer {self._token}"}

    def refused(self) -> IntegrationError:
        """The token was refused: what that means, and the next request asks for another."""
        with self._lock:
            self._token = ""
            if self._clock() - self._since < YOUNG:
                return AuthFailed(
                    f"{self._name} does not accept our token, or it lacks a permission."
                )
        return Retryable(f"{self._name} wants a new token.", after=timedelta(seconds=1))

    def _ask(self) -> None:
        answer = self._api.call("POST", "", writes=False, auth=self._auth, data=dict(self._grant()))
        token = self._api.formed(_Token, answer, writes=False)
        self._token, self._since = token.access_token, self._clock()
        self._until = self._since + timedelta(seconds=token.expires_in) - EARLY

    def _explain(self, answer: httpx.Response, writes: bool) -> IntegrationError | None:
        """400 and 401 name the part that is wrong."""
        if answer.status_code not in (400, 401, 403):
            return None
        try:
            word = answer.json().get("error")
        except (ValueError, AttributeError):
            word = None
        if word == "invalid_grant":
            what = "does not accept the refresh token or key: it was revoked or has ended."
            return AuthFailed(f"{self._name} {what} {self._hint}".strip())
        return AuthFailed(f"{self._name} does not accept the client's id and secret token.")
