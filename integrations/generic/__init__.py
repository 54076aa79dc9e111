"""The signed webhook channel: any form, app or relay can be an inbox (docs/generic-webhook.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from inbox.message import Account, Ref
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

REPEATABLE = timedelta(hours=24)
"""How long the other side keeps an Idempotency-Key, by the documented contract."""


class GenericSettings(AccountSettings):
    """A system of your own that sends messages and takes answers."""

    secret_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the shared secret"
    )
    handle: str | None = Field(
        default=None, description="How agents see this account; the account's key when left out"
    )
    reply_url: str | None = Field(
        default=None, pattern=HTTP_URL, description="Where public answers are posted to"
    )
    private_reply_url: str | None = Field(
        default=None, pattern=HTTP_URL, description="Where private answers are posted to"
    )
    max_length: int = Field(default=5000, ge=1, description="Longest answer, in code points")
    own_author: str | None = Field(
        default=None, description="The author id of your own answers, where you send them back"
    )


def connect(
    account: Account, settings: GenericSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made; the secret signs both ways. Raises ValueError where it is empty."""
    from integrations.generic.examination import Examination
    from integrations.generic.receiver import Receiver
    from integrations.generic.sender import PrivateReplies, Replies, Street
    from integrations.length import Length

    me = None
    if settings.own_author is not None:
        me = Ref(account.network, account.name, settings.own_author)
    secret = secrets["SECRET"].encode()
    street = Street(account, secret, host.clock)
    public, private = settings.reply_url, settings.private_reply_url
    return Connection(
        account=account,
        handle=settings.handle or account.name,
        me=lambda: me,
        measure=Length(settings.max_length, written=lambda draft: draft.text),
        receiver=Receiver(account, secret, me),
        public=Replies(street, public) if public else None,
        private=PrivateReplies(street, private) if private else None,
        examiner=Examination(account, (public, private)),
        repeatable=REPEATABLE,
        close=street.close,
    )


integration = Described(
    name="generic",
    settings=GenericSettings,
    secrets=(Secret(name="SECRET", key="secret_env"),),
    open=connect,
)
