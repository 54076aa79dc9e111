"""Indexes for what is asked of a case of thousands of messages, and of an account's open cases."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DONE = "change NOT IN ('MessageDeleted', 'MessageEdited', 'Received', 'Routed')"


def upgrade() -> None:
    _index("ix_case_events_done", "case_events", ["case_number", "seq"], DONE)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
