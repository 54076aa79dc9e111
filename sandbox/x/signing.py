"""Who sends a request: OAuth 1.0a signatures (RFC 5849), user tokens of OAuth 2, the app itself."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request

from sandbox.x import errors
from sandbox.x.accounts import (
    APP_BEARER,
    BRAND,
    CLIENT_ID,
    CLIENT_SECRET,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    REFRESH_TOKEN,
    TOKENS,
    Account,
)

LIVES_SECONDS = 7_200
CLOCKS_APART_SECONDS = 300


@dataclass(slots=True, kw_only=True)
class Doorkeeper:
    """Knows the tokens that are good, and the nonces that were used.

    Signatures are held against the machine's time, since the libraries that sign take it too.
    """

    clock: Callable[[], float]
    refresh_token: str = REFRESH_TOKEN
    _access: dict[str, float] = field(default_factory=dict)
    _nonces: set[str] = field(default_factory=set)

    def account(self, request: Request) -> Account:
        """Whose request it is. Raises a Refusal: 401, or 403 for the app without a user."""
        kind, _, rest = request.headers.get("authorization", "").partition(" ")
        if kind == "OAuth":
            return self._signed(request, _parameters(rest))
        if kind == "Bearer" and rest == APP_BEARER:
            raise errors.app_only()
        if kind == "Bearer" and self._access.get(rest, 0.0) > self.clock():
            return BRAND
        raise errors.unauthorized()

    def refresh(self, request: Request, form: dict[str, str]) -> dict[str, object]:
        """A new access token; the refresh token is good once and a new one takes its place."""
        given = request.headers.get("authorization", "").partition(" ")[2]
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if given != expected or form.get("grant_type") != "refresh_token":
            raise errors.unauthorized()
        if form.get("refresh_token") != self.refresh_token:
            raise errors.invalid("Value passed for the token was invalid.")
        self.refresh_token = secrets.token_urlsafe(16)
        access = secrets.token_urlsafe(16)
        self._access[access] = self.clock() + LIVES_SECONDS
        return {
            "token_type": "bearer",
            "expires_in": LIVES_SECONDS,
            "access_token": access,
            "refresh_token": self.refresh_token,
            "scope": "tweet.read tweet.write users.read dm.read dm.write offline.access",
        }

    def app_token(self, request: Request, form: dict[str, str]) -> dict[str, object]:
        """The token of the app alone, for its key and secret."""
        given = request.headers.get("authorization", "").partition(" ")[2]
        expected = base64.b64encode(f"{CONSUMER_KEY}:{CONSUMER_SECRET}".encode()).decode()
        if given != expected or form.get("grant_type") != "client_credentials":
            raise errors.unauthorized()
        return {"token_type": "bearer", "access_token": APP_BEARER}

    def app_only(self, request: Request) -> None:
        """Raises a Refusal for everybody but the app."""
        if request.headers.get("authorization") != f"Bearer {APP_BEARER}":
            raise errors.unauthorized()

    def forget(self) -> None:
        """Every access token of OAuth 2 ends at once, as after a revocation."""
        self._access.clear()

    def _signed(self, request: Request, oauth: dict[str, str]) -> Account:
        token = TOKENS.get(oauth.get("oauth_token", ""))
        nonce, stamp = oauth.get("oauth_nonce", ""), oauth.get("oauth_timestamp", "")
        fresh = stamp.isdigit() and abs(int(stamp) - time.time()) < CLOCKS_APART_SECONDS
        known = token is not None and oauth.get("oauth_consumer_key") == CONSUMER_KEY
        if token is None or not known or not fresh or nonce in self._nonces:
            raise errors.unauthorized()
        expected = _signature(request, oauth, token.secret)
        if not hmac.compare_digest(expected, oauth.get("oauth_signature", "")):
            raise errors.unauthorized()
        self._nonces.add(nonce)
        return token.account


def _parameters(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


def _signature(request: Request, oauth: dict[str, str], token_secret: str) -> str:
    """HMAC-SHA1 over the method, the address as it was called and all parameters but a body."""
    url = request.url
    query = parse_qsl(url.query, keep_blank_values=True)
    given = [*query, *((n, v) for n, v in oauth.items() if n not in ("oauth_signature", "realm"))]
    pairs = "&".join(f"{n}={v}" for n, v in sorted((_quoted(n), _quoted(v)) for n, v in given))
    base = "&".join(
        _quoted(part) for part in (request.method, f"{url.scheme}://{url.netloc}{url.path}", pairs)
    )
    key = f"{_quoted(CONSUMER_SECRET)}&{_quoted(token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")
