"""One person behind several authors: who is whom, as agents say it, and what follows from it.

An agent links two authors, and may undo it. Links that stand make a forest: nobody is linked who
is linked already, so that undoing one, in whatever order, leaves exactly what the others say.
A case still belongs to one author in one account; only how well a person is known is counted over
all of their authors. Whoever can be linked has a case, so a linked author never writes for the
first time: reception asks for no links.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from inbox.case import Case, Status
from inbox.desk import Desk
from inbox.errors import Refusal
from inbox.message import Author, Ref
from inbox.ports import Contact, Link, Tally, Unit
from inbox.record import show_card

MOST_IDENTITIES = 20
"""Authors that can be one person: more of them are a mistake, or somebody's bots."""

MOST_LOOKED_AT = 200
"""Authors of a name that are looked at for those that may be shown."""

_LOCK = "contacts"


class Sight(Struct, frozen=True, kw_only=True):
    """What may be shown in a channel, `channel` its key: what is worked there or in no private one.

    Where the channel is one that the settings do not know, it sees what everybody sees.
    """

    desk: Desk
    channel: str

    def shows(self, worked: Case | Tally) -> bool:
        here = worked.channel == self.channel
        return here or not self.desk.is_private(worked.channel, worked.tier)

    def shown(self, unit: Unit, authors: Collection[Ref]) -> frozenset[Ref]:
        """The authors with a case that may be shown; of others not even the name may be."""
        tallies = unit.cases.tallies(authors) if authors else ()
        return frozenset(tally.author for tally in tallies if self.shows(tally))


# --- who is whom -------------------------------------------------------------------------


def standing(unit: Unit, authors: Collection[Ref]) -> Sequence[Link]:
    """The links that stand and hold these authors' persons together, oldest first."""
    found: dict[int, Link] = {}
    seen: set[Ref] = set()
    edge = set(authors)
    while edge:
        seen |= edge
        links = [link for link in unit.identities.links(edge) if link.stands]
        found |= {link.id: link for link in links}
        edge = {end for link in links for end in (link.one, link.other)} - seen
    return [found[number] for number in sorted(found)]


def reached(author: Ref, links: Iterable[Link]) -> Mapping[Ref, Link | None]:
    """The authors of one person, this one first, each with the link that leads to it."""
    left = [*links]
    found: dict[Ref, Link | None] = {author: None}
    edge = [author]
    while edge:
        at = edge.pop(0)
        nearest = [link for link in left if at in (link.one, link.other)]
        left = [link for link in left if link not in nearest]
        found |= {link.beyond(at): link for link in nearest}
        edge += [link.beyond(at) for link in nearest]
    return found


def contacts(unit: Unit, authors: Collection[Ref]) -> Mapping[Ref, Contact]:
    """What we know of authors, with the cases of all that are the same person.

    `newest` stays the author's own: a message joins no case of another author.
    """
    links = standing(unit, authors)
    if not links:
        return unit.cases.contacts(authors)
    people = {author: reached(author, links) for author in authors}
    known = unit.cases.contacts({each for person in people.values() for each in person})
    return {
        author: Contact(
            cases=sum(known[each].cases for each in person),
            closed=sum(known[each].closed for each in person),
            newest=known[author].newest,
        )
        for author, person in people.items()
    }


def search(unit: Unit, sight: Sight, words: str, *, limit: int) -> Sequence[Author]:
    """Authors by handle or name, those of exactly this handle first, then whom we met last."""
    found = unit.identities.search(words, limit=MOST_LOOKED_AT)
    shown = sight.shown(unit, [author.ref for author in found])
    handle = words.strip().lstrip("@").casefold()
    seen = [author for author in found if author.ref in shown]
    return sorted(seen, key=lambda a: a.handle.lstrip("@").casefold() != handle)[:limit]


# --- what agents say ---------------------------------------------------------------------


def link(unit: Unit, sight: Sight, one: Ref, other: Ref, user: str, *, at: datetime) -> None:
    """Say that two authors are one person. Both must be ones that the channel may see."""
    unit.lock(_LOCK)
    if not {one, other} <= sight.shown(unit, {one, other}):
        raise Refusal("They were not linked: one of them is not to be seen here. Search again.")
    if one == other:
        raise Refusal("That is the same account. Search for the other one of this person.")
    links = standing(unit, {one, other})
    person, added = reached(one, links), reached(other, links)
    if other in person:
        raise Refusal("These two are linked already, directly or through another account.")
    if len(person) + len(added) > MOST_IDENTITIES:
        raise Refusal(
            f"They were not linked: one person can have at most {MOST_IDENTITIES} accounts here. "
            "Undo a link that is wrong first."
        )
    unit.identities.link(one, other, by=user, at=at)
    _recount(unit, {*person, *added})


def unlink(unit: Unit, sight: Sight, author: Ref, number: int, user: str, *, at: datetime) -> None:
    """Undo one link of an author's person. What other links say stays."""
    unit.lock(_LOCK)
    links = standing(unit, {author})
    undone = next((each for each in links if each.id == number), None)
    if undone is None:
        raise Refusal("Somebody has undone this link already. Open the profile again to see it.")
    if not sight.shown(unit, {undone.one, undone.other}):
        raise Refusal("The link was not undone: it is not to be seen here. Use a private channel.")
    unit.identities.undo(number, by=user, at=at)
    _recount(unit, reached(author, links))


def leave(unit: Unit, author: Ref) -> None:
    """Nothing is kept of this author any more; whom links hold together through them stay so."""
    unit.lock(_LOCK)
    joined = [link for link in unit.identities.links({author}) if link.stands]
    for link in joined[1:]:
        heir, other = joined[0].beyond(author), link.beyond(author)
        unit.identities.link(heir, other, by=link.by, at=link.at)
    unit.identities.forget(author)


def _recount(unit: Unit, person: Collection[Ref]) -> None:
    """Draw the newest card of each author anew: it says how well the person is known."""
    newest = [contact.newest for contact in unit.cases.contacts(person).values()]
    waiting = [case for case in newest if case and case.status is not Status.CLOSED]
    unit.outbox.add([show_card(case, case.channel) for case in waiting])
