"""What YouTube refuses, as what the caller does next.

Source: developers.google.com/youtube/v3/docs/errors; names that are not there fall back on the
status.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from integrations.google import reasons
from integrations.http import unknown, wait
from integrations.tokens import Tokens

_A_WHILE = timedelta(minutes=1)
PACIFIC = "America/Los_Angeles"
_SPENT = {"quotaExceeded", "dailyLimitExceeded"}
_SLOWLY = {"rateLimitExceeded", "userRateLimitExceeded"}
_SCOPE = {"insufficientPermissions", "accessNotConfigured", "authError", "youtubeSignupRequired"}
_GONE = {"parentCommentNotFound", "commentNotFound", "notFound", "commentThreadNotFound"}
_WORDS = {
    "commentsDisabled": "Comments are turned off for this video.",
    "commentTextTooLong": "YouTube finds the text too long.",
    "commentTextRequired": "YouTube finds the text empty.",
    "ineligibleAccount": "The channel cannot write comments yet; finish it on YouTube itself.",
    "operationNotSupported": "YouTube takes no replies to this comment.",
    "forbidden": "YouTube does not let the channel do this here.",
}
_DELETED = "The comment was deleted, or YouTube holds it back."


def explains(
    tokens: Tokens, clock: Callable[[], datetime]
) -> Callable[[httpx.Response, bool], IntegrationError | None]:
    """The explanation that `JsonApi` asks for."""

    def explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
        if answer.status_code == 401:
            return tokens.refused()
        return refused(answer, clock(), writes=writes)

    return explain


def refused(answer: httpx.Response, now: datetime, *, writes: bool) -> IntegrationError | None:
    why = reasons(answer)
    if why & _SPENT:
        return _spent(now, writes=writes)
    if why & _SLOWLY or answer.status_code == 429:
        return Retryable("YouTube asked to wait.", after=wait(answer, now) or _A_WHILE)
    if why & _SCOPE or (answer.status_code == 403 and not writes):
        return AuthFailed("The token lacks the scope youtube.force-ssl, or is of another channel.")
    if why & _GONE or answer.status_code == 404:
        return Rejected(_DELETED)
    if "processingFailure" in why and writes:
        return unknown("YouTube could not work on the request.", writes=True)
    known = next((words for reason, words in _WORDS.items() if reason in why), None)
    if known is None and answer.status_code == 403:
        known = _WORDS["forbidden"]
    return Rejected(known) if known else None


def midnight(now: datetime) -> timedelta:
    """Until the quota begins anew: midnight in Pacific time."""
    here = now.astimezone(ZoneInfo(PACIFIC))
    next_day = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(next_day - here, timedelta(seconds=1))


def _spent(now: datetime, *, writes: bool) -> IntegrationError:
    if writes:
        return Rejected(
            "The day's quota at YouTube is used up. Answer on YouTube itself, or after midnight in"
            " Pacific time."
        )
    return Retryable("The day's quota at YouTube is used up.", after=midnight(now))
