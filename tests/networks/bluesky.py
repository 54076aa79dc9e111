"""A small Bluesky on loopback: PDS, AppView and chat in one, strict where the real ones are.

Source of every rule: the lexicons of com.atproto, app.bsky and chat.bsky, and the PDS.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.graphemes import graphemes
from sandbox.faults import Faults, perform
from tests.networks.bluesky_chat import Chats, Record, Refused, facets_fit, iso

PASSWORD = "abcd-efgh-ijkl-mnop"
PEOPLE = BRAND, ANA, TOM, NINA, YUKI = (
    *(f"did:plc:{name}" for name in ("brand", "ana", "tom", "nina", "yuki")),
)
HANDLES = {did: f"{did.removeprefix('did:plc:')}.test" for did in PEOPLE}
PROXY = "did:web:api.bsky.chat#bsky_chat"
POSTS, LIKES, GATES = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.threadgate"
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass
class Stored:
    """A record in somebody's repository, with the time at which it was indexed."""

    uri: str
    value: Record
    at: datetime

    @property
    def did(self) -> str:
        return self.uri.split("/")[2]

    @property
    def cid(self) -> str:
        digest = hashlib.sha256(json.dumps(self.value, sort_keys=True).encode()).digest()
        return "bafyrei" + base64.b32encode(digest).decode().lower().rstrip("=")


@dataclass
class Bluesky:
    """Everything that is written has a time of its own: `clock`, and a millisecond at least."""

    faults: Faults = field(default_factory=Faults)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    limit: int = 3000
    chat_allowed: bool = True
    allows: dict[str, str] = field(default_factory=lambda: {BRAND: "all", ANA: "all"})
    follows_us: set[str] = field(default_factory=set)
    blocks_us: set[str] = field(default_factory=set)
    records: dict[str, Stored] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    extra: list[Record] = field(default_factory=list)
    pds: str | None = None
    me: str = BRAND
    only_followed: bool = False

    def __post_init__(self) -> None:
        self._last = datetime(2020, 1, 1, tzinfo=UTC)
        self._sessions = 0
        self._left = self.limit
        self._access: set[str] = set()
        self._refresh: set[str] = set()
        self.access_lasts = timedelta(hours=2)
        self.chats = Chats(self)

    # --- people ----------------------------------------------------------------------------

    def now(self) -> datetime:
        self._last = max(self.clock(), self._last + timedelta(milliseconds=1))
        return self._last

    def post(
        self, text: str, who: str = ANA, *, under: str | None = None, at: str = "", **more: Any
    ) -> str:
        """Write a post; `at` is when the writer's client says, where it differs."""
        value = {"$type": POSTS, "text": text, "createdAt": at or iso(self.now()), **more}
        if under is not None:
            value["reply"] = self.reply_to(under)
        moment = self.now()
        if at:
            moment = min(moment, datetime.fromisoformat(at))
        stored = Stored(f"at://{who}/{POSTS}/{self.tid()}", value, moment)
        self.records[stored.uri] = stored
        return stored.uri

    def reply_to(self, uri: str) -> Record:
        parent = self.records[uri]
        strong = {"uri": parent.uri, "cid": parent.cid}
        return {"root": parent.value.get("reply", {}).get("root", strong), "parent": strong}

    def mention(self, text: str, who: str = ANA, **more: Any) -> str:
        at = f"@{HANDLES[BRAND]}"
        facet = {
            "index": {"byteStart": 0, "byteEnd": len(at)},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": BRAND}],
        }
        return self.post(f"{at} {text}", who, facets=[facet], **more)

    def delete(self, uri: str) -> None:
        del self.records[uri]

    def write(self, uri: str, value: Record) -> None:
        self.records[uri] = Stored(uri, value, self.now())

    def share_sessions_with(self, other: Bluesky) -> None:
        """As an entry server does with the servers behind it."""
        self._access, self._refresh = other._access, other._refresh

    def end_sessions(self) -> None:
        self._access.clear()
        self._refresh.clear()

    # --- the server ------------------------------------------------------------------------

    @property
    def routes(self) -> list[Route]:
        return [Route("/xrpc/{method}", self._serve, methods=["GET", "POST"])]

    async def _serve(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = await request.body()
        self.calls.append(method)

        async def work() -> Response:
            try:
                answer: Response = JSONResponse(self._answer(method, request, body))
            except Refused as refused:
                answer = refused.answer
            answer.headers.update(self._limits(taken=1))
            return answer

        def limited(seconds: float) -> Response:
            answer = JSONResponse({"error": "RateLimitExceeded", "message": "wait"}, 429)
            answer.headers.update(self._limits(resets=seconds))
            return answer

        writes = "send" if method.endswith(("putRecord", "sendMessage")) else method
        return await perform(self.faults.take("network", writes), work, limited)

    def _limits(self, *, taken: int = 0, resets: float = 300) -> dict[str, str]:
        self._left = max(self._left - taken, 0)
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self._left),
            "ratelimit-reset": str(int(datetime.now(UTC).timestamp() + resets)),
            "ratelimit-policy": f"{self.limit};w=300",
        }

    def _answer(self, method: str, request: Request, body: bytes) -> Record:
        work = self._methods().get((request.method, method))
        if work is None:
            raise Refused(501, "MethodNotImplemented")
        media_type = request.headers.get("content-type", "").partition(";")[0]
        if body and media_type != "application/json":
            raise Refused(400, "InvalidRequest", "wrong content type")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if method == "com.atproto.server.refreshSession":
            return self._refreshed(token)
        if method != "com.atproto.server.createSession":
            self._known(token)
        if method.startswith("chat."):
            self._proxied(request)
        query = {key: request.query_params.getlist(key) for key in request.query_params}
        return work(json.loads(body) if body else query)

    def _known(self, token: str) -> None:
        if not token:
            raise Refused(401, "AuthMissing")
        if token not in self._access:
            raise Refused(400, "ExpiredToken", "Token has expired")

    def _proxied(self, request: Request) -> None:
        if request.headers.get("atproto-proxy") != PROXY:
            raise Refused(501, "MethodNotImplemented")
        if not self.chat_allowed:
            raise Refused(400, "InvalidToken", "Bad token scope")

    def _methods(self) -> Mapping[tuple[str, str], Callable[[Any], Record]]:
        app, repo = "app.bsky", "com.atproto.repo"
        return {
            ("POST", "com.atproto.server.createSession"): self._created,
            ("POST", "com.atproto.server.refreshSession"): self._created,
            ("GET", "com.atproto.server.getSession"): lambda _: _account(),
            ("GET", "com.atproto.identity.resolveHandle"): self._resolved,
            ("GET", f"{app}.notification.listNotifications"): self._notifications,
            ("GET", f"{app}.feed.getPosts"): self._posts,
            ("GET", f"{app}.actor.getProfiles"): self._profiles,
            ("GET", f"{repo}.getRecord"): self._record,
            ("GET", f"{repo}.listRecords"): self._listed,
            ("POST", f"{repo}.putRecord"): self._put,
            ("POST", f"{repo}.deleteRecord"): self._deleted,
            **self.chats.methods(),
        }

    # --- com.atproto.server, identity --------------------------------------------------------

    def _created(self, body: Record) -> Record:
        known = (HANDLES[BRAND], BRAND)
        if body.get("identifier") not in known or body.get("password") != PASSWORD:
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _refreshed(self, token: str) -> Record:
        if token not in self._refresh:
            raise Refused(400, "ExpiredToken", "Token has been revoked")
        self._refresh.discard(token)
        return self._session()

    def _session(self) -> Record:
        access, refresh = self._jwt(self.access_lasts), self._jwt(timedelta(days=90))
        self._access.add(access)
        self._refresh.add(refresh)
        document = {"didDoc": _document(self.pds)} if self.pds else {}
        return {**_account(), "accessJwt": access, "refreshJwt": refresh, **document}

    def _jwt(self, lasts: timedelta) -> str:
        until = int((datetime.now(UTC) + lasts).timestamp())
        parts = (
            {"typ": "at+jwt", "alg": "HS256"},
            {"sub": BRAND, "exp": until, "n": self._sessions},
        )
        self._sessions += 1
        coded = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
        return ".".join(one.decode().rstrip("=") for one in [*coded, b"c2lnbmF0dXJl"])

    def _resolved(self, query: Record) -> Record:
        for did, handle in HANDLES.items():
            if handle == query["handle"][0]:
                return {"did": did}
        raise Refused(400, "HandleNotFound", "Unable to resolve handle")

    # --- app.bsky ----------------------------------------------------------------------------

    def _notifications(self, query: Record) -> Record:
        limit, reasons = int(query["limit"][0]), set(query["reasons"])
        if not 1 <= limit <= 100:
            raise Refused(400, "InvalidRequest", "limit")
        told = [one for one in self.records.values() if self._reason(one) in reasons]
        # A wish that old apps kept for an account stands unless the one who asks says otherwise.
        wished = query.get("priority", [str(self.only_followed).lower()]) == ["true"]
        told = [] if wished else told  # the brand follows nobody
        found = [*map(self.told, told), *self.extra]
        found.sort(key=lambda one: (one["indexedAt"], one["uri"]), reverse=True)
        if "cursor" in query:
            found = [one for one in found if _mark(one) < query["cursor"][0]]
        page = found[:limit]
        return {
            "notifications": page,
            "priority": wished,
            **({"cursor": _mark(page[-1])} if page and len(found) > limit else {}),
        }

    def _reason(self, stored: Stored) -> str | None:
        """Why a post is told to the brand, None where it is not."""
        if stored.did == BRAND or f"/{POSTS}/" not in stored.uri:
            return None
        reply, embed = stored.value.get("reply"), stored.value.get("embed", {})
        if reply and BRAND in (reply["parent"]["uri"] + reply["root"]["uri"]):
            return "reply"
        if BRAND in json.dumps(embed):
            return "quote"
        return "mention" if BRAND in json.dumps(stored.value.get("facets", [])) else None

    def told(self, stored: Stored) -> Record:
        return {
            "uri": stored.uri,
            "cid": stored.cid,
            "author": self.profile(stored.did),
            "reason": self._reason(stored),
            "record": stored.value,
            "isRead": False,
            "indexedAt": iso(stored.at),
            "labels": [],
        }

    def _posts(self, query: Record) -> Record:
        if len(query["uris"]) > 25:
            raise Refused(400, "InvalidRequest", "too many uris")
        stand = [self.records[uri] for uri in query["uris"] if uri in self.records]
        return {"posts": [self._view(one) for one in stand if one.did not in self.blocks_us]}

    def _view(self, stored: Stored) -> Record:
        root = stored.value.get("reply", {}).get("root", {}).get("uri", stored.uri)
        gate = self.records.get(root.replace(POSTS, GATES))
        closed = gate is not None and gate.value.get("allow") == [] and gate.did != BRAND
        likes = [one for one in self.records.values() if f"{BRAND}/{LIKES}/" in one.uri]
        liked = [one.uri for one in likes if one.value["subject"]["uri"] == stored.uri]
        return {
            "uri": stored.uri,
            "cid": stored.cid,
            "author": self.profile(stored.did),
            "record": stored.value,
            "indexedAt": iso(stored.at),
            "viewer": {
                **({"like": liked[0]} if liked else {}),
                **({"replyDisabled": True} if closed else {}),
            },
        }

    def _profiles(self, query: Record) -> Record:
        if len(query["actors"]) > 25:
            raise Refused(400, "InvalidRequest", "too many actors")
        known = [did for did in query["actors"] if did in HANDLES]
        return {"profiles": [{**self.profile(did), "followersCount": 214} for did in known]}

    def profile(self, did: str) -> Record:
        follows = {"followedBy": f"at://{did}/app.bsky.graph.follow/3"}
        return {
            "did": did,
            "handle": HANDLES[did],
            "displayName": HANDLES[did].partition(".")[0].title(),
            "associated": {"chat": {"allowIncoming": self.allows.get(did, "following")}},
            "viewer": {"muted": False, **(follows if did in self.follows_us else {})},
            "labels": [],
        }

    # --- com.atproto.repo --------------------------------------------------------------------

    def _record(self, query: Record) -> Record:
        uri = f"at://{query['repo'][0]}/{query['collection'][0]}/{query['rkey'][0]}"
        if uri not in self.records:
            raise Refused(400, "RecordNotFound", f"Could not locate record: {uri}")
        stored = self.records[uri]
        return {"uri": uri, "cid": stored.cid, "value": stored.value}

    def _listed(self, query: Record) -> Record:
        """The greatest keys first, as is the PDS's way."""
        begin = f"at://{query['repo'][0]}/{query['collection'][0]}/"
        found = sorted((uri for uri in self.records if uri.startswith(begin)), reverse=True)
        page = [self.records[uri] for uri in found[: int(query["limit"][0])]]
        return {"records": [{"uri": o.uri, "cid": o.cid, "value": o.value} for o in page]}

    def _put(self, body: Record) -> Record:
        if body["repo"] != BRAND:
            raise Refused(400, "InvalidRequest", "not your repository")
        if not _TID.fullmatch(body["rkey"]):
            raise Refused(400, "InvalidRequest", "rkey is no TID")
        uri = f"at://{BRAND}/{body['collection']}/{body['rkey']}"
        self._valid(body["collection"], body["record"])
        there = self.records.get(uri)
        if "swapRecord" in body and body["swapRecord"] != (there.cid if there else None):
            raise Refused(400, "InvalidSwap", "Record was at another CID")
        stored = Stored(uri, body["record"], self.now())
        self.records[uri] = stored
        return {"uri": uri, "cid": stored.cid, "validationStatus": "valid"}

    def _valid(self, collection: str, record: Record) -> None:
        good = record.get("$type") == collection and bool(record.get("createdAt"))
        if collection == POSTS:
            text = record["text"]
            good = good and graphemes(text) <= 300 and len(text.encode()) <= 3000
            good = good and facets_fit(text, record) and self._threaded(record)
        if not good:
            raise Refused(400, "InvalidRequest", f"Invalid {collection} record: {record}")

    def _threaded(self, record: Record) -> bool:
        """Both refs strong, and the root the thread's own."""
        if "reply" not in record:
            return True
        reply, parent = record["reply"], self.records.get(record["reply"]["parent"]["uri"])
        return parent is None or reply == self.reply_to(parent.uri)

    def _deleted(self, body: Record) -> Record:
        self.records.pop(f"at://{body['repo']}/{body['collection']}/{body['rkey']}", None)
        return {}

    def tid(self) -> str:
        micros = int(self.now().timestamp() * 1_000_000)
        bits = micros << 10
        return "".join(_LETTERS[(bits >> shift) & 31] for shift in range(60, -1, -5))


def _account() -> Record:
    return {"did": BRAND, "handle": HANDLES[BRAND], "active": True}


def _document(pds: str) -> Record:
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": pds}
    return {"@context": ["https://www.w3.org/ns/did/v1"], "id": BRAND, "service": [service]}


def _mark(one: Record) -> str:
    return f"{one['indexedAt']}::{one['uri']}"
