"""Mails out over SMTP, with every error as one of ours. What a server said is in none."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain
from integrations.email import Security

TIMEOUT = 15.0  # seconds, for each answer of the server
NAME = "The mail server"
_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
ASCII_ONLY = "can be given a name and password of ASCII letters, digits and signs only."
_NOT_ALLOWED = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where it listens, how the way to it is kept secret, who logs in."""

    host: str
    port: int | None
    security: Security
    trust: ssl.SSLContext
    user: str | None
    password: str = field(repr=False)


class Post:
    """A connection for each mail: they are few, and none is kept that may be dead."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def send(self, mail: EmailMessage, *, ours: str, to: str) -> None:
        """Raises any IntegrationError; Uncertain where the end of a mail was not acknowledged."""
        with self._connected() as smtp:
            with _not_sent():
                _accepted(*smtp.mail(ours))
                _accepted(*smtp.rcpt(to))
            try:
                code, said = smtp.data(mail.as_bytes())
            except smtplib.SMTPDataError as refusal:
                code, said = refusal.smtp_code, b""
            except (smtplib.SMTPException, OSError):
                raise Uncertain(f"{NAME} did not say whether it took the mail.") from None
            _accepted(code, said)

    def greet(self) -> None:
        """Connects and logs in, no more."""
        with self._connected():
            pass

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        with _not_sent():
            smtp = self._open()
        try:
            with _not_sent():
                self._prepare(smtp)
            yield smtp
        finally:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port or _PORTS[self._server.security]
        if self._server.security is Security.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=self._server.trust)
        return smtplib.SMTP(host, port, timeout=TIMEOUT)

    def _prepare(self, smtp: smtplib.SMTP) -> None:
        if self._server.security is Security.STARTTLS:
            smtp.starttls(context=self._server.trust)
        if self._server.user:
            smtp.login(self._server.user, self._server.password)


@contextmanager
def _not_sent() -> Iterator[None]:
    """What fails in here failed before the mail was handed over."""
    try:
        yield
    except smtplib.SMTPResponseException as refusal:
        raise refused(refusal.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise AuthFailed(f"{NAME} offers no STARTTLS, or no way to log in.") from None
    except UnicodeEncodeError:
        raise AuthFailed(f"{NAME} {ASCII_ONLY}") from None
    except ssl.SSLCertVerificationError:
        raise Retryable(f"{NAME} has a certificate that is not trusted: see ca_file.") from None
    except (smtplib.SMTPException, OSError):
        raise Retryable(f"{NAME} could not be reached.") from None


def _accepted(code: int, _said: bytes) -> None:
    if not 200 <= code < 300:
        raise refused(code)


def refused(code: int) -> IntegrationError:
    """By the reply code alone (RFC 5321, 4.2.1): 4yz may be tried again, 5yz may not."""
    if code in _NOT_ALLOWED:
        return AuthFailed(f"{NAME} does not accept our name and password ({code}).")
    if 500 <= code < 600:
        return Rejected(f"{NAME} refused the mail for good ({code}).")
    return Retryable(f"{NAME} did not take the mail now ({code}).")
