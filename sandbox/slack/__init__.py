"""A strict Slack workspace on loopback that slack_sdk and slack_bolt work against."""

import time

from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.slack.delivery import ACK_SECONDS, RETRY_DELAYS
from sandbox.slack.names import Clock
from sandbox.slack.scopes import BOT_SCOPES
from sandbox.slack.web_api import Keys
from sandbox.slack.workspace import Workspace

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "sandbox-signing-secret"

__all__ = ["APP_TOKEN", "BOT_SCOPES", "BOT_TOKEN", "SIGNING_SECRET", "Workspace", "slack"]


def slack(
    feed: Feed,
    faults: Faults,
    *,
    clock: Clock = time.time,
    rate_limit: bool = True,
    scopes: frozenset[str] = BOT_SCOPES,
    ack_seconds: float = ACK_SECONDS,
    retry_delays: tuple[float, ...] = RETRY_DELAYS,
) -> Workspace:
    """A workspace at its seed. `scopes` are the bot token's; times are in seconds."""
    workspace = Workspace(
        feed,
        faults,
        clock=clock,
        scopes=scopes,
        keys=Keys(bot=BOT_TOKEN, app=APP_TOKEN),
        signing_secret=SIGNING_SECRET,
        ack_seconds=ack_seconds,
        retry_delays=retry_delays,
    )
    workspace.rate_limit = rate_limit
    return workspace
