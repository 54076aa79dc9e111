"""Who is known by which names, and which of them agents said to be one person."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MANY = 500


def upgrade() -> None:
    identities = op.create_table(
        "identities",
        sa.Column("author_ref", sa.Text(), nullable=False),
        sa.Column("author_json", sa.Text(), nullable=False),
        sa.Column("called", sa.Text(), nullable=False),
        sa.Column("met_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("author_ref", name="pk_identities"),
    )
    op.create_table(
        "links",
        sa.Column("id", _number(), autoincrement=True, nullable=False),
        sa.Column("one_ref", sa.Text(), nullable=False),
        sa.Column("other_ref", sa.Text(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.ForeignKeyConstraint(["one_ref"], ["identities.author_ref"], name="fk_links_one_ref"),
        sa.ForeignKeyConstraint(
            ["other_ref"], ["identities.author_ref"], name="fk_links_other_ref"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_links_one", "links", ["one_ref"])
    op.create_index("ix_links_other", "links", ["other_ref"])
    _meet_everybody(identities)


def _meet_everybody(identities: sa.Table) -> None:
    """As each author was called in their newest case; in steps, however many there are."""
    connection = op.get_bind()
    known = connection.execute(
        sa.text(
            "SELECT author_ref, author_json, opened_at FROM cases WHERE number IN"
            " (SELECT max(number) FROM cases GROUP BY author_ref)"
        ),
        execution_options={"stream_results": True},
    )
    while rows := known.fetchmany(_MANY):
        op.bulk_insert(
            identities,
            [
                {
                    "author_ref": row.author_ref,
                    "author_json": row.author_json,
                    "called": _called(row.author_json),
                    "met_at": row.opened_at,
                }
                for row in rows
            ],
        )


def _called(author: str) -> str:
    told = json.loads(author)
    apart = unicodedata.normalize("NFKD", f"{told['handle']} {told['name']}")
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
