"""`tierdesk check` tells where articles can never answer by themselves, or would say too little."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from responders.knowledge.index import KnowledgeIndex
from responders.knowledge.judging import judge
from tests.settings_folder import SECRETS, change, fill_folder, refusal
from tierdesk.cli import app
from tierdesk.settings import load_settings

HANDLE = '    handle: "@brightleaf"\n'
ADDRESS = "  # address: https://shop.example/help"

Change = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk whose articles answer by themselves."""
    fill_folder(tmp_path)
    change(tmp_path / "tierdesk.yaml", HANDLE, f"{HANDLE}    articles: auto\n")
    change(tmp_path / "tierdesk.yaml", ADDRESS, "  address: https://shop.example/help")
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Change:
    return partial(change, folder / "tierdesk.yaml")


@pytest.fixture
def replies(folder: Path) -> Change:
    return partial(change, folder / "replies.yaml")


def warnings(folder: Path) -> list[str]:
    """Without the folder's name."""
    told = load_settings(folder, SECRETS).warnings
    return [str(one).removeprefix(f"{folder}/") for one in told]


def line_of(folder: Path, words: str, file: str = "tierdesk.yaml") -> int:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_what_can_answer_gets_no_warning(folder: Path) -> None:
    assert warnings(folder) == []


def test_articles_without_an_address_are_told_where_they_should_be_sent(
    folder: Path, settings: Change
) -> None:
    settings("  address: https://shop.example/help", "")
    line = line_of(folder, "articles: auto")
    assert warnings(folder) == [
        f"tierdesk.yaml:{line}: warning: accounts.main.articles: nothing is sent by itself: no"
        " public article has an address. Write under knowledge where customers read them, as in"
        " `address: https://shop.example/help`, or `url` into an article"
    ]
    article = folder / "knowledge" / "delivery.md"
    change(article, "visibility: public", "visibility: public\nurl: https://shop.example/d")
    assert warnings(folder) == []


def test_a_desk_without_self_service_is_told(folder: Path, settings: Change) -> None:
    change(folder / "rules.yaml", "tier: 0", "tier: 1")
    settings("  0:\n    name: Self-service\n", "")
    [told] = warnings(folder)
    assert told.startswith(f"tierdesk.yaml:{line_of(folder, 'articles: auto')}: warning: ")
    assert "there is no tier 0 without a channel. Add `0: {name: Self-service}`" in told


def test_languages_that_are_answered_in_other_words_are_told(
    folder: Path, settings: Change
) -> None:
    settings("languages: [en, ro, tr, ru, ja]", "languages: [en, it, nl]")
    line = line_of(folder, "  article_answer:", "replies.yaml") + 3
    assert warnings(folder) == [
        f"replies.yaml:{line}: warning: replies.article_answer.text: has no text in it, nl: no"
        " article is sent by itself in such a language. Add a line `it: …`, and so on"
    ]


def test_where_all_languages_are_answered_it_is_told_of_those_of_the_articles(
    folder: Path, settings: Change
) -> None:
    settings("languages: [en, ro, tr, ru, ja]", "languages: []")
    assert warnings(folder) == []
    change(folder / "knowledge" / "delivery.md", "language: en", "languages: [en, it]")
    assert "has no text in it: " in warnings(folder)[0]


ASKED = "Envoyez-vous au Japon ?"


def test_an_article_is_said_by_itself_only_where_it_can_be_said_that_it_is_automatic(
    folder: Path, replies: Change
) -> None:
    change(folder / "knowledge" / "delivery.md", "  ro:\n", f'  fr: ["{ASKED}"]\n  ro:\n')
    change(folder / "knowledge" / "delivery.md", "language: en", "languages: [en, fr]")
    before = judge(indexed(folder), ASKED, "fr")
    replies("      fr: |-\n        {answer}\n", "      it: |-\n        {answer}\n")
    after = judge(indexed(folder), ASKED, "fr")
    assert before.sent is not None
    assert after.why_not == "the reply that an article is sent with has no text in fr"


def indexed(folder: Path) -> KnowledgeIndex:
    kept = load_settings(folder, SECRETS).knowledge
    return KnowledgeIndex(kept.articles, certainty=kept.certainty)


def test_agents_who_see_less_than_customers_are_sent_is_told(
    folder: Path, settings: Change
) -> None:
    settings("suggest: 0.25 ", "suggest: 0.9 ")
    assert warnings(folder) == [
        f"tierdesk.yaml:{line_of(folder, 'suggest: 0.9')}: warning: knowledge.suggest: is above the"
        " threshold (0.38), so an article that no agent is shown could be sent. Write 0.38 or less"
    ]


def test_nothing_is_told_where_articles_are_only_suggested(folder: Path, settings: Change) -> None:
    settings("articles: auto", "articles: suggest")
    settings("  address: https://shop.example/help", "")
    settings("languages: [en, ro, tr, ru, ja]", "languages: [en, it]")
    assert warnings(folder) == []


def test_check_prints_warnings_and_ends_well(folder: Path, settings: Change) -> None:
    settings("suggest: 0.25 ", "suggest: 0.9 ")
    result = CliRunner().invoke(app, ["check", str(folder)], env=SECRETS)
    assert result.exit_code == 0, result.output
    assert f"{folder}/tierdesk.yaml:{line_of(folder, 'suggest: 0.9')}: warning: " in result.stdout


def test_a_threshold_that_anything_reaches_is_refused(folder: Path, settings: Change) -> None:
    settings("threshold: 0.38 ", "threshold: 0 ")
    [told] = refusal(folder).problems
    assert str(told).endswith("knowledge.threshold: is too small. Write more than 0")
    assert told.line == line_of(folder, "threshold: 0 ")


# --- the replies -------------------------------------------------------------------------


def test_an_answer_that_says_nothing_of_its_article_is_refused(
    folder: Path, replies: Change
) -> None:
    italian = "      it: Look at our site, {article_title}.\n"
    replies("      pt: |-\n        {answer}\n", f"{italian}      pt: |-\n        {{answer}}\n")
    [told] = refusal(folder).problems
    assert told.line == line_of(folder, "Look at our site", "replies.yaml")
    assert "says nothing of the article. Write {answer}, {article_url} or both" in str(told)


def test_a_gap_that_can_never_be_filled_is_refused(folder: Path, replies: Change) -> None:
    replies("en: Thank you for your kind words, {name}!", "en: Thank you! {answer}")
    [told] = refusal(folder).problems
    assert told.line == line_of(folder, "Thank you! {answer}", "replies.yaml")
    assert "only the reply article_answer can fill: {answer}. Remove it" in str(told)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("        en: Something else\n", "        en: a payment, or MY account!\n"),
        ("        es: Otra cosa\n", "        es: Altceva\n"),
    ],
)
def test_choices_that_nobody_could_tell_apart_are_refused(
    folder: Path, replies: Change, right: str, wrong: str
) -> None:
    replies("        en: A payment or my account\n", "        en: A payment, or my account\n")
    replies("        pt: Um pagamento ou a minha conta\n", "        pt: Altceva\n")
    replies(right, wrong)
    told = refusal(folder).problems[0]
    assert "says the same as the choice “money”, and so could not be chosen" in str(told)
    assert told.key.startswith("menus.help.choices.other.")


def test_a_reply_for_agents_is_told_as_such(folder: Path, replies: Change) -> None:
    replies("    for: automatic\n", "    for: agents\n")
    told = refusal(folder).problems
    assert {one.problem for one in told} == {"the reply 'article_answer' is for agents only"}
    assert {Path(one.file).name for one in told} == {"rules.yaml"}
