"""The workspace: its parts put together, and the routes that lead to them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.journal import Journal
from sandbox.slack import outside, render
from sandbox.slack.activity import Activity
from sandbox.slack.answers import respond
from sandbox.slack.call import Office
from sandbox.slack.delivery import Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.events import VERIFICATION_TOKEN
from sandbox.slack.files import Files, file_json
from sandbox.slack.http_mode import Addresses, HttpMode
from sandbox.slack.interactions import Interactions
from sandbox.slack.limits import Limits
from sandbox.slack.names import Clock, Names
from sandbox.slack.people import ACTS, Act
from sandbox.slack.people_state import people_state
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.scene import Scene
from sandbox.slack.seed import seed
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.triggers import Triggers
from sandbox.slack.web_api import Keys, WebApi, workspace_address
from sandbox.slack.window_acts import WINDOW_ACTS
from sandbox.slack.windows import Windows
from sandbox.slack.wire import Args, Json, answer, decode
from sandbox.slack.world import User

_ACTS = ACTS | WINDOW_ACTS
_DISCONNECTS = ("refresh_requested", "warning")


class Workspace:
    """Slack in memory. `routes` are to be mounted under "/slack"; all of it lives in
    one event loop."""

    def __init__(
        self,
        feed: Feed,
        faults: Faults,
        *,
        clock: Clock,
        scopes: frozenset[str],
        keys: Keys,
        signing_secret: str,
        ack_seconds: float,
        retry_delays: tuple[float, ...],
    ) -> None:
        self._clock = clock
        self._keys = keys
        self._secret = signing_secret
        self._ack_seconds = ack_seconds
        self._feed = feed
        self._limits = Limits(clock)
        self._office = _office(feed, clock, scopes, ack_seconds, retry_delays)
        self._api = WebApi(self._office, faults, self._limits, keys)
        self._scene = Scene(self._office, lambda act: self._do(Args(act), ""))

    @property
    def scene(self) -> Scene:
        """Where the story's people act."""
        return self._scene

    @property
    def journal(self) -> Journal:
        """The Web API calls received."""
        return self._api.journal

    @property
    def rate_limit(self) -> bool:
        return self._api.rate_limit

    @rate_limit.setter
    def rate_limit(self, on: bool) -> None:
        self._api.rate_limit = on

    @property
    def connections(self) -> int:
        """Open Socket Mode connections."""
        return self._office.socket.connected

    def dump(self) -> list[Json]:
        """All messages of all channels, in the order of their stamps."""
        channels = self._office.world.channels.values()
        found = [
            render.message(message, channel, metadata=True) | {"channel": channel.id}
            for channel in channels
            for message in channel.messages.values()
        ]
        return sorted(found, key=lambda message: str(message["ts"]))

    def reset(self) -> None:
        """Back to the seed; connections stay open, the way of delivery stays chosen."""
        office = self._office
        office.world.become(seed())
        for part in (office.delivery, office.windows, office.response_urls, office.files):
            part.clear()
        self._limits.clear()
        self._keys.revoked = False
        self.journal.clear()
        self._feed.publish("slack", "reset")

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/{method}", self._api.endpoint, methods=["GET", "POST"]),
            WebSocketRoute("/link", self._office.socket.endpoint),
            Route("/response/{name}", self._respond, methods=["POST"]),
            Route("/files/upload/{ticket}", self._upload, methods=["POST", "PUT"]),
            Route("/files/{file}/{name}", self._download),
            Route("/archives/{channel}/{message}", _permalink),
            Route("/people/state", self._state),
            Route("/people/act", self._act, methods=["POST"]),
            Route("/control", self._control, methods=["POST"]),
        ]

    async def _state(self, request: Request) -> Response:
        try:
            me = self._person(request.query_params.get("as", ""))
        except SlackError as refusal:
            return _no(refusal)
        return answer(people_state(self._office, me.id))

    async def _act(self, request: Request) -> Response:
        try:
            args = await _object(request)
            return answer({"ok": True, **await self._do(args, workspace_address(request))})
        except SlackError as refusal:
            return _no(refusal)

    async def _do(self, args: Args, base: str) -> Json:
        act = _ACTS.get(args.text("type"))
        if act is None:
            raise SlackError("unknown_act")
        person = self._person(args.text("as"))
        interactions = Interactions(self._office, person, base)
        return await act(
            Act(office=self._office, person=person, args=args, interactions=interactions)
        )

    def _person(self, user_id: str) -> User:
        person = self._office.world.users.get(user_id)
        if person is None or person.is_bot:
            raise SlackError("user_not_found")
        return person

    async def _respond(self, request: Request) -> Response:
        place = self._office.response_urls.spend(request.path_params["name"])
        if isinstance(place, str):
            return answer({"ok": False, "error": place}, 404)
        try:
            respond(self._office, place, (await _object(request)).values)
        except SlackError as refusal:
            return answer({"ok": False, "error": refusal.error, **refusal.details}, 500)
        return Response("ok", media_type="text/plain")

    async def _upload(self, request: Request) -> Response:
        content = await request.body()
        file = self._office.files.upload(request.path_params["ticket"], content)
        if file is None:
            return Response("no such upload", 404, media_type="text/plain")
        return Response(f"OK - {len(content)}", media_type="text/plain")

    async def _download(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token != self._keys.bot:
            return Response(status_code=403)
        try:
            file = self._office.files.find(request.path_params["file"])
        except SlackError:
            return Response(status_code=404)
        return Response(file.content, media_type=file_json(file, "")["mimetype"])

    async def _control(self, request: Request) -> Response:
        """Source of truth for tests and the page; Slack itself has no such thing."""
        try:
            args = await _object(request)
            return answer({"ok": True, **await self._steer(args)})
        except SlackError as refusal:
            return _no(refusal)

    async def _steer(self, args: Args) -> Json:
        match args.text("action"):
            case "http-mode":
                await self._use_http(args)
            case "socket-mode":
                self._office.delivery.carrier = self._office.socket
            case "disconnect":
                reason = args.text("reason", _DISCONNECTS[0])
                if reason not in _DISCONNECTS:
                    raise SlackError("unknown_reason")
                self._office.socket.disconnect(reason)
            case "redeliver":
                return {"sent": self._office.delivery.redeliver(args.number("last", 1))}
            case "bring":
                outside.bring(self._office.world, args)
            case "share":
                outside.share(self._office.world, args)
            case "revoke":
                self._keys.revoked = True
            case "restore":
                self._keys.revoked = False
            case _:
                raise SlackError("unknown_action")
        return {}

    async def _use_http(self, args: Args) -> None:
        events = args.required("events_url")
        addresses = Addresses(
            events=events,
            interactivity=args.text("interactivity_url", events),
            commands=args.text("commands_url", events),
        )
        mode = HttpMode(addresses, self._secret, self._clock, ack_seconds=self._ack_seconds)
        if not await mode.verify(self._office.names.new("").lower(), VERIFICATION_TOKEN):
            raise SlackError("url_verification_failed")
        self._office.delivery.carrier = mode


def _office(
    feed: Feed,
    clock: Clock,
    scopes: frozenset[str],
    ack_seconds: float,
    retry_delays: tuple[float, ...],
) -> Office:
    names = Names(clock)
    socket = SocketMode(clock, ack_seconds=ack_seconds)
    delivery = Delivery(socket, ack_seconds=ack_seconds, retry_delays=retry_delays)
    return Office(
        world=seed(),
        names=names,
        clock=clock,
        scopes=scopes,
        activity=Activity(feed, delivery, names, clock, scopes),
        delivery=delivery,
        socket=socket,
        triggers=Triggers(names, clock),
        windows=Windows(names),
        response_urls=ResponseUrls(clock),
        files=Files(names),
    )


async def _object(request: Request) -> Args:
    value = decode(await request.body(), "invalid_json")
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return Args(value)


def _no(refusal: SlackError) -> Response:
    return answer({"ok": False, "error": refusal.error, **refusal.details})


async def _permalink(request: Request) -> Response:
    """A permalink opens the page at that message."""
    stamp = request.path_params["message"].removeprefix("p")
    channel = request.path_params["channel"]
    return RedirectResponse(f"/#slack/{channel}/{stamp[:-6]}.{stamp[-6:]}")
