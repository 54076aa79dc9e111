"""How an account's part of the settings file becomes a connection, for every integration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from inbox.message import Account
from inbox.ports import Connection, Fault

HTTP_URL = r"^https?://[^\s/]+\S*$"


class AccountSettings(BaseModel):
    """The keys of one account; every outside address is one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Settings = TypeVar("Settings", bound=AccountSettings)
Model_contra = TypeVar("Model_contra", bound=AccountSettings, contravariant=True)


class Connect(Protocol[Model_contra]):
    def __call__(
        self, account: Account, settings: Model_contra, secret: str, clock: Callable[[], datetime]
    ) -> Connection: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Generic[Settings]):
    """An integration in a few words: its settings, the one secret it needs, how it connects.

    `secret` is the last part of the variable's default name: TOKEN gives MASTODON_CARE_TOKEN.
    `secret_key` is the setting that names another variable.
    """

    name: str
    settings: type[Settings]
    secret: str
    secret_key: str
    open: Connect[Settings]

    def secret_names(self, account: str, data: Mapping[str, object]) -> Sequence[str]:
        own = data.get(self.secret_key)
        return (own if isinstance(own, str) else variable(self.name, account, self.secret),)

    def check(
        self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]
    ) -> Sequence[Fault]:
        faults = [] if self._secret(account, data, secrets) else [self._no_secret(account, data)]
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
        clock: Callable[[], datetime],
    ) -> Connection:
        if found := self.check(account, data, secrets):
            raise ValueError(f"{self.name}:{account}: {found[0].key}: {found[0].problem}")
        settings = self.settings.model_validate(dict(data))
        secret = self._secret(account, data, secrets)
        return self.open(Account(self.name, account), settings, secret, clock)

    def _secret(self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]) -> str:
        return secrets.get(self.secret_names(account, data)[0], "").strip()

    def _no_secret(self, account: str, data: Mapping[str, object]) -> Fault:
        name = self.secret_names(account, data)[0]
        return Fault(
            key=self.secret_key,
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
        return Fault(key=key, problem="is not a key of this network", remedy=remedy)
    field = model.model_fields.get(key)
    remedy = (field.description if field else None) or "See the page of this network in docs/"
    problem = "is missing" if error["type"] == "missing" else str(error["msg"])
    return Fault(key=key, problem=problem, remedy=remedy)
