"""The knowledge folder: one Markdown file for each article, with what is known of it on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field

from inbox.knowledge import Article
from inbox.plain import paragraphs
from inbox.problem import Problem
from router.document import Document, parse_document
from router.faults import DocumentError
from tierdesk.settings_problems import checked
from tierdesk.settings_shape import Block, Name
from tierdesk.settings_values import Address, Day, Language

_FENCE = "---"
MOST_TEXT = 100_000
"""Characters of an article: what is longer is a book, and would keep messages waiting."""

Words = Annotated[str, Field(strict=True, min_length=1, max_length=2_000)]


class FrontMatter(Block):
    """What stands above an article. `questions` are what customers ask, by language; `answers`
    short texts to send, by language. `language` or `languages`: those the text can be sent in.
    """

    title: Name
    language: Language | None = None
    languages: tuple[Language, ...] = ()
    questions: dict[Language, Annotated[tuple[Name, ...], Field(min_length=1)]]
    visibility: Literal["public", "internal"]
    updated: Day
    owner: Name | None = None
    url: Address | None = None
    answers: dict[Language, Words] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What a look into the folder brought: articles by key, and the faults of the others."""

    articles: Mapping[str, Article]
    problems: Mapping[str, tuple[Problem, ...]]

    def faults(self) -> list[Problem]:
        return [problem for problems in self.problems.values() for problem in problems]


def article_files(directory: Path) -> list[Path]:
    """The files of the knowledge folder that are articles: all but its README, and what editors
    and tools keep under names that begin with a dot.
    """
    return sorted(
        path
        for path in directory.glob("**/*.md")
        if path.name.lower() != "readme.md"
        and not any(part.startswith(".") for part in path.relative_to(directory).parts)
    )


def read_folder(directory: Path, *, address: str | None = None) -> Folder:
    """Every article; `address` is where the public ones can be read, if they have no own."""
    articles: dict[str, Article] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for path in article_files(directory):
        key = path.relative_to(directory).with_suffix("").as_posix()
        article, faults = _read(path, key, address)
        if article is not None:
            articles[key] = article
        else:
            problems[key] = tuple(faults)
    return Folder(articles=articles, problems=problems)


def _read(path: Path, key: str, address: str | None) -> tuple[Article | None, list[Problem]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        above, body = _parts(text)
        document = parse_document(above, file=str(path))
    except (OSError, UnicodeDecodeError):
        return None, [_fault(path, "cannot be read", "Check the rights, and save it as UTF-8")]
    except DocumentError as error:
        return None, list(error.problems)
    except ValueError:
        remedy = "Begin with ---, the keys, and --- again"
        return None, [_fault(path, "has no front matter", remedy)]
    if problem := _body_problem(body):
        return None, [_fault(path, *problem)]
    front, problems = checked(FrontMatter, document)
    problems += [*_language_problems(document, front), *_silent_answers(document, front)]
    if front is None or problems:
        return None, problems
    return _article(front, key, body, address), []


def _body_problem(body: str) -> tuple[str, str] | None:
    """What is wrong with the text below the front matter, and the remedy."""
    if len(body) > MOST_TEXT:
        return f"is longer than {MOST_TEXT:,} characters", "Write one article for one question"
    if not paragraphs(body):
        return "has no text", "Write the article below its front matter"
    return None


def _silent_answers(document: Document, front: FrontMatter | None) -> list[Problem]:
    """Short answers of which nothing is left once headings and comments are taken out."""
    return [
        document.problem(("answers", language), "has no text", "Write it, or leave it out")
        for language, text in (front.answers if front else {}).items()
        if not paragraphs(text)
    ]


def _language_problems(document: Document, front: FrontMatter | None) -> list[Problem]:
    if front is None or bool(front.language) is not bool(front.languages):
        return []
    problem = "has two keys for its language" if front.language else "is missing"
    remedy = "Write `language: en`, or `languages: [en, de]` for a text that holds both"
    return [document.problem(("language",), problem, remedy)]


def _article(front: FrontMatter, key: str, body: str, address: str | None) -> Article:
    public = front.visibility == "public"
    url = front.url or (f"{address.rstrip('/')}/{quote(key)}" if address and public else None)
    return Article(
        key=key,
        title=front.title,
        languages=(front.language,) if front.language else front.languages,
        questions=front.questions,
        body=body.strip(),
        public=public,
        updated=date.fromisoformat(front.updated),
        answers=front.answers,
        owner=front.owner,
        url=url,
    )


def _parts(text: str) -> tuple[str, str]:
    """The block between the fences, an empty line in the first one's place so that lines count,
    and the text below. Raises ValueError where there is no such block."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != _FENCE:
        raise ValueError("no front matter")
    end = next((n for n, line in enumerate(lines) if n and line.strip() == _FENCE), None)
    if end is None:
        raise ValueError("no end of front matter")
    return "\n".join(("", *lines[1:end])), "\n".join(lines[end + 1 :])


def _fault(path: Path, problem: str, remedy: str) -> Problem:
    return Problem(file=str(path), line=1, key="the file", problem=problem, remedy=remedy)
