"""What more networks need: stars of reviews, their own words for an answer, sessions, costs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("rating", sa.Integer(), nullable=True))
    op.add_column("messages", sa.Column("native_json", sa.Text(), nullable=True))
    op.create_table(
        "kept",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name="pk_kept"),
    )
    op.create_table(
        "spending",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("calls", _number(), nullable=False),
        sa.Column("cost", _number(), nullable=False),
        sa.PrimaryKeyConstraint("account", "day", "what", name="pk_spending"),
    )


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
