"""Nothing is shown in Slack before its channels were checked to be as private as they must, and
nothing in one that is opened to everybody later.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from slack_sdk import WebClient

from inbox.desk import Desk
from inbox.errors import AuthFailed, IntegrationError, Retryable
from inbox.outbox import Item
from inbox.ports import Courier, Delivered
from workspace.startup import exposed

log = logging.getLogger(__name__)
LOOK_AGAIN = timedelta(milliseconds=200)


class Gate:
    """A courier that lets nothing through until it is opened."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._open = threading.Event()
        self._exposed: Mapping[str, str] = {}

    def open(self) -> None:
        self._open.set()

    def keep_from(self, exposed: Mapping[str, str]) -> None:
        """Nothing more for these channels, and why; for all others as before."""
        self._exposed = exposed

    def deliver(self, item: Item) -> Delivered:
        """Raises Retryable while closed, else whatever the courier raises."""
        if not self._open.is_set():
            raise Retryable("Slack's channels are not checked yet.", after=LOOK_AGAIN)
        if why := self._exposed.get(getattr(item.effect, "channel", "")):
            raise AuthFailed(why)
        return self._courier.deliver(item)


@dataclass(slots=True, kw_only=True)
class ChannelWatch:
    """Asks Slack now and then whether what is worked as private still is."""

    client: WebClient
    desk: Desk
    gate: Gate
    _known: Mapping[str, str] = field(default_factory=dict)

    def look(self) -> None:
        """Where Slack does not answer, all stays as it was known."""
        try:
            found = exposed(self.client, self.desk)
        except IntegrationError as error:
            log.info("channels were not looked at: %s", error)
            return
        for key in found.keys() - self._known.keys():
            log.error("%s", found[key])
        self._known = found
        self.gate.keep_from(found)
