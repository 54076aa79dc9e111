"""Plays a story: its steps happen one after another, at a speed that can be changed."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.feed import Feed
from sandbox.story import Step

AGAIN_AFTER_S = 1.0
"""At any speed: what is waited for is the product's work, which knows no speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where steps of the story happen: a network, the helpdesk, the desk, a terminal.

    `act` does one and answers with the id of what it made; `find` gives the id of what stands
    there that a step is about. Where nobody is at `home`, nothing is waited for.
    """

    act: Callable[[dict[str, Any]], str | None]
    reset: Callable[[], None]
    find: Callable[[Step], str | None]
    home: Callable[[], bool] = lambda: True


class Player:
    """The steps and how far they are told; with `at_once` they play from the start."""

    def __init__(
        self,
        steps: Sequence[Step],
        stages: Mapping[str, Stage],
        feed: Feed,
        *,
        at_once: bool = False,
    ) -> None:
        self._steps = steps
        self._stages = stages
        self._feed = feed
        self._changed = asyncio.Event()
        self._told = 0
        self._tried = 0
        self._ids: dict[str, str] = {}
        self._at_once = at_once
        self.playing = at_once
        self.speed = 1.0

    def state(self) -> dict[str, Any]:
        return {
            "playing": self.playing,
            "speed": self.speed,
            "step": self._told,
            "of": len(self._steps),
        }

    def play(self) -> None:
        self._set(playing=self._told < len(self._steps))

    def pause(self) -> None:
        self._set(playing=False)

    def set_speed(self, speed: float) -> None:
        """How many times faster than written; above 0."""
        if not 0 < speed <= 1_000:
            raise ValueError("speed must be above 0 and at most 1000")
        self.speed = speed
        self._set(playing=self.playing)

    def reset(self) -> None:
        """The seed again and the story as it was at the start."""
        for stage in self._stages.values():
            stage.reset()
        self.rewind()

    def rewind(self) -> None:
        """As at the start, on stages that somebody else set back."""
        self._told = self._tried = 0
        self._ids = {}
        self.speed = 1.0
        self._set(playing=self._at_once)

    def tell(self) -> None:
        """Let the next step happen now; what it is about may not be there yet."""
        step = self._steps[self._told]
        stage = self._stages[step.place]
        given = step.act(self._ids.get(step.about or "") or stage.find(step))
        self._tried += 1
        if given is None and self._tried < step.tries and stage.home():
            return
        self._tried = 0
        self._told += 1
        done = None if given is None else stage.act(given)
        if done and step.ref:
            self._ids[step.ref] = done
        self._set(playing=self.playing and self._told < len(self._steps))

    async def run(self) -> None:
        """Play until cancelled."""
        while True:
            self._changed.clear()
            if await self._due():
                self.tell()

    async def _due(self) -> bool:
        """Wait for the next step; False when the playing changed before it came."""
        if not self.playing:
            await self._changed.wait()
            return False
        seconds = self._steps[self._told].after_s / self.speed
        if self._tried:
            seconds = AGAIN_AFTER_S
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return not self._changed.is_set()  # it may have changed just then
        return False

    def _set(self, *, playing: bool) -> None:
        self.playing = playing
        self._changed.set()
        self._feed.publish("story", "play" if playing else "pause")
