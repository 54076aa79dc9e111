"""The webhooks that X has of our app, for the doctor: only the app itself may ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import Retryable
from inbox.message import Account
from integrations.http import JsonApi
from integrations.x.wire import Many


class Hook(BaseModel):
    """`valid`: X's last question was answered rightly; X delivers to no other."""

    url: str
    valid: bool = False


class _Grant(BaseModel):
    access_token: str


class _Hooks(BaseModel):
    data: Many[Hook] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """Asks as the app, with its key and secret (docs.x.com, "OAuth 2.0 Application-Only")."""

    base_url: str
    keys: tuple[str, str]
    clock: Callable[[], datetime]

    def hooks(self, account: Account) -> Sequence[Hook]:
        """Those that lead to this account. Raises Retryable, AuthFailed, Rejected."""
        api = JsonApi(self.base_url, name="X", clock=self.clock)
        try:
            form = {"grant_type": "client_credentials"}
            basic = httpx.BasicAuth(*self.keys)
            answer = api.call("POST", "/oauth2/token", writes=False, data=form, auth=basic)
            token = _Grant.model_validate(answer).access_token
            headers = {"Authorization": f"Bearer {token}"}
            found = _Hooks.model_validate(
                api.call("GET", "/2/webhooks", writes=False, headers=headers)
            )
        except ValidationError:
            raise Retryable("X gave an answer that could not be read.") from None
        finally:
            api.close()
        ours = (f"/webhooks/{account.network}/{account.name}", f"/webhooks/{account.network}")
        return [hook for hook in found.data if hook.url.rstrip("/").endswith(ours)]
