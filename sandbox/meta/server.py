"""The server: its state, its hosts, and the routes that lead to them."""

import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.bodies import Answer, object_of, unwanted
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.journal import Journal
from sandbox.meta import comments, letters, people, threads, whatsapp
from sandbox.meta.accounts import (
    APP,
    APP_TOKEN,
    BUSINESS,
    INSTAGRAM,
    PAGE,
    PHONE,
    THREADS,
    TOKENS,
    Person,
)
from sandbox.meta.accounts import people as seeded
from sandbox.meta.errors import Refusal, invalid, not_there
from sandbox.meta.gate import Call, Endpoint, Gate, Limiter, refused
from sandbox.meta.hooks import Hooks
from sandbox.meta.world import NETWORKS, US, World
from sandbox.network.seed import BRAND_POSTS

HOSTS = ("graph", "instagram", "threads")
_OURS = {PAGE: "page", INSTAGRAM: "instagram", PHONE: "phone", BUSINESS: "business"}
_UNDER = {
    "facebook": ("post", "comment"),
    "instagram": ("media", "ig_comment"),
    "threads": ("thread", "thread"),
}
_FIELDS = ("feed", "messages", "messaging_postbacks", "message_echoes", "comments", "replies")


class Meta:
    """Mount `routes`; the hosts are `/graph`, `/instagram` and `/threads` below it."""

    def __init__(
        self,
        feed: Feed,
        faults: Faults,
        *,
        clock: Callable[[], float],
        limit: int,
        persons: dict[str, Person],
    ) -> None:
        self._feed = feed
        self.hooks = Hooks()
        self.world = World(feed, self.hooks, persons, clock)
        self.journal = Journal(clock)
        self.limiter = Limiter(clock=clock, limit=limit)
        self.tokens = dict(TOKENS)
        self._gate = Gate(
            world=self.world,
            faults=faults,
            journal=self.journal,
            limiter=self.limiter,
            tokens=self.tokens,
        )
        self.containers = threads.Containers()
        self._endpoints = {
            (one.method, one.kind, one.edge): one
            for one in (
                *comments.ENDPOINTS,
                *letters.ENDPOINTS,
                *whatsapp.ENDPOINTS,
                *self.containers.endpoints(),
                *self._common(),
            )
        }
        self.reset()

    @property
    def rate_limit(self) -> bool:
        return self.limiter.on

    @rate_limit.setter
    def rate_limit(self, on: bool) -> None:
        self.limiter.on = on

    @property
    def routes(self) -> list[Route]:
        methods = ["GET", "POST", "DELETE"]
        return [
            *(
                Route(f"/{host}/{{version}}/{rest}", self._call, methods=methods)
                for host in HOSTS
                for rest in ("{node}", "{node}/{edge}")
            ),
            *(
                Route(f"/{host}/refresh_access_token", self._refresh)
                for host in ("instagram", "threads")
            ),
            Route("/p/{id}/", _to_page),
            Route("/people/state", self._state),
            Route("/people/act", self._act, methods=["POST"]),
        ]

    def reset(self) -> None:
        """Back to the seed; ids go on growing, callbacks stay."""
        self.world.clear()
        self.hooks.clear()
        self.journal.clear()
        self.limiter.clear()
        self.containers.made.clear()
        self.posts = {
            network: {
                name: self.world.comment(network, US, words, picture=_picture(network, name)).id
                for name, words in BRAND_POSTS.items()
            }
            for network in NETWORKS
            if network != "whatsapp"
        }
        self.hooks.clear()
        self._feed.publish("meta", "reset")

    @property
    def brand_posts(self) -> dict[str, str]:
        """The brand's posts on Instagram by their names, for a story."""
        return self.posts["instagram"]

    def act(self, given: dict[str, Any]) -> str | None:
        """Do what `POST /people/act` does; the id, or None when it was refused."""
        try:
            return people.act(self.world, given)
        except Refusal:
            return None

    def dump(self) -> list[dict[str, Any]]:
        return people.dump(self.world)

    def _common(self) -> tuple[Endpoint, ...]:
        nodes = [
            Endpoint(method="GET", kind=kind, edge="", handler=_itself)
            for kind in ("page", "instagram", "business")
        ]
        apps = [
            Endpoint(method="GET", kind=kind, edge="subscribed_apps", handler=self._apps)
            for kind in ("page", "instagram", "business")
        ]
        debug = Endpoint(method="GET", kind="debug", edge="", handler=self._debug)
        refresh = Endpoint(method="GET", kind="refresh", edge="", handler=self._refreshed)
        return (*nodes, *apps, debug, refresh)

    async def _refresh(self, request: Request) -> Response:
        return await self._gate.open(request, self._endpoints["GET", "refresh", ""], "refresh")

    def _refreshed(self, call: Call) -> dict[str, Any]:
        """A new token for 60 days; the old one goes on for now."""
        old = call.text("access_token")
        if call.text("grant_type") not in ("ig_refresh_token", "th_refresh_token"):
            raise invalid("grant_type is not known")
        new = f"{old.partition('+')[0]}+{len(self.tokens)}"
        self.tokens[new] = self.tokens[old]
        return {"access_token": new, "token_type": "bearer", "expires_in": 60 * 86_400}

    def _debug(self, call: Call) -> dict[str, Any]:
        """Asked as the app; Threads answers its own users as well."""
        given = call.text("input_token")
        token = self.tokens.get(given)
        asked_by_app = call.token is TOKENS[APP_TOKEN]
        if not asked_by_app and THREADS not in call.token.nodes:
            raise invalid("You must provide an app access token")
        if token is None:
            return {"data": {"is_valid": False}}
        return {
            "data": {
                "app_id": APP,
                "is_valid": True,
                "expires_at": 0,
                "data_access_expires_at": int(self.world.clock()) + 80 * 86_400,
                "scopes": sorted(token.permissions),
            }
        }

    async def _call(self, request: Request) -> Response:
        node, edge = request.path_params["node"], request.path_params.get("edge", "")
        if node == "me":
            node = THREADS
        if node == "debug_token" and request.url.path.split("/")[-3] == "instagram":
            return refused(not_there(node))  # Instagram's own login has none
        endpoint = self._endpoints.get((request.method, self._kind(node), edge))
        if endpoint is None:
            return refused(not_there(node))
        return await self._gate.open(request, endpoint, node)

    def _kind(self, node: str) -> str:
        if node == "debug_token":
            return "debug"
        if node == THREADS:
            return "threads"
        if node in self.containers.made:
            return "container"
        comment = self.world.comments.get(node)
        if comment is not None:
            return _UNDER[comment.network][0 if comment.is_post else 1]
        return _OURS.get(node, "person")

    def _apps(self, call: Call) -> dict[str, Any]:
        app = {"id": APP, "name": "Tierdesk", "subscribed_fields": list(_FIELDS)}
        return {"data": [app] if self.hooks.callbacks else []}

    async def _state(self, request: Request) -> Response:
        asked = request.query_params
        network = asked.get("network", "instagram")
        try:
            return Answer(people.state(self.world, asked.get("as", ""), network))
        except Refusal as refusal:
            return _said(refusal)

    async def _act(self, request: Request) -> Response:
        given = await object_of(request)
        if given is None:
            return unwanted()
        try:
            if given.get("type") == "subscribe":
                return Answer({"ok": await self._subscribe(given)})
            if given.get("type") == "redeliver":
                return Answer({"ok": True, "sent": self.hooks.redeliver()})
            return Answer({"ok": True, "id": people.act(self.world, given)})
        except Refusal as refusal:
            return _said(refusal)

    async def _subscribe(self, given: dict[str, Any]) -> bool:
        """What the app's dashboard does with a callback."""
        network, url = given.get("network"), given.get("callback_url")
        if network not in NETWORKS or not isinstance(url, str):
            raise invalid("network and callback_url are wanted")
        return await self.hooks.subscribe(network, url)


def _picture(network: str, name: str) -> str | None:
    return name if network == "instagram" else None


def _itself(call: Call) -> dict[str, Any]:
    if call.node not in call.token.nodes:
        raise not_there(call.node)
    return {"id": call.node}


async def _to_page(request: Request) -> Response:
    """A post's own address on Instagram leads to its place on the page of the sandbox."""
    return RedirectResponse(f"/#instagram-{request.path_params['id']}")


def _said(refusal: Refusal) -> Response:
    return Answer({"ok": False, "error": str(refusal)}, 422)


def meta(
    feed: Feed,
    faults: Faults,
    *,
    clock: Callable[[], float] = time.time,
    limit: int = 5_000,
    persons: dict[str, Person] | None = None,
) -> Meta:
    """Seeded networks; `limit` is calls per token in an hour."""
    return Meta(
        feed, faults, clock=clock, limit=limit, persons=seeded() if persons is None else persons
    )
