"""Where the next poll goes on, source by source, as one short text.

X's index takes a post some seconds after it was made, one sooner than another: what was made
lately is read once more, and those of it that were taken are kept by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from integrations.x import ids

_MOST_TAKEN = 1_000
"""In a flood the older ones may come twice, and are known."""


def _number(value: str) -> str:
    if not value.isdigit():
        raise ValueError("not an id of X")
    return value


Number = Annotated[str, AfterValidator(_number)]


class Gap(BaseModel):
    """What a poll saw the end of and did not come to: after `low` and before `high`.

    `token` is the page that X would give next.
    """

    model_config = ConfigDict(frozen=True)

    low: Number
    high: Number
    token: str | None = None


class Place(BaseModel):
    """Everything up to `since` was taken, but for the gap, and beyond it what is in `taken`."""

    model_config = ConfigDict(frozen=True)

    since: Number
    gap: Gap | None = None
    taken: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Ids that one drain took, newest first, and where it ended: `token` None at the end."""

    ids: tuple[str, ...]
    token: str | None = None

    def after(self, place: Place, settled: str) -> Place:
        """The place that follows from it. Nothing is shown late any more up to `settled`."""
        low = place.gap.low if place.gap else place.since
        known = {*place.taken, *self.ids}
        newest = max([place.since, *known], key=int)
        since = ids.later(place.since, min(newest, settled, key=int))
        lately = sorted((id_ for id_ in known if int(id_) > int(since)), key=int)
        taken = tuple(lately[-_MOST_TAKEN:])
        if self.token is None:
            return Place(since=since, taken=taken)
        high = min(self.ids, key=int) if self.ids else _high(place, newest)
        return Place(since=since, gap=Gap(low=low, high=high, token=self.token), taken=taken)


_Places = TypeAdapter(dict[str, Place])


def read(cursor: str) -> dict[str, Place]:
    """The places of a cursor; empty for one that is not ours."""
    try:
        return _Places.validate_json(cursor)
    except ValidationError:
        return {}


def write(places: Mapping[str, Place]) -> str:
    return _Places.dump_json(dict(places), exclude_none=True).decode()


def _high(place: Place, since: str) -> str:
    return place.gap.high if place.gap else str(int(since) + 1)
