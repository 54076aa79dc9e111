"""What the rules make of a model that raises, doubts or does not believe the words."""

from datetime import UTC, datetime

from msgspec.structs import replace

from inbox.decision import Answer
from inbox.facts import Facts, Topic
from inbox.message import Kind, Visibility
from router.engine import OrderedRouter
from router.loader import parse_rules
from router.vocabulary import Vocabulary

RULES = """
ordered:
  - name: Private
    when: {topics: [billing]}
    then: {tier: 2}
  - name: Hours
    when: {text: {any_words: [open]}}
    then: {tier: 0, respond: {public_reply: hours}}
  - {name: Last, when: always, then: {tier: 1}}
"""


def make_facts(text: str, **changes: object) -> Facts:
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
        followers=None,
        verified=None,
        bot=None,
        vip=False,
        first_contact=False,
        case_tier=None,
        case_status=None,
        business_hours=True,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return replace(facts, **changes)


def router() -> OrderedRouter:
    return OrderedRouter(parse_rules(RULES, file="x", vocabulary=Vocabulary()))


def test_a_doubtful_message_goes_to_a_person() -> None:
    sure = router().route(make_facts("are you open"))
    unsure = router().route(make_facts("are you open", doubt=True))
    assert (sure.tier, sure.response.kind) == (0, Answer.PUBLIC_REPLY)
    assert (unsure.tier, unsure.response.kind) == (1, Answer.NONE)
    assert any("may be a private matter" in line for line in unsure.explanation.because)


def test_a_rule_says_which_words_hinted_at_its_topic() -> None:
    hints = (Topic(name="billing", words=("refund",)),)
    decision = router().route(make_facts("are you open on refund day", doubt=True, hints=hints))
    hint = "“refund” for billing, but the whole reads as harmless"
    assert decision.explanation.not_by[0].failed == f"topic is not billing; {hint}"
    assert (decision.tier, decision.response.kind) == (1, Answer.NONE)
    assert any(hint in line for line in decision.explanation.because)


def test_the_explanation_names_the_model() -> None:
    topic = Topic(name="billing", words=("off my account two times",), source="model")
    decision = router().route(make_facts("off my account two times", topics=(topic,)))
    assert decision.explanation.because == (
        "topic billing by the model (“off my account two times”)",
    )
