"""What is proved of conditions holds for every message there can be."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.case import Status
from inbox.clearance import DataClass, Span
from inbox.facts import Facts, Topic
from inbox.message import Kind, Visibility
from router.conditions import (
    About,
    All,
    AnyOf,
    Between,
    CaseOpen,
    Condition,
    Flag,
    Handles,
    Holds,
    Not,
    OneOf,
    UnknownLanguage,
)
from router.contradiction import contradiction
from router.logic import excludes, implies
from router.normal import normalise
from router.seen import Seen
from tests.builders import a_message, some_facts

NETWORKS, LANGUAGES, TOPICS, PEOPLE = ("x", "mastodon"), ("en", "ro"), ("spam", "abuse"), "ab"


def one_of(fact: str, values: object) -> st.SearchStrategy[Condition]:
    some = st.frozensets(st.sampled_from([*map(str, values)]), min_size=1)  # type: ignore[call-overload]
    return some.map(lambda chosen: OneOf(fact=fact, values=chosen))


def flag(fact: str) -> st.SearchStrategy[Condition]:
    return st.booleans().map(lambda wanted: Flag(fact=fact, wanted=wanted, yes="yes", no="no"))


def between(fact: str) -> st.SearchStrategy[Condition]:
    limit = st.none() | st.integers(0, 3)
    return st.builds(Between, fact=st.just(fact), least=limit, most=limit)


ATOMS = st.one_of(
    one_of("visibility", Visibility),
    one_of("kind", Kind),
    one_of("network", NETWORKS),
    one_of("language", LANGUAGES),
    one_of("case_status", Status),
    one_of("menu_choice", ("money", "order")),
    flag("business_hours"),
    flag("verified"),
    between("attachments"),
    between("rating"),
    st.frozensets(st.sampled_from(TOPICS), min_size=1).map(lambda some: About(topics=some)),
    st.frozensets(st.sampled_from([*DataClass][:3]), min_size=1).map(
        lambda some: Holds(classes=some)
    ),
    st.frozensets(st.sampled_from(PEOPLE), min_size=1).map(lambda some: Handles(handles=some)),
    st.booleans().map(lambda wanted: CaseOpen(wanted=wanted)),
    st.just(UnknownLanguage()),
)


def nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(lambda parts: All(parts=parts)),
        several.map(lambda parts: AnyOf(parts=parts)),
        inner.map(lambda part: Not(part=part)),
    )


CONDITIONS = st.recursive(ATOMS, nested, max_leaves=5)


@st.composite
def messages(draw: st.DrawFn) -> Facts:
    """Any that there can be: direct messages and menus are private, stars are a review's."""
    kind = draw(st.sampled_from(Kind))
    private = kind is Kind.DM or draw(st.booleans())
    return some_facts(
        a_message(text="hello"),
        kind=kind,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        network=draw(st.sampled_from((*NETWORKS, "generic"))),
        language=draw(st.sampled_from((*LANGUAGES, "tr", None))),
        case_status=draw(st.sampled_from((None, *Status))),
        menu_choice=draw(st.sampled_from((None, "money"))) if private else None,
        business_hours=draw(st.booleans()),
        verified=draw(st.sampled_from((None, True, False))),
        attachments=draw(st.integers(0, 3)),
        rating=draw(st.none() | st.integers(1, 5)) if kind is Kind.REVIEW else None,
        topics=tuple(Topic(name=name, words=()) for name in draw(st.sets(st.sampled_from(TOPICS)))),
        spans=tuple(
            Span(start=0, end=1, cls=cls) for cls in draw(st.sets(st.sampled_from([*DataClass])))
        ),
        author=draw(st.sampled_from("abc")),
    )


def holds(condition: Condition, facts: Facts) -> bool:
    seen = Seen(
        facts=facts,
        normal=normalise(facts.text),
        topics=frozenset(topic.name for topic in facts.topics),
        classes=facts.data_classes,
    )
    return condition.failure(seen) is None


@settings(max_examples=500, deadline=None)
@given(CONDITIONS, CONDITIONS, messages())
def test_what_is_proved_is_so(one: Condition, other: Condition, facts: Facts) -> None:
    if contradiction(one):
        assert not holds(one, facts)
    if contradiction(Not(part=one)):
        assert holds(one, facts)
    if implies(one, other):
        assert holds(other, facts) or not holds(one, facts)
    if excludes(one, other):
        assert not (holds(one, facts) and holds(other, facts))
