"""Times as Meta writes them, and as the page does."""

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """As in 2026-11-22T10:33:16+0000: whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def plain(seconds: float) -> str:
    """As browsers read it, 2026-11-22T10:33:16Z: whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
