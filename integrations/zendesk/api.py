"""The requests that are made of Zendesk, with answers as typed values."""

from __future__ import annotations

import base64
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import Rejected, Retryable, Uncertain
from inbox.ports import Keep, Requester
from inbox.unread import left_out
from integrations.http import JsonApi, unknown
from integrations.zendesk.errors import explain
from integrations.zendesk.wire import Audit, Ticket, User

_log = logging.getLogger(__name__)

NAME = "Zendesk"
_ME = "me"
_PAGE = 100
_REMEMBERED = 5_000
_MOST_PAGES = 50
_SPARE = 0.1
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Export:
    """A page of tickets by their last change. `cursor` leads on, `ended` where it is the last."""

    tickets: tuple[Ticket, ...]
    cursor: str | None
    ended: bool


class Zendesk:
    """One account; users are asked for once."""

    def __init__(
        self,
        base_url: str,
        *,
        email: str | None,
        token: str,
        clock: Callable[[], datetime],
        keep: Keep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._keep = keep
        self._me: int | None = None
        self._people: OrderedDict[int, User] = OrderedDict()
        self._left = 1.0
        authorization = _authorization(email, token)
        self._api = JsonApi(
            f"{self.base_url}/api/v2",
            name=NAME,
            clock=clock,
            headers=lambda: {"Authorization": authorization},
            explain=explain,
            saw=self._saw,
        )

    def close(self) -> None:
        self._api.close()

    def pace(self) -> float:
        """Looks are four times rarer while less than a tenth of the minute's calls is left."""
        return 1.0 if self._left > _SPARE else 4.0

    # --- users

    def known_me(self) -> int | None:
        """Our own user, where it was ever told; asks nobody."""
        if self._me is None and (kept := self._keep.get(_ME)):
            self._me = int(kept)
        return self._me

    def me(self) -> int:
        return self.known_me() or self.asked_me().id

    def asked_me(self) -> User:
        """The same, asked anew: whether the token is still accepted."""
        user = _one(User, self._api.read("/users/me.json"), "user")
        self._me = user.id
        self._keep.set(_ME, str(user.id))
        return user

    def known(self, user: int) -> User | None:
        """Asks nobody."""
        return self._people.get(user)

    def people(self, ids: Iterable[int]) -> Mapping[int, User]:
        wanted = set(ids)
        found = {user: known for user in wanted if (known := self._people.get(user))}
        missing = sorted(wanted - found.keys())
        for start in range(0, len(missing), _PAGE):
            some = ",".join(map(str, missing[start : start + _PAGE]))
            answer = self._api.read("/users/show_many.json", params={"ids": some})
            found |= {user.id: self._met(user) for user in _many(User, answer, "users")}
        return found

    def _met(self, user: User) -> User:
        self._people[user.id] = user
        if len(self._people) > _REMEMBERED:
            self._people.popitem(last=False)
        return user

    def agent(self, email: str) -> User:
        """Raises Rejected where no agent has this address."""
        answer = self._api.read("/users/search.json", params={"query": f'email:"{email}"'})
        for user in _many(User, answer, "users"):
            if user.email.casefold() == email.casefold() and user.role in ("agent", "admin"):
                return self._met(user)
        raise Rejected("No agent of the helpdesk has this address.")

    def requester(self, requester: Requester) -> int:
        """The customer's user, made or known by its external id.

        Without an address, so Zendesk has none that it could mail anything to.
        """
        user = {"external_id": requester.key, "name": requester.name or requester.key}
        try:
            answer = self._api.write("POST", "/users/create_or_update.json", json={"user": user})
        except Uncertain as error:
            raise Retryable(str(error)) from None  # the same once more does no harm
        return _one(User, answer, "user").id

    # --- tickets

    def ticket(self, id: str | int) -> Ticket:  # noqa: A002 - the field's own name
        """Raises Rejected where it was deleted."""
        ticket = _one(Ticket, self._api.read(f"/tickets/{_path(id)}.json"), "ticket")
        if ticket.status == "deleted":
            raise Rejected("The ticket was deleted.")
        return ticket

    def with_external_id(self, external_id: str) -> Ticket | None:
        """The oldest: an external_id need not be unique."""
        answer = self._api.read("/tickets.json", params={"external_id": external_id})
        found = [t for t in _many(Ticket, answer, "tickets") if t.external_id == external_id]
        return min(found, key=lambda ticket: ticket.id, default=None)

    def create(self, ticket: Mapping[str, Any], *, key: str) -> Ticket:
        answer = self._api.write(
            "POST", "/tickets.json", json={"ticket": ticket}, headers={"Idempotency-Key": key}
        )
        return _written(answer)

    def update(self, id: int, ticket: Mapping[str, Any]) -> Ticket:  # noqa: A002 - as above
        answer = self._api.write("PUT", f"/tickets/{id}.json", json={"ticket": ticket})
        return _written(answer)

    def audits(self, id: int) -> Iterator[Audit]:  # noqa: A002 - as above
        """All that was ever done to a ticket, oldest first."""
        params = {"page[size]": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            answer = self._api.read(f"/tickets/{id}/audits.json", params=params)
            yield from _many(Audit, answer, "audits")
            meta = answer.get("meta") or {}
            if not meta.get("has_more"):
                return
            params["page[after]"] = str(meta.get("after_cursor"))
        raise Retryable("The ticket has too many entries to look through.")

    def changed(self, cursor: str | None, start: int) -> Export:
        """From `cursor` on, else what changed since `start` (seconds since 1970)."""
        params = {"cursor": cursor} if cursor else {"start_time": str(start)}
        answer = self._api.read("/incremental/tickets/cursor.json", params=params)
        tickets = tuple(_readable(answer))
        after = answer.get("after_cursor")
        return Export(tickets, str(after) if after else cursor, bool(answer.get("end_of_stream")))

    def _saw(self, answer: httpx.Response) -> None:
        most, left = (
            answer.headers.get(name, "") for name in ("X-Rate-Limit", "X-Rate-Limit-Remaining")
        )
        if most.isdigit() and left.isdigit() and int(most) > 0:
            self._left = int(left) / int(most)


def _readable(answer: Any) -> Iterator[Ticket]:
    """One ticket that cannot be read, of somebody else's most likely, holds up no other."""
    if not isinstance(answer, dict) or not isinstance(answer.get("tickets"), list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    for each in answer["tickets"]:
        try:
            yield Ticket.model_validate(each)
        except ValidationError as error:
            _log.warning("a ticket left out: %d unreadable fields", error.error_count())
            left_out()


def _authorization(email: str | None, token: str) -> str:
    if email is None:
        return f"Bearer {token}"
    return f"Basic {base64.b64encode(f'{email}/token:{token}'.encode()).decode()}"


def _path(id: str | int) -> str:  # noqa: A002 - as above
    """Raises Rejected for what is no ticket's number."""
    text = str(id)
    if not (text.isascii() and text.isdigit()):
        raise Rejected("Zendesk does not know this ticket.")
    return text


def _written(answer: Any) -> Ticket:
    try:
        return Ticket.model_validate(answer["ticket"])
    except (ValidationError, TypeError, KeyError):
        raise unknown(f"{NAME} gave an answer that could not be read.", writes=True) from None


def _one(model: type[_Model], answer: Any, part: str) -> _Model:
    try:
        return model.model_validate(answer[part])
    except (ValidationError, TypeError, KeyError):
        raise Retryable(f"{NAME} gave an answer that could not be read.") from None


def _many(model: type[_Model], answer: Any, part: str) -> list[_Model]:
    try:
        return [model.model_validate(each) for each in answer[part]]
    except (ValidationError, TypeError, KeyError):
        raise Retryable(f"{NAME} gave an answer that could not be read.") from None
