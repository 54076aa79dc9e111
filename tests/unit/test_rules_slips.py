"""Slips that people make when they write rules.yaml are told, and never read as something else."""

from __future__ import annotations

import pytest

from router.loader import RulesError, parse_rules
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
    return parse_rules(text, file="r.yaml", vocabulary=Vocabulary())


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


def test_a_word_keeps_its_sign() -> None:
    [phrase] = rules(when="{text: {any_words: [+40]}}").phrases
    assert phrase.text == "+40"
