"""Secrets: only from the environment or `.env`, never from a file that is shared."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import Binding, parse_stream
from pydantic import SecretStr

from inbox.problem import Problem
from router.document import Document, Where

UNFILLED = "replace-me"
"""What `.env.example` has in the place of a secret."""

WRITTEN_SECRET = "a secret does not belong in this file"  # noqa: S105 - a sentence

_SECRET_KEY = re.compile(
    r"(^|_)(tokens?|secrets?|passwords?|passwd|api_?keys?|private_?keys?|credentials?)$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(r"^(xox[a-z]-|xapp-|eyJ[\w-]+\.)|://[^/\s:@]+:[^/\s@]+@")
_VARIABLES: Mapping[Where, str] = {
    ("slack", "bot_token"): "SLACK_BOT_TOKEN",
    ("slack", "app_token"): "SLACK_APP_TOKEN",
    ("slack", "signing_secret"): "SLACK_SIGNING_SECRET",
    ("database", "url"): "DATABASE_URL",
}
_SOURCES = {
    "SLACK_BOT_TOKEN": (
        "xoxb-",
        "the Slack app's page, “OAuth & Permissions”, “Bot User OAuth Token”",
    ),
    "SLACK_APP_TOKEN": (
        "xapp-",
        "the Slack app's page, “Basic Information”, “App-Level Tokens”, with connections:write",
    ),
    "SLACK_SIGNING_SECRET": ("", "the Slack app's page, “Basic Information”, “Signing Secret”"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The variables that count: those of the process, then those of `.env` beside the settings.

    `lines` are where `.env` has them. With `without_secrets` one that is not there is no problem.
    """

    file: Path
    variables: Mapping[str, str] = field(repr=False)
    lines: Mapping[str, int] = field(default_factory=dict)
    without_secrets: bool = False

    def get(self, variable: str) -> str | None:
        """The value; None where there is none or only the placeholder of `.env.example`."""
        value = self.variables.get(variable, "").strip()
        return None if not value or UNFILLED in value else value

    def problem(self, variable: str, problem: str, remedy: str) -> Problem:
        return Problem(
            file=str(self.file),
            line=self.lines.get(variable, 1),
            key=variable,
            problem=problem,
            remedy=remedy,
        )


def read_environment(
    directory: Path, environ: Mapping[str, str], *, without_secrets: bool = False
) -> tuple[Environment, list[Problem]]:
    """The environment with what `.env` adds to it, and what is wrong with that file."""
    file = directory / ".env"
    bindings, problems = _bindings(file) if file.is_file() else ([], [])
    beside = {b.key: b.value for b in bindings if b.key and b.value is not None}
    environment = Environment(
        file=file,
        variables={**beside, **environ},
        lines={b.key: _line(b) for b in bindings if b.key},
        without_secrets=without_secrets,
    )
    return environment, problems


def _bindings(file: Path) -> tuple[list[Binding], list[Problem]]:
    """Every line that sets something or should. A fault never quotes it: it may be a secret."""

    def fault(line: int, key: str, problem: str, remedy: str) -> Problem:
        return Problem(file=str(file), line=line, key=key, problem=problem, remedy=remedy)

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        remedy = "Check the rights, and save it as UTF-8"
        return [], [fault(1, "the file", "cannot be read", remedy)]
    bindings = list(parse_stream(io.StringIO(text)))
    return bindings, [
        fault(_line(b), "the line", "sets nothing", "Write NAME=value, or begin it with #")
        for b in bindings
        if b.error or (b.key and b.value is None)
    ]


def _line(binding: Binding) -> int:
    """Where it stands; what the parser took along are the empty lines before it."""
    line, string = binding.original.line, binding.original.string
    return line + string[: len(string) - len(string.lstrip())].count("\n")


def slack_secret(environment: Environment, variable: str) -> tuple[SecretStr, list[Problem]]:
    """One of Slack's secrets, empty where it is missing."""
    start, source = _SOURCES[variable]
    value = environment.get(variable)
    if value is None:
        missing = environment.problem(variable, "is not set", f"Put it in .env; it is on {source}")
        return SecretStr(""), [] if environment.without_secrets else [missing]
    if not value.startswith(start):
        other = environment.problem(
            variable, f"does not start with {start}", f"Copy it from {source}"
        )
        return SecretStr(""), [other]
    return SecretStr(value), []


def database_url(directory: Path, path: str, environment: Environment) -> tuple[str, list[Problem]]:
    """SQLAlchemy's address of the database: DATABASE_URL, else SQLite in the settings' folder."""
    url = environment.get("DATABASE_URL")
    if url is None:
        return f"sqlite:///{(directory / path).resolve()}", []
    scheme, _, rest = url.partition("://")
    engine = {"postgres": "postgresql", "postgresql": "postgresql"}.get(scheme.split("+")[0])
    if engine and _has_host(url):
        return f"postgresql+psycopg://{rest}", []
    if scheme == "sqlite":
        return url, []
    form = "Write postgresql://user:password@host:5432/name, or leave it out for SQLite"
    return "", [environment.problem("DATABASE_URL", "is not an address of a database", form)]


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def written_secrets(document: Document, of_accounts: Mapping[Where, str]) -> list[Problem]:
    """Secrets that stand in a YAML file, by their key or their look. Never quotes one.

    `of_accounts` gives the variable that the secret of an account or a helpdesk belongs in, by
    its place.
    """
    found = []
    for path, value in _texts(document.data, ()):
        if _SECRET_KEY.search(str(path[-1])) or path in _VARIABLES or _SECRET_VALUE.search(value):
            found.append(
                document.problem(
                    path,
                    WRITTEN_SECRET,
                    f"Remove it here, and put it in .env as {_variable(path, of_accounts)}",
                )
            )
    return found


def _variable(path: Where, of_accounts: Mapping[Where, str]) -> str:
    known = _VARIABLES.get(path[:2])
    if known is None:
        known = of_accounts.get(path[:2])
    return known or re.sub(r"\W+", "_", "_".join(map(str, path)), flags=re.ASCII).upper()


def _texts(data: object, path: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, str(key)))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*path, index))
    elif isinstance(data, str) and path:
        yield path, data
