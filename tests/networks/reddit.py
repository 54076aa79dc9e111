"""A small Reddit on loopback: two subreddits, an inbox and modmail, strict where the real one is.

Source of every rule: reddit.com/dev/api, and what praw and prawcore expect of an answer.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform

CLIENT, CLIENT_SECRET = "p-jcoLKBynTLew", "a-client-secret"
PASSWORD, REFRESH_TOKEN = "a-password-of-the-tests", "a-refresh-token-of-the-tests"
BRAND, SUB = "Brightleaf", "brightleaf"
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST = 10_000
Json = dict[str, Any]


@dataclass
class Reddit:
    """`left` of the limit of 600 requests in ten minutes; `locked` are posts that are locked."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    things: dict[str, Json] = field(default_factory=dict)
    talks: dict[str, Json] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    refuses_letters: set[str] = field(default_factory=set)
    moderates: bool = True
    patience: str = ""
    warning: str = ""
    left: int = 600

    def __post_init__(self) -> None:
        self._count = 1000
        self._tokens: set[str] = set()
        self.ours = self.post("Ask us anything", BRAND)

    # --- people ----------------------------------------------------------------------------

    def post(self, title: str, who: str = "ana", text: str = "", **more: Any) -> str:
        name = self._name("t3")
        path = f"/r/{SUB}/comments/{name[3:]}/a_post/"
        own = {"title": title, "selftext": text, "is_self": True, "permalink": path}
        return self._put(name, who, {**own, "url": f"https://www.reddit.com{path}", **more})

    def comment(self, body: str, who: str = "ana", *, under: str = "", sub: str = SUB) -> str:
        parent = under or self.ours
        above = self.things[parent]
        link = above.get("link_id", parent)
        name = self._name("t1")
        path = f"/r/{sub}/comments/{link[3:]}/a_post/{name[3:]}/"
        own = {"body": body, "parent_id": parent, "link_id": link, "permalink": path}
        return self._put(name, who, {**own, "subreddit": sub})

    def letter(self, body: str, who: str = "ana", *, to: str = BRAND, under: str = "") -> str:
        subject = "re: Hello" if under else "Hello"
        own = {"body": body, "subject": subject, "dest": to, "parent_id": under or None}
        return self._put(self._name("t4"), who, {**own, "context": "", "was_comment": False})

    def mention(self, body: str, who: str = "ana") -> str:
        """In somebody else's subreddit; only the inbox has it."""
        name = self._name("t1")
        context = f"/r/lamps/comments/zzz9/another/{name[3:]}/?context=3"
        own = {"body": body, "parent_id": "t3_zzz9", "context": context}
        return self._put(name, who, {**own, "subject": "username mention", "subreddit": "lamps"})

    def mail(self, body: str, who: str = "ana", *, talk: str = "", **more: Any) -> str:
        """A message to the moderators; `talk` continues one. The id of its conversation."""
        id_ = talk or f"2{self._number()}"
        self.talks.setdefault(id_, {"participant": who, "subject": "A question", "mails": []})
        mail = {"id": self._number(), "who": who, "body": body, "at": self.clock(), **more}
        self.talks[id_]["mails"].append(mail)
        return id_

    def edit(self, name: str, body: str, at: datetime) -> None:
        self.things[name] |= {"body": body, "edited": at.timestamp()}

    def delete(self, name: str) -> None:
        """It stays where it was, without its author and words."""
        self.things[name] |= {"author": None, "body": "[deleted]"}

    def forget(self, name: str) -> None:
        del self.things[name]

    def _put(self, name: str, who: str, own: Json) -> str:
        self.things[name] = {
            "name": name,
            "id": name[3:],
            "author": who,
            "created_utc": self.clock().timestamp(),
            "edited": False,
            "subreddit": SUB,
            **own,
        }
        return name

    def _name(self, kind: str) -> str:
        return f"{kind}_{self._number()}"

    def _number(self) -> str:
        self._count += 1
        number, text = self._count, ""
        while number:
            number, rest = divmod(number, 36)
            text = LETTERS[rest] + text
        return text

    # --- the server ------------------------------------------------------------------------

    @property
    def routes(self) -> list[Route]:
        return [Route("/{path:path}", self._serve, methods=["GET", "POST"])]

    async def _serve(self, request: Request) -> Response:
        path = request.path_params["path"].strip("/")
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        self.calls.append(f"{request.method} {path}")
        writes = request.method == "POST" and path != "api/v1/access_token"

        async def work() -> Response:
            if path == "api/v1/access_token":
                return self._token(request, form)
            token = request.headers.get("authorization", "").removeprefix("bearer ")
            if token not in self._tokens:
                return JSONResponse({"message": "Unauthorized", "error": 401}, 401)
            self.left -= 1
            answer = self._answer(request.method, path, dict(request.query_params), form)
            answer.headers.update(self._limit(600))
            return answer

        def limited(seconds: float) -> Response:
            body = {"message": "Too Many Requests", "error": 429}
            return JSONResponse(body, 429, headers={"Retry-After": str(int(seconds))})

        return await perform(
            self.faults.take("network", "write" if writes else "read"), work, limited
        )

    def _limit(self, reset: int) -> dict[str, str]:
        return {
            "x-ratelimit-remaining": f"{self.left}.0",
            "x-ratelimit-used": str(600 - self.left),
            "x-ratelimit-reset": str(reset),
        }

    def _token(self, request: Request, form: dict[str, str]) -> Response:
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        if base64.b64decode(basic).decode() != f"{CLIENT}:{CLIENT_SECRET}":
            return JSONResponse({"message": "Unauthorized", "error": 401}, 401)
        assert "tierdesk" in request.headers["user-agent"]
        right = {"password": PASSWORD, "refresh_token": REFRESH_TOKEN}
        grant = form.get("grant_type", "")
        if grant not in right or form.get(grant) != right[grant]:
            return JSONResponse({"error": "invalid_grant", "error_description": str(form)})
        token = f"token-{len(self._tokens)}"
        self._tokens.add(token)
        return JSONResponse(
            {"access_token": token, "expires_in": 86400, "scope": "*", "token_type": "bearer"}
        )

    def _answer(
        self, method: str, path: str, query: dict[str, str], form: dict[str, str]
    ) -> Response:
        parts = path.split("/")
        if method == "POST":
            return self._written(path, form)
        if path == "api/v1/me":
            return JSONResponse({"name": BRAND, "is_suspended": False})
        if path == "api/info":
            names = query["id"].split(",")
            return self._listing([self.things[n] for n in names if n in self.things], {})
        if parts[:3] == ["api", "mod", "conversations"]:
            return self._modmail(parts[3] if len(parts) > 3 else None)
        if parts[0] == "r" and parts[-1] == "about":
            data = {"display_name": parts[1], "user_is_moderator": self.moderates}
            known = parts[1] == SUB
            return JSONResponse(
                {"kind": "t5", "data": data} if known else {}, 200 if known else 403
            )
        found: Callable[[dict[str, Any]], bool] | None = {
            "message/inbox": self._in_inbox,
            "message/sent": lambda one: self._is(one, "t4") and one["author"] == BRAND,
            f"user/{BRAND.lower()}/comments": lambda o: self._is(o, "t1") and o["author"] == BRAND,
        }.get(path)
        if found is None and parts[0] == "r" and SUB in parts[1].split("+"):
            kind = {"comments": "t1", "new": "t3"}[parts[2]]
            found = lambda one: self._is(one, kind) and one["subreddit"] == SUB  # noqa: E731
        if found is None:
            return JSONResponse({"message": "Not Found", "error": 404}, 404)
        things = [one for one in self.things.values() if found(one)]
        return self._listing(things[::-1], query)

    def _is(self, one: Json, kind: str) -> bool:
        return str(one["name"]).startswith(f"{kind}_")

    def _in_inbox(self, one: Json) -> bool:
        """Letters to us, mentions, and what answers something of ours."""
        if one["author"] == BRAND:
            return False
        if self._is(one, "t4") or one.get("subject") == "username mention":
            return True
        above = self.things.get(one.get("parent_id") or "")
        return self._is(one, "t1") and above is not None and above["author"] == BRAND

    def _listing(self, things: list[Json], query: dict[str, str]) -> Response:
        """A place that was deleted gives an empty page."""
        most, names = int(query.get("limit", 25)), [one["name"] for one in things]
        assert 1 <= most <= 100
        start = 0
        if "after" in query:
            start = names.index(query["after"]) + 1 if query["after"] in names else len(names)
        page = things[start : start + most]
        more = start + most < len(things)
        children = [{"kind": one["name"][:2], "data": one} for one in page]
        data = {"children": children, "after": page[-1]["name"] if more and page else None}
        return JSONResponse({"kind": "Listing", "data": data})

    # --- what is written ---------------------------------------------------------------------

    def _written(self, path: str, form: dict[str, str]) -> Response:
        if path in ("api/remove", "api/approve"):
            if not self.moderates or form["id"] not in self.things:
                return JSONResponse({"message": "Forbidden", "error": 403}, 403)
            (self.removed.add if path == "api/remove" else self.removed.discard)(form["id"])
            return JSONResponse({})
        if path.startswith("api/mod/conversations/"):
            assert form["isInternal"] == "False"
            talk = self.mail(form["body"], BRAND, talk=path.rpartition("/")[2], is_mod=True)
            return JSONResponse(self._talk(talk, last=True))
        if path == "api/compose":
            return self._composed(form)
        assert path == "api/comment"
        return self._commented(form)

    def _commented(self, form: dict[str, str]) -> Response:
        assert form["api_type"] == "json"
        above = self.things.get(form["thing_id"])
        if self.patience:
            return _refused("RATELIMIT", self.patience, "ratelimit")
        if above is None or above["author"] is None:
            return _refused("DELETED_COMMENT", "that comment has been deleted", "parent")
        if above.get("link_id", above["name"]) in self.locked:
            return _refused("THREAD_LOCKED", f"locked: {form['text']}", "parent")
        if len(form["text"]) > MOST:
            return _refused("TOO_LONG", "this is too long (max: 10000)", "text")
        if self._is(above, "t4"):
            name = self.letter(form["text"], BRAND, to=above["author"], under=above["name"])
        else:
            name = self.comment(form["text"], BRAND, under=above["name"])
        thing = {"kind": name[:2], "data": self.things[name]}
        warned = [["RATELIMIT", self.warning, "ratelimit"]] if self.warning else []
        return JSONResponse({"json": {"errors": warned, "data": {"things": [thing]}}})

    def _composed(self, form: dict[str, str]) -> Response:
        assert 0 < len(form["subject"]) <= 100
        if form["to"] in self.refuses_letters:
            return _refused("NOT_WHITELISTED_BY_USER_MESSAGE", "can't send to them", "to")
        self.letter(form["text"], BRAND, to=form["to"])
        return JSONResponse({"json": {"errors": []}})

    def _modmail(self, id: str | None) -> Response:  # noqa: A002
        if not self.moderates:
            return JSONResponse({"message": "Forbidden", "error": 403}, 403)
        if id is not None:
            return JSONResponse(self._talk(id, last=False))
        newest = sorted(
            self.talks, key=lambda one: self.talks[one]["mails"][-1]["at"], reverse=True
        )
        shown = [self._talk(one, last=True) for one in newest]
        return JSONResponse(
            {
                "conversations": {one["conversation"]["id"]: one["conversation"] for one in shown},
                "messages": {k: v for one in shown for k, v in one["messages"].items()},
                "conversationIds": newest,
            }
        )

    def _talk(self, id: str, *, last: bool) -> Json:  # noqa: A002
        talk = self.talks[id]
        mails = talk["mails"][-1:] if last else talk["mails"]
        conversation = {
            "id": id,
            "subject": talk["subject"],
            "participant": {"name": talk["participant"], "isMod": False},
            "numMessages": len(talk["mails"]),
            "objIds": [{"id": one["id"], "key": "messages"} for one in mails],
            "lastUpdated": talk["mails"][-1]["at"].isoformat(),
        }
        return {"conversation": conversation, "messages": {m["id"]: _mail(m) for m in mails}}


def _mail(mail: Json) -> Json:
    mod = mail.get("is_mod", False)
    return {
        "id": mail["id"],
        "author": {"name": mail["who"], "isMod": mod, "isAdmin": False},
        "bodyMarkdown": mail["body"],
        "body": f"<p>{mail['body']}</p>",
        "date": mail["at"].isoformat(),
        "isInternal": mail.get("is_internal", False),
    }


def _refused(word: str, sentence: str, field_: str) -> Response:
    return JSONResponse({"json": {"errors": [[word, sentence, field_]]}})
