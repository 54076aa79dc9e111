"""How one Tierdesk is set up: read from a folder, checked whole, then never changed."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from inbox.desk import Desk
from inbox.problem import Problem
from responders.replies import load_replies
from responders.templates import TemplateBook
from router.document import Document, read_document
from router.faults import DocumentError
from router.lexicon import known_languages
from router.semantic.encoder import INSTALL, installed
from router.vocabulary import Vocabulary
from tierdesk import settings_shape as shape
from tierdesk.settings_accounts import (
    Accounts,
    AccountSettings,
    Entries,
    integrations,
    secret_variables,
)
from tierdesk.settings_desk import build_desk, desk_problems, examples_left, written
from tierdesk.settings_files import rules_problems
from tierdesk.settings_helpdesks import Helpdesks, HelpdeskSettings, helpdesk_variables
from tierdesk.settings_knowledge import Automation, KnowledgeSettings, read_knowledge
from tierdesk.settings_problems import SettingsError, checked
from tierdesk.settings_secrets import (
    WRITTEN_SECRET,
    Environment,
    database_url,
    read_environment,
    slack_secret,
    written_secrets,
)

__all__ = [
    "AccountSettings",
    "Detection",
    "HelpdeskSettings",
    "KnowledgeSettings",
    "Retention",
    "Settings",
    "SettingsError",
    "SlackSettings",
    "WebSettings",
    "load_settings",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """`app_token` is empty in HTTP mode, `signing_secret` in Socket Mode. `api_base` ends in /."""

    mode: Literal["socket", "http"]
    api_base: str
    bot_token: SecretStr
    app_token: SecretStr
    signing_secret: SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """`max_body` is the largest request, in bytes; `public_url` how the outside reaches us."""

    host: str
    port: int
    max_body: int
    public_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What detectors look for. `languages` are all whose words are known, answered or not: what is
    private is to be seen in any of them. `phone_regions` are those whose numbers are known without
    their prefix, `order_numbers` regular expressions; `model` whether it is asked beside the words.
    `semantic` whether a sentence encoder looks again at what it doubts, in the background, with
    `semantic_cpu` of CPU a minute.
    """

    languages: tuple[str, ...]
    phone_regions: tuple[str, ...]
    order_numbers: tuple[str, ...]
    model: bool
    semantic: bool
    semantic_cpu: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long the ids of events that were seen, deliveries that are done, and closed cases are
    kept: `cases` is None where they are for ever.
    """

    remembered: timedelta
    delivered: timedelta
    cases: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a person decides about one Tierdesk, checked. Nothing in it prints a secret.

    `look_again` is how often known messages are looked after for edits and deletions;
    `languages` are those that are answered automatically, empty for all. `vocabulary` is what
    rules.yaml may name; `warnings` are what is weak and stops nothing. `instance` names this
    machine among those that share a database; `database_url` is SQLAlchemy's and may hold a
    password.
    """

    directory: Path
    brand: str
    instance: str
    desk: Desk
    slack: SlackSettings
    web: WebSettings
    accounts: Mapping[str, AccountSettings]
    helpdesks: Mapping[str, HelpdeskSettings]
    templates: TemplateBook
    knowledge: KnowledgeSettings
    languages: tuple[str, ...]
    detection: Detection
    retention: Retention
    look_again: timedelta
    rules_path: Path
    vocabulary: Vocabulary
    warnings: tuple[Problem, ...]
    database_url: str = field(repr=False)


def load_settings(
    directory: Path,
    environ: Mapping[str, str],
    *,
    without_secrets: bool = False,
    without_rules: bool = False,
    with_articles: bool = False,
) -> Settings:
    """Read and check all files of a configuration folder.

    Raises SettingsError with every problem of every file. `without_secrets` leaves those empty
    that are not there: such settings are for checking, not for running. `without_rules` leaves
    rules.yaml unread, where another list takes its place. An article with a fault is left out: its
    faults are problems only `with_articles`, for who checks them.
    """
    environment, problems = read_environment(directory, environ, without_secrets=without_secrets)
    reading = _Reading(
        directory, environment, problems, rules=not without_rules, articles=with_articles
    )
    settings = reading.settings()
    if settings is None or reading.faults():
        raise SettingsError(reading.faults())
    return settings


_INSTEAD = {"brand": "?", "hours": {"zone": "UTC"}}
"""For what is missing or wrong, so that all the rest is still looked at."""


class _Reading:
    """One pass over a folder. Every step goes on with what the one before could make out."""

    def __init__(
        self,
        directory: Path,
        environment: Environment,
        problems: Sequence[Problem],
        *,
        rules: bool,
        articles: bool,
    ) -> None:
        self._directory = directory
        self._rules, self._articles = rules, articles
        self._environment = environment
        self._problems = list(problems)

    def _add(self, problems: Iterable[Problem]) -> None:
        """Keep them; a value that is a secret in the wrong place has no second problem."""
        secrets = {(p.file, p.key) for p in self._problems if p.problem == WRITTEN_SECRET}
        self._problems += [p for p in problems if (p.file, p.key) not in secrets]

    def faults(self) -> list[Problem]:
        """Every problem that stops a start, in order of file and line."""
        return self._found(warning=False)

    def _found(self, *, warning: bool) -> list[Problem]:
        found = (problem for problem in self._problems if problem.warning is warning)
        return sorted(found, key=lambda problem: (problem.file, problem.line))

    def settings(self) -> Settings | None:
        document = self._read("tierdesk.yaml")
        file = self._file(document)
        slack, url = self._slack(file), self._database(file, document)
        accounts, helpdesks = self._accounts(file, document), self._helpdesks(file, document)
        replies = self._read("replies.yaml")
        templates = self._templates(replies, file)
        vocabulary = _vocabulary(file, document, replies, templates)
        if self._rules:
            self._add(rules_problems(self._directory / "rules.yaml", vocabulary))
        knowledge = self._knowledge(file, templates)
        if file is None or self.faults():
            return None
        automation = Automation(
            file=file,
            document=document,
            replies=replies,
            book=templates,
            accounts=accounts.values(),
            articles=knowledge.articles,
        )
        self._add(automation.warnings())
        return Settings(
            directory=self._directory,
            brand=file.brand,
            instance=self._environment.get("TIERDESK_INSTANCE") or socket.gethostname(),
            desk=build_desk(file, accounts),
            slack=slack,
            web=_web(file.web),
            accounts=accounts,
            helpdesks=helpdesks,
            templates=templates,
            knowledge=knowledge,
            languages=file.languages,
            detection=_detection(file),
            retention=Retention(**dict(file.retention)),
            look_again=file.polling.look_again,
            rules_path=self._directory / "rules.yaml",
            vocabulary=vocabulary,
            warnings=tuple(self._found(warning=True)),
            database_url=url,
        )

    def _read(self, name: str) -> Document:
        path = self._directory / name
        try:
            return read_document(path)
        except DocumentError as error:
            self._add(error.problems)
            return error.rest or Document(file=str(path), data={}, lines={})

    def _file(self, document: Document) -> shape.File | None:
        if any(p.file == document.file and p.key == "the file" for p in self._problems):
            return None
        file, problems = checked(shape.File, document, instead=_INSTEAD)
        variables = secret_variables(_block(document, "accounts"))
        variables |= helpdesk_variables(_block(document, "helpdesks"))
        self._add(written_secrets(document, variables))
        self._add(problems)
        if file is not None:
            faulty = [problem.key for problem in problems]
            self._add(p for p in desk_problems(file, document) if not _follows(p.key, faulty))
            self._add(_second_looks_problems(file, document))
            if not self._environment.without_secrets:
                self._add(examples_left(file, document))
        return file

    def _slack(self, file: shape.File | None) -> SlackSettings:
        slack = file.slack if file else shape.Slack()
        needed = "SLACK_APP_TOKEN" if slack.mode == "socket" else "SLACK_SIGNING_SECRET"
        secrets = {}
        for variable in ("SLACK_BOT_TOKEN", needed):
            secrets[variable], problems = slack_secret(self._environment, variable)
            self._add(problems)
        return SlackSettings(
            mode=slack.mode,
            api_base=slack.api_base.rstrip("/") + "/",
            bot_token=secrets["SLACK_BOT_TOKEN"],
            app_token=secrets.get("SLACK_APP_TOKEN", SecretStr("")),
            signing_secret=secrets.get("SLACK_SIGNING_SECRET", SecretStr("")),
        )

    def _database(self, file: shape.File | None, document: Document) -> str:
        path = file.database.path if file else shape.Database().path
        url, problems = database_url(self._directory, path, self._environment)
        self._add(problems)
        here = self._environment.get("DATABASE_URL") is None
        if here and not (self._directory / path).parent.is_dir():
            remedy = "Make that folder, or name one that is there"
            problem = "is in a folder that is not there"
            self._add([document.problem(("database", "path"), problem, remedy)])
        return url

    def _accounts(self, file: shape.File | None, document: Document) -> dict[str, AccountSettings]:
        if file is None:
            return {}
        entries = self._entries("accounts", document)
        accounts = Accounts(entries, file.polling.every).read(file.accounts)
        self._add(entries.problems)
        return accounts

    def _knowledge(self, file: shape.File | None, book: TemplateBook) -> KnowledgeSettings:
        wanted = file.knowledge if file else shape.Knowledge()
        knowledge = read_knowledge(self._directory / "knowledge", wanted, book)
        if self._articles:
            self._add(problem for each in knowledge.faulty.values() for problem in each)
        return knowledge

    def _helpdesks(
        self, file: shape.File | None, document: Document
    ) -> dict[str, HelpdeskSettings]:
        if file is None:
            return {}
        entries = self._entries("helpdesks", document)
        helpdesks = Helpdesks(entries, file.polling.every).read(file.helpdesks)
        self._add(entries.problems)
        return helpdesks

    def _entries(self, block: str, document: Document) -> Entries:
        return Entries(block=block, document=document, environment=self._environment)

    def _templates(self, document: Document, file: shape.File | None) -> TemplateBook:
        if not document.lines:
            return TemplateBook(fallback="", templates={})
        self._add(written_secrets(document, {}))
        book, problems = load_replies(document, brand=file.brand if file else "")
        self._add(problems)
        return book


def _follows(key: str, faulty: list[str]) -> bool:
    """Whether a problem may only be there because a value below it was left out."""
    return any(other == key or other.startswith(f"{key}.") for other in faulty)


def _block(document: Document, name: str) -> object:
    return document.data.get(name) if isinstance(document.data, dict) else None


def _vocabulary(
    file: shape.File | None, document: Document, replies: Document, book: TemplateBook
) -> Vocabulary:
    """What rules may name, taken from the files as written: a team with a fault is still known."""
    numbers = written(document, "tiers") or frozenset({"?"})
    for_agents = book.templates.keys() - book.automatic
    templates = written(replies, "replies")
    return Vocabulary(
        tiers=frozenset(map(int, numbers)) if all(map(str.isdecimal, numbers)) else None,
        teams=written(document, "teams"),
        channels=written(document, "channels"),
        accounts=written(document, "accounts"),
        helpdesks=written(document, "helpdesks") or frozenset(),
        templates=None if templates is None else templates - for_agents,
        for_agents=for_agents,
        menus=None if templates is None else written(replies, "menus") or frozenset(),
        choices=None if templates is None else _choices(replies),
        networks=frozenset(integrations()),
        languages=_detection(file).languages if file else None,
        answered=frozenset(file.languages) if file and file.languages else None,
    )


def _choices(replies: Document) -> frozenset[str]:
    """What the menus offer, as written: one with a fault is still known."""
    menus = _block(replies, "menus")
    written_ones = menus.values() if isinstance(menus, dict) else ()
    blocks = (menu.get("choices") for menu in written_ones if isinstance(menu, dict))
    return frozenset(key for block in blocks if isinstance(block, dict) for key in block)


def _second_looks_problems(file: shape.File, document: Document) -> list[Problem]:
    semantic, model = file.detection.semantic, file.detection.model
    where = ("detection", "semantic", "enabled")
    if semantic.enabled and not model:
        remedy = "Set detection.model to true, or this to false"
        return [
            document.problem(where, "looks again at what the model doubts, and it is off", remedy)
        ]
    if semantic.enabled and not installed():
        remedy = f"Install it: {INSTALL}"
        return [document.problem(where, "needs a sentence encoder that is not installed", remedy)]
    return []


def _detection(file: shape.File) -> Detection:
    return Detection(
        languages=tuple(sorted({*file.languages, *known_languages()})),
        phone_regions=file.detection.phone_regions,
        order_numbers=file.detection.order_numbers,
        model=file.detection.model,
        semantic=file.detection.semantic.enabled,
        semantic_cpu=file.detection.semantic.cpu,
    )


def _web(web: shape.Web) -> WebSettings:
    return WebSettings(
        host=web.host, port=web.port, max_body=int(web.max_body), public_url=web.public_url
    )
