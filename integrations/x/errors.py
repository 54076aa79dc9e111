"""What X answers, as what the caller does next.

Nothing that X said goes into a message: it may repeat a customer's text. X's own words are only
looked at to tell refusals apart, since most 403s have the same type.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from inbox.errors import AlreadyThere, AuthFailed, IntegrationError, Rejected, Retryable
from integrations.http import unknown

LONGEST_WAIT = timedelta(hours=1)
WITHOUT_A_TIME = timedelta(minutes=1)
"""How long to wait after a 429 that does not say how long."""

NOT_SUMMONED = (
    "X lets this account answer a post in public only where its author mentioned, answered or"
    " quoted us. Write to them privately, or wait until they mention us."
)
NO_MESSAGES = (
    "They take no direct messages from this account. Ask them in public to write first: then it"
    " is possible."
)
DELETED = "The post was deleted or can no longer be seen."


class NotPermitted(Rejected):
    """X forbids it without a reason that we know."""


_PLAIN: Mapping[int, tuple[type[IntegrationError], str]] = {
    401: (AuthFailed, "X does not accept the account's token."),
    402: (AuthFailed, "The credits at X are used up. Buy some in X's developer console."),
    404: (Rejected, DELETED),
    408: (Retryable, "X asked to come again."),
    425: (Retryable, "X asked to come again."),
}
_TOLD_APART: tuple[tuple[tuple[str, ...], type[IntegrationError], str], ...] = (
    (("duplicate content",), AlreadyThere, "X refuses a text that it has already: change a word."),
    (("have not been mentioned", "otherwise engaged"), Rejected, NOT_SUMMONED),
    (("deleted or not visible",), Rejected, DELETED),
    (("text is too long",), Rejected, "X finds the text too long."),
    (("permission to dm", "cannot send messages"), Rejected, NO_MESSAGES),
    (
        ("client-forbidden", "oauth1-permissions", "unsupported-authentication"),
        AuthFailed,
        "X does not permit this to the app: see its permissions in the console.",
    ),
    (
        ("account is suspended", "temporarily locked"),
        AuthFailed,
        "X has locked the account: log in there and see what it asks.",
    ),
)
"""What X's words in a 403 mean."""


def refused(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime, writes: bool
) -> IntegrationError:
    """An answer that is an error."""
    if status == 403:
        return _forbidden(_said(body), writes=writes)
    if status == 429:
        return Retryable("X's rate limit is reached.", after=wait(headers, now))
    if status >= 500 or status < 400:
        message = f"X gave an answer that was not expected ({status})."
        return unknown(message, writes=writes)
    kind, message = _PLAIN.get(status, (Rejected, f"X refused the request ({status})."))
    return kind(message)


def unreadable(*, writes: bool) -> IntegrationError:
    return unknown("X gave an answer that could not be read.", writes=writes)


def wait(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Until the limit is lifted (`x-rate-limit-reset`, seconds since 1970), an hour at most."""
    reset = headers.get("x-rate-limit-reset", "").strip()
    if not (reset.isascii() and reset.isdigit()):
        return WITHOUT_A_TIME
    left = timedelta(seconds=max(1.0, int(reset[:11]) - now.timestamp()))
    return min(left, LONGEST_WAIT)


def _forbidden(said: str, *, writes: bool) -> IntegrationError:
    for words, kind, message in _TOLD_APART:
        if any(word in said for word in words):
            return kind(message)
    if writes:
        return NotPermitted("X does not permit this: the author may have limited replies.")
    return AuthFailed("X does not permit the account to read this: see the app's permissions.")


def _said(body: bytes) -> str:
    """X's words and problem type, in lower case, for telling refusals apart."""
    try:
        problem = json.loads(body[:20_000])
    except ValueError:
        return ""
    if not isinstance(problem, dict):
        return ""
    parts = [problem.get("type"), problem.get("title"), problem.get("detail")]
    errors = problem.get("errors")
    for one in errors if isinstance(errors, list) else ():
        if isinstance(one, dict):
            parts += [one.get("message"), one.get("detail"), one.get("type")]
    return " ".join(part for part in parts if isinstance(part, str)).lower()
