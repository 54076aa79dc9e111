"""The schema that editors use says the same as the loader."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from router.acting import ADDS, DECIDES
from router.asking import CONDITIONS
from router.document import parse_document, read_document
from router.examples import GIVEN, SIDES
from router.loader import LISTS, RULE, RulesError, parse_rules
from router.schema import schema
from router.starter import STARTER_RULES
from router.vocabulary import Vocabulary
from tests.settings_folder import fill_folder
from tierdesk.cli.rules import app

NAMES = Vocabulary(
    tiers=(0, 1, 2),
    teams=("care", "specialists"),
    templates=("hours", "invite"),
    channels=("operations",),
    accounts=("main",),
    choices=("order",),
    networks=("x", "y"),
    languages=("en", "ro"),
)
SCHEMA: Any = schema(NAMES)
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def fits(value: object, form: Any, root: Any) -> bool:
    """The part of JSON Schema that the schema uses; what it does not know fails the test."""
    return all(_CHECKS[key](value, form, root) for key in form)


def _type(value: object, form: Any, _: Any) -> bool:
    names = form["type"] if isinstance(form["type"], list) else [form["type"]]
    return any(type(value) is _TYPES[name] for name in names)


def _properties(value: object, form: Any, root: Any) -> bool:
    known = form["properties"]
    return not isinstance(value, dict) or all(
        fits(child, known[key], root) for key, child in value.items() if key in known
    )


def _closed(value: object, form: Any, _: Any) -> bool:
    return not isinstance(value, dict) or value.keys() <= form["properties"].keys()


def _reference(value: object, form: Any, root: Any) -> bool:
    return fits(value, root["$defs"][form["$ref"].removeprefix("#/$defs/")], root)


def _any_of(value: object, form: Any, root: Any) -> bool:
    return any(fits(value, one, root) for one in form["anyOf"])


def _items(value: object, form: Any, root: Any) -> bool:
    return not isinstance(value, list) or all(fits(v, form["items"], root) for v in value)


def _required(value: object, form: Any, _: Any) -> bool:
    return not isinstance(value, dict) or set(form["required"]) <= value.keys()


def _pattern(value: object, form: Any, _: Any) -> bool:
    return not isinstance(value, str) or re.search(form["pattern"], value) is not None


def _least(key: str, kind: type) -> Any:
    return lambda value, form, _: not isinstance(value, kind) or _length(value) >= form[key]


def _length(value: Any) -> int:
    return len(value)


_CHECKS: dict[str, Any] = {
    "pattern": _pattern,
    "type": _type,
    "properties": _properties,
    "additionalProperties": _closed,
    "$ref": _reference,
    "anyOf": _any_of,
    "items": _items,
    "required": _required,
    "enum": lambda value, form, _: value in form["enum"],
    "const": lambda value, form, _: value == form["const"],
    "minimum": lambda value, form, _: not isinstance(value, int) or value >= form["minimum"],
    "minLength": _least("minLength", str),
    "minItems": _least("minItems", list),
    "minProperties": _least("minProperties", dict),
    "maxItems": lambda value, form, _: len(value) <= form["maxItems"],
    **{key: lambda *_: True for key in ("$schema", "$defs", "title", "description")},
}


def keys(*path: str) -> set[str]:
    form = SCHEMA
    for step in path:
        form = form[step]
    return set(form["properties"])


def test_every_key_of_the_loader_is_in_the_schema_and_the_reverse() -> None:
    rule = ("$defs", "ordered")
    assert keys() == set(LISTS)
    assert keys(*rule) == keys("$defs", "always") == set(RULE)
    assert keys(*rule, "properties", "then") == set(DECIDES)
    assert keys("$defs", "always", "properties", "then") == set(ADDS)
    assert keys("$defs", "when") == set(CONDITIONS)
    assert keys("$defs", "examples") == set(SIDES)
    example = SCHEMA["$defs"]["examples"]["properties"]["not"]["anyOf"][0]["anyOf"][1]
    assert set(example["properties"]) == set(GIVEN)


def test_the_starter_fits_it() -> None:
    plain: Any = schema(Vocabulary())
    assert fits(read_document(STARTER_RULES).data, plain, plain)


LAST = "  - {name: Last, when: always, then: {tier: 1}}\n"


def both(text: str) -> tuple[bool, bool]:
    """Whether the loader, and whether the schema, takes it."""
    data = parse_document(text, file="r.yaml").data
    try:
        parse_rules(text, file="r.yaml", vocabulary=NAMES)
    except RulesError:
        return False, fits(data, SCHEMA, SCHEMA)
    return True, fits(data, SCHEMA, SCHEMA)


@pytest.mark.parametrize(
    "when",
    [
        "{network: x}",
        "{network: [x, y], account: main}",
        "{visibility: private, kind: [dm, reply]}",
        "{text: {any_words: refund, all_words: [a, b], regex: 'a+'}}",
        "{language: [en, unknown], topics: billing, data: any}",
        "{author: {handles: [ana], followers: {at_least: 3}, verified: true, vip: true}}",
        "{author: {bot: false}}",
        "{contact: first, case: {tier: 2, status: [pending], open: true}}",
        "{case: {tier: {at_most: 2}}, business_hours: closed}",
        "{length: {at_least: 3}, links: {at_most: 2}, attachments: {at_least: 1}}",
        "{any: [{network: x}, {all: {network: y}}], not: {topics: [spam]}}",
    ],
)
def test_a_condition_that_is_right_is_taken_by_both(when: str) -> None:
    rule = f"  - {{name: A, when: {when}, then: {{tier: 2}}}}\n"
    assert both(f"ordered:\n{rule}{LAST}") == (True, True)


@pytest.mark.parametrize(
    "when",
    [
        "{account: other}",
        "{visibility: half}",
        "{kind: tweet}",
        "{text: {}}",
        "{text: {words: a}}",
        "{language: [fr]}",
        "{topics: [moon]}",
        "{data: passport}",
        "{author: {}}",
        "{author: {followers: {at_least: many}}}",
        "{contact: second}",
        "{case: {status: asleep}}",
        "{business_hours: maybe}",
        "{links: 3}",
        "{any: []}",
        "{any: [{}]}",
        "{links: {}}",
        "{case: {tier: {}}}",
        "{case: {tier: 9}}",
        "{network: z}",
        "{rating: {at_least: 6}}",
        "{}",
        "never",
    ],
)
def test_a_condition_that_is_wrong_is_refused_by_both(when: str) -> None:
    rule = f"  - {{name: A, when: {when}, then: {{tier: 2}}}}\n"
    assert both(f"ordered:\n{rule}{LAST}") == (False, False)


@pytest.mark.parametrize(
    "rest",
    [
        "then: {tier: 2, team: care, priority: high, tags: [a], assignee: U1, hide: true}",
        "then: {tier: 1, assignee: ana}",
        "then: {tier: 1, respond: none}",
        "then: {tier: 1, respond: {private_move: invite, note: hours}}",
        "then: {ignore: true, tags: spam}",
        "then: {tier: 1}, shadow: true",
        "then: {tier: 1}, examples: {matches: [a, {text: b, vip: true}], not: c}",
        "then: {tier: 1}, examples: {matches: {text: a, case: {tier: 2, status: open}}}",
        "then: {tier: 7}",
        "then: {tier: 1, team: marketing}",
        "then: {tier: 1, respond: soon}",
        "then: {tier: 1, respond: {public_reply: nothing}}",
        "then: {tier: 1, alert: operations}",
        "then: {}",
        "then: {tier: 1}, shadow: maybe",
        "then: {tier: 1}, examples: {match: [a]}",
        "then: {tier: 1}, examples: {not: [{visibility: public}]}",
        "then: {tier: 1}, example: {not: [a]}",
        "then: {tier: 1}, examples: {matches: []}",
        "then: {tier: 1}, examples: {matches: [{text: a, menu_choice: qq}]}",
        "then: {tier: 1}, examples: {matches: [{text: a, account: qq}, {text: a, network: qq}]}",
        "then: {tier: 1}, examples: {matches: [{text: a, rating: 9}]}",
        "then: {tier: 1, assignee: 'U1 '}",
        "note: nothing",
    ],
)
def test_what_stands_beside_it_is_taken_by_both_or_by_neither(rest: str) -> None:
    rule = f"  - {{name: A, when: {{links: {{at_least: 1}}}}, {rest}}}\n"
    loader, editor = both(f"ordered:\n{rule}{LAST}")
    assert loader == editor


@pytest.mark.parametrize("then", ["{tags: [a], alert: operations, watch: true}", "{tier: 2}"])
def test_an_always_rule_only_adds_for_both(then: str) -> None:
    always = f"always:\n  - {{name: B, when: always, then: {then}}}\n"
    loader, editor = both(f"ordered:\n{LAST}{always}")
    assert loader == editor


def test_the_command_prints_it_with_the_names_of_a_folder(tmp_path: Path) -> None:
    fill_folder(tmp_path)

    result = CliRunner().invoke(app, ["schema", str(tmp_path)])

    told = json.loads(result.output)
    teams = told["$defs"]["ordered"]["properties"]["then"]["properties"]["team"]
    assert teams == {"enum": ["care", "specialists"]}
    assert CliRunner().invoke(app, ["schema"]).exit_code == 0
