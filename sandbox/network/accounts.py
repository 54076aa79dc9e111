"""The people of the seeded network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account; `acct` has no host since everybody here is local."""

    id: str
    acct: str
    display_name: str
    language: str
    note: str = ""
    followers: int = 0
    following: int = 0
    bot: bool = False
    colour: str = "#64748b"
    created_at: datetime = datetime(2023, 4, 12, tzinfo=UTC)


BRAND = Account(
    id="1",
    acct="brightleaf",
    display_name="Brightleaf",
    language="en",
    note="Lamps and small furniture. We answer on weekdays from 9 to 18.",
    followers=18_412,
    following=96,
    colour="#15803d",
    created_at=datetime(2019, 9, 2, tzinfo=UTC),
)

CUSTOMERS = (
    Account(
        id="101",
        acct="ana",
        display_name="Ana Popescu",
        language="ro",
        note="Cafea, cărți și plante.",
        followers=214,
        following=180,
        colour="#be185d",
    ),
    Account(
        id="102",
        acct="mehmet",
        display_name="Mehmet Yılmaz",
        language="tr",
        note="İzmir. Fotoğraf ve bisiklet.",
        followers=1_038,
        following=412,
        colour="#b45309",
    ),
    Account(
        id="103",
        acct="olga",
        display_name="Olga Smirnova",
        language="ru",
        note="Люблю уютные вещи.",
        followers=532,
        following=260,
        colour="#7c3aed",
    ),
    Account(
        id="104",
        acct="yuki",
        display_name="佐藤 ゆき",
        language="ja",
        note="本と灯りのある暮らし。",
        followers=2_904,
        following=351,
        colour="#0369a1",
    ),
    Account(
        id="105",
        acct="tom",
        display_name="Tom Becker",
        language="en",
        note="Dad, cyclist, terrible at assembling shelves.",
        followers=87,
        following=143,
        colour="#0f766e",
    ),
    Account(
        id="106",
        acct="nina",
        display_name="Nina Weber",
        language="de",
        note="Altbau, Katzen, Kaffee.",
        followers=341,
        following=298,
        colour="#4338ca",
    ),
    Account(
        id="107",
        acct="bargains",
        display_name="Bargain Bot",
        language="en",
        note="Best deals 24/7!!!",
        followers=3,
        following=4_998,
        bot=True,
        colour="#a16207",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    ),
)

EVERYBODY: Mapping[str, Account] = {account.acct: account for account in (BRAND, *CUSTOMERS)}
BY_ID: Mapping[str, Account] = {account.id: account for account in EVERYBODY.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token: whose it is and what it may do."""

    account: Account
    scopes: frozenset[str]

    def allows(self, scope: str) -> bool:
        """Whether a scope such as "read:statuses" is held, itself or by its general name."""
        return not scope or scope in self.scopes or scope.partition(":")[0] in self.scopes


_ALL = frozenset({"read", "write"})
TOKENS: Mapping[str, Token] = {
    "sandbox-brand-token": Token(account=BRAND, scopes=_ALL),
    "sandbox-brand-read-token": Token(account=BRAND, scopes=frozenset({"read"})),
    **{f"sandbox-{c.acct}-token": Token(account=c, scopes=_ALL) for c in CUSTOMERS},
}
