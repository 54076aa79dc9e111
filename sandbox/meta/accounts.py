"""The brand's accounts at Meta, what opens them, and the numbers that people have there."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.network.accounts import BRAND, CUSTOMERS, Account

APP = "701000000000001"
APP_SECRET = "sandbox-meta-app-secret"
VERIFY_TOKEN = "sandbox-meta-verify-token"
INBOX_APP = "263902037430900"
"""The app that Meta's own inbox bears in echoes."""

PAGE = "100200300400500"
INSTAGRAM = "17841400000000001"
PHONE = "106540352242922"
BUSINESS = "102290129340398"
THREADS = "25100000000000001"
THREADS_NAME = INSTAGRAM_NAME = BRAND.acct


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token: the nodes that it opens and the permissions that it has."""

    nodes: frozenset[str]
    permissions: frozenset[str]


_PAGE = frozenset(
    {
        "pages_manage_metadata",
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_engagement",
        "pages_messaging",
    }
)
_INSTAGRAM = frozenset(
    {
        "instagram_business_basic",
        "instagram_business_manage_comments",
        "instagram_business_manage_messages",
    }
)
_WHATSAPP = frozenset({"whatsapp_business_messaging", "whatsapp_business_management"})
_THREADS = frozenset(
    {
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",
        "threads_read_replies",
    }
)
APP_TOKEN = f"{APP}|{APP_SECRET}"
TOKENS: Mapping[str, Token] = {
    APP_TOKEN: Token(nodes=frozenset(), permissions=frozenset()),
    "sandbox-page-token": Token(nodes=frozenset({PAGE}), permissions=_PAGE),
    "sandbox-page-read-token": Token(
        nodes=frozenset({PAGE}), permissions=_PAGE - {"pages_manage_engagement", "pages_messaging"}
    ),
    "sandbox-instagram-token": Token(nodes=frozenset({INSTAGRAM}), permissions=_INSTAGRAM),
    "sandbox-whatsapp-token": Token(nodes=frozenset({PHONE, BUSINESS}), permissions=_WHATSAPP),
    "sandbox-threads-token": Token(nodes=frozenset({THREADS}), permissions=_THREADS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with all the numbers that Meta has for them; under a comment it is another one
    than in private.
    """

    account: Account

    @property
    def key(self) -> str:
        return self.account.acct

    @property
    def commenter(self) -> str:
        return f"5{int(self.account.id):015}"

    @property
    def psid(self) -> str:
        return f"24{int(self.account.id):014}"

    @property
    def igsid(self) -> str:
        return f"99{int(self.account.id):013}"

    @property
    def phone(self) -> str:
        return f"40721{int(self.account.id):06}"

    @property
    def wa_user(self) -> str:
        return f"RO.{int(self.account.id):020}"

    def number(self, network: str) -> str:
        """The number in private messages."""
        return {"facebook": self.psid, "instagram": self.igsid, "whatsapp": self.wa_user}[network]


def people(accounts: tuple[Account, ...] = CUSTOMERS) -> dict[str, Person]:
    return {account.acct: Person(account=account) for account in accounts}
