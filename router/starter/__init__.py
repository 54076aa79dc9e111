"""The rules that a new desk starts with."""

from pathlib import Path

STARTER_RULES = Path(__file__).parent / "rules.yaml"
