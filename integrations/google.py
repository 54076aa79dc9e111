"""What Google's APIs have in common: access tokens, and the words of their errors.

Source: developers.google.com/identity/protocols/oauth2, "Refreshing an access token".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import httpx

from integrations.tokens import Grant, Tokens


def google_tokens(url: str, grant: Grant, *, clock: Callable[[], datetime]) -> Tokens:
    hint = "Tokens of an app in testing end after seven days."
    return Tokens("Google", url, grant, clock=clock, hint=hint)


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
