"""Calibration, checks of the articles, and what nobody answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from inbox.knowledge import Article
from inbox.plain import paragraphs, sentences
from responders.knowledge.calibration import Answered, Asked, ask, calibrate, figures
from responders.knowledge.checking import Check
from responders.knowledge.gaps import Question, group
from tests.articles import ALL, GOODWILL, HOURS, RETURNS, an_article, an_index

TODAY = date(2026, 4, 1)


def answered(score: float, margin: float, *, right: bool, answerable: bool = True) -> Answered:
    expected = "hours" if answerable else None
    asked = Asked(text="?", language="en", expected=expected)
    return Answered(asked=asked, score=score, margin=margin, place=1 if right else None)


# --- calibration -------------------------------------------------------------------------


def test_the_threshold_keeps_out_what_is_wrong_and_what_nobody_answers() -> None:
    answers = [
        *(answered(0.8, 0.4, right=True) for _ in range(20)),
        *(answered(0.5, 0.1, right=False) for _ in range(5)),
        *(answered(0.6, 0.5, right=False, answerable=False) for _ in range(5)),
    ]
    found = calibrate(answers, precision=0.95)

    assert found is not None
    assert 0.6 < found.threshold <= 0.8
    counted = figures(answers, found)
    assert (counted.sent, counted.right, counted.none_sent) == (20, 20, 0)
    assert counted.share == 20 / 25
    assert counted.at_least < 0.95


def test_no_threshold_is_given_where_none_is_precise_enough() -> None:
    answers = [answered(0.8, 0.4, right=at % 2 == 0) for at in range(20)]
    assert calibrate(answers, precision=0.95) is None


def test_a_question_is_judged_by_the_place_of_its_article() -> None:
    asked = [
        Asked(text="Is the shop open on Sundays?", language="en", expected="hours"),
        Asked(text="Do you rent submarines?", language="en", expected=None),
    ]
    known, unknown = ask(an_index(), asked)
    assert known.right
    assert not unknown.right
    assert unknown.score < known.score


# --- checks ------------------------------------------------------------------------------


def remarks(
    *articles: Article, languages: tuple[str, ...] = ("en",), faulty: tuple[str, ...] = ()
) -> list[str]:
    check = Check(
        articles=articles,
        knowledge=an_index(*articles),
        languages=languages,
        today=TODAY,
        stale_after=timedelta(days=90),
        faulty=faulty,
    )
    return [f"{one.article}: {one.what}{' !' if one.fault else ''}" for one in check.remarks()]


def test_good_articles_get_no_remark() -> None:
    assert remarks(*ALL) == []


def test_dead_links_and_anchors_are_faults_and_live_ones_are_not() -> None:
    links = (
        "[a](returns.md) [b](returns.md#the-label) [c](#here) [d](https://elsewhere.example/x.md)"
        " [e](gone.md) [f](returns.md#gone) [g](#gone)\n\n# Here\n"
    )
    hours = replace(HOURS, body=HOURS.body + links)
    returns = replace(RETURNS, body=f"{RETURNS.body}\n\n## The label!\n")
    assert remarks(hours, returns) == [
        "hours: links to “gone.md”, which is no article !",
        "hours: links to “returns.md#gone”: there is no such heading !",
        "hours: links to “#gone”: there is no such heading !",
    ]


def test_links_are_resolved_from_the_article_s_own_folder() -> None:
    inner = replace(
        HOURS, key="shop/hours", body=f"{HOURS.body} [a](../returns.md) [b](returns.md)"
    )
    assert remarks(inner, RETURNS) == ["shop/hours: links to “returns.md”, which is no article !"]


INTERNAL = an_article(
    "internal", title="For us", questions={"en": ("What is ours?",)}, public=False
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[gone][r]\n\n[r]: gone.md", "“gone.md”, which is no article"),
        ('Read <a href="gone.md">this</a>.', "“gone.md”, which is no article"),
        ('<p>\n<a class="x" href="gone.md">this</a>\n</p>', "“gone.md”, which is no article"),
        ("[sizes](größe.md#gone)", "“größe.md#gone”: there is no such heading"),
        ("[ours](internal.md)", "“internal.md”, which is internal: customers cannot read it"),
    ],
)
def test_every_kind_of_link_is_followed(text: str, told: str) -> None:
    sizes = an_article("größe", title="Sizes", questions={"en": ("Which size fits me?",)})
    linking = replace(HOURS, body=f"{HOURS.body}\n\n{text}\n")
    answering = replace(HOURS, answers={"ro": text})

    for hours in (linking, answering):
        assert remarks(hours, sizes, INTERNAL) == [f"hours: links to {told} !"]


@pytest.mark.parametrize(
    "text",
    [
        "Write `[text](gone.md)` for a link.",
        "    [text](gone.md)",
        "```\n[text](gone.md)\n```",
        "![a plan](plan.png) [as a file](files/plan.pdf) [bigger](plan.svg#x)",
        '<img src="plan.png"> <!-- [a](gone.md) <a href="gone.md">a</a> -->',
        "[of Ana](<größe für alle.md>) [and](gr%C3%B6%C3%9Fe%20f%C3%BCr%20alle.md#%C3%BCber-uns)",
        "[below](#in-the-shop) [further](#in-html)\n\nIn the `shop`\n===\n\n<a id='in-html'></a>",
        "[so](tel:+40) [or](mailto:a@b.example) [so](/help) [or](//b.example/x) []()",
    ],
)
def test_what_is_no_link_to_an_article_is_no_fault(text: str) -> None:
    sizes = an_article("größe für alle", title="Sizes", body="For all.\n\n## Über uns")
    assert remarks(replace(HOURS, body=f"{HOURS.body}\n\n{text}\n"), sizes) == []


def test_an_internal_article_may_link_another() -> None:
    linking = replace(GOODWILL, body=f"{GOODWILL.body} [more](internal.md) [hours](hours.md)")
    assert remarks(linking, INTERNAL, HOURS) == []


def test_a_link_to_an_article_with_a_fault_is_not_told_as_well() -> None:
    hours = replace(HOURS, body=f"{HOURS.body} [a](broken.md)")
    assert remarks(hours, faulty=("broken",)) == []


def test_old_articles_and_days_to_come_are_told() -> None:
    old = replace(HOURS, updated=TODAY - timedelta(days=91))
    early = replace(RETURNS, updated=TODAY + timedelta(days=1))
    assert remarks(old, early) == [
        "hours: was last confirmed 91 days ago",
        "returns: is confirmed on a day to come (2026-04-02) !",
    ]


def test_the_same_title_question_or_text_twice_is_a_fault() -> None:
    double = an_article("double", title="opening HOURS", questions={"en": ("When are you open?",)})
    found = remarks(HOURS, double, RETURNS)
    assert "double: has the same title “opening HOURS” as hours !" in found
    assert "double: has the same question “When are you open?” as hours !" in found


def test_an_article_that_its_own_question_does_not_find_is_told() -> None:
    lost = an_article("lost", questions={"en": ("Is the shop open on Sundays",)})
    assert [one for one in remarks(HOURS, lost) if "own question" in one] == [
        "lost: is not found first by its own question “Is the shop open on Sundays” (hours is)"
    ]


def test_missing_languages_are_told() -> None:
    assert remarks(RETURNS, languages=("en", "ro", "ru", "tr")) == [
        "returns: has no questions in ru, tr"
    ]


# --- gaps --------------------------------------------------------------------------------


def asked(*texts: str) -> list[Question]:
    return [Question(author=f"a{at}", text=one, language="en") for at, one in enumerate(texts)]


def test_questions_about_one_thing_are_one_gap_with_the_words_of_several_people() -> None:
    [gap] = group(
        asked(
            "Do you rent kayaks?",
            "kayak to rent for a week, mine is at Anna Kowalska's",
            "Can one rent a kayak at yours",
            "Is the lamp dimmable?",
        )
    )
    assert gap.people == 3
    assert set(gap.words) == {"rent"} or set(gap.words) == {"rent", "kayak"}


def test_what_one_person_asks_again_and_again_is_told_to_nobody() -> None:
    again = [Question(author="a", text="Do you rent kayaks?", language="en")] * 9
    assert group(again) == []


# --- plain text --------------------------------------------------------------------------


def test_markdown_becomes_the_text_that_a_network_takes() -> None:
    text = (
        "# Title\n\nFirst **bold** line\ngoes on. See [this](other.md) and "
        "[that](https://x.example).\n\n- *one*\n  still\n- two\n"
    )
    assert paragraphs(text) == [
        "First bold line goes on. See this and that (https://x.example).",
        "• one still\n• two",
    ]
    assert sentences("One. Two? 三。四") == ["One.", "Two?", "三。", "四"]
