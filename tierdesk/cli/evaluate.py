"""`tierdesk rules evaluate`: how well the rules decide labelled messages."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inbox.clearance import NOTHING, mask
from tierdesk.cli.given import there
from tierdesk.cli.printed import printable

Semantic = Annotated[bool, typer.Option("--semantic", help="Take the second look, too, at once.")]

if TYPE_CHECKING:
    from rich.table import Table

    from router.evaluation import Evaluation, Figures, Judged
    from tierdesk.cli.explained import Desktop
    from tierdesk.cli.samples import Reading, Sample


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            help="Labelled messages, one JSON object a line; - for the input.",
            metavar="DATA",
            callback=there,
        ),
    ],
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="A file of rules.", metavar="FILE")
    ] = None,
    show: Annotated[int, typer.Option(help="How many of the worst mistakes to show.", min=0)] = 10,
    confusion: Annotated[
        bool, typer.Option("--confusion", help="Tier by tier for each language and topic, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    semantic: Semantic = False,
) -> None:
    """Decide labelled messages and report: found and missed private ones, by language and topic.

    A line has `text` and `tier_expected` (a number, or X for not for us), and if known `lang`,
    `topic`, and whatever else `tierdesk rules explain --file` reads. The status is 1 where a line
    could not be read.
    """
    from router.evaluation import PRIVATE, Evaluation
    from tierdesk.cli.rules import context_of
    from tierdesk.cli.samples import Reading

    desktop = context_of(config, rules, semantic=semantic)
    private = desktop.private_from(PRIVATE)
    evaluation = Evaluation()
    tiers = desktop.desk.tiers if desktop.desk else None
    reading = Reading(file, partial(_labelled, tiers=tiers))
    for judged in _judged(reading, desktop, private):
        evaluation.add(judged)
    if not evaluation.all.messages:
        typer.echo(f"{file} holds no labelled message.", err=True)
        raise typer.Exit(1)
    if as_json:
        whole = {"private_from": private, **_as_json(evaluation, show)}
        typer.echo(json.dumps(whole))
    else:
        _report(evaluation, private, show, every=confusion)
    reading.ended()


def _judged(reading: Reading[Labelled], desktop: Desktop, private: int | None) -> Iterator[Judged]:
    from router.evaluation import IGNORED, Judged
    from tierdesk.cli.samples import together

    for some in together(reading):
        explained = desktop.explain_all([one.sample for _, one in some])
        for (number, one), (found, decision) in zip(some, explained, strict=True):
            yield Judged(
                id=str(number if one.sample.id is None else one.sample.id),
                expected=one.tier,
                decided=IGNORED if decision.tier is None else str(decision.tier),
                language=one.language or found.language or "unknown",
                topic=one.topic or "unlabelled",
                rule=decision.rule,
                text=printable(mask(one.sample.text, found.spans, NOTHING)),
                private=private,
            )


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with what the team says of it; language and topic are empty where it does not."""

    sample: Sample
    tier: str
    language: str
    topic: str


def _labelled(data: Mapping[str, Any], *, tiers: Collection[int] | None) -> Labelled:
    """`tiers` are those of the desk, where it is known. Raises BadLine."""
    from router.evaluation import IGNORED
    from tierdesk.cli.samples import BadLine, sample_of

    sample, tier = sample_of(data), str(data.get("tier_expected", ""))
    if tier != IGNORED and not tier.isdecimal():
        raise BadLine("tier_expected is neither a number nor X")
    if tier != IGNORED and tiers is not None and int(tier) not in tiers:
        raise BadLine(f"the desk has no tier {int(tier)}")
    language, topic = (str(data.get(name) or "") for name in ("lang", "topic"))
    return Labelled(sample, tier if tier == IGNORED else str(int(tier)), language, topic)


# --- what is told ------------------------------------------------------------------------


def _as_json(evaluation: Evaluation, show: int) -> dict[str, object]:
    return {
        "all": _figures(evaluation.all),
        "languages": {name: _figures(one) for name, one in sorted(evaluation.languages.items())},
        "topics": {name: _figures(one) for name, one in sorted(evaluation.topics.items())},
        "worst": [
            {
                "id": judged.id,
                "text": judged.text,
                "tier_expected": judged.expected,
                "tier_decided": judged.decided,
                "rule": judged.rule,
            }
            for judged in evaluation.worst(show)
        ],
    }


def _figures(figures: Figures) -> dict[str, object]:
    """`confusion`: of each labelled tier, how many were decided as which."""
    confusion: dict[str, dict[str, int]] = {}
    for (expected, decided), number in sorted(figures.confusion.items()):
        confusion.setdefault(expected, {})[decided] = number
    return {
        "messages": figures.messages,
        "private": figures.private,
        "recall": figures.recall,
        "precision": figures.precision,
        "by_the_bot": figures.automatic,
        "of_them_private": figures.leaked,
        "confusion": confusion,
    }


def _report(evaluation: Evaluation, private: int | None, show: int, *, every: bool) -> None:
    from rich.console import Console

    groups = {
        f"{title} {name}": figures
        for title, of in (("language", evaluation.languages), ("topic", evaluation.topics))
        for name, figures in sorted(of.items())
    }
    console = Console()
    console.print(_private_ones(evaluation.all, groups, private))
    console.print(_confusion({"all": evaluation.all} | (groups if every else {})))
    worst = _worst(evaluation.worst(show))
    if worst.row_count:
        console.print(worst)


def _private_ones(everything: Figures, groups: Mapping[str, Figures], private: int | None) -> Table:
    from rich.table import Table
    from rich.text import Text

    which = "the desk has no private tier" if private is None else f"tier {private} and above"
    columns = ("", "messages", "private", "recall", "precision", "by the bot", "of them private")
    table = Table(*columns, title=f"Private messages ({which})")
    table.add_row("all", *_cells(everything), style="bold")
    for name, figures in groups.items():
        table.add_row(Text(printable(name)), *_cells(figures))
    return table


def _confusion(groups: Mapping[str, Figures]) -> Table:
    """For each group and labelled tier a row, for each tier that was decided a column."""
    from rich.table import Table
    from rich.text import Text

    pairs = [pair for figures in groups.values() for pair in figures.confusion]
    tiers = sorted({decided for _, decided in pairs}, key=_order)
    table = Table("", "labelled", *(f"decided {tier}" for tier in tiers), title="By tier")
    for name, figures in groups.items():
        labelled = sorted({expected for expected, _ in figures.confusion}, key=_order)
        for at, expected in enumerate(labelled):
            numbers = (figures.confusion[expected, decided] for decided in tiers)
            cells = (str(number or "") for number in numbers)
            table.add_row(Text("" if at else printable(name)), expected, *cells)
        table.add_section()
    return table


def _order(tier: str) -> float:
    """Numbers as they count, X after them."""
    return int(tier) if tier.isdecimal() else inf


def _worst(mistakes: Iterable[Judged]) -> Table:
    from rich.table import Table
    from rich.text import Text

    worst = Table("message", "labelled", "decided", "by rule", title="Worst mistakes")
    for judged in mistakes:
        text = f"{printable(judged.id)}: {judged.text[:200]}"
        worst.add_row(Text(text), judged.expected, judged.decided, Text(judged.rule))
    return worst


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
