"""The papers say everything that the program has: commands, settings, variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from inbox.clearance import DataClass
from responders.templates import GAPS
from tests.command_reference import PAGE, commands, options, reference
from tierdesk.knowledge_files import FrontMatter
from tierdesk.settings_shape import File

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
PAPERS = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))
)


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Every key that holds a value, as the papers write it: tiers.NUMBER.team."""
    for name, field in model.model_fields.items():
        path, annotation = f"{above}{name}", field.annotation
        if getattr(annotation, "__origin__", None) is dict:
            path += ".NUMBER" if name == "tiers" else ".NAME"
            annotation = get_args(annotation)[1]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from keys(annotation, f"{path}.")
        else:
            yield path


@pytest.mark.parametrize("key", list(keys(File)))
def test_every_setting_is_explained(key: str) -> None:
    assert f"`{key}`" in SETTINGS


@pytest.mark.parametrize(
    "point",
    [
        *entry_points(group="tierdesk.integrations"),
        *entry_points(group="tierdesk.helpdesks"),
    ],
)
def test_every_key_of_a_network_or_helpdesk_is_explained(point: Any) -> None:
    for key in point.load().settings.model_fields:
        assert f"`{key}`" in PAPERS, key


@pytest.mark.parametrize(
    "word",
    [
        *(f"`{cls.value}`" for cls in DataClass),
        *(f"`{{{gap}}}`" for gap in GAPS),
        *(f"`{key}`" for key in FrontMatter.model_fields),
    ],
)
def test_every_class_gap_and_key_of_an_article_is_explained(word: str) -> None:
    assert word in SETTINGS


def test_every_variable_of_the_example_is_explained() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    variables = re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)
    assert len(variables) > 5
    assert [name for name in variables if f"`{name}`" not in SETTINGS] == []


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    made_again = "make it again: .venv/bin/python -m tests.command_reference"
    assert PAGE.read_text(encoding="utf-8") == reference(), made_again


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_explains_itself(name: str, command: Any) -> None:
    assert command.help, name
    assert [option for option, says in options(command) if not says] == []


def test_links_between_the_papers_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        for target in targets:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


EXAMPLE = (ROOT / "docs" / "adding-a-network.md").read_text(encoding="utf-8")
CODE = re.compile(r"^```(?:python|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", list(CODE.finditer(EXAMPLE)), ids=lambda found: found.start())
def test_the_code_of_the_example_network_is_the_code_that_runs(block: re.Match[str]) -> None:
    """Each block stands in the file that the page named last, save for its indentation."""
    named = re.findall(r"`([\w./-]+\.(?:py|toml))`", EXAMPLE[: block.start()])
    path = next(path for name in reversed(named) if (path := ROOT / name).is_file())
    assert "".join(block[1].split()) in "".join(path.read_text(encoding="utf-8").split())


def test_the_example_network_is_small() -> None:
    folder = ROOT / "integrations" / "trustpilot"
    lines = [path.read_text(encoding="utf-8").splitlines() for path in folder.rglob("*.py")]
    assert len(lines) == 4
    assert sum(map(len, lines)) <= 250
