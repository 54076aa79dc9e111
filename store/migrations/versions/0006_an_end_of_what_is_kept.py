"""What is looked for when a case is deleted: its deliveries, its keys and tickets, by number."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBERED = {
    "sqlite": "UPDATE outbox SET case_number = json_extract(effect_json, '$.case')",
    "postgresql": "UPDATE outbox SET case_number = (effect_json::json ->> 'case')::bigint",
}


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("outbox", sa.Column("case_number", number, nullable=True))
    connection = op.get_bind()
    connection.exec_driver_sql(_NUMBERED[connection.dialect.name])
    for table in ("outbox", "case_keys", "tickets"):
        op.create_index(f"ix_{table}_case", table, ["case_number"])
    _partial("ix_cases_closed", "cases", ["closed_at"], "status = 'closed'")
    _partial("ix_messages_caseless", "messages", ["created_at"], "case_number IS NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
