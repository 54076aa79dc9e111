"""Secrets: only from the environment or `.env`, never from a file that is shared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
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

    With `without_secrets` a secret that is not there is no problem.
    """

    file: Path
    variables: Mapping[str, str] = field(repr=False)
    without_secrets: bool = False

    def get(self, variable: str) -> str | None:
        """The value; None where there is none or only the placeholder of `.env.example`."""
        value = self.variables.get(variable, "").strip()
        return None if not value or UNFILLED in value else value

    def problem(self, variable: str, problem: str, remedy: str) -> Problem:
        return Problem(
            file=str(self.file),
            line=self._line(variable),
            key=variable,
            problem=problem,
            remedy=remedy,
        )

    def _line(self, variable: str) -> int:
        if not self.file.is_file():
            return 1
        lines = self.file.read_text(encoding="utf-8", errors="replace").splitlines()
        starts = (n for n, text in enumerate(lines, 1) if text.startswith(f"{variable}="))
        return next(starts, 1)


def read_environment(
    directory: Path, environ: Mapping[str, str], *, without_secrets: bool = False
) -> Environment:
    file = directory / ".env"
    beside = dotenv_values(file, interpolate=False) if file.is_file() else {}
    variables = {name: value for name, value in beside.items() if value is not None}
    return Environment(
        file=file, variables={**variables, **environ}, without_secrets=without_secrets
    )


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


def written_secrets(document: Document, of_accounts: Mapping[str, str]) -> list[Problem]:
    """Secrets that stand in a YAML file, by their key or their look. Never quotes one.

    `of_accounts` gives the variable that an account's secret belongs in.
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


def _variable(path: Where, of_accounts: Mapping[str, str]) -> str:
    known = _VARIABLES.get(path[:2])
    if known is None and path[0] == "accounts" and len(path) > 1:
        known = of_accounts.get(str(path[1]))
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
