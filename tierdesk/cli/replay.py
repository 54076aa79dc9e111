"""`tierdesk rules replay`: what a new list of rules would have done with what has been."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import structs

from inbox.clearance import NOTHING, mask
from inbox.facts import SEMANTIC

if TYPE_CHECKING:
    from inbox.decision import Decision
    from inbox.facts import Findings
    from inbox.ports import Detector
    from router.replay import Decided, Move, Tally
    from tierdesk.cli.explained import Desktop, Sample

MOVED = 3
"""Exit status where messages move, so that a pipeline can ask for a look."""


def replay(
    config: Annotated[
        Path, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ],
    rules: Annotated[Path, typer.Option("--rules", help="The new list.", metavar="FILE")],
    since: Annotated[str, typer.Option(help="How far back: 12h, 30d, 8w.")] = "30d",
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="Messages, one JSON object a line, instead of the history.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    redetect: Annotated[
        bool, typer.Option("--redetect", help="Look at the texts anew with today's detectors.")
    ] = False,
    show: Annotated[int, typer.Option(help="How many messages that move to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Try a new list of rules on the stored history, or on a file of messages.

    Nothing is changed and nothing sent. The status is 0 where no message moves, 3 where some do.
    """
    from router.engine import OrderedRouter
    from router.replay import Tally
    from router.replay import replay as run
    from tierdesk.cli.history import decided, how_many, start_of
    from tierdesk.cli.rules import context_of, read_rules

    read, settings, _ = read_rules(config, rules)
    today = context_of(config, None)
    total = None
    if file is not None:
        history = _file(file, today)
    elif settings is not None:
        start = start_of(since)
        history, total = decided(settings, start), how_many(settings, start)
    if redetect:
        history = anew(history, today.detector)
    tally = Tally()
    moves = run(_watched(history, total, quiet=as_json), OrderedRouter(read), tally)
    if as_json:
        for move in moves:
            typer.echo(json.dumps(_as_json(move), ensure_ascii=False))
    else:
        _tables(moves, tally, show)
    raise typer.Exit(MOVED if tally.moved else 0)


def _file(file: Path, today: Desktop) -> Iterator[Decided]:
    """A file's messages as the rules of today decide them."""
    from router.replay import Decided
    from tierdesk.cli.explained import bounded, together

    with file.open("rb") as lines:
        for some in together(_samples(file, enumerate(bounded(lines), 1))):
            found = today.facts_of([sample for _, sample in some])
            for (number, sample), (_, facts) in zip(some, found, strict=True):
                name = str(number if sample.id is None else sample.id)
                yield Decided(id=name, facts=facts, decision=today.router.route(facts))


def _samples(file: Path, lines: Iterable[tuple[int, bytes | None]]) -> Iterator[tuple[int, Sample]]:
    """Those that can be read, with their numbers; the others are named."""
    from tierdesk.cli.explained import BadLine, read_sample

    for number, line in lines:
        try:
            yield number, read_sample(line)
        except BadLine as error:
            typer.echo(f"{file}:{number}: {error}. The line is left out.", err=True)


def anew(history: Iterable[Decided], detector: Detector) -> Iterator[Decided]:
    """The same messages with all that today's detectors find in their texts, and what a second look
    found in them, which is not taken again.
    """
    from tierdesk.cli.explained import together

    for some in together(history):
        found = detector.detect_all([(was.facts.text, was.facts.language) for was in some])
        yield from map(_found, some, found)


def _found(was: Decided, found: Findings) -> Decided:
    kept = (topic for topic in was.facts.topics if topic.source == SEMANTIC)
    today = structs.asdict(found) | {"topics": (*found.topics, *kept)}
    new = {name: today[name] for name in was.facts.__struct_fields__ if name in today}
    return replace(was, facts=structs.replace(was.facts, **new))


def _watched(history: Iterable[Decided], total: int | None, *, quiet: bool) -> Iterator[Decided]:
    """A bar that runs along on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    hidden = quiet or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=hidden) as progress:
        yield from progress.track(history, description="messages tried", total=total)


def _as_json(move: Move) -> Mapping[str, object]:
    from router.replay import outcome

    was, now = move.was.decision, move.now
    return {
        "id": move.was.id,
        "text": _text(move),
        "changed": list(move.what),
        "before": {"rule": was.rule, **outcome(was), "because": list(was.explanation.because)},
        "after": {"rule": now.rule, **outcome(now), "because": list(now.explanation.because)},
    }


def _text(move: Move) -> str:
    """What was written, without what may not be shown; nothing of it steers the terminal."""
    text = mask(move.was.facts.text, move.was.facts.spans, NOTHING)
    return "".join(char if char.isprintable() else " " for char in text)


def _tables(moves: Iterable[Move], tally: Tally, show: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("message", "before", "after", title="Messages that move", show_lines=True)
    for at, move in enumerate(moves):
        if at < show:
            was, now = _side(move, move.was.decision), _side(move, move.now)
            table.add_row(Text(_text(move)[:200]), Text(was), Text(now))
    console = Console()
    if tally.moved:
        counts = Table("what", "from", "to", "messages", title="Changes")
        for (what, before, after), number in tally.shifts.most_common():
            counts.add_row(what, Text(before), Text(after), str(number))
        console.print(counts)
        console.print(table)
    if tally.shadow:
        trial = Table("rule in shadow", "what", "messages", title="On trial")
        for (rule, what), number in tally.shadow.most_common():
            trial.add_row(Text(rule), Text(what), str(number))
        console.print(trial)
    console.print(f"{tally.messages} messages, {tally.moved} move.")


def _side(move: Move, decision: Decision) -> str:
    from router.replay import outcome

    words = outcome(decision)
    because = "; ".join(decision.explanation.because[:3])
    return f"{decision.rule}: {', '.join(words[name] for name in move.what)}\n{because}"
