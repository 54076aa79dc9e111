"""The sandbox as one application: Slack, the networks, the helpdesk, the story and the page."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route

from sandbox import page
from sandbox.bodies import Answer, object_of, unwanted
from sandbox.control import Control, Product, Refused
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.helpdesk import Helpdesk, helpdesk
from sandbox.meta import Meta, meta
from sandbox.network import Network, network
from sandbox.player import Player, Stage
from sandbox.slack import Workspace, slack
from sandbox.story import DESK, PUBLIC, STEPS, TERMINAL, Step
from sandbox.terminal import Terminal
from sandbox.x import X, x

HEARTBEAT_SECONDS = 15.0
_GENEROUS = 60
"""The limits of X and of the helpdesk times this, so that polls every second stay within them."""


def build(
    *,
    clock: Callable[[], float] = time.time,
    story: bool = False,
    pid_file: Path | None = None,
    feed: Feed | None = None,
) -> Starlette:
    """The whole sandbox, seeded; with `story` it begins to play at the start.

    Who closes the `feed` ends every open stream of changes.
    """
    feed = feed or Feed()
    faults = Faults(spent=lambda: feed.publish("control", "spent"))
    workspace = slack(feed, faults, clock=clock)
    world = network(feed, faults, clock=clock)
    elsewhere = x(feed, faults, clock=clock, generous=_GENEROUS)
    metas = meta(feed, faults, clock=clock)
    tickets = helpdesk(feed, faults, clock=clock, generous=_GENEROUS)
    control = Control(
        feed=feed,
        faults=faults,
        parts={
            "slack": workspace,
            "network": world,
            "x": elsewhere,
            "meta": metas,
            "helpdesk": tickets,
        },
        product=Product(pid_file=pid_file),
    )
    terminal = Terminal(pid_file, partial(_say, workspace))
    stages = {
        **_stages(world, elsewhere, metas, tickets),
        DESK: _desk(workspace),
        TERMINAL: _terminal(terminal),
    }
    player = Player(STEPS, stages, feed, at_once=story)
    return Starlette(
        routes=[
            Mount("/slack", routes=workspace.routes),
            Mount("/mastodon", routes=world.routes),
            Mount("/x", routes=elsewhere.routes),
            Mount("/meta", routes=metas.routes),
            Mount("/zendesk", routes=tickets.routes),
            Mount("/sandbox", routes=Levers(feed, control, player, terminal).routes),
            *page.routes,
        ],
        lifespan=_playing(player, metas),
    )


def _stages(world: Network, elsewhere: X, metas: Meta, tickets: Helpdesk) -> dict[str, Stage]:
    """Where the story's steps happen, by name."""
    networks: dict[str, Network | X | Meta] = {
        "mastodon": world,
        "x": elsewhere,
        "instagram": metas,
    }
    return {
        "helpdesk": Stage(
            act=tickets.act,
            reset=tickets.reset,
            find=lambda step: tickets.by_customer().get(step.about or ""),
        ),
        **{
            name: Stage(act=place.act, reset=place.reset, find=partial(_post, place))
            for name, place in networks.items()
        },
    }


def _post(place: Network | X | Meta, step: Step) -> str | None:
    return place.brand_posts.get(step.about or "")


def _desk(workspace: Workspace) -> Stage:
    scene = workspace.scene
    return Stage(
        act=scene.act,
        reset=workspace.reset,
        find=lambda step: scene.find(step.who, step.type, step.about or ""),
        home=lambda: scene.staffed,
    )


def _say(workspace: Workspace, who: str, text: str) -> None:
    where = workspace.scene.find(who, "say", PUBLIC)
    if where is not None:
        workspace.scene.act({"as": who, "type": "say", "target": where, "text": text})


def _terminal(terminal: Terminal) -> Stage:
    return Stage(act=terminal.act, reset=terminal.reset, find=lambda step: terminal.find())


class Levers:
    """The endpoints under /sandbox."""

    def __init__(self, feed: Feed, control: Control, player: Player, terminal: Terminal) -> None:
        self._feed = feed
        self._control = control
        self._player = player
        self._terminal = terminal
        self.routes = [
            Route("/events", self._events),
            Route("/story", self._story),
            Route("/story", self._direct, methods=["POST"]),
            Route("/control", self._levers),
            Route("/control", self._pull, methods=["POST"]),
            Route("/reset", self._reset, methods=["POST"]),
            Route("/journal", self._journal),
            Route("/dump", self._dump),
        ]

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(
            _streamed(self._feed),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _story(self, _request: Request) -> Response:
        return Answer(self._player.state())

    async def _direct(self, request: Request) -> Response:
        return await _acted(request, self._directed)

    async def _levers(self, _request: Request) -> Response:
        return Answer(self._control.state())

    async def _pull(self, request: Request) -> Response:
        return await _acted(request, self._control.act)

    async def _reset(self, _request: Request) -> Response:
        self._control.reset()
        self._terminal.reset()
        self._player.rewind()
        return Answer({"ok": True})

    async def _journal(self, request: Request) -> Response:
        target = request.query_params.get("target", "")
        return _answered(lambda: self._control.calls(target))

    async def _dump(self, _request: Request) -> Response:
        return Answer(self._control.dump())

    def _directed(self, given: dict[str, Any]) -> dict[str, Any]:
        match given:
            case {"action": "play"}:
                self._player.play()
            case {"action": "pause"}:
                self._player.pause()
            case {"action": "reset"}:
                self._player.reset()
            case {"action": "speed", "speed": int() | float() as speed} if 0 < speed <= 1_000:
                self._player.set_speed(float(speed))
            case _:
                raise Refused("action must be play, pause, reset or speed (above 0, at most 1000)")
        return {"ok": True, **self._player.state()}


async def _acted(request: Request, act: Callable[[dict[str, Any]], Any]) -> Response:
    given = await object_of(request)
    if given is None:
        return unwanted()
    return _answered(lambda: act(given))


def _answered(work: Callable[[], Any]) -> Response:
    try:
        return Answer(work())
    except Refused as refused:
        return Answer({"ok": False, "error": str(refused)}, 422)


async def _streamed(feed: Feed) -> AsyncIterator[bytes]:
    """Server-sent events, with a comment whenever nothing changed for a while."""
    yield b": listening\n\n"
    changes = aiter(feed.listen())
    pending = asyncio.ensure_future(anext(changes))
    try:
        while True:
            done, _ = await asyncio.wait([pending], timeout=HEARTBEAT_SECONDS)
            if not done:
                yield b": still here\n\n"
                continue
            try:
                change = pending.result()
            except StopAsyncIteration:
                return
            pending = asyncio.ensure_future(anext(changes))
            yield b"data: " + Answer(asdict(change)).body + b"\n\n"
    finally:
        pending.cancel()


def _playing(
    player: Player, metas: Meta
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running = [asyncio.create_task(work()) for work in (player.run, metas.hooks.run)]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    return lifespan
