"""A wait that a server asks for, and how near to it a connection's must be."""

from __future__ import annotations

from datetime import timedelta

WAIT = timedelta(minutes=2)
_MARGIN = timedelta(seconds=30)
"""Whole seconds of a server's `Date`, and what a request takes on a busy machine, move a wait."""


def about(wait: timedelta) -> bool:
    """Whether it is the server's, and no default of a connection's own."""
    return abs(wait - WAIT) < _MARGIN
