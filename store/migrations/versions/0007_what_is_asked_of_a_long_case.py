"""Indexes for what is asked of a long case, of an account's open cases, of whom we met last."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DONE = "change NOT IN ('MessageDeleted', 'MessageEdited', 'Received', 'Routed')"


OPEN = "status <> 'closed'"


def upgrade() -> None:
    _index("ix_case_events_done", "case_events", ["case_number", "seq"], DONE)
    _index("ix_cases_open", "cases", ["account"], OPEN)
    op.create_index("ix_identities_met", "identities", ["met_at"])


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
