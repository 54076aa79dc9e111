"""A case as a row of its table, field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from inbox.case import Case, Status
from inbox.decision import Priority
from inbox.message import Author
from inbox.ticket import TicketLink
from store import codec
from store.tables import cases

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    column: str
    write: _Convert | None = None
    read: _Convert | None = None


def _plain(*names: str) -> tuple[_Field, ...]:
    return tuple(_Field(name=name, column=name) for name in names)


def _times(*names: str) -> tuple[_Field, ...]:
    return tuple(
        _Field(name=name, column=name, write=codec.micros, read=codec.moment) for name in names
    )


def _refs(*names: str) -> tuple[_Field, ...]:
    return tuple(
        _Field(name=name, column=f"{name}_ref", write=codec.ref_name, read=codec.ref_of)
        for name in names
    )


def _json(name: str, form: Any) -> _Field:
    return _Field(
        name=name,
        column=f"{name}_json",
        write=codec.encode,
        read=lambda text: codec.decode(form, text),
    )


_FIELDS: tuple[_Field, ...] = (
    _Field(name="account", column="account", write=codec.account_name, read=codec.account_of),
    _Field(name="status", column="status", write=attrgetter("value"), read=Status),
    _Field(name="priority", column="priority", write=attrgetter("value"), read=Priority),
    _json("author", Author),
    _Field(
        name="tags",
        column="tags_json",
        write=lambda tags: codec.encode(tags) if tags else "[]",
        read=lambda text: codec.decode(tuple[str, ...], text),
    ),
    *_refs("conversation", "dm", "last", "last_public"),
    *_times("opened_at", "changed_at", "waiting_since", "answered_at", "claimed_at"),
    *_times("automatic_at", "closed_at", "snoozed_until"),
    *_plain("number", "tier", "channel", "team", "owner", "rule", "messages", "answered_by"),
    *_plain("resolution", "watched", "previous", "language", "version", "helpdesk"),
    _json("ticket", TicketLink),
)

_AUTHOR_REF = _Field(
    name="author", column="author_ref", write=lambda author: codec.ref_name(author.ref)
)
"""To look cases up by; what is read is the author's JSON."""

_BY_COLUMN = {field.column: field for field in (*_FIELDS, _AUTHOR_REF)}

COLUMNS = tuple(column.name for column in cases.columns)
_WRITERS = tuple(_BY_COLUMN[name].write for name in COLUMNS)
_values = attrgetter(*(_BY_COLUMN[name].name for name in COLUMNS))
_READ = tuple((field.name, field.column, field.read) for field in _FIELDS)


def case_row(case: Case) -> tuple[Any, ...]:
    """In the order of COLUMNS."""
    return tuple(
        value if value is None or write is None else write(value)
        for value, write in zip(_values(case), _WRITERS, strict=True)
    )


def case_of(row: Row[Any]) -> Case:
    mapping = row._mapping
    values: dict[str, Any] = {}
    for name, column, read in _READ:
        value = mapping[column]
        values[name] = value if value is None or read is None else read(value)
    return Case(**values)
