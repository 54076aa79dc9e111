"""The accounts of the settings: each network's integration reads its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points

from inbox.decision import Articles
from inbox.message import Account
from inbox.ports import Integration
from inbox.problem import Problem
from router.document import Document, did_you_mean
from tierdesk.settings_secrets import Environment
from tierdesk.settings_values import duration

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


@dataclass(slots=True)
class Accounts:
    """Reads the block `accounts`; collects what is wrong with it."""

    document: Document
    environment: Environment
    every: timedelta
    problems: list[Problem] = field(default_factory=list)

    def read(self, entries: Mapping[str, Mapping[str, object]]) -> dict[str, AccountSettings]:
        found = {name: self._account(name, entry) for name, entry in entries.items()}
        return {name: account for name, account in found.items() if account}

    def _account(self, name: str, entry: Mapping[str, object]) -> AccountSettings | None:
        network = entry.get("network")
        known = integrations()
        if not isinstance(network, str) or network not in known:
            problem = "is missing" if network is None else "is not a network that is installed here"
            self._fault(name, "network", problem, did_you_mean(network or "", known))
            return None
        data = {k: v for k, v in entry.items() if k not in OURS}
        before = len(self.problems)
        every = self._poll_every(name, entry)
        articles = self._articles(name, network, entry)
        secrets = self._checked(integration(network), name, data)
        if len(self.problems) > before:
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
            self._fault(name, "poll_every", "is not a length of time", "Write it as 30s or 2 min")
            return self.every

    def _articles(self, name: str, network: str, entry: Mapping[str, object]) -> Articles:
        """A network whose rules forbid unasked automatic answers has to be opened by name."""
        written = entry.get("articles")
        if written is None:
            return Articles.OFF if network in CLOSED else Articles.SUGGEST
        word = "off" if written is False else str(written)  # YAML reads a bare `off` as no
        if word not in list(Articles):
            self._fault(name, "articles", "is no use of articles", "Write off, suggest or auto")
            return Articles.OFF
        return Articles(word)

    def _checked(self, kind: Integration, name: str, data: Mapping[str, object]) -> dict[str, str]:
        names = kind.secret_names(name, data)
        secrets = {n: value for n in names if (value := self.environment.get(n)) is not None}
        given = secrets
        if self.environment.without_secrets:
            given = {n: secrets.get(n, "not needed for this check") for n in names}
        for fault in kind.check(name, data, given):
            self._fault(name, fault.key, fault.problem, fault.remedy)
        return secrets

    def _fault(self, name: str, key: str, problem: str, remedy: str) -> None:
        path = ("accounts", name, *key.split("."))
        self.problems.append(self.document.problem(path, problem, remedy))


def secret_variables(entries: object) -> dict[str, str]:
    """The environment variable that an account's secret belongs in, by the account's name."""
    if not isinstance(entries, dict):
        return {}
    found = {}
    for name, entry in entries.items():
        network = entry.get("network") if isinstance(entry, dict) else None
        if isinstance(network, str) and network in integrations():
            names = integration(network).secret_names(name, entry)
            found.update({name: names[0]} if names else {})
    return found
