"""The files that a new configuration folder begins with."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def starter_files() -> dict[str, str]:
    """Text of every file by its name within the folder."""
    here, rules = files("tierdesk.starter"), files("router") / "starter" / "rules.yaml"
    articles = sorted((here / "knowledge").iterdir(), key=lambda file: file.name)
    return {
        "tierdesk.yaml": _text(here / "tierdesk.yaml"),
        "rules.yaml": _text(rules),
        "replies.yaml": _text(here / "replies.yaml"),
        **{f"knowledge/{file.name}": _text(file) for file in articles},
        ".env": _text(here / ".env.example"),
    }


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")
