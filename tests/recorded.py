"""Values as they stand in recorded files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, to_builtins


def as_recorded(value: Struct) -> dict[str, Any]:
    """By the names of its fields, and so what is in it; only times stay as they are."""
    return to_builtins(value, builtin_types=(datetime,))  # type: ignore[no-any-return]  # a dict
