"""What praw raises and Reddit says, as what the caller does next.

Reddit refuses with words such as RATELIMIT, often under a status of 200. Its sentences are looked
at for a time to wait, and never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import prawcore
from praw.exceptions import PRAWException, RedditAPIException

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from integrations.http import LONGEST_WAIT, unknown

_LOGIN = "Reddit does not accept the account's password, token or the app's secret."
_WORDS = {
    "DELETED_COMMENT": "The comment was deleted.",
    "DELETED_LINK": "The post was deleted.",
    "THREAD_LOCKED": "The thread is locked.",
    "COMMENT_LOCKED": "The comment is locked.",
    "TOO_OLD": "The thread is archived and takes no answers any more.",
    "TOO_LONG": "Reddit finds the text too long.",
    "NO_TEXT": "Reddit finds the text empty.",
    "SUBREDDIT_NOTALLOWED": "The account may not write in this subreddit.",
    "SUBREDDIT_NOEXIST": "The subreddit does not exist any more.",
    "USER_BLOCKED": "This person has blocked the account.",
    "USER_DOESNT_EXIST": "This person's account does not exist any more.",
    "NOT_WHITELISTED_BY_USER_MESSAGE": "This person takes private messages from few people only."
    " Answer in public.",
    "INVALID_USER": "This person cannot be written to.",
}
_TIME = re.compile(r"(\d{1,5})\s*(millisecond|second|minute|hour)")
_UNITS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600}


@contextmanager
def ours(*, writes: bool) -> Iterator[None]:
    """What the library raises within, as one of our errors."""
    try:
        yield
    except IntegrationError:
        raise
    except RedditAPIException as error:
        raise refusal([(item.error_type, item.message or "") for item in error.items]) from None
    except prawcore.OAuthException:
        raise AuthFailed(_LOGIN) from None
    except prawcore.ResponseException as error:
        raise _answered(error, writes=writes) from None
    except (prawcore.PrawcoreException, PRAWException):
        raise _unreadable(writes=writes) from None


def refusal(errors: list[tuple[str, str]]) -> IntegrationError:
    """`errors` are Reddit's words with its sentences."""
    for word, sentence in errors:
        if word == "RATELIMIT":
            return Retryable(
                "Reddit finds that the account writes too often.", after=_wait(sentence)
            )
    for word, _ in errors:
        if word in _WORDS:
            return Rejected(_WORDS[word])
    return Rejected("Reddit refused the text.")


def refused_in(answer: Any) -> list[tuple[str, str]]:
    """The errors that stand in an answer with status 200: {"json": {"errors": [[word, ...]]}}."""
    found = answer.get("json", {}).get("errors", ()) if isinstance(answer, dict) else ()
    return [(str(one[0]), str(one[1])) for one in found if isinstance(one, list) and len(one) > 1]


def made_in(answer: Any) -> bool:
    """Whether the answer holds what was made: Reddit may complain of how often beside it."""
    said = answer.get("json") if isinstance(answer, dict) else None
    data = said.get("data") if isinstance(said, dict) else None
    return isinstance(data, dict) and bool(data.get("things") or data.get("name"))


def _answered(error: prawcore.ResponseException, *, writes: bool) -> IntegrationError:
    status = error.response.status_code
    if isinstance(error, prawcore.InsufficientScope):
        return AuthFailed("The token lacks a scope that docs/reddit.md names.")
    if status == 401:
        return AuthFailed(_LOGIN)
    if status == 403:
        words = "Reddit does not let the account do this here."
        return Rejected(words) if writes else AuthFailed(f"{words} Does it see the subreddits?")
    if status in (404, 410):
        return Rejected("It was deleted, or Reddit does not know it.")
    if 400 <= status < 500:
        return Rejected(f"Reddit refused the request ({status}).")
    return _unreadable(writes=writes)


def _unreadable(*, writes: bool) -> IntegrationError:
    return unknown("Reddit gave an answer that could not be read.", writes=writes)


def _wait(sentence: str) -> timedelta:
    """As in “try again in 9 minutes”; Reddit rounds down, so one unit more."""
    found = _TIME.search(sentence)
    if found is None:
        return timedelta(minutes=10)
    return min(timedelta(seconds=(int(found[1]) + 1) * _UNITS[found[2]]), LONGEST_WAIT)
