"""A small YouTube on loopback: the comments of one channel, strict where the real one is.

Source of every rule: the discovery document youtube.v3 and developers.google.com/youtube/v3.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform
from tests.networks.google import Refused, TokenServer

BRAND, ANA, TOM = "UCbrightleaf0001", "UCana00000000001", "UCtom00000000001"
HANDLES = {BRAND: "@brightleaf", ANA: "@ana", TOM: "@tom"}
VIDEO = "dQw4w9WgXcQ"
SHOWN_REPLIES = 2
"""How many replies a thread is listed with: neither their number nor which is promised."""
Json = dict[str, Any]


@dataclass
class YouTube:
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    tokens: TokenServer = field(default_factory=TokenServer)
    channels: tuple[str, ...] = (BRAND,)
    quota: int = 10_000
    most_a_page: int = 100
    comments: dict[str, Json] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Threads whose replies, and kinds of held comments whose list, are answered so."""

    def __post_init__(self) -> None:
        self._count = 0

    # --- people ----------------------------------------------------------------------------

    def comment(
        self, text: str, who: str = ANA, *, under: str | None = None, status: str = "published"
    ) -> str:
        thread = under.partition(".")[0] if under else None
        self._count += 1
        number = self._count
        id_ = f"{thread}.9r{number:05}" if thread else f"Ugx{number:05}AaABAg"
        at = stamp(self.clock())
        self.comments[id_] = {
            "id": id_,
            "author": who,
            "text": text,
            "parent": thread,
            "published": at,
            "updated": at,
            "status": status,
            "order": number,
        }
        return id_

    def edit(self, comment: str, text: str, at: datetime) -> None:
        self.comments[comment] |= {"text": text, "updated": stamp(at)}

    def delete(self, comment: str) -> None:
        for id_ in [i for i, one in self.comments.items() if comment in (i, one["parent"])]:
            del self.comments[id_]

    # --- the server ------------------------------------------------------------------------

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/token", self.tokens.token, methods=["POST"]),
            Route("/youtube/v3/{path:path}", self._serve, methods=["GET", "POST"]),
        ]

    async def _serve(self, request: Request) -> Response:
        call = f"{request.method} /{request.path_params['path']}"
        self.calls.append(call)
        body = await request.body()

        async def work() -> Response:
            try:
                self.tokens.known(request)
                self._pay(1 if request.method == "GET" else 50)
                return self._answer(call, dict(request.query_params), body)
            except Refused as refused:
                return refused.answer

        def limited(seconds: float) -> Response:
            answer = Refused(429, "rateLimitExceeded").answer
            answer.headers["Retry-After"] = str(int(seconds))
            return answer

        return await perform(self.faults.take("network", call), work, limited)

    def _pay(self, units: int) -> None:
        if self.quota < units:
            raise Refused(403, "quotaExceeded", "The request cannot be completed")
        self.quota -= units

    def _answer(self, call: str, query: dict[str, str], body: bytes) -> Response:
        match call:
            case "GET /commentThreads":
                return JSONResponse(self._threads(query))
            case "GET /comments":
                return JSONResponse(self._comments(query))
            case "GET /channels":
                return JSONResponse({"items": [{"id": id_} for id_ in self.channels]})
            case "POST /comments":
                return JSONResponse(self._insert(json.loads(body)["snippet"]))
            case "POST /comments/setModerationStatus":
                return self._moderate(query)
        raise Refused(404, "notFound")

    def _threads(self, query: dict[str, str]) -> Json:
        status = query.get("moderationStatus", "published")
        self._whole(status)
        if query["allThreadsRelatedToChannelId"] not in self.channels:
            raise Refused(403, "forbidden")
        assert query["order"] == "time"
        tops = [c for c in self._newest() if not c["parent"] and c["status"] == status]
        return self._page([self._thread(one) for one in tops], query)

    def _thread(self, top: Json) -> Json:
        replies = [one for one in self._newest() if one["parent"] == top["id"]]
        shown = [one for one in replies if one["status"] == "published"]
        thread: Json = {
            "kind": "youtube#commentThread",
            "id": top["id"],
            "snippet": {
                "channelId": BRAND,
                "videoId": VIDEO,
                "topLevelComment": self.show(top),
                "canReply": top["id"] not in self.closed,
                "totalReplyCount": len(shown),
                "isPublic": top["status"] == "published",
            },
        }
        if shown:
            thread["replies"] = {"comments": [self.show(one) for one in shown[-SHOWN_REPLIES:]]}
        return thread

    def _comments(self, query: dict[str, str]) -> Json:
        if "id" in query:
            wanted = query["id"].split(",")
            if len(wanted) > 50:
                raise Refused(400, "invalidValue")
            shown = [self.comments[id_] for id_ in wanted if id_ in self.comments]
            return {"items": [self.show(one) for one in shown if one["status"] == "published"]}
        self._whole(query["parentId"])
        if query["parentId"] not in self.comments:
            raise Refused(404, "commentNotFound")
        replies = [one for one in self._newest() if one["parent"] == query["parentId"]]
        shown = [self.show(one) for one in replies if one["status"] == "published"]
        return self._page(shown, query)

    def _whole(self, name: str) -> None:
        if name in self.broken:
            raise Refused(*self.broken[name])

    def _insert(self, snippet: Json) -> Json:
        parent, text = snippet["parentId"], snippet["textOriginal"]
        if parent not in self.comments:
            raise Refused(404, "parentCommentNotFound", f"not found, for {text}")
        if "." in parent:
            raise Refused(400, "invalidValue", "a reply has no replies")
        if len(text) > 10_000:
            raise Refused(400, "commentTextTooLong")
        if parent in self.closed or self.comments[parent]["status"] != "published":
            raise Refused(403, "forbidden")
        return self.show(self.comments[self.comment(text, BRAND, under=parent)])

    def _moderate(self, query: dict[str, str]) -> Response:
        if query["moderationStatus"] not in ("heldForReview", "published", "rejected"):
            raise Refused(400, "invalidValue")
        if query["id"] not in self.comments:
            raise Refused(404, "commentNotFound")
        self.comments[query["id"]]["status"] = query["moderationStatus"]
        return Response(status_code=204)

    def _newest(self) -> list[Json]:
        return sorted(self.comments.values(), key=lambda one: one["order"], reverse=True)

    def _page(self, items: list[Json], query: dict[str, str]) -> Json:
        most, start = int(query.get("maxResults", 20)), int(query.get("pageToken", 0))
        if not 1 <= most <= 100:
            raise Refused(400, "invalidValue")
        most = min(most, self.most_a_page)
        answer: Json = {"items": items[start : start + most]}
        if start + most < len(items):
            answer["nextPageToken"] = str(start + most)
        return answer

    def show(self, one: Json) -> Json:
        parent = {"parentId": one["parent"]} if one["parent"] else {"videoId": VIDEO}
        held = {} if one["status"] == "published" else {"moderationStatus": one["status"]}
        return {
            "kind": "youtube#comment",
            "id": one["id"],
            "snippet": {
                "channelId": BRAND,
                "textDisplay": one["text"],
                "textOriginal": one["text"],
                "authorDisplayName": HANDLES[one["author"]],
                "authorChannelUrl": f"http://www.youtube.com/{HANDLES[one['author']]}",
                "authorChannelId": {"value": one["author"]},
                "canRate": True,
                "viewerRating": "none",
                "likeCount": 0,
                "publishedAt": one["published"],
                "updatedAt": one["updated"],
                **parent,
                **held,
            },
        }


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
