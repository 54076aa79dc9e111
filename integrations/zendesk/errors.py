"""Zendesk's own refusals as ours."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from inbox.errors import IntegrationError, Rejected, Retryable, Uncertain

_FIELD = re.compile(r"[a-z_]{1,40}")
_SOON = timedelta(seconds=2)


def explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
    """None for what its status says alone."""
    match answer.status_code:
        case 400 if _error(answer) == "IdempotentRequestError":
            # The key made a ticket within two hours, from another text: it is looked for.
            return Uncertain("Zendesk knows the key of this ticket already.")
        case 404 | 410:
            return Rejected("The ticket was deleted, or Zendesk does not know it.")
        case 409 if writes:
            return Retryable("Somebody changed the ticket at this very moment.", after=_SOON)
        case 422:
            return Rejected(f"Zendesk refused it{_because(answer)}.")
    return None


def _because(answer: httpx.Response) -> str:
    """The names of the fields, never their values."""
    details = _body(answer).get("details")
    names = (
        [name for name in details if _FIELD.fullmatch(name)] if isinstance(details, dict) else []
    )
    return f" because of: {', '.join(names[:5])}" if names else ""


def _error(answer: httpx.Response) -> object:
    return _body(answer).get("error")


def _body(answer: httpx.Response) -> dict[str, object]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
