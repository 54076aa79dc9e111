"""The client of Slack's Web API, and loggers of its libraries that keep quiet."""

from __future__ import annotations

import logging
import ssl
from functools import cache

from slack_sdk import WebClient

LOGGER = logging.getLogger("tierdesk.slack")


class _Discreet(logging.Filter):
    """What a library says may hold a customer's text or a token: only its place is kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = "the Slack library reports (%s, line %d); its words are withheld"
        record.args = (record.module, record.lineno)
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True


def library_logger(name: str = "tierdesk.slack.library") -> logging.Logger:
    """For bolt and the SDK: never below WARNING, and never a payload.

    Both log whole bodies at DEBUG, and bolt a body with a bad signature at INFO.
    """
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    if not any(isinstance(f, _Discreet) for f in logger.filters):
        logger.addFilter(_Discreet())
    return logger


@cache
def _trust() -> ssl.SSLContext:
    """The system's certificates, read once: without it the library reads them for every call,
    50 ms of CPU each time."""
    return ssl.create_default_context()


def slack_client(api_base: str, token: str | None, timeout: float = 10.0) -> WebClient:
    """A client that never repeats a call by itself: a reset connection may have posted.

    `timeout` is in seconds, for each call.
    """
    logger = library_logger("tierdesk.slack.client")
    logger.setLevel(logging.CRITICAL)  # what it reports it raises as well, and we tell that once
    base = api_base if api_base.endswith("/") else f"{api_base}/"
    return WebClient(
        token=token,
        base_url=base,
        timeout=max(1, int(timeout)),
        ssl=_trust() if base.startswith("https:") else None,
        retry_handlers=[],
        logger=logger,
    )
