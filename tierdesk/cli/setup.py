"""`tierdesk init`, `check` and `doctor`: from nothing to a configuration that is right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tierdesk.settings import Settings

SECRETS_FILE = ".env"

Directory = Annotated[Path, typer.Argument(help="The configuration folder.", metavar="DIR")]


def init(directory: Directory) -> None:
    """Write a commented starter configuration into DIR. Never overwrites a file."""
    from tierdesk.starter import starter_files

    files = starter_files()
    secrets = files.pop(SECRETS_FILE)
    there = [name for name in files if (directory / name).exists()]
    if there:
        names = ", ".join(there)
        typer.echo(
            f"Nothing was written: {directory} already has {names}. Choose another folder.",
            err=True,
        )
        raise typer.Exit(1)
    try:
        _write(directory, files)
        _write_secrets(directory / SECRETS_FILE, secrets)
    except OSError as error:
        typer.echo(f"{error.filename}: cannot be written: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Wrote {', '.join(files)} to {directory}.")
    typer.echo(
        f"Fill in {directory / SECRETS_FILE} and tierdesk.yaml, then: tierdesk check {directory}"
    )


def _write(directory: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)


def _write_secrets(path: Path, text: str) -> None:
    """Only the owner may read it; one that is there already is kept."""
    if not path.exists():
        with open(path, "x", encoding="utf-8", opener=_private) as file:
            file.write(text)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def check(
    directory: Directory = Path(),
    secrets: Annotated[
        bool, typer.Option("--secrets/--no-secrets", help="Whether the secrets must be there.")
    ] = True,
) -> None:
    """Check settings, rules, replies and articles in DIR; all that is wrong, at once."""
    from tierdesk.settings import SettingsError, load_settings

    try:
        settings = load_settings(
            directory, os.environ, without_secrets=not secrets, with_articles=True
        )
    except SettingsError as error:
        for problem in error.problems:
            typer.echo(str(problem))
        count = len(error.problems)
        typer.echo(f"{count} problem{'s' if count > 1 else ''} in {directory}.", err=True)
        if not (directory / "tierdesk.yaml").exists():
            typer.echo(f"For a folder to begin with: tierdesk init {directory}", err=True)
        raise typer.Exit(1) from None
    if failing := _failing_examples(settings):
        typer.echo("\n".join(failing))
        typer.echo(f"{len(failing)} of the examples in the rules fail.", err=True)
        raise typer.Exit(1)
    for name, value in _summary(settings):
        typer.echo(f"{name:<10} {value}")
    for warning in settings.warnings:
        typer.echo(str(warning))


def _failing_examples(settings: Settings) -> list[str]:
    from router.loader import load_rules
    from tierdesk.cli.rules import failing_examples

    rules = load_rules(settings.rules_path, vocabulary=settings.vocabulary)
    return [str(problem) for problem in failing_examples(rules, settings, settings.rules_path)]


def _summary(settings: Settings) -> Iterator[tuple[str, str]]:
    from router.loader import load_rules

    desk = settings.desk
    rules = load_rules(settings.rules_path, vocabulary=settings.vocabulary)
    yield "Brand", settings.brand
    yield "Slack", f"{settings.slack.mode} mode, {settings.slack.api_base}"
    yield "Database", settings.database_url.partition(":")[0].partition("+")[0]
    for account in settings.accounts.values():
        yield "Account", str(account.account)
    for tier in desk.tiers.values():
        place = f"#{tier.channel}, {tier.team}" if tier.channel else "nobody"
        yield f"Tier {tier.number}", f"{tier.name}: {place}{', private' if tier.private else ''}"
    for channel in desk.channels.values():
        shown = ", ".join(sorted(channel.clearance.shows)) or "nothing personal"
        yield "Channel", f"{channel.key} ({channel.id}) shows {shown}"
    yield (
        "Rules",
        f"{len(rules.ordered)} ordered, {len(rules.always)} always, version {rules.version}",
    )
    yield "Replies", ", ".join(settings.templates.templates)
    yield "Articles", str(len(settings.knowledge.articles))


def doctor(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Ask the networks of this folder's accounts, too.", metavar="[DIR]"),
    ] = None,
) -> None:
    """Check that this installation is whole, and with DIR that each account is set up right.

    The networks are asked about token, permissions and webhook; nothing is changed there.
    """
    from tierdesk.cli.channels import ask_networks
    from tierdesk.doctor import examine

    all_well = True
    for finding in (*examine(), *(() if directory is None else ask_networks(directory))):
        typer.echo(f"{'ok ' if finding.well else 'BAD'}  {finding.says}")
        all_well = all_well and finding.well
    if not all_well:
        raise typer.Exit(1)
