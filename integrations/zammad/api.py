"""The requests that are made of Zammad, with answers as typed values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import IntegrationError, Rejected, Retryable, Uncertain
from inbox.ports import Keep, Requester
from inbox.unread import left_out
from integrations.http import JsonApi, unknown
from integrations.zammad import convert
from integrations.zammad.wire import Article, Link, Ticket, User

_log = logging.getLogger(__name__)

NAME = "Zammad"
_ME = "me"
_PAGE = 100
_MOST_PAGES = 50
_NEWEST_PAGES = 2
_Model = TypeVar("_Model", bound=BaseModel)


class Zammad:
    """One Zammad, as the user of our token sees it."""

    def __init__(
        self, base_url: str, *, token: str, clock: Callable[[], datetime], keep: Keep
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._keep = keep
        self._me: int | None = None
        self._api = JsonApi(
            f"{self.base_url}/api/v1",
            name=NAME,
            clock=clock,
            headers=lambda: {"Authorization": f"Token token={token}"},
            explain=_explain,
        )

    def close(self) -> None:
        self._api.close()

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
        user = _read(User, self._api.read("/users/me"))
        self._me = user.id
        self._keep.set(_ME, str(user.id))
        return user

    def requester(self, requester: Requester) -> int:
        """The customer's user, made where there is none with its login."""
        login = convert.login(requester)
        found = self._api.read("/users/search", params={"query": login, "limit": "10"})
        for user in _all(User, found):
            if user.login == login:
                return user.id
        try:
            made = self._api.write("POST", "/users", json=convert.customer(requester))
        except Uncertain as error:
            raise Retryable(str(error)) from None  # a user too many does no harm
        return _read(User, made).id

    # --- tickets

    def ticket(self, id: str) -> Ticket:  # noqa: A002 - the field's own name
        """Raises Rejected where it was deleted."""
        if not (id.isascii() and id.isdigit()):
            raise Rejected("Zammad does not know this ticket.")
        return _read(Ticket, self._api.read(f"/tickets/{id}", params={"expand": "true"}))

    def create(self, ticket: Mapping[str, Any]) -> Ticket:
        params = {"expand": "true"}
        return _done(self._api.write("POST", "/tickets", params=params, json=ticket))

    def update(self, id: int, changes: Mapping[str, Any]) -> Ticket:  # noqa: A002 - as above
        params = {"expand": "true"}
        return _done(self._api.write("PUT", f"/tickets/{id}", params=params, json=changes))

    def tag(self, id: int, tag: str) -> None:  # noqa: A002 - as above
        item = {"item": tag, "object": "Ticket", "o_id": id}
        self._api.write("POST", "/tags/add", json=item)

    def articles(self, ticket: int) -> Sequence[Article]:
        """Oldest first."""
        params = {"expand": "true"}
        found = self._api.read(f"/ticket_articles/by_ticket/{ticket}", params=params)
        return sorted(_all(Article, found), key=lambda article: article.id)

    def merged_into(self, ticket: int) -> str | None:
        """The ticket that goes on for a merged one: its parent."""
        params = {"link_object": "Ticket", "link_object_value": str(ticket)}
        answer = self._api.read("/links", params=params)
        links = _all(Link, answer.get("links") if isinstance(answer, dict) else None)
        parents = [link for link in links if (link.link_type, link.link_object) == PARENT]
        return str(parents[0].link_object_value) if parents else None

    def search(self, query: str) -> Iterator[Ticket]:
        """Asks the index, which is some seconds behind; those changed first come first."""
        for page in range(1, _MOST_PAGES + 1):
            answer = self._api.read(
                "/tickets/search",
                params={
                    "query": query,
                    "expand": "true",
                    "sort_by": "updated_at",
                    "order_by": "asc",
                    "per_page": str(_PAGE),
                    "page": str(page),
                },
            )
            found = answer if isinstance(answer, list) else []
            yield from _readable(found)
            if len(found) < _PAGE:
                return

    def newest(self) -> Iterator[Ticket]:
        """The last 100 to 200 tickets that were made, from the database itself.

        The list is in the order of making and tells no total, so its end is looked for.
        """
        low, high = 0, 1
        while self._page(high):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._page(middle) else (low, middle)
        for page in range(max(1, low - _NEWEST_PAGES + 1), low + 1):
            yield from _readable(self._page(page))

    def _page(self, number: int) -> Sequence[Any]:
        params = {"expand": "true", "per_page": str(_PAGE), "page": str(number)}
        answer = self._api.read("/tickets", params=params)
        return answer if isinstance(answer, list) else []


PARENT = ("parent", "Ticket")


def _explain(answer: httpx.Response, _writes: bool) -> IntegrationError | None:
    if answer.status_code in (404, 410):
        return Rejected("The ticket was deleted, or Zammad does not know it.")
    if answer.status_code == 422:
        return Rejected(
            "Zammad refused it. Do the group, states, priorities and owners of the settings exist?"
        )
    return None


def _readable(found: Sequence[Any]) -> Iterator[Ticket]:
    """One ticket that cannot be read, of somebody else's most likely, holds up no other."""
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


def _all(model: type[_Model], answer: Any) -> Sequence[_Model]:
    if not isinstance(answer, list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    return [_read(model, each) for each in answer]
