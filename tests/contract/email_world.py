"""A helpdesk that is an address, on real mail servers; its people answer by mail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, TicketEvent, TicketStatus
from integrations.email import helpdesk
from integrations.email.quoting import ABOVE
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.hosts import a_host
from tests.real.mail import PASSWORD, Intake, Smtp, mailboxes

HELPDESK = "help@brand.example"
RITA = "Rita <rita@brand.example>"
FAULTS = {"429": "451 4.7.1 Later", "reset_after": "drop_after"}
SIGNING_KEY = "a-key-that-only-the-tests-have"


class MailWorld:
    """`ahead` of the real time is our clock; while `copies_wait` the server keeps none yet."""

    secret = PASSWORD
    agent = ""

    def __init__(self, *, keeps: bool) -> None:
        self.user = f"desk-{secrets.token_hex(4)}@bot.example"
        self.taken: list[EmailMessage] = []
        self.ahead = timedelta(0)
        self.copies_wait = False
        self.host = a_host(lambda: now() + self.ahead)
        self.knows = frozenset({"search"}) if keeps else frozenset()
        self.intake = Intake(self._take)
        self.smtp = Smtp(self.intake)
        self.connection = self.connect()
        assert self.connection.watch
        self._drained = Drained(self.connection.watch)

    def connect(
        self, *, password: str = PASSWORD, port: int | None = None, **more: object
    ) -> HelpdeskConnection:
        boxes = mailboxes()
        data = {
            "helpdesk_address": HELPDESK,
            "from_address": self.user,
            "user": self.user,
            "smtp_host": "127.0.0.1",
            "smtp_port": port or self.smtp.port,
            "imap_host": "127.0.0.1",
            "imap_port": port or boxes.port,
            "ca_file": str(boxes.certificate),
            **({"sent_mailbox": "Sent"} if "search" in self.knows else {}),
            **more,
        }
        secrets = {"EMAIL_SUPPORT_PASSWORD": password, "EMAIL_SUPPORT_SIGNING_KEY": SIGNING_KEY}
        return helpdesk.connect("support", data, secrets, host=self.host)

    def tickets(self) -> Sequence[Seen]:
        """Each thread of mails, as a mail program shows it."""
        first = [mail for mail in self.taken if "References" not in mail]
        return [self._seen(mail) for mail in first]

    def changes(self) -> list[TicketEvent]:
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        """With our mail below it, as most programs do."""
        asked = next(mail for mail in self.taken if ticket in mail["Subject"])
        answer = self.answer_to(asked, text)
        self.receive(answer)

    def answer_to(self, asked: EmailMessage, text: str) -> EmailMessage:
        quoted = "\n".join(f"> {line}" for line in asked.get_content().split("\n"))
        answer = EmailMessage(policy=SMTP)
        answer["From"], answer["To"] = RITA, self.user
        answer["Subject"] = f"Re: {asked['Subject']}"
        answer["Message-ID"] = f"<{secrets.token_hex(8)}@brand.example>"
        answer["In-Reply-To"] = answer["References"] = asked["Message-ID"]
        wrote = f"On Sun, 29 Nov 2026 at 10:00, Tierdesk <{self.user}> wrote:"
        answer.set_content(f"{text}\n\n{wrote}\n{quoted}\n")
        return answer

    def receive(self, mail: EmailMessage) -> None:
        mailboxes().append(self.user, mail.as_bytes())

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        raise AssertionError("mail has no states")

    def merge(self, ticket: str, into: str) -> None:
        raise AssertionError("threads are not merged")

    def delete(self, ticket: str) -> None:
        raise AssertionError("threads are not deleted")

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.intake.faults.append(FAULTS.get(kind, "drop"))

    def with_secret(self, secret: str) -> HelpdeskConnection:
        return self.connect(password=secret)

    def unreachable(self) -> HelpdeskConnection:
        return self.connect(port=9)

    def _take(self, raw: bytes) -> None:
        """The server takes a mail: the helpdesk has it, and where it keeps one, a copy is there."""
        mail = message_from_bytes(raw, policy=default)
        self.taken.append(mail)
        if "search" in self.knows and not self.copies_wait:
            mailboxes().append(self.user, raw, "Sent")

    def _seen(self, first: EmailMessage) -> Seen:
        thread = [
            m for m in self.taken if first["Message-ID"] in (m["Message-ID"], m["References"])
        ]
        texts = [mail.get_content().removeprefix(ABOVE).strip() for mail in thread]
        return Seen(
            id=first["Message-ID"].removeprefix("<").partition("@")[0],
            subject=first["Subject"],
            requester=first["From"].addresses[0].display_name.removesuffix(" via Tierdesk"),
            entries=tuple(texts),
            public=tuple(m["To"] for m in thread if m["To"] != HELPDESK or "Cc" in m),
        )


@contextmanager
def a_mail_world() -> Iterator[World]:
    """The server keeps a copy of what it took from us, as Gmail and Exchange do."""
    world = MailWorld(keeps=True)
    try:
        yield world
    finally:
        world.smtp.close()


@contextmanager
def a_mail_world_that_keeps_nothing() -> Iterator[World]:
    world = MailWorld(keeps=False)
    try:
        yield world
    finally:
        world.smtp.close()
