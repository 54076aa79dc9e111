"""When a rule lets an article answer by itself, and what the net below the list makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inbox.clearance import DataClass, Span
from inbox.decision import Answer, Articles, Decision
from inbox.facts import Facts, Topic
from inbox.message import Kind, Visibility
from router.engine import OrderedRouter
from router.loader import RulesError, parse_rules
from router.vocabulary import Vocabulary
from tests.builders import a_message, some_facts

AUTO = """
ordered:
  - {name: Menu, when: {text: {any_words: [hello]}}, then: {tier: 1, respond: {menu: help}}}
  - {name: Bound, when: {language: xx}, then: {tier: 1, articles: off}}
  - {name: Last, when: always, then: {tier: 1, articles: auto}}
"""
KNOWN = Vocabulary(templates=("article_answer",), menus=("help",), choices=("order",))


def routed(text: str = AUTO, known: Vocabulary = KNOWN, /, **facts: object) -> Decision:
    rules = parse_rules(text, file="rules.yaml", vocabulary=known)
    return OrderedRouter(rules).route(some_facts(a_message(), **facts))


def because(decision: Decision) -> str:
    return " ".join(decision.explanation.because)


def test_an_ordinary_first_question_may_be_answered_by_an_article() -> None:
    assert routed().articles is Articles.AUTO


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"topics": (Topic(name="billing", words=("charged",)),)}, "billing"),
        ({"spans": (Span(start=0, end=2, cls=DataClass.CARD),)}, "card number"),
        ({"spans": (Span(start=0, end=2, cls=DataClass.ORDER_NUMBER),)}, "order number"),
        ({"doubt": True}, "may be a private matter"),
        ({"language": None}, "language is unknown"),
        ({"case_tier": 0, "case_status": "pending"}, "not the first message"),
        ({"bot": True}, "author is a bot"),
        ({"attachments": 1}, "has an attachment"),
        ({"kind": Kind.REVIEW}, "it is a review"),
    ],
)
def test_a_doubt_of_any_kind_leaves_it_to_an_agent_who_is_shown_the_article(
    facts: dict[str, object], why: str
) -> None:
    decision = routed(**facts)
    assert decision.articles is Articles.SUGGEST
    assert decision.tier == 1
    assert why in because(decision)


def test_a_crashed_detector_leaves_it_to_an_agent() -> None:
    assert routed(failed=("topics",)).articles is Articles.SUGGEST


def test_off_stays_off_and_nothing_is_said_of_it() -> None:
    assert routed(language="xx").articles is Articles.OFF


@pytest.mark.parametrize("articles", ["off", "auto"])
def test_a_menu_is_for_private_messages_in_no_language_that_is_not_answered(articles: str) -> None:
    rules = AUTO.replace("{menu: help}", f"{{menu: help}}, articles: {articles}")

    def said(**facts: object) -> Decision:
        return routed(rules, replace(KNOWN, answered=("en", "xx")), text="hello", **facts)

    private = {"visibility": Visibility.PRIVATE}
    assert said(**private).response.kind is Answer.MENU
    assert said(**private, language=None).response.kind is Answer.MENU
    assert said(**private, language="de").response.kind is Answer.NONE
    assert said().response.kind is Answer.NONE
    assert "no menu offered: the message is public" in said().explanation.because


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ("{tier: 1, articles: often}", "often"),
        ("{tier: 1, articles: auto, respond: {public_reply: article_answer}}", "answer already"),
        ("{ignore: true, articles: auto}", "an ignored message has no articles"),
        ("{tier: 1, respond: {menu: hlp}}", "help"),
        ("{tier: 1, respond: {menu: help, public_reply: article_answer}}", "just one"),
    ],
)
def test_what_a_rule_cannot_say_is_refused_with_a_remedy(then: str, problem: str) -> None:
    text = f"ordered:\n  - {{name: A, when: {{language: en}}, then: {then}}}\n" + (
        "  - {name: Last, when: always, then: {tier: 1}}\n"
    )
    with pytest.raises(RulesError, match=problem):
        parse_rules(text, file="rules.yaml", vocabulary=KNOWN)


def test_auto_needs_the_reply_that_sends_it_and_a_choice_its_menu() -> None:
    with pytest.raises(RulesError, match="article_answer"):
        parse_rules(AUTO, file="rules.yaml", vocabulary=Vocabulary(templates=(), menus=("help",)))
    chosen = AUTO.replace("{language: xx}", "{menu_choice: odrer}")
    with pytest.raises(RulesError, match="order"):
        parse_rules(chosen, file="rules.yaml", vocabulary=KNOWN)


@pytest.mark.parametrize(
    "then",
    [
        "articles: auto",
        "respond: {public_reply: article_answer}",
        "respond: {private_move: hello, note: article_answer}",
    ],
)
def test_a_reply_that_is_for_agents_alone_is_told_as_such(then: str) -> None:
    known = Vocabulary(templates=("hello",), for_agents=("article_answer",))
    rules = f"ordered:\n  - {{name: Last, when: always, then: {{tier: 1, {then}}}}}\n"
    with pytest.raises(RulesError, match="article_answer' is for agents only") as caught:
        parse_rules(rules, file="rules.yaml", vocabulary=known)
    assert "has no reply" not in str(caught.value)
    assert "for: automatic" in str(caught.value)


def test_the_facts_of_an_earlier_version_are_read() -> None:
    from store import codec

    facts = some_facts(a_message())
    stored = codec.encode(facts).replace(',"menu_choice":null', "")
    assert "menu_choice" not in stored
    assert codec.decode(Facts, stored) == facts
    decision = routed()
    earlier = codec.encode(decision)
    for new in (',"articles":"auto"', ',"article":null'):
        assert new in earlier
        earlier = earlier.replace(new, "")
    assert codec.decode(Decision, earlier).articles is Articles.SUGGEST
