"""What the codec promises: exact times and names, and errors that say nothing they should not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import hypothesis.strategies as st
import pytest
from hypothesis import given

from inbox.changes import Change
from inbox.decision import Decision
from inbox.facts import Facts, Findings
from inbox.message import Account, Author, Ref
from inbox.outbox import Effect
from inbox.ports import TicketEvent
from inbox.ticket import TicketLink
from store import codec

STORED = Path(__file__).parent.parent / "fixtures" / "stored.jsonl"
"""Of every kind that there was in November 2026, one, as it was written then."""
FORMS = {
    form.__name__: form
    for forms in (get_args(Change), get_args(Effect), get_args(TicketEvent))
    for form in (*forms, Author, Decision, Facts, Findings, TicketLink)
}
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_comes_back_to_the_microsecond(at: datetime) -> None:
    assert codec.moment(codec.micros(at)) == at.astimezone(UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        codec.micros(datetime(2026, 3, 4))  # noqa: DTZ001 - the fault that is tested


@given(NAMES, NAMES, NAMES)
def test_a_ref_comes_back_whatever_it_holds(network: str, account: str, thing: str) -> None:
    ref = Ref(network, account, thing)
    assert codec.ref_of(codec.ref_name(ref)) == ref
    assert codec.account_of(codec.account_name(ref.at())) == Account(network, account)


def test_what_cannot_be_read_is_not_quoted() -> None:
    with pytest.raises(ValueError, match="links") as caught:
        codec.decode(Findings, '{"links": "my card is 4111"}')
    assert "4111" not in str(caught.value)


def test_a_change_of_a_newer_version_is_named() -> None:
    with pytest.raises(codec.UnknownType, match="Teleported"):
        codec.decode_change("Teleported", "{}")


def test_what_an_earlier_version_stored_is_read_whole() -> None:
    stored = [json.loads(line) for line in STORED.read_text(encoding="utf-8").splitlines()]
    assert len(stored) == 55
    for each in stored:
        value = codec.decode(FORMS[each["kind"]], each["stored"])
        assert json.loads(codec.encode(value)).items() >= json.loads(each["stored"]).items()
