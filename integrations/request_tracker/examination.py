"""Whether a Request Tracker is set up right: the token, the queues, the custom fields, rights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inbox.errors import AuthFailed, IntegrationError
from inbox.ports import Checkup
from integrations.request_tracker.api import RequestTracker
from integrations.request_tracker.convert import Vocabulary
from integrations.request_tracker.wire import Queue


class Examination:
    """Asks for the queues; writes nothing."""

    def __init__(
        self, name: str, tracker: RequestTracker, queues: tuple[str, ...], words: Vocabulary
    ) -> None:
        self._name = name
        self._tracker = tracker
        self._queues = queues
        self._words = words

    def examine(self) -> Sequence[Checkup]:
        found: list[Checkup] = []
        for name in self._queues:
            try:
                queue = self._tracker.queue(name)
            except AuthFailed as error:
                return [self._wrong(f"{error} See docs/request-tracker.md")]
            except IntegrationError as error:
                found.append(self._wrong(f"the queue “{name}” was not found: {error}"))
            else:
                found += self._looked_at(name, queue)
        return found

    def _looked_at(self, name: str, queue: Queue) -> Iterator[Checkup]:
        yield self._well(f"the token is accepted, and the queue “{name}” is seen")
        if name == self._queues[0] and not queue.takes_tickets:
            yield self._wrong(f"our user lacks the right CreateTicket on the queue “{name}”")
        for field in filter(None, (self._words.key, self._words.customer, self._words.tags)):
            if queue.has(field):
                yield self._well(f"the custom field “{field}” is there")
            else:
                yield self._wrong(
                    f"the queue “{name}” has no custom field “{field}”, or our user lacks the right"
                    " SeeCustomField on it"
                )

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
