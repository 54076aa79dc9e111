"""The helpdesk in memory behind HTTP, as a kind that is installed: for tests with processes.

`install` writes what makes a package's entry points known; a process finds it on its PYTHONPATH.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import Field
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.errors import IntegrationError
from inbox.message import Account
from inbox.ports import (
    Checkup,
    HelpdeskConnection,
    Host,
    Ticket,
    TicketDraft,
    TicketEntry,
    TicketPage,
    TicketUpdate,
)
from integrations.http import JsonApi
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret
from sandbox.faults import Faults, perform
from store.codec import decode, decode_news, encode, encode_one
from tests.helpdesks.fake import FakeHelpdesk, FakeReceiver


def install(folder: Path) -> Path:
    """The kind `fake`, for who has this folder on the path; returns the folder."""
    info = folder / "fake_helpdesk-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-helpdesk\nVersion: 1\n")
    points = "[tierdesk.helpdesks]\nfake = tests.helpdesks.over_http:helpdesk\n"
    (info / "entry_points.txt").write_text(points)
    return folder


# --- the server --------------------------------------------------------------------------


@dataclass
class Served:
    """A FakeHelpdesk over HTTP: one call at a time, with `faults` for the target "network".

    While it is `down` every call is refused for now.
    """

    helpdesk: FakeHelpdesk
    down: bool = False
    faults: Faults = field(default_factory=Faults)
    _lock: Lock = field(default_factory=Lock)

    def app(self) -> Starlette:
        work = {
            "create": self._create,
            "find": self._find,
            "add": self._add,
            "holds": self._holds,
            "update": self._update,
            "changes": self._changes,
        }
        return Starlette(
            routes=[
                Route(f"/{name}", self._endpoint(name, do), methods=["POST"])
                for name, do in work.items()
            ]
        )

    def _endpoint(
        self, name: str, do: Callable[[Any], Any]
    ) -> Callable[[HttpRequest], Awaitable[Response]]:
        async def endpoint(request: HttpRequest) -> Response:
            asked = await request.json()

            async def work() -> Response:
                with self._lock:
                    return JSONResponse(do(asked))

            def limited(seconds: float) -> Response:
                return Response(status_code=429, headers={"Retry-After": str(int(seconds))})

            if self.down:
                return limited(1)
            return await perform(self.faults.take("network", name), work, limited)

        return endpoint

    def _create(self, asked: Any) -> Any:
        return encode(self.helpdesk.create(decode(TicketDraft, asked["draft"])))

    def _find(self, asked: Any) -> Any:
        found = self.helpdesk.find(asked["key"])
        return found and encode(found)

    def _add(self, asked: Any) -> Any:
        entry = decode(TicketEntry, asked["entry"])
        return encode(self.helpdesk.add(asked["ticket"], entry))

    def _holds(self, asked: Any) -> Any:
        return self.helpdesk.holds(asked["ticket"], decode(TicketEntry, asked["entry"]))

    def _update(self, asked: Any) -> Any:
        self.helpdesk.update(asked["ticket"], decode(TicketUpdate, asked["update"]))

    def _changes(self, asked: Any) -> Any:
        page = self.helpdesk.changes(asked["cursor"])
        told = [encode_one(event) for event in page.events]
        return {"events": told, "cursor": page.cursor, "more": page.more}


# --- the integration ---------------------------------------------------------------------


@dataclass(frozen=True)
class Remote:
    """Implements TicketDesk, TicketWatch and Examiner."""

    api: JsonApi
    name: str

    def create(self, draft: TicketDraft) -> Ticket:
        return decode(Ticket, self._write("create", draft=encode(draft)))

    def find(self, key: str) -> Ticket | None:
        found = self._read("find", key=key)
        return found and decode(Ticket, found)

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        added = self._write("add", ticket=ticket, entry=encode(entry))
        return decode(Ticket, added)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        return bool(self._read("holds", ticket=ticket, entry=encode(entry)))

    def update(self, ticket: str, update: TicketUpdate) -> None:
        self._write("update", ticket=ticket, update=encode(update))

    def changes(self, cursor: str | None) -> TicketPage:
        page = self._read("changes", cursor=cursor)
        events = tuple(decode_news(*event) for event in page["events"])
        return TicketPage(events=events, cursor=page["cursor"], more=page["more"])

    def examine(self) -> Sequence[Checkup]:
        try:
            self.changes(None)
        except IntegrationError as error:
            return [Checkup(well=False, says=f"{self.name}: {error}")]
        return [Checkup(well=True, says=f"{self.name} answers")]

    def _write(self, name: str, **asked: Any) -> Any:
        return self.api.write("POST", f"/{name}", json=asked)

    def _read(self, name: str, **asked: Any) -> Any:
        return self.api.call("POST", f"/{name}", writes=False, json=asked)


class FakeSettings(AccountSettings):
    base_url: str = Field(pattern=HTTP_URL)


def _open(
    account: Account, settings: FakeSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    api = JsonApi(settings.base_url, name=str(account), clock=host.clock)
    remote = Remote(api, f"helpdesk:{account.name}")
    return HelpdeskConnection(
        name=account.name,
        kind=account.network,
        desk=remote,
        watch=remote,
        receiver=FakeReceiver(secrets["SECRET"]),
        examiner=remote,
        close=api.close,
    )


helpdesk = Described(
    name="fake",
    settings=FakeSettings,
    secrets=(Secret(name="SECRET", key="secret_env"),),
    open=_open,
)
