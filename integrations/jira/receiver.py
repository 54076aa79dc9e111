"""What Jira's webhook tells of issues. Asks nobody."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import ValidationError

from inbox.errors import BadPayload, Unverified
from inbox.ports import Request, TicketEvent, TicketGone
from integrations.jira import convert
from integrations.jira.api import Jira
from integrations.jira.convert import Form
from integrations.jira.wire import Issue, Told

SIGNATURE = "x-hub-signature"
_Told = TypeVar("_Told", bound=Told)


class Receiver:
    """Implements inbox.ports.TicketReceiver. Raises ValueError for an empty secret.

    A comment's delivery does not show the labels of its issue, so it may be of a ticket that is
    none of ours: who receives it knows its own.
    """

    def __init__(self, secret: bytes, jira: Jira, form: Form) -> None:
        if not secret:
            raise ValueError("the secret is empty")
        self._secret = secret
        self._jira = jira
        self._form = form

    def verify(self, request: Request) -> None:
        """HMAC of the body in hex, after the name of its method; only SHA-256 is taken."""
        expected = f"sha256={hmac.digest(self._secret, request.body, 'sha256').hex()}"
        given = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise Unverified("The signature does not fit.")

    def parse(self, request: Request) -> Sequence[TicketEvent]:
        told, me = _read(Told, request.body), self._jira.known_me()
        if me is None or not told.issue.key.startswith(f"{self._form.project}-"):
            return ()
        match told.event:
            case "comment_created" if told.comment and told.comment.author.account_id != me:
                return (convert.comment(told.issue.key, told.comment),)
            case "jira:issue_updated" if told.user and told.user.account_id != me:
                return (convert.state(_read(_Whole, request.body).issue, self._form),)
            case "jira:issue_deleted":
                seconds = (told.timestamp or 0) / 1000
                at = datetime.fromtimestamp(seconds, UTC) if seconds else request.received_at
                return (TicketGone(ticket=told.issue.key, at=at),)
        return ()


class _Whole(Told):
    """An issue's update shows all of its fields."""

    issue: Issue  # type: ignore[assignment]  # the same name, with more in it


def _read(model: type[_Told], body: bytes) -> _Told:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadPayload(field, "is not as Jira's webhooks have it") from None
