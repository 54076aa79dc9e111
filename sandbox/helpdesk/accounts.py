"""The people of the helpdesk, and the tokens of its API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`external_id` is what an integration calls a customer; only staff can log in."""

    id: int
    name: str
    role: str
    email: str | None = None
    external_id: str | None = None

    @property
    def staff(self) -> bool:
        return self.role in ("agent", "admin")


BOT = User(id=9001, name="Tierdesk", role="admin", email="tierdesk@brightleaf.example")
RITA = User(id=9002, name="Rita Vogel", role="agent", email="rita@brightleaf.example")
SORIN = User(id=9003, name="Sorin Pavel", role="agent", email="sorin@brightleaf.example")
STAFF = {"tierdesk": BOT, "rita": RITA, "sorin": SORIN}

TOKENS = {
    "sandbox-helpdesk-token": BOT,
    "sandbox-helpdesk-agent-token": RITA,
}
"""API tokens with the user whose address stands before them."""

SIGNING_SECRET = "sandbox-helpdesk-signing-secret"
