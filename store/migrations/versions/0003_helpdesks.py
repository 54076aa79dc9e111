"""Tickets of cases in helpdesks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AWAITING = "helpdesk IS NOT NULL AND ticket_json IS NULL"


def upgrade() -> None:
    op.add_column("cases", sa.Column("helpdesk", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("ticket_json", sa.Text(), nullable=True))
    op.create_index(
        "ix_cases_awaiting",
        "cases",
        ["helpdesk"],
        sqlite_where=sa.text(AWAITING),
        postgresql_where=sa.text(AWAITING),
    )
    op.create_table(
        "tickets",
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column(
            "case_number",
            _number(),
            sa.ForeignKey("cases.number", name="fk_tickets_case_number"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("desk", "ticket", name="pk_tickets"),
    )
    op.create_table(
        "early_news",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("event_json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_early_news"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_early_news_desk", "early_news", ["desk", "ticket", "id"])


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
