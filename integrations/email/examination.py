"""Whether the mail servers take us: SMTP, the mailbox, the mailbox of what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.errors import IntegrationError
from inbox.ports import Checkup
from integrations.email import EmailSettings
from integrations.email.mailbox import Mailboxes
from integrations.email.post import Post


class Examination:
    """Logs in and opens; sends and changes nothing."""

    def __init__(
        self, name: str, post: Post, mailboxes: Mailboxes | None, settings: EmailSettings
    ) -> None:
        self._name = name
        self._post = post
        self._mailboxes = mailboxes
        self._settings = settings

    def examine(self) -> Sequence[Checkup]:
        found = [self._smtp()]
        if self._mailboxes is None:
            return [*found, self._well("no imap_host is set, so answers do not come back")]
        found.append(self._opens(self._mailboxes, "mailbox", self._settings.mailbox))
        sent = self._settings.sent_mailbox
        if sent is None:
            unasked = "without sent_mailbox, a person decides where a mail may have been sent"
            return [*found, self._well(unasked)]
        return [*found, self._opens(self._mailboxes, "sent_mailbox", sent)]

    def _smtp(self) -> Checkup:
        try:
            self._post.greet()
        except IntegrationError as error:
            return self._wrong(f"{error} See smtp_host and the keys beside it")
        return self._well("the mail server takes us in")

    def _opens(self, mailboxes: Mailboxes, key: str, name: str) -> Checkup:
        try:
            with mailboxes.opened(name) as folder:
                folder.extent()
        except IntegrationError as error:
            return self._wrong(f"{error} See imap_host, {key} and the keys beside them")
        return self._well(f"the mailbox {name} is read")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
