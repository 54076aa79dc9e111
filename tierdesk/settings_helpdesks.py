"""The helpdesks of the settings: each kind's integration reads its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points

from inbox.ports import Helpdesk
from router.document import Where
from router.faults import did_you_mean
from tierdesk import settings_shape as shape
from tierdesk.settings_accounts import Entries

GROUP = "tierdesk.helpdesks"
"""The entry points under which a package offers a kind of helpdesk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpdeskSettings:
    """One helpdesk. `data` and `secrets` are what its integration connects with."""

    name: str
    kind: str
    poll_every: timedelta
    data: Mapping[str, object]
    secrets: Mapping[str, str] = field(repr=False)


def helpdesks() -> Mapping[str, EntryPoint]:
    """What is installed, by kind; nothing is imported yet."""
    return {point.name: point for point in entry_points(group=GROUP)}


def helpdesk(kind: str) -> Helpdesk:
    """The integration of a kind that `helpdesks` lists."""
    found: Helpdesk = helpdesks()[kind].load()
    return found


@dataclass(frozen=True, slots=True)
class Helpdesks:
    """Reads the block `helpdesks`, whose own keys were checked before."""

    entries: Entries
    every: timedelta

    def read(self, block: Mapping[str, shape.Helpdesk]) -> dict[str, HelpdeskSettings]:
        found = {name: self._helpdesk(name, entry) for name, entry in block.items()}
        return {name: entry for name, entry in found.items() if entry}

    def _helpdesk(self, name: str, entry: shape.Helpdesk) -> HelpdeskSettings | None:
        known = helpdesks()
        if entry.kind not in known:
            problem = "is not a kind of helpdesk that is installed here"
            self.entries.fault(name, "kind", problem, did_you_mean(entry.kind, known))
            return None
        data = {k: v for k, v in (entry.model_extra or {}).items() if v is not None}
        before = len(self.entries.problems)
        secrets = self.entries.checked(helpdesk(entry.kind), name, data)
        if len(self.entries.problems) > before:
            return None
        return HelpdeskSettings(
            name=name,
            kind=entry.kind,
            poll_every=entry.poll_every or self.every,
            data=data,
            secrets=secrets,
        )


def helpdesk_variables(entries: object) -> dict[Where, str]:
    """The environment variable that a helpdesk's secret belongs in, by the helpdesk's place."""
    if not isinstance(entries, dict):
        return {}
    found: dict[Where, str] = {}
    for name, entry in entries.items():
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if isinstance(kind, str) and kind in helpdesks():
            names = helpdesk(kind).secret_names(name, entry)
            found.update({("helpdesks", name): names[0]} if names else {})
    return found
