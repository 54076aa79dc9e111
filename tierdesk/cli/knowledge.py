"""`tierdesk kb`: search the articles, check them, and find when they may answer by themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierdesk.cli.calibrating import calibrate
from tierdesk.cli.shelf import Folder, fail, shelf_of, whole_shelf

if TYPE_CHECKING:
    from inbox.knowledge import Certainty, Hit
    from responders.knowledge.judging import Judgement
    from tierdesk.cli.shelf import Shelf

app = typer.Typer(help="Search, check and calibrate the articles.", no_args_is_help=True)
app.command()(calibrate)


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
    from responders.knowledge.judging import judge

    shelf = shelf_of(config)
    spoken = language or _language(text, shelf)
    hits = shelf.knowledge.search(text, language=spoken, limit=limit, internal=internal)
    judged = judge(shelf.knowledge, text, spoken)
    if as_json:
        typer.echo(json.dumps(_as_json(hits, judged, spoken), ensure_ascii=False))
        return
    if not hits:
        typer.echo("No article answers this.")
        return
    for hit in hits:
        typer.echo(f"{hit.score:.2f}  {_kind(hit)}  {hit.article.key}: {hit.article.title}")
        typer.echo(f"      by {', '.join(hit.matched)}")
    typer.echo(_verdict(judged, shelf.knowledge.certainty))


@app.command()
def check(
    directory: Annotated[
        Path | None,
        typer.Argument(help="The configuration folder, or a folder of articles.", metavar="DIR"),
    ] = None,
) -> None:
    """Find faulty and old articles, dead links, doubles, what nobody finds, missing languages, and
    personal data that keeps an article from being sent.

    A fault ends with status 1; what is only weak is told as a warning.
    """
    from responders.knowledge.checking import Check
    from tierdesk.cli.rules import detector_of
    from workspace.words import counted

    shelf = whole_shelf(directory)
    found = Check(
        articles=shelf.knowledge.articles,
        knowledge=shelf.knowledge,
        languages=shelf.languages,
        today=datetime.now(UTC).date(),
        stale_after=shelf.stale_after,
        faulty=shelf.faulty,
        detector=detector_of(shelf.settings),
        own_contacts=shelf.own_contacts,
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


def _verdict(judged: Judgement, certainty: Certainty) -> str:
    needed = f"threshold {certainty.threshold:.2f}, margin {certainty.margin:.2f}"
    if judged.sent:
        return f"Certain enough to answer by itself ({needed})."
    if judged.hit:
        return f"Certain ({needed}), but not sent by itself: {judged.why_not}."
    return f"Not certain enough to answer by itself ({needed}): {judged.why_not}."


def _as_json(hits: Sequence[Hit], judged: Judgement, language: str | None) -> dict[str, object]:
    return {
        "language": language,
        "certain": judged.sent.article.key if judged.sent else None,
        "why_not": judged.why_not or None,
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
