"""How requests are signed: four keys of OAuth 1.0a, or a user token of OAuth 2 that is refreshed.

A refresh token of X is good once. The new one is kept before it is used: a crash loses none.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import httpx
from pydantic import AwareDatetime, BaseModel, ValidationError

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from inbox.ports import Keep
from integrations.http import JsonApi
from integrations.x import XSettings

EARLY = timedelta(minutes=5)
"""A token is refreshed so long before its end."""
_NAME = "oauth2"


class Signer(Protocol):
    """`user_auth` is tweepy's word for OAuth 1.0a; `mark` names the account without its secret."""

    @property
    def user_auth(self) -> bool: ...
    @property
    def mark(self) -> str: ...
    def bearer(self) -> str | None:
        """The token of OAuth 2. Raises Retryable, AuthFailed."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class FourKeys:
    """OAuth 1.0a: tweepy signs with the keys that it has."""

    mark: str
    user_auth: bool = True

    def bearer(self) -> None:
        return None

    def close(self) -> None:
        """Nothing is open."""


class Grant(BaseModel):
    access_token: str
    refresh_token: str
    expires_in: int = 7_200


class _Kept(BaseModel):
    """What must outlive a restart. `of` is the mark of the token that it grew out of."""

    of: str
    access: str
    refresh: str
    ends: AwareDatetime


@dataclass(slots=True)
class RefreshedToken:
    """OAuth 2: `first` is the refresh token that the operator got from X's consent page."""

    first: str
    client: tuple[str, str]
    api: JsonApi
    keep: Keep
    clock: Callable[[], datetime]
    user_auth: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def mark(self) -> str:
        return fingerprint(self.first)

    def bearer(self) -> str:
        with self._lock:
            known = self._kept()
            if known and known.ends - EARLY > self.clock():
                return known.access
            return self._refresh(known.refresh if known else self.first)

    def close(self) -> None:
        self.api.close()

    def _kept(self) -> _Kept | None:
        """What was granted last, if it grew out of the token that is configured now."""
        record = self.keep.get(_NAME)
        known = _Kept.model_validate_json(record) if record else None
        return known if known and known.of == self.mark else None

    def _refresh(self, token: str) -> str:
        name, secret = self.client
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": name}
        basic = {"auth": httpx.BasicAuth(name, secret)} if secret else {}
        try:
            answer = self.api.write("POST", "/2/oauth2/token", data=form, **basic)
            grant = Grant.model_validate(answer)
        except (Rejected, AuthFailed):
            raise AuthFailed(
                "X does not accept the refresh token: authorize the app again (docs/x.md)."
            ) from None
        except (ValidationError, IntegrationError):
            raise Retryable("X could not be asked for a new token.") from None
        record = _Kept(
            of=self.mark,
            access=grant.access_token,
            refresh=grant.refresh_token,
            ends=self.clock() + timedelta(seconds=grant.expires_in),
        )
        self.keep.set(_NAME, record.model_dump_json())
        return grant.access_token


def fingerprint(secret: str) -> str:
    """Tells one secret from another without telling it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def signer(
    settings: XSettings, secrets: Mapping[str, str], keep: Keep, clock: Callable[[], datetime]
) -> Signer:
    if settings.auth == "oauth1":
        return FourKeys(mark=fingerprint(secrets["ACCESS_TOKEN"]))
    return RefreshedToken(
        first=secrets["REFRESH_TOKEN"],
        client=(secrets["CLIENT_ID"], secrets["CLIENT_SECRET"]),
        api=JsonApi(settings.base_url, name="X", clock=clock),
        keep=keep,
        clock=clock,
    )
