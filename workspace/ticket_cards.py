"""What a case's card says of its ticket. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from workspace import ids, words
from workspace.blocks import Block, button, context, section
from workspace.mrkdwn import escape, plain, short, web_url
from workspace.reading import CaseView


def ticket_blocks(view: CaseView) -> Iterator[Block]:
    """In a channel that anybody can join only its number and state."""
    case = view.case
    if case.helpdesk is None:
        return
    name = plain(short(case.helpdesk, 60))
    if case.ticket is None:
        why = view.waits
        yield context(
            words.TICKET_WAITS.format(desk=name, why=escape(short(why, 200)))
            if why
            else words.TICKET_COMING.format(desk=name)
        )
        return
    number, status = plain(short(case.ticket.id, 40)), words.TICKET[case.ticket.status]
    text = words.TICKET_IS.format(desk=name, number=number, status=status)
    url = web_url(case.ticket.url)
    if url and in_private(view):
        text += f" · <{url}|{words.OPEN_TICKET}>"
    note = button(words.NOTE, ids.NOTE, str(case.number))
    yield section(text, accessory=note)


def in_private(view: CaseView) -> bool:
    """Whether the case is worked in a channel that only its members can see."""
    home = view.desk.channels.get(view.case.channel)
    return home is not None and home.private
