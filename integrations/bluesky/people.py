"""Who writes to us: profiles with followers, marks and whose direct messages they take."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from inbox.errors import Rejected
from integrations.bluesky.session import Pds
from integrations.bluesky.wire import Actor, many, readable

AT_ONCE = 25
"""What getProfiles and getPosts take."""
FRESH = timedelta(minutes=10)
"""How long a profile is believed: whose messages somebody takes may change while we talk."""
_REMEMBERED = 2_000
_Item = TypeVar("_Item")


class People:
    """Profiles by DID, asked for together and remembered for a while."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self._known: OrderedDict[str, tuple[datetime, Actor]] = OrderedDict()

    def look(self, actors: Iterable[Actor]) -> dict[str, Actor]:
        """The full profile of each, or what was given where there is none."""
        found = {actor.did: actor for actor in actors}
        now = self._pds.now()
        missing = [did for did in found if not self._fresh(did, now)]
        for some in batches(missing, AT_ONCE):
            answer = self._pds.read("app.bsky.actor.getProfiles", {"actors": list(some)})
            for one in many(answer, "profiles"):
                if actor := readable(Actor, one):
                    self._remember(actor, now)
        return {
            did: self._known[did][1] if did in self._known else given
            for did, given in found.items()
        }

    def dids(self, handles: Iterable[str]) -> dict[str, str]:
        """The DID of each handle that there is."""
        found = {}
        for handle in handles:
            try:
                answer = self._pds.read("com.atproto.identity.resolveHandle", {"handle": handle})
            except Rejected:
                continue
            if isinstance(did := answer.get("did"), str):
                found[handle] = did
        return found

    def _fresh(self, did: str, now: datetime) -> bool:
        known = self._known.get(did)
        return known is not None and now - known[0] < FRESH

    def _remember(self, actor: Actor, now: datetime) -> None:
        self._known[actor.did] = (now, actor)
        self._known.move_to_end(actor.did)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def batches(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
