"""Requests to Meta's Graph API: the token in a header, the proof of the app, the limits."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx

from inbox.errors import Retryable, Uncertain
from integrations.http import JsonApi
from integrations.meta import Keys, MetaSettings
from integrations.meta.errors import explainer
from integrations.meta.usage import Usage

HASTY = httpx.Timeout(2.0)
"""For what is asked while a webhook waits."""


class Graph:
    """One account at one of Meta's hosts. `name` is how agents know the network.

    `token` is asked for each request, where it may change; else it is that of `keys`.
    """

    def __init__(
        self,
        settings: MetaSettings,
        keys: Keys,
        *,
        name: str,
        clock: Callable[[], datetime],
        token: Callable[[], str] | None = None,
    ) -> None:
        self.clock = clock
        self.usage = Usage(clock)
        self._base = settings.graph_base.rstrip("/")
        self._app_id = settings.app_id
        self._secret = keys.app_secret
        self._token = token or (lambda: keys.token)
        self._api = JsonApi(
            f"{self._base}/{settings.api_version}",
            name=name,
            clock=clock,
            headers=lambda: {"Authorization": f"Bearer {self._token()}"},
            explain=explainer(name, clock),
            saw=self.usage.saw,
        )
        self.close = self._api.close
        self.name = name

    def read(self, path: str, *, hasty: bool = False, **params: Any) -> Mapping[str, Any]:
        """GET. Raises Retryable, AuthFailed, Rejected."""
        more = {"timeout": HASTY} if hasty else {}
        return self._object(
            self._api.call("GET", path, params=self._proven(params), writes=False, **more)
        )

    def about_token(self) -> Mapping[str, Any]:
        """What Meta says of our token, asked as the app where its number is known (Graph API:
        "Debug Token").
        """
        token = self._token()
        asks = f"{self._app_id}|{self._secret}" if self._app_id else token
        return self._object(
            self._api.call(
                "GET",
                "/debug_token",
                params={"input_token": token, "appsecret_proof": proof(self._secret, asks)},
                headers={"Authorization": f"Bearer {asks}"},
                writes=False,
            )
        )

    def renew(self, *, grant_type: str) -> Mapping[str, Any]:
        """A new token for ours; this endpoint has no version and reads the token's parameter."""
        params = {"grant_type": grant_type, "access_token": self._token()}
        url = f"{self._base}/refresh_access_token"
        return self._object(self._api.call("GET", url, params=self._proven(params), writes=False))

    def write(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Raises any IntegrationError; Uncertain where nobody knows whether it was done."""
        return self._api.write(method, path, params=self._proven({}), json=body or {})

    def create(self, path: str, body: Mapping[str, Any]) -> str:
        """The id of what was made. Raises any IntegrationError."""
        answer = self.write("POST", path, body)
        made = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(made, str):
            raise Uncertain(f"{self.name} did not say what it made.")
        return made

    def pages(
        self, path: str, *, most: int, sure: bool = False, **params: Any
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages of an edge, at most so many; the cursor is Meta's `after`.

        Raises Uncertain where there are more, if one has to be `sure` that nothing was missed.
        """
        for _ in range(most):
            answer = self.read(path, **params)
            yield items(answer)
            after = cursor_after(answer)
            if after is None:
                return
            params["after"] = after
        if sure:
            raise Uncertain("More was written since than can be looked through.")

    def _proven(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return {**params, "appsecret_proof": proof(self._secret, self._token())}

    def _object(self, answer: object) -> Mapping[str, Any]:
        if not isinstance(answer, dict):
            raise Retryable(f"{self.name} gave an answer that could not be read.")
        return answer


def proof(app_secret: str, token: str) -> str:
    """Shows that the app itself asks (Graph API: "Securing requests")."""
    return hmac.digest(app_secret.encode(), token.encode(), "sha256").hex()


def items(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stands on a page of an edge."""
    data = answer.get("data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def cursor_after(answer: Mapping[str, Any]) -> str | None:
    """Where the next page begins, None on the last one."""
    paging = answer.get("paging")
    if not isinstance(paging, dict) or "next" not in paging:
        return None
    after = (paging.get("cursors") or {}).get("after")
    return after if isinstance(after, str) else None
