"""How requests are signed: four keys of OAuth 1.0a, or a user token of OAuth 2 that is refreshed.

A refresh token of X is good once. The new one is kept before it is used; what no care can rule
out is that X's answer is lost on its way. So it is noted before X is asked: the old token is tried
again, and where X refuses it a person is told what happened.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx
from pydantic import AwareDatetime, BaseModel

from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain
from inbox.ports import Keep
from integrations.http import JsonApi
from integrations.x import XSettings

EARLY = timedelta(minutes=5)
"""A token is refreshed so long before its end."""
_NAME, _ASKED = "oauth2", "oauth2-asked"
_REFUSED = "X does not accept the refresh token: authorize the app again (docs/x.md)."
_LOST = (
    "X was asked for a new token ({at:%Y-%m-%d %H:%M} UTC) and its answer never arrived; it takes"
    " each refresh token once, and no longer the one that we have. Authorize the app again, put"
    " the new refresh token into .env, and restart (docs/x.md, “With OAuth 2 instead”)."
)


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


class _Asked(BaseModel):
    """`of` is the fingerprint of the refresh token with which X was first asked for another."""

    of: str
    at: AwareDatetime


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
    _unkept: _Kept | None = None

    @property
    def mark(self) -> str:
        return fingerprint(self.first)

    def bearer(self) -> str:
        with self._lock:
            self._keep_granted()
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
        before = self._asked_before(token)
        if before is None:
            asked = _Asked(of=fingerprint(token), at=self.clock())
            self.keep.set(_ASKED, asked.model_dump_json())
        try:
            grant = self._ask(token)
        except Uncertain:
            raise Retryable("X's answer with a new token did not arrive.") from None
        except (Retryable, AuthFailed) as error:
            if before is None:
                self.keep.set(_ASKED, "")
            elif isinstance(error, AuthFailed):
                raise AuthFailed(_LOST.format(at=before.at.astimezone(UTC))) from None
            raise
        self._unkept = _Kept(
            of=self.mark,
            access=grant.access_token,
            refresh=grant.refresh_token,
            ends=self.clock() + timedelta(seconds=grant.expires_in),
        )
        self._keep_granted()
        return grant.access_token

    def _ask(self, token: str) -> Grant:
        """Raises Retryable, AuthFailed; Uncertain where X may have granted one."""
        name, secret = self.client
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": name}
        basic = {"auth": httpx.BasicAuth(name, secret)} if secret else {}
        try:
            return self.api.write_as(Grant, "POST", "/2/oauth2/token", data=form, **basic)
        except (Rejected, AuthFailed):
            raise AuthFailed(_REFUSED) from None

    def _asked_before(self, token: str) -> _Asked | None:
        """When X was asked with this very token, where no answer to that was seen."""
        record = self.keep.get(_ASKED)
        asked = _Asked.model_validate_json(record) if record else None
        return asked if asked and asked.of == fingerprint(token) else None

    def _keep_granted(self) -> None:
        """Where it could not be kept it is kept the next time: X grants it to nobody again."""
        if self._unkept is not None:
            self.keep.set(_NAME, self._unkept.model_dump_json())
            self._unkept = None


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
