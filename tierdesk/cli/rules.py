"""`tierdesk rules`: check the rules, and see what they would do with a message and why."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from inbox.clearance import NOTHING, mask
from inbox.decision import Articles
from inbox.message import Kind, Visibility
from inbox.problem import Problem
from tierdesk.cli.evaluate import Semantic, evaluate
from tierdesk.cli.label import label
from tierdesk.cli.printed import printable
from tierdesk.cli.reload import reload
from tierdesk.cli.replay import replay
from tierdesk.cli.stats import stats

if TYPE_CHECKING:
    from inbox.decision import Decision
    from inbox.facts import Findings
    from inbox.ports import Detector, Knowledge, SecondOpinion
    from router.rules import RuleSet
    from router.vocabulary import Vocabulary
    from tierdesk.cli.explained import Desktop
    from tierdesk.cli.samples import Sample
    from tierdesk.settings import Settings

app = typer.Typer(help="Check the rules, and try messages on them.", no_args_is_help=True)
app.command()(replay)
app.command()(evaluate)
app.command()(reload)
app.command()(stats)
app.command()(label)

Folder = Annotated[
    Path | None,
    typer.Argument(help="The configuration folder.", metavar="DIR", file_okay=False),
]
RulesFile = Annotated[Path | None, typer.Option("--rules", help="A file of rules.", metavar="FILE")]
STARTER = "the starter rules"
UNCHECKED = (
    "Not checked, since no folder was named: whether its tiers, teams, channels, accounts, "
    "helpdesks, replies, menus and languages are there. Name the folder, too: "
    "tierdesk rules check DIR --rules FILE"
)


@app.command()
def check(
    directory: Folder = None,
    rules: RulesFile = None,
) -> None:
    """Check the rules of DIR, or of a FILE by the names that DIR knows; all that is wrong, at once.

    Without DIR those of the current folder, and where it has none the starter rules.
    """
    read, settings, where = check_all(directory, rules)
    typer.echo(
        f"{where}: {len(read.ordered)} ordered and {len(read.always)} always-rules are right, "
        f"version {read.version}."
    )
    if settings is None and where != STARTER:
        typer.echo(UNCHECKED)
    if settings is not None:
        for warning in _beaten(read, settings):
            typer.echo(f"warning: {warning}")


def _beaten(read: RuleSet, settings: Settings) -> Iterator[str]:
    """What nobody can prove, the history of the last month shows, where there is one."""
    from router.engine import OrderedRouter
    from router.usage import Usage
    from tierdesk.cli.history import decided_where_kept, start_of
    from tierdesk.rules_report import beaten

    usage = Usage(router=OrderedRouter(read), since=start_of("30d"))
    for was in decided_where_kept(settings, usage.since):
        usage.add(was.facts, was.decision)
    return map(beaten, usage.beaten())


@app.command("test")
def try_examples(
    directory: Folder = None,
    rules: RulesFile = None,
) -> None:
    """Try the examples in the rules of DIR, or of a FILE by the names that DIR knows.

    Without DIR those of the current folder, and where it has none the starter rules.
    """
    read, _, where = check_all(directory, rules)
    number = len([one for rule in read.rules for one in rule.examples])
    typer.echo(f"{where}: {number} examples, all hold.")


@app.command()
def schema(
    directory: Folder = None,
) -> None:
    """Print the JSON Schema of rules.yaml for editors, with the names that DIR knows."""
    from router.schema import schema as made
    from router.vocabulary import Vocabulary

    settings = settings_of(directory, without_rules=True) if directory else None
    vocabulary = settings.vocabulary if settings else Vocabulary()
    typer.echo(json.dumps(made(vocabulary), indent=2, ensure_ascii=False))


def check_all(directory: Path | None, rules: Path | None) -> tuple[RuleSet, Settings | None, str]:
    """As `read_rules`, with their examples tried; ends with what is wrong where something is."""
    read, settings, where = read_rules(directory, rules)
    file = Path("rules.yaml" if where == STARTER else where)
    if problems := failing_examples(read, settings, file):
        _refuse(problems, where)
    return read, settings, where


def failing_examples(read: RuleSet, settings: Settings | None, file: Path) -> list[Problem]:
    """The detectors are made ready only where there is an example."""
    from router.engine import OrderedRouter
    from router.examples import Trial

    if not any(rule.examples for rule in read.rules):
        return []
    trial = Trial(router=OrderedRouter(read), detector=detector_of(settings), file=str(file))
    return list(trial.failing(read))


@app.command()
def explain(
    text: Annotated[str | None, typer.Argument(help="What somebody writes.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="Messages, one JSON object a line; - for the input."),
    ] = None,
    network: Annotated[str, typer.Option(help="Where it is written.")] = "generic",
    account: Annotated[str, typer.Option(help="To which account, by its settings' name.")] = "main",
    visibility: Annotated[
        Visibility | None, typer.Option(help="Who can read it; public, but a dm is private.")
    ] = None,
    author: Annotated[str, typer.Option(help="The writer's handle.")] = "somebody",
    kind: Annotated[Kind | None, typer.Option(help="What it is on its network.")] = None,
    language: Annotated[str | None, typer.Option(help="What the network says it is in.")] = None,
    closed: Annotated[
        bool, typer.Option("--closed", help="Try it outside business hours; else within.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration folder.", metavar="DIR")
    ] = None,
    rules: RulesFile = None,
    semantic: Semantic = False,
) -> None:
    """Say where a message would go and why: TEXT, or every line of a file.

    Without --config by the rules of the current folder, and where it has none by the starter rules.
    """
    from tierdesk.cli.samples import Sample

    if (text is None) == (file is None):
        _fail("Give a text or --file, one of them.", code=2)
    desktop = context_of(config, rules, semantic=semantic, articles=True)
    if file is not None:
        if not as_json:
            _fail("--file prints JSON; add --json.", code=2)
        _explain_file(desktop, file)
        return
    sample = Sample(
        text=text or "",
        network=network,
        account=account,
        visibility=visibility,
        author=author,
        kind=kind,
        language=language,
        business_hours=not closed,
    )
    try:
        sample.place()
    except ValueError as error:
        _fail(f"There is no such message: {error}.", code=2)
    findings, decision = desktop.explain(sample)
    if as_json:
        typer.echo(json.dumps(desktop.as_json(sample, findings, decision)))
    else:
        _show(sample, findings, decision, desktop)


def context_of(
    config: Path | None, rules: Path | None, *, semantic: bool = False, articles: bool = False
) -> Desktop:
    """What messages are tried on: detector and rules of a folder, else those of the starter;
    `articles`: the folder's own as well.
    """
    from router.engine import OrderedRouter
    from tierdesk.cli.explained import Desktop

    read, settings, _ = read_rules(config, rules)
    return Desktop(
        detector=detector_of(settings),
        router=OrderedRouter(read),
        at=datetime.now(UTC),
        desk=settings.desk if settings else None,
        knowledge=knowledge_of(settings) if settings and articles else None,
        opinion=second_opinion() if semantic else None,
    )


def second_opinion() -> SecondOpinion:
    """Ends with how to install it where it is not there."""
    from router.semantic.encoder import INSTALL, installed
    from router.semantic.opinion import SemanticOpinion

    if not installed():
        _fail(f"--semantic needs a sentence encoder that is not installed: {INSTALL}")
    return SemanticOpinion()


def knowledge_of(settings: Settings) -> Knowledge:
    from responders.knowledge.index import KnowledgeIndex

    known = settings.knowledge
    return KnowledgeIndex(known.articles, certainty=known.certainty)


def detector_of(settings: Settings | None) -> Detector:
    """As the settings want it; without them it knows what it can know."""
    from router.detector import LexiconDetector

    if settings is None:
        return LexiconDetector()
    return LexiconDetector(
        languages=settings.detection.languages,
        order_patterns=settings.detection.order_numbers,
        regions=settings.detection.phone_regions,
        model=settings.detection.model,
    )


def read_rules(directory: Path | None, rules: Path | None) -> tuple[RuleSet, Settings | None, str]:
    """The rules, the settings where there is a folder, and what to call the place.

    Where nothing is named, it is the current folder's rules; the starter's where it has none.
    """
    from router.starter import STARTER_RULES
    from router.vocabulary import Vocabulary

    if directory is None:
        directory, found = _here()
        rules = rules or found
    if directory is not None:
        read, settings = configured(directory, rules)
        return read, settings, str(rules or settings.rules_path)
    where = STARTER if rules is None else str(rules)
    return _load(rules or STARTER_RULES, Vocabulary(), where), None, where


def _here() -> tuple[Path | None, Path | None]:
    """The current folder where it is a desk's, or the file of rules in it."""
    if Path("tierdesk.yaml").exists():
        return Path(), None
    return None, Path("rules.yaml") if Path("rules.yaml").exists() else None


def configured(directory: Path, rules: Path | None = None) -> tuple[RuleSet, Settings]:
    """The rules of a folder, or a file's in their place, with its settings; ends with what is
    wrong.
    """
    settings = settings_of(directory, without_rules=rules is not None)
    path = rules or settings.rules_path
    return _load(path, settings.vocabulary, str(path)), settings


def settings_of(directory: Path, *, without_rules: bool) -> Settings:
    from tierdesk.settings import SettingsError, load_settings

    try:
        return load_settings(
            directory, os.environ, without_secrets=True, without_rules=without_rules
        )
    except SettingsError as error:
        _refuse(error.problems, str(directory))


def _load(path: Path, vocabulary: Vocabulary, where: str) -> RuleSet:
    from router.loader import RulesError, load_rules

    try:
        return load_rules(path, vocabulary=vocabulary)
    except RulesError as error:
        _refuse(error.problems, where)


def _refuse(problems: Iterable[Problem], where: str) -> NoReturn:
    lines = [str(problem) for problem in problems]
    for line in lines:
        typer.echo(line)
    _fail(f"{len(lines)} problem{'s' if len(lines) > 1 else ''} in {where}.")


def _fail(sentence: str, *, code: int = 1) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _explain_file(desktop: Desktop, file: Path) -> None:
    from tierdesk.cli.samples import lines_of, unread

    broken = 0
    try:
        with lines_of(file) as lines:
            for right, answer in desktop.explain_lines(lines):
                broken += not right
                sys.stdout.write(f"{answer}\n")
    except BrokenPipeError:
        os._exit(0)
    except OSError as error:
        _fail(f"{file} cannot be read: {error.strerror}.")
    if broken:
        _fail(unread(broken))


def _show(sample: Sample, findings: Findings, decision: Decision, desktop: Desktop) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for name, lines in _rows(sample, findings, decision, desktop):
        for at, line in enumerate(lines):
            table.add_row(Text("" if at else name, style="bold"), Text(printable(line)))
    Console().print(table)


def _rows(
    sample: Sample, findings: Findings, decision: Decision, desktop: Desktop
) -> Iterable[tuple[str, list[str]]]:
    from router.engine import answer

    team = desktop.team_of(decision)
    tier = "ignored" if decision.tier is None else f"tier {decision.tier}"
    where = f"{tier}, {team}" if team else tier
    why = decision.explanation
    yield "Message", [mask(sample.text, findings.spans, NOTHING)]
    yield "Language", [findings.language or "not known"]
    yield "Goes to", [f"{where}, priority {decision.priority}"]
    yield "Answer", [answer(decision.response)]
    yield "Articles", [_articles(sample, findings, decision, desktop)]
    yield "Tags", [" ".join(f"#{tag}" for tag in decision.tags) or "none"]
    yield "Decided by", [f"{decision.position} · {decision.rule}  (rules {decision.version})"]
    yield "Because", list(why.because)
    yield "Not by", [f"{m.position} · {m.rule}: no, {m.failed}" for m in why.not_by]
    yield "Also", [f"{also.rule}: {also.did} ({also.because})" for also in why.also]
    yield "In shadow", [f"{one.rule}: {one.did} ({one.because})" for one in why.shadow]


def _articles(sample: Sample, findings: Findings, decision: Decision, desktop: Desktop) -> str:
    """What the knowledge base does with the message, as far as it is known here."""
    allowed, why = desktop.articles_of(sample, decision)
    if allowed is not Articles.AUTO:
        return f"{allowed}: {why}" if why else str(allowed)
    mode = "auto" if desktop.knows_account(sample) else "auto, where the account lets it"
    found = desktop.article_of(sample, findings, decision)
    if found is None:
        return mode
    if found.hit is None:
        return f"{mode}: none answers, since {found.why_not}"
    key = found.hit.article.key
    return (
        f"{mode}: {key} is not sent, since {found.why_not}"
        if found.why_not
        else (f"{mode}: {key} answers it (by {', '.join(found.hit.matched)})")
    )
