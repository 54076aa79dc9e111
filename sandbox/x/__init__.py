"""A small network that speaks the X API v2, with people who write to a brand."""

from sandbox.x.server import X, x

__all__ = ["X", "x"]
