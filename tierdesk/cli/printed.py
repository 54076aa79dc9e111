"""What people wrote, as a terminal may show it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Nothing of a customer's text may steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
