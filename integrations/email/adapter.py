"""A helpdesk's address as a helpdesk."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage

from inbox.errors import Retryable, Unsupported
from inbox.ports import (
    HelpdeskConnection,
    Host,
    Ticket,
    TicketDraft,
    TicketEntry,
    TicketPage,
    TicketUpdate,
)
from integrations.email import EmailSettings
from integrations.email.compose import Letterhead
from integrations.email.examination import Examination
from integrations.email.mailbox import Mailboxes
from integrations.email.naming import Names
from integrations.email.post import Post, Server
from integrations.email.reading import Reader

_PAGE = 50
COPIED = timedelta(minutes=5)
"""After so long a server that keeps what it took from us has a copy."""
_AGAIN = timedelta(minutes=1)
_SENDING = "sending"
"""Kept under this name: the newest mail and when it was begun. A lane sends one at a time."""


def connection(
    name: str, settings: EmailSettings, password: str, signing_key: str, host: Host
) -> HelpdeskConnection:
    """Reads `ca_file`. Raises ValueError where there is none."""
    trust = _trust(settings.ca_file)
    post, mailboxes = _post(settings, password, trust), _mailboxes(settings, password, trust)
    names = Names(signing_key.encode(), settings.from_address.rpartition("@")[2].lower())
    paper = Letterhead(settings.from_address, settings.helpdesk_address, names)
    domain = "@" + settings.helpdesk_address.rpartition("@")[2]
    reader = Reader(
        names=names,
        ours=settings.from_address,
        trusted=frozenset(who.lower() for who in settings.answers_from or (domain,)),
        accept_bulk=settings.accept_bulk,
    )
    return HelpdeskConnection(
        name=name,
        kind="email",
        desk=Desk(paper, post, mailboxes, settings.sent_mailbox, host),
        watch=Watch(mailboxes, settings.mailbox, reader) if mailboxes else None,
        examiner=Examination(name, post, mailboxes, settings),
        named=paper.names.ticket,
    )


def _trust(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ValueError("ca_file cannot be read, or holds no certificate") from None


def _post(settings: EmailSettings, password: str, trust: ssl.SSLContext) -> Post:
    return Post(
        Server(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            trust=trust,
            user=settings.user,
            password=password,
        )
    )


def _mailboxes(settings: EmailSettings, password: str, trust: ssl.SSLContext) -> Mailboxes | None:
    if settings.imap_host is None:
        return None
    return Mailboxes(
        Server(
            host=settings.imap_host,
            port=settings.imap_port,
            security=settings.imap_security,
            trust=trust,
            user=settings.user,
            password=password,
        )
    )


class Desk:
    """Implements TicketDesk. A ticket is a thread of mails; mail knows no states."""

    def __init__(
        self,
        paper: Letterhead,
        post: Post,
        mailboxes: Mailboxes | None,
        sent: str | None,
        host: Host,
    ) -> None:
        self._paper = paper
        self._post = post
        self._mailboxes = mailboxes
        self._sent = sent
        self._clock = host.clock
        self._keep = host.keep

    def create(self, draft: TicketDraft) -> Ticket:
        self._send(self._paper.opening(draft, self._clock()))
        return Ticket(id=self._paper.names.ticket(draft.key))

    def find(self, key: str) -> Ticket | None:
        """Raises Retryable while a copy of the mail may still be on its way into `sent`."""
        ticket = self._paper.names.ticket(key)
        return Ticket(id=ticket) if self._was_sent(self._paper.names.opening(ticket)) else None

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        self._send(self._paper.entry(ticket, entry))
        return Ticket(id=ticket)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        return self._was_sent(self._paper.names.entry(ticket, entry.key))

    def update(self, ticket: str, update: TicketUpdate) -> None:
        """Nothing: mail has no state, priority, owner or tags that could be set later."""

    def _send(self, mail: EmailMessage) -> None:
        self._keep.set(_SENDING, f"{mail['Message-ID']} {self._clock().isoformat()}")
        self._post.send(mail, ours=self._paper.ours, to=self._paper.helpdesk)

    def _was_sent(self, message_id: str) -> bool:
        if self._mailboxes is None or self._sent is None:
            raise Unsupported("Nobody can be asked whether a mail was sent: see sent_mailbox.")
        with self._mailboxes.opened(self._sent) as sent:
            if sent.with_id(message_id):
                return True
        begun, _, at = (self._keep.get(_SENDING) or "").partition(" ")
        if begun == message_id and self._clock() - datetime.fromisoformat(at) < COPIED:
            raise Retryable("A copy of the mail may still come into sent_mailbox.", after=_AGAIN)
        return False


class Watch:
    """Implements TicketWatch. A cursor is the mailbox's UIDVALIDITY and the last UID read.

    Where the mailbox was made anew, all of it is read again: an answer's id is made of its
    Message-ID, so what was known stays known.
    """

    def __init__(self, mailboxes: Mailboxes, name: str, reader: Reader) -> None:
        self._mailboxes = mailboxes
        self._name = name
        self._reader = reader

    def changes(self, cursor: str | None) -> TicketPage:
        with self._mailboxes.opened(self._name) as folder:
            extent = folder.extent()
            if cursor is None:
                return TicketPage(events=(), cursor=f"{extent.validity}:{extent.next - 1}")
            validity, _, last = cursor.partition(":")
            known = int(last) if int(validity) == extent.validity else 0
            numbers = folder.after(known)
            page = numbers[:_PAGE]
            came = [received for number in page if (received := folder.fetch(number))]
        told = (self._reader.read(each.raw, each.at) for each in came)
        return TicketPage(
            events=tuple(event for event in told if event),
            cursor=f"{extent.validity}:{page[-1] if page else known}",
            more=len(numbers) > len(page),
        )
