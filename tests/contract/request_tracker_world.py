"""A queue of its own in the real Request Tracker, behind a door that can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, TicketEvent, TicketStatus
from integrations.request_tracker import PRIORITIES, STATUSES, helpdesk
from sandbox.faults import Fault, Faults, perform
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.hosts import a_host
from tests.real.request_tracker import CUSTOMER, KEY, TAGS, Running, running
from tests.servers import Loopback

_STATUS = {ours: theirs for theirs, ours in STATUSES.items()}
_PRIORITY = {ours: theirs for theirs, ours in PRIORITIES.items()}
_PASSED = ("authorization", "content-type", "if-match")


class Door:
    """Passes requests on to the server; each write may meet a fault, or somebody who was quicker.

    Each of `before` is done once, before a PUT is passed on.
    """

    def __init__(self, url: str) -> None:
        self.faults = Faults()
        self.before: list[Callable[[], object]] = []
        self._url = url

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PUT"]
        return Starlette(routes=[Route("/{path:path}", self._pass, methods=methods)])

    async def _pass(self, request: Request) -> Response:
        writes = request.method != "GET" and not request.url.path.endswith("/attachments")
        fault = self.faults.take("network", request.method) if writes else None
        body = await request.body()
        if request.method == "PUT" and self.before:
            await asyncio.to_thread(self.before.pop(0))

        async def work() -> Response:
            async with httpx.AsyncClient(base_url=self._url, timeout=60) as client:
                answer = await client.request(
                    request.method,
                    request.url.path,
                    params=httpx.QueryParams(request.url.query),
                    content=body,
                    headers={n: v for n, v in request.headers.items() if n in _PASSED},
                )
            kept = {n: v for n, v in answer.headers.items() if n in ("etag", "content-type")}
            return Response(answer.content, answer.status_code, kept)

        return await perform(fault, work, _limited)


def _limited(seconds: float) -> Response:
    return Response(status_code=429, headers={"Retry-After": str(int(seconds))})


class RequestTrackerWorld:
    knows = frozenset(
        ("search", "status", "priority", "assignee", "tags", "notes", "merged", "deleted", "agent")
    )
    agent = "rita"

    def __init__(self, server: Running, door: Door, url: str, opened: ExitStack) -> None:
        self.server = server
        self._opened = opened
        self.door = door
        self.queue = server.new_queue()
        self.secret = server.tokens["tierdesk"]
        self.url = url
        self.connection = self.connect()
        assert self.connection.watch
        self._drained = Drained(self.connection.watch)

    def tickets(self) -> Sequence[Seen]:
        asked = {
            "query": f"Queue = '{self.queue}'",
            "fields": "Subject,Status,Priority,Owner,CustomFields,Requestor,Cc",
            "orderby": "id",
        }
        return [self._seen(item) for item in self.call("GET", "/tickets", params=asked)["items"]]

    def changes(self) -> list[TicketEvent]:
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        kind = "correspond" if public else "comment"
        self.call(
            "POST", f"/ticket/{ticket}/{kind}", json={"Content": text, "ContentType": "text/plain"}
        )

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        body: dict[str, Any] = {}
        if status:
            body["Status"] = _STATUS[status]
        if priority:
            body["Priority"] = _PRIORITY[priority]
        if assignee:
            body["Owner"] = assignee
        self.call("PUT", f"/ticket/{ticket}", json=body)

    def merge(self, ticket: str, into: str) -> None:
        self.call("PUT", f"/ticket/{ticket}", json={"MergeInto": int(into)})

    def delete(self, ticket: str) -> None:
        self.call("PUT", f"/ticket/{ticket}", json={"Status": "deleted"})

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.door.faults.add(Fault(target="network", kind=kind, retry_after=retry_after))

    def with_secret(self, secret: str) -> HelpdeskConnection:
        return self.connect(token=secret)

    def unreachable(self) -> HelpdeskConnection:
        return self.connect(base_url="http://127.0.0.1:9")

    def connect(self, *, token: str | None = None, **more: object) -> HelpdeskConnection:
        data = {
            "base_url": self.url,
            "queue": self.queue,
            "key_field": KEY,
            "customer_field": CUSTOMER,
            "tags_field": TAGS,
            **more,
        }
        secrets = {"REQUEST_TRACKER_SUPPORT_TOKEN": token or self.secret}
        connection = helpdesk.connect("support", data, secrets, host=a_host(now))
        self._opened.callback(connection.close)
        return connection

    def call(self, method: str, path: str, **request: Any) -> Any:
        return self.server.call("rita", method, path, **request)

    def _seen(self, item: dict[str, Any]) -> Seen:
        fields = {field["name"]: field["values"] for field in item["CustomFields"]}
        texts = self._texts(item["id"])
        answered = [text for kind, text in texts if kind == "Correspond"]
        to_customer = [text for _, text in texts] if item["Requestor"] or item["Cc"] else answered
        return Seen(
            id=item["id"],
            subject=item["Subject"],
            requester=fields[CUSTOMER][0],
            entries=tuple(text for _, text in texts),
            public=tuple(to_customer),
            status=STATUSES[item["Status"]],
            priority=PRIORITIES[int(item["Priority"])],
            assignee=None if item["Owner"]["id"] == "Nobody" else item["Owner"]["id"],
            tags=frozenset(fields.get(TAGS, ())),
        )

    def _texts(self, ticket: str) -> list[tuple[str, str]]:
        """Of each transaction with a text: its type and the text."""
        asked = {
            "query": f"ObjectType = 'RT::Ticket' AND ObjectId = {ticket}",
            "fields": "Type",
            "per_page": 100,
            "orderby": "id",
        }
        done = self.call("GET", "/transactions", params=asked)["items"]
        kinds = {each["id"]: each["Type"] for each in done}
        wanted = {"fields": "Content,TransactionId", "per_page": 100}
        parts = self.call("GET", f"/ticket/{ticket}/attachments", params=wanted)["items"]
        said = ("Create", "Comment", "Correspond")
        return [
            (kinds[part["TransactionId"]], part["Content"])
            for part in sorted(parts, key=lambda part: int(part["id"]))
            if kinds.get(part["TransactionId"]) in said
        ]


@contextmanager
def a_request_tracker_world() -> Iterator[World]:
    server = running()
    door = Door(server.url)
    with Loopback(door.app()) as loopback, ExitStack() as opened:
        yield RequestTrackerWorld(server, door, loopback.url, opened)
