"""A Slack that answers some calls as only the real one does; all others reach the sandbox's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.servers import Loopback


@dataclass(slots=True, kw_only=True)
class _Mood:
    method: str
    answer: Response
    times: int = -1
    over: bytes = b""


class Moody:
    def __init__(self) -> None:
        self._slack = ""
        self._moods: list[_Mood] = []
        routes = [Route("/api/{method}", self._called, methods=["POST"])]
        self._server = Loopback(Starlette(routes=routes))

    def before(self, slack: str) -> str:
        """The address of its Web API, for the one that it stands before."""
        self._slack = slack
        return f"{self._server.url}/api/"

    def says(self, method: str, code: str, *, times: int = 1) -> None:
        """Refuses the next calls with Slack's own word for why."""
        self._add(method, JSONResponse({"ok": False, "error": code}), times)

    def stumbles(self, method: str, *, over: str) -> None:
        """Has an error of its own whenever a call holds these words."""
        answer = JSONResponse({"ok": False, "error": "internal_error"})
        self._moods.append(_Mood(method=method, answer=answer, over=over.encode()))

    def gives(self, method: str, answer: Mapping[str, object], *, times: int = 1) -> None:
        self._add(method, JSONResponse({"ok": True, **answer}), times)

    def shows_page(self, method: str, status: int, page: str, *, times: int = 1) -> None:
        """A proxy on the way, or a page that says that Slack is down."""
        self._add(method, HTMLResponse(page, status), times)

    def _add(self, method: str, answer: Response, times: int) -> None:
        self._moods.append(_Mood(method=method, answer=answer, times=times))

    async def _called(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = await request.body()
        for mood in self._moods:
            if mood.method == method and mood.times and mood.over in body:
                mood.times -= 1
                return mood.answer
        return await self._passed_on(method, request)

    async def _passed_on(self, method: str, request: Request) -> Response:
        names = ("authorization", "content-type")
        headers = {name: request.headers[name] for name in names if name in request.headers}
        async with httpx.AsyncClient(trust_env=False) as client:
            given = await client.post(
                f"{self._slack}{method}", content=await request.body(), headers=headers
            )
        return Response(given.content, given.status_code, media_type="application/json")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
