"""What the product says about itself on stderr: never a secret, never a customer's text.

Libraries that log requests, bodies or tokens are pinned at WARNING or above whatever the level.
"""

from __future__ import annotations

import logging

TALKATIVE = (
    "slack_bolt",
    "slack_sdk",
    "tweepy",
    "oauthlib",
    "requests_oauthlib",
    "mastodon",
    "praw",
    "prawcore",
    "atproto",
    "atproto_client",
    "requests",
    "urllib3",
    "httpx",
    "httpcore",
    "sqlalchemy",
    "apscheduler",
    "uvicorn",
    "asyncio",
)


class WithoutTraces(logging.Filter):
    """Drops tracebacks of libraries: an exception's values may quote what a customer wrote."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            record.msg = f"{record.name}: {record.exc_info[0].__name__}"
            record.args = ()
            record.exc_info = None
            record.exc_text = None
        return True


def set_up(level: str = "INFO") -> None:
    """Log to stderr; call once, at start."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(WithoutTraces())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
