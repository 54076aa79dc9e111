"""An app on the App Store: App Store Connect's API over httpx, with a key of the team."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import jwt

from inbox.errors import AuthFailed, IntegrationError
from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.appstore import AppStoreSettings
from integrations.appstore.convert import to_review
from integrations.appstore.wire import Listing, One
from integrations.http import JsonApi
from integrations.length import Length
from integrations.limits import Allowance
from integrations.reviews.errors import explains
from integrations.reviews.review import Review
from integrations.reviews.roles import connection

PAGE = 200
AUDIENCE = "appstoreconnect-v1"
LASTS = timedelta(minutes=10)
"""Apple refuses tokens that last longer than 20 minutes."""
_LIMIT = re.compile(r"user-hour-(lim|rem):(\d+)")


def open_connection(
    account: Account, settings: AppStoreSettings, private_key: str, host: Host
) -> Connection:
    shop = AppStore(settings, private_key, host.clock)
    return connection(
        account,
        settings,
        shop,
        host,
        measure=Length(settings.max_length),
        page="docs/reviews.md",
        pace=lambda: shop.allowance.pace(host.clock()),
        close=shop.close,
    )


class AppStore:
    """Implements integrations.reviews.review.Shop."""

    name = "App Store"

    def __init__(
        self, settings: AppStoreSettings, private_key: str, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._key = private_key.replace("\\n", "\n")
        self._clock = clock
        self._url = f"{settings.web_url.rstrip('/')}/{settings.app_id}/distribution/ios/reviews"
        self.allowance = Allowance(self.name, settings.kept_requests)
        self._api = JsonApi(
            settings.base_url,
            name=self.name,
            clock=clock,
            headers=self._headers,
            explain=explains(self.name, _unauthorised, clock),
            saw=self._saw,
        )

    def close(self) -> None:
        self._api.close()

    def newest(self) -> Iterator[Review]:
        """Apple's link to the next page is not followed as it is: only its cursor is taken."""
        path = f"/v1/apps/{self._settings.app_id}/customerReviews"
        params = {"limit": str(PAGE), "sort": "-createdDate", "include": "response"}
        while True:
            self.allowance.spare(self._clock())
            listing = self._api.read_as(Listing, path, params=params)
            for one in listing.data:
                yield to_review(one, listing.included, url=self._url)
            cursor = parse_qs(urlsplit(listing.links.next or "").query).get("cursor")
            if not cursor:
                return
            params = {**params, "cursor": cursor[0]}

    def review(self, id: str) -> Review:  # noqa: A002 - the field's own name
        path = f"/v1/customerReviews/{quote(id, safe='')}"
        one = self._api.read_as(One, path, params={"include": "response"})
        return to_review(one.data, one.included, url=self._url)

    def answer(self, id: str, text: str) -> None:  # noqa: A002 - the field's own name
        """It appears in the store after a while; Apple replaces one that stands."""
        review = {"data": {"type": "customerReviews", "id": id}}
        data = {
            "type": "customerReviewResponses",
            "attributes": {"responseBody": text},
            "relationships": {"review": review},
        }
        self._api.write("POST", "/v1/customerReviewResponses", json={"data": data})

    def _headers(self) -> Mapping[str, str]:
        now = self._clock()
        claims: dict[str, Any] = {
            "iss": self._settings.issuer_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LASTS).timestamp()),
            "aud": AUDIENCE,
        }
        try:
            token = jwt.encode(
                claims, self._key, algorithm="ES256", headers={"kid": self._settings.key_id}
            )
        except (ValueError, TypeError, jwt.PyJWTError):
            raise AuthFailed(
                "The App Store's private key token cannot be read: it begins with"
                " -----BEGIN PRIVATE KEY-----."
            ) from None
        return {"Authorization": f"Bearer {token}"}

    def _saw(self, answer: httpx.Response) -> None:
        told = dict(_LIMIT.findall(answer.headers.get("x-rate-limit", "")))
        if {"lim", "rem"} <= told.keys():
            resets = self._clock() + timedelta(hours=1)
            self.allowance.note(limit=int(told["lim"]), left=int(told["rem"]), resets=resets)


def _unauthorised() -> IntegrationError:
    return AuthFailed(
        "The App Store does not accept the key's token: is key_id, issuer_id or the key wrong?"
    )
