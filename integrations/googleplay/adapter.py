"""An app on Google Play: the androidpublisher API over httpx, with a service account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import jwt

from inbox.errors import AuthFailed, Rejected
from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.google import google_tokens
from integrations.googleplay import GooglePlaySettings
from integrations.googleplay.convert import to_review
from integrations.googleplay.wire import Listing, Written
from integrations.http import JsonApi, Model
from integrations.length import Length
from integrations.reviews.errors import explains
from integrations.reviews.hourly import Hourly
from integrations.reviews.review import Review
from integrations.reviews.roles import connection
from integrations.tokens import Grant

PAGE = 100
SCOPE = "https://www.googleapis.com/auth/androidpublisher"
LASTS = timedelta(minutes=30)


def open_connection(
    account: Account, settings: GooglePlaySettings, private_key: str, host: Host
) -> Connection:
    shop = Play(settings, private_key, host.clock)
    return connection(
        account,
        settings,
        shop,
        host,
        measure=Length(settings.max_length),
        page="docs/reviews.md",
        close=shop.close,
    )


class Play:
    """Implements integrations.reviews.review.Shop."""

    name = "Google Play"

    def __init__(
        self, settings: GooglePlaySettings, private_key: str, clock: Callable[[], datetime]
    ) -> None:
        grant = signed(settings.client_email, private_key, settings.token_url, clock)
        self._tokens = google_tokens(settings.token_url, grant, clock=clock)
        self._hourly = Hourly(self.name, settings.reads_per_hour, settings.kept_reads, clock)
        self._settings = settings
        package = quote(settings.package, safe="")
        self._api = JsonApi(
            f"{settings.base_url.rstrip('/')}/androidpublisher/v3/applications/{package}/reviews",
            name=self.name,
            clock=clock,
            headers=self._tokens.headers,
            explain=explains(self.name, self._tokens.refused, clock),
        )

    def close(self) -> None:
        self._api.close()
        self._tokens.close()

    def newest(self) -> Iterator[Review]:
        """Only those with words, of the last week: Google gives no others."""
        page: str | None = None
        while True:
            self._hourly.spare()
            more = {"token": page} if page else {}
            listing = self._get(Listing, "", {"maxResults": PAGE, **more})
            found = [review for one in listing.reviews if (review := self._review(one))]
            yield from sorted(found, key=lambda review: review.created, reverse=True)
            page = listing.token_pagination.next_page_token if listing.token_pagination else None
            if page is None:
                return

    def review(self, id: str) -> Review:  # noqa: A002 - the field's own name
        review = self._review(self._get(Written, f"/{quote(id, safe='')}", {}))
        if review is None:
            raise Rejected("The review has no words any more; Google Play takes no answer to it.")
        return review

    def answer(self, id: str, text: str) -> None:  # noqa: A002 - the field's own name
        self._api.write("POST", f"/{quote(id, safe='')}:reply", json={"replyText": text})

    def _get(self, model: type[Model], path: str, params: Mapping[str, Any]) -> Model:
        self._hourly.made()
        return self._api.read_as(model, path, params=params)

    def _review(self, written: Written) -> Review | None:
        web_url, package = self._settings.web_url, self._settings.package
        return to_review(written, package=package, web_url=web_url)


def signed(email: str, private_key: str, audience: str, clock: Callable[[], datetime]) -> Grant:
    """The form of a service account (RFC 7523). The key may have its line ends as \\n."""

    def grant() -> Mapping[str, str]:
        now = clock()
        claims = {
            "iss": email,
            "scope": SCOPE,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + LASTS).timestamp()),
        }
        key = private_key.replace("\\n", "\n")
        try:
            assertion = jwt.encode(claims, key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise AuthFailed(
                "The service account's private key token cannot be read: it begins with"
                " -----BEGIN PRIVATE KEY-----."
            ) from None
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion,
        }

    return grant
