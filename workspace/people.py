"""The names that agents show in Slack, asked once for each."""

from __future__ import annotations

import threading

from slack_sdk import WebClient

from inbox.errors import IntegrationError
from workspace.errors import asking


class People:
    """Names by user id; a person whom Slack does not tell is called an agent."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._names: dict[str, str] = {}
        self._lock = threading.Lock()

    def __call__(self, user: str) -> str:
        with self._lock:
            known = self._names.get(user)
        if known is not None:
            return known
        try:
            response = asking(lambda: self._client.users_info(user=user), post=False)
        except IntegrationError:
            return "an agent"
        found = response.get("user") or {}
        profile = found.get("profile") or {}
        name = profile.get("display_name") or found.get("real_name") or found.get("name")
        with self._lock:
            self._names[user] = str(name or "an agent")
            return self._names[user]
