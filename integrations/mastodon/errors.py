"""What Mastodon.py raises, as what the caller does next.

Nothing that a server said goes into a message: it may repeat a customer's text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonError,
    MastodonNetworkError,
    MastodonRatelimitError,
)

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from integrations.http import unknown
from integrations.through_requests import unreached

_LIMITED = "Hit rate limit."
_NOT_PERMITTED = "This action is not allowed"
_NO_WORDS = "Endpoint not found."
"""What the library says for a 404 without Mastodon's own words: a proxy's, say."""
_LONGEST_WAIT = timedelta(hours=1)
_SERVER_ERROR = 500
"""From here on; for the library those above 511, which a proxy gives, are refusals."""


class Gone(Rejected):
    """Mastodon itself says that there is no such post."""


@contextmanager
def reading(client: Mastodon, now: float) -> Iterator[None]:
    """Errors of a request that changes nothing. `now` is in seconds since 1970."""
    try:
        yield
    except MastodonError as error:
        raise translated(error, wait=_wait(client, now), writes=False) from None


@contextmanager
def writing(client: Mastodon, now: float) -> Iterator[None]:
    """Errors of a request that may have changed something. `now` is in seconds since 1970."""
    try:
        yield
    except MastodonError as error:
        raise translated(error, wait=_wait(client, now), writes=True) from None


def translated(error: MastodonError, *, wait: timedelta | None, writes: bool) -> IntegrationError:
    """`wait` is what is left until the server's limit is lifted."""
    if isinstance(error, MastodonRatelimitError) and str(error) == _LIMITED:
        return Retryable("Mastodon's rate limit is reached.", after=wait)
    if isinstance(error, MastodonNetworkError):
        return unreached(error.__context__, "Mastodon", writes=writes)
    status = _status(error)
    if status is not None and status < _SERVER_ERROR:
        return _refused(status, error)
    what = "gave an error" if status is not None else "gave an answer that could not be read"
    return unknown(f"Mastodon {what}.", writes=writes)


def _refused(status: int, error: MastodonError) -> IntegrationError:
    if status == 401:
        return AuthFailed("Mastodon does not accept the access token.")
    if status == 403 and _NOT_PERMITTED not in str(error.args[-1]):
        return AuthFailed("The access token lacks a permission, or the account is disabled.")
    if status in (404, 410):
        kind = Rejected if error.args[-1] == _NO_WORDS else Gone
        return kind("The post was deleted or can no longer be seen.")
    if status == 422:
        return Rejected("Mastodon refused the text: it may be empty, too long or repeated.")
    if status in (408, 425):
        return Retryable("Mastodon asked to come again.")
    return Rejected(f"Mastodon refused the request ({status}).")


def _status(error: MastodonError) -> int | None:
    """The HTTP status, where the library had an answer with an error."""
    known = isinstance(error, MastodonAPIError) and len(error.args) > 1
    return error.args[1] if known and isinstance(error.args[1], int) else None


def _wait(client: Mastodon, now: float) -> timedelta | None:
    if not client.ratelimit_reset:
        return None
    left = timedelta(seconds=max(client.ratelimit_reset - now, 1))
    return min(left, _LONGEST_WAIT)
