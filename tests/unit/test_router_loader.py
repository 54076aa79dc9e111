"""A file of rules is right, or every fault in it is told at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from inbox.decision import Answer
from inbox.problem import Problem
from router.loader import RulesError, load_rules, parse_rules
from router.starter import STARTER_RULES
from router.vocabulary import Vocabulary

LAST = "  - {name: Last, when: always, then: {tier: 1}}\n"
NAMES = Vocabulary(
    tiers=(0, 1, 2),
    teams=("care", "specialists"),
    templates=("hours", "invite"),
    networks=("mastodon", "x"),
    channels=("operations",),
    accounts=("main",),
    languages=("en", "ro"),
    helpdesks=("support",),
)


def faults(text: str) -> list[Problem]:
    with pytest.raises(RulesError) as caught:
        parse_rules(text, file="rules.yaml", vocabulary=NAMES)
    return list(caught.value.problems)


def fault_of(when: str, then: str = "{tier: 1}") -> Problem:
    found = faults(f"ordered:\n  - name: Tried\n    when: {when}\n    then: {then}\n{LAST}")
    assert len(found) == 1
    return found[0]


def test_the_starter_rules_are_right() -> None:
    rules = load_rules(
        STARTER_RULES, vocabulary=Vocabulary(tiers=(0, 1, 2), teams=("care", "specialists"))
    )
    assert rules.last.then.tier == 1


def test_all_faults_are_told_at_once_with_file_line_rule_key_and_remedy() -> None:
    text = (
        "ordered:\n"
        "  - name: Spam\n"
        "    when: {topics: [spma]}\n"
        "    then: {tier: 7}\n"
        "  - name: spam\n"
        "    when: {linkz: {at_least: 2}}\n"
        "    then: {tier: 1, repond: none}\n" + LAST
    )
    found = [(p.line, p.key, p.problem, p.remedy) for p in faults(text)]
    assert found == [
        (3, "rule 'Spam', when.topics.0", "there is no topic 'spma'", "Write 'spam'"),
        (4, "rule 'Spam', then.tier", "there is no tier 7", "Set up are: 0, 1, 2"),
        (5, "ordered.1.name", "the name stands already in line 2", "Give each rule its own name"),
        (6, "rule 'spam', when.linkz", "'linkz' is not known here", "Write 'links'"),
        (7, "rule 'spam', then.repond", "'repond' is not known here", "Write 'respond'"),
    ]


@pytest.mark.parametrize(
    ("when", "then", "says"),
    [
        ("{network: []}", "{tier: 1}", "empty list"),
        ("{}", "{tier: 1}", "asks nothing"),
        ("{text: {}}", "{tier: 1}", "asks nothing"),
        ("{text: {any_words: ['***']}}", "{tier: 1}", "no letter"),
        ("{text: {regex: '(a'}}", "{tier: 1}", "no regular expression"),
        ("{text: {regex: '(?=a)b'}}", "{tier: 1}", "no regular expression"),
        ("{text: {regex: 'a*'}}", "{tier: 1}", "matches every text"),
        ("{text: {regex: '(?s).+|^$'}}", "{tier: 1}", "matches every text"),
        ("{network: mastodn}", "{tier: 1}", "no network 'mastodn'"),
        ("{case: {tier: 9}}", "{tier: 1}", "there is no tier 9"),
        ("{case: {tier: {}}}", "{tier: 1}", "asks nothing"),
        ("{author: {followers: {}}, topics: spam}", "{tier: 1}", "asks nothing"),
        ("{any: [{}, {topics: spam}]}", "{tier: 1}", "asks nothing"),
        ("{not: [{}]}", "{tier: 1}", "asks nothing"),
        ("{rating: {at_least: 6}}", "{tier: 1}", "is 6"),
        ("{rating: {at_most: 0}}", "{tier: 1}", "is 0"),
        ("{any: [{topics: spam}, {kind: dm, visibility: public}]}", "{tier: 1}", "can never hold"),
        ("{links: {at_least: 4}}", "{tier: 1, respond: }", "is empty"),
        ("{visibility: secret}", "{tier: 1}", "no visibility"),
        ("{kind: tweet}", "{tier: 1}", "no kind"),
        ("{data: [passwort]}", "{tier: 1}", "no data class"),
        ("{language: [de]}", "{tier: 1}", "no language"),
        ("{account: other}", "{tier: 1}", "no account"),
        ("{links: {at_least: many}}", "{tier: 1}", "not a whole number"),
        ("{length: {at_least: 9, at_most: 3}}", "{tier: 1}", "can never hold"),
        ("{author: {vip: maybe}}", "{tier: 1}", "not true or false"),
        ("{author: {}}", "{tier: 1}", "asks nothing"),
        ("{case: {status: asleep}}", "{tier: 1}", "no status"),
        ("{any: []}", "{tier: 1}", "asks nothing"),
        ("{not: }", "{tier: 1}", "asks nothing"),
        ("[topics]", "{tier: 1}", "not a mapping"),
        ("{links: {at_least: 2}}", "{team: care}", "sets no tier"),
        ("{links: {at_least: 2}}", "{tier: 1, team: marketing}", "no team"),
        ("{links: {at_least: 2}}", "{tier: 1, priority: urgent}", "no priority"),
        ("{links: {at_least: 2}}", "{tier: 1, respond: {public_reply: hi}}", "no template"),
        ("{links: {at_least: 3}}", "{tier: 1, assignee: ana}", "no member's id"),
        ("{links: {at_least: 2}}", "{tier: 1, respond: hello}", "no response"),
        ("{links: {at_least: 2}}", "{tier: 1, respond: {note: hours}}", "needs one of"),
        ("{links: {at_least: 2}}", "{tier: 1, respond: {ticket: sales}}", "no helpdesk"),
        (
            "{links: {at_least: 2}}",
            "{tier: 1, respond: {ticket: support, public_reply: hours}}",
            "needs one of",
        ),
        (
            "{links: {at_least: 2}}",
            "{tier: 1, respond: {public_reply: hours, note: hours}}",
            "only with private_move",
        ),
        ("{links: {at_least: 2}}", "{tier: 1, ignore: true}", "an ignored message has no tier"),
    ],
)
def test_a_wrong_value_is_named(when: str, then: str, says: str) -> None:
    problem = fault_of(when, then)
    assert says in problem.problem
    assert problem.remedy
    assert problem.line in (3, 4)


@pytest.mark.parametrize(
    "key",
    ["tier: 2", "respond: none", "team: care", "hide: true", "ignore: true", "priority: high"],
)
def test_an_always_rule_that_decides_is_refused(key: str) -> None:
    text = f"ordered:\n{LAST}always:\n  - {{name: A, when: always, then: {{{key}}}}}\n"
    (problem,) = faults(text)
    assert "an always-rule only annotates" in problem.problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a mapping"),
        ("ordered: []", "no ordered rule"),
        ("ordered:\n  - {name: A, when: {links: {at_least: 1}}, then: {tier: 1}}", "every message"),
        ("ordered:\n  - {name: A, when: always, then: {tier: 0}}", "not to a person"),
        ("ordered:\n  - {name: A, when: always, then: {ignore: true}}", "no person"),
        (
            "ordered: [{name: A, when: always, then: {tier: 1, respond: {public_reply: hours}}}]",
            "no person",
        ),
    ],
)
def test_the_list_must_end_with_a_person(text: str, says: str) -> None:
    assert any(says in problem.problem for problem in faults(text))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("always", "{topics: [spam]}"),
        ("{topics: [spam, billing]}", "{topics: [billing]}"),
        ("{topics: [billing]}", "{topics: [billing], visibility: public}"),
        ("{links: {at_least: 2}}", "{links: {at_least: 3}}"),
        ("{text: {any_words: [refund, money]}}", "{text: {any_words: [REFUND]}}"),
        ("{text: {any_words: [refund, money]}}", "{text: {all_words: [refund, please]}}"),
        ("{any: [{visibility: public}, {data: any}]}", "{data: [card]}"),
        ("{data: [card, iban]}", "{any: [{data: card}, {data: iban}]}"),
        ("{not: {topics: [spam]}}", "{not: {topics: [spam, abuse]}}"),
        ("{visibility: [public, private]}", "{topics: abuse}"),
        ("{visibility: private}", "{kind: dm}"),
        ("{visibility: private}", "{not: {visibility: public}}"),
        ("{not: {visibility: public}}", "{menu_choice: order}"),
        ("{not: {kind: review}}", "{kind: [dm, comment]}"),
        ("{kind: review}", "{rating: {at_most: 2}}"),
        ("{case: {open: true}}", "{case: {status: [open, pending]}}"),
        ("{business_hours: open}", "{not: {business_hours: closed}}"),
        ("{any: [{business_hours: open}, {business_hours: closed}]}", "{topics: abuse}"),
        ("{any: [{topics: spam}, {topics: abuse}]}", "{topics: [spam, abuse]}"),
        ("{attachments: {at_least: 0}}", "{topics: abuse}"),
        ("{not: {language: unknown}}", "{language: en}"),
        ("{text: {any_words: ['refund*']}}", "{text: {any_words: [refunded, refund please]}}"),
        ("{text: {any_words: [refund]}}", "{text: {all_words: [my refund, 'thank*']}}"),
        ("{text: {all_words: ['refund*']}}", "{text: {any_words: [refunds]}}"),
        ("{text: {any_words: ['*konto']}}", "{text: {any_words: [girokonto, mein konto]}}"),
    ],
)
def test_a_rule_that_can_never_be_reached_is_refused(earlier: str, later: str) -> None:
    text = "ordered:\n"
    text += f"  - {{name: Early, when: {earlier}, then: {{tier: 1}}}}\n"
    text += f"  - {{name: Late, when: {later}, then: {{tier: 2}}}}\n"
    found = [p for p in faults(text + LAST) if "rule 'Late'" in p.key]
    assert [p.problem for p in found] == ["can never be reached: 'Early' above it always wins"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{topics: [billing]}", "{topics: [billing, spam]}"),
        ("{topics: [billing], visibility: public}", "{topics: [billing]}"),
        ("{links: {at_least: 3}}", "{links: {at_least: 2}}"),
        ("{text: {all_words: [refund, please]}}", "{text: {any_words: [refund, please]}}"),
        ("{not: {topics: [spam, abuse]}}", "{not: {topics: [spam]}}"),
        ("{visibility: private}", "{kind: [dm, comment]}"),
        ("{text: {any_words: [refund]}}", "{text: {any_words: ['refund*']}}"),
        ("{text: {any_words: [fund]}}", "{text: {any_words: [refund, funding]}}"),
        ("{text: {any_words: [refund]}}", "{text: {any_words: ['*refund']}}"),
        ("{text: {all_words: [refund, please]}}", "{text: {any_words: ['refund*', please]}}"),
    ],
)
def test_a_rule_that_can_be_reached_is_not_refused(earlier: str, later: str) -> None:
    text = "ordered:\n"
    text += f"  - {{name: Early, when: {earlier}, then: {{tier: 1}}}}\n"
    text += f"  - {{name: Late, when: {later}, then: {{tier: 2}}}}\n"
    assert len(parse_rules(text + LAST, file="f", vocabulary=NAMES).ordered) == 3


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("{all: [{visibility: public}, {visibility: private}]}", "visibility is public and"),
        ("{kind: dm, visibility: public}", "kind is dm and visibility is public"),
        ("{rating: {at_most: 2}, kind: [comment, mention]}", "rating ≤ 2 and kind is"),
        ("{menu_choice: order, visibility: public}", "menu choice is order and"),
        ("{not: {visibility: [public, private]}}", "visibility is not private or public"),
        (
            "{author: {followers: {at_least: 9}}, all: {author: {followers: {at_most: 3}}}}",
            "followers ≥ 9 and followers ≤ 3",
        ),
        ("{topics: [spam], not: {topics: [spam, abuse]}}", "topic is spam and topic is not"),
        ("{all: [{author: {vip: true}}, {author: {vip: false}}]}", "author is a VIP and"),
        ("{case: {open: true, status: closed}}", "joins an open case"),
        ("{case: {open: false, status: [new, pending]}}", "joins no open case"),
        ("{all: [{language: en}, {language: unknown}]}", "language is unknown"),
        (
            "{visibility: public, any: [{kind: dm}, {visibility: private}]}",
            "visibility is public and",
        ),
        ("{visibility: public, not: [{topics: [spam]}, {visibility: public}]}", "is not public"),
        ("{topics: [spam], not: {not: {not: {topics: [spam]}}}}", "topic is not spam"),
        (
            "{topics: [spam, abuse], not: [{topics: spam}, {topics: abuse}]}",
            "topic is abuse or spam and topic is not spam and topic is not abuse",
        ),
        ("{not: [{business_hours: open}, {business_hours: closed}]}", "outside business hours and"),
        (
            "{text: {any_words: [refunded]}, not: {text: {any_words: ['refund*']}}}",
            "text has any of ‘refunded’ and text has none of ‘refund*’",
        ),
    ],
)
def test_conditions_that_exclude_each_other_are_told(when: str, says: str) -> None:
    problem = fault_of(when)
    assert problem.problem.startswith("can never hold: ")
    assert says in problem.problem
    assert problem.key == "rule 'Tried', when"


@pytest.mark.parametrize(
    "when",
    [
        "{all: [{topics: [spam]}, {topics: [abuse]}]}",
        "{kind: [dm, comment], visibility: public}",
        "{links: {at_least: 3}, length: {at_most: 2}}",
        "{case: {open: false, status: closed}}",
        "{visibility: public, any: [{kind: dm}, {kind: comment}]}",
        "{topics: [spam, abuse], not: {topics: [spam]}}",
        "{not: {visibility: public}, kind: dm}",
        "{language: [en, unknown], not: {language: unknown}}",
        "{topics: [spam, abuse], not: [{topics: spam}, {topics: thanks}]}",
        "{not: [{author: {verified: true}}, {author: {verified: false}}]}",
        "{text: {regex: '^\\s*$'}}",
    ],
)
def test_conditions_that_can_hold_together_are_taken(when: str) -> None:
    text = f"ordered:\n  - {{name: A, when: {when}, then: {{tier: 1}}}}\n{LAST}"
    assert len(parse_rules(text, file="f", vocabulary=NAMES).ordered) == 2


def test_without_settings_names_are_not_checked() -> None:
    text = f"ordered:\n  - {{name: A, when: {{account: x}}, then: {{tier: 9, team: y}}}}\n{LAST}"
    assert parse_rules(text, file="f", vocabulary=Vocabulary()).ordered[0].then.team == "y"


def test_a_file_that_is_not_there_is_told_as_a_problem(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        load_rules(tmp_path / "rules.yaml", vocabulary=Vocabulary())
    assert "cannot be read" in caught.value.problems[0].problem


def test_a_ticket_needs_a_helpdesk_to_be_set_up() -> None:
    text = "ordered:\n  - {name: last, when: always, then: {tier: 1, respond: ticket}}\n"
    assert parse_rules(text, file="f", vocabulary=NAMES).ordered
    with pytest.raises(RulesError) as caught:
        parse_rules(text, file="f", vocabulary=replace(NAMES, helpdesks=()))
    assert "there is no helpdesk" in str(caught.value)
    named = text.replace("respond: ticket", "respond: {ticket: support}")
    response = parse_rules(named, file="f", vocabulary=NAMES).ordered[0].then.response
    assert (response.kind, response.helpdesk) == (Answer.TICKET, "support")


@pytest.mark.parametrize(
    ("when", "also"),
    [
        ("{visibility: public, kind: dm}", "can never hold"),
        ("{length: {at_least: 9, at_most: 3}}", "can never hold"),
        ("{topics: [spma]}", "no topic"),
    ],
)
def test_a_missing_last_rule_is_told_beside_what_is_wrong_with_the_one_that_stands_last(
    when: str, also: str
) -> None:
    found = faults(f"ordered:\n  - {{name: A, when: {when}, then: {{tier: 1}}}}\n")
    said = " | ".join(problem.problem for problem in found)
    assert "the last rule does not hold for every message" in said
    assert also in said


@pytest.mark.parametrize("when", ["alwys", "{}"])
def test_a_mistyped_always_is_no_missing_last_rule(when: str) -> None:
    [problem] = faults(f"ordered:\n  - {{name: A, when: {when}, then: {{tier: 1}}}}\n")
    assert problem.key == "rule 'A', when"


def test_two_rules_of_one_name_are_told_on_one_line_and_with_other_spaces_too() -> None:
    for name in ("A b", "a B", "'A  b'"):
        text = (
            f"ordered: [{{name: A b, when: {{topics: spam}}, then: {{tier: 1}}}}, {{name: {name}, "
        )
        [problem] = faults(f"{text}when: always, then: {{tier: 1}}}}]\n")
        assert problem.problem == "the name stands already in line 1"


@pytest.mark.parametrize("then", ["", "    thn: {tier: 1}\n"])
def test_a_last_rule_without_its_outcome_is_no_fault_of_the_one_above(then: str) -> None:
    above = "  - {name: Above, when: {topics: spam}, then: {tier: 1}}\n"
    found = faults(f"ordered:\n{above}  - name: Last\n    when: always\n{then}")
    assert {problem.key.partition(",")[0] for problem in found} <= {"rule 'Last'", "ordered.1.thn"}


@pytest.mark.parametrize(
    ("regex", "remedy"),
    [
        ("(?=a)b", "Look-around"),
        ("(a", "Mend it there"),
        ("((a{1,1000}){1,1000})", "Make it shorter"),
    ],
)
def test_a_regular_expression_is_refused_with_what_is_wrong_with_it(
    regex: str, remedy: str
) -> None:
    problem = fault_of(f"{{text: {{regex: '{regex}'}}}}")
    assert problem.remedy.startswith(remedy)


def test_a_language_that_is_told_apart_may_be_asked_for_and_is_not_answered() -> None:
    text = f"ordered:\n  - {{name: A, when: {{language: ro}}, then: {{tier: 1}}}}\n{LAST}"
    rules = parse_rules(text, file="f", vocabulary=replace(NAMES, answered=("en",)))
    assert rules.languages == frozenset({"en"})


def test_an_always_rule_that_only_says_no_does_nothing() -> None:
    text = f"ordered:\n{LAST}always:\n  - {{name: A, when: always, then: {{watch: false}}}}\n"
    assert [problem.problem for problem in faults(text)] == ["does nothing"]
