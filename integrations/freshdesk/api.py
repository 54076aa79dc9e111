"""The requests that are made of Freshdesk, with answers as typed values."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import IntegrationError, Rejected, Retryable
from inbox.unread import left_out
from integrations.freshdesk.wire import Agent, Conversation, Ticket
from integrations.http import JsonApi, unknown

_log = logging.getLogger(__name__)

NAME = "Freshdesk"
_PAGE = 100
_CONVERSATIONS = 100
_MOST_PAGES = 50
_SPARE = 0.1
_FIELD = re.compile(r"[a-z_]{1,60}")
_Model = TypeVar("_Model", bound=BaseModel)


class Freshdesk:
    """One account, as the agent of our key sees it; agents are asked for once."""

    def __init__(self, base_url: str, *, key: str, clock: Callable[[], datetime]) -> None:
        self.base_url = base_url.rstrip("/")
        self._me: int | None = None
        self._agents: dict[int, Agent | None] = {}
        self._left = 1.0
        secret = base64.b64encode(f"{key}:X".encode()).decode()
        self._api = JsonApi(
            f"{self.base_url}/api/v2",
            name=NAME,
            clock=clock,
            headers=lambda: {"Authorization": f"Basic {secret}"},
            explain=_explain,
            saw=self._saw,
        )

    def close(self) -> None:
        self._api.close()

    def pace(self) -> float:
        """Looks are four times rarer while less than a tenth of the minute's calls is left."""
        return 1.0 if self._left > _SPARE else 4.0

    # --- agents

    def me(self) -> int:
        return self._me or self.asked_me().id

    def asked_me(self) -> Agent:
        """Asked anew: whether the key is still accepted."""
        agent = _read(Agent, self._api.read("/agents/me"))
        self._me = agent.id
        return agent

    def agent(self, id: int) -> Agent | None:  # noqa: A002 - the field's own name
        """None where this is no agent."""
        if id not in self._agents:
            try:
                self._agents[id] = _read(Agent, self._api.read(f"/agents/{id}"))
            except Rejected:
                self._agents[id] = None
        return self._agents[id]

    def agent_by_address(self, email: str) -> Agent:
        """Raises Rejected where no agent has it."""
        for agent in _all(Agent, self._api.read("/agents", params={"email": email})):
            if agent.contact.email.casefold() == email.casefold():
                return agent
        raise Rejected("No agent of the helpdesk has this address.")

    # --- tickets

    def ticket(self, id: str) -> Ticket:  # noqa: A002 - as above
        """Raises Rejected where it was deleted."""
        if not (id.isascii() and id.isdigit()):
            raise Rejected("Freshdesk does not know this ticket.")
        ticket = _read(Ticket, self._api.read(f"/tickets/{id}"))
        if ticket.deleted:
            raise Rejected("The ticket was deleted.")
        return ticket

    def newest(self) -> Iterator[Ticket]:
        """The last 100 that were made, from the database itself."""
        params = {"order_by": "created_at", "order_type": "desc", "per_page": str(_PAGE)}
        yield from _readable(self._api.read("/tickets", params=params))

    def search(self, field: str, value: str) -> Iterator[Ticket]:
        """Asks the index, which is some minutes behind."""
        query = f"\"{field}:'{value}'\""
        answer = self._api.read("/search/tickets", params={"query": query})
        yield from _readable(answer.get("results") if isinstance(answer, dict) else None)

    def changed(self, since: datetime) -> Iterator[Ticket]:
        """Those changed first come first."""
        for page in range(1, _MOST_PAGES + 1):
            answer = self._api.read(
                "/tickets",
                params={
                    "updated_since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "order_by": "updated_at",
                    "order_type": "asc",
                    "per_page": str(_PAGE),
                    "page": str(page),
                },
            )
            yield from _readable(answer)
            if len(answer) < _PAGE:
                return

    def conversations(self, ticket: int) -> Sequence[Conversation]:
        """Oldest first."""
        found: list[Conversation] = []
        for page in range(1, _MOST_PAGES + 1):
            params = {"per_page": str(_CONVERSATIONS), "page": str(page)}
            answer = self._api.read(f"/tickets/{ticket}/conversations", params=params)
            some = _all(Conversation, answer)
            found += some
            if len(some) < _CONVERSATIONS:
                break
        return sorted(found, key=lambda one: one.id)

    def create(self, ticket: Mapping[str, Any]) -> Ticket:
        return _done(self._api.write("POST", "/tickets", json=ticket))

    def update(self, id: int, changes: Mapping[str, Any]) -> Ticket:  # noqa: A002 - as above
        return _done(self._api.write("PUT", f"/tickets/{id}", json=changes))

    def note(self, ticket: int, note: Mapping[str, Any]) -> None:
        self._api.write("POST", f"/tickets/{ticket}/notes", json=note)

    def _saw(self, answer: httpx.Response) -> None:
        most, left = (
            answer.headers.get(name, "") for name in ("X-RateLimit-Total", "X-RateLimit-Remaining")
        )
        if most.isdigit() and left.isdigit() and int(most) > 0:
            self._left = int(left) / int(most)


def _explain(answer: httpx.Response, _writes: bool) -> IntegrationError | None:
    if answer.status_code in (404, 405, 410):
        return Rejected("The ticket was deleted, or Freshdesk does not know it.")
    if answer.status_code == 400:
        return Rejected(f"Freshdesk refused it{_because(answer)}.")
    return None


def _because(answer: httpx.Response) -> str:
    """The names of the fields, never their values."""
    try:
        errors = answer.json()["errors"]
        names = [one["field"] for one in errors if _FIELD.fullmatch(str(one["field"]))]
    except (ValueError, TypeError, KeyError):
        return ""
    return f" because of: {', '.join(names[:5])}" if names else ""


def _readable(found: Any) -> Iterator[Ticket]:
    """One ticket that cannot be read, of somebody else's most likely, holds up no other."""
    if not isinstance(found, list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    for each in found:
        try:
            yield Ticket.model_validate(each)
        except ValidationError as error:
            _log.warning("a ticket left out: %d unreadable fields", error.error_count())
            left_out()


def _done(answer: Any) -> Ticket:
    try:
        return Ticket.model_validate(answer)
    except ValidationError:
        raise unknown(f"{NAME} gave an answer that could not be read.", writes=True) from None


def _read(model: type[_Model], answer: Any) -> _Model:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise Retryable(f"{NAME} gave an answer that could not be read.") from None


def _all(model: type[_Model], answer: Any) -> list[_Model]:
    if not isinstance(answer, list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    return [_read(model, each) for each in answer]
