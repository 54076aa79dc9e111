"""Publishing on Threads takes two steps: a container is made, then it is published.

The container's name is kept before it is published, so that a second attempt, also after a
restart, publishes the same one: Threads publishes none twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from typing import Any

from inbox.errors import Rejected, Retryable, Uncertain
from inbox.ports import Keep
from integrations.meta.errors import Missing, certain
from integrations.meta.graph import Graph

NAME = "containers"
_REMEMBERED = 50
_DONE = "PUBLISHED"
_DEAD = frozenset({"EXPIRED", "ERROR"})
_WAIT = timedelta(seconds=30)
"""How long Threads recommends to wait for a container (documentation: "Publishing")."""


class AlreadyPublished(Exception):
    """The container of this answer stands on Threads already."""


class Publishing:
    """Of the profile `user`."""

    def __init__(self, graph: Graph, keep: Keep, user: str) -> None:
        self._graph = graph
        self._keep = keep
        self._user = user
        self._lock = Lock()

    def publish(self, what: Mapping[str, Any], *, key: str) -> str:
        """The reply's id. Raises AlreadyPublished, or any IntegrationError."""
        container = self._usable(key) or self._made(what, key)
        path = f"/{self._user}/threads_publish"
        try:
            return self._graph.create(path, {"creation_id": container})
        except Missing:
            self._forget(key)
            raise Retryable("Threads does not find the prepared answer yet.", after=_WAIT) from None

    def _usable(self, key: str) -> str | None:
        """The container that an earlier attempt made, unless it is of no use any more.

        Raises Uncertain, once, where Threads does not show it: it may be published.
        """
        container = self._kept().get(key)
        if container is None:
            return None
        try:
            status = self._graph.read(f"/{container}", fields="status").get("status")
        except Rejected:
            self._forget(key)
            raise Uncertain(
                "Threads does not say whether it published the answer.", after=_WAIT
            ) from None
        if status == _DONE:
            raise AlreadyPublished
        if status == "IN_PROGRESS":
            raise Retryable("Threads is still preparing the answer.", after=_WAIT)
        return None if status in _DEAD else container

    def _made(self, what: Mapping[str, Any], key: str) -> str:
        """A container that nobody publishes is seen by nobody: a second one does no harm."""
        try:
            container = self._graph.create(f"/{self._user}/threads", what)
        except Uncertain as error:
            raise certain(error) from None
        with self._lock:
            newest = list({**self._kept(), key: container}.items())[-_REMEMBERED:]
            self._keep.set(NAME, json.dumps(dict(newest)))
        return container

    def _forget(self, key: str) -> None:
        with self._lock:
            others = {other: made for other, made in self._kept().items() if other != key}
            self._keep.set(NAME, json.dumps(others))

    def _kept(self) -> dict[str, str]:
        kept = json.loads(self._keep.get(NAME) or "{}")
        return kept if isinstance(kept, dict) else {}
