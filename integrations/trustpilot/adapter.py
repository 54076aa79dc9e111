"""One business at Trustpilot; the roles are those of all shops of reviews."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from urllib.parse import quote

import httpx

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.http import JsonApi
from integrations.length import Length
from integrations.reviews.errors import explains
from integrations.reviews.hourly import Hourly
from integrations.reviews.review import Review
from integrations.reviews.roles import connection
from integrations.tokens import Tokens
from integrations.trustpilot import TrustpilotSettings
from integrations.trustpilot.convert import to_review
from integrations.trustpilot.wire import Listing, Written

PAGE = 100
TOKEN = "/v1/oauth/oauth-business-users-for-applications/accesstoken"  # noqa: S105 - a path


def open_connection(
    account: Account, settings: TrustpilotSettings, secret: str, host: Host
) -> Connection:
    shop = Trustpilot(settings, secret, host.clock)
    return connection(
        account,
        settings,
        shop,
        host,
        measure=Length(settings.max_length),
        page="docs/trustpilot.md",
        close=shop.close,
    )


class Trustpilot:
    """Implements integrations.reviews.review.Shop."""

    name = "Trustpilot"

    def __init__(
        self, settings: TrustpilotSettings, secret: str, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        base_url = settings.base_url.rstrip("/")
        self._tokens = Tokens(
            self.name,
            base_url + TOKEN,
            lambda: {"grant_type": "client_credentials"},
            clock=clock,
            auth=httpx.BasicAuth(settings.client_id, secret),
        )
        self._hourly = Hourly(self.name, settings.requests_per_hour, settings.kept_requests, clock)
        self._api = JsonApi(
            f"{base_url}/v1/private",
            name=self.name,
            clock=clock,
            headers=self._tokens.headers,
            explain=explains(self.name, self._tokens.refused, clock),
            saw=lambda answer: self._hourly.made(),
        )

    def close(self) -> None:
        self._api.close()
        self._tokens.close()

    def newest(self) -> Iterator[Review]:
        """A page behind the last one is empty; one that is not full need not be the last."""
        path = f"/business-units/{self._settings.business_unit_id}/reviews"
        for page in count(1):
            self._hourly.spare()
            params = {"orderBy": "createdat.desc", "perPage": PAGE, "page": page}
            listing = self._api.read_as(Listing, path, params=params)
            if not listing.reviews:
                return
            yield from (self._review(one) for one in listing.reviews)

    def review(self, id: str) -> Review:  # noqa: A002 - the field's own name
        return self._review(self._api.read_as(Written, f"/reviews/{quote(id, safe='')}"))

    def answer(self, id: str, text: str) -> None:  # noqa: A002 - the field's own name
        answer = {"authorBusinessUserId": self._settings.business_user_id, "message": text}
        self._api.write("POST", f"/reviews/{quote(id, safe='')}/reply", json=answer)

    def _review(self, written: Written) -> Review:
        return to_review(written, self._settings.web_url)
