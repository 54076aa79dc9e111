"""A rule in shadow is asked and reported, and does nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inbox.decision import Decision
from inbox.facts import Topic
from router.engine import OrderedRouter
from router.loader import RulesError, parse_rules
from router.replay import Decided, Tally, replay
from router.rules import RuleSet
from router.vocabulary import Vocabulary
from tests.builders import a_message, some_facts
from tests.house import a_desk
from tierdesk.cli.rules import app

RULES = """
ordered:
  - name: Trial
    shadow: true
    when: {text: {any_words: [lamp]}}
    then: {tier: 2, team: specialists, respond: {private_move: invite}}
  - name: Lamps
    when: {text: {any_words: [lamp, lamps]}}
    then: {tier: 1, team: care}
  - name: Below
    shadow: true
    when: {visibility: public}
    then: {ignore: true}
  - name: Last
    when: always
    then: {tier: 1}
always:
  - name: Loud
    shadow: true
    when: {author: {vip: true}}
    then: {tags: [loud], raise_priority: critical, alert: operations, watch: true}
"""


def routed(text: str, **facts: object) -> Decision:
    return OrderedRouter(rules(RULES)).route(some_facts(a_message(text=text), **facts))


def rules(text: str) -> RuleSet:
    return parse_rules(text, file="r.yaml", vocabulary=Vocabulary())


def test_it_decides_nothing_and_is_told_with_what_it_would_have_decided() -> None:
    decision = routed("my lamp")

    assert (decision.rule, decision.tier, decision.team) == ("Lamps", 1, "care")
    why = decision.explanation
    [shadow] = why.shadow
    assert (shadow.rule, shadow.did, shadow.because) == (
        "Trial",
        "would have decided: tier 2, specialists, private_move: invite",
        "text has “lamp”",
    )
    assert [(m.rule, m.failed) for m in why.not_by] == [
        ("Trial", "it is in shadow and decides nothing")
    ]


def test_one_below_the_winner_would_not_have_decided() -> None:
    assert [one.rule for one in routed("my lamp").explanation.shadow] == ["Trial"]
    [below] = routed("hello").explanation.shadow
    assert (below.rule, below.did) == ("Below", "would have decided: ignored")


def test_all_that_it_would_have_decided_is_told() -> None:
    then = "{tier: 1, priority: high, assignee: U1, articles: auto, hide: true, tags: [a, b]}"
    text = f"ordered: [{{name: A, shadow: true, when: {{visibility: public}}, then: {then}}},"
    last = " {name: Last, when: always, then: {tier: 1}}]"

    [shadow] = OrderedRouter(rules(text + last)).route(some_facts(a_message())).explanation.shadow

    assert shadow.did == (
        "would have decided: tier 1, priority high, assigned to U1, articles auto, hidden, #a #b"
    )


def test_what_the_net_would_have_held_back_is_not_told_as_done() -> None:
    then = "{tier: 0, respond: {public_reply: hours}}"
    text = f"ordered: [{{name: A, shadow: true, when: {{topics: billing}}, then: {then}}},"
    last = " {name: Last, when: always, then: {tier: 1, team: care}}]"
    billing = Topic(name="billing", words=("charged twice",))
    facts = some_facts(a_message(text="charged twice"), topics=(billing,))

    [shadow] = OrderedRouter(rules(text + last)).route(facts).explanation.shadow

    assert shadow.did == "would have decided: tier 1, care"
    assert shadow.because.endswith(
        "automatic public reply withheld: topic billing (“charged twice”)"
    )


def test_an_always_rule_in_shadow_adds_nothing() -> None:
    plain, seen = routed("hello"), routed("hello", vip=True)

    assert (seen.tags, seen.priority, seen.alerts, seen.watch) == (
        (plain.tags, plain.priority, plain.alerts, plain.watch)
    )
    assert seen.explanation.also == ()
    assert seen.explanation.shadow[-1].did == (
        "would have added #loud, raised priority to critical, alerted operations, "
        "put it on the watch"
    )


def test_one_that_does_not_hold_says_why_like_any_other() -> None:
    [trial, *_] = routed("hello").explanation.not_by

    assert trial.failed == "text has none of ‘lamp’"
    assert routed("hello", visibility="private").explanation.shadow == ()


def test_it_never_makes_a_rule_below_it_unreachable_and_cannot_be_the_last() -> None:
    assert len(rules(RULES.replace("[lamp, lamps]", "[lamp]")).ordered) == 4
    with pytest.raises(RulesError, match="in shadow"):
        rules("ordered:\n  - {name: A, when: always, then: {tier: 1}, shadow: true}\n")
    with pytest.raises(RulesError, match="not true or false"):
        rules(RULES.replace("shadow: true", "shadow: maybe", 1))


def test_a_replay_counts_what_it_would_have_done() -> None:
    router = OrderedRouter(rules(RULES))
    facts = [some_facts(a_message(text=text)) for text in ("lamp", "a lamp", "hello")]
    history = [Decided(id=f.text, facts=f, decision=router.route(f)) for f in facts]
    tally = Tally()

    assert list(replay(history, router, a_desk(), tally)) == []
    assert {rule: number for (rule, _), number in tally.shadow.items()} == {"Trial": 2, "Below": 1}


def test_the_command_shows_it_to_a_person_and_as_json(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(RULES, encoding="utf-8")
    ask = ["explain", "my lamp", "--rules", str(file)]

    shown = CliRunner(env={"COLUMNS": "140"}).invoke(app, ask).output
    told = json.loads(CliRunner().invoke(app, [*ask, "--json"]).output)

    assert "Trial: would have decided: tier 2, specialists" in shown
    assert told["explanation"]["shadow"][0]["rule"] == "Trial"
