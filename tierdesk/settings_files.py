"""The files beside the settings: rules and articles, read only to say what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from inbox.problem import Problem
from router.document import DocumentError, parse_document
from router.loader import RulesError, load_rules
from router.vocabulary import Vocabulary
from tierdesk.settings_problems import checked
from tierdesk.settings_shape import Block, Name
from tierdesk.settings_values import Day, Language

_FENCE = "---"


class FrontMatter(Block):
    """What stands above an article. `questions` are what customers ask, by language."""

    title: Name
    language: Language
    questions: dict[Language, Annotated[tuple[Name, ...], Field(min_length=1)]]
    visibility: Literal["public", "internal"]
    updated: Day


def rules_problems(path: Path, vocabulary: Vocabulary) -> list[Problem]:
    try:
        load_rules(path, vocabulary=vocabulary)
    except RulesError as error:
        return list(error.problems)
    return []


def articles(directory: Path) -> list[Path]:
    """The files of the knowledge folder that are articles: all but its README."""
    return sorted(p for p in directory.glob("**/*.md") if p.name.lower() != "readme.md")


def knowledge_problems(directory: Path) -> list[Problem]:
    return [problem for path in articles(directory) for problem in _article_problems(path)]


def _article_problems(path: Path) -> list[Problem]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = parse_document(_front_matter(text), file=str(path))
    except (OSError, UnicodeDecodeError):
        return [_fault(path, "cannot be read", "Check the rights, and save it as UTF-8")]
    except DocumentError as error:
        return list(error.problems)
    except ValueError:
        return [_fault(path, "has no front matter", "Begin with ---, the keys, and --- again")]
    if not text.split(_FENCE, 2)[2].strip():
        return [_fault(path, "has no text", "Write the article below its front matter")]
    return checked(FrontMatter, document)[1]


def _front_matter(text: str) -> str:
    """The block between the fences, an empty line in the first one's place so that lines count."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != _FENCE:
        raise ValueError("no front matter")
    end = next((n for n, line in enumerate(lines) if n and line.strip() == _FENCE), None)
    if end is None:
        raise ValueError("no end of front matter")
    return "\n".join(("", *lines[1:end]))


def _fault(path: Path, problem: str, remedy: str) -> Problem:
    return Problem(file=str(path), line=1, key="the file", problem=problem, remedy=remedy)
