"""From Slack's errors to what the caller does next.

Sources: "Web API methods" and "Rate limits" of docs.slack.dev. `post` says whether the call
creates something: only then can an outcome be uncertain.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from typing import TypeVar
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain

T = TypeVar("T")

_AUTH = frozenset(
    {
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_SHUT_OUT = frozenset({"channel_not_found", "is_archived", "not_in_channel", "restricted_action"})
_UNSURE = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
_REMEDIES = {
    "channel_not_found": "The channel does not exist, or is private and the bot is not in it. "
    "Check its id in tierdesk.yaml and invite the bot there",
    "not_in_channel": "The bot is not in the channel. Write `/invite @Tierdesk` there",
    "is_archived": "The channel is archived. Unarchive it, or name another one in tierdesk.yaml",
    "restricted_action": "The workspace does not let apps post there. Ask its administrators",
    "invalid_blocks": "Slack did not accept the form of the message. Please report this",
    "msg_blocks_too_long": "The message is too long for Slack. Please report this",
    "msg_too_long": "The message is too long for Slack. Please report this",
    "user_not_in_channel": "The person is not in the channel. Invite them there",
}


class ShutOut(Rejected):
    """The channel does not take what the bot writes, whatever it is; people can change that."""


class Gone(Rejected):
    """The message that was to be changed is not there any more."""


def asking(call: Callable[[], T], *, post: bool) -> T:
    """Make a call to Slack. Raises an IntegrationError, and nothing else of Slack's."""
    try:
        return call()
    except SlackApiError as error:
        raise _refused(error, post=post) from None
    except (ConnectionRefusedError, HTTPError, URLError) as error:
        raise _unreached(error, post=post) from None
    except (OSError, HTTPException, SlackClientError) as error:
        raise _unsure(f"Slack did not answer ({type(error).__name__}).", post=post) from None


def code_of(error: SlackApiError) -> str:
    """Slack's short word for what went wrong; "" where it gave none."""
    response = error.response
    value = response.get("error") if hasattr(response, "get") else None
    return value if isinstance(value, str) else ""


def _refused(error: SlackApiError, *, post: bool) -> IntegrationError:
    code, status = code_of(error), getattr(error.response, "status_code", 200)
    if status == 429 or code in _LATER:
        return Retryable("Slack asks us to slow down.", after=_retry_after(error))
    if status >= 500 or code in _UNSURE:
        return _unsure(f"Slack had an error of its own ({code or status}).", post=post)
    if code in _AUTH:
        return AuthFailed(f"Slack refused the bot's token ({code}). Install the app anew.")
    if code == "message_not_found":
        return Gone("The message is not in Slack any more.")
    if not code:
        return _unsure(f"Slack's answer could not be read ({status}).", post=post)
    remedy = _REMEDIES.get(code, "Look it up in Slack's documentation")
    kind = ShutOut if code in _SHUT_OUT else Rejected
    return kind(f"Slack refused: {code}. {remedy}.")


def _unreached(error: OSError, *, post: bool) -> IntegrationError:
    reason = getattr(error, "reason", error)
    if isinstance(reason, ConnectionRefusedError):
        return Retryable("Slack cannot be reached: the connection was refused.")
    name = type(reason).__name__
    if name in ("gaierror", "SSLCertVerificationError"):
        return Retryable(f"Slack cannot be reached ({name}). Check network and address.")
    return _unsure(f"Slack did not answer ({name}).", post=post)


def _unsure(message: str, *, post: bool) -> IntegrationError:
    return Uncertain(message) if post else Retryable(message)


def _retry_after(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", None) or {}
    given = headers.get("Retry-After") or headers.get("retry-after") or "1"
    value = given[0] if isinstance(given, list) else given
    return timedelta(seconds=float(value) if str(value).replace(".", "", 1).isdigit() else 1.0)
