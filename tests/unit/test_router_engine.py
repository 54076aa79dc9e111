"""The invariants of routing: docs/rules.md, "What always holds"."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from inbox.clearance import DataClass, Span
from inbox.decision import Answer, Priority, Response
from inbox.facts import Facts, Topic
from inbox.message import Kind, Visibility
from router.conditions import Everything
from router.engine import OrderedRouter
from router.loader import parse_rules
from router.rules import OrderedRule, Outcome, RuleSet
from router.seen import Seen
from router.vocabulary import Vocabulary


def some_facts(text: str = "hello", **changes: object) -> Facts:
    facts = Facts(
        network="mastodon",
        account="main",
        visibility=Visibility.PUBLIC,
        kind=Kind.MENTION,
        text=text,
        language="en",
        topics=(),
        spans=(),
        links=0,
        attachments=0,
        author="ana",
        followers=120,
        verified=None,
        bot=False,
        vip=False,
        first_contact=False,
        case_tier=None,
        case_status=None,
        business_hours=True,
        at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    )
    return replace(facts, **changes)


def topic(name: str, *words: str) -> Topic:
    return Topic(name=name, words=words)


def router(text: str, **names: object) -> OrderedRouter:
    vocabulary = Vocabulary(**names)  # type: ignore[arg-type] # the test names a field
    return OrderedRouter(parse_rules(text, file="rules.yaml", vocabulary=vocabulary))


FAQ = """
ordered:
  - name: Money
    when: {topics: [billing]}
    then: {tier: 2, team: specialists, respond: {private_move: invite, note: note}}
  - name: Hours
    when: {text: {any_words: [open]}}
    then: {tier: 0, tags: [hours], respond: {public_reply: hours}}
  - name: Rest
    when: always
    then: {tier: 1, team: care}
always:
  - name: VIP
    when: {author: {vip: true}}
    then: {tags: [vip], raise_priority: high}
  - name: Told
    when: {visibility: public, topics: [outage]}
    then: {alert: operations, watch: true}
"""


def test_the_first_rule_that_holds_decides_and_no_other_ordered_rule_acts() -> None:
    decision = router(FAQ).route(some_facts("are you open?", topics=(topic("billing", "bill"),)))
    assert (decision.rule, decision.position, decision.tier) == ("Money", 1, 2)
    assert decision.response == Response(kind=Answer.PRIVATE_MOVE, template="invite", note="note")
    assert decision.tags == ()


def test_a_message_that_no_rule_names_goes_to_a_person() -> None:
    decision = router(FAQ).route(some_facts("hmm"))
    assert (decision.rule, decision.tier, decision.team) == ("Rest", 1, "care")
    assert decision.response.kind is Answer.NONE


def test_an_automatic_answer_goes_out_where_nothing_speaks_against_it() -> None:
    decision = router(FAQ).route(some_facts("are you open?"))
    assert (decision.tier, decision.response.template) == (0, "hours")


def test_always_rules_only_add() -> None:
    plain = router(FAQ).route(some_facts("are you open?"))
    noted = router(FAQ).route(some_facts("are you open?", vip=True, topics=(topic("outage"),)))
    assert noted.tags == ("hours", "vip")
    assert noted.priority is Priority.HIGH
    assert noted.alerts == ("operations",)
    assert noted.watch
    assert (noted.rule, noted.tier, noted.response) == (plain.rule, plain.tier, plain.response)


def test_always_rules_see_the_facts_and_not_what_the_decision_did() -> None:
    text = FAQ + "  - name: Chained\n    when: {author: {vip: true}, text: {any_words: [vip]}}\n"
    text += "    then: {tags: [chained]}\n"
    decision = router(text).route(some_facts("hello", vip=True))
    assert decision.tags == ("vip",)


def test_priority_is_only_ever_raised() -> None:
    text = FAQ.replace("{tier: 1, team: care}", "{tier: 1, team: care, priority: critical}")
    assert router(text).route(some_facts(vip=True)).priority is Priority.CRITICAL


def test_a_decision_names_its_facts_and_the_failed_condition_of_every_rule_above() -> None:
    decision = router(FAQ).route(some_facts("Are you OPEN?", vip=True))
    why = decision.explanation
    assert why.because == ("text has “OPEN”",)
    assert [(m.position, m.rule, m.failed) for m in why.not_by] == [
        (1, "Money", "topic is not billing")
    ]
    assert [(a.rule, a.did, a.because) for a in why.also] == [
        ("VIP", "added #vip, raised priority to high", "author is a VIP")
    ]


def test_the_words_that_show_a_topic_are_quoted() -> None:
    decision = router(FAQ).route(some_facts(topics=(topic("billing", "charged twice"),)))
    assert decision.explanation.because == ("topic billing (“charged twice”)",)


def test_personal_data_is_named_by_class_and_never_quoted() -> None:
    card = "4111 1111 1111 1111"
    text = f"open {card}"
    spans = (Span(start=5, end=len(text), cls=DataClass.CARD),)
    rules = FAQ.replace("{topics: [billing]}", "{any: [{data: card}, {text: {regex: '4[0-9 ]+'}}]}")
    facts = some_facts(text, spans=spans, topics=(topic("billing", card),))
    because = router(rules).route(facts).explanation.because
    assert because[0] == "card number found"
    assert not any("1111" in reason for reason in because)


def test_the_same_facts_always_get_the_same_decision() -> None:
    facts = some_facts("are you open?", vip=True)
    assert router(FAQ).route(facts) == router(FAQ).route(facts)


def test_the_version_changes_with_what_the_rules_say_and_not_with_comments() -> None:
    version = router(FAQ).version
    assert router(f"# a comment\n{FAQ}").version == version
    assert router(FAQ.replace("tier: 2", "tier: 3")).version != version
    assert len(version) == 8
    assert int(version, 16) >= 0


# --- the net below the list ------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"language": None},
        {"language": "xx"},
        {"topics": (topic("health", "rash"),)},
        {"topics": (topic("account", "log in"),)},
        {"spans": (Span(start=0, end=3, cls=DataClass.IBAN),)},
        {"spans": (Span(start=0, end=3, cls=DataClass.CREDENTIAL),)},
        {"failed": ("topics",)},
    ],
)
def test_no_automatic_public_answer_where_it_might_be_wrong(changes: dict[str, object]) -> None:
    decision = router(FAQ, answered=["en", "ro"]).route(some_facts("open?", **changes))
    assert decision.rule == "Hours"
    assert (decision.tier, decision.team) == (1, "care")
    assert decision.response.kind is Answer.NONE
    assert any("withheld" in r or "to a person" in r for r in decision.explanation.because)


def test_an_order_number_does_not_withhold_an_answer() -> None:
    span = Span(start=0, end=3, cls=DataClass.ORDER_NUMBER)
    assert router(FAQ).route(some_facts("open?", spans=(span,))).tier == 0


def test_a_private_move_answers_private_matters_also_in_an_unknown_language() -> None:
    decision = router(FAQ).route(some_facts(topics=(topic("billing"),), language=None))
    assert decision.response.kind is Answer.PRIVATE_MOVE


def test_a_bot_never_gets_an_automatic_answer() -> None:
    for facts in (some_facts("open?"), some_facts(topics=(topic("billing"),))):
        assert router(FAQ).route(facts).response.kind is not Answer.NONE
        decision = router(FAQ).route(replace(facts, bot=True))
        assert decision.response.kind is Answer.NONE


def test_a_crashed_detector_brings_even_spam_to_a_person() -> None:
    text = FAQ.replace(
        "then: {tier: 2, team: specialists, respond: {private_move: invite, note: note}}",
        "then: {ignore: true}",
    )
    facts = some_facts(topics=(topic("billing"),))
    assert router(text).route(facts).tier is None
    decision = router(text).route(replace(facts, failed=("language",)))
    assert (decision.tier, decision.team, decision.ignore) == (1, "care", False)
    assert "detector language crashed" in " ".join(decision.explanation.because)


def test_a_crashed_detector_does_not_lower_the_tier() -> None:
    facts = some_facts(topics=(topic("billing"),), failed=("language",))
    decision = router(FAQ).route(facts)
    assert (decision.tier, decision.team) == (2, "specialists")
    assert decision.response.kind is Answer.NONE


class Broken(Everything):
    """A condition that cannot be judged."""

    def failure(self, seen: Seen) -> str | None:
        raise ZeroDivisionError(seen.facts.text)


def test_a_condition_that_cannot_be_judged_brings_the_message_to_a_person() -> None:
    reply = Outcome(tier=0, response=Response(kind=Answer.PUBLIC_REPLY, template="hours"))
    rules = RuleSet(
        ordered=(
            OrderedRule(name="Broken", position=1, when=Broken(), then=reply),
            OrderedRule(name="Hours", position=2, when=Everything(), then=reply),
            OrderedRule(name="Rest", position=3, when=Everything(), then=Outcome(tier=1)),
        )
    )
    decision = OrderedRouter(rules).route(some_facts("secret words"))
    assert (decision.rule, decision.tier, decision.response.kind) == ("Rest", 1, Answer.NONE)
    said = " ".join(decision.explanation.because)
    assert "'Broken' could not be judged (ZeroDivisionError)" in said
    assert "secret" not in said


LAST = "  - {name: Last, when: always, then: {tier: 1}}\n"


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("{length: {at_most: 3}}", "length is 5, more than 3"),
        ("{links: {at_least: 2}}", "links is 0, less than 2"),
        ("{rating: {at_most: 2}}", "rating is not known"),
        ("{case: {tier: 2}}", "case tier is not known"),
    ],
)
def test_a_number_that_misses_is_told_with_what_was_asked(when: str, says: str) -> None:
    text = f"ordered:\n  - {{name: A, when: {when}, then: {{tier: 2}}}}\n{LAST}"
    [miss] = router(text).route(some_facts("hello")).explanation.not_by
    assert miss.failed == says


def test_an_always_rule_for_every_message_does_not_speak_of_rules_above_it() -> None:
    text = f"ordered:\n{LAST}always:\n  - {{name: A, when: always, then: {{tags: [a]}}}}\n"
    [also] = router(text).route(some_facts("hello")).explanation.also
    assert also.because == "every message"
