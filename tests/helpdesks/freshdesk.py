"""A Freshdesk in memory behind HTTP: strict, with people at work in it and an index that may lag.

Stricter than Freshdesk: it checks all fields, and knows no other.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform

Json = dict[str, Any]

KEY = "a-key-of-freshdesk"
BOT, RITA = 43_001, 43_002
STATUSES, PRIORITIES = (2, 3, 4, 5, 6, 7), (1, 2, 3, 4)

_PAGE = 100
_SET = {"status", "priority", "responder_id", "tags", "group_id", "custom_fields"}
_CREATE = _SET | {"subject", "description", "unique_external_id", "name", "source"}
_QUERY = re.compile(r"\"(cf_\w+):'([^']*)'\"")
_TAGS = re.compile(r"<[^<>]*>")


class Refused(Exception):
    def __init__(self, status: int, field_: str) -> None:
        super().__init__(field_)
        self.status = status
        self.body = {
            "description": "Validation failed",
            "errors": [{"field": field_, "message": "It is not as it must be", "code": "invalid"}],
        }


@dataclass
class FakeFreshdesk:
    """`lags`: the index of the search does not have new tickets."""

    faults: Faults
    clock: Callable[[], datetime]
    lags: bool = False
    contacts: dict[str, Json] = field(default_factory=dict)
    tickets: dict[int, Json] = field(default_factory=dict)
    conversations: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    left: int = 400

    def __post_init__(self) -> None:
        self._ids = count(101)
        self.agents = {
            BOT: _agent(BOT, "Tierdesk", "tierdesk@brand.example"),
            RITA: _agent(RITA, "Rita Vogel", "rita@brand.example"),
        }

    @property
    def routes(self) -> list[Route]:
        table: dict[tuple[str, str], Callable[[Request, Json], Any]] = {
            ("GET", "/agents/me"): lambda _r, _b: self.agents[BOT],
            ("GET", "/agents/{id:int}"): self._agent,
            ("GET", "/agents"): self._agents,
            ("GET", "/tickets"): self._list,
            ("POST", "/tickets"): self._create,
            ("GET", "/tickets/{id:int}"): lambda r, _b: self._there(r),
            ("PUT", "/tickets/{id:int}"): self._update,
            ("GET", "/tickets/{id:int}/conversations"): self._conversations,
            ("POST", "/tickets/{id:int}/notes"): self._note,
            ("GET", "/search/tickets"): self._search,
        }
        return [
            Route(f"/api/v2{path}", self._endpoint(method, path, do), methods=[method])
            for (method, path), do in table.items()
        ]

    # --- what its people do --------------------------------------------------------------

    def write(self, ticket: str, text: str, *, private: bool, who: int | None = RITA) -> int:
        """A reply or a note of an agent; `who` None: the customer writes."""
        there = self.tickets[int(ticket)]
        user = who or there["requester_id"]
        body = html.escape(text).replace("\n", "<br>")
        done = self._add(there, {"body": body, "private": private}, user, incoming=who is None)
        return int(done["id"])

    def set(self, ticket: str, **changes: object) -> None:
        self._change(self.tickets[int(ticket)], changes)

    def delete(self, ticket: str) -> None:
        self.set(ticket, deleted=True)

    def of(self, ticket: int) -> list[Json]:
        return [one for one in self.conversations if one["ticket_id"] == ticket]

    # --- what it answers -----------------------------------------------------------------

    def _agent(self, request: Request, _body: Json) -> Json:
        agent = self.agents.get(request.path_params["id"])
        if agent is None:
            raise Refused(404, "id")
        return agent

    def _agents(self, request: Request, _body: Json) -> list[Json]:
        email = request.query_params["email"]
        return [one for one in self.agents.values() if one["contact"]["email"] == email]

    def _there(self, request: Request) -> Json:
        ticket = self.tickets.get(request.path_params["id"])
        if ticket is None:
            raise Refused(404, "id")
        return ticket

    def _list(self, request: Request, _body: Json) -> list[Json]:
        asked = request.query_params
        found = [one for one in self.tickets.values() if not one["deleted"]]
        if since := asked.get("updated_since"):
            found = [one for one in found if one["updated_at"] >= since]
        found.sort(key=lambda one: (one[asked["order_by"]], one["id"]))
        return _paged(request, found if asked["order_type"] == "asc" else found[::-1])

    def _search(self, request: Request, _body: Json) -> Json:
        matched = _QUERY.fullmatch(request.query_params["query"])
        if matched is None:
            raise Refused(400, "query")
        name, value = matched.groups()
        tickets = [] if self.lags else list(self.tickets.values())
        found = [one for one in tickets if one["custom_fields"].get(name) == value]
        return {"total": len(found), "results": found[:30]}

    def _conversations(self, request: Request, _body: Json) -> list[Json]:
        return _paged(request, self.of(self._there(request)["id"]))

    def _create(self, _request: Request, body: Json) -> Json:
        _known(body, _CREATE)
        contact = self._contact(body)
        id_, now = next(self._ids), self._now()
        ticket: Json = {
            "id": id_,
            "responder_id": None,
            "group_id": None,
            "deleted": False,
            "spam": False,
            **{k: v for k, v in body.items() if k not in ("unique_external_id", "name")},
            "requester_id": contact["id"],
            "created_at": now,
            "updated_at": now,
        }
        self.tickets[id_] = ticket
        return ticket

    def _contact(self, body: Json) -> Json:
        """Made with the ticket where nobody has this external id."""
        external_id, name = body.get("unique_external_id"), body.get("name")
        if not external_id or not name:
            raise Refused(400, "unique_external_id")
        made = {"id": next(self._ids), "name": name, "email": None}
        return self.contacts.setdefault(external_id, made)

    def _update(self, request: Request, body: Json) -> Json:
        ticket = self._living(request)
        _known(body, _SET)
        responder = body.get("responder_id")
        if responder is not None and responder not in self.agents:
            raise Refused(400, "responder_id")
        return self._change(ticket, body)

    def _note(self, request: Request, body: Json) -> Json:
        """Private unless the request says otherwise."""
        _known(body, {"body", "private"})
        return self._add(self._living(request), body, BOT)

    def _living(self, request: Request) -> Json:
        ticket = self._there(request)
        if ticket["deleted"]:
            raise Refused(405, "id")
        return ticket

    def _add(self, ticket: Json, given: Json, user: int, *, incoming: bool = False) -> Json:
        text = html.unescape(_TAGS.sub("", given["body"].replace("<br>", "\n")))
        done: Json = {
            "id": next(self._ids),
            "ticket_id": ticket["id"],
            "body": given["body"],
            "body_text": text,
            "private": given.get("private", True),
            "incoming": incoming,
            "user_id": user,
            "created_at": self._now(),
            "attachments": [],
        }
        self.conversations.append(done)
        self._change(ticket, {})
        return done

    def _change(self, ticket: Json, changes: Mapping[str, object]) -> Json:
        ticket.update(changes)
        ticket["updated_at"] = self._now()
        return ticket

    def _now(self) -> str:
        """To the second."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _endpoint(
        self, method: str, path: str, do: Callable[[Request, Json], Any]
    ) -> Callable[[Request], Awaitable[Response]]:
        name = f"{method} {path.replace(':int', '')}"

        async def endpoint(request: Request) -> Response:
            self.calls.append(name)
            raw = await request.body()

            async def work() -> Response:
                return self._answer(request, raw, do)

            def limited(seconds: float) -> Response:
                return Response(status_code=429, headers={"Retry-After": str(int(seconds))})

            return await perform(self.faults.take("helpdesk", name), work, limited)

        return endpoint

    def _answer(self, request: Request, raw: bytes, do: Callable[[Request, Json], Any]) -> Response:
        secret = base64.b64encode(f"{KEY}:X".encode()).decode()
        if request.headers.get("authorization") != f"Basic {secret}":
            says = {"code": "invalid_credentials", "message": "You have to be logged in"}
            return JSONResponse(says, 401)
        headers = {"X-RateLimit-Total": "400", "X-RateLimit-Remaining": str(self.left)}
        try:
            status = 201 if request.method == "POST" else 200
            return JSONResponse(do(request, json.loads(raw or b"{}")), status, headers)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status, headers)


def _known(body: Json, names: set[str]) -> None:
    for name, value in body.items():
        tables = {"status": STATUSES, "priority": PRIORITIES}
        if name not in names or (name in tables and value not in tables[name]):
            raise Refused(400, name)


def _agent(id_: int, name: str, email: str) -> Json:
    return {"id": id_, "available": True, "contact": {"name": name, "email": email}}


def _paged(request: Request, found: list[Json]) -> list[Json]:
    size = min(int(request.query_params.get("per_page", 30)), _PAGE)
    start = (int(request.query_params.get("page", 1)) - 1) * size
    return found[start : start + size]
