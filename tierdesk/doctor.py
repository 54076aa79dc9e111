"""Whether an installation is whole, and, for a folder, whether its accounts are set up right."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions, version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inbox.ports import Connection, HelpdeskConnection
from tierdesk.settings_accounts import integrations
from tierdesk.settings_helpdesks import helpdesks

ROOMS = (
    "inbox",
    "integrations",
    "responders",
    "router",
    "sandbox",
    "store",
    "tierdesk",
    "workspace",
)
"""Our top-level packages. Their names are plain words that another project may have, too."""

OLDEST_SQLITE = (3, 35)
"""The first with UPDATE … RETURNING (SQLite's release notes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    well: bool
    says: str


def examine() -> list[Finding]:
    """What is well and what is not on this machine, in words for the operator."""
    return [_python(), _sqlite(), _zones(), rooms_of(packages_distributions()), _networks()]


def ask(connections: Iterable[Connection | HelpdeskConnection]) -> Iterator[Finding]:
    """What each account's network, or each helpdesk, says; nothing is changed there."""
    for connection in connections:
        if connection.examiner is None:
            yield Finding(well=True, says=f"{connection.account}: nothing can be asked there")
            continue
        for checkup in connection.examiner.examine():
            yield Finding(well=checkup.well, says=checkup.says)


def _python() -> Finding:
    number = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        well=sys.version_info >= (3, 11), says=f"Tierdesk {version('tierdesk')}, Python {number}"
    )


def _sqlite() -> Finding:
    oldest = ".".join(map(str, OLDEST_SQLITE))
    return Finding(
        well=sqlite3.sqlite_version_info >= OLDEST_SQLITE,
        says=f"SQLite {sqlite3.sqlite_version} (needed: {oldest})",
    )


def _zones() -> Finding:
    try:
        ZoneInfo("Europe/Bucharest")
    except ZoneInfoNotFoundError:
        return Finding(well=False, says="time zones are missing: install the package tzdata")
    return Finding(well=True, says="time zones are there")


def rooms_of(owners: Mapping[str, list[str]]) -> Finding:
    """Whether the top-level packages of ours are only ours; `owners` maps a name to projects."""
    foreign = {room: set(owners.get(room, ())) - {"tierdesk"} for room in ROOMS}
    clashes = [f"{room} ({', '.join(sorted(names))})" for room, names in foreign.items() if names]
    if clashes:
        return Finding(
            well=False,
            says=f"other packages overwrite ours: {', '.join(clashes)}. "
            "Install Tierdesk in a virtual environment of its own",
        )
    return Finding(well=True, says="no other package has the names of ours")


def _networks() -> Finding:
    known = integrations()
    if not known:
        return Finding(well=False, says="no network is installed; install Tierdesk again")
    tools = ", ".join(sorted(helpdesks())) or "none"
    return Finding(well=True, says=f"networks: {', '.join(sorted(known))}; helpdesks: {tools}")
