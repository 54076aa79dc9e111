"""Webhooks that arrive together are looked at together and committed together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field

from inbox.message import Event, Ref
from inbox.reception import Outcome
from tierdesk.arrivals import Arrivals

LINGER = 0.003
"""Seconds to wait, after a group was answered, for what its senders send next: larger groups
cost less for each message. Nobody waits where nothing was under way."""


@dataclass(slots=True)
class _Waiting:
    events: Sequence[Event]
    me: Ref | None
    answer: asyncio.Future[list[Outcome]]


@dataclass(slots=True)
class Gathering:
    """One group at a time is under way; what comes meanwhile is the next one.

    To be used in one event loop, which goes on meanwhile: a search for articles takes milliseconds
    for each message, and Slack's clicks come through the same loop. A request that fails fails
    alone.
    """

    arrivals: Arrivals
    _looking: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "look"))
    _waiting: list[_Waiting] = field(default_factory=list)
    _work: asyncio.Task[None] | None = None

    def receive(self, events: Sequence[Event], *, me: Ref | None) -> asyncio.Future[list[Outcome]]:
        """Done after the commit."""
        answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(events, me, answer))
        if self._work is None:
            self._work = asyncio.create_task(self._in_groups())
        return answer

    async def _in_groups(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            await self._take(group)
            await asyncio.sleep(LINGER)
        self._work = None

    async def _take(self, group: Sequence[_Waiting]) -> None:
        """All in one call; if it fails, each alone, so that only the faulty one fails."""
        try:
            looked = await asyncio.get_running_loop().run_in_executor(
                self._looking, self.arrivals.look_at_all, [(one.events, one.me) for one in group]
            )
            outcomes = await asyncio.wrap_future(self.arrivals.submit_all(looked))
        except Exception as error:
            if len(group) == 1:
                return _tell(group[0].answer, error)
            for one in group:
                await self._take([one])
            return None
        for one, outcome in zip(group, outcomes, strict=True):
            _tell(one.answer, outcome)
        return None


def _tell(answer: asyncio.Future[list[Outcome]], word: list[Outcome] | Exception) -> None:
    """The one who asked may have gone."""
    if answer.done():
        return
    if isinstance(word, Exception):
        answer.set_exception(word)
    else:
        answer.set_result(word)
