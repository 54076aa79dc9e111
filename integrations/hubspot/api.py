"""The requests that are made of HubSpot, with answers as typed values."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import IntegrationError, Rejected, Retryable
from inbox.unread import left_out
from integrations.http import JsonApi, unknown
from integrations.hubspot.wire import (
    BODY,
    OWNER,
    PIPELINE,
    PRIORITY,
    STAGE,
    Linked,
    Links,
    Owner,
    Pipeline,
    Property,
    Record,
)

_log = logging.getLogger(__name__)

NAME = "HubSpot"
TICKETS, NOTES = "/crm/v3/objects/tickets", "/crm/v3/objects/notes"
_PAGE = 100
_LINKS = 500
_MOST_PAGES = 50
_SPARE = 0.1
_LOCKED = timedelta(seconds=10)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_Model = TypeVar("_Model", bound=BaseModel)


class Missing(Rejected):
    """There is no such thing, or it was deleted."""


class HubSpot:
    """One account, as the app of our token sees it; owners are asked for once."""

    def __init__(
        self, base_url: str, *, token: str, key_field: str, clock: Callable[[], datetime]
    ) -> None:
        self._key_field = key_field
        self._of_ticket = [key_field, STAGE, PIPELINE, PRIORITY, OWNER]
        self._owners: dict[str, Owner | None] = {}
        self._left = 1.0
        self._api = JsonApi(
            base_url,
            name=NAME,
            clock=clock,
            headers=lambda: {"Authorization": f"Bearer {token}"},
            explain=_explain,
            saw=self._saw,
        )

    def close(self) -> None:
        self._api.close()

    def pace(self) -> float:
        """Looks are four times rarer while less than a tenth of the day's calls is left."""
        return 1.0 if self._left > _SPARE else 4.0

    # --- the account

    def pipeline(self, id: str) -> Pipeline:  # noqa: A002 - the field's own name
        return _read(Pipeline, self._api.read(f"/crm/v3/pipelines/tickets/{id}"))

    def key_property(self) -> Property:
        return _read(Property, self._api.read(f"/crm/v3/properties/tickets/{self._key_field}"))

    def owner(self, id: str) -> Owner | None:  # noqa: A002 - as above
        """None where nobody is it any more."""
        if id not in self._owners:
            try:
                self._owners[id] = _read(Owner, self._api.read(f"/crm/v3/owners/{quote(id)}"))
            except Rejected:
                self._owners[id] = None
        return self._owners[id]

    def owner_by_address(self, email: str) -> Owner:
        """Raises Rejected where no owner has it."""
        answer = self._api.read("/crm/v3/owners", params={"email": email, "limit": str(_PAGE)})
        for each in _results(answer):
            owner = _read(Owner, each)
            if owner.email.casefold() == email.casefold():
                return owner
        raise Rejected("No user of the helpdesk has this address.")

    # --- tickets

    def ticket(self, id: str) -> Record:  # noqa: A002 - as above
        """Raises Rejected where it was deleted."""
        if not (id.isascii() and id.isdigit()):
            raise Rejected("HubSpot does not know this ticket.")
        params = {"properties": ",".join(self._of_ticket)}
        return _read(Record, self._api.read(f"{TICKETS}/{id}", params=params))

    def with_key(self, key: str) -> Record | None:
        """By the property itself, not by the index, so a new ticket is there at once."""
        params = {"idProperty": self._key_field, "properties": ",".join(self._of_ticket)}
        try:
            return _read(Record, self._api.read(f"{TICKETS}/{quote(key, safe='')}", params=params))
        except Missing:
            return None

    def create(self, properties: Mapping[str, str]) -> Record:
        answer = self._api.write("POST", TICKETS, json={"properties": properties})
        try:
            return Record.model_validate(answer)
        except ValidationError:
            raise unknown(f"{NAME} gave an answer that could not be read.", writes=True) from None

    def update(self, id: str, properties: Mapping[str, str]) -> None:  # noqa: A002 - as above
        self._api.write("PATCH", f"{TICKETS}/{id}", json={"properties": properties})

    def tickets(self, ids: Sequence[str]) -> Iterator[Record]:
        """Those of them that are still there."""
        return self._batch(TICKETS, ids, self._of_ticket)

    def changed(self, since: datetime) -> Iterator[Record]:
        """Tickets with a key. Asks the index, which may be behind ("a few moments")."""
        ours = {"propertyName": self._key_field, "operator": "HAS_PROPERTY"}
        for page in self._search(TICKETS, "hs_lastmodifieddate", since, self._of_ticket, ours):
            yield from page

    # --- notes

    def note(self, note: Mapping[str, Any]) -> None:
        self._api.write("POST", NOTES, json=note)

    def notes(self, ticket: str) -> Iterator[Record]:
        """All that hang on the ticket, from the records themselves."""
        params: dict[str, str] = {"limit": str(_LINKS)}
        for _ in range(_MOST_PAGES):
            answer = self._api.read(
                f"/crm/v4/objects/tickets/{ticket}/associations/notes", params=params
            )
            linked = [_read(Linked, each).id for each in _results(answer)]
            yield from self._batch(NOTES, linked, [BODY])
            if not (after := _after(answer)):
                return
            params["after"] = after
        raise Retryable("The ticket has too many notes to look through.")

    def written(self, since: datetime) -> Iterator[tuple[Record, Sequence[str]]]:
        """Notes of the whole account with the tickets that they hang on."""
        for page in self._search(NOTES, "hs_createdate", since, [BODY, OWNER]):
            tickets = self._tickets_of([note.id for note in page])
            for note in page:
                yield note, tickets.get(note.id, ())

    def _tickets_of(self, notes: Sequence[str]) -> Mapping[str, Sequence[str]]:
        if not notes:
            return {}
        answer = self._api.call(
            "POST",
            "/crm/v4/associations/notes/tickets/batch/read",
            writes=False,
            json={"inputs": [{"id": each} for each in notes]},
        )
        links = [_read(Links, each) for each in _results(answer)]
        return {one.source.id: [each.id for each in one.to] for one in links}

    # --- how HubSpot lists

    def _batch(self, path: str, ids: Sequence[str], names: Sequence[str]) -> Iterator[Record]:
        for some in _portions(ids):
            inputs = [{"id": each} for each in some]
            body = {"properties": names, "inputs": inputs}
            answer = self._api.call("POST", f"{path}/batch/read", writes=False, json=body)
            yield from _readable(answer)

    def _search(
        self, path: str, when: str, since: datetime, names: Sequence[str], *filters: Any
    ) -> Iterator[list[Record]]:
        """Page by page, oldest first."""
        from_then = {
            "propertyName": when,
            "operator": "GTE",
            "value": str(int(since.astimezone(UTC).timestamp() * 1000)),
        }
        asked: dict[str, Any] = {
            "filterGroups": [{"filters": [from_then, *filters]}],
            "sorts": [{"propertyName": when, "direction": "ASCENDING"}],
            "properties": names,
            "limit": _PAGE,
        }
        for _ in range(_MOST_PAGES):
            answer = self._api.call("POST", f"{path}/search", writes=False, json=asked)
            yield list(_readable(answer))
            if not (after := _after(answer)):
                return
            asked["after"] = after

    def _saw(self, answer: httpx.Response) -> None:
        most, left = (
            answer.headers.get(f"X-HubSpot-RateLimit-{name}", "")
            for name in ("Daily", "Daily-Remaining")
        )
        if most.isdigit() and left.isdigit() and int(most) > 0:
            self._left = int(left) / int(most)


def _explain(answer: httpx.Response, _writes: bool) -> IntegrationError | None:
    match answer.status_code:
        case 404 | 410:
            return Missing("The ticket was deleted, or HubSpot does not know it.")
        case 400 | 409:
            return Rejected(f"HubSpot refused it{_because(answer)}.")
        case 423 | 477:
            return Retryable("HubSpot is busy with this account.", after=_LOCKED)
    return None


def _because(answer: httpx.Response) -> str:
    """The names of the properties, never their values."""
    try:
        found = [name for one in answer.json()["errors"] for name in one["context"]["propertyName"]]
        names = [name for name in found if _NAME.fullmatch(name)]
    except (ValueError, TypeError, KeyError):
        return ""
    return f" because of: {', '.join(names[:5])}" if names else ""


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PAGE):
        yield ids[start : start + _PAGE]


def _results(answer: Any) -> list[Any]:
    found = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    return found


def _after(answer: Any) -> str | None:
    try:
        return str(answer["paging"]["next"]["after"])
    except (KeyError, TypeError):
        return None


def _readable(answer: Any) -> Iterator[Record]:
    """One record that cannot be read, of somebody else's most likely, holds up no other."""
    for each in _results(answer):
        try:
            yield Record.model_validate(each)
        except ValidationError as error:
            _log.warning("a record left out: %d unreadable fields", error.error_count())
            left_out()


def _read(model: type[_Model], answer: Any) -> _Model:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise Retryable(f"{NAME} gave an answer that could not be read.") from None
