"""A customer's profile as a window, and the list of those who are called so. Pure.

A window has room for any person: cases by the page, texts by their beginning, links that are short.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from zoneinfo import ZoneInfo

from inbox.called import has_name
from inbox.case import Case, Status
from inbox.errors import Refusal
from inbox.message import Account, Author, Ref, Visibility
from inbox.ports import Conversation, Stored
from inbox.profile import PAGE, Identity, Line, Profile, Undone, Withheld
from workspace import ids, words
from workspace.blocks import (
    Block,
    Element,
    Shown,
    actions,
    button,
    confirm,
    context,
    dated,
    header,
    linked,
    moment,
    option,
    person,
    plain_section,
    rich,
    rich_line,
    rich_quote,
    said,
    searching,
    section,
    window,
)
from workspace.mrkdwn import plain, short, web_url
from workspace.showing import Lens

MOST_SAID = 200
"""Characters of a message that stand on a case's line."""

LONGEST = 1000
"""Characters of an address that still becomes a link; Slack bounds all of a window together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What the window remembers: who is looked at, from which channel, after how many cases."""

    channel_id: str
    author: Ref
    skip: int = 0

    def dumped(self) -> str:
        return json.dumps([self.channel_id, *_parts(self.author), self.skip])

    def at(self, skip: int) -> Looking:
        return replace(self, skip=max(0, skip))


def looking(metadata: str) -> Looking:
    """Raises Refusal where the window is of another version."""
    try:
        channel_id, network, account, name, skip = json.loads(metadata)
        author = Ref(str(network), str(account), str(name))
        return Looking(channel_id=str(channel_id), author=author, skip=int(skip))
    except (TypeError, ValueError):
        raise Refusal(words.GONE_META) from None


def person_value(author: Ref) -> str:
    """An author as the value of a button or an option."""
    return json.dumps(_parts(author), separators=(",", ":"), ensure_ascii=False)


def person_of(value: str) -> Ref:
    """Raises Refusal for what `person_value` did not make."""
    try:
        network, account, name = json.loads(value)
    except (TypeError, ValueError):
        raise Refusal(words.GONE_META) from None
    return Ref(str(network), str(account), str(name))


def _parts(ref: Ref) -> tuple[str, str, str]:
    return ref.network, ref.account, ref.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Eye:
    """Through what a profile is seen. `accounts` are ours: their names tell several of a network
    apart. `private`: only members see the channel; there a ticket's address is shown, too.
    """

    lens: Lens
    zone: ZoneInfo
    accounts: Collection[Account]
    private: bool = False

    def name(self, author: Author) -> str:
        return self.lens.name(author)

    def handle(self, author: Author) -> str:
        return f"@{short(self.lens.handle(author), 100).lstrip('@')}"

    def place(self, author: Author) -> str:
        net, ours = author.ref.network, author.ref.account
        several = sum(account.network == net for account in self.accounts) > 1
        return words.network(net) + (f" ({short(ours, 40)})" if several else "")

    def introduced(self, author: Author) -> Iterator[Element]:
        url = _address(author.url)
        name, handle = self.name(author), self.handle(author)
        if has_name(author):
            yield said(name, bold=True)
            yield said(" · ")
            yield linked(url, handle) if url else said(handle)
        else:
            yield linked(url, name, bold=True) if url else said(name, bold=True)
        yield said(f" · {self.place(author)}")


def _address(url: str | None) -> str | None:
    return web_url(url) if url and len(url) <= LONGEST else None


# --- the window --------------------------------------------------------------------------


def profile_window(told: Profile, eye: Eye, at: Looking, *, notice: str | None = None) -> Block:
    """`notice` says what was just done."""
    blocks = [
        *([section(notice)] if notice else []),
        *(block for each in told.identities for block in _identity(each, eye)),
        *([context(words.hidden_accounts(told.hidden))] if told.hidden else []),
        *_search(),
        *(context(_undone(each, eye)) for each in told.undone),
        header(f"{words.THEIR_CASES} · {words.cases_of(told.cases, told.closed)}"),
        *(_case(line, eye) for line in told.lines),
        *_pages(told),
    ]
    return window(
        ids.PROFILE_WINDOW,
        words.PROFILE_TITLE,
        blocks,
        submit=None,
        cancel=words.DONE,
        metadata=at.dumped(),
    )


def _identity(each: Identity, eye: Eye) -> Iterator[Block]:
    counted = said(f" · {words.cases_of(each.cases, each.closed)}")
    yield rich(rich_line([*eye.introduced(each.author), counted]))
    if each.link is not None:
        when = moment(each.link.at, eye.zone)
        ask = confirm(words.UNLINK_NOW, words.UNLINK_WHAT, words.UNLINK_NOW, words.CANCEL)
        undo = button(words.UNLINK, ids.NOT_THE_SAME, str(each.link.id), ask=ask)
        told = words.LINKED_BY.format(who=f"<@{each.link.by}>", when=when)
        yield section(f"_{told}_", accessory=undo)


def _search() -> Iterator[Block]:
    ask = confirm(words.LINK_THEM, words.LINK_WHAT, words.LINK_THEM_NOW, words.CANCEL)
    yield section(
        words.SAME_PERSON, accessory=searching(ids.SAME_PERSON, hint=words.FIND_BY_NAME, ask=ask)
    )


def _undone(each: Undone, eye: Eye) -> str:
    link = each.link
    return words.LINK_UNDONE.format(
        one=plain(f"{eye.name(each.one)} ({eye.place(each.one)})"),
        other=plain(f"{eye.name(each.other)} ({eye.place(each.other)})"),
        who=f"<@{link.by}>",
        when=moment(link.at, eye.zone),
        by=f"<@{link.undone_by}>",
        then=moment(link.undone_at or link.at, eye.zone),
    )


def _pages(told: Profile) -> Iterator[Block]:
    """Where there is more than stands here, how much, and the way there."""
    if not told.skipped and not told.older:
        return
    first, last = told.skipped + 1, told.skipped + len(told.lines)
    yield context(words.these_cases(first, last, told.cases) if told.lines else words.NO_CASE_HERE)
    turns: list[Element] = []
    if told.skipped:
        turns.append(button(words.NEWER, ids.NEWER, str(max(0, told.skipped - PAGE))))
    if told.older > 0:
        turns.append(button(words.OLDER, ids.OLDER, str(last)))
    yield actions(turns)


# --- a case ------------------------------------------------------------------------------


def _case(line: Line | Withheld, eye: Eye) -> Block:
    match line:
        case Withheld(number=number, tier=tier, status=status):
            return _withheld(number, tier, status)
        case Line():
            quote = _said(line.newest, eye) if line.newest else None
            ticket = rich_line(about) if (about := [*_ticket(line.case, eye)]) else None
            facts = rich_line(_facts(line, eye))
            return rich(rich_line(_about(line.case, eye)), quote, ticket, facts)
        case _:
            assert_never(line)


def _withheld(number: int, tier: int, status: Status) -> Block:
    parts = (words.TIER.format(number=tier), words.STATUS[status])
    told = said(f" · {' · '.join(parts)} · ")
    secret = said(words.IN_PRIVATE_CHANNEL_ONLY, italic=True)
    return rich(rich_line([said(f"#{number}", bold=True), told, secret]))


def _about(case: Case, eye: Eye) -> Iterator[Element]:
    closed = f" as {short(case.resolution, 80)}" if case.resolution else ""
    parts = [
        words.PRIORITY[case.priority],
        eye.place(case.author),
        words.TIER.format(number=case.tier),
        words.STATUS[case.status] + (closed if case.status is Status.CLOSED else ""),
    ]
    yield said(f"#{case.number}", bold=True)
    yield said(f" · {' · '.join(parts)} · {words.OPENED} ")
    yield dated(case.opened_at, eye.zone)


def _said(newest: Stored, eye: Eye) -> Block | None:
    return rich_quote(short(eye.lens.message(newest), MOST_SAID) or words.NO_TEXT)


def _ticket(case: Case, eye: Eye) -> Iterator[Element]:
    if case.helpdesk is None:
        return
    desk, ticket = short(case.helpdesk, 60), case.ticket
    if ticket is None:
        yield said(words.TICKET_COMING.format(desk=desk))
        return
    number, status = short(ticket.id, 40), words.TICKET[ticket.status]
    yield said(words.TICKET_IS.format(desk=desk, number=number, status=status))
    if eye.private and (url := _address(ticket.url)):
        yield from (said(" · "), linked(url, words.OPEN_TICKET))


def _facts(line: Line, eye: Eye) -> Iterator[Element]:
    """Where they wrote, who has it, and the way to the newest message."""
    yield said(_written(line.conversations))
    if line.case.owner:
        yield from (said(" · "), person(line.case.owner), said(f" {words.HAS_IT}"))
    newest = line.newest
    if newest is None:
        return
    if newest.deleted_at is not None:
        yield from (said(f" · {words.DELETED} "), dated(newest.deleted_at, eye.zone))
    elif url := _address(newest.message.url):
        yield from (said(" · "), linked(url, words.OPEN_POST))


def _written(conversations: Sequence[Conversation]) -> str:
    """How much in public and how much in private."""
    parts = []
    for visibility in Visibility:
        if found := [c for c in conversations if c.visibility is visibility]:
            parts.append(words.written_where(visibility, _messages(found), len(found)))
    return " · ".join(parts) or words.NOTHING_WRITTEN


def _messages(conversations: Sequence[Conversation]) -> int:
    return sum(conversation.messages for conversation in conversations)


# --- finding somebody --------------------------------------------------------------------


def candidates(people: Sequence[tuple[Author, int]], eye: Eye) -> list[Block]:
    """What the search field lists: each author with the number of their cases."""
    found = ((person_value(author.ref), author, cases) for author, cases in people)
    return [
        option(_listed(author, cases, eye), value)
        for value, author, cases in found
        if len(value) <= ids.MOST_OPTION
    ]


def _listed(author: Author, cases: int, eye: Eye) -> str:
    """In plain text, so that nothing is escaped. The handle comes first: it tells people apart."""
    name, handle = short(eye.name(author), 24), short(eye.handle(author), 30)
    who = f"{handle} · {name}" if has_name(author) else name
    return f"{who} · {words.network(author.ref.network)}, {words.counted(cases, 'case')}"


def people(text: str, found: Sequence[tuple[Author, int]], eye: Eye, *, more: bool) -> Shown:
    """The answer to `/tierdesk who`, each with a way to the profile. `more`: not all are listed."""
    asked = plain(short(text, 80))
    if not found:
        nobody = words.NOBODY.format(text=asked)
        return Shown(text=nobody, blocks=(section(nobody),))
    title = words.PEOPLE_FOUND.format(text=asked)
    blocks = [context(title), *(_person(author, cases, eye) for author, cases in found)]
    if more:
        blocks.append(context(words.MORE_PEOPLE))
    return Shown(text=title, blocks=tuple(blocks))


def _person(author: Author, cases: int, eye: Eye) -> Block:
    handle = [eye.handle(author)] if has_name(author) else []
    parts = (eye.name(author), *handle, eye.place(author), words.counted(cases, "case"))
    value = person_value(author.ref)
    way = button(words.PROFILE, ids.PERSON, value) if len(value) <= ids.MOST_VALUE else None
    return plain_section(" · ".join(parts), accessory=way)
