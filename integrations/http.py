"""Requests to a JSON API, with every error as one of ours.

Nothing that a server said goes into an error: it may repeat a customer's text. Addresses are
never logged with their queries.
"""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

from inbox.errors import (
    STILL_AT_WORK,
    AuthFailed,
    IntegrationError,
    Rejected,
    Retryable,
    Uncertain,
)
from inbox.unread import left_out

log = logging.getLogger(__name__)

_NAME = re.compile(r"\w{1,40}", re.ASCII)

TIMEOUT = httpx.Timeout(15.0)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ANSWER = timedelta(minutes=1)
"""For the whole of an answer: a time-out counts from piece to piece."""
MOST_BYTES = 100_000_000
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@cache
def trust() -> ssl.SSLContext:
    """The certificates of all our clients: each for itself would take 30 ms of start and 1 MB."""
    return httpx.create_ssl_context()


class Part(BaseModel):
    """What is read of an answer; what else stands there is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CamelPart(Part):
    """The same where names are in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


_Entry = TypeVar("_Entry")


def _readable_ones(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    if not isinstance(value, list):
        return read(value)
    found: list[Any] = []
    for one in value:
        try:
            found += read([one])
        except ValidationError as error:
            log.warning("an entry was left out: %s is not as documented", wrong_field(error))
            left_out()
    return tuple(found)


def wrong_field(error: ValidationError) -> str:
    """The first wrong field, by names that are ours: never what was sent, as a key neither."""
    where = error.errors(include_url=False, include_input=False)[0]["loc"]
    named = (str(part) if _NAME.fullmatch(str(part)) else "?" for part in where)
    return ".".join(named) or "body"


Entries = Annotated[tuple[_Entry, ...], WrapValidator(_readable_ones)]
"""A list of which an entry in another form than the documented one costs none beside it."""

Model = TypeVar("Model", bound=BaseModel)

Explain = Callable[[httpx.Response, bool], IntegrationError | None]
"""A network's own opinion of a refusal (the flag: the request writes); None leaves it to us."""


class _Bounded(httpx.SyncByteStream):
    """A body that ends in time."""

    def __init__(self, stream: httpx.SyncByteStream, clock: Callable[[], datetime]) -> None:
        self._stream = stream
        self._clock = clock
        self._until = clock() + LONGEST_ANSWER

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for piece in self._stream:
            read += len(piece)
            if read > MOST_BYTES or self._clock() > self._until:
                raise httpx.ReadTimeout("the answer has no end")
            yield piece

    def close(self) -> None:
        self._stream.close()


def bounded(clock: Callable[[], datetime]) -> Callable[[httpx.Response], None]:
    """For a client's `event_hooks`, which are called before the body is read: else a server that
    drips holds a worker, and its lane, for ever.
    """

    def bind(answer: httpx.Response) -> None:
        if isinstance(answer.stream, httpx.SyncByteStream):
            answer.stream = _Bounded(answer.stream, clock)

    return bind


class JsonApi:
    """One account at one API. `name` is how the agents know it; `headers` are made anew for each
    request; `saw` is shown every answer, for its limits. `transport` is httpx's own when left out.
    """

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        clock: Callable[[], datetime],
        headers: Callable[[], Mapping[str, str]] = dict,
        explain: Explain = lambda answer, writes: None,
        saw: Callable[[httpx.Response], None] = lambda answer: None,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._name = name
        self._clock = clock
        self._headers = headers
        self._explain = explain
        self._saw = saw
        self._client = httpx.Client(
            verify=trust(),
            timeout=timeout,
            headers={"User-Agent": "tierdesk"},
            follow_redirects=False,
            transport=transport,
            event_hooks={"response": [bounded(clock)]},
        )

    def close(self) -> None:
        self._client.close()

    def read(self, path: str, *, params: Mapping[str, Any] | None = None) -> Any:
        """GET. Raises Retryable, AuthFailed, Rejected, or what `explain` makes of a refusal."""
        return self.call("GET", path, params=params, writes=False)

    def write(self, method: str, path: str, **request: Any) -> Any:
        """A request that changes something; `request` as httpx takes it (`json`, `data` ...).

        Raises any IntegrationError; Uncertain where nobody knows whether it was done.
        """
        return self.call(method, path, writes=True, **request)

    def read_as(
        self, model: type[Model], path: str, *, params: Mapping[str, Any] | None = None
    ) -> Model:
        """GET, of a documented form; Retryable where the answer has another."""
        return self.formed(model, self.read(path, params=params), writes=False)

    def write_as(self, model: type[Model], method: str, path: str, **request: Any) -> Model:
        """`write`, of a documented form; Uncertain where the answer has another."""
        return self.formed(model, self.write(method, path, **request), writes=True)

    def call(self, method: str, path: str, *, writes: bool, **request: Any) -> Any:
        """The JSON of the answer, None where it has no body."""
        return self.body(self.answer(method, path, writes=writes, **request), writes=writes)

    def answer(self, method: str, path: str, *, writes: bool, **request: Any) -> httpx.Response:
        """The whole answer, for who needs its headers."""
        headers = self._encoded({**self._headers(), **request.pop("headers", {})})
        url = path if path.startswith(("http://", "https://")) else f"{self._base_url}{path}"
        try:
            answer = self._client.request(method, url, headers=headers, **request)
        except httpx.RequestError as error:
            raise unreached(error, self._name, writes=writes) from None
        self._saw(answer)
        if not answer.is_success:
            raise self._explain(answer, writes) or refused(
                answer, self._name, self._clock(), writes=writes
            )
        return answer

    def _encoded(self, headers: Mapping[str, str]) -> httpx.Headers:
        try:
            return httpx.Headers(headers)
        except UnicodeEncodeError:
            raise AuthFailed(
                f"The token for {self._name} has a letter that no token has: copy it anew."
            ) from None

    def body(self, answer: httpx.Response, *, writes: bool) -> Any:
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise self._unreadable(writes=writes) from None

    def formed(self, model: type[Model], answer: Any, *, writes: bool) -> Model:
        """Raises Retryable or Uncertain where an answer is not of its documented form."""
        found = readable(model, answer)
        if found is None:
            raise self._unreadable(writes=writes)
        return found

    def _unreadable(self, *, writes: bool) -> IntegrationError:
        return unknown(f"{self._name} gave an answer that could not be read.", writes=writes)


def readable(model: type[Model], value: object) -> Model | None:
    """The model of what came, None where it is not of its documented form."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def unreached(error: httpx.RequestError, name: str, *, writes: bool) -> IntegrationError:
    """A request without an answer, or with one that could not be unpacked."""
    if isinstance(error, _NEVER_SENT):
        return Retryable(f"{name} could not be reached.")
    return unknown(f"{name} did not answer.", writes=writes)


def refused(answer: httpx.Response, name: str, now: datetime, *, writes: bool) -> IntegrationError:
    """An answer that is an error, by its status alone."""
    status = answer.status_code
    if status in (401, 403):
        return AuthFailed(f"{name} does not accept our token, or it lacks a permission.")
    if status in (408, 425, 429):
        return Retryable(f"{name} asked to wait.", after=wait(answer, now))
    if status >= 500:
        return unknown(f"{name} gave an error ({status}).", writes=writes)
    if status in (404, 410):
        return Rejected(f"The message was deleted, or {name} does not know it.")
    return Rejected(f"{name} refused the request ({status}).")


def unknown(message: str, *, writes: bool) -> IntegrationError:
    """What was read can be read again; what was written may have been done, or is being done.

    Looked for at once it is not to be seen yet, and would go out twice.
    """
    return Uncertain(message, after=STILL_AT_WORK) if writes else Retryable(message)


def wait(answer: httpx.Response, now: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date, an hour at most (RFC 9110, 10.2.3)."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    left = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(left, timedelta(seconds=1)), LONGEST_WAIT)
