"""One person behind several authors: linked, undone, counted, and seen as far as a channel may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from inbox import contacts
from inbox.case import Status
from inbox.contacts import MOST_IDENTITIES, Sight, reached, standing
from inbox.decision import Decision
from inbox.errors import Refusal
from inbox.facts import Facts
from inbox.message import Account, Author, Posted, Ref
from inbox.ports import Unit
from inbox.profile import PAGE, Line, Profile, Withheld, profile
from inbox.reception import Arrival, Reception
from tests.builders import NOW, a_case, a_decision, a_message, a_ref, a_stored, an_author, minutes
from tests.house import FakeRouter, House, a_desk

X = Account("x", "brand")
ANA, EVA = an_author("ana"), an_author("eva")
ANA_X = an_author("ana_x", ref=a_ref("@ana_x", account=X))
CARE, PRIVATE, ELSEWHERE = (
    Sight(desk=a_desk(), channel=key) for key in ("care", "private", "C0GENERAL")
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, FakeRouter(decide=_by_text)) as house:
        yield house


def _by_text(facts: Facts) -> Decision:
    return a_decision("private", tier=2) if "secret" in facts.text else a_decision()


def writes(house: House, author: Author, text: str = "Where is it?", *, name: str) -> None:
    ref = author.ref.sibling(name)
    message = a_message(name, ref=ref, conversation=ref, author=author, text=text)
    reception = Reception(desk=house.desk, router=house.router, planners={})
    arrival = Arrival(event=Posted(message=message))
    house.writer.run(lambda unit: reception.receive(unit, [arrival], now=NOW))


def link(house: House, one: Author, other: Author, sight: Sight = CARE) -> None:
    house.writer.run(
        lambda unit: contacts.link(unit, sight, one.ref, other.ref, "U1", at=minutes(1))
    )


def unlink(house: House, author: Author, number: int, sight: Sight = CARE) -> None:
    house.writer.run(
        lambda unit: contacts.unlink(unit, sight, author.ref, number, "U2", at=minutes(2))
    )


def seen(house: House, author: Author, sight: Sight = CARE, *, skip: int = 0) -> Profile:
    with house.database.read() as unit:
        return profile(unit, sight, author.ref, skip=skip)


def found(house: House, words: str, sight: Sight = CARE) -> list[str]:
    with house.database.read() as unit:
        return [author.handle for author in contacts.search(unit, sight, words, limit=10)]


def numbers(told: Profile) -> list[int]:
    return [line.case.number if isinstance(line, Line) else line.number for line in told.lines]


def test_the_cases_of_linked_authors_are_one_persons(house: House) -> None:
    writes(house, ANA, name="1")
    writes(house, ANA_X, name="2")
    assert numbers(seen(house, ANA)) == [1]

    link(house, ANA, ANA_X)

    for author, other in ((ANA, ANA_X), (ANA_X, ANA)):
        told = seen(house, author)
        assert numbers(told) == [2, 1]
        assert [each.author for each in told.identities] == [author, other]
        [said] = [each.link for each in told.identities if each.link]
        assert (said.by, said.at) == ("U1", minutes(1))
        with house.database.read() as unit:
            known = contacts.contacts(unit, {author.ref})[author.ref]
        assert (known.cases, known.closed) == (2, 0)
        assert known.newest is not None
        assert known.newest.author == author


def test_a_message_joins_no_case_of_a_linked_author(house: House) -> None:
    writes(house, ANA, name="1")
    writes(house, ANA_X, name="2")
    link(house, ANA, ANA_X)

    writes(house, ANA_X, name="3")

    told = seen(house, ANA)
    owners = {line.case.number: line.case.author for line in told.lines if isinstance(line, Line)}
    assert owners == {1: ANA, 2: ANA_X}
    assert [line.case.messages for line in told.lines if isinstance(line, Line)] == [2, 1]


def test_an_undone_link_leaves_two_people_and_says_who_did_it(house: House) -> None:
    writes(house, ANA, name="1")
    writes(house, ANA_X, name="2")
    link(house, ANA, ANA_X)
    [number] = [each.link.id for each in seen(house, ANA).identities if each.link]

    unlink(house, ANA_X, number)

    told = seen(house, ANA)
    assert numbers(told) == [1]
    [undone] = told.undone
    assert (undone.one, undone.other) == (ANA, ANA_X)
    assert (undone.link.by, undone.link.undone_by) == ("U1", "U2")
    with pytest.raises(Refusal, match="undone this link already"):
        unlink(house, ANA, number)
    link(house, ANA_X, ANA)
    assert numbers(seen(house, ANA)) == [2, 1]


def test_nobody_is_linked_twice_or_with_themselves(house: House) -> None:
    for name, author in enumerate((ANA, ANA_X, EVA)):
        writes(house, author, name=str(name))
    link(house, ANA, ANA_X)
    link(house, ANA_X, EVA)

    with pytest.raises(Refusal, match="linked already"):
        link(house, EVA, ANA)
    with pytest.raises(Refusal, match="same account"):
        link(house, ANA, ANA)


def test_of_a_private_case_a_public_channel_learns_number_tier_and_state(house: House) -> None:
    writes(house, ANA, name="1")
    writes(house, ANA_X, "Hello, here is a secret", name="2")
    link(house, ANA, ANA_X, PRIVATE)

    everything = seen(house, ANA, PRIVATE)

    assert all(isinstance(line, Line) for line in everything.lines)
    for sight in (CARE, ELSEWHERE):
        [withheld] = [line for line in seen(house, ANA, sight).lines if isinstance(line, Withheld)]
        assert withheld == Withheld(number=2, tier=2, status=Status.NEW)
        assert "secret" not in repr(seen(house, ANA, sight))


def test_who_is_known_from_a_private_channel_alone_has_no_name_in_public(house: House) -> None:
    writes(house, ANA, name="1")
    writes(house, ANA_X, "secret", name="2")
    assert found(house, "ana", PRIVATE) == ["ana", "ana_x"]
    assert found(house, "ana", CARE) == found(house, "ana", ELSEWHERE) == ["ana"]
    with pytest.raises(Refusal, match="not to be seen here"):
        link(house, ANA, ANA_X, CARE)
    link(house, ANA, ANA_X, PRIVATE)

    told = seen(house, ANA, CARE)

    assert (told.cases, told.hidden) == (2, 1)
    assert "ana_x" not in repr(told)
    assert told.lines[0] == Withheld(number=2, tier=2, status=Status.NEW)
    with pytest.raises(Refusal, match="not to be seen here"):
        seen(house, ANA_X, CARE)
    [number] = [each.link.id for each in seen(house, ANA, PRIVATE).identities if each.link]
    unlink(house, ANA, number, PRIVATE)
    assert "ana_x" not in repr(seen(house, ANA, CARE))


def test_hundreds_of_cases_come_by_the_page_newest_first(house: House) -> None:
    def many(unit: Unit) -> None:
        unit.identities.meet(ANA, at=NOW)
        for number in range(1, 131):
            last = a_ref(f"m{number}")
            status = Status.CLOSED if number % 2 else Status.OPEN
            unit.cases.save(a_case(number, author=ANA, last=last, status=status))
            unit.messages.add([a_stored(a_message(f"m{number}", author=ANA), case=number)])

    house.writer.run(many)

    first, last = seen(house, ANA), seen(house, ANA, skip=125)
    assert (first.cases, first.closed, first.older) == (130, 65, 120)
    assert numbers(first) == [*range(130, 130 - PAGE, -1)]
    assert (numbers(last), last.older) == ([5, 4, 3, 2, 1], 0)
    assert all(line.newest for line in last.lines if isinstance(line, Line))


def test_who_has_exactly_this_handle_is_found_first(house: House) -> None:
    writes(house, ANA, name="1")
    writes(house, ANA_X, name="2")

    assert found(house, "ana_x") == ["ana_x"]
    assert found(house, "@Ana")[0] == "ana"


def test_a_person_has_a_bounded_number_of_accounts(house: House) -> None:
    crowd = [an_author(f"bot{number}") for number in range(MOST_IDENTITIES + 1)]
    for number, author in enumerate(crowd):
        writes(house, author, name=str(number))
    for author in crowd[1:-1]:
        link(house, crowd[0], author)

    with pytest.raises(Refusal, match=f"at most {MOST_IDENTITIES}"):
        link(house, crowd[0], crowd[-1])
    assert len(seen(house, crowd[5]).identities) == MOST_IDENTITIES


# --- any order ---------------------------------------------------------------------------

_MANY = 6
_fresh = count()
Act = tuple[int, int]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, _MANY - 1), st.integers(-1, _MANY - 1)), max_size=16))
def test_after_any_links_and_undos_people_are_what_the_standing_links_say(
    house: House, acts: Sequence[Act]
) -> None:
    """(a, b) links two authors; (a, -1) undoes the oldest link that stands of all."""
    batch = next(_fresh)
    refs = [a_ref(f"{batch}-{number}") for number in range(_MANY)]

    def play(unit: Unit) -> None:
        for number, ref in enumerate(refs):
            author = an_author(f"{batch}-{number}", ref=ref)
            unit.identities.meet(author, at=NOW)
            unit.cases.save(a_case(batch * _MANY + number + 1, author=author))
        said: list[Act] = []
        for one, other in acts:
            if other >= 0:
                _try_link(unit, refs, said, (one, other))
            elif said:
                oldest = standing(unit, refs)[0]
                contacts.unlink(unit, CARE, oldest.one, oldest.id, "U2", at=NOW)
                said.pop(0)
            links = standing(unit, refs)
            for number, ref in enumerate(refs):
                person = {refs.index(each) for each in reached(ref, links)}
                assert person == _person(number, said)

    house.writer.run(play)


def _try_link(unit: Unit, refs: Sequence[Ref], said: list[Act], act: Act) -> None:
    one, other = act
    together = other in _person(one, said)
    try:
        contacts.link(unit, CARE, refs[one], refs[other], "U1", at=NOW)
    except Refusal:
        assert together
    else:
        assert not together
        said.append(act)


def _person(number: int, said: Sequence[Act]) -> set[int]:
    """By growing until nothing is added: slow and plain."""
    person = {number}
    while more := {end for pair in said if person & set(pair) for end in pair} - person:
        person |= more
    return person
