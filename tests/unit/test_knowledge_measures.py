"""Calibration, checks of the articles, and what nobody answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from inbox.knowledge import Article
from inbox.plain import paragraphs, sentences
from responders.knowledge.calibration import (
    Answered,
    Asked,
    answer,
    ask,
    calibrate,
    figures,
    too_few,
)
from responders.knowledge.checking import Check
from responders.knowledge.gaps import Question, group
from router.detector import LexiconDetector
from tests.articles import ALL, GIFTS, GOODWILL, HOURS, RETURNS, an_article, an_index

OWN = frozenset({"+40 21 555 01 47"})
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


def test_what_can_be_sent_leaves_out_what_the_product_leaves_to_people() -> None:
    opening = Asked(text="Is the shop open on Sundays?", language="en", expected="hours")
    scratch = Asked(text="My table has a scratch", language="en", expected="goodwill")
    gift = Asked(text="Hediye kartı alabilir miyim?", language="tr", expected="gifts")
    told = [(opening, "en"), (opening, None), (scratch, "en"), (gift, "tr")]
    assert [one.right for one in ask(an_index(), [opening, scratch, gift])] == [True] * 3
    assert [one.right for one in answer(an_index(), told)] == [True, False, False, False]


def test_the_threshold_keeps_what_is_sent_precise_as_well_as_what_is_found() -> None:
    found = [answered(0.8, 0.4, right=True)] * 30 + [answered(0.6, 0.4, right=False)]
    sent = [answered(0.8, 0.4, right=True)] * 5 + [answered(0.6, 0.4, right=False)]
    alone, both = (calibrate(found, *more, precision=0.95) for more in ((), (sent,)))
    assert alone is not None
    assert both is not None
    assert figures(sent, both).sent == 5


def test_a_hundred_questions_are_enough_if_a_fifth_of_them_has_no_article() -> None:
    known = [answered(0.8, 0.4, right=True)]
    unknown = [answered(0.1, 0.0, right=False, answerable=False)]
    assert not too_few(known * 80 + unknown * 20)
    assert too_few(known * 79 + unknown * 20)
    assert too_few(known * 200 + unknown * 19)


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
        detector=LexiconDetector(),
        own_contacts=OWN,
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
    early = replace(RETURNS, updated=TODAY + timedelta(days=2))
    in_the_east = replace(GIFTS, updated=TODAY + timedelta(days=1))
    assert remarks(old, early, in_the_east) == [
        "hours: was last confirmed 91 days ago",
        "returns: is confirmed on a day to come (2026-04-03) !",
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


def test_personal_data_that_is_not_the_brand_s_own_is_told() -> None:
    ours = replace(RETURNS, body="Call +40 21 555 01 47.")
    theirs = replace(
        HOURS, body="Write to tom@shop.example.", answers={"ro": "Sunați la +40 21 555 01 48."}
    )
    internal = replace(theirs, key="note", title="A note", questions={}, public=False)
    assert [one for one in remarks(ours, theirs, internal) if "holds" in one] == [
        "hours: holds “tom@shop.example” (e-mail address), so it is not sent in public",
        "hours: holds “+40 21 555 01 48” (phone number), so it is not sent in public",
    ]


# --- gaps --------------------------------------------------------------------------------


def asked(*texts: str, language: str = "en") -> list[Question]:
    return [Question(author=f"a{at}", text=one, language=language) for at, one in enumerate(texts)]


WRAPPED = (
    "Do you offer gift wrapping?",
    "Can you gift wrap my order?",
    "is gift wrap available",
    "could you wrap it as a gift please",
    "do u do giftwrap",
    "Can I get it gift-wrapped?",
    "how much is gift wrap",
    "I'd like it wrapped for a birthday",
    "do you have wrapping for presents",
    "wrap as a present?",
)
DIMMED = (
    "@brightleaf is the lamp dimmable",
    "@brightleaf can the fern lamp be dimmed",
    "dimmable? @brightleaf",
)
UNLIKE = ("do you rent bikes", "can i bring my dog", "is there a student discount")


@pytest.mark.parametrize(
    ("texts", "language", "word"),
    [
        (WRAPPED, "en", "gift wrap"),
        (DIMMED, "en", "dimmable"),
        (
            ("Есть ли подарочная упаковка?", "подарочную упаковку делаете?", "упакуете в подарок?"),
            "ru",
            "подарочная упаковка",
        ),
        (
            ("ギフトラッピングはできますか", "ギフト包装ありますか", "ラッピングお願いできますか"),
            "ja",
            "ラッピング",
        ),
        (
            ("ランプは調光できますか", "調光対応ですか", "調光機能はありますか"),
            "ja",
            "調光",
        ),
        (
            ("カヤックのレンタルはありますか", "カヤックを借りたい", "カヤックレンタルできますか"),
            "ja",
            "カヤック",
        ),
    ],
)
def test_the_ways_to_ask_for_one_thing_are_one_gap_by_whatever_form_of_its_words(
    texts: tuple[str, ...], language: str, word: str
) -> None:
    [gap] = group([*asked(*texts, language=language), *asked(*UNLIKE)])
    assert gap.people == len(texts)
    assert word in {said.replace("wrapping", "wrap") for said in gap.words}


def test_what_is_asked_in_several_languages_is_one_gap() -> None:
    several = [
        Question(author="a", text="Do you gift wrap?", language="en"),
        Question(author="b", text="Faceți împachetare cadou?", language="ro"),
        Question(author="c", text="Hediye paketi yapıyor musunuz?", language="tr"),
    ]
    assert [gap.people for gap in group(several)] == [3]


def test_the_brand_s_handle_is_nothing_that_people_ask_about() -> None:
    texts = ("@brightleaf bikes?", "dog @brightleaf", "#brightleaf student discount")
    assert group(asked(*texts)) == []


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


def test_what_markdown_hides_is_no_part_of_the_text() -> None:
    text = (
        "You can <!-- not on\n\nMondays -->come.\n[//]: # (never say so)\n\n"
        "<!-- INTERNAL: outsourced -->\n\nBye. <!-- it never ends\n\nsecret"
    )
    assert paragraphs(text) == ["You can come.", "Bye."]


def test_numbered_points_rows_and_code_stay_lines() -> None:
    text = (
        "Then:\n1. Open *My orders*.\n2) Choose **Wrap**\n   now.\n\n"
        "| Country | Cost |\n|:--|--:|\n| Spain \\| P | [4 €](https://x.example) |\n| Japan | |\n\n"
        "Write\n```\n# [a](https://x.example/a_b_c)\n\n- *b*\n```\nnow."
    )
    assert paragraphs(text) == [
        "Then:\n1. Open My orders.\n2) Choose Wrap now.",
        "• Country: Spain | P; Cost: 4 € (https://x.example)\n• Country: Japan",
        "Write",
        "# [a](https://x.example/a_b_c)\n\n- *b*",
        "now.",
    ]
