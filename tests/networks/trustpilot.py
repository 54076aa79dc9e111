"""Trustpilot's private API on loopback, strict where the real one is.

Source: developers.trustpilot.com, "Authentication", "Business Units API", "Service Reviews API".
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.networks.google import Refused
from tests.networks.shops import Json, Shelf, served

UNIT, USER = "46d6a890000064000500e0c3", "507f191e810c19729de860ea"
API_KEY, API_SECRET = "api-key-of-the-tests", "api-secret-of-the-tests"
BASIC = f"Basic {b64encode(f'{API_KEY}:{API_SECRET}'.encode()).decode()}"


@dataclass
class Trustpilot(Shelf):
    """Tokens last a hundred hours, which is told as a string."""

    most: int = 4000
    open: set[str] = field(default_factory=set)

    @property
    def routes(self) -> list[Route]:
        token = "/v1/oauth/oauth-business-users-for-applications/accesstoken"
        reviews = "/v1/private/reviews/{id}"
        return [
            Route(token, self.token, methods=["POST"]),
            Route("/v1/private/business-units/{unit}/reviews", served(self), methods=["GET"]),
            Route(reviews, served(self), methods=["GET"]),
            Route(f"{reviews}/reply", served(self), methods=["POST"]),
        ]

    def name_of(self, count: int) -> str:
        return f"65f0c0ffee{count:014x}"

    async def token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        if request.headers.get("authorization") != BASIC:
            return JSONResponse({"error": "invalid_client"}, 401)
        assert form == {"grant_type": ["client_credentials"]}
        token = f"token-{len(self.open)}"
        self.open.add(token)
        return JSONResponse({"access_token": token, "expires_in": "359999"})

    def known(self, request: Request) -> None:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.open:
            raise Refused(401, "Unauthorized")
        if request.path_params.get("unit", UNIT) != UNIT:
            raise Refused(403, "Forbidden")

    def respond(self, request: Request, body: Json) -> Response:
        id_ = request.path_params.get("id")
        if id_ is None:
            return JSONResponse(self._listing(dict(request.query_params)))
        if request.method == "GET":
            return JSONResponse(self.show(self.one(id_)))
        if body.keys() != {"authorBusinessUserId", "message"}:
            raise Refused(400, "BadRequest")
        if body["authorBusinessUserId"] != USER:
            raise Refused(403, "Forbidden")
        self.answer(id_, body["message"])
        return Response(status_code=201)

    def _listing(self, query: dict[str, str]) -> Json:
        """A page behind the last one is empty."""
        page, most = int(query.get("page", 1)), int(query.get("perPage", 20))
        if page < 1 or not 1 <= most <= 100 or query["orderBy"] != "createdat.desc":
            raise Refused(400, "BadRequest")
        found = self.newest()[(page - 1) * most : page * most]
        return {"links": [], "reviews": [self.show(one) for one in found]}

    def show(self, one: Json) -> Json:
        edited = one["changed"] != one["created"]
        reply = one["reply"]
        return {
            "id": one["id"],
            "consumer": {"id": f"consumer-{one['name']}", "displayName": one["name"]},
            "stars": one["stars"],
            "title": "",
            "text": one["text"],
            "language": "en",
            "createdAt": _iso(one["created"]),
            "updatedAt": _iso(one["changed"]) if edited else None,
            "companyReply": reply and {"text": reply["text"], "createdAt": _iso(reply["at"])},
            "isVerified": True,
            "referralEmail": "ana@example.com",
        }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
