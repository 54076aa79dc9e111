"""The tables. Times are microseconds since 1970 in UTC, as both databases keep integers exactly.

Names of things (`…_ref`) are `network/account/id`; columns that end in `_json` hold JSON.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
    literal_column,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.compiler import DDLCompiler

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Number = BigInteger().with_variant(Integer(), "sqlite")


def _time(name: str, *, nullable: bool = True) -> Column[int]:
    return Column(name, BigInteger(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text(), nullable=nullable)


def _case_number(*, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    return Column(
        "case_number",
        _Number,
        ForeignKey("cases.number"),
        primary_key=primary_key,
        autoincrement=False,
        nullable=nullable,
    )


def _identity(name: str) -> Column[str]:
    return Column(name, Text(), ForeignKey("identities.author_ref"), nullable=False)


def _partial(name: str, *columns: Column[int] | Column[str], where: str, unique: bool) -> Index:
    return Index(name, *columns, unique=unique, info={"where": where})


@compiles(CreateIndex)
def _created(create: CreateIndex, compiler: DDLCompiler, **options: Any) -> str:
    """Both databases spell it alike, but SQLAlchemy's own way loads the libraries of both."""
    made = compiler.visit_create_index(create, **options)  # type: ignore[no-untyped-call]
    where = create.element.info.get("where")
    return made if where is None else f"{made} WHERE {where}"


cases = Table(
    "cases",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    _text("account"),
    _text("author_ref"),
    _text("author_json"),
    _text("conversation_ref"),
    Column("tier", Integer(), nullable=False),
    _text("channel"),
    _time("opened_at", nullable=False),
    _time("changed_at", nullable=False),
    _text("status"),
    _text("priority"),
    _text("team", nullable=True),
    _text("owner", nullable=True),
    _text("tags_json"),
    _text("rule"),
    _text("dm_ref", nullable=True),
    _text("last_ref", nullable=True),
    _text("last_public_ref", nullable=True),
    Column("messages", Integer(), nullable=False),
    _time("waiting_since"),
    _time("answered_at"),
    _text("answered_by", nullable=True),
    _time("claimed_at"),
    _time("automatic_at"),
    _time("closed_at"),
    _time("snoozed_until"),
    _text("resolution", nullable=True),
    Column("watched", Boolean(), nullable=False),
    Column("previous", _Number, nullable=True),
    _text("language", nullable=True),
    Column("version", Integer(), nullable=False),
    _text("helpdesk", nullable=True),
    _text("ticket_json", nullable=True),
)
Index("ix_cases_author", cases.c.author_ref, cases.c.status, cases.c.number)
_partial("ix_cases_closed", cases.c.closed_at, where="status = 'closed'", unique=False)
_partial(
    "ix_cases_awaiting",
    cases.c.helpdesk,
    where="helpdesk IS NOT NULL AND ticket_json IS NULL",
    unique=False,
)
_partial(
    "ix_cases_owned",
    cases.c.owner,
    where="owner IS NOT NULL AND status <> 'closed'",
    unique=False,
)
_partial("ix_cases_open", cases.c.account, where="status <> 'closed'", unique=False)
_partial("ix_cases_snoozed", cases.c.snoozed_until, where="snoozed_until IS NOT NULL", unique=False)

case_keys = Table(
    "case_keys",
    metadata,
    Column("conversation_ref", Text(), primary_key=True),
    Column("author_ref", Text(), primary_key=True),
    _case_number(),
)
Index("ix_case_keys_case", case_keys.c.case_number)

tickets = Table(
    "tickets",
    metadata,
    Column("desk", Text(), primary_key=True),
    Column("ticket", Text(), primary_key=True),
    _case_number(),
)
"""Every ticket that a case has or had."""
Index("ix_tickets_case", tickets.c.case_number)

early_news = Table(
    "early_news",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    _text("desk"),
    _text("ticket"),
    _time("at", nullable=False),
    _text("event"),
    _text("event_json"),
    sqlite_autoincrement=True,
)
"""News of tickets that no case has yet: the word that one was made may still be under way."""
Index("ix_early_news_desk", early_news.c.desk, early_news.c.ticket, early_news.c.id)

case_events = Table(
    "case_events",
    metadata,
    _case_number(primary_key=True),
    Column("seq", Integer(), primary_key=True, autoincrement=False),
    _time("at", nullable=False),
    _text("actor_kind"),
    _text("actor_id"),
    _text("change"),
    _text("change_json"),
)
_WRITTEN = "'MessageDeleted', 'MessageEdited', 'Received', 'Routed'"
WAS_DONE = text(f"change NOT IN ({_WRITTEN})")
"""Of a long history most is what its customer wrote and what the rules said of that."""
_partial(
    "ix_case_events_done",
    case_events.c.case_number,
    case_events.c.seq,
    where=WAS_DONE.text,
    unique=False,
)

messages = Table(
    "messages",
    metadata,
    Column("ref", Text(), primary_key=True),
    _text("conversation_ref"),
    _text("author_ref"),
    _text("author_json"),
    _text("text"),
    _text("visibility"),
    _text("kind"),
    _time("created_at", nullable=False),
    _text("in_reply_to_ref", nullable=True),
    _text("url", nullable=True),
    _text("language", nullable=True),
    _text("attachments_json"),
    Column("rating", Integer(), nullable=True),
    _text("native_json", nullable=True),
    _case_number(nullable=True),
    Column("mine", Boolean(), nullable=False),
    _text("findings_json"),
    _text("facts_json", nullable=True),
    _text("decision_json", nullable=True),
    _time("seen_at", nullable=False),
    _time("edited_at"),
    _time("deleted_at"),
    _text("corrected_json", nullable=True),
)
Index("ix_messages_case", messages.c.case_number, messages.c.created_at)
Index("ix_messages_created", messages.c.created_at)
_partial("ix_messages_caseless", messages.c.created_at, where="case_number IS NULL", unique=False)

QUEUED, LEASED, HELD, FAILED, DELIVERED, DROPPED = (
    literal_column(f"'{state}'", Text())
    for state in ("queued", "leased", "held", "failed", "delivered", "dropped")
)
CLOSED = literal_column("'closed'", Text())
"""States as SQL literals: a partial index is used only where its condition stands literally."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    _text("key", nullable=True),
    _text("coalesce", nullable=True),
    _text("lane"),
    _text("effect"),
    _text("effect_json"),
    _text("state"),
    _time("not_before", nullable=False),
    _time("lease_until"),
    _text("worker", nullable=True),
    Column("attempts", Integer(), nullable=False),
    Column("maybe_done", Boolean(), nullable=False),
    _text("reason", nullable=True),
    _time("created_at", nullable=False),
    _time("first_tried"),
    _time("settled_at"),
    Column("case_number", _Number, nullable=True),
    sqlite_autoincrement=True,
)
Index("ix_outbox_case", outbox.c.case_number)
Index("ix_outbox_key", outbox.c.key, unique=True)
_partial(
    "ix_outbox_undone",
    outbox.c.lane,
    outbox.c.id,
    where="state IN ('queued', 'leased')",
    unique=False,
)
_partial("ix_outbox_one_a_lane", outbox.c.lane, where="state = 'leased'", unique=True)
_partial(
    "ix_outbox_coalesce",
    outbox.c.lane,
    outbox.c.coalesce,
    where="state = 'queued' AND coalesce IS NOT NULL",
    unique=True,
)
_partial("ix_outbox_held", outbox.c.id, where="state = 'held'", unique=False)
_partial(
    "ix_outbox_over",
    outbox.c.settled_at,
    outbox.c.state,
    where="state IN ('delivered', 'dropped', 'failed')",
    unique=False,
)

cards = Table(
    "cards",
    metadata,
    _case_number(primary_key=True),
    Column("channel", Text(), primary_key=True),
    _text("ts"),
)
Index("ix_cards_place", cards.c.channel, cards.c.ts, unique=True)

cursors = Table("cursors", metadata, Column("account", Text(), primary_key=True), _text("cursor"))

memory = Table(
    "memory", metadata, Column("name", Text(), primary_key=True), _time("at", nullable=False)
)
Index("ix_memory_at", memory.c.at)

kept = Table(
    "kept",
    metadata,
    Column("account", Text(), primary_key=True),
    Column("name", Text(), primary_key=True),
    _text("value"),
)

spending = Table(
    "spending",
    metadata,
    Column("account", Text(), primary_key=True),
    Column("day", Text(), primary_key=True),
    Column("what", Text(), primary_key=True),
    Column("calls", _Number, nullable=False),
    Column("cost", _Number, nullable=False),
)
"""What the calls of an account cost, by day (ISO) and kind of call."""

identities = Table(
    "identities",
    metadata,
    Column("author_ref", Text(), primary_key=True),
    _text("author_json"),
    _text("called"),
    _time("met_at", nullable=False),
)
"""Everybody who has a case, as they are called now; `called` is what is searched in."""
Index("ix_identities_met", identities.c.met_at)

links = Table(
    "links",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    _identity("one_ref"),
    _identity("other_ref"),
    _text("linked_by"),
    _time("linked_at", nullable=False),
    _text("undone_by", nullable=True),
    _time("undone_at"),
    sqlite_autoincrement=True,
)
"""Two authors are one person, says an agent. Rows stay as long as both have cases: they tell who
said it, and who undid it.
"""
Index("ix_links_one", links.c.one_ref)
Index("ix_links_other", links.c.other_ref)

counters = Table(
    "counters",
    metadata,
    Column("name", Text(), primary_key=True),
    Column("value", _Number, nullable=False),
)
"""Only SQLite counts here, where one transaction writes at a time; PostgreSQL has sequences."""

case_numbers = Sequence("case_numbers", metadata=metadata)
