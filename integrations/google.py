"""Google's access tokens: one is asked for when it is needed, and again before it ends.

google-auth would bring requests and a transport of its own for one form that is posted.
Source: developers.google.com/identity/protocols/oauth2, "Refreshing an access token".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock

import httpx

from inbox.errors import AuthFailed, IntegrationError, Retryable
from integrations.http import JsonApi

EARLY = timedelta(minutes=2)
"""A token is given up so long before it ends."""
YOUNG = timedelta(minutes=1)
"""A token that is refused though it is this young will not be better for being asked anew."""

Grant = Callable[[], Mapping[str, str]]
"""The form that is posted for a token, made anew each time."""


class Tokens:
    """The access token of one account, shared by its threads."""

    def __init__(self, url: str, grant: Grant, *, clock: Callable[[], datetime]) -> None:
        self._api = JsonApi(url, name="Google", clock=clock, explain=_explain)
        self._grant = grant
        self._clock = clock
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
                return AuthFailed("Google does not accept our token, or it lacks a permission.")
        return Retryable("Google wants a new token.", after=timedelta(seconds=1))

    def _ask(self) -> None:
        answer = self._api.call("POST", "", writes=False, data=dict(self._grant()))
        token = answer.get("access_token") if isinstance(answer, dict) else None
        lasts = answer.get("expires_in") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not isinstance(lasts, int | float):
            raise Retryable("Google gave an answer that could not be read.")
        self._token, self._since = token, self._clock()
        self._until = self._since + timedelta(seconds=lasts) - EARLY


def refreshed(client_id: str, client_secret: str, refresh_token: str) -> Grant:
    """For a person who gave us access to an account."""
    form = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "client_secret": client_secret,
        "refresh_token": refresh_token,
    }
    return lambda: form


def reasons(answer: httpx.Response) -> frozenset[str]:
    """Google's words of one API error, such as quotaExceeded; empty where it gives none."""
    try:
        error = answer.json()["error"]
        return frozenset(
            {str(one["reason"]) for one in error.get("errors", ())} | {str(error.get("status"))}
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return frozenset()


def _explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
    """Of the token's address: 400 and 401 name the part that is wrong."""
    if answer.status_code not in (400, 401, 403):
        return None
    try:
        word = answer.json().get("error")
    except (ValueError, AttributeError):
        word = None
    if word == "invalid_grant":
        return AuthFailed(
            "Google does not accept the refresh token or key: it was revoked or has ended. Tokens"
            " of an app in testing end after seven days."
        )
    return AuthFailed("Google does not accept the client's id and secret token.")
