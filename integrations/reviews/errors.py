"""What a shop of reviews refuses, as what the caller does next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import httpx

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from integrations.google import reasons
from integrations.http import Explain, wait

_SLOWLY = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"})


def explains(
    name: str, unauthorised: Callable[[], IntegrationError], clock: Callable[[], datetime]
) -> Explain:
    """The explanation that `JsonApi` asks for. Only a 404 says that a review is gone."""

    def explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
        status, wrong = answer.status_code, answer.status_code < 500
        if status == 429 or reasons(answer) & _SLOWLY:
            return Retryable(f"{name} asked to wait.", after=wait(answer, clock()))
        if status == 401:
            return unauthorised()
        if status == 403:
            return AuthFailed(f"{name} says that the token or key lacks a permission here.")
        if status in (404, 410):
            return Rejected(f"{name} does not know it: it was deleted, or an id is wrong.")
        if wrong and writes and status not in (408, 425):
            return Rejected(f"{name} refused the answer: it may be too long, or not allowed.")
        return Retryable(f"{name} refused the request ({status}).") if wrong else None

    return explain
