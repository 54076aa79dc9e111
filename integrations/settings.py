"""How an account's part of the settings file becomes a connection, for networks and helpdesks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any, Generic, Protocol, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from inbox.message import Account
from inbox.ports import Fault, Host

HTTP_URL = r"^https?://[^\s/]+\S*$"


class AccountSettings(BaseModel):
    """The keys of one account; every outside address is one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PolledSettings(AccountSettings):
    """The keys of every network that is polled."""

    handle: str | None = Field(
        default=None, description="How agents see this account; its name or key when left out"
    )
    import_since: AwareDatetime | None = Field(
        default=None,
        description="The first poll imports what came since then, such as 2026-11-01T00:00:00Z",
    )


Settings = TypeVar("Settings", bound=AccountSettings)
Model_contra = TypeVar("Model_contra", bound=AccountSettings, contravariant=True)
Opened = TypeVar("Opened")
Opened_co = TypeVar("Opened_co", covariant=True)


class Connect(Protocol[Model_contra, Opened_co]):
    """Opens an inbox.ports.Connection, or for a helpdesk a HelpdeskConnection.

    `account` is the integration's name with the account's, or the helpdesk's, in the settings.
    `secrets` maps a Secret's name to its value, "" where one that is not needed is not set.
    """

    def __call__(
        self, account: Account, settings: Model_contra, secrets: Mapping[str, str], host: Host
    ) -> Opened_co: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret of an account.

    `name` is the last part of the variable's default name: TOKEN gives MASTODON_CARE_TOKEN.
    `key` is the setting that names another variable. `needed` may depend on the settings.
    """

    name: str
    key: str
    needed: Callable[[Mapping[str, object]], bool] = lambda data: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Generic[Settings, Opened]):
    """An integration in a few words: its settings, the secrets it needs, how it connects.

    Implements inbox.ports.Integration or Helpdesk, by what `open` gives. `library` is the module
    that the extra of the same name brings, where it needs one.
    """

    name: str
    settings: type[Settings]
    secrets: tuple[Secret, ...]
    open: Connect[Settings, Opened]
    library: str | None = None

    def secret_names(self, account: str, data: Mapping[str, object]) -> Sequence[str]:
        return tuple(self._variable(secret, account, data) for secret in self.secrets)

    def check(
        self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]
    ) -> Sequence[Fault]:
        given = self._given(account, data, secrets)
        faults = [] if self._installed() else [self._not_installed()]
        faults += [
            self._missing(secret, account, data)
            for secret in self.secrets
            if secret.needed(data) and not given[secret.name]
        ]
        try:
            self.settings.model_validate(dict(data))
        except ValidationError as error:
            faults += [fault(self.settings, found) for found in error.errors(include_url=False)]
        return faults

    def connect(
        self,
        account: str,
        data: Mapping[str, object],
        secrets: Mapping[str, str],
        *,
        host: Host,
    ) -> Opened:
        if found := self.check(account, data, secrets):
            raise ValueError(f"{self.name}:{account}: {found[0].key}: {found[0].problem}")
        settings = self.settings.model_validate(dict(data))
        given = self._given(account, data, secrets)
        return self.open(Account(self.name, account), settings, given, host)

    def _installed(self) -> bool:
        """Looks without importing: some libraries take seconds."""
        return self.library is None or find_spec(self.library) is not None

    def _not_installed(self) -> Fault:
        return Fault(
            key="network",
            problem=f"needs the library {self.library}, which is not installed here",
            remedy=f"Run `make networks`, or: pip install 'tierdesk[{self.name}]'",
        )

    def _given(
        self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]
    ) -> dict[str, str]:
        return {
            secret.name: secrets.get(self._variable(secret, account, data), "").strip()
            for secret in self.secrets
        }

    def _variable(self, secret: Secret, account: str, data: Mapping[str, object]) -> str:
        own = data.get(secret.key)
        return own if isinstance(own, str) else variable(self.name, account, secret.name)

    def _missing(self, secret: Secret, account: str, data: Mapping[str, object]) -> Fault:
        name = self._variable(secret, account, data)
        return Fault(
            key=secret.key,
            problem=f"the environment variable {name} is not set",
            remedy=f"Put {name}=... into .env",
        )


def variable(network: str, account: str, what: str) -> str:
    """The default name of an environment variable, as in MASTODON_CARE_TOKEN."""
    return re.sub(r"\W+", "_", f"{network}_{account}_{what}", flags=re.ASCII).upper()


def fault(model: type[BaseModel], error: Mapping[str, Any]) -> Fault:
    """A fault from one of pydantic's errors; it never repeats the value."""
    key = ".".join(str(part) for part in error["loc"]) or "account"
    if error["type"] == "extra_forbidden":
        near = get_close_matches(key, model.model_fields, n=1)
        known = ", ".join(sorted(model.model_fields))
        remedy = f"Did you mean {near[0]}?" if near else f"The keys are: {known}"
        return Fault(key=key, problem="is not a key that it knows", remedy=remedy)
    field = model.model_fields.get(key)
    remedy = (field.description if field else None) or "See its page in docs/"
    problem = "is missing" if error["type"] == "missing" else str(error["msg"])
    return Fault(key=key, problem=problem, remedy=remedy)
