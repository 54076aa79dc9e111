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
from tierdesk.cli.given import there
from tierdesk.cli.printed import printable

if TYPE_CHECKING:
    from inbox.decision import Decision
    from inbox.facts import Findings
    from inbox.ports import Detector
    from router.replay import Decided, Move, Tally
    from tierdesk.cli.explained import Desktop
    from tierdesk.cli.samples import Reading, Sample
    from tierdesk.settings import Settings

MOVED = 3
"""Exit status where anything changes, so that a pipeline can ask for a look."""

LOOKED_BACK = "30d"


def replay(
    config: Annotated[
        Path, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ],
    rules: Annotated[Path, typer.Option("--rules", help="The new list.", metavar="FILE")],
    since: Annotated[
        str | None,
        typer.Option(help=f"How far back: 12h, 30d, 8w; {LOOKED_BACK} where not given."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="Messages, one JSON object a line, instead of the history; - for the input.",
            callback=there,
        ),
    ] = None,
    redetect: Annotated[
        bool, typer.Option("--redetect", help="Look at the texts anew with today's detectors.")
    ] = False,
    show: Annotated[int, typer.Option(help="How many messages that move to show.", min=0)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Try a new list of rules on the stored history, or on a file of messages.

    Nothing is changed and nothing sent. The status is 0 where nothing changes, 3 where something
    does, 1 where a line of the file could not be read or there was no message.
    """
    from router.engine import OrderedRouter
    from router.replay import Tally
    from router.replay import replay as run
    from tierdesk.cli.rules import configured, context_of
    from tierdesk.cli.samples import Reading, sample_of

    if file is not None and since is not None:
        typer.echo("--since is for the history; give it or --file, one of them.", err=True)
        raise typer.Exit(2)
    read, settings = configured(config, rules)
    reading = None if file is None else Reading(file, sample_of)
    if reading is not None:
        history, total = _file(reading, context_of(config, None)), None
    else:
        start = LOOKED_BACK if since is None else since
        history, total = _history(settings, start, redetect=redetect)
    tally = Tally()
    watched = _watched(history, total, quiet=as_json)
    moves = run(watched, OrderedRouter(read), settings.desk, tally)
    if as_json:
        for move in moves:
            typer.echo(json.dumps(_as_json(move)))
    else:
        _tables(moves, tally, show)
    _whole(reading, tally)
    raise typer.Exit(MOVED if tally.shifts else 0)


def _history(settings: Settings, since: str, *, redetect: bool) -> tuple[Iterator[Decided], int]:
    """What was decided on since then, and how much it is."""
    from tierdesk.cli.history import decided, how_many, start_of
    from tierdesk.cli.rules import detector_of

    start = start_of(since)
    history = decided(settings, start)
    return (
        anew(history, detector_of(settings)) if redetect else history,
        how_many(settings, start),
    )


def _file(reading: Reading[Sample], today: Desktop) -> Iterator[Decided]:
    """A file's messages as the rules of today decide them."""
    from router.replay import Decided
    from tierdesk.cli.samples import together

    for some in together(reading):
        found = today.facts_of([sample for _, sample in some])
        for (number, sample), (_, facts) in zip(some, found, strict=True):
            name = str(number if sample.id is None else sample.id)
            yield Decided(id=name, facts=facts, decision=today.router.route(facts))


def _whole(reading: Reading[Sample] | None, tally: Tally) -> None:
    """Ends with status 1 where a file was not tried as a whole, or where there was nothing to try:
    who asks whether anything moves would take that for a no."""
    if reading is not None:
        reading.ended()
    if not tally.messages:
        where = "The history of that time" if reading is None else reading.file
        typer.echo(f"{where} holds no message: nothing was tried.", err=True)
        raise typer.Exit(1)


def anew(history: Iterable[Decided], detector: Detector) -> Iterator[Decided]:
    """The same messages with all that today's detectors find in their texts, and what a second look
    found in them, which is not taken again.
    """
    from tierdesk.cli.samples import together

    for some in together(history):
        found = detector.detect_all([(was.facts.text, was.said) for was in some])
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
    return {
        "id": move.was.id,
        "text": _text(move),
        "changed": list(move.what),
        "before": _side_as_json(move.was.decision, move.before),
        "after": _side_as_json(move.now, move.after) | {"not_by": move.not_by},
    }


def _side_as_json(decision: Decision, outcome: Mapping[str, str]) -> dict[str, object]:
    return {"rule": decision.rule, **outcome, "because": list(decision.explanation.because)}


def _text(move: Move) -> str:
    """What was written, without what may not be shown."""
    return printable(mask(move.was.facts.text, move.was.facts.spans, NOTHING))


def _tables(moves: Iterable[Move], tally: Tally, show: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("message", "before", "after", title="Messages that move", show_lines=True)
    for move in moves:
        if table.row_count < show and not move.only_marked:
            table.add_row(*map(Text, _row(move)))
    console = Console()
    if tally.shifts:
        counts = Table("what", "from", "to", "messages", title="Changes")
        for (what, before, after), number in tally.shifts.most_common():
            counts.add_row(what, Text(before), Text(after), str(number))
        console.print(counts)
    if table.row_count:
        console.print(table)
    if tally.shadow:
        trial = Table("rule in shadow", "what", "messages", title="On trial")
        for (rule, what), number in tally.shadow.most_common():
            trial.add_row(Text(rule), Text(what), str(number))
        console.print(trial)
    console.print(f"{tally.messages} messages, {tally.moved} move.")
    if tally.marked:
        console.print(f"{tally.marked} only get another priority or other tags.")


def _row(move: Move) -> tuple[str, str, str]:
    not_by = [move.not_by] if move.not_by else []
    return (
        f"{printable(move.was.id)}\n{_text(move)[:200]}",
        _side(move.was.decision, move.before, move.what, []),
        _side(move.now, move.after, move.what, not_by),
    )


def _side(
    decision: Decision, outcome: Mapping[str, str], what: Iterable[str], not_by: list[str]
) -> str:
    plain = ("tier", "team")
    words = (outcome[name] if name in plain else f"{name} {outcome[name]}" for name in what)
    head = f"{decision.rule}: {', '.join(words)}"
    return "\n".join(map(printable, [head, *decision.explanation.because, *not_by]))
