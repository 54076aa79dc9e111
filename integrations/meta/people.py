"""Who writes in private: Meta's webhooks name a person by a number alone.

The number of a person in private may differ from that under a comment. A private reply to a
comment tells both, so they are known as one person from then on, also after a restart.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inbox.errors import IntegrationError, Retryable
from inbox.message import Account, Author, Ref, clean
from inbox.ports import KEPT_PERSON, Keep
from integrations.meta.graph import Graph

_REMEMBERED = 5_000
_ASK_AGAIN = timedelta(minutes=10)
_REST = timedelta(minutes=1)
_SHORT = timedelta(seconds=10)
_MOST_ASKED = 10
_MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a profile tells of a person."""

    name: str
    handle: str | None = None
    followers: int | None = None
    verified: bool | None = None


ToFace = Callable[[Mapping[str, Any]], Face | None]


class People:
    """The people of one account. `fields` are asked of a profile, `to_face` reads them."""

    def __init__(
        self, account: Account, graph: Graph, keep: Keep, *, fields: str, to_face: ToFace
    ) -> None:
        self._account = account
        self._graph = graph
        self._keep = keep
        self._fields = fields
        self._to_face = to_face
        self._faces: OrderedDict[str, tuple[Face | None, datetime]] = OrderedDict()
        self._silent_at: datetime | None = None
        self._asked_at: deque[datetime] = deque()

    def who(self, reader: str) -> Author:
        """The author with this number in private; a number where no profile is shown."""
        face = self._face(reader) or Face(name=f"Somebody on {self._graph.name} ({reader[-4:]})")
        return Author(
            ref=Ref(self._account.network, self._account.name, self._public(reader)),
            handle=face.handle or face.name,
            name=face.name,
            followers=face.followers,
            verified=face.verified,
        )

    def known(self, reader: str) -> Face | None:
        """What a profile told before; nobody is asked."""
        face, _ = self._faces.get(reader, (None, None))
        return face

    def same(self, *, reader: str, commenter: str) -> None:
        """Whoever has this number in private wrote the comment."""
        if reader != commenter:
            self._keep.set(f"{KEPT_PERSON}{reader}", commenter)

    def _public(self, reader: str) -> str:
        return self._keep.get(f"{KEPT_PERSON}{reader}") or reader

    def _face(self, reader: str) -> Face | None:
        known = self._faces.get(reader)
        now = self._graph.clock()
        stale = known is None or (known[0] is None and now - known[1] > _ASK_AGAIN)
        if stale and self._may_ask(now):
            known = (self._asked(reader), now)
            self._faces[reader] = known
            while len(self._faces) > _REMEMBERED:
                self._faces.popitem(last=False)
        return known[0] if known else None

    def _may_ask(self, now: datetime) -> bool:
        """A webhook waits, and a card without a name is no harm: few are asked in a short time,
        and for a while nobody where one question had no answer.
        """
        if self._silent_at is not None and now - self._silent_at < _REST:
            return False
        while self._asked_at and now - self._asked_at[0] >= _SHORT:
            self._asked_at.popleft()
        return len(self._asked_at) < _MOST_ASKED

    def _asked(self, reader: str) -> Face | None:
        now = self._graph.clock()
        self._asked_at.append(now)
        try:
            return self._to_face(self._graph.read(f"/{reader}", hasty=True, fields=self._fields))
        except IntegrationError as error:
            self._silent_at = now if isinstance(error, Retryable) else None
            return None


def word(value: object) -> str | None:
    """A name as a profile has it, None where it has none."""
    return clean(value, most=_MOST_NAME).strip() or None if isinstance(value, str) else None
