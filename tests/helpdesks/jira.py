"""A Jira in memory behind HTTP: strict, with people at work in it and a search that may lag."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform

Json = dict[str, Any]

EMAIL, TOKEN = "tierdesk@brand.example", "a-token-of-jira"
WEBHOOK_SECRET = "a-secret-of-the-webhook"
BOT: Json = {"accountId": "acc-bot", "accountType": "atlassian", "displayName": "Tierdesk"}
RITA: Json = {
    "accountId": "acc-rita",
    "accountType": "atlassian",
    "displayName": "Rita Vogel",
    "emailAddress": "rita@brand.example",
}
STATES = ("Waiting for support", "Waiting for customer", "Pending", "Resolved", "Closed")
PRIORITIES = ("Lowest", "Low", "Medium", "High", "Highest")

_FIELDS = {"project", "issuetype", "summary", "description", "priority", "labels"}
_KEY_QUERY = re.compile(r'project = "SUP" AND labels = "([^"]+)"')
_CHANGED = re.compile(
    r'project = "SUP" AND labels = "tierdesk" AND updated >= "-(\d+)m" ORDER BY updated ASC'
)


class Refused(Exception):
    def __init__(self, status: int, **errors: str) -> None:
        super().__init__(str(status))
        self.status = status
        self.errors = errors


@dataclass
class FakeJira:
    """`lags`: the search does not show new issues. `blocked` are states that no way leads to."""

    faults: Faults
    clock: Callable[[], datetime]
    lags: bool = False
    blocked: frozenset[str] = frozenset()
    page: int = 100
    issues: dict[str, Json] = field(default_factory=dict)
    comments: dict[str, list[Json]] = field(default_factory=dict)
    delivered: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = count(10_001)
        self._last = datetime.min.replace(tzinfo=UTC)

    @property
    def routes(self) -> list[Route]:
        table: dict[tuple[str, str], Callable[[Request, Json], Any]] = {
            ("GET", "/myself"): lambda _r, _b: BOT,
            ("GET", "/user/assignable/search"): self._assignable,
            ("POST", "/issue"): self._create,
            ("GET", "/issue/{key}"): lambda r, _b: self._there(r),
            ("PUT", "/issue/{key}"): self._edit,
            ("PUT", "/issue/{key}/assignee"): self._assign,
            ("GET", "/issue/{key}/transitions"): self._ways,
            ("POST", "/issue/{key}/transitions"): self._move,
            ("GET", "/issue/{key}/comment"): self._comments,
            ("POST", "/issue/{key}/comment"): self._comment,
            ("POST", "/search/jql"): self._search,
        }
        return [
            Route(f"/rest/api/3{path}", self._endpoint(method, path, do), methods=[method])
            for (method, path), do in table.items()
        ]

    # --- what its people do --------------------------------------------------------------

    def write(self, key: str, text: str, *, public: bool, who: Json = RITA) -> Json:
        paragraphs = [{"type": "text", "text": line} for line in text.split("\n") if line]
        content = [{"type": "paragraph", "content": [one]} for one in paragraphs]
        body = {"type": "doc", "version": 1, "content": content}
        return self._add(key, {"body": body}, who, public=public)

    def set(self, key: str, who: Json = RITA, **fields: object) -> None:
        self.issues[key]["fields"].update(fields)
        self._touch(key, who)

    def delete(self, key: str) -> None:
        issue = self.issues.pop(key)
        self._tell({"webhookEvent": "jira:issue_deleted", "issue": issue, "user": RITA})

    # --- what it answers -----------------------------------------------------------------

    def _there(self, request: Request) -> Json:
        issue = self.issues.get(request.path_params["key"])
        if issue is None:
            raise Refused(404)
        return issue

    def _assignable(self, request: Request, _body: Json) -> list[Json]:
        query = request.query_params["query"].lower()
        return [
            u for u in (BOT, RITA) if query in f"{u['displayName']} {u.get('emailAddress')}".lower()
        ]

    def _create(self, _request: Request, body: Json) -> Json:
        fields = body["fields"]
        if set(fields) - _FIELDS or fields["project"] != {"key": "SUP"}:
            raise Refused(400, project="is not as it must be")
        if "\n" in fields["summary"] or fields["description"].get("type") != "doc":
            raise Refused(400, description="must be a document")
        if any(" " in label for label in fields["labels"]):
            raise Refused(400, labels="must not contain spaces")
        id_ = next(self._ids)
        key = f"SUP-{id_ - 10_000}"
        self._check_priority(fields)
        state = {"status": {"name": STATES[0]}, "assignee": None}
        self.issues[key] = {"id": str(id_), "key": key, "fields": {**fields, **state}}
        self.comments[key] = []
        self._touch(key, BOT)
        return {"id": str(id_), "key": key, "self": "https://jira.example"}

    def _edit(self, request: Request, body: Json) -> None:
        issue = self._there(request)
        self._check_priority(body.get("fields", {}))
        issue["fields"].update(body.get("fields", {}))
        for change in body.get("update", {}).get("labels", []):
            issue["fields"]["labels"].append(change["add"])
        self._touch(issue["key"], BOT)

    def _check_priority(self, fields: Json) -> None:
        if fields.get("priority", {"name": "Low"})["name"] not in PRIORITIES:
            raise Refused(400, priority="is not known")

    def _assign(self, request: Request, body: Json) -> None:
        users = {user["accountId"]: user for user in (BOT, RITA)}
        issue = self._there(request)
        issue["fields"]["assignee"] = users[body["accountId"]]
        self._touch(issue["key"], BOT)

    def _ways(self, request: Request, _body: Json) -> Json:
        now = self._there(request)["fields"]["status"]["name"]
        ways = [
            {"id": str(number), "name": f"Go to {name}", "to": {"name": name}}
            for number, name in enumerate(STATES)
            if name != now and name not in self.blocked
        ]
        return {"transitions": ways}

    def _move(self, request: Request, body: Json) -> None:
        ways = {way["id"]: way["to"] for way in self._ways(request, {})["transitions"]}
        if body["transition"]["id"] not in ways:
            raise Refused(400, transition="is not possible")
        issue = self._there(request)
        issue["fields"]["status"] = ways[body["transition"]["id"]]
        self._touch(issue["key"], BOT)

    def _comments(self, request: Request, _body: Json) -> Json:
        """Properties are shown to who asks for them."""
        asked, found = request.query_params, self.comments[self._there(request)["key"]]
        start = int(asked.get("startAt", 0))
        shown = found[start : start + min(int(asked.get("maxResults", 50)), self.page)]
        if asked.get("expand") != "properties":
            shown = [{k: v for k, v in one.items() if k != "properties"} for one in shown]
        return {"comments": shown, "startAt": start, "total": len(found)}

    def _comment(self, request: Request, body: Json) -> Json:
        """Public unless its properties say that it is internal."""
        if set(body) - {"body", "properties"} or body["body"].get("type") != "doc":
            raise Refused(400, comment="is not as it must be")
        values = {one["key"]: one["value"] for one in body.get("properties", [])}
        internal = values.get("sd.public.comment", {}).get("internal") is True
        return self._add(self._there(request)["key"], body, BOT, public=not internal)

    def _search(self, _request: Request, body: Json) -> Json:
        jql, start = body["jql"], int(body.get("nextPageToken", 0))
        found = list(self.issues.values())
        if matched := _CHANGED.fullmatch(jql):
            since = self.clock() - timedelta(minutes=int(matched[1]))
            found = [one for one in found if _moment(one) >= since]
            found.sort(key=_moment)
        elif matched := _KEY_QUERY.fullmatch(jql):
            found = [one for one in found if matched[1] in one["fields"]["labels"]]
        else:
            raise Refused(400, jql="cannot be read")
        found = [] if self.lags else found
        end = start + min(int(body.get("maxResults", 50)), self.page)
        more = {"nextPageToken": str(end)} if end < len(found) else {}
        return {"issues": found[start:end], **more}

    # --- inside --------------------------------------------------------------------------

    def _add(self, key: str, given: Json, who: Json, *, public: bool) -> Json:
        at = self._now()
        comment: Json = {
            "id": str(next(self._ids)),
            "author": who,
            "created": at,
            "updated": at,
            "jsdPublic": public,
            "properties": [],
            **given,
        }
        self.comments[key].append(comment)
        self.issues[key]["fields"]["updated"] = self._now()
        told = {key: value for key, value in comment.items() if key != "properties"}
        issue = {"id": self.issues[key]["id"], "key": key, "fields": {"summary": "…"}}
        self._tell({"webhookEvent": "comment_created", "comment": told, "issue": issue})
        return comment

    def _touch(self, key: str, who: Json) -> None:
        self.issues[key]["fields"]["updated"] = self._now()
        event = {"webhookEvent": "jira:issue_updated", "issue": self.issues[key], "user": who}
        self._tell(event)

    def _tell(self, event: Json) -> None:
        at = {"timestamp": int(self.clock().timestamp() * 1000)}
        body = json.dumps({**at, **event}, ensure_ascii=False).encode()
        digest = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.delivered.append(({"x-hub-signature": f"sha256={digest}"}, body))

    def _now(self) -> str:
        """To the millisecond, and never the same twice."""
        self._last = max(self.clock(), self._last + timedelta(milliseconds=1))
        return (
            self._last.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self._last.microsecond // 1000:03}+0000"
        )

    def _endpoint(
        self, method: str, path: str, do: Callable[[Request, Json], Any]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()

            async def work() -> Response:
                return self._answer(request, raw, do)

            def limited(seconds: float) -> Response:
                return Response(status_code=429, headers={"Retry-After": str(int(seconds))})

            return await perform(self.faults.take("helpdesk", f"{method} {path}"), work, limited)

        return endpoint

    def _answer(self, request: Request, raw: bytes, do: Callable[[Request, Json], Any]) -> Response:
        secret = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {secret}":
            return JSONResponse({"errorMessages": ["Client must be authenticated"]}, 401)
        try:
            done = do(request, json.loads(raw or b"{}"))
        except Refused as refused:
            return JSONResponse({"errorMessages": [], "errors": refused.errors}, refused.status)
        if done is None:
            return Response(status_code=204)
        made = request.method == "POST" and not request.url.path.endswith("/jql")
        return JSONResponse(done, 201 if made else 200)


def _moment(issue: Json) -> datetime:
    return datetime.fromisoformat(issue["fields"]["updated"])
