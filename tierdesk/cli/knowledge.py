"""`tierdesk kb`: search the articles, check them, and find when they may answer by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierdesk.cli.shelf import fail, shelf_of, whole_shelf

if TYPE_CHECKING:
    from inbox.knowledge import Certainty, Hit
    from responders.knowledge.calibration import Answered, Asked
    from tierdesk.cli.shelf import Shelf

app = typer.Typer(help="Search, check and calibrate the articles.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The configuration folder, or a folder of articles.", metavar="DIR"
    ),
]


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="What somebody asks.")],
    config: Folder = None,
    language: Annotated[
        str | None, typer.Option(help="What it is written in; found out where not given.")
    ] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="Find articles that only agents may see, too.")
    ] = False,
    limit: Annotated[int, typer.Option(help="How many to show.", min=1, max=50)] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find the articles that answer TEXT, best first, with the words that found them."""
    shelf = shelf_of(config)
    spoken = language or _language(text, shelf)
    hits = shelf.knowledge.search(text, language=spoken, limit=limit, internal=internal)
    certainty = shelf.knowledge.certainty
    if as_json:
        typer.echo(json.dumps(_as_json(hits, certainty, spoken), ensure_ascii=False))
        return
    if not hits:
        typer.echo("No article answers this.")
        return
    for hit in hits:
        typer.echo(f"{hit.score:.2f}  {_kind(hit)}  {hit.article.key}: {hit.article.title}")
        typer.echo(f"      by {', '.join(hit.matched)}")
    sure = certainty.sure(hits)
    typer.echo(_verdict(sure, certainty))


@app.command()
def check(
    directory: Annotated[
        Path | None,
        typer.Argument(help="The configuration folder, or a folder of articles.", metavar="DIR"),
    ] = None,
) -> None:
    """Find faulty and old articles, dead links, doubles, what nobody finds, missing languages.

    A fault ends with status 1; what is only weak is told as a warning.
    """
    from responders.knowledge.checking import Check
    from workspace.words import counted

    shelf = whole_shelf(directory)
    found = Check(
        articles=shelf.knowledge.articles,
        knowledge=shelf.knowledge,
        languages=shelf.languages,
        today=datetime.now(UTC).date(),
        stale_after=shelf.stale_after,
        faulty=shelf.faulty,
    ).remarks()
    for fault in shelf.faults():
        typer.echo(str(fault))
    for remark in found:
        kind = "" if remark.fault else "warning: "
        typer.echo(f"{remark.article}.md: {kind}{remark.what}. {remark.remedy}")
    wrong = sum(remark.fault for remark in found)
    articles = counted(len(shelf.knowledge.articles) + len(shelf.faulty), "article")
    faults, warnings = wrong + len(shelf.faults()), counted(len(found) - wrong, "warning")
    typer.echo(f"{shelf.where}: {articles}, {counted(faults, 'fault')}, {warnings}.")
    if faults:
        raise typer.Exit(1)


@app.command()
def calibrate(
    data: Annotated[
        Path,
        typer.Argument(
            help="Labelled questions, one JSON object a line.",
            metavar="DATA",
            exists=True,
            dir_okay=False,
        ),
    ],
    config: Folder = None,
    precision: Annotated[
        float, typer.Option(help="Share of the answers sent that must be right.", min=0.5, max=1.0)
    ] = 0.95,
) -> None:
    """Find the threshold and margin at which articles may answer by themselves.

    A line has `query`, `lang`, and `expected`: an article's file name, or null where none answers.
    What is printed is ready to paste into tierdesk.yaml.
    """
    from responders.knowledge.calibration import ask
    from responders.knowledge.calibration import calibrate as calibrated

    shelf = shelf_of(config)
    answers = list(ask(shelf.knowledge, _questions(data, shelf)))
    if not any(one.asked.expected for one in answers):
        fail(f"{data} holds no question that an article answers.")
    _show("With the certainty in use", answers, shelf.knowledge.certainty)
    found = calibrated(answers, precision=precision)
    if found is None:
        fail(
            f"No threshold reaches a precision of {precision} on these {len(answers)} questions "
            "without answering one that no article answers. Leave `articles: suggest`, and add "
            "questions to the articles."
        )
    _show(f"Calibrated to a precision of {precision}", answers, found)
    typer.echo(
        f"\nknowledge:\n  threshold: {found.threshold:.2f}\n  margin: {found.margin:.2f}\n"
        f"  # calibrated to {precision} on {len(answers)} questions, "
        f"{datetime.now(UTC).date().isoformat()}"
    )


@app.command()
def gaps(
    config: Annotated[
        Path, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ],
    since: Annotated[str, typer.Option(help="How far back: 12h, 30d, 8w.")] = "7d",
) -> None:
    """Show what customers asked and no article answers, grouped, and articles that nobody found.

    Only words that several people used are shown, and nothing personal.
    """
    from tierdesk.cli.history import opened, start_of
    from tierdesk.knowledge_use import KnowledgeUse, told

    shelf = shelf_of(config)
    if shelf.settings is None:
        fail(f"{config} is a folder of articles: the history is in a configuration's database.")
    use = KnowledgeUse(knowledge=shelf.knowledge)
    with opened(shelf.settings) as database:
        use.add_all(database.all_messages(since=start_of(since)))
    for gap in use.gaps():
        typer.echo(told(gap))
    if silent := use.never_found():
        typer.echo(f"Never found: {', '.join(silent)}.")
    typer.echo(f"{use.messages} questions, {len(use.asked)} of them without an article.")


# --- parts -------------------------------------------------------------------------------


def _language(text: str, shelf: Shelf) -> str | None:
    from tierdesk.cli.rules import detector_of

    return detector_of(shelf.settings).detect(text).language


def _kind(hit: Hit) -> str:
    return "public  " if hit.article.public else "internal"


def _verdict(sure: Hit | None, certainty: Certainty) -> str:
    needed = f"threshold {certainty.threshold:.2f}, margin {certainty.margin:.2f}"
    if sure is None:
        return f"Not certain enough to answer by itself ({needed})."
    if not sure.article.public:
        return f"Certain ({needed}), but internal: only agents see it."
    return f"Certain enough to answer by itself ({needed})."


def _as_json(hits: Sequence[Hit], certainty: Certainty, language: str | None) -> dict[str, object]:
    sure = certainty.sure(hits)
    return {
        "language": language,
        "certain": sure.article.key if sure and sure.article.public else None,
        "hits": [
            {
                "article": hit.article.key,
                "title": hit.article.title,
                "score": round(hit.score, 4),
                "public": hit.article.public,
                "url": hit.article.url,
                "matched": hit.matched,
            }
            for hit in hits
        ],
    }


def _questions(file: Path, shelf: Shelf) -> Iterator[Asked]:
    """The labelled lines; one that is none is told and left out."""
    from responders.knowledge.calibration import Asked

    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
                text, expected = data["query"], data["expected"]
            except (ValueError, KeyError, TypeError):
                typer.echo(f"{file}:{number}: has no query and expected; left out.", err=True)
                continue
            key = str(expected).removesuffix(".md") if expected else None
            if key is not None and shelf.knowledge.article(key) is None:
                typer.echo(f"{file}:{number}: there is no article “{key}”; left out.", err=True)
                continue
            yield Asked(text=str(text), language=data.get("lang"), expected=key)


def _show(title: str, answers: Sequence[Answered], certainty: Certainty) -> None:
    from responders.knowledge.calibration import figures

    counted = figures(answers, certainty)
    known, none = counted.answerable, counted.unanswerable
    precision = "–" if counted.precision is None else f"{counted.precision:.3f}"
    typer.echo(
        f"{title} (threshold {certainty.threshold:.2f}, margin {certainty.margin:.2f}):\n"
        f"  right article first      {counted.first / known:.3f}  ({counted.first} of {known})\n"
        f"  among the first three    {counted.among_three / known:.3f}  "
        f"({counted.among_three} of {known})\n"
        f"  answered rightly         {counted.share:.3f}  ({counted.right} of {known})\n"
        f"  precision of answers     {precision}  ({counted.right} of {counted.sent}; "
        f"surely ≥ {counted.at_least:.2f})\n"
        f"  answered without article {counted.none_sent} of {none}"
    )
