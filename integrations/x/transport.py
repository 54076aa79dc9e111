"""How tweepy's requests reach X: with a time-out, at the configured address, errors as ours.

tweepy's client writes X's host into each request, sets no time-out, logs headers and bodies at
DEBUG, and begins a request again at once after a 429 without a time. It asks a session for each
request; this one stands in its place, so that nothing of this happens.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from integrations.through_requests import Session, unreached
from integrations.x.errors import refused
from integrations.x.limits import Limits

TIMEOUT = 15.0
"""Seconds until an answer."""
_TALKATIVE = ("tweepy", "oauthlib", "requests_oauthlib")
"""They log keys, tokens, signatures and texts."""


class Transport:
    """What tweepy takes for a `requests.Session`. Raises our errors instead of the library's."""

    def __init__(
        self,
        base_url: str,
        *,
        clock: Callable[[], datetime],
        limits: Limits,
        timeout: float = TIMEOUT,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._limits = limits
        self._timeout = timeout
        self._session = Session()
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.ERROR)

    def close(self) -> None:
        self._session.close()

    def request(self, method: str, url: str, **request: Any) -> requests.Response:
        """The answer, which is a success."""
        path = urlsplit(url).path
        writes = method != "GET"
        try:
            answer = self._session.request(
                method,
                f"{self._base_url}{path}",
                timeout=self._timeout,
                allow_redirects=False,
                **request,
            )
        except requests.RequestException as error:
            raise unreached(error, "X", writes=writes) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self._limits.saw(endpoint(method, path), headers)
        if not 200 <= answer.status_code < 300:
            raise refused(
                answer.status_code, headers, answer.content, now=self._clock(), writes=writes
            )
        return answer


def endpoint(method: str, path: str) -> str:
    """The name that one limit has for all ids in the path."""
    version, _, rest = path.lstrip("/").partition("/")
    parts = ("*" if part.isdigit() else part for part in rest.split("/"))
    return f"{method} /{version}/{'/'.join(parts)}"
