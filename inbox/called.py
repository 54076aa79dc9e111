"""How a customer is called. Some networks tell a name only of those who wrote in private. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from inbox.case import Case
from inbox.message import Author
from inbox.ports import Stored


def has_name(author: Author) -> bool:
    """Whether the name says more than the handle."""
    return author.name.casefold() != author.handle.lstrip("@").casefold()


def as_called(case: Case, messages: Sequence[Stored]) -> Case:
    """The case with its author as its newest message has them that knows a name."""
    return replace(case, author=called(case.author, reversed(messages)))


def called(author: Author, messages: Iterable[Stored]) -> Author:
    """The author as the first of these messages has them that knows a name."""
    authors = (stored.message.author for stored in messages if not stored.mine)
    named = (each for each in authors if each.ref == author.ref and has_name(each))
    found = next(named, author)
    return replace(found, url=found.url or author.url)
