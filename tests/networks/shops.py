"""Three shops of reviews on loopback, strict where the real ones are.

Sources: the discovery document androidpublisher.v3; developer.apple.com/documentation/
appstoreconnectapi; developers.google.com/my-business (version 4).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, quote

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, perform
from tests.networks.google import Refused, TokenServer

Json = dict[str, Any]
PACKAGE, APP_ID, ACCOUNT, PLACE = "com.example.lamp", "1234567890", "10987654321", "20123456789"
ISSUER, KEY_ID = "57246542-96fe-1a63-e053-0824d011072a", "2X9R4HXF34"
ROBOT = "tierdesk@lamp.iam.gserviceaccount.example"
STARS = ("", "ONE", "TWO", "THREE", "FOUR", "FIVE")


def _pem(key: Any) -> str:
    pem: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


_EC, _RSA = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
EC_KEY, RSA_KEY = _pem(_EC), _pem(_RSA)


class Shop(Protocol):
    """What makes a server of a shop: who may ask, and what is answered. Both raise Refused."""

    faults: Faults
    calls: list[str]

    def known(self, request: Request) -> None: ...
    def respond(self, request: Request, body: Json) -> Response: ...


def served(shop: Shop) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of every route of a shop."""

    async def serve(request: Request) -> Response:
        shop.calls.append(request.method)
        body = await request.body()

        async def work() -> Response:
            try:
                shop.known(request)
                return shop.respond(request, json.loads(body) if body else {})
            except Refused as refused:
                return refused.answer

        def limited(seconds: float) -> Response:
            answer = Refused(429, "rateLimitExceeded").answer
            answer.headers["Retry-After"] = str(int(seconds))
            return answer

        kind = "read" if request.method == "GET" else "answer"
        return await perform(shop.faults.take("network", kind), work, limited)

    return serve


@dataclass
class Shelf:
    """The reviews of a shop; `most` is the longest answer."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    reviews: dict[str, Json] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    most: int = 350

    def __post_init__(self) -> None:
        self._count = 0

    # --- people ----------------------------------------------------------------------------

    def write(self, text: str, *, stars: int = 2, name: str = "ana", reply: str = "") -> str:
        self._count += 1
        id_, at = self.name_of(self._count), self.clock()
        self.reviews[id_] = {
            "id": id_,
            "name": name,
            "text": text,
            "stars": stars,
            "created": at,
            "changed": at,
            "order": self._count,
            "reply": {"text": reply, "at": at} if reply else None,
        }
        return id_

    def name_of(self, count: int) -> str:
        return f"gp:AOqp{count:04}"

    def edit(self, id: str, text: str, *, stars: int = 2) -> None:  # noqa: A002
        self.reviews[id] |= {"text": text, "stars": stars, "changed": self.clock()}

    def delete(self, id: str) -> None:  # noqa: A002
        del self.reviews[id]

    def answer(self, id: str, text: str) -> Json:  # noqa: A002
        """Overwrites whatever stands there, as all of them do."""
        if id not in self.reviews:
            raise Refused(404, "notFound", f"no review for {text}")
        if not 0 < len(text.encode() if self.most == 4096 else text) <= self.most:
            raise Refused(400, "invalid", f"wrong length of {text}")
        self.reviews[id]["reply"] = {"text": text, "at": self.clock()}
        reply: Json = self.reviews[id]["reply"]
        return reply

    # --- for the server --------------------------------------------------------------------

    def signed(self, token: str, key: Any, algorithm: str, audience: str) -> Json:
        """The claims of a token, at this server's time. Raises jwt.PyJWTError."""
        options: Any = {"verify_exp": False, "verify_iat": False}
        claims: Json = jwt.decode(
            token, key, algorithms=[algorithm], audience=audience, options=options
        )
        if not claims["iat"] - 60 <= self.clock().timestamp() < claims["exp"]:
            raise jwt.ExpiredSignatureError
        return claims

    def newest(self) -> list[Json]:
        return sorted(self.reviews.values(), key=lambda one: one["order"], reverse=True)

    def one(self, id: str) -> Json:  # noqa: A002
        if id not in self.reviews:
            raise Refused(404, "notFound")
        return self.reviews[id]


@dataclass
class Play(Shelf):
    tokens: TokenServer = field(default_factory=TokenServer)

    @property
    def routes(self) -> list[Route]:
        base = "/androidpublisher/v3/applications/{package}/reviews"
        return [
            Route("/token", self.token, methods=["POST"]),
            Route(base, served(self), methods=["GET"]),
            Route(base + "/{id}", served(self), methods=["GET", "POST"]),
        ]

    async def token(self, request: Request) -> Response:
        form = {name: v[0] for name, v in parse_qs((await request.body()).decode()).items()}
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        try:
            claims = self.signed(form["assertion"], _RSA.public_key(), "RS256", str(request.url))
        except jwt.PyJWTError:
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert claims["iss"] == ROBOT
        assert claims["exp"] - claims["iat"] <= 3600
        assert claims["scope"].endswith("/auth/androidpublisher")
        self.tokens.open.add("ya29.play")
        return JSONResponse({"access_token": "ya29.play", "expires_in": 3599})

    def known(self, request: Request) -> None:
        self.tokens.known(request)
        if request.path_params["package"] != PACKAGE:
            raise Refused(404, "applicationNotFound")

    def respond(self, request: Request, body: Json) -> Response:
        id_ = request.path_params.get("id")
        if request.method == "POST":
            assert id_ is not None
            assert id_.endswith(":reply")
            reply = self.answer(id_.removesuffix(":reply"), body["replyText"])
            return JSONResponse({"result": {"replyText": reply["text"], "lastEdited": {}}})
        if id_ is not None:
            return JSONResponse(self.show(self.one(id_)))
        return JSONResponse(self._listing(dict(request.query_params)))

    def _listing(self, query: dict[str, str]) -> Json:
        """Only those with words, that were changed in the last seven days."""
        start, most = int(query.get("token", 0)), int(query.get("maxResults", 10))
        week = self.clock() - timedelta(days=7)
        shown = [self.show(o) for o in self.newest() if o["text"] and o["changed"] > week]
        answer: Json = {"reviews": shown[start : start + min(most, 100)]}
        if start + most < len(shown):
            answer["tokenPagination"] = {"nextPageToken": str(start + most)}
        return answer

    def show(self, one: Json) -> Json:
        comments: list[Json] = [
            {
                "userComment": {
                    "text": f"\t{one['text']}",
                    "lastModified": _seconds(one["changed"]),
                    "starRating": one["stars"],
                    "reviewerLanguage": "en",
                    "device": "oriole",
                    "androidOsVersion": 34,
                    "appVersionCode": 812,
                    "appVersionName": "8.1.2",
                    "thumbsUpCount": 0,
                }
            }
        ]
        if one["reply"]:
            at = _seconds(one["reply"]["at"])
            comments.append(
                {"developerComment": {"text": one["reply"]["text"], "lastModified": at}}
            )
        return {"reviewId": one["id"], "authorName": one["name"], "comments": comments}


@dataclass
class AppStore(Shelf):
    """`left` of the hourly limit of 3,600."""

    most: int = 5970
    left: int = 3600

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/v1/apps/{app}/customerReviews", served(self), methods=["GET"]),
            Route("/v1/customerReviews/{id}", served(self), methods=["GET"]),
            Route("/v1/customerReviewResponses", served(self), methods=["POST"]),
        ]

    def name_of(self, count: int) -> str:
        return f"00000089-7ac2-d3a1-fd7c-{count:012}"

    def known(self, request: Request) -> None:
        token = request.headers["authorization"].removeprefix("Bearer ")
        try:
            claims = self.signed(token, _EC.public_key(), "ES256", "appstoreconnect-v1")
        except jwt.PyJWTError:
            raise Refused(401, "NOT_AUTHORIZED") from None
        lasts = claims["exp"] - claims["iat"]
        if claims["iss"] != ISSUER or jwt.get_unverified_header(token)["kid"] != KEY_ID:
            raise Refused(401, "NOT_AUTHORIZED")
        assert 0 < lasts <= 1200
        self.left -= 1

    def respond(self, request: Request, body: Json) -> Response:
        headers = {"x-rate-limit": f"user-hour-lim:3600;user-hour-rem:{self.left};"}
        if request.method == "POST":
            data = body["data"]
            assert data["type"] == "customerReviewResponses"
            review = data["relationships"]["review"]["data"]
            assert review["type"] == "customerReviews"
            self.answer(review["id"], data["attributes"]["responseBody"])
            made = self._response(self.reviews[review["id"]])
            return JSONResponse({"data": made}, 201, headers=headers)
        query = dict(request.query_params)
        included = query.get("include") == "response"
        if (id_ := request.path_params.get("id")) is not None:
            one = self.one(id_)
            return JSONResponse(self._document([one], included, many=False), headers=headers)
        if request.path_params["app"] != APP_ID:
            raise Refused(404, "NOT_FOUND")
        return JSONResponse(self._listing(request, query, included), headers=headers)

    def _listing(self, request: Request, query: dict[str, str], included: bool) -> Json:
        assert query["sort"] == "-createdDate"
        start, most = int(query.get("cursor", 0)), int(query.get("limit", 50))
        if not 1 <= most <= 200:
            raise Refused(400, "PARAMETER_ERROR")
        found = self.newest()
        document = self._document(found[start : start + most], included, many=True)
        document["links"] = {"self": str(request.url)}
        if start + most < len(found):
            elsewhere = "https://evil.example/v1/apps/1/customerReviews"
            document["links"]["next"] = f"{elsewhere}?cursor={quote(str(start + most))}"
        return document

    def _document(self, some: list[Json], included: bool, *, many: bool) -> Json:
        data = [self.show(one) for one in some]
        answered = [self._response(one) for one in some if one["reply"]]
        document: Json = {"data": data if many else data[0]}
        return document | ({"included": answered} if included and answered else {})

    def show(self, one: Json) -> Json:
        """An edited review has no date of its edit."""
        answered = {"type": "customerReviewResponses", "id": f"r-{one['id']}"}
        return {
            "type": "customerReviews",
            "id": one["id"],
            "attributes": {
                "rating": one["stars"],
                "title": "",
                "body": one["text"],
                "reviewerNickname": one["name"],
                "createdDate": one["created"].isoformat(timespec="seconds"),
                "territory": "ROU",
            },
            "relationships": {"response": {"data": answered if one["reply"] else None}},
        }

    def _response(self, one: Json) -> Json:
        return {
            "type": "customerReviewResponses",
            "id": f"r-{one['id']}",
            "attributes": {
                "responseBody": one["reply"]["text"],
                "lastModifiedDate": one["reply"]["at"].isoformat(timespec="seconds"),
                "state": "PENDING_PUBLISH",
            },
        }


@dataclass
class Places(Shelf):
    most: int = 4096
    tokens: TokenServer = field(default_factory=TokenServer)

    @property
    def routes(self) -> list[Route]:
        base = "/v4/accounts/{account}/locations/{place}/reviews"
        return [
            Route("/token", self.tokens.token, methods=["POST"]),
            Route(base, served(self), methods=["GET"]),
            Route(base + "/{id}", served(self), methods=["GET"]),
            Route(base + "/{id}/reply", served(self), methods=["PUT"]),
        ]

    def name_of(self, count: int) -> str:
        return f"AbFvOq{count:04}"

    def known(self, request: Request) -> None:
        self.tokens.known(request)
        if request.path_params["account"] != ACCOUNT or request.path_params["place"] != PLACE:
            raise Refused(404, "notFound")

    def respond(self, request: Request, body: Json) -> Response:
        id_ = request.path_params.get("id")
        if request.method == "PUT":
            assert id_ is not None
            reply = self.answer(id_, body["comment"])
            return JSONResponse({"comment": reply["text"], "updateTime": _iso(reply["at"])})
        if id_ is not None:
            return JSONResponse(self.show(self.one(id_)))
        query = dict(request.query_params)
        assert query["orderBy"] == "updateTime desc"
        start, most = int(query.get("pageToken", 0)), int(query.get("pageSize", 50))
        if not 1 <= most <= 50:
            raise Refused(400, "invalidArgument")
        found = sorted(self.newest(), key=lambda one: one["changed"], reverse=True)
        answer: Json = {
            "reviews": [self.show(one) for one in found[start : start + most]],
            "averageRating": 3.4,
            "totalReviewCount": len(found),
        }
        if start + most < len(found):
            answer["nextPageToken"] = str(start + most)
        return JSONResponse(answer)

    def show(self, one: Json) -> Json:
        shown: Json = {
            "name": f"accounts/{ACCOUNT}/locations/{PLACE}/reviews/{one['id']}",
            "reviewId": one["id"],
            "reviewer": {"displayName": one["name"], "profilePhotoUrl": "https://x.example/p"},
            "starRating": STARS[one["stars"]],
            "createTime": _iso(one["created"]),
            "updateTime": _iso(one["changed"]),
        }
        if one["text"]:
            shown["comment"] = one["text"]
        if one["reply"]:
            reply = one["reply"]
            shown["reviewReply"] = {"comment": reply["text"], "updateTime": _iso(reply["at"])}
        return shown


def _seconds(at: datetime) -> Json:
    return {"seconds": str(int(at.timestamp())), "nanos": 0}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
