"""What the SDK of the AT Protocol raises, as what the caller does next.

Nothing that a server said goes into a message: it may repeat a customer's text. Errors of XRPC
have a name (`{"error": ..., "message": ...}`), which decides where the status is too coarse.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
from atproto_client.exceptions import RateLimitExceededError, RequestErrorBase

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from integrations.http import LONGEST_WAIT, unknown, unreached

NAME = "Bluesky"
LOST_SESSION = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
MISSING = frozenset({"RecordNotFound", "NotFound", "RepoNotFound", "ConvoNotFound"})


class Swapped(Rejected):
    """Something else stands there than what was to be replaced."""


def translated(error: Exception, now: datetime, *, writes: bool) -> IntegrationError:
    """An error of a request; `writes`: it may have changed something."""
    if isinstance(error, httpx.TransportError):
        return unreached(error, NAME, writes=writes)
    if not isinstance(error, RequestErrorBase):
        return unknown(f"{NAME} gave an answer that could not be read.", writes=writes)
    if error.response is None:
        cause = error.__cause__
        if isinstance(cause, httpx.TransportError):
            return unreached(cause, NAME, writes=writes)
        return unknown(f"{NAME} did not answer.", writes=writes)
    if isinstance(error, RateLimitExceededError):
        return Retryable(f"{NAME}'s rate limit is reached.", after=_wait(error, now))
    return _refused(error.response.status_code, name(error), writes=writes)


def name(error: Exception) -> str:
    """The error's name in the lexicon, "" where it has none."""
    answer = error.response if isinstance(error, RequestErrorBase) else None
    found = getattr(answer.content, "error", None) if answer else None
    return found if isinstance(found, str) else ""


def _refused(status: int, what: str, *, writes: bool) -> IntegrationError:
    if what in LOST_SESSION or status in (401, 403):
        return AuthFailed(f"{NAME} does not accept our session, or the app password lacks a right.")
    if what == "InvalidSwap":
        return Swapped(f"It was changed on {NAME} at the same time.")
    if what in MISSING or status in (404, 410):
        return Rejected(f"The post was deleted, or {NAME} does not know it.")
    if status in (408, 425):
        return Retryable(f"{NAME} asked to come again.")
    if status >= 500:
        return unknown(f"{NAME} gave an error ({status}).", writes=writes)
    return Rejected(f"{NAME} refused the request ({status}).")


def _wait(error: RateLimitExceededError, now: datetime) -> timedelta | None:
    """Until the window ends; `Retry-After` is sent by some servers only."""
    if error.retry_after is not None:
        left = timedelta(seconds=error.retry_after)
    elif error.reset_at is not None:
        left = error.reset_at - now
    else:
        return None
    return min(max(left, timedelta(seconds=1)), LONGEST_WAIT)
