"""The people on X: the same as on the other network, and how they hold their direct messages."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.network.accounts import BRAND, BY_ID, CUSTOMERS, EVERYBODY, Account

__all__ = ["BRAND", "BY_ID", "CLOSED_TO_MESSAGES", "CUSTOMERS", "EVERYBODY", "TOKENS", "Account"]

CLOSED_TO_MESSAGES = frozenset({"olga"})
"""They take direct messages only from people whom they follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An OAuth 1.0a access token with its secret."""

    account: Account
    secret: str


CONSUMER_KEY = "sandbox-consumer-key"
CONSUMER_SECRET = "sandbox-consumer-secret"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"
APP_BEARER = "sandbox-app-bearer"
REFRESH_TOKEN = "sandbox-refresh-token"
TOKENS: Mapping[str, Token] = {
    f"{account.id}-sandbox": Token(account=account, secret=f"sandbox-{account.acct}-secret")
    for account in EVERYBODY.values()
}
