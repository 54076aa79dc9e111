"""One account at one forum: typed requests with our errors, within the forum's limit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from inbox.unread import left_out
from integrations.discourse.wire import Person, Post, Topic
from integrations.http import LONGEST_WAIT, JsonApi, readable, unknown, wait
from integrations.limits import Allowance

NAME = "The forum"
PAGE = 50
"""Posts that one request brings (latest_posts_query.rb)."""
HELD = (
    "The forum holds the answer until a moderator approves it. Ask the forum's admins to trust"
    " the brand's account."
)
_MINUTE = timedelta(minutes=1)
_log = logging.getLogger(__name__)


class Forbidden(Rejected):
    """A 403: of a wrong key, or of a thing that this account may not do."""


class Gone(Rejected):
    """The forum itself says that there is no such thing, or that it is not open to us."""


class Api:
    """Everything raises Retryable, AuthFailed, Rejected; `write` also Uncertain.

    The forum does not say what is left of its limit, so requests are counted here.
    """

    def __init__(
        self,
        base_url: str,
        username: str,
        key: str,
        *,
        per_minute: int,
        clock: Callable[[], datetime],
    ) -> None:
        headers = {"Api-Key": key, "Api-Username": username}
        self._clock = clock
        self._per_minute = per_minute
        self._used = 0
        self._ends = datetime.min.replace(tzinfo=UTC)
        self.allowance = Allowance(NAME, per_minute // 3)
        self._json = JsonApi(
            base_url,
            name=NAME,
            clock=clock,
            headers=lambda: headers,
            explain=self._explain,
            saw=self._count,
        )

    def close(self) -> None:
        self._json.close()

    def now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def read(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return _object(self._asked("GET", path, writes=False, params=params), writes=False)

    def write(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        return _object(self._asked(method, path, writes=True, **request), writes=True)

    def me(self) -> Person:
        answer = self._json.read("/session/current.json")
        found = answer.get("current_user") if isinstance(answer, dict) else None
        person = readable(Person, found)
        if person is None:
            raise Retryable(f"{NAME} gave an answer that could not be read.")
        return person

    def posts(self, *, private: bool, before: int | None = None) -> list[Post]:
        """Up to 50 posts with an id below `before`, or the newest; the newest first."""
        path, name = (
            ("/private-posts.json", "private_posts") if private else ("/posts.json", "latest_posts")
        )
        given = self.read(path, {"before": before} if before else None).get(name)
        found = [
            post for one in (given if isinstance(given, list) else []) if (post := _readable(one))
        ]
        # Older forums (posts_controller.rb: `posts.id <= ?`) list the post of `before`, too.
        below = [post for post in found if before is None or post.id < before]
        return sorted(below, key=lambda post: post.id, reverse=True)

    def post(self, topic: int, number: int) -> Post | None:
        """A post as it stands now, with its topic's title where it begins one; None if gone.

        Raises Rejected where an answer says neither.
        """
        try:
            if number == 1:
                return self._first(topic)
            post = readable(Post, self.read(f"/posts/by_number/{topic}/{number}.json"))
        except Gone:
            return None
        return post if post and not post.gone else None

    def topic(self, id: int) -> Topic | None:  # noqa: A002 - the field's own name
        """None where it is gone, or not ours to see."""
        try:
            return readable(Topic, self.read(f"/t/{id}.json"))
        except Gone:
            return None

    def create(self, post: Mapping[str, Any]) -> Post:
        """Raises Rejected where the forum only keeps it for approval."""
        answer = self.write("POST", "/posts.json", json=dict(post))
        if answer.get("action") == "enqueued":
            raise Rejected(HELD)
        made = readable(Post, answer)
        if made is None:
            raise unknown(f"{NAME} gave an answer that could not be read.", writes=True)
        return made

    def _first(self, topic: int) -> Post | None:
        found = self.topic(topic)
        first = found.post_stream.posts[0] if found and found.post_stream.posts else None
        if found is None or first is None:
            return None
        post = readable(
            Post, {**first, "topic_title": found.title, "topic_archetype": found.archetype}
        )
        return post if post and post.post_number == 1 and not post.gone else None

    def _asked(self, method: str, path: str, *, writes: bool, **request: Any) -> Any:
        try:
            return self._json.call(method, path, writes=writes, **request)
        except Forbidden:
            self.me()  # a wrong key ends here
            raise Gone(
                f"{NAME} does not let the brand's account do that: it was closed or deleted."
            ) from None

    def _explain(self, answer: httpx.Response, writes: bool) -> IntegrationError | None:
        match answer.status_code:
            case 403 if not answer.request.url.path.endswith("/session/current.json"):
                return Forbidden(f"{NAME} refused the request (403).")
            case 401 | 403:
                return AuthFailed(
                    f"{NAME} does not accept the API key, our token there, for this username."
                )
            case 404 | 410 if _in_its_words(answer):
                return Gone(f"It was deleted, or {NAME.lower()} does not know it.")
            case 422:
                return Rejected(
                    f"{NAME} refused the text: too short, too long, like the last one, or its"
                    " reader takes no personal messages."
                )
            case 429:
                return Retryable(f"{NAME}'s rate limit is reached.", after=self._wait(answer))
        return None

    def _wait(self, answer: httpx.Response) -> timedelta | None:
        told = wait(answer, self.now())
        if told is not None:
            return told
        try:
            seconds = answer.json()["extras"]["wait_seconds"]
            return min(timedelta(seconds=max(float(seconds), 1)), LONGEST_WAIT)
        except (ValueError, KeyError, TypeError, OverflowError):
            return None

    def _count(self, answer: httpx.Response) -> None:
        now = self.now()
        if now >= self._ends:
            self._used, self._ends = 0, now + _MINUTE
        self._used += 1
        left = max(self._per_minute - self._used, 0)
        self.allowance.note(limit=self._per_minute, left=left, resets=self._ends)


def _in_its_words(answer: httpx.Response) -> bool:
    """Whether the forum wrote it, and no proxy or other site at its address."""
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and "errors" in body


def _object(answer: Any, *, writes: bool) -> dict[str, Any]:
    if isinstance(answer, dict):
        return answer
    if answer is None and writes:
        return {}
    message = f"{NAME} gave an answer that could not be read."
    raise unknown(message, writes=writes)


def _readable(given: object) -> Post | None:
    found = readable(Post, given)
    if found is None:
        id_ = given.get("id") if isinstance(given, dict) else None
        _log.warning("post %.40r left out: it is not of the documented form", id_)
        left_out()
    return found
