"""Reddit through praw, with what would bite a product taken out of it at its own seam.

prawcore sends a request again after a 5xx or a broken connection, also one that writes, and
sleeps where a limit is near. So our requestor answers for both: it turns a failure into one of our
errors before prawcore can repeat it, and keeps the headers of the limit to itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

import praw
import prawcore
import requests
from pydantic import BaseModel, ValidationError

from inbox.errors import IntegrationError, Retryable
from inbox.unread import left_out
from integrations.http import LONGEST_WAIT, unknown
from integrations.limits import Allowance
from integrations.reddit import RedditSettings
from integrations.reddit.errors import made_in, ours, refusal, refused_in
from integrations.reddit.wire import Listing, OneTalk, Talks, Thing
from integrations.through_requests import Session, unreached

TIMEOUT = 15.0
PAGE = 100
_LIMIT = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")

logging.getLogger("prawcore").setLevel(logging.ERROR)  # it logs what is posted

log = logging.getLogger(__name__)
_Model = TypeVar("_Model", bound=BaseModel)


class Requestor(prawcore.Requestor):
    """`saw` is given what is left of the limit, what was used, and the seconds of its window."""

    def __init__(self, *, saw: Callable[[int, int, int], None], **settings: Any) -> None:
        super().__init__(**settings)
        self._saw = saw

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> requests.Response:
        method, url = str(args[0]).upper(), str(args[1])
        writes = method != "GET" and not url.endswith("/api/v1/access_token")
        try:
            response = self._http.request(method, url, timeout=TIMEOUT, **kwargs)
        except requests.RequestException as error:
            raise unreached(error, "Reddit", writes=writes) from None
        left = [response.headers.pop(name, None) for name in _LIMIT]
        if all(left):
            self._saw(*(int(float(value or 0)) for value in left))
        if failure := _failed(response, left[2], writes=writes):
            raise failure
        return response


class Reddit:
    """One login; requests come one after the other, for praw is not made for threads.

    Reads raise Retryable, AuthFailed, Rejected; writes also Uncertain.
    """

    def __init__(
        self,
        settings: RedditSettings,
        secrets: dict[str, str],
        allowance: Allowance,
        clock: Callable[[], datetime],
    ) -> None:
        def saw(left: int, used: int, seconds: int) -> None:
            resets = clock() + timedelta(seconds=seconds)
            allowance.note(limit=left + used, left=left, resets=resets)

        self._allowance = allowance
        self._clock = clock
        self._lock = Lock()
        self._http = Session()
        by_password = settings.login == "password"
        login: dict[str, Any] = (
            {"username": settings.username, "password": secrets["PASSWORD"]}
            if by_password
            else {"refresh_token": secrets["REFRESH_TOKEN"]}
        )
        self._praw = praw.Reddit(
            client_id=settings.client_id,
            client_secret=secrets["CLIENT_SECRET"],
            user_agent=f"server:tierdesk:v1 (by /u/{settings.username})",
            oauth_url=settings.oauth_url.rstrip("/"),
            reddit_url=settings.reddit_url.rstrip("/"),
            check_for_updates=False,
            check_for_async=False,
            requestor_class=Requestor,
            requestor_kwargs={"saw": saw, "session": self._http},
            **login,
        )

    def close(self) -> None:
        self._http.close()

    def things(self, path: str, *, after: str | None = None) -> tuple[list[Thing], str | None]:
        """The newest things of a listing, and where the next page begins."""
        params: dict[str, str | int] = {"limit": PAGE, **({"after": after} if after else {})}
        listing = _read(Listing, self.get(path, params)).data
        return [thing for one in listing.children if (thing := _thing(one.data))], listing.after

    def info(self, names: Sequence[str]) -> list[Thing]:
        """Comments and posts by name, a hundred at most."""
        found = _read(Listing, self.get("api/info/", {"id": ",".join(names)}))
        return [thing for one in found.data.children if (thing := _thing(one.data))]

    def talks(self) -> Talks:
        """The newest conversations of modmail, each with its last message."""
        params: dict[str, str | int] = {"state": "all", "sort": "recent", "limit": PAGE}
        return _read(Talks, self.get("api/mod/conversations", params))

    def talk(self, id: str) -> OneTalk:  # noqa: A002 - the field's own name
        return _read(OneTalk, self.get(f"api/mod/conversations/{id}", {}))

    def spare(self) -> None:
        """Raises Retryable where the rest of the limit is kept for answers."""
        self._allowance.spare(self._clock())

    def get(self, path: str, params: dict[str, str | int]) -> Any:
        with self._lock, ours(writes=False):
            return self._praw.request(method="GET", path=path, params=params)

    def post(self, path: str, data: dict[str, Any]) -> Any:
        with self._lock, ours(writes=True):
            answer = self._praw.request(method="POST", path=path, data=data)
        if (errors := refused_in(answer)) and not made_in(answer):
            raise refusal(errors)
        return answer


def _read(model: type[_Model], answer: Any) -> _Model:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise Retryable("Reddit gave an answer that could not be read.") from None


def _thing(data: dict[str, Any]) -> Thing | None:
    """None where it cannot be read: one odd thing does not stop the others."""
    try:
        return Thing.model_validate(data)
    except ValidationError:
        log.warning("%.20r left out: it cannot be read", data.get("name"))
        left_out()
        return None


def _failed(
    response: requests.Response, reset: str | None, *, writes: bool
) -> IntegrationError | None:
    status = response.status_code
    if status == 429:
        seconds = response.headers.get("Retry-After") or reset or ""
        known = timedelta(seconds=int(seconds)) if seconds.isdigit() else None
        return Retryable("Reddit asked to wait.", after=known and min(known, LONGEST_WAIT))
    if status >= 500 or status == 408:
        return unknown(f"Reddit gave an error ({status}).", writes=writes)
    return None
