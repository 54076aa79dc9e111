"""Real mail servers on loopback: Dovecot for IMAP, aiosmtpd for SMTP, both with TLS.

Dovecot runs in the foreground with a folder of its own for settings, sockets and mails; as root it
uses the users that its package made. Nothing in /etc is read, and all is gone afterwards.
"""

from __future__ import annotations

import asyncio
import imaplib
import logging
import os
import pwd
import shutil
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.certificates import certify
from tests.real.processes import ENDING, free_port, serve

PASSWORD = "the-password-of-the-mailbox"
_DEADLINE = 30.0
_PROGRAM = "dovecot"

_SETTINGS = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = tierdesk-tests-{port}
log_path = /dev/stderr
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_client_ca_dir =
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mails/%u
auth_mechanisms = plain
auth_failure_delay = 0
auth_verbose = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mails/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
"""


def program() -> str | None:
    """Dovecot's, None where it is not installed."""
    return shutil.which(_PROGRAM, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass(frozen=True, kw_only=True)
class Mailboxes:
    """Dovecot: anybody has a mailbox in it who knows PASSWORD."""

    port: int
    certificate: Path
    key: Path

    def append(self, user: str, raw: bytes, mailbox: str = "INBOX") -> None:
        """A mail arrives."""
        with self._login(user) as imap:
            kind, _ = imap.append(mailbox, None, None, raw)  # no flags, now
            assert kind == "OK"

    def make(self, user: str, mailbox: str) -> None:
        with self._login(user) as imap:
            kind, _ = imap.create(mailbox)
            assert kind == "OK"

    def forget(self, user: str, mailbox: str) -> None:
        """The mailbox is made anew, empty, with another UIDVALIDITY."""
        with self._login(user) as imap:
            kind, _ = imap.delete(mailbox)
            assert kind == "OK"
        self.make(user, mailbox)

    def flags(self, user: str) -> list[str]:
        """Of each mail in INBOX."""
        with self._login(user) as imap:
            imap.select("INBOX", readonly=True)
            _, said = imap.fetch("1:*", "(FLAGS)")
        return [
            b" ".join(imaplib.ParseFlags(line)).decode().replace("\\Recent", "").strip()
            for line in said
            if isinstance(line, bytes)
        ]

    def _login(self, user: str) -> imaplib.IMAP4_SSL:
        trust = ssl.create_default_context(cafile=self.certificate)
        imap = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trust, timeout=_DEADLINE)
        imap.login(user, PASSWORD)
        return imap


@cache
def mailboxes() -> Mailboxes:
    """Started with its first use, ended with the tests."""
    folder = Path(mkdtemp(prefix="tierdesk-mail-", dir="/tmp"))  # a socket's path must be short
    ENDING.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    certificate, key = certify(folder)
    port = free_port()
    settings = folder / "dovecot.conf"
    settings.write_text(_SETTINGS.format(folder=folder, port=port, **_users(folder)))
    serve([str(program()), "-F", "-c", str(settings)], port=port, log=folder / "output")
    return Mailboxes(port=port, certificate=certificate, key=key)


def _users(folder: Path) -> dict[str, object]:
    """As whom its parts run: as root each as its package wants it, else all as we."""
    mails = folder / "mails"
    mails.mkdir()
    me = pwd.getpwuid(os.getuid())
    if me.pw_uid:
        name = group = me.pw_name
        login, owner, chroot = name, me, "chroot ="
    else:
        name, login, chroot = "dovecot", "dovenull", ""
        group, owner = name, pwd.getpwnam("nobody")
        os.chown(mails, owner.pw_uid, owner.pw_gid)
    return {
        "internal": name,
        "internal_group": group,
        "login": login,
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
        "chroot": chroot,
        "password": PASSWORD,
    }


# --- SMTP --------------------------------------------------------------------------------


@dataclass
class Intake:
    """What an SMTP server does with mails. `faults`, each for one mail:

    "451 …", "550 …": the answer to MAIL · "rcpt 550 …": to RCPT · "data 451 …": to the mail's end ·
    "drop": the connection breaks instead of an answer to the mail's end · "drop_after": the same,
    but the mail was taken.
    """

    taken: Callable[[bytes], None]
    faults: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.faults and self.faults[0][:1].isdigit():
            return self.faults.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.faults and self.faults[0].startswith("rcpt "):
            return self.faults.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self.faults.pop(0) if self.faults else ""
        if fault.startswith("data "):
            return fault.removeprefix("data ")
        if fault != "drop":
            assert isinstance(envelope.content, bytes)
            await asyncio.to_thread(self.taken, envelope.content)
        if fault:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"


logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd would log whole mails


class Smtp:
    """An SMTP server on a free port: STARTTLS, then a login as anybody with PASSWORD."""

    def __init__(self, intake: Intake) -> None:
        boxes = mailboxes()
        trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trust.load_cert_chain(boxes.certificate, boxes.key)
        self._loop = asyncio.new_event_loop()
        self._make = lambda: SMTP(
            intake,
            hostname="127.0.0.1",
            tls_context=trust,
            require_starttls=True,
            auth_required=True,
            authenticator=_known,
            loop=self._loop,
        )
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(_DEADLINE)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(_DEADLINE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_DEADLINE)
        self._loop.close()

    async def _serve(self) -> asyncio.Server:
        return await self._loop.create_server(self._make, "127.0.0.1", 0)

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _known(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)
