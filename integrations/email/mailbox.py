"""Our mailboxes over IMAP4rev1 (RFC 3501), read only: no mail is marked, moved or deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.errors import AuthFailed, Retryable
from integrations.email import Security
from integrations.email.post import ASCII_ONLY, TIMEOUT, Server

NAME = "The mailbox's server"
MOST_BYTES = 2_000_000
"""What is read of a mail; large ones are attachments, whose beginning is enough."""
_PORTS = {Security.STARTTLS: 143, Security.TLS: 993, Security.NONE: 143}


@dataclass(frozen=True, slots=True)
class Extent:
    """Which mailbox it is (`validity` changes where it was made anew), and its next number."""

    validity: int
    next: int


@dataclass(frozen=True, slots=True)
class Received:
    """`at` is when the server got it."""

    raw: bytes
    at: datetime


class Folder:
    """An opened mailbox."""

    def __init__(self, imap: imaplib.IMAP4, name: str) -> None:
        self._imap = imap
        self._name = _quoted(name)

    def extent(self) -> Extent:
        said = self._ask("STATUS", self._imap.status(self._name, "(UIDNEXT UIDVALIDITY)"))
        text = b" ".join(part for part in said if isinstance(part, bytes)).decode(
            "ascii", "replace"
        )
        after, validity = (re.search(rf"{w} (\d+)", text) for w in ("UIDNEXT", "UIDVALIDITY"))
        if not (after and validity):
            raise Retryable(f"{NAME} gave an answer that could not be read.")
        return Extent(validity=int(validity[1]), next=int(after[1]))

    def after(self, number: int) -> list[int]:
        """The numbers above this one, lowest first."""
        # "n:*" always names the newest mail, even where its number is below n.
        return [uid for uid in self._search(f"UID {number + 1}:*") if uid > number]

    def with_id(self, message_id: str) -> bool:
        return bool(self._search(f'HEADER Message-ID "{message_id}"'))

    def fetch(self, number: int) -> Received | None:
        """None where it is gone."""
        asked = f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)"
        said = self._ask("FETCH", self._imap.uid("FETCH", str(number), asked))
        for part in said:
            if isinstance(part, tuple):
                when = imaplib.Internaldate2tuple(part[0])
                at = datetime.fromtimestamp(time.mktime(when), UTC) if when else datetime.now(UTC)
                return Received(raw=part[1], at=at)
        return None

    def select(self) -> None:
        """Raises AuthFailed where there is no such mailbox."""
        kind, _ = self._imap.select(self._name, readonly=True)
        if kind != "OK":
            raise AuthFailed(f"{NAME} has no mailbox {self._name} for us.")

    def _search(self, condition: str) -> list[int]:
        said = self._ask("SEARCH", self._imap.uid("SEARCH", condition))
        return sorted(int(uid) for part in said if isinstance(part, bytes) for uid in part.split())

    def _ask(self, what: str, answer: tuple[str, list[Any]]) -> list[Any]:
        kind, said = answer
        if kind != "OK":
            raise Retryable(f"{NAME} refused {what}.")
        return said


class Mailboxes:
    """A connection for each look."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def opened(self, name: str) -> Iterator[Folder]:
        """Raises Retryable, AuthFailed; so does every call of the folder, inside."""
        with _asked():
            imap = self._connect()
            try:
                self._login(imap)
                folder = Folder(imap, name)
                folder.select()
                yield folder
            finally:
                with suppress(imaplib.IMAP4.error, OSError):
                    imap.logout()

    def _connect(self) -> imaplib.IMAP4:
        host, port = self._server.host, self._server.port or _PORTS[self._server.security]
        if self._server.security is Security.TLS:
            return imaplib.IMAP4_SSL(host, port, ssl_context=self._server.trust, timeout=TIMEOUT)
        imap = imaplib.IMAP4(host, port, timeout=TIMEOUT)
        if self._server.security is Security.STARTTLS:
            imap.starttls(ssl_context=self._server.trust)
        return imap

    def _login(self, imap: imaplib.IMAP4) -> None:
        try:
            imap.login(self._server.user or "", self._server.password)
        except imaplib.IMAP4.abort:
            raise
        except UnicodeEncodeError:
            raise AuthFailed(f"{NAME} {ASCII_ONLY}") from None
        except imaplib.IMAP4.error:
            raise AuthFailed(f"{NAME} does not accept our name and password.") from None


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise Retryable(f"{NAME} has a certificate that is not trusted: see ca_file.") from None
    except (imaplib.IMAP4.error, OSError):
        raise Retryable(f"{NAME} could not be reached, or it broke off.") from None


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
