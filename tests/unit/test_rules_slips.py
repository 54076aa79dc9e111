"""Slips that people make when they write rules.yaml are told, and never read as something else."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from router.acting import ADDS, DECIDES
from router.asking import CONDITIONS
from router.examples import GIVEN
from router.loader import RULE, RulesError, parse_rules
from router.rules import RuleSet
from router.vocabulary import Vocabulary

RULES = """
ordered:
  - name: Slip
    when: {when}
    then: {then}
  - {{name: Last, when: always, then: {{tier: 1}}}}
"""


def rules(when: str = "{topics: billing}", then: str = "{tier: 1}") -> RuleSet:
    text = RULES.format(when=when, then=then)
    return parse_rules(text, file="r.yaml", vocabulary=Vocabulary(tiers=(1, 2)))


def refused(**parts: str) -> str:
    with pytest.raises(RulesError) as caught:
        rules(**parts)
    return str(caught.value)


# --- YAML --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("!include words.txt", "'!include' is not known here. Write it out"),
        ("!!set {refund, money}", "is not known here"),
        ("!mine [refund]", "'!mine' is not known here"),
        ("[refund*, *konto]", "put a word that begins with * in quotes"),
        ("[@brand]", "cannot start any token. Put the word in quotes"),
        ("[on, true]", "any_words.1: is true or false, not a word. Put it in quotes"),
        ("[2.0]", "is a number, not a word. Put it in quotes"),
    ],
)
def test_what_yaml_reads_otherwise_than_it_is_meant_is_told_with_the_way_out(
    words: str, says: str
) -> None:
    assert says in refused(when=f"{{text: {{any_words: {words}}}}}")


def test_a_regular_expression_in_double_quotes_is_told_to_use_single_ones() -> None:
    assert "use single quotes" in refused(when=r'{text: {regex: "\d+"}}')


def test_a_tab_is_told_to_be_spaces() -> None:
    assert "Indent with spaces" in refused(then="\n\t\ttier: 1")


@pytest.mark.parametrize(
    "then", ["\n      tier:\u00a01", "\n      \u00a0tier:\u00a01", "\n      tier： 1"]
)
def test_spaces_and_colons_that_only_look_so_are_told(then: str) -> None:
    assert "only looks like one. Type it anew" in refused(then=then)


def test_a_word_keeps_its_sign() -> None:
    [phrase] = rules(when="{text: {any_words: [+40]}}").phrases
    assert phrase.text == "+40"


# --- words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("\n      text:\n        any_words: refund, money", "Write a list: ['refund', 'money']"),
        ("\n      author:\n        handles: '@ana, @bob'", "Write a list: ['@ana', '@bob']"),
        ("\n      topics: billing, fraud", "Write a list: ['billing', 'fraud']"),
        ("{author: {handles: ['@']}}", "has a handle without a name"),
        ("{text: {any_words: [“refund”]}}", "with its quotation marks. Leave them out"),
        ("{text: {any_words: [refund* money]}}", "has a star within"),
        ('{text: {regex: "\\border"}}', "Put the expression in single quotes"),
        ("{case: {tier: {at_least: 3}}}", "there is no tier 3. The highest is 2"),
    ],
)
def test_what_would_never_be_found_is_refused(when: str, says: str) -> None:
    assert says in refused(when=when)


@pytest.mark.parametrize("words", ["[f*ck, '1,000', say “hi” now, 'a, b']", "5 * 3", "':('"])
def test_signs_that_people_write_are_words(words: str) -> None:
    assert rules(when=f"{{text: {{any_words: {words}}}}}").phrases


def test_a_tag_has_no_sign_of_its_own_and_one_with_a_comma_is_a_list() -> None:
    assert rules(then="{tier: 1, tags: ['#vip', vip]}").ordered[0].then.tags == ("vip",)
    assert "Write a list: ['vip', 'urgent']" in refused(then="{tier: 1, tags: 'vip, urgent'}")


def test_a_note_beside_a_ticket_is_refused_and_not_left_out() -> None:
    then = "{tier: 1, respond: {ticket: support, note: hours}}"
    assert "goes only with private_move" in refused(then=then)


@pytest.mark.parametrize("other", ["Cafe\u0301", "Café\u200b", "ＣＡＦÉ"])
def test_names_that_look_the_same_are_the_same(other: str) -> None:
    text = RULES.format(when="{topics: billing}", then="{tier: 1}").replace("Slip", "Café")
    with pytest.raises(RulesError, match="the name stands already in line 3"):
        parse_rules(text.replace("Last", other), file="r.yaml", vocabulary=Vocabulary())


# --- anything at all ---------------------------------------------------------------------


WORDS = (*CONDITIONS, *DECIDES, *ADDS, *GIVEN, *RULE, "at_least", "any_words", "regex", "tier")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 9),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.sampled_from(("", "always", "billing", "private", "publik", "dm", "(", "*", "a, b", "en")),
)
JUNK = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(JUNK, JUNK, JUNK)
@example({"any": [{"all": [{"visibility": "publik"}, {"visibility": "public"}]}]}, {}, {})
def test_whatever_stands_there_is_a_list_of_rules_or_told(
    when: object, then: object, examples: object
) -> None:
    rule = {"name": "A", "when": when, "then": then, "examples": examples}
    last = {"name": "Last", "when": "always", "then": {"tier": 1}}
    text = json.dumps({"ordered": [rule, last], "always": [rule | {"name": "B"}]})
    with suppress(RulesError):
        parse_rules(text, file="r.yaml", vocabulary=Vocabulary(tiers=(1, 2), languages=("en",)))
