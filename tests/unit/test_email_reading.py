"""Mails as programs send them: whose answer counts, and what of it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.email.naming import Names
from integrations.email.reading import Reader

MAILS = sorted((Path(__file__).parents[1] / "fixtures" / "email").glob("*.eml"))
AT = datetime(2026, 11, 29, 10, 5, tzinfo=UTC)
READER = Reader(
    names=Names(b"a-key-of-ours", "bot.example"),
    ours="desk@bot.example",
    trusted=frozenset({"@brand.example"}),
    accept_bulk=False,
)


def mail(name: str) -> bytes:
    return next(path for path in MAILS if path.stem == name).read_bytes()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_is_read_as_its_pair_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    told = READER.read(path.read_bytes(), AT)
    if expected is None:
        assert told is None
        return
    assert told
    assert {name: getattr(told, name) for name in expected} == expected
    assert told.at == AT


def test_a_copy_of_a_mail_has_the_same_id_and_another_mail_another() -> None:
    first = READER.read(mail("gmail"), AT)
    copy = READER.read(b"Received: by another.example\r\n" + mail("gmail"), AT)
    other = READER.read(mail("gmail").replace(b"<CAF1@", b"<CAF2@"), AT)
    assert first
    assert copy
    assert other
    assert first.id == copy.id != other.id


def test_bulk_counts_where_the_settings_say_that_people_write_so() -> None:
    told = replace(READER, accept_bulk=True).read(mail("acknowledged-by-a-ticket-system"), AT)
    assert told
    assert told.text.startswith("We have received")


def test_whose_answers_count_can_be_said_address_by_address() -> None:
    only = replace(READER, trusted=frozenset({"mihai@brand.example"}))
    assert only.read(mail("gmail"), AT) is None
    assert replace(READER, trusted=frozenset({"rita@brand.example"})).read(mail("gmail"), AT)


@given(st.binary(max_size=300), st.sampled_from(MAILS), st.integers(0, 2000))
def test_whatever_comes_is_read_or_left_out(junk: bytes, path: Path, place: int) -> None:
    raw = path.read_bytes()
    told = READER.read(raw[:place] + junk + raw[place:], AT)
    assert told is None or told.ticket.startswith("ticket-1042-1-")
