"""A real Request Tracker on loopback, from Debian's packages, for one run of the tests.

It has a database of its own on the server that TIERDESK_TEST_POSTGRESQL names, and a folder of its
own for its settings and mail; both are gone afterwards, and nothing in /etc is touched. Every world
has a queue of its own in it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

from tests.real.processes import ENDING, free_port, serve

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
SETUP = "/usr/sbin/rt-setup-database-5"
KEY, CUSTOMER, TAGS = "Tierdesk key", "Customer", "Topics"
_POSTGRESQL = "TIERDESK_TEST_POSTGRESQL"
_DEADLINE = 120.0
_MAIL = "=== a mail:"

_SITE = """
Set($rtname, 'tierdesk.example');
Set($Organization, 'tierdesk.example');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'Pg');
Set($DatabaseHost, '{host}');
Set($DatabaseRTHost, '{host}');
Set($DatabasePort, {database_port});
Set($DatabaseUser, '{user}');
Set($DatabaseAdmin, '{user}');
Set($DatabasePassword, '{password}');
Set($DatabaseName, '{database}');
Set($MailCommand, 'sendmailpipe');
Set($SendmailPath, '{sendmail}');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'error');
Set($Timezone, 'UTC');
Set($BcryptCost, 4);
Set(@MasonParameters, data_dir => '{folder}/mason');
1;
"""

_DATA = """
use strict; use warnings;
our @CustomFields = map {{
    {{ Name => $_->[0], Type => $_->[1], LookupType => 'RT::Queue-RT::Ticket', Queue => 0 }}
}} (['{key}', 'FreeformSingle'], ['{customer}', 'FreeformSingle'], ['{tags}', 'FreeformMultiple']);
our @Users = map {{
    {{ Name => $_, RealName => ucfirst($_), EmailAddress => "$_\\@brand.example", Privileged => 1 }}
}} qw(tierdesk rita guest);
our @Final = (sub {{
    my @read = qw(SeeQueue ShowTicket ShowTicketComments SeeCustomField);
    my @work = qw(CreateTicket CommentOnTicket ModifyTicket ModifyCustomField);
    my %rights = (
        tierdesk => [@read, @work],
        rita => [@read, @work, qw(ReplyToTicket OwnTicket DeleteTicket)],
        guest => [grep {{ $_ ne 'SeeCustomField' }} @read, 'CreateTicket'],
        root => [],
    );
    for my $name (sort keys %rights) {{
        my $user = RT::User->new(RT->SystemUser);
        $user->Load($name);
        for my $right (@{{ $rights{{$name}} }}) {{
            my ($ok, $why) = $user->PrincipalObj->GrantRight(Right => $right, Object => RT->System);
            die "$name, $right: $why" unless $ok;
        }}
        my (undef, undef, $token) = RT::AuthToken->new(RT->SystemUser)
            ->Create(Owner => $user->id, Description => 'of the tests');
        print "TOKEN $name $token\\n";
    }}
}});
1;
"""


def installed() -> str | None:
    """Where the server is, None where it is not installed or has no PostgreSQL."""
    return str(SERVER) if SERVER.exists() and os.environ.get(_POSTGRESQL) else None


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server and its users' tokens: `tierdesk` as docs/request-tracker.md wants it, `rita` who
    works there, `guest` who lacks rights, `root`. `folder` has the mail that it would have sent.
    """

    url: str
    folder: Path
    tokens: Mapping[str, str]

    def call(self, user: str, method: str, path: str, **request: Any) -> Any:
        answer = httpx.request(
            method,
            f"{self.url}/REST/2.0{path}",
            headers={"Authorization": f"token {self.tokens[user]}"},
            timeout=_DEADLINE,
            **request,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def mailed(self) -> list[str]:
        """All mails so far, each with the arguments that sendmail was given."""
        mails = self.folder / "mail"
        return mails.read_text(errors="replace").split(_MAIL)[1:] if mails.exists() else []

    def new_queue(self) -> str:
        """A queue that nobody used, in which all have their rights."""
        name = f"care-{secrets.token_hex(4)}"
        self.call("root", "POST", "/queue", json={"Name": name})
        return name


@cache
def running() -> Running:
    """Started with its first use, ended with the tests."""
    folder = Path(mkdtemp(prefix="tierdesk-rt-"))
    database = f"tierdesk_rt_{secrets.token_hex(4)}"
    ENDING.callback(_forget, folder, database)
    port = free_port()
    environment = _configure(folder, database, port)
    _set_up(environment, "--action", "init")
    said = _set_up(environment, "--action", "insert", "--datafile", str(folder / "data.pl"))
    command = ["perl", str(SERVER), "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "server.log"
    serve([*command, "--max-workers", "1"], port=port, log=log, environment=environment)
    tokens = dict(re.findall(r"^TOKEN (\w+) (\S+)$", said, re.MULTILINE))
    return Running(url=f"http://127.0.0.1:{port}", folder=folder, tokens=tokens)


def _configure(folder: Path, database: str, port: int) -> dict[str, str]:
    server = urlsplit(os.environ[_POSTGRESQL])
    site, more = folder / "site.pm", folder / "site.d"
    more.mkdir()
    sendmail = folder / "sendmail"
    sendmail.write_text(f'#!/bin/sh\n{{ echo "{_MAIL} $@"; cat; }} >> "$(dirname "$0")/mail"\n')
    sendmail.chmod(0o755)
    (folder / "data.pl").write_text(_DATA.format(key=KEY, customer=CUSTOMER, tags=TAGS))
    site.write_text(
        _SITE.format(
            port=port,
            host=server.hostname,
            database_port=server.port or 5432,
            user=server.username,
            password=server.password or "",
            database=database,
            sendmail=sendmail,
            folder=folder,
        )
    )
    ours = {"RT_SITE_CONFIG": str(site), "RT_SITE_CONFIG_DIR": str(more), "TMPDIR": str(folder)}
    return {**os.environ, **ours}


def _set_up(environment: Mapping[str, str], *arguments: str) -> str:
    server = urlsplit(os.environ[_POSTGRESQL])
    who = ("--dba", server.username or "postgres", "--dba-password", server.password or "none")
    done = subprocess.run(
        [SETUP, *arguments, *who],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DEADLINE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Request Tracker was not set up:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _forget(folder: Path, database: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    url = os.environ[_POSTGRESQL].replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())
