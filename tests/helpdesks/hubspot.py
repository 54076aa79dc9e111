"""A HubSpot in memory behind HTTP: strict, with people at work in it and an index that may lag.

Stricter than HubSpot: it checks all properties, and knows no other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform

Json = dict[str, Any]
Delivery = tuple[Mapping[str, str], bytes]
"""Headers and body."""

TOKEN = "pat-eu1-a-token-of-hubspot"
CLIENT_SECRET = "a-client-secret"
WEBHOOK = "https://desk.example/webhooks/helpdesk/support?from=hubspot"
RITA = "71001"
PIPELINE, STAGES, PRIORITIES = "0", ("1", "2", "3", "4"), ("LOW", "MEDIUM", "HIGH", "URGENT")
KEY = "tierdesk_key"

_SET = {"hs_pipeline_stage", "hs_pipeline", "hs_ticket_priority", "hubspot_owner_id"}
_CREATE = _SET | {"subject", "content", KEY}
_NOTE_TO_TICKET = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 228}
_NOTE = "0-46"
_LONGEST_NOTE = 65_536
_MOST = 100


class Refused(Exception):
    def __init__(self, status: int, name: str) -> None:
        super().__init__(name)
        self.status = status
        self.body = {
            "status": "error",
            "message": f"Property values were not valid: {name}",
            "category": "VALIDATION_ERROR" if status == 400 else "OBJECT_NOT_FOUND",
            "errors": [{"message": "It is not valid", "context": {"propertyName": [name]}}],
        }


def delivery(events: Sequence[Mapping[str, object]], *, at: datetime) -> Delivery:
    """To WEBHOOK, signed with CLIENT_SECRET."""
    body, sent = json.dumps(events).encode(), str(int(at.timestamp() * 1000))
    signed = b"POST" + WEBHOOK.encode() + body + sent.encode()
    digest = hmac.new(CLIENT_SECRET.encode(), signed, hashlib.sha256).digest()
    signature = base64.b64encode(digest).decode()
    return {
        "x-hubspot-signature-v3": signature,
        "x-hubspot-request-timestamp": sent,
    }, body


@dataclass
class FakeHubSpot:
    """`lags`: the index of the search does not have what was made since.

    `delivered` is what its webhooks were sent, each an event.
    """

    faults: Faults
    clock: Callable[[], datetime]
    lags: bool = False
    unique: bool = True
    tickets: dict[str, Json] = field(default_factory=dict)
    notes: dict[str, Json] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    delivered: list[Delivery] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    left: int = 250_000

    def __post_init__(self) -> None:
        self._ids = count(65_059_681_032, -7)
        self.owner = {
            "id": RITA,
            "userId": 81001,
            "email": "rita@brand.example",
            "firstName": "Rita",
            "lastName": "Vogel",
            "archived": False,
        }

    @property
    def routes(self) -> list[Route]:
        tickets, notes = "/crm/v3/objects/tickets", "/crm/v3/objects/notes"
        table: dict[tuple[str, str], Callable[[Request, Json], Any]] = {
            ("GET", "/crm/v3/pipelines/tickets/{id}"): self._pipeline,
            ("GET", "/crm/v3/properties/tickets/{id}"): self._property,
            ("GET", "/crm/v3/owners"): self._owners,
            ("GET", "/crm/v3/owners/{id}"): self._owner,
            ("POST", tickets): self._create,
            ("POST", f"{tickets}/search"): lambda _r, b: self._search(self.tickets, b),
            ("POST", f"{tickets}/batch/read"): lambda _r, b: _batch(self.tickets, b),
            ("GET", f"{tickets}/{{id}}"): self._ticket,
            ("PATCH", f"{tickets}/{{id}}"): self._update,
            ("POST", notes): self._note,
            ("POST", f"{notes}/search"): lambda _r, b: self._search(self.notes, b),
            ("POST", f"{notes}/batch/read"): lambda _r, b: _batch(self.notes, b),
            ("GET", "/crm/v4/objects/tickets/{id}/associations/notes"): self._notes_of,
            ("POST", "/crm/v4/associations/notes/tickets/batch/read"): self._tickets_of,
        }
        return [
            Route(path, self._endpoint(method, path, do), methods=[method])
            for (method, path), do in table.items()
        ]

    # --- what its people do --------------------------------------------------------------

    def write(self, ticket: str, text: str, *, who: str | None = RITA) -> str:
        """A note of the team; `who` None: a workflow writes it."""
        body = html.escape(text).replace("\n", "<br>")
        properties = {"hs_note_body": f'<div dir="auto"><p style="margin:0;">{body}</p></div>'}
        note = str(self._hang(properties, [ticket], who)["id"])
        self._tell("object.creation", note, objectTypeId=_NOTE)
        return note

    def set(self, ticket: str, **changes: str) -> None:
        self._change(self.tickets[ticket], changes)

    def delete(self, ticket: str) -> None:
        self.tickets[ticket]["archived"] = True
        self._tell("ticket.deletion", ticket)

    def merge(self, ticket: str, into: str) -> None:
        """The one that goes on may be a new one; here it is not."""
        self.tickets[ticket]["archived"] = True
        merged = {"primaryObjectId": int(into), "mergedObjectIds": [int(ticket)]}
        self._tell("ticket.merge", into, **merged, newObjectId=int(into))

    def bodies(self, ticket: str) -> list[str]:
        return [
            self.notes[note]["properties"]["hs_note_body"]
            for note, of in self.links
            if of == ticket
        ]

    def _tell(self, kind: str, of: str, **more: object) -> None:
        at = self.clock()
        event = {
            "subscriptionType": kind,
            "objectId": int(of),
            "occurredAt": int(at.timestamp() * 1000),
            "attemptNumber": 0,
            **more,
        }
        self.delivered.append(delivery([event], at=at))

    # --- what it answers -----------------------------------------------------------------

    def _pipeline(self, request: Request, _body: Json) -> Json:
        if request.path_params["id"] != PIPELINE:
            raise Refused(404, "pipeline")
        labels = ("New", "Waiting on contact", "Waiting on us", "Closed")
        stages = [{"id": i, "label": label} for i, label in zip(STAGES, labels, strict=True)]
        return {"id": PIPELINE, "label": "Support Pipeline", "stages": stages}

    def _property(self, request: Request, _body: Json) -> Json:
        if request.path_params["id"] != KEY:
            raise Refused(404, "property")
        return {"name": KEY, "type": "string", "hasUniqueValue": self.unique}

    def _owners(self, request: Request, _body: Json) -> Json:
        email = request.query_params["email"]
        return {"results": [self.owner] if self.owner["email"] == email else []}

    def _owner(self, request: Request, _body: Json) -> Json:
        if self.owner["id"] != request.path_params["id"]:
            raise Refused(404, "id")
        return self.owner

    def _ticket(self, request: Request, _body: Json) -> Json:
        asked, by = request.path_params["id"], request.query_params.get("idProperty")
        found = self._with_key(asked) if by == KEY else self.tickets.get(asked)
        if found is None or found["archived"]:
            raise Refused(404, "id")
        return _shown(found, request.query_params["properties"].split(","))

    def _with_key(self, key: str) -> Json | None:
        with_key = (one for one in self.tickets.values() if one["properties"][KEY] == key)
        return next(with_key, None)

    def _create(self, _request: Request, body: Json) -> Json:
        properties = body["properties"]
        _known(properties, _CREATE)
        if not properties.get("hs_pipeline_stage"):
            raise Refused(400, "hs_pipeline_stage")
        if self._with_key(properties.get(KEY)):
            raise Refused(400, KEY)
        return self._add(self.tickets, properties)

    def _update(self, request: Request, body: Json) -> Json:
        ticket = self.tickets.get(request.path_params["id"])
        if ticket is None or ticket["archived"]:
            raise Refused(404, "id")
        _known(body["properties"], _SET)
        if body["properties"].get("hubspot_owner_id", RITA) != RITA:
            raise Refused(400, "hubspot_owner_id")
        return self._change(ticket, body["properties"])

    def _note(self, _request: Request, body: Json) -> Json:
        properties = body["properties"]
        _known(properties, {"hs_timestamp", "hs_note_body"})
        if not properties.get("hs_timestamp"):
            raise Refused(400, "hs_timestamp")
        if len(properties["hs_note_body"]) > _LONGEST_NOTE:
            raise Refused(400, "hs_note_body")
        for each in body["associations"]:
            if each["types"] != [_NOTE_TO_TICKET] or each["to"]["id"] not in self.tickets:
                raise Refused(400, "associations")
        return self._hang(properties, [one["to"]["id"] for one in body["associations"]], None)

    def _hang(self, properties: Mapping[str, str], tickets: list[str], who: str | None) -> Json:
        """A ticket does not change where a note is hung on it."""
        note = self._add(self.notes, {**properties, "hubspot_owner_id": who})
        self.links += [(note["id"], ticket) for ticket in tickets]
        return note

    def _notes_of(self, request: Request, _body: Json) -> Json:
        ticket, most = request.path_params["id"], int(request.query_params["limit"])
        found = [{"toObjectId": int(note)} for note, of in self.links if of == ticket]
        return _paged(found, int(request.query_params.get("after", 0)), min(most, 500))

    def _tickets_of(self, _request: Request, body: Json) -> Json:
        asked = [each["id"] for each in body["inputs"]]
        linked = {note: [of for one, of in self.links if one == note] for note in asked}
        return {
            "status": "COMPLETE",
            "results": [
                {"from": {"id": note}, "to": [{"toObjectId": int(each)} for each in tickets]}
                for note, tickets in linked.items()
                if tickets
            ],
        }

    def _search(self, records: Mapping[str, Json], body: Json) -> Json:
        (group,), (sort,) = body["filterGroups"], body["sorts"]
        found = [] if self.lags else [one for one in records.values() if not one["archived"]]
        for each in group["filters"]:
            found = [one for one in found if _matches(one, each)]
        found.sort(key=lambda one: str(one[_WHEN[sort["propertyName"]]]))
        shown = [_shown(one, body["properties"]) for one in found]
        return _paged(shown, int(body.get("after", 0)), min(body["limit"], _MOST))

    def _add(self, records: dict[str, Json], properties: Mapping[str, str | None]) -> Json:
        """Numbers do not rise with time."""
        id_, now = str(next(self._ids)), self._now()
        made = {"id": id_, "properties": dict(properties), "archived": False}
        records[id_] = {**made, "createdAt": now, "updatedAt": now}
        return records[id_]

    def _change(self, ticket: Json, changes: Mapping[str, str]) -> Json:
        ticket["properties"].update(changes)
        ticket["updatedAt"] = self._now()
        return ticket

    def _now(self) -> str:
        at = self.clock().astimezone(UTC).isoformat(timespec="milliseconds")
        return at.replace("+00:00", "Z")

    def _endpoint(
        self, method: str, path: str, do: Callable[[Request, Json], Any]
    ) -> Callable[[Request], Awaitable[Response]]:
        name = f"{method} {path}"

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
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"status": "error", "category": "INVALID_AUTHENTICATION"}, 401)
        daily = {"Daily": "250000", "Daily-Remaining": str(self.left)}
        headers = {f"X-HubSpot-RateLimit-{name}": value for name, value in daily.items()}
        try:
            return JSONResponse(do(request, json.loads(raw or b"{}")), 200, headers)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status, headers)


_WHEN = {"hs_lastmodifieddate": "updatedAt", "hs_createdate": "createdAt"}


def _matches(record: Json, asked: Json) -> bool:
    name = asked["propertyName"]
    match asked["operator"]:
        case "GTE":
            at = datetime.fromisoformat(record[_WHEN[name]])
            return at.timestamp() * 1000 >= int(asked["value"])
        case "HAS_PROPERTY":
            return bool(record["properties"].get(name))
    raise Refused(400, name)


def _known(properties: Mapping[str, str], names: set[str]) -> None:
    tables = {
        "hs_pipeline": (PIPELINE,),
        "hs_pipeline_stage": STAGES,
        "hs_ticket_priority": PRIORITIES,
    }
    for name, value in properties.items():
        if name not in names or not isinstance(value, str) or value not in tables.get(name, value):
            raise Refused(400, name)


def _batch(records: Mapping[str, Json], body: Json) -> Json:
    if len(body["inputs"]) > _MOST:
        raise Refused(400, "inputs")
    found = [records[each["id"]] for each in body["inputs"] if each["id"] in records]
    return {"results": [_shown(one, body["properties"]) for one in found if not one["archived"]]}


def _shown(record: Json, names: list[str]) -> Json:
    return {**record, "properties": {name: record["properties"].get(name) for name in names}}


def _paged(found: list[Json], start: int, size: int) -> Json:
    page: Json = {"results": found[start : start + size]}
    if len(found) > start + size:
        page["paging"] = {"next": {"after": str(start + size)}}
    return page
