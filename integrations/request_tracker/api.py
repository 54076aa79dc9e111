"""The requests that are made of REST2, with answers as typed values.

What was seen of 5.0.3: a PUT answers 200 with sentences even where nothing was done; a comment on a
ticket that is not there answers 400; totals are null where rights are looked at, so pages are told
by their length; the number of a merged ticket answers with the one that it was merged into; an ETag
is the number of the newest transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from inbox.errors import IntegrationError, Rejected
from integrations.http import JsonApi, unknown
from integrations.request_tracker.convert import text_part
from integrations.request_tracker.wire import Part, Queue, Ticket, Transaction

NAME = "Request Tracker"
PAGE = 100
"""The most that a page holds."""
_SOME = 50
_MOST_PARTS = 1000
_TICKET = "Status,Priority,Owner,EffectiveId,CustomFields"
_DONE = "ObjectId,Type,Field,NewValue,Created,Creator"
_Model = TypeVar("_Model", bound=BaseModel)


class Stale(Rejected):
    """The ticket changed since it was read."""


class RequestTracker:
    """As the token's user sees it."""

    def __init__(self, base_url: str, token: str, clock: Callable[[], datetime]) -> None:
        self._base_url = base_url.rstrip("/")
        self._api = JsonApi(
            f"{self._base_url}/REST/2.0",
            name=NAME,
            clock=clock,
            headers=lambda: {"Authorization": f"token {token}"},
            explain=_explain,
        )
        self.close = self._api.close

    def url(self, ticket: int) -> str:
        return f"{self._base_url}/Ticket/Display.html?id={ticket}"

    def queue(self, name: str) -> Queue:
        """Raises Rejected where there is none, or our user does not see it."""
        return _one(Queue, self._api.read(f"/queue/{quote(name, safe='')}"))

    def ticket(self, id: str) -> tuple[Ticket, str]:  # noqa: A002 - the field's own name
        """It, or what it was merged into, and its ETag. Raises Rejected where there is none."""
        answer = self._api.answer("GET", f"/ticket/{_number(id)}", writes=False)
        found = _one(Ticket, self._api.body(answer, writes=False))
        return found, answer.headers.get("ETag", "")

    def tickets(self, query: str) -> list[Ticket]:
        """The first hundred."""
        params = {"query": query, "fields": _TICKET, "per_page": PAGE, "orderby": "id"}
        return _items(Ticket, self._api.read("/tickets", params=params))

    def create(self, body: Mapping[str, Any]) -> int:
        made = self._api.write("POST", "/ticket", json=body)
        try:
            return int(made["id"])
        except (TypeError, KeyError, ValueError):
            raise unknown(f"{NAME} gave an answer that could not be read.", writes=True) from None

    def comment(self, ticket: int, body: Mapping[str, Any]) -> None:
        self._api.write("POST", f"/ticket/{ticket}/comment", json=body)

    def put(self, ticket: int, body: Mapping[str, Any], etag: str) -> None:
        """Raises Stale where the ticket is no longer the one with this ETag."""
        headers = {"If-Match": etag} if etag else {}
        self._api.write("PUT", f"/ticket/{ticket}", json=body, headers=headers)

    def done(self, query: str, *, order: str = "ASC", most: int = PAGE) -> list[Transaction]:
        """Transactions of tickets, by their number."""
        params = {
            "query": f"ObjectType = 'RT::Ticket' AND {query}",
            "fields": _DONE,
            "fields[Creator]": "RealName",
            "orderby": "id",
            "order": order,
            "per_page": most,
        }
        return _items(Transaction, self._api.read("/transactions", params=params))

    def texts(self, transactions: Iterable[int]) -> Iterator[tuple[int, Part | None, list[str]]]:
        """Of each transaction with anything in it: its number, its text, the names of its files."""
        numbers = sorted(transactions)
        for start in range(0, len(numbers), _SOME):
            some = numbers[start : start + _SOME]
            parts = list(self._parts("TransactionId", some))
            chosen = {n: text_part([p for p in parts if p.transaction == n]) for n in some}
            wanted = [part.id for part in chosen.values() if part]
            texts = {part.transaction: part for part in self._parts("id", wanted, content=True)}
            for number in some:
                files = [part.file for part in parts if part.transaction == number and part.file]
                if number in texts or files:
                    yield number, texts.get(number), files

    def _parts(self, field: str, values: list[int], *, content: bool = False) -> Iterator[Part]:
        """A file's content is never asked for."""
        fields = "TransactionId,ContentType,Filename" + (",Content" if content else "")
        query = [{"field": field, "value": str(v), "entry_aggregator": "OR"} for v in values]
        for page in range(1, 1 + (_MOST_PARTS // PAGE if values else 0)):
            params = {"fields": fields, "per_page": PAGE, "page": page, "orderby": "id"}
            found = _items(
                Part,
                self._api.call("POST", "/attachments", writes=False, params=params, json=query),
            )
            yield from found
            if len(found) < PAGE:
                return


def _explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
    if answer.status_code == 412:
        return Stale("The ticket changed meanwhile.")
    if answer.status_code == 404:
        return Rejected(f"The ticket or queue was deleted, or {NAME} does not show it to us.")
    return None


def _number(id: str) -> str:  # noqa: A002 - as above
    if not (id.isascii() and id.isdigit()):
        raise Rejected(f"{NAME} does not know this ticket.")
    return id


def _one(model: type[_Model], answer: Any) -> _Model:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise unknown(f"{NAME} gave an answer that could not be read.", writes=False) from None


def _items(model: type[_Model], answer: Any) -> list[_Model]:
    try:
        return TypeAdapter(list[model]).validate_python(answer["items"])  # type: ignore[valid-type]
    except (ValidationError, TypeError, KeyError):
        raise unknown(f"{NAME} gave an answer that could not be read.", writes=False) from None
