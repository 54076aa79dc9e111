"""A number on the WhatsApp Business Platform (Cloud API): private messages only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.meta import NUMBER, SECRETS, MetaSettings, keys
from integrations.settings import Described


class WhatsAppSettings(MetaSettings):
    """A phone number. The token is that of a system user."""

    phone_number_id: str = Field(
        pattern=NUMBER, description="The number's id (not the phone number): “API Setup”"
    )
    business_account_id: str | None = Field(
        default=None,
        pattern=NUMBER,
        description="The WhatsApp Business Account's id; `tierdesk doctor` looks at it",
    )
    max_message: int = Field(default=4096, ge=1, description="Longest message, in characters")
    user_id_field: Literal["recipient", "to"] = Field(
        default="recipient",
        description="How people without a phone number are addressed: recipient or to",
    )
    list_button: str = Field(
        default="Choose",
        min_length=1,
        max_length=20,
        description="What stands on the button that opens a list of more than three choices",
    )


def connect(
    account: Account, settings: WhatsAppSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first answer."""
    from integrations.whatsapp.adapter import connection

    return connection(account, settings, keys(secrets), host)


integration = Described(name="whatsapp", settings=WhatsAppSettings, secrets=SECRETS, open=connect)
