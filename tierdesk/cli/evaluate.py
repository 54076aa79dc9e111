"""`tierdesk rules evaluate`: how well the rules decide labelled messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inbox.clearance import NOTHING, mask

Semantic = Annotated[bool, typer.Option("--semantic", help="Take the second look, too, at once.")]

if TYPE_CHECKING:
    from router.evaluation import Evaluation, Figures, Judged
    from tierdesk.cli.explained import Desktop, Sample


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            help="Labelled messages, one JSON object a line.",
            metavar="DATA",
            exists=True,
            dir_okay=False,
        ),
    ],
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="A file of rules.", metavar="FILE")
    ] = None,
    show: Annotated[int, typer.Option(help="How many of the worst mistakes to show.")] = 10,
    semantic: Semantic = False,
) -> None:
    """Decide labelled messages and report: found and missed private ones, by language and topic.

    A line has `text` and `tier_expected` (a number, or X for not for us), and if known `id`,
    `lang`, `topic`, `network`, `visibility`.
    """
    from router.evaluation import Evaluation
    from tierdesk.cli.rules import context_of

    evaluation = Evaluation()
    for judged in _judged(file, context_of(config, rules, semantic=semantic)):
        evaluation.add(judged)
    if not evaluation.all.messages:
        typer.echo(f"{file} holds no labelled message.", err=True)
        raise typer.Exit(1)
    _report(evaluation, show)


def _judged(file: Path, desktop: Desktop) -> Iterator[Judged]:
    from router.evaluation import IGNORED, Judged
    from tierdesk.cli.explained import bounded, together

    with file.open("rb") as lines:
        for some in together(_labelled(file, enumerate(bounded(lines), 1))):
            explained = desktop.explain_all([sample for _, sample, _ in some])
            for (number, sample, label), (found, decision) in zip(some, explained, strict=True):
                yield Judged(
                    id=str(number if sample.id is None else sample.id),
                    expected=label["tier_expected"],
                    decided=IGNORED if decision.tier is None else str(decision.tier),
                    language=label["lang"] or found.language or "unknown",
                    topic=label["topic"] or "unlabelled",
                    rule=decision.rule,
                    text=mask(sample.text, found.spans, NOTHING),
                )


def _labelled(
    file: Path, lines: Iterable[tuple[int, bytes | None]]
) -> Iterator[tuple[int, Sample, dict[str, str]]]:
    """Messages with their numbers and labels; lines that cannot be read are named."""
    from tierdesk.cli.explained import BadLine, read_sample

    for number, line in lines:
        try:
            yield number, read_sample(line), _label(line)
        except BadLine as error:
            typer.echo(f"{file}:{number}: {error}. The line is left out.", err=True)


def _label(line: bytes | None) -> dict[str, str]:
    """What the team says of a message. Raises BadLine."""
    from tierdesk.cli.explained import BadLine

    data = json.loads(line or b"{}")
    tier = str(data.get("tier_expected", ""))
    if not (tier.isdecimal() or tier == "X"):
        raise BadLine("tier_expected is neither a number nor X")
    return {"tier_expected": tier} | {name: str(data.get(name) or "") for name in ("lang", "topic")}


def _report(evaluation: Evaluation, show: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    columns = ("", "messages", "private", "recall", "precision", "by the bot", "of them private")
    table = Table(*columns, title="Private messages (tier 2 and above)")
    table.add_row("all", *_cells(evaluation.all), style="bold")
    for title, groups in (("language", evaluation.languages), ("topic", evaluation.topics)):
        for name, figures in sorted(groups.items()):
            table.add_row(f"{title} {name}", *_cells(figures))
    console.print(table)
    counts = Table("labelled", "decided", "messages", title="By tier")
    for (expected, decided), number in sorted(evaluation.confusion.items()):
        counts.add_row(expected, decided, str(number))
    console.print(counts)
    worst = Table("message", "labelled", "decided", "by rule", title="Worst mistakes")
    for judged in evaluation.worst(show):
        text = "".join(char if char.isprintable() else " " for char in judged.text[:200])
        worst.add_row(
            Text(f"{judged.id}: {text}"), judged.expected, judged.decided, Text(judged.rule)
        )
    if worst.row_count:
        console.print(worst)


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        str(figures.messages),
        str(figures.private),
        _share(figures.recall),
        _share(figures.precision),
        str(figures.automatic),
        str(figures.leaked),
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
