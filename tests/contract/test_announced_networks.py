"""Every network that is announced has what docs/adding-a-network.md asks for."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from router.document import parse_document
from tests.contract.every import WORLDS
from tierdesk.settings_secrets import written_secrets

ROOT = Path(__file__).parents[2]
NETWORKS = sorted(point.name for point in entry_points(group="tierdesk.integrations"))
PAGES = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_has_its_world_its_recorded_messages_its_page_and_its_variables(
    name: str,
) -> None:
    assert name in {world.partition("-")[0] for world in WORLDS}
    recorded = {path.name for path in (ROOT / "tests" / "fixtures" / name).glob("*.json")}
    assert {path for path in recorded if path.endswith(".in.json")}
    assert f"network: {name}\n" in PAGES
    assert f"{name.upper()}_" in EXAMPLE


@pytest.mark.parametrize(
    "point",
    [
        *entry_points(group="tierdesk.integrations"),
        *entry_points(group="tierdesk.helpdesks"),
    ],
    ids=lambda point: point.name,
)
def test_no_setting_has_the_name_of_a_secret_which_the_settings_file_refuses(
    point: EntryPoint,
) -> None:
    keys = "".join(f"{key}: x\n" for key in point.load().settings.model_fields)
    assert written_secrets(parse_document(keys, file="tierdesk.yaml"), {}) == []


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_the_doctor_has_something_to_say_of_each(name: str) -> None:
    with WORLDS[name]() as world:
        assert world.connection.examiner is not None
