"""Any helpdesk that takes e-mail: tickets out over SMTP, its people's answers back over IMAP.

Python's own smtplib, imaplib and email do it: the libraries of PyPI are for asyncio, or wrap these.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host
from integrations.settings import AccountSettings, Described, Secret

ADDRESS = r"^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9.-]+$"
_HOST = r"^[A-Za-z0-9.:-]+$"


class Security(StrEnum):
    """`starttls`: begun in the open and then encrypted; `tls`: from the first byte."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class EmailSettings(AccountSettings):
    """A helpdesk's address, and a mailbox of our own."""

    helpdesk_address: str = Field(
        pattern=ADDRESS, description="Where tickets are mailed to, as help@brand.example"
    )
    from_address: str = Field(
        pattern=ADDRESS, description="Our own address, whose mailbox the answers come to"
    )
    answers_from: tuple[str, ...] = Field(
        default=(),
        description="Whose answers count: addresses, or domains as @brand.example",
    )
    user: str | None = Field(
        default=None, description="The name to log in with, where the servers want one"
    )
    password_env: str | None = Field(
        default=None, description="Name of the environment variable that holds its password"
    )
    signing_key_env: str | None = Field(
        default=None, description="Name of the variable with the key that marks our mails"
    )
    smtp_host: str = Field(pattern=_HOST, description="The server that takes our mails")
    smtp_port: int | None = Field(default=None, ge=1, le=65535, description="587, 465 or 25")
    smtp_security: Security = Field(default=Security.STARTTLS, description="starttls, tls or none")
    imap_host: str | None = Field(
        default=None, pattern=_HOST, description="The server that has our mailbox"
    )
    imap_port: int | None = Field(default=None, ge=1, le=65535, description="993 or 143")
    imap_security: Security = Field(default=Security.TLS, description="tls, starttls or none")
    mailbox: str = Field(
        default="INBOX", pattern=r"^[\x20-\x7e]+$", description="Where answers come to"
    )
    sent_mailbox: str | None = Field(
        default=None,
        pattern=r"^[\x20-\x7e]+$",
        description="Where the server itself keeps what we sent; left out where it keeps none",
    )
    accept_bulk: bool = Field(
        default=False,
        description="true where the helpdesk marks its people's answers as Precedence: bulk",
    )
    ca_file: str | None = Field(
        default=None, description="A file with the certificate that the servers' own is signed by"
    )


def connect(
    account: Account, settings: EmailSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No server is asked before the first work."""
    from integrations.email.adapter import connection

    return connection(account.name, settings, secrets["PASSWORD"], secrets["SIGNING_KEY"], host)


helpdesk = Described(
    name="email",
    settings=EmailSettings,
    secrets=(
        Secret(
            name="PASSWORD",
            key="password_env",
            needed=lambda data: bool(data.get("user")),
        ),
        Secret(name="SIGNING_KEY", key="signing_key_env"),
    ),
    open=connect,
)
