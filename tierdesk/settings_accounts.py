"""The accounts of the settings: each network's integration reads its own keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from inbox.decision import Articles
from inbox.message import Account
from inbox.ports import Fault, Integration
from inbox.problem import Problem
from integrations.durations import duration
from router.document import Document, Where
from router.faults import did_you_mean
from tierdesk.settings_secrets import Environment

OURS = ("network", "poll_every", "articles")
"""Keys of an account that every network has."""

CLOSED = frozenset({"x"})
"""Networks where the knowledge base does nothing until the settings open them: the automation
rules of X ask for its consent before replies are automated."""

GROUP = "tierdesk.integrations"
"""The entry points under which a package offers an integration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One account. `data` and `secrets` are what its integration connects with; `articles` is what
    the knowledge base may do there, at most.
    """

    account: Account
    poll_every: timedelta
    articles: Articles
    data: Mapping[str, object]
    secrets: Mapping[str, str] = field(repr=False)


def integrations() -> Mapping[str, EntryPoint]:
    """What is installed, by network; nothing is imported yet."""
    return {point.name: point for point in entry_points(group=GROUP)}


def integration(network: str) -> Integration:
    """The integration of a network that `integrations` lists."""
    found: Integration = integrations()[network].load()
    return found


class Checker(Protocol):
    """Of an integration, for a network or a helpdesk, what the settings are checked by."""

    def secret_names(self, account: str, data: Mapping[str, object]) -> Sequence[str]: ...
    def check(
        self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]
    ) -> Sequence[Fault]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """One block of entries that integrations read; collects what is wrong with it."""

    block: str
    document: Document
    environment: Environment
    problems: list[Problem] = field(default_factory=list)

    def checked(self, kind: Checker, name: str, data: Mapping[str, object]) -> dict[str, str]:
        """The secrets of an entry, after its integration has looked at it."""
        names = kind.secret_names(name, data)
        secrets = {n: value for n in names if (value := self.environment.get(n)) is not None}
        given = secrets
        if self.environment.without_secrets:
            given = {n: secrets.get(n, "not needed for this check") for n in names}
        for fault in kind.check(name, data, given):
            self.fault(name, fault.key, fault.problem, fault.remedy)
        return secrets

    def fault(self, name: str, key: str, problem: str, remedy: str) -> None:
        path = (self.block, name, *key.split("."))
        self.problems.append(self.document.problem(path, problem, remedy))


@dataclass(frozen=True, slots=True)
class Accounts:
    """Reads the block `accounts`."""

    entries: Entries
    every: timedelta

    def read(self, block: Mapping[str, Mapping[str, object]]) -> dict[str, AccountSettings]:
        found = {name: self._account(name, entry) for name, entry in block.items()}
        return {name: account for name, account in found.items() if account}

    def _account(self, name: str, entry: Mapping[str, object]) -> AccountSettings | None:
        network = entry.get("network")
        known = integrations()
        if not isinstance(network, str) or network not in known:
            problem = "is missing" if network is None else "is not a network that is installed here"
            self.entries.fault(name, "network", problem, did_you_mean(network or "", known))
            return None
        data = {k: v for k, v in entry.items() if k not in OURS}
        before = len(self.entries.problems)
        every = self._poll_every(name, entry)
        articles = self._articles(name, network, entry)
        secrets = self.entries.checked(integration(network), name, data)
        if len(self.entries.problems) > before:
            return None
        return AccountSettings(
            account=Account(network, name),
            poll_every=every,
            articles=articles,
            data=data,
            secrets=secrets,
        )

    def _poll_every(self, name: str, entry: Mapping[str, object]) -> timedelta:
        if entry.get("poll_every") is None:
            return self.every
        try:
            return duration(entry["poll_every"])
        except ValueError:
            remedy = "Write it as 30s or 2 min"
            self.entries.fault(name, "poll_every", "is not a length of time", remedy)
            return self.every

    def _articles(self, name: str, network: str, entry: Mapping[str, object]) -> Articles:
        """A network whose rules forbid unasked automatic answers has to be opened by name."""
        written = entry.get("articles")
        if written is None:
            return Articles.OFF if network in CLOSED else Articles.SUGGEST
        word = "off" if written is False else str(written)  # YAML reads a bare `off` as no
        if word not in list(Articles):
            self.entries.fault(
                name, "articles", "is no use of articles", "Write off, suggest or auto"
            )
            return Articles.OFF
        return Articles(word)


def secret_variables(entries: object) -> dict[Where, str]:
    """The environment variable that an account's secret belongs in, by the account's place."""
    if not isinstance(entries, dict):
        return {}
    found: dict[Where, str] = {}
    for name, entry in entries.items():
        network = entry.get("network") if isinstance(entry, dict) else None
        if isinstance(network, str) and network in integrations():
            names = integration(network).secret_names(name, entry)
            found.update({("accounts", name): names[0]} if names else {})
    return found
