"""A customer's profile: the accounts of one person and all their cases, as a channel may see them.

What may not be shown is not in the profile, so that no window can show it by mistake.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from inbox.called import called
from inbox.case import Case, Status
from inbox.contacts import Sight, reached, standing
from inbox.errors import Refusal
from inbox.message import Author, Ref
from inbox.ports import Conversation, Link, Stored, Tally, Unit

PAGE = 10
"""Cases that are looked up at a time."""

MOST_UNDONE = 5


class Identity(Struct, frozen=True, kw_only=True):
    """One account of the person; `link` says since when and by whom, None for the one looked at.

    `cases` and `closed` count all of its cases, also those that may not be shown.
    """

    author: Author
    cases: int
    closed: int
    link: Link | None


class Line(Struct, frozen=True, kw_only=True):
    """A case that may be shown, with the customer's newest message and where they were written."""

    case: Case
    newest: Stored | None
    conversations: Sequence[Conversation]


class Withheld(Struct, frozen=True, kw_only=True):
    """All that a channel may know of a case in a private one that it is not."""

    number: int
    tier: int
    status: Status


class Undone(Struct, frozen=True, kw_only=True):
    """A link of the past between two authors that may be shown."""

    link: Link
    one: Author
    other: Author


class Profile(Struct, frozen=True, kw_only=True):
    """Everything known of a person. `identities` begins with the author that was asked for.

    `hidden` counts the accounts that are known from private channels alone. `lines` are some of
    the `cases`, newest first, after `skipped` newer ones.
    """

    identities: Sequence[Identity]
    hidden: int
    cases: int
    closed: int
    skipped: int
    lines: Sequence[Line | Withheld]
    undone: Sequence[Undone]

    @property
    def older(self) -> int:
        """How many cases come after these."""
        return self.cases - self.skipped - len(self.lines)


def profile(unit: Unit, sight: Sight, author: Ref, *, skip: int = 0) -> Profile:
    """The person that this author is. Raises Refusal where the channel may not see the author."""
    person = reached(author, standing(unit, {author}))
    tallies = unit.cases.tallies(person)
    shown = [ref for ref in person if any(t.author == ref and sight.shows(t) for t in tallies)]
    if author not in shown:
        raise Refusal("This customer is not to be seen here. Look where their case is worked.")
    names = unit.identities.find(shown)
    lines = _lines(unit, sight, person, skip)
    wrote = [line.newest for line in lines if isinstance(line, Line) and line.newest]
    return Profile(
        identities=[_identity(called(names[ref], wrote), tallies, person[ref]) for ref in shown],
        hidden=len(person) - len(shown),
        cases=_sum(tallies),
        closed=_sum(t for t in tallies if t.status is Status.CLOSED),
        skipped=skip,
        lines=lines,
        undone=[*_undone(unit, sight, shown)][-MOST_UNDONE:],
    )


def _identity(author: Author, tallies: Sequence[Tally], link: Link | None) -> Identity:
    own = [tally for tally in tallies if tally.author == author.ref]
    closed = _sum(tally for tally in own if tally.status is Status.CLOSED)
    return Identity(author=author, cases=_sum(own), closed=closed, link=link)


def _sum(tallies: Iterator[Tally] | Sequence[Tally]) -> int:
    return sum(tally.cases for tally in tallies)


def _lines(
    unit: Unit, sight: Sight, person: Collection[Ref], skip: int
) -> Sequence[Line | Withheld]:
    cases = unit.cases.of_authors(person, skip=skip, limit=PAGE)
    shown = [case for case in cases if sight.shows(case)]
    newest = unit.messages.find({case.last for case in shown if case.last})
    conversations = unit.messages.conversations([case.number for case in shown])
    return [_line(case, newest, conversations.get(case.number)) for case in cases]


def _line(
    case: Case, newest: Mapping[Ref, Stored], conversations: Sequence[Conversation] | None
) -> Line | Withheld:
    """`conversations` are None for a case that may not be shown."""
    if conversations is None:
        return Withheld(number=case.number, tier=case.tier, status=case.status)
    last = newest.get(case.last) if case.last else None
    return Line(case=case, newest=last, conversations=conversations)


def _undone(unit: Unit, sight: Sight, shown: Sequence[Ref]) -> Iterator[Undone]:
    links = [link for link in unit.identities.links(shown) if not link.stands]
    ends = {end for link in links for end in (link.one, link.other)}
    seen = sight.shown(unit, ends)
    names = unit.identities.find(seen)
    for link in links:
        if {link.one, link.other} <= seen:
            yield Undone(link=link, one=names[link.one], other=names[link.other])
