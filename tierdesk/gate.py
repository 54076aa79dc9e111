"""Nothing is shown in Slack before its channels were checked to be as private as they must."""

from __future__ import annotations

import threading
from datetime import timedelta

from inbox.errors import Retryable
from inbox.outbox import Item
from inbox.ports import Courier, Delivered

LOOK_AGAIN = timedelta(milliseconds=200)


class Gate:
    """A courier that lets nothing through until it is opened."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._open = threading.Event()

    def open(self) -> None:
        self._open.set()

    def deliver(self, item: Item) -> Delivered:
        """Raises Retryable while closed, else whatever the courier raises."""
        if not self._open.is_set():
            raise Retryable("Slack's channels are not checked yet.", after=LOOK_AGAIN)
        return self._courier.deliver(item)
