"""YouTube's comments over httpx, each request counted against the day's quota.

google-api-python-client is heavy, and httplib2 under it is not safe to share between threads; of
the API six plain calls are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.budget import Purse
from integrations.google import google_tokens, refreshed
from integrations.http import JsonApi, Model
from integrations.youtube import YouTubeSettings
from integrations.youtube.errors import explains
from integrations.youtube.wire import Comment, Comments, Found, Mine, NewComments, Threads

PAGE = 100
MOST_IDS = 50
"""Ids of one comments.list."""


class YouTube:
    """Reads raise Retryable, AuthFailed, Rejected; writes also Uncertain."""

    def __init__(
        self,
        settings: YouTubeSettings,
        client_secret: str,
        refresh_token: str,
        purse: Purse,
        clock: Callable[[], datetime],
    ) -> None:
        grant = refreshed(settings.client_id, client_secret, refresh_token)
        self._tokens = google_tokens(settings.token_url, grant, clock=clock)
        self._api = JsonApi(
            f"{settings.base_url.rstrip('/')}/youtube/v3",
            name="YouTube",
            clock=clock,
            explain=explains(self._tokens, clock),
        )
        self._settings = settings
        self.purse = purse

    def close(self) -> None:
        self._api.close()
        self._tokens.close()

    def threads(self, *, page: str | None = None, status: str | None = None) -> Threads:
        """The channel's threads, newest first; `status` is one of those that are held back."""
        params = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._settings.channel_id,
            "order": "time",
            "maxResults": PAGE,
            "textFormat": "plainText",
            **({"moderationStatus": status} if status else {}),
            **({"pageToken": page} if page else {}),
        }
        return self._read(Threads, "/commentThreads", params)

    def replies(self, thread: str, *, poll: bool = True) -> Iterator[Comment]:
        """All replies of a thread, in whatever order; not `poll`: for an answer."""
        page: str | None = None
        form = NewComments if poll else Comments
        while True:
            more = {"pageToken": page} if page else {}
            found = self._comments(form, poll=poll, parentId=thread, maxResults=PAGE, **more)
            yield from found.items
            page = found.next_page_token
            if page is None:
                return

    def comments(self, ids: Sequence[str], *, poll: bool = True) -> Mapping[str, Comment | None]:
        """Those of 50 at most that stand in public, None what cannot be read; not `poll`: for an
        answer.
        """
        found = self._comments(Found, poll=poll, id=",".join(ids)).items
        return {one.id: one.comment() for one in found}

    def mine(self) -> Sequence[str]:
        """The ids of the channels that the token is for."""
        answer = self._call("GET", "/channels", writes=False, params={"part": "id", "mine": "true"})
        items = answer.get("items", ()) if isinstance(answer, dict) else ()
        return [self._api.formed(Mine, one, writes=False).id for one in items]

    def reply(self, thread: str, text: str) -> Comment:
        self.purse.reply(self._settings.write_units)
        answer = self._call(
            "POST",
            "/comments",
            writes=True,
            params={"part": "snippet"},
            json={"snippet": {"parentId": thread, "textOriginal": text}},
        )
        return self._api.formed(Comment, answer, writes=True)

    def moderate(self, comment: str, status: str) -> None:
        """May be repeated."""
        self.purse.reply(self._settings.write_units)
        params = {"id": comment, "moderationStatus": status}
        self._call("POST", "/comments/setModerationStatus", writes=True, params=params)

    def _comments(self, form: type[Model], *, poll: bool, **params: Any) -> Model:
        params = {"part": "snippet", "textFormat": "plainText", **params}
        return self._read(form, "/comments", params, poll=poll)

    def _read(
        self, model: type[Model], path: str, params: Mapping[str, Any], *, poll: bool = True
    ) -> Model:
        if poll:
            self.purse.poll(self._settings.read_units)
        answer = self._call("GET", path, writes=False, params=params)
        return self._api.formed(model, answer, writes=False)

    def _call(self, method: str, path: str, *, writes: bool, **request: Any) -> Any:
        """YouTube counts refused requests as well, and what may have been done may have cost."""
        headers = self._tokens.headers()
        if writes:
            self.purse.spend("writes", self._settings.write_units)
        else:
            self.purse.spend("reads", self._settings.read_units)
        return self._api.call(method, path, writes=writes, headers=headers, **request)
