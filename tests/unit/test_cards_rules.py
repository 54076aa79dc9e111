"""What the desk tells of its rules: all that Slack takes, and how to see the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from inbox.decision import Also, Explanation, Miss
from sandbox.slack.blocks import validate, validate_view
from tests.case_views import a_decision, a_lens, a_stored, a_view, accepted, words_of
from workspace.blocks import Shown
from workspace.explanation import why_answer, why_window
from workspace.fitting import messages
from workspace.reading import CaseView
from workspace.rules_list import RuleUse, rules_list

HOSTILE = "<!channel> & *x* 👩🏽‍🚒 “ " * 100


def explained(misses: Sequence[Miss], **more: Any) -> CaseView:
    why = Explanation(because=("it is",), not_by=tuple(misses), **more)
    return a_view(a_stored("x", decision=a_decision(explanation=why)))


def missed(number: int) -> list[Miss]:
    """As a list of rules is that somebody wrote: no two ask for the same words."""
    return [
        Miss(
            position=n,
            rule=f"Questions about model {n} of the lamp",
            failed=f"text has none of ‘model {n}’, ‘number {n}’, ‘lamp {n}’ and 4 more",
        )
        for n in range(1, number + 1)
    ]


def answer(shown: Shown) -> str:
    """All messages of an answer, each as Slack takes it."""
    parts = list(messages(shown))
    assert len(parts) <= 5
    assert all(map(accepted, parts))
    return "\n".join(map(words_of, parts))


def window(view: CaseView) -> str:
    drawn: Any = why_window(view, a_lens(), "C0CARE")
    assert validate_view(drawn, "modal") == []
    assert len(json.dumps(drawn)) < 250_000
    return json.dumps(drawn, ensure_ascii=False)


def test_why_each_of_121_rules_did_not_decide_is_told_in_full() -> None:
    view = explained(missed(121))

    for shown in (answer(why_answer(view, a_lens(), "C0CARE")), window(view)):
        for miss in missed(121):
            assert f"{miss.position} · {miss.rule}: {miss.failed}" in shown
        assert "do not fit" not in shown


def test_the_window_tells_why_each_of_a_thousand_rules_did_not_decide() -> None:
    shown = window(explained(missed(1000)))

    assert all(f"{miss.position} · {miss.rule}: {miss.failed}" in shown for miss in missed(1000))


def test_what_does_not_fit_is_counted_and_it_is_said_where_it_stands() -> None:
    shown = answer(why_answer(explained(missed(1000)), a_lens(), "C0CARE"))

    told = sum(f" {miss.rule}: " in shown for miss in missed(1000))
    assert told > 300
    assert f"… and {1000 - told} more" in shown
    assert "tierdesk rules explain" in shown


def test_neighbours_that_missed_for_one_reason_share_a_line() -> None:
    one, two, three = missed(3)
    same = Miss(position=2, rule=two.rule, failed=one.failed)
    shown = window(explained([one, same, three]))

    assert f"• 1 · {one.rule}, 2 · {two.rule}: {one.failed}" in shown
    assert f"• 3 · {three.rule}: {three.failed}" in shown


def test_of_rules_that_share_a_line_each_that_is_left_out_is_counted() -> None:
    alike = [Miss(position=n, rule=f"{n} {'long ' * 28}", failed="no") for n in range(1, 1001)]
    shown = answer(why_answer(explained(alike), a_lens(), "C0CARE"))

    told = len(re.findall(r"· \d+ long", shown))
    assert 0 < told < 1000
    assert f"… and {1000 - told} more" in shown


@pytest.mark.parametrize("text", [HOSTILE, "&" * 3000, "правило " * 200, "長い" * 900])
def test_any_words_of_rules_stay_within_what_slack_takes(text: str) -> None:
    alsos = tuple(Also(rule=f"{n} {text}", did=text, because=text) for n in range(300))
    misses = [Miss(position=n, rule=text, failed=f"{n} {text}") for n in range(1, 900)]
    view = explained(misses, also=alsos, shadow=alsos)

    assert "do not fit" in answer(why_answer(view, a_lens(), "C0CARE"))
    assert "do not fit" in window(view)


# --- /tierdesk rules ---------------------------------------------------------------------


def a_use(position: int | None, name: str, month: int = 0) -> RuleUse:
    return RuleUse(position=position, name=name, shadow=False, week=0, month=month)


def test_126_rules_are_listed_to_the_last_always_rule() -> None:
    uses = [a_use(n, f"Rule {n}") for n in range(1, 126)] + [a_use(None, "VIP")]
    shown = answer(rules_list(uses))

    assert all(f"{n} · Rule {n}:" in shown for n in range(1, 126))
    assert "always · VIP:" in shown
    assert "do not fit" not in shown


def test_where_not_all_rules_fit_those_without_a_match_go_first_and_always_rules_stay() -> None:
    ordered = [a_use(n, f"{n} {'rule' * 12}", month=n % 10 == 0) for n in range(1, 1000)]
    always = [a_use(None, f"Always {n}") for n in range(20)]
    shown = answer(rules_list([*ordered, *always]))

    places = [shown.index(f"{use.position} · {use.name}:") for use in ordered if use.month]
    assert places == sorted(places)
    assert all(f"always · {use.name}:" in shown for use in always)
    told = shown.count("\\n• ") - 1
    assert f"… and {len(ordered) + len(always) - told} more" in shown
    assert "tierdesk rules stats" in shown


def test_an_answer_that_fits_is_one_message() -> None:
    shown = rules_list([a_use(1, "Rule")])

    assert list(messages(shown)) == [shown]
    assert validate([*shown.blocks], "message") == []
