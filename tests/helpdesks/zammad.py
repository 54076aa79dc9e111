"""A Zammad in memory behind HTTP: strict, with people at work in it and an index that may lag.

Stricter than Zammad: a field that it does not know is refused instead of passed over.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform

Json = dict[str, Any]

TOKEN = "a-token-of-zammad"
SIGNATURE_TOKEN = "a-signature-token-of-zammad"
BOT, RITA = 3, 4
STATES = ("new", "open", "pending reminder", "pending close", "closed", "merged")
PRIORITIES = ("1 low", "2 normal", "3 high")

_PAGE = 100
_TICKET = {"title", "group", "customer_id", "state", "priority", "owner", "tags", "article"}
_ARTICLE = {"subject", "body", "content_type", "type", "internal", "sender"}
_KEY_QUERY = re.compile(r'(\w+):"([^"]*)"')
_CHANGED_QUERY = re.compile(r'\((.+)\) AND updated_at:\["([^"]+)" TO \*\]')


class Refused(Exception):
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@dataclass
class FakeZammad:
    """`attributes` are the tickets' own ones; `lags`: the index stands still until `index`."""

    faults: Faults
    clock: Callable[[], datetime]
    attributes: frozenset[str] = frozenset({"tierdesk_key"})
    lags: bool = False
    users: dict[int, Json] = field(default_factory=dict)
    tickets: dict[int, Json] = field(default_factory=dict)
    articles: dict[int, Json] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)
    links: list[Json] = field(default_factory=list)
    delivered: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = count(101)
        self._indexed: dict[int, Json] = {}
        self._last = datetime.min.replace(tzinfo=UTC)
        for id_, login, first, last, role in (
            (BOT, "tierdesk@brand.example", "Tierdesk", "Bot", "Agent"),
            (RITA, "rita@brand.example", "Rita", "Vogel", "Agent"),
        ):
            self.users[id_] = _user(id_, login, first, last, [role])

    @property
    def routes(self) -> list[Route]:
        table: dict[tuple[str, str], Callable[[Request, Json], Any]] = {
            ("GET", "/users/me"): lambda _r, _b: self.users[BOT],
            ("GET", "/users/search"): self._search_users,
            ("POST", "/users"): self._make_user,
            ("GET", "/tickets/search"): self._search,
            ("GET", "/tickets/{id}"): lambda r, _b: self.shown(self._there(r)),
            ("GET", "/tickets"): self._list,
            ("POST", "/tickets"): self._create,
            ("PUT", "/tickets/{id}"): self._update,
            ("GET", "/ticket_articles/by_ticket/{id}"): self._by_ticket,
            ("POST", "/tags/add"): self._tag,
            ("GET", "/links"): self._links,
        }
        return [
            Route(f"/api/v1{path}", self._endpoint(method, path, do), methods=[method])
            for (method, path), do in table.items()
        ]

    # --- what its people do --------------------------------------------------------------

    def write(self, ticket: str, text: str, *, internal: bool, who: int = RITA) -> int:
        """As the page writes it: HTML."""
        body = html.escape(text).replace("\n", "<br>")
        sender = self.users[who]["roles"][0]
        more = {"content_type": "text/html", "type": "note", "internal": internal}
        article = self._article(int(ticket), {"body": body, "sender": sender, **more}, who)
        self._touch(self.tickets[int(ticket)], who, article)
        return int(article["id"])

    def set(self, ticket: str, who: int = RITA, **changes: str) -> None:
        there = self.tickets[int(ticket)]
        there.update(changes)
        self._touch(there, who)

    def merge(self, ticket: str, into: str) -> None:
        """Its articles move, and it keeps one that says so."""
        source, target = int(ticket), int(into)
        for article in self.articles.values():
            if article["ticket_id"] == source:
                article["ticket_id"] = target
        more = {"content_type": "text/plain", "type": "note", "internal": False, "sender": "Agent"}
        self._article(source, {"body": "merged", **more}, RITA)
        self.links.append({"child": source, "parent": target})
        self.set(ticket, state="merged")
        self._touch(self.tickets[target], RITA)

    def delete(self, ticket: str) -> None:
        del self.tickets[int(ticket)]

    def index(self, *tickets: str) -> None:
        """These tickets, or all."""
        chosen = {id_: one for id_, one in self.tickets.items() if str(id_) in tickets}
        self._indexed = {**self._indexed, **deepcopy(chosen if tickets else self.tickets)}

    # --- what it shows -------------------------------------------------------------------

    def shown(self, ticket: Json) -> Json:
        """With `expand`: related things by their names."""
        customer = self.users[ticket["customer_id"]]["login"]
        articles = [a["id"] for a in self.of(ticket["id"])]
        return {**ticket, "customer": customer, "article_ids": articles}

    def of(self, ticket: int) -> Iterator[Json]:
        return (one for one in self.articles.values() if one["ticket_id"] == ticket)

    def _there(self, request: Request) -> Json:
        ticket = self.tickets.get(int(request.path_params["id"]))
        if ticket is None:
            raise Refused(404, "Couldn't find Ticket")
        return ticket

    def _search_users(self, request: Request, _body: Json) -> list[Json]:
        query = request.query_params["query"].lower()
        return [user for user in self.users.values() if query in user["login"]]

    def _make_user(self, _request: Request, body: Json) -> Json:
        """A login that is taken gets a number behind it."""
        taken = {user["login"] for user in self.users.values()}
        login = body["login"] if body["login"] not in taken else f"{body['login']}7"
        id_ = next(self._ids)
        user = _user(id_, login, body["firstname"], body["lastname"], body["roles"])
        self.users[id_] = user
        return user

    def _list(self, request: Request, _body: Json) -> list[Json]:
        """In the order of making."""
        return [self.shown(one) for one in _paged(request, list(self.tickets.values()))]

    def _search(self, request: Request, _body: Json) -> list[Json]:
        query = request.query_params["query"]
        index = self._indexed if self.lags else self.tickets
        wanted = self._wanted(query)
        assert request.query_params["sort_by"] == "updated_at"
        found = [one for one in index.values() if wanted(one)]
        found.sort(key=lambda one: str(one["updated_at"]))
        return [self.shown(one) for one in _paged(request, found)]

    def _wanted(self, query: str) -> Callable[[Json], bool]:
        if matched := _KEY_QUERY.fullmatch(query):
            name, value = matched.groups()
            # The index cuts a text into words, so more is found than what is asked for.
            words = re.split(r"\W+", value)
            return lambda one: set(words) <= set(re.split(r"\W+", one.get(name) or ""))
        if matched := _CHANGED_QUERY.fullmatch(query):
            terms = [term.partition(":") for term in matched[1].split(" OR ")]
            since = datetime.fromisoformat(matched[2])
            return lambda one: (
                datetime.fromisoformat(one["updated_at"]) >= since
                and any(
                    one.get(name) if value == "*" else str(one.get(name)) == value
                    for name, _, value in terms
                )
            )
        raise Refused(422, "the query cannot be read")

    def _by_ticket(self, request: Request, _body: Json) -> list[Json]:
        return list(self.of(int(self._there(request)["id"])))

    def _links(self, request: Request, _body: Json) -> Json:
        """Of a child its parent, of a parent its children."""
        asked = int(request.query_params["link_object_value"])
        parents = [("parent", one["parent"]) for one in self.links if one["child"] == asked]
        children = [("child", one["child"]) for one in self.links if one["parent"] == asked]
        links = [
            {"link_type": kind, "link_object": "Ticket", "link_object_value": other}
            for kind, other in (*children, *parents)
        ]
        return {"links": links, "assets": {}}

    # --- what is written through the API -------------------------------------------------

    def _create(self, _request: Request, body: Json) -> Json:
        self._known(body)
        if body.get("group") != "Users":
            raise Refused(422, "No lookup value found for 'group'")
        if body.get("customer_id") not in self.users:
            raise Refused(422, "Missing required value for field 'customer_id'!")
        id_ = next(self._ids)
        ticket: Json = {
            "id": id_,
            "number": f"22{id_}",
            "state": "new",
            "priority": "2 normal",
            "owner": "-",
            **dict.fromkeys(self.attributes),
            **{k: v for k, v in body.items() if k not in ("article", "tags")},
        }
        self.tickets[id_] = ticket
        self.tags[id_] = [tag for tag in body.get("tags", "").split(",") if tag]
        article = self._article(id_, body["article"], BOT)
        self._touch(ticket, BOT, article)
        return self.shown(ticket)

    def _update(self, request: Request, body: Json) -> Json:
        ticket = self._there(request)
        self._known({key: value for key, value in body.items() if key != "pending_time"})
        if body.get("state", "").startswith("pending") and not body.get("pending_time"):
            raise Refused(422, "Missing required value for field 'pending_time'!")
        ticket.update({k: v for k, v in body.items() if k != "article"})
        article = self._article(ticket["id"], body["article"], BOT) if "article" in body else None
        self._touch(ticket, BOT, article)
        return self.shown(ticket)

    def _known(self, body: Json) -> None:
        if unknown := set(body) - _TICKET - self.attributes:
            raise Refused(422, f"unknown: {unknown}")
        lookups = {"state": STATES[:-1], "priority": PRIORITIES, "owner": self._owners()}
        for name, known in lookups.items():
            if name in body and body[name] not in known:
                raise Refused(422, f"No lookup value found for '{name}': {body[name]!r}")

    def _owners(self) -> list[str]:
        return [user["login"] for user in self.users.values() if "Agent" in user["roles"]]

    def _tag(self, _request: Request, body: Json) -> bool:
        tags = self.tags[body["o_id"]]
        if body["item"] not in tags:
            tags.append(body["item"])
        return True

    def _article(self, ticket: int, given: Json, who: int) -> Json:
        if set(given) - _ARTICLE or not {"body", "type", "internal"} <= set(given):
            raise Refused(422, "the article is not as it must be")
        user, id_, at = self.users[who], next(self._ids), self._now()
        article: Json = {
            "id": id_,
            "ticket_id": ticket,
            "from": f"{user['firstname']} {user['lastname']}",
            "created_by": user["login"],
            "created_by_id": who,
            "created_at": at,
            "updated_at": at,
            "attachments": [],
            **given,
        }
        self.articles[id_] = article
        return article

    def _touch(self, ticket: Json, who: int, article: Json | None = None) -> None:
        ticket["updated_at"], ticket["updated_by_id"] = self._now(), who
        owner = next((u for u in self.users.values() if u["login"] == ticket["owner"]), "-")
        priority = {"id": 2, "name": ticket["priority"], "active": True}
        whole = {**self.shown(ticket), "owner": owner, "priority": priority}
        body = json.dumps({"ticket": whole, "article": article}, ensure_ascii=False).encode()
        digest = hmac.new(SIGNATURE_TOKEN.encode(), body, hashlib.sha1).hexdigest()
        headers = {"x-hub-signature": f"sha1={digest}", "x-zammad-delivery": f"d-{digest[:8]}"}
        self.delivered.append((headers, body))

    def _now(self) -> str:
        """To the millisecond, and never the same twice."""
        self._last = max(self.clock(), self._last + timedelta(milliseconds=1))
        return self._last.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _endpoint(
        self, method: str, path: str, do: Callable[[Request, Json], Any]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            self.calls.append(f"{method} {path}")
            raw = await request.body()

            async def work() -> Response:
                return self._answer(request, raw, do)

            def limited(seconds: float) -> Response:
                return Response(status_code=429, headers={"Retry-After": str(int(seconds))})

            return await perform(self.faults.take("helpdesk", f"{method} {path}"), work, limited)

        return endpoint

    def _answer(self, request: Request, raw: bytes, do: Callable[[Request, Json], Any]) -> Response:
        if request.headers.get("authorization") != f"Token token={TOKEN}":
            return JSONResponse({"error": "Authentication required"}, 403)
        try:
            status = 201 if request.method == "POST" else 200
            return JSONResponse(do(request, json.loads(raw or b"{}")), status)
        except Refused as refused:
            return JSONResponse({"error": refused.error}, refused.status)


def _user(id_: int, login: str, first: str, last: str, roles: list[str]) -> Json:
    names = {"login": login.lower(), "firstname": first, "lastname": last}
    return {"id": id_, **names, "email": "", "roles": roles, "active": True}


def _paged(request: Request, found: list[Json]) -> list[Json]:
    size = min(int(request.query_params.get("per_page", _PAGE)), _PAGE)
    start = (int(request.query_params.get("page", 1)) - 1) * size
    return found[start : start + size]
