"""docs/rules.md holds: every example in it is read and run, and nothing is left out."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox.clearance import DataClass, Span
from inbox.decision import Decision
from inbox.facts import Facts, Topic
from inbox.message import Kind, Visibility
from router.acting import ADDS, DECIDES
from router.asking import CONDITIONS
from router.document import parse_document
from router.engine import OrderedRouter
from router.loader import parse_rules
from router.vocabulary import TOPICS, Vocabulary

PAGE = Path(__file__).parents[2].joinpath("docs", "rules.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml ?(\w*)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
LAST = "  - {name: Last, when: always, then: {tier: 1}}\n"

ORDINARY = Facts(
    network="generic",
    account="main",
    visibility=Visibility.PUBLIC,
    kind=Kind.MENTION,
    text="hello",
    language="en",
    topics=(),
    spans=(),
    links=0,
    attachments=0,
    author="somebody",
    followers=None,
    verified=None,
    bot=False,
    vip=False,
    first_contact=False,
    case_tier=None,
    case_status=None,
    business_hours=True,
    at=datetime(2026, 11, 22, tzinfo=UTC),
)


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


def said(block: str, word: str) -> list[dict[str, object]]:
    found = re.findall(rf"^# {word}: (.*)$", block, flags=re.MULTILINE)
    return [data for line in found if isinstance(data := parse_document(line, file="").data, dict)]


def facts(changes: dict[str, object]) -> Facts:
    made = dict(changes)
    if isinstance(names := made.pop("topics", None), list):
        made["topics"] = tuple(Topic(name=str(name), words=()) for name in names)
    if isinstance(classes := made.pop("data", None), list):
        made["spans"] = tuple(Span(start=0, end=1, cls=DataClass(one)) for one in classes)
    return replace(ORDINARY, **made)


def indented(block: str) -> str:
    return "".join(f"      {line}\n" for line in block.splitlines())


def router(text: str) -> OrderedRouter:
    return OrderedRouter(parse_rules(text, file="docs/rules.md", vocabulary=Vocabulary()))


@pytest.mark.parametrize("block", blocks("when"))
def test_an_example_of_a_condition_holds_where_the_page_says_so(block: str) -> None:
    tried = router(
        f"ordered:\n  - name: Tried\n    then: {{tier: 2}}\n    when:\n{indented(block)}{LAST}"
    )
    assert said(block, "yes")
    for changes in said(block, "yes"):
        assert tried.route(facts(changes)).rule == "Tried", changes
    for changes in said(block, "no"):
        assert tried.route(facts(changes)).rule == "Last", changes


def shown(decision: Decision) -> dict[str, object]:
    return {
        "tier": decision.tier,
        "team": decision.team,
        "assignee": decision.assignee,
        "priority": decision.priority,
        "tags": list(decision.tags),
        "kind": decision.response.kind,
        "template": decision.response.template,
        "helpdesk": decision.response.helpdesk,
        "note": decision.response.note,
        "hide": decision.hide,
        "ignore": decision.ignore,
        "alerts": list(decision.alerts),
        "watch": decision.watch,
        "articles": decision.articles,
    }


@pytest.mark.parametrize(
    ("kind", "block"),
    [("then", b) for b in blocks("then")] + [("always", b) for b in blocks("always")],
)
def test_an_example_of_an_action_does_what_the_page_says(kind: str, block: str) -> None:
    rule = f"  - name: Tried\n    when: {{language: en}}\n    then:\n{indented(block)}"
    text = f"ordered:\n{rule}{LAST}" if kind == "then" else f"ordered:\n{LAST}always:\n{rule}"
    decision = shown(router(text).route(ORDINARY))
    (expected,) = said(block, "gives")
    assert {key: decision[key] for key in expected} == expected


def test_the_page_s_whole_list_is_right() -> None:
    for block in blocks(""):
        assert router(block).version


@pytest.mark.parametrize("name", [*CONDITIONS])
def test_every_condition_has_an_example(name: str) -> None:
    assert any(re.search(rf"^ *(- )?{name}:", block, re.MULTILINE) for block in blocks("when"))


@pytest.mark.parametrize("name", [*DECIDES, *ADDS])
def test_every_action_has_an_example(name: str) -> None:
    given = blocks("then") + blocks("always")
    assert any(re.search(rf"^{name}:", block, re.MULTILINE) for block in given)


@pytest.mark.parametrize("name", [*TOPICS, *DataClass, *Kind, *Visibility])
def test_every_name_stands_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE
