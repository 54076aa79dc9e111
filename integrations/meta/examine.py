"""What an operator wants to know of an account at Meta: token, permissions, webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.errors import IntegrationError, Rejected
from inbox.ports import Checkup
from integrations.meta.graph import Graph, items

Look = Callable[[Graph], Iterator[Checkup]]


@dataclass(slots=True, kw_only=True)
class Examination:
    """Looks at the token and then at what else a network has, `more`.

    Instagram's own login has nothing to ask about tokens: then `permissions` is None.
    """

    graph: Graph
    permissions: Sequence[str] | None
    more: Sequence[Look] = ()
    _end: datetime | None = None

    def expires(self) -> datetime | None:
        """When the token ends, as it was told at the last examination."""
        return self._end

    def examine(self) -> Sequence[Checkup]:
        looks = (self._token, *self.more) if self.permissions is not None else self.more
        return [checkup for look in looks for checkup in _asked(look, self.graph)]

    def _token(self, graph: Graph) -> Iterator[Checkup]:
        try:
            told = graph.about_token().get("data")
        except Rejected:
            says = "When the token ends is not told. Set app_id, so that the app itself can ask."
            yield Checkup(well=True, says=says)
            return
        if not isinstance(told, dict) or not told.get("is_valid"):
            yield Checkup(well=False, says="The token is not valid. Make a new one.")
            return
        self._end = _end(told)
        yield _lasts(self._end, graph.clock())
        scopes = told.get("scopes")
        given = set(scopes) if isinstance(scopes, list) else set()
        for permission in self.permissions or ():
            if permission not in given:
                says = f"The token lacks {permission}. Make a new one with it."
                yield Checkup(well=False, says=says)


def subscribed(path: str, fields: Sequence[str], app_id: str | None = None) -> Look:
    """Whether our app, any where it is not known, is told of what happens at a Page or account,
    and of all of it.
    """

    def look(graph: Graph) -> Iterator[Checkup]:
        apps = [app for app in items(graph.read(path)) if app_id in (None, app.get("id"))]
        told = {name for app in apps for name in _names(app)}
        missing = [name for name in fields if name not in told]
        if not apps:
            says = f"No app is subscribed. POST {path} with the fields {', '.join(fields)}."
            yield Checkup(well=False, says=says)
        elif missing and told:
            says = f"The webhook is not told of {', '.join(missing)}. Subscribe to them as well."
            yield Checkup(well=False, says=says)
        else:
            yield Checkup(well=True, says="The webhook is subscribed.")

    return look


def readable(path: str, what: str) -> Look:
    """Whether something can be read at all."""

    def look(graph: Graph) -> Iterator[Checkup]:
        graph.read(path, limit=1)
        yield Checkup(well=True, says=f"{what} can be read.")

    return look


def _names(app: Mapping[str, Any]) -> list[str]:
    fields = app.get("subscribed_fields")
    return [str(name) for name in fields] if isinstance(fields, list) else []


def _end(told: Mapping[str, Any]) -> datetime | None:
    """The sooner of the end of the token and of its access to data, None where there is none."""
    ends = [told.get("expires_at"), told.get("data_access_expires_at")]
    soonest = min((e for e in ends if isinstance(e, int) and 0 < e < 10**11), default=None)
    return None if soonest is None else datetime.fromtimestamp(soonest, UTC)


def _lasts(end: datetime | None, now: datetime) -> Checkup:
    if end is None:
        return Checkup(well=True, says="The token is valid and has no end.")
    left = (end - now).days
    says = f"The token is valid until {end:%Y-%m-%d}, {left} days from now."
    return Checkup(well=left >= 7, says=says if left >= 7 else f"{says} Make a new one.")


def _asked(look: Look, graph: Graph) -> Iterator[Checkup]:
    try:
        yield from look(graph)
    except Rejected as error:
        yield Checkup(well=False, says=f"{error} Is the number in the settings right?")
    except IntegrationError as error:
        yield Checkup(well=False, says=str(error))
