"""Searches in X's language (docs.x.com, "Build a query")."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 512
LONGEST_HANDLE = 15


def query(words: Sequence[str], handle: str) -> str:
    """A search for any of these words and phrases, without our own posts and reposts."""
    cleaned = (word.replace('"', " ").strip() for word in words)
    terms = " OR ".join(f'"{word}"' for word in cleaned if word)
    return f"({terms}) -from:{handle} -is:retweet"


def fits(words: Sequence[str]) -> bool:
    """Whether X takes the search, whatever our handle is."""
    return len(query(words, "x" * LONGEST_HANDLE)) <= LONGEST
