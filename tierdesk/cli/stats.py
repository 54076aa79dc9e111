"""`tierdesk rules stats`: what each rule did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from router.rules import AlwaysRule, OrderedRule
    from router.usage import Usage


def stats(
    config: Annotated[
        Path, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ],
    since: Annotated[str, typer.Option(help="How far back: 12h, 30d, 8w.")] = "30d",
) -> None:
    """Count what each rule matched in the stored history, and name those that did nothing.

    `matched`: it decided or annotated, or would have in shadow. `fits`: its condition holds,
    whoever decided.
    """
    from router.engine import OrderedRouter
    from router.usage import Usage
    from tierdesk.cli.history import decided, start_of
    from tierdesk.cli.rules import configured

    read, settings = configured(config)
    usage = Usage(router=OrderedRouter(read), since=start_of(since))
    for was in decided(settings, usage.since):
        usage.add(was.facts, was.decision)
    _show(usage, since, settings.desk.hours.zone)


def _show(usage: Usage, since: str, zone: ZoneInfo) -> None:
    """Days are those of the desk, as it tells them in Slack."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from workspace.words import counted

    console = Console()
    table = Table("", "rule", "matched", "fits", "last", title="Rules")
    for rule, use in usage.rows():
        last = f"{use.last.astimezone(zone):%Y-%m-%d}" if use.last else f"not in {since}"
        fits = str(use.held) if _position(rule) else ""
        table.add_row(_position(rule), Text(_name(rule)), str(use.matched), fits, last)
    console.print(table)
    console.print(f"{counted(usage.messages, 'message')}.")
    for line in _remarks(usage):
        console.print(Text(line))


def _remarks(usage: Usage) -> list[str]:
    from tierdesk.rules_report import beaten

    silent = [rule.name for rule, use in usage.rows() if not use.matched and not use.held]
    lines = [f"Without a match: {', '.join(silent)}."] if silent else []
    lines += map(beaten, usage.beaten())
    gone = usage.gone()
    return lines + ([f"In the list no more: {', '.join(gone)}."] if gone else [])


def _position(rule: OrderedRule | AlwaysRule) -> str:
    from router.rules import OrderedRule

    return str(rule.position) if isinstance(rule, OrderedRule) else ""


def _name(rule: OrderedRule | AlwaysRule) -> str:
    return f"{rule.name} (in shadow)" if rule.shadow else rule.name
