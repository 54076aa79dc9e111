"""From Slack's errors to what the caller does next.

Sources: "Web API methods" and "Rate limits" of docs.slack.dev. `post` says whether the call
creates something: only then can an outcome be uncertain.
"""

from __future__ import annotations

import re
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
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
_BARRED = frozenset(
    {
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "team_access_not_granted",
        "two_factor_setup_required",
    }
)
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_MOVING = frozenset({"external_channel_migrating", "org_login_required"})
_UNSURE = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "update_failed",
    }
)
_GONE = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})
_INVITE = "The bot is not in the channel. Write `/invite @Tierdesk` there"
_ARCHIVED = "The channel is archived. Unarchive it, or name another one in tierdesk.yaml"
_FORBIDDEN = "The workspace does not let apps post there. Ask its administrators"
_SHUT = {
    "channel_not_found": "The channel does not exist, or is private and the bot is not in it. "
    "Check its id in tierdesk.yaml and invite the bot there",
    "not_in_channel": _INVITE,
    "no_permission": _INVITE,
    "is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
    "restricted_action": _FORBIDDEN,
    "restricted_action_read_only_channel": _FORBIDDEN,
    "restricted_action_thread_only_channel": _FORBIDDEN,
}
_FORM = "Slack did not accept the form of the message. Please report this"
_LONG = "The message is too long for Slack. Please report this"
_MALFORMED = {
    "block_mismatch": _FORM,
    "invalid_arguments": _FORM,
    "invalid_blocks": _FORM,
    "invalid_blocks_format": _FORM,
    "msg_blocks_too_long": _LONG,
    "msg_too_long": _LONG,
}
_REMEDIES = {"user_not_in_channel": "The person is not in the channel. Invite them there"}
_CODE = re.compile("[a-z0-9_]+")


class Gone(Rejected):
    """The message that was to be changed is not there any more, or nobody may change it."""


class ShutOut(Rejected):
    """The channel takes nothing of ours until a person changes that."""


class Malformed(Rejected):
    """Slack does not take what the message is made of."""


def asking(call: Callable[[], T], *, post: bool) -> T:
    """Make a call to Slack. Raises an IntegrationError, and nothing else of Slack's."""
    try:
        return call()
    except SlackApiError as error:
        raise _refused(error, post=post) from None
    except (ConnectionRefusedError, HTTPError, URLError) as error:
        raise _unreached(error, post=post) from None
    except (OSError, HTTPException, SlackClientError, UnicodeError) as error:
        raise _unsure(f"Slack did not answer ({type(error).__name__}).", post=post) from None


def code_of(error: SlackApiError) -> str:
    """Slack's short word for what went wrong; "" where it gave none.

    In its place the library has the beginning of a page that is no answer of Slack's: a proxy's.
    """
    response = error.response
    value = response.get("error") if hasattr(response, "get") else None
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""


def _refused(error: SlackApiError, *, post: bool) -> IntegrationError:
    code, status = code_of(error), getattr(error.response, "status_code", 200)
    if status == 429 or code in _LATER:
        return Retryable("Slack asks us to slow down.", after=_retry_after(error))
    if status >= 500 or code in _UNSURE:
        return _unsure(f"Slack had an error of its own ({code or status}).", post=post)
    if code in _MOVING:
        return Retryable(f"Slack is moving the workspace ({code}).")
    if not code:
        return _unsure(f"Slack's answer could not be read ({status}).", post=post)
    return _barred(code) or _final(code)


def _barred(code: str) -> IntegrationError | None:
    if code in _AUTH:
        return AuthFailed(f"Slack refused the bot's token ({code}). Install the app anew.")
    if code in _BARRED:
        return AuthFailed(f"Slack keeps the bot out ({code}). Ask the workspace's administrators.")
    return None


def _final(code: str) -> Rejected:
    if code in _GONE:
        return Gone(f"The message cannot be changed in Slack any more ({code}).")
    for kind, remedies in ((ShutOut, _SHUT), (Malformed, _MALFORMED), (Rejected, _REMEDIES)):
        if code in remedies:
            return kind(f"Slack refused: {code}. {remedies[code]}.")
    return Rejected(f"Slack refused: {code}. Look it up in Slack's documentation.")


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


def _retry_after(error: SlackApiError) -> timedelta | None:
    """None where Slack names no time: then longer from attempt to attempt."""
    headers = getattr(error.response, "headers", None) or {}
    given = headers.get("Retry-After") or headers.get("retry-after") or ""
    value = given[0] if isinstance(given, list) else given
    return timedelta(seconds=float(value)) if str(value).replace(".", "", 1).isdigit() else None
