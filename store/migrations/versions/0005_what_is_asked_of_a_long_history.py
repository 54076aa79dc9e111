"""Indexes for what is asked again and again, however much is over and done with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OWNED = "owner IS NOT NULL AND status <> 'closed'"
HELD = "state = 'held'"
OVER = "state IN ('delivered', 'dropped', 'failed')"


def upgrade() -> None:
    op.drop_index("ix_cases_owner", table_name="cases")
    op.drop_index("ix_outbox_settled", table_name="outbox")
    _index("ix_cases_owned", "cases", ["owner"], OWNED)
    _index("ix_outbox_held", "outbox", ["id"], HELD)
    _index("ix_outbox_over", "outbox", ["settled_at", "state"], OVER)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
