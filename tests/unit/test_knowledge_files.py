"""The knowledge folder: what is read, what is refused, and that a broken file changes nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from responders.knowledge.index import KnowledgeIndex
from tests.settings_folder import SECRETS, change, fill_folder, refusal
from tierdesk.current_knowledge import CurrentKnowledge, KnowledgeReloading
from tierdesk.knowledge_files import read_folder
from tierdesk.settings import load_settings

FRONT = """\
---
title: "{title}"
language: en
questions:
  en: ["{question}"]
visibility: public
updated: "2026-03-01"
---

Some text.
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))
    return path


def good(title: str = "Hours", question: str = "When are you open?") -> str:
    return FRONT.format(title=title, question=question)


def test_an_article_has_its_key_from_its_place_and_its_address_from_the_settings(
    tmp_path: Path,
) -> None:
    write(tmp_path, "shop/hours.md", good())
    write(tmp_path, "README.md", "No article.")
    own = good().replace("language: en", "languages: [en, de]\nurl: https://x.example/h")
    write(tmp_path, "own.md", own.replace("public", "internal"))

    found = read_folder(tmp_path, address="https://shop.example/help/").articles

    assert found["shop/hours"].url == "https://shop.example/help/shop/hours"
    assert (found["own"].languages, found["own"].url) == (("en", "de"), "https://x.example/h")
    assert not found["own"].public
    assert len(found) == 2


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("language: en\n", "", 2, "Write `language: en`"),
        ("language: en\n", "language: en\nlanguages: [de]\n", 3, "two keys for its language"),
        ("visibility: public", "visibility: secret", 6, "visibility"),
        ('updated: "2026-03-01"', "updated: soon", 7, "is not a date"),
        ("updated:", "udpated:", 7, "updated"),
        ('en: ["When are you open?"]', "en: []", 5, "questions"),
        ("---\n\nSome text.\n", "---\n", 1, "has no text"),
        ("Some text.", "# Hours\n\n![](hours.png)\n\n---", 1, "has no text"),
        ("Some text.", "Some text. " * 10_000, 1, "is longer than 100,000 characters"),
        ("visibility:", "answers:\n  ro: '# Program <!-- x -->'\nvisibility:", 7, "answers.ro"),
        ("---\ntitle", "title", 1, "has no front matter"),
    ],
)
def test_a_fault_is_told_with_file_line_and_remedy(
    tmp_path: Path, right: str, wrong: str, line: int, said: str
) -> None:
    assert right in good()
    write(tmp_path, "hours.md", good().replace(right, wrong))

    folder = read_folder(tmp_path)

    assert folder.articles == {}
    told = "\n".join(map(str, folder.faults()))
    assert f"hours.md:{line}: " in told
    assert said in told


def test_an_address_is_one_whatever_the_file_s_name(tmp_path: Path) -> None:
    write(tmp_path, "Shop & co/Returns & größe #1.md", good())

    [article] = read_folder(tmp_path, address="https://shop.example/help").articles.values()

    where = "Shop%20%26%20co/Returns%20%26%20gr%C3%B6%C3%9Fe%20%231"
    assert article.url == f"https://shop.example/help/{where}"


def test_names_that_begin_with_a_dot_are_no_articles(tmp_path: Path) -> None:
    write(tmp_path, "hours.md", good())
    write(tmp_path, ".draft.md", "broken")
    write(tmp_path, ".obsidian/plugin/notes.md", "broken")
    (tmp_path / ".#hours.md").symlink_to("ana@desk.1234:1700000000")  # a lock of Emacs

    folder = read_folder(tmp_path)

    assert list(folder.articles) == ["hours"]
    assert folder.faults() == []


def test_a_broken_article_is_left_out_at_the_start_and_told_by_check(tmp_path: Path) -> None:
    folder = fill_folder(tmp_path)
    change(folder / "knowledge" / "returns.md", "visibility: public", "visibility: hidden")

    knowledge = load_settings(folder, SECRETS).knowledge

    assert "returns" not in {one.key for one in knowledge.articles}
    assert "delivery" in {one.key for one in knowledge.articles}
    assert list(knowledge.faulty) == ["returns"]
    assert "returns.md" in str(refusal(folder).problems[0])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("", "suggest"), ("off", "off"), ("suggest", "suggest"), ("auto", "auto")],
)
def test_an_account_says_what_articles_may_do_there(
    tmp_path: Path, written: str, meant: str
) -> None:
    folder = fill_folder(tmp_path)
    if written:
        key = '    handle: "@brightleaf"\n'
        change(folder / "tierdesk.yaml", key, f"{key}    articles: {written}\n")

    settings = load_settings(folder, SECRETS)

    account = settings.accounts["main"]
    assert account.articles == meant
    assert settings.desk.articles[account.account] == meant
    assert "articles" not in account.data


def test_another_word_for_it_is_refused(tmp_path: Path) -> None:
    folder = fill_folder(tmp_path)
    key = '    handle: "@brightleaf"\n'
    change(folder / "tierdesk.yaml", key, f"{key}    articles: always\n")
    assert "Write off, suggest or auto" in str(refusal(folder).problems[0])


# --- while it runs -----------------------------------------------------------------------


class Shelf:
    """Articles in use, their folder, and what the operator was told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write(folder, "hours.md", good())
        write(folder, "gifts.md", good("Gift cards", "Can one buy gift cards?"))
        self.told: list[str] = []
        articles = read_folder(folder).articles.values()
        self.current = CurrentKnowledge(KnowledgeIndex(articles))
        self.reloading = KnowledgeReloading(
            directory=folder, address=None, current=self.current, tell=self.told.append
        )

    def titles(self) -> dict[str, str]:
        return {one.key: one.title for one in self.current.articles}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_what_is_written_changed_and_deleted_is_in_use_at_the_next_look(shelf: Shelf) -> None:
    write(shelf.folder, "hours.md", good("Opening hours"))
    write(shelf.folder, "jobs.md", good("Jobs", "Do you have jobs?"))
    (shelf.folder / "gifts.md").unlink()

    assert shelf.reloading.turn()

    assert shelf.titles() == {"hours": "Opening hours", "jobs": "Jobs"}
    [hit] = shelf.current.search("do you have jobs", language="en", limit=1)
    assert hit.article.key == "jobs"
    assert shelf.told == []


def test_nothing_is_read_where_nothing_has_changed(shelf: Shelf) -> None:
    assert not shelf.reloading.turn()


def test_a_broken_article_is_told_once_and_what_it_said_before_stays(shelf: Shelf) -> None:
    write(shelf.folder, "hours.md", good().replace("visibility: public", "visibility: hidden"))
    write(shelf.folder, "gifts.md", good("Vouchers", "Can one buy gift cards?"))

    assert shelf.reloading.turn()
    assert not shelf.reloading.turn()

    assert shelf.titles() == {"hours": "Hours", "gifts": "Vouchers"}
    [told] = shelf.told
    assert "hours.md:6" in told
    assert "What it said before stays" in told
    assert str(shelf.folder) not in told


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_folder_that_is_gone_is_told_once_and_its_articles_stay(
    shelf: Shelf, tmp_path_factory: pytest.TempPathFactory, is_empty: bool
) -> None:
    """A folder that was unmounted is an empty one, or none."""
    elsewhere = tmp_path_factory.mktemp("server") / "kb"
    shelf.folder.rename(elsewhere)
    if is_empty:
        shelf.folder.mkdir()

    assert not any(shelf.reloading.turn() for _ in range(3))

    assert set(shelf.titles()) == {"hours", "gifts"}
    [told] = shelf.told
    assert "cannot be reached" in told
    assert "2 in all" in told
    write(elsewhere, "hours.md", good("Opening hours"))
    if is_empty:
        shelf.folder.rmdir()
    elsewhere.rename(shelf.folder)
    assert shelf.reloading.turn()
    assert not shelf.reloading.turn()
    assert shelf.told[1:] == ["The knowledge folder is there again."]
    assert shelf.titles() == {"hours": "Opening hours", "gifts": "Gift cards"}


def test_what_the_start_left_out_is_told_once(shelf: Shelf) -> None:
    write(shelf.folder, "paint.md", "broken")
    broken = read_folder(shelf.folder).problems

    replace(shelf.reloading, left_out=broken).at_start()
    shelf.reloading.at_start()

    [told] = shelf.told
    assert "The knowledge base has 1 problem. The first: paint.md:1" in told
    assert "has no front matter" in told
    assert "It is not in use" in told


def test_a_new_article_that_is_broken_is_not_in_use(shelf: Shelf) -> None:
    write(shelf.folder, "jobs.md", "No front matter.")

    shelf.reloading.turn()

    assert set(shelf.titles()) == {"hours", "gifts"}
    assert "It is not in use" in shelf.told[0]


# --- what a new folder begins with -------------------------------------------------------

NINE = {"de", "en", "es", "fr", "ja", "pt", "ro", "ru", "tr"}


def test_the_starter_says_in_nine_languages_that_it_is_automatic_and_offers_a_person(
    tmp_path: Path,
) -> None:
    book = load_settings(fill_folder(tmp_path), SECRETS).templates
    menu = book.menus.menus["help"]

    assert set(book.templates["article_answer"].variants) == NINE
    assert all(
        "{article_url}" in text for text in book.templates["article_answer"].variants.values()
    )
    assert set(menu.variants) == NINE
    assert all(set(choice.variants) == NINE for choice in menu.choices)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("        en: Something else\n", "", "no text in the fallback language"),
        ("        en: Something else\n", "        en: Hello {name}\n", "has a gap"),
        ("    choices:\n", "    chioces:\n", "is not a known key"),
    ],
)
def test_a_faulty_menu_is_refused(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    folder = fill_folder(tmp_path)
    change(folder / "replies.yaml", right, wrong)
    assert said in str(refusal(folder))
