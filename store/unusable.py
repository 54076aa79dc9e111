"""Why a database cannot be used now."""

from __future__ import annotations


class Unusable(RuntimeError):
    """The message says why and what to do, without a secret."""
