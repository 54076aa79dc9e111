"""`tierdesk rules label`: what agents corrected becomes labelled messages."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from inbox.decision import Decision
    from inbox.facts import Facts
    from inbox.message import Message, Ref
    from store.database import Database

NOT_FOR_US = "X"


def label(
    config: Annotated[
        Path, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ],
    out: Annotated[Path, typer.Option("--out", help="A new file for the messages.")],
    since: Annotated[str, typer.Option(help="How far back: 12h, 30d, 8w.")] = "90d",
) -> None:
    """Write the messages that agents corrected in Slack, for `tierdesk rules evaluate`.

    With each stands what the rules could ask of it when they decided. The file holds what
    customers wrote, unmasked, but no author whom no rule asks for: only its owner may read it, and
    nothing of it is printed. Messages that were deleted are left out.
    """
    from router.named import named
    from tierdesk.cli.history import opened, start_of
    from tierdesk.cli.rules import configured

    start = start_of(since)
    rules, settings = configured(config)
    with opened(settings) as database:
        lines = list(_lines(database, _said(database, start), named(rules)))
    if not lines:
        typer.echo("Nobody corrected anything in that time. Nothing was written.")
        return
    try:
        with open(out, "x", encoding="utf-8", opener=_private) as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        typer.echo(f"{out} cannot be written: {error.strerror}. Name a new file.", err=True)
        raise typer.Exit(1) from None
    number = f"{len(lines)} labelled message{'s' if len(lines) > 1 else ''}"
    typer.echo(f"Wrote {number} to {out}. It holds what customers wrote: keep it safe.")


def _said(database: Database, since: datetime) -> dict[Ref, int | None]:
    """What was said of each message, also of those set aside; the last word counts."""
    from inbox.changes import Corrected

    changes = (event.change for event in database.all_corrections(since=since))
    said = {change.message: change.tier for change in changes if isinstance(change, Corrected)}
    for stored in database.corrected_ignored(since=since):
        if stored.corrected is not None:
            said[stored.message.ref] = stored.corrected.tier
    return said


def _lines(
    database: Database, said: Mapping[Ref, int | None], named: Collection[str]
) -> Iterator[str]:
    with database.read() as unit:
        for ref, tier in said.items():
            stored = unit.messages.find([ref]).get(ref)
            if stored is None or stored.deleted_at is not None:
                continue
            if stored.facts is not None and stored.decision is not None:
                line = _labelled(stored.message, stored.facts, stored.decision, tier, named)
                yield json.dumps(line, ensure_ascii=False)


def _labelled(
    message: Message, facts: Facts, decision: Decision, tier: int | None, named: Collection[str]
) -> dict[str, object]:
    """As it was when it was decided on, in the form that `rules evaluate` reads."""
    from tierdesk.cli.samples import written

    ref = message.ref
    return {
        "id": f"{ref.network}:{ref.account}:{ref.id}",
        "tier_expected": NOT_FOR_US if tier is None else tier,
        "tier_decided": NOT_FOR_US if decision.tier is None else decision.tier,
        "rule": decision.rule,
        "lang": facts.language,
        "topic": _topic(facts),
        **written(facts, language=message.language, named=named),
    }


def _topic(facts: Facts) -> str | None:
    """What it was found to be about: a private matter before any other."""
    from router.vocabulary import PRIVATE_TOPICS

    names = (topic.name for topic in facts.topics)
    return min(names, key=lambda name: name not in PRIVATE_TOPICS, default=None)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
