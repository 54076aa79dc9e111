"""`tierdesk kb calibrate`: from labelled questions to when articles may answer by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inbox.message import Visibility
from tierdesk.cli.shelf import Folder, fail, shelf_of

if TYPE_CHECKING:
    from inbox.knowledge import Certainty
    from responders.knowledge.calibration import Answered, Asked, Figures
    from tierdesk.cli.explained import Desktop
    from tierdesk.cli.shelf import Shelf

NO_ADDRESS = (
    "warning: no public article has an address where customers can read it, so none is sent by "
    "itself. Set knowledge.address, or the article's url."
)


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
    Each is searched for, and tried as a first message on detectors, rules and articles, as if its
    account let articles answer. What is printed is ready to paste into tierdesk.yaml.
    """
    from responders.knowledge.calibration import calibrate as calibrated
    from responders.knowledge.calibration import too_few
    from tierdesk.cli.rules import context_of

    shelf = shelf_of(config)
    desktop = context_of(config if shelf.settings else None, None)
    tried = _tried(shelf, desktop, list(_questions(data, shelf)))
    if not any(one.asked.expected for one in tried.found):
        fail(f"{data} holds no question that an article answers.")
    if too_few(tried.found):
        typer.echo(_too_few(tried.found))
    if not any(article.public and article.url for article in shelf.knowledge.articles):
        typer.echo(f"{NO_ADDRESS}\n")
    _show("With the certainty in use", tried, shelf.knowledge.certainty)
    found = calibrated(tried.found, *tried.sent.values(), precision=precision)
    if found is None:
        fail(
            f"No threshold reaches a precision of {precision} on these {len(tried.found)} "
            "questions without answering one that no article answers. Leave `articles: suggest`, "
            "and add questions to the articles."
        )
    _show(f"Calibrated to a precision of {precision}", tried, found)
    typer.echo(
        f"\nknowledge:\n  threshold: {found.threshold:.2f}\n  margin: {found.margin:.2f}\n"
        f"  # calibrated to {precision} on {len(tried.found)} questions, "
        f"{datetime.now(UTC).date().isoformat()}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the search found for the questions, and what of it the product sends by itself."""

    found: Sequence[Answered]
    sent: Mapping[Visibility, Sequence[Answered]]


def _tried(shelf: Shelf, desktop: Desktop, questions: Sequence[Asked]) -> Tried:
    from responders.knowledge.calibration import answer, ask

    return Tried(
        found=list(ask(shelf.knowledge, questions)),
        sent={
            visibility: list(answer(shelf.knowledge, _let(desktop, questions, visibility)))
            for visibility in Visibility
        },
    )


def _let(
    desktop: Desktop, questions: Sequence[Asked], visibility: Visibility
) -> Iterator[tuple[Asked, str | None]]:
    """Each with the language found in it; None where the rules let no article answer."""
    from inbox.self_service import wanted
    from tierdesk.cli.samples import Sample

    samples = [Sample(text=asked.text, visibility=visibility) for asked in questions]
    for asked, (found, decision) in zip(questions, desktop.explain_all(samples), strict=True):
        yield asked, found.language if wanted(decision) else None


def _questions(file: Path, shelf: Shelf) -> Iterator[Asked]:
    """The labelled lines; one that is none is told and left out."""
    from responders.knowledge.calibration import Asked
    from tierdesk.cli.samples import BadLine, Reading, word

    def form(data: Mapping[str, Any]) -> Asked:
        query, expected = word(data, "query"), word(data, "expected")
        if query is None or "expected" not in data:
            raise BadLine("has no query and expected")
        key = expected.removesuffix(".md") if expected else None
        if key is not None and shelf.knowledge.article(key) is None:
            raise BadLine(f"there is no article “{key}”")
        return Asked(text=query, language=word(data, "lang"), expected=key)

    return (asked for _, asked in Reading(file, form))


# --- what is printed ---------------------------------------------------------------------


def _too_few(answers: Sequence[Answered]) -> str:
    from responders.knowledge.calibration import ENOUGH

    none = sum(one.asked.expected is None for one in answers)
    return (
        f"warning: these are {len(answers)}, {none} of them without an article: too few to rely "
        f"on. Give it {ENOUGH} questions at the least, one in five without an article.\n"
    )


def _show(title: str, tried: Tried, certainty: Certainty) -> None:
    from responders.knowledge.calibration import figures

    search = figures(tried.found, certainty)
    typer.echo(f"{title} (threshold {certainty.threshold:.2f}, margin {certainty.margin:.2f}):")
    for name, number in (
        ("right article first", search.first),
        ("among the first three", search.among_three),
    ):
        typer.echo(f"  {name:<28} {_share(number, search.answerable)}")
    for name, counted in (
        ("found by the search", search),
        *((f"answered by itself, {v}", figures(sent, certainty)) for v, sent in tried.sent.items()),
    ):
        typer.echo(f"  {name:<28} {_sent(counted)}")


def _share(number: int, of: int) -> str:
    return f"{number / of:.3f}  ({number} of {of})"


def _sent(counted: Figures) -> str:
    precision = "–" if counted.precision is None else f"{counted.precision:.3f}"
    return (
        f"{_share(counted.right, counted.answerable)}, precision {precision}  "
        f"({counted.right} of {counted.sent}; surely ≥ {counted.at_least:.2f}), "
        f"without an article {counted.none_sent} of {counted.unanswerable}"
    )
