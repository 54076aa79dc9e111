"""The articles that a command works on: of a configuration, of a plain folder, of the starter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from datetime import timedelta

    from inbox.knowledge import Article, Certainty
    from inbox.problem import Problem
    from tierdesk.current_knowledge import CurrentKnowledge
    from tierdesk.settings import Settings

Folder = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The configuration folder, or a folder of articles.", metavar="DIR"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The articles of a folder; `settings` where it is a whole configuration. `faulty` are those
    that are left out, by key.
    """

    knowledge: CurrentKnowledge
    faulty: Mapping[str, tuple[Problem, ...]]
    settings: Settings | None
    where: str

    def faults(self) -> list[Problem]:
        return [fault for faults in self.faulty.values() for fault in faults]

    @property
    def languages(self) -> frozenset[str]:
        """Those that are answered, else all in which any article has questions."""
        if self.settings is not None and self.settings.languages:
            return frozenset(self.settings.languages)
        return frozenset(key for one in self.knowledge.articles for key in one.questions)

    @property
    def own_contacts(self) -> frozenset[str]:
        return self.settings.desk.own_contacts if self.settings else frozenset()

    @property
    def stale_after(self) -> timedelta:
        from tierdesk.settings_shape import Knowledge

        return self.settings.knowledge.stale_after if self.settings else Knowledge().stale_after


def shelf_of(directory: Path | None) -> Shelf:
    """Of what is wrong with articles it tells, and goes on with the others."""
    shelf = whole_shelf(directory)
    for line in shelf.faults():
        typer.echo(f"left out: {line}", err=True)
    return shelf


def whole_shelf(directory: Path | None) -> Shelf:
    """Ends with what is wrong where anything but an article is."""
    if directory is None:
        with as_file(files("tierdesk.starter") / "knowledge") as starter:
            return _plain(starter, "the starter")
    if not directory.is_dir():
        fail(f"{directory} is no folder.")
    if not (directory / "tierdesk.yaml").exists():
        return _plain(directory, str(directory))
    settings = _settings(directory)
    kept = settings.knowledge
    return Shelf(
        knowledge=_indexed(kept.articles, kept.certainty),
        faulty=kept.faulty,
        settings=settings,
        where=str(directory),
    )


def _plain(directory: Path, where: str) -> Shelf:
    from inbox.knowledge import Certainty
    from tierdesk.knowledge_files import read_folder

    folder = read_folder(directory)
    if not folder.articles and not folder.problems:
        fail(f"{where} holds no article. One is a file that ends with .md.")
    knowledge = _indexed(folder.articles.values(), Certainty())
    return Shelf(knowledge=knowledge, faulty=folder.problems, settings=None, where=where)


def _indexed(articles: Iterable[Article], certainty: Certainty) -> CurrentKnowledge:
    from responders.knowledge.index import KnowledgeIndex
    from tierdesk.current_knowledge import CurrentKnowledge

    return CurrentKnowledge(KnowledgeIndex(articles, certainty=certainty))


def _settings(directory: Path) -> Settings:
    from tierdesk.settings import SettingsError, load_settings

    try:
        return load_settings(directory, os.environ, without_secrets=True)
    except SettingsError as error:
        _refuse(error.problems, str(directory))


def _refuse(problems: Iterable[Problem], where: str) -> NoReturn:
    lines = [str(problem) for problem in problems]
    for line in lines:
        typer.echo(line)
    fail(f"{len(lines)} problem{'s' if len(lines) > 1 else ''} in {where}.")


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
