"""Which answers under reviews are Tierdesk's own, and of which others an agent was told.

The shops keep one answer for a review and overwrite it without a word. So Tierdesk remembers,
across restarts, what it wrote; an answer of anybody else is replaced only by an agent who was
told of it.
"""

from __future__ import annotations

import json
from threading import Lock

from inbox.ports import Keep
from integrations.reviews.review import digest

_MOST = 500


class Standing:
    """Both are kept by review, as digests; an old entry that was dropped costs a question."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._lock = Lock()

    def is_ours(self, review: str, text: str) -> bool:
        return self._has("ours", review, text)

    def was_told(self, review: str, text: str) -> bool:
        """Whether an agent was told that this very answer stands there."""
        return self._has("told", review, text)

    def wrote(self, review: str, text: str) -> None:
        self._put("ours", review, text)

    def tell(self, review: str, text: str) -> None:
        self._put("told", review, text)

    def _has(self, what: str, review: str, text: str) -> bool:
        return digest(text) in self._load(what).get(review, ())

    def _put(self, what: str, review: str, text: str) -> None:
        """The last two of a review: it is not known at once which of ours stands there."""
        with self._lock:
            entries = self._load(what)
            before = entries.pop(review, [])
            entries[review] = [*(one for one in before if one != digest(text)), digest(text)][-2:]
            newest = dict(list(entries.items())[-_MOST:])
            self._keep.set(what, json.dumps(newest, separators=(",", ":")))

    def _load(self, what: str) -> dict[str, list[str]]:
        entries: dict[str, list[str]] = json.loads(self._keep.get(what) or "{}")
        return entries
