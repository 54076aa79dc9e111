"""The requests that are made of Jira, with answers as typed values."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import IntegrationError, Rejected, Retryable
from inbox.ports import Keep
from inbox.unread import left_out
from integrations.http import JsonApi, unknown
from integrations.jira.wire import Comment, Issue, Made, Transition, User

_log = logging.getLogger(__name__)

NAME = "Jira"
_ME = "me"
_PAGE = 100
_MOST_PAGES = 50
_FIELDS = ["status", "priority", "assignee", "labels", "updated"]
_FIELD = re.compile(r"[A-Za-z_]{1,40}")
_KEY = re.compile(r"(?:[A-Z][A-Z0-9_]+-)?\d{1,12}")
_SOON = timedelta(seconds=2)
_Model = TypeVar("_Model", bound=BaseModel)


class Jira:
    """One site, as the user of our token sees it."""

    def __init__(
        self,
        base_url: str,
        *,
        email: str,
        token: str,
        clock: Callable[[], datetime],
        keep: Keep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._keep = keep
        self._me: str | None = None
        secret = base64.b64encode(f"{email}:{token}".encode()).decode()
        self._api = JsonApi(
            f"{self.base_url}/rest/api/3",
            name=NAME,
            clock=clock,
            headers=lambda: {"Authorization": f"Basic {secret}"},
            explain=_explain,
        )

    def close(self) -> None:
        self._api.close()

    # --- users

    def known_me(self) -> str | None:
        """Our own user, where it was ever told; asks nobody."""
        self._me = self._me or self._keep.get(_ME)
        return self._me

    def me(self) -> str:
        return self.known_me() or self.asked_me().account_id

    def asked_me(self) -> User:
        """The same, asked anew: whether the token is still accepted."""
        user = _read(User, self._api.read("/myself"))
        self._me = user.account_id
        self._keep.set(_ME, user.account_id)
        return user

    def agent(self, issue: str, known_as: str) -> str:
        """The account that the issue can be given to. Raises Rejected where there is none."""
        params = {"issueKey": issue, "query": known_as}
        for user in _all(User, self._api.read("/user/assignable/search", params=params)):
            if known_as.casefold() in (user.email.casefold(), user.name.casefold()):
                return user.account_id
        raise Rejected("Nobody whom the ticket could be given to has this name.")

    # --- issues

    def issue(self, key: str) -> Issue:
        """Raises Rejected where it was deleted."""
        params = {"fields": ",".join(_FIELDS)}
        return _read(Issue, self._api.read(f"/issue/{_path(key)}", params=params))

    def create(self, fields: Mapping[str, Any]) -> str:
        answer = self._api.write("POST", "/issue", json={"fields": fields})
        try:
            return Made.model_validate(answer).key
        except ValidationError:
            raise unknown(f"{NAME} gave an answer that could not be read.", writes=True) from None

    def edit(self, key: str, changes: Mapping[str, Any]) -> None:
        self._api.write("PUT", f"/issue/{_path(key)}", json=changes)

    def assign(self, key: str, account_id: str) -> None:
        body = {"accountId": account_id}
        self._api.write("PUT", f"/issue/{_path(key)}/assignee", json=body)

    def transitions(self, key: str) -> Sequence[Transition]:
        answer = self._api.read(f"/issue/{_path(key)}/transitions")
        return _all(Transition, answer.get("transitions") if isinstance(answer, dict) else None)

    def move(self, key: str, transition: str) -> None:
        body = {"transition": {"id": transition}}
        self._api.write("POST", f"/issue/{_path(key)}/transitions", json=body)

    def note(self, key: str, note: Mapping[str, Any]) -> None:
        self._api.write("POST", f"/issue/{_path(key)}/comment", json=note)

    def comments(self, key: str) -> list[Comment]:
        """Oldest first. A page may hold fewer than was asked for: only an empty one is the end."""
        found: list[Comment] = []
        for _ in range(_MOST_PAGES):
            answer = self._api.read(
                f"/issue/{_path(key)}/comment",
                params={
                    "expand": "properties",
                    "orderBy": "created",
                    "startAt": str(len(found)),
                    "maxResults": str(_PAGE),
                },
            )
            some = _all(Comment, answer.get("comments") if isinstance(answer, dict) else None)
            found += some
            if not some or len(found) >= _total(answer):
                return sorted(found, key=lambda one: one.id)
        raise Retryable("The ticket has too many entries to look through.")

    def search(self, jql: str) -> Iterator[Issue]:
        """Asks the index, which may be some minutes behind ("Search and reconcile")."""
        token: str | None = None
        for _ in range(_MOST_PAGES):
            asked: dict[str, Any] = {"jql": jql, "fields": _FIELDS, "maxResults": _PAGE}
            if token is not None:
                asked["nextPageToken"] = token
            answer = self._api.call("POST", "/search/jql", writes=False, json=asked)
            yield from _readable(answer)
            token = answer.get("nextPageToken")
            if not token:
                return


def _explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
    match answer.status_code:
        case 404 | 410:
            return Rejected("The ticket was deleted, or Jira does not know it.")
        case 400 | 422:
            return Rejected(f"Jira refused it{_because(answer)}.")
        case 409 if writes:
            return Retryable("Somebody changed the ticket at this very moment.", after=_SOON)
    return None


def _because(answer: httpx.Response) -> str:
    """The names of the fields, never their values."""
    try:
        names = [name for name in answer.json()["errors"] if _FIELD.fullmatch(name)]
    except (ValueError, TypeError, KeyError):
        return ""
    return f" because of: {', '.join(names[:5])}" if names else ""


def _path(key: str) -> str:
    """Raises Rejected for what is neither the key nor the number of an issue."""
    if not _KEY.fullmatch(key):
        raise Rejected("Jira does not know this ticket.")
    return key


def _total(answer: Mapping[str, Any]) -> float:
    """How many there are, without an end where Jira does not say it."""
    total = answer.get("total")
    return total if isinstance(total, int) else inf


def _readable(answer: Any) -> Iterator[Issue]:
    """One issue that cannot be read holds up no other."""
    if not isinstance(answer, dict) or not isinstance(answer.get("issues"), list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    for each in answer["issues"]:
        try:
            yield Issue.model_validate(each)
        except ValidationError as error:
            _log.warning("an issue left out: %d unreadable fields", error.error_count())
            left_out()


def _read(model: type[_Model], answer: Any) -> _Model:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise Retryable(f"{NAME} gave an answer that could not be read.") from None


def _all(model: type[_Model], answer: Any) -> list[_Model]:
    if not isinstance(answer, list):
        raise Retryable(f"{NAME} gave an answer that could not be read.")
    return [_read(model, each) for each in answer]
