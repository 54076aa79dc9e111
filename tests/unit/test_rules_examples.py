"""Examples in the file of rules are tried, and one that fails says what happened instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inbox.facts import Findings
from inbox.ports import Detector
from inbox.problem import Problem
from router.engine import OrderedRouter
from router.examples import Trial
from router.loader import RulesError, parse_rules
from router.vocabulary import Vocabulary
from tests.settings_folder import SECRETS, fill_folder
from tierdesk.cli import app

RULES = """\
ordered:
  - name: Lamps
    when: {{text: {{any_words: [lamp*]}}, {when}}}
    then: {{tier: 2}}
    examples:
      {examples}
  - {{name: Last, when: always, then: {{tier: 1}}}}
always:
  - name: VIP
    when: {{author: {{vip: true}}}}
    then: {{tags: [vip]}}
    examples:
      matches: [{{text: hello, vip: true}}]
      not: [hello]
"""


class FakeDetector(Detector):
    """Sees nothing but the language that it is told."""

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        return Findings(language=language)


def failing(examples: str, when: str) -> Iterator[Problem]:
    text = RULES.format(examples=examples, when=when)
    rules = parse_rules(text, file="r.yaml", vocabulary=Vocabulary())
    trial = Trial(router=OrderedRouter(rules), detector=FakeDetector(), file="r.yaml")
    return trial.failing(rules)


def tried(folder: Path, examples: str, when: str = "visibility: public") -> Result:
    file = folder / "r.yaml"
    file.write_text(RULES.format(examples=examples, when=when), encoding="utf-8")
    return CliRunner().invoke(app, ["rules", "test", "--rules", str(file)])


def test_examples_that_hold_are_counted(tmp_path: Path) -> None:
    result = tried(tmp_path, "matches: [my lamp, {text: LAMPS, network: x}]")

    assert result.exit_code == 0, result.output
    assert "4 examples, all hold" in result.output


def test_one_that_does_not_reach_its_rule_says_what_won_and_why_it_missed(tmp_path: Path) -> None:
    told = "matches: [my lamp, {text: my lamp, visibility: private}]"

    [problem] = failing(told, "visibility: public")

    assert str(problem).startswith(
        "r.yaml:6: rule 'Lamps', examples: “my lamp” must reach it, but 'Last' decides: no rule "
        "above holds. It misses, since: visibility is not public. "
    )
    result = tried(tmp_path, told)
    assert result.exit_code == 1
    assert f"{tmp_path / 'r.yaml'}:6: rule 'Lamps', examples" in result.output
    assert "1 problem in" in result.output


def test_an_always_rule_tells_its_own_reason() -> None:
    text = RULES.format(examples="not: [hello]", when="visibility: public")
    text = text.replace("not: [hello]\n", "not: [{text: hello, vip: true}]\n").replace(
        "matches: [{text: hello, vip: true}]", "matches: [hello]"
    )
    rules = parse_rules(text, file="r.yaml", vocabulary=Vocabulary())
    trial = Trial(router=OrderedRouter(rules), detector=FakeDetector(), file="r.yaml")

    assert [problem.problem for problem in trial.failing(rules)] == [
        "“hello” must reach it, but it misses, since: author is not a VIP",
        "“hello” must not reach it, but it holds",
    ]


def test_one_that_must_not_reach_it_and_does_says_why(tmp_path: Path) -> None:
    result = tried(tmp_path, "not: [my lamp]")

    assert result.exit_code == 1
    assert "must not reach it, but 'Lamps' decides: text has “lamp”" in result.output


@pytest.mark.parametrize(
    ("when", "given"),
    [
        ("network: x", "network: x"),
        ("account: a", "account: a"),
        ("visibility: private", "visibility: private"),
        ("kind: review", "kind: review"),
        ("kind: dm", "visibility: private"),
        ("visibility: private", "kind: dm"),
        ("rating: {at_most: 2}, kind: review", "rating: 1"),
        ("language: tr", "language: tr"),
        ("author: {handles: [ana]}", "author: ana"),
        ("author: {followers: {at_least: 5}}", "followers: 5"),
        ("author: {verified: true}", "verified: true"),
        ("author: {vip: true}", "vip: true"),
        ("author: {bot: true}", "bot: true"),
        ("contact: first", "contact: first"),
        ("case: {status: pending, tier: 2}", "case: {status: pending, tier: 2}"),
        ("case: {open: true}", "case: {tier: 1}"),
        ("business_hours: closed", "business_hours: closed"),
        ("attachments: {at_least: 1}", "attachments: 1"),
    ],
)
def test_every_fact_beside_the_text_can_be_given(when: str, given: str) -> None:
    assert not list(failing(f"matches: [{{text: lamp, {given}}}]", when))
    assert len(list(failing("matches: [lamp]", when))) == 1


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        ("match: [lamp]", "'match' is not known here. Write 'matches'"),
        ("matches: [{visibility: public}]", "has no text"),
        ("matches: [{text: lamp, visibility: half}]", "there is no visibility 'half'"),
        ("matches: [{text: lamp, visiblity: public}]", "Write 'visibility'"),
        ("matches: ['']", "is empty"),
        ("not: [{text: lamp, kind: dm, visibility: public}]", "a direct message is private"),
        ("not: [{text: lamp, kind: comment, rating: 1}]", "only a review has a rating"),
        ("[lamp]", "is a list, not a mapping"),
    ],
)
def test_an_example_that_is_none_is_refused(examples: str, says: str) -> None:
    text = RULES.format(examples=examples, when="visibility: public")
    with pytest.raises(RulesError) as caught:
        parse_rules(text, file="r.yaml", vocabulary=Vocabulary())

    assert says in str(caught.value)


def test_check_of_the_whole_folder_and_of_the_rules_tries_them(tmp_path: Path) -> None:
    fill_folder(tmp_path)
    rules = tmp_path / "rules.yaml"
    wrong = rules.read_text(encoding="utf-8").replace("[buy followers cheap]", "[hello]")
    rules.write_text(wrong, encoding="utf-8")

    for command in (["check", str(tmp_path)], ["rules", "check", str(tmp_path)]):
        result = CliRunner(env=SECRETS).invoke(app, command)
        assert result.exit_code == 1, result.output
        assert "“hello” must reach it, but 'Ordinary public messages' decides" in result.output


def test_the_starter_rules_have_examples_and_they_hold() -> None:
    result = CliRunner().invoke(app, ["rules", "test"])

    assert result.exit_code == 0, result.output
    assert "the starter rules: 73 examples, all hold." in result.output
