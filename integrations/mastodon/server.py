"""One account on one Mastodon server: typed requests with our errors, and what it told before."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import requests
from mastodon import Mastodon
from pydantic import BaseModel, ValidationError

from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain
from inbox.unread import left_out
from integrations.http import unknown
from integrations.mastodon.convert import Post, Root
from integrations.mastodon.errors import reading, writing
from integrations.mastodon.wire import Context, Notification, Person, Status
from integrations.through_requests import Session

TIMEOUT = 15
"""Seconds until an answer; the library's own 300 would hold a worker."""
KEPT_FOR_REPLIES = 20
"""Requests of the rate limit that polls leave to the senders."""
DEFAULT_MOST = 500
TYPES = ("mention", "quote", "update")
"""What notifications are asked for; some kindred servers give all kinds."""
_REMEMBERED = 20_000

_log = logging.getLogger(__name__)
_Model = TypeVar("_Model", bound=BaseModel)
_Value = TypeVar("_Value")


class Server:
    """Everything raises Retryable, AuthFailed, Rejected; `post` also Uncertain."""

    def __init__(self, base_url: str, token: str, clock: Callable[[], datetime]) -> None:
        self._client = Mastodon(
            api_base_url=base_url,
            access_token=token,
            ratelimit_method="throw",
            request_timeout=TIMEOUT,
            version_check_mode="none",
            user_agent="tierdesk",
            session=_Everything(),
        )
        self._clock = clock
        self._visibilities: _Recent[str] = _Recent()
        self._roots: _Recent[Root] = _Recent()
        self.known_me: Person | None = None
        self.known_most: int | None = None

    def close(self) -> None:
        self._client.session.close()

    def me(self) -> Person:
        """The account that the token belongs to; asked once."""
        return self.known_me or self.asked_me()

    def asked_me(self) -> Person:
        """The same, asked anew: whether the token is still accepted."""
        with self._read():
            answer = self._client.account_verify_credentials()
        self.known_me = _read(Person, answer)
        return self.known_me

    def scopes(self) -> frozenset[str] | None:
        """What the token's application may do; None where the server is too old to tell."""
        with self._read():
            answer = self._client.app_verify_credentials()
        told = _dig(answer, "scopes")
        return frozenset(map(str, told)) if isinstance(told, list) else None

    def most(self) -> int:
        """Characters that a status may have; asked once."""
        if self.known_most is None:
            most = _dig(self._instance(), "configuration", "statuses", "max_characters")
            self.known_most = most if isinstance(most, int) and most > 0 else DEFAULT_MOST
        return self.known_most

    def spare(self) -> None:
        """Raises Retryable where what is left of the rate limit is kept for replies."""
        left, reset = self._client.ratelimit_remaining, self._client.ratelimit_reset
        wait = (reset or 0) - self._now()
        if reset is not None and left < KEPT_FOR_REPLIES and wait > 0:
            raise Retryable(
                "The rest of the rate limit is kept for replies.", after=timedelta(seconds=wait)
            )

    def notifications(
        self, *, after: str | None = None, before: str | None = None, limit: int
    ) -> Sequence[Notification | str]:
        """Mentions, quotes and edits, oldest first; only the id of one that cannot be read.

        `after` gives the page right after an id, `before` the one right before.
        """
        self.spare()
        with self._read():
            answer = self._client.notifications(
                min_id=after, max_id=before, limit=limit, types=list(TYPES)
            )
        readable = [_notification(one) for one in _list(answer)]
        return sorted(readable, key=lambda one: order(one if isinstance(one, str) else one.id))

    def status(self, id: str) -> Status:  # noqa: A002 - the field's own name
        with self._read():
            answer = self._client.status(id)
        return self._seen(_read(Status, answer))

    def visibility(self, id: str) -> str:  # noqa: A002 - the field's own name
        return self._visibilities.get(id) or self.status(id).visibility

    def root(self, status: Status) -> Root:
        """The first post of the thread. Where the ones above are gone it is the highest left."""
        self._seen(status)
        known = self._roots.get(status.id) or self._roots.get(status.in_reply_to_id or "")
        if status.in_reply_to_id is None:
            known = Root(status.id, ours=self._ours(status))
        root = known or self._asked(status)
        self._roots.put(status.id, root)
        return root

    def own_statuses(self, since: datetime, *, pages: int) -> Iterator[Status]:
        """What we wrote since then, newest first, direct messages too.

        Raises Uncertain where there is more than `pages` pages of 40.
        """
        before: str | None = None
        for _ in range(pages):
            with self._read():
                answer = self._client.account_statuses(
                    self.me().id, max_id=before, limit=40, exclude_reblogs=True
                )
            statuses = [_read(Status, one) for one in _list(answer)]
            yield from (status for status in statuses if status.created_at >= since)
            if not statuses or statuses[-1].created_at < since:
                return
            before = statuses[-1].id
        raise Uncertain("There are too many newer posts to look through.")

    def post(self, post: Post, *, key: str) -> Status:
        with writing(self._client, self._now()):
            answer = self._client.status_post(
                post.status,
                in_reply_to_id=post.in_reply_to_id,
                visibility=post.visibility,
                language=post.language,
                idempotency_key=key,
            )
        try:
            return self._seen(Status.model_validate(answer))
        except ValidationError:
            raise unknown("Mastodon gave an answer that could not be read.", writes=True) from None

    def favourite(self, id: str, *, on: bool) -> None:  # noqa: A002 - the field's own name
        """May be repeated. Raises Rejected where the token may not: for a like nothing waits."""
        try:
            with writing(self._client, self._now()):
                (self._client.status_favourite if on else self._client.status_unfavourite)(id)
        except AuthFailed as error:
            raise Rejected(f"{error} Likes need a token with write:favourites.") from None

    def _instance(self) -> Any:
        try:
            with self._read():
                return self._client.instance_v2()
        except Rejected:
            return None  # a kindred server without this call

    def _above(self, status: Status) -> Sequence[Status]:
        try:
            with self._read():
                answer = self._client.status_context(status.id)
        except Rejected:
            return ()  # deleted in the meantime
        found = (_readable(Status, one) for one in _read(Context, answer).ancestors)
        return [status for status in found if status]

    def _asked(self, status: Status) -> Root:
        self.spare()
        above = self._above(status)
        top = above[0] if above else status
        root = Root(top.id, ours=self._ours(top))
        for one in above:
            self._roots.put(one.id, root)
        return root

    def _ours(self, status: Status) -> bool:
        return status.account.id == self.me().id

    def _seen(self, status: Status) -> Status:
        self._visibilities.put(status.id, status.visibility)
        return status

    def _read(self) -> Any:
        return reading(self._client, self._now())

    def _now(self) -> float:
        return self._clock().timestamp()


class _Everything(Session):
    """Asks for filtered notifications too, as Mastodon.py cannot: private messages of strangers
    are filtered unless an account says otherwise (documentation: "notifications", 4.3).

    What writes follows no redirect: at the new address it would be a GET, which does nothing.
    """

    def request(self, method: Any, url: Any, **given: Any) -> requests.Response:  # type: ignore[override]
        if method == "GET" and url.endswith("/api/v1/notifications"):
            given["params"] = {**given["params"], "include_filtered": "true"}
        answer = super().request(method, url, allow_redirects=method == "GET", **given)
        if answer.is_redirect:
            raise requests.TooManyRedirects(response=answer)
        return answer


class _Recent(Generic[_Value]):
    """The newest entries of a growing number."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Value] = OrderedDict()

    def get(self, key: str) -> _Value | None:
        return self._entries.get(key)

    def put(self, key: str, value: _Value) -> None:
        self._entries[key] = value
        if len(self._entries) > _REMEMBERED:
            self._entries.popitem(last=False)


def order(id: str) -> tuple[int, str]:  # noqa: A002 - the field's own name
    """Sorts ids by age: they grow in number or, on kindred servers, in letters of one length."""
    return len(id), id


def _notification(entity: Any) -> Notification | str:
    try:
        return Notification.model_validate(entity)
    except ValidationError as error:
        id_ = str(_dig(entity, "id") or "")
        _log.warning("notification %.40r left out: %d unreadable fields", id_, error.error_count())
        left_out()
        return id_


def _read(model: type[_Model], answer: Any) -> _Model:
    found = _readable(model, answer)
    if found is None:
        raise Retryable("Mastodon gave an answer that could not be read.")
    return found


def _readable(model: type[_Model], answer: Any) -> _Model | None:
    try:
        return model.model_validate(answer)
    except ValidationError:
        return None


def _list(answer: Any) -> Iterable[Any]:
    if not isinstance(answer, list):
        raise Retryable("Mastodon gave an answer that could not be read.")
    return answer


def _dig(value: Any, *path: str) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
