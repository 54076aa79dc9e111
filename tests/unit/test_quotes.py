"""Where a channel must not read a customer's words, a rule's own words still stand there."""

from __future__ import annotations

import pytest

from inbox.clearance import DataClass, Span
from inbox.decision import Decision
from inbox.facts import Topic
from tests.case_views import a_lens
from tests.unit.test_router_engine import router, some_facts

CARD = frozenset({DataClass.CARD})
RULES = """
ordered:
  - name: Words
    when: {text: {any_words: [refund*, money back]}}
    then: {tier: 2}
  - name: Not these
    when: {visibility: public, not: {text: {any_words: [zebra]}}, text: {all_words: [ape, lion]}}
    then: {tier: 2}
  - name: Either
    when: {any: [{all: [{text: {any_words: [otter]}}, {network: x}]}, {topics: [fraud]}]}
    then: {tier: 2}
  - name: Found
    when: {text: {regex: 'it''s “?(?s:.*)'}}
    then: {tier: 2}
  - name: Topic
    when: {topics: [billing]}
    then: {tier: 2}
  - name: Rest
    when: always
    then: {tier: 1}
always:
  - name: Noted
    when: {text: {any_words: [zebra]}, topics: [billing], network: mastodon}
    then: {tags: [zoo]}
"""


def lines(decision: Decision, *, hidden: bool) -> list[str]:
    """The explanation as a channel reads it that may see nothing personal."""
    why = decision.explanation
    all_of_it = (
        *why.because,
        *(f"{miss.rule}: {miss.failed}" for miss in why.not_by),
        *(also.because for also in why.also),
    )
    lens = a_lens()
    return [lens.because(line, CARD if hidden else frozenset()) for line in all_of_it]


def routed(text: str, **facts: object) -> Decision:
    return router(RULES).route(some_facts(text, **facts))


def test_words_that_a_rule_asks_for_in_vain_are_shown_where_the_customers_are_hidden() -> None:
    shown = lines(routed("hello"), hidden=True)

    assert "Words: text has none of ‘refund*’, ‘money back’" in shown
    assert "Not these: text has not all of ‘ape’, ‘lion’" in shown
    assert (
        "Either: not all of: text has any of ‘otter’ and network is x; topic is not fraud" in shown
    )


def test_words_that_a_rule_found_are_the_customers_and_hidden() -> None:
    billing = Topic(name="billing", words=("Zebra paid",))
    decision = routed("the Zebra paid, and a lion", topics=(billing,))

    assert any("Zebra" in line for line in lines(decision, hidden=False))
    hidden = lines(decision, hidden=True)
    assert not [line for line in hidden if "zebra" in line.casefold()]
    assert "Not these: text has any of “…”" in hidden
    assert "text has “…”; topic billing (“…”); network mastodon" in hidden


def test_a_word_that_only_hints_at_a_topic_is_the_customers() -> None:
    hint = Topic(name="billing", words=("zebra fees",))
    decision = routed("zebra fees", hints=(hint,), doubt=True)

    assert any("zebra fees" in line for line in lines(decision, hidden=False))
    assert not [line for line in lines(decision, hidden=True) if "fees" in line]


@pytest.mark.parametrize(
    "secret",
    [
        "it's ” my secret ” illness",
        "it's “ my secret “ illness",
        "it's “my” secret “illness”",
        "it's ”my“ secret ”illness“",
        "it's 'my' \"secret\" ‘illness’ don't tell",
        "it's “\nmy secret\n” illness",
    ],
)
def test_a_customers_own_quotation_marks_let_none_of_their_words_through(secret: str) -> None:
    decision = routed(secret)
    assert decision.rule == "Found"

    for line in lines(decision, hidden=True):
        assert not [word for word in ("secret", "illness", "tell") if word in line]


@pytest.mark.parametrize("said", ["he ” ill", "he “ ill", "he “x” ill"])
def test_marks_that_an_older_version_kept_as_they_were_hide_all_between_them(said: str) -> None:
    line = a_lens().because(f"text matches /x/ (“{said}”)", CARD)

    assert line == "text matches /x/ (“…”)"


def test_a_rules_quotation_marks_let_no_word_of_the_customer_through() -> None:
    span = Span(start=0, end=4, cls=DataClass.CARD)
    text = RULES.replace("refund*, money back", "'a “ b', 'c ” d'")
    decision = router(text).route(some_facts("4111 zebra", spans=(span,)))

    assert 'Words: text has none of ‘a " b’, ‘c " d’' in lines(decision, hidden=True)
