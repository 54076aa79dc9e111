"""Places on Google: version 4 of the Business Profile API, which no client library knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from urllib.parse import quote

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.google import google_tokens, refreshed
from integrations.googlebusiness import GoogleBusinessSettings
from integrations.googlebusiness.convert import to_review
from integrations.googlebusiness.wire import Listing, Written
from integrations.http import JsonApi
from integrations.length import Length, utf8
from integrations.reviews.errors import explains
from integrations.reviews.review import Review, Unwatched
from integrations.reviews.roles import connection

PAGE = 50


def open_connection(
    account: Account,
    settings: GoogleBusinessSettings,
    client_secret: str,
    refresh_token: str,
    host: Host,
) -> Connection:
    shop = Places(settings, client_secret, refresh_token, host.clock)
    return connection(
        account,
        settings,
        shop,
        host,
        measure=Length(settings.max_bytes, utf8),
        page="docs/reviews.md",
        close=shop.close,
    )


class Places:
    """Implements integrations.reviews.review.Shop, for all places of the settings together."""

    name = "Google Business"

    def __init__(
        self,
        settings: GoogleBusinessSettings,
        client_secret: str,
        refresh_token: str,
        clock: Callable[[], datetime],
    ) -> None:
        grant = refreshed(settings.client_id, client_secret, refresh_token)
        self._tokens = google_tokens(settings.token_url, grant, clock=clock)
        self._settings = settings
        self._api = JsonApi(
            f"{settings.base_url.rstrip('/')}/v4/accounts/{settings.account_id}/locations",
            name=self.name,
            clock=clock,
            headers=self._tokens.headers,
            explain=explains(self.name, self._tokens.refused, clock),
        )

    def close(self) -> None:
        self._api.close()
        self._tokens.close()

    def newest(self) -> Iterator[Review]:
        """Those of all places by the time of their last change."""
        places = (self._of(location) for location in self._settings.locations)
        return merge(*places, key=lambda review: review.changed, reverse=True)

    def review(self, id: str) -> Review:  # noqa: A002 - the field's own name
        location, path = self._path(id)
        written = self._api.read_as(Written, path)
        return to_review(written, location, url=self._settings.web_url)

    def answer(self, id: str, text: str) -> None:  # noqa: A002 - the field's own name
        _, path = self._path(id)
        self._api.write("PUT", f"{path}/reply", json={"comment": text})

    def _of(self, location: str) -> Iterator[Review]:
        page: str | None = None
        while True:
            params = {"pageSize": str(PAGE), "orderBy": "updateTime desc"}
            params |= {"pageToken": page} if page else {}
            path = f"/{quote(location, safe='')}/reviews"
            listing = self._api.read_as(Listing, path, params=params)
            for one in listing.reviews:
                yield to_review(one, location, url=self._settings.web_url)
            page = listing.next_page_token
            if page is None:
                return

    def _path(self, id: str) -> tuple[str, str]:  # noqa: A002 - the field's own name
        location, _, review = id.partition("/")
        if location not in self._settings.locations:
            raise Unwatched("The place of this review is not among the locations of the settings.")
        return location, f"/{quote(location, safe='')}/reviews/{quote(review, safe='')}"
