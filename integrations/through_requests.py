"""What the library `requests` does not do itself: it bounds an answer, and says what it means
that there is none.
"""

from __future__ import annotations

from functools import cache
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from ssl import SSLCertVerificationError
from time import monotonic
from typing import Any

import requests
from requests import exceptions as http
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

from inbox.errors import IntegrationError, Rejected, Retryable
from integrations.http import LONGEST_ANSWER, MOST_BYTES, unknown


class Session(requests.Session):
    """Every answer ends in time. A time-out counts from piece to piece: a server that drips would
    hold a thread, and its lane, for ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mount("http://", _Adapter())
        self.mount("https://", _Adapter())


class _Adapter(HTTPAdapter):
    def get_connection_with_tls_context(self, *args: Any, **more: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **more)
        pool.ConnectionCls = _bounded(type(pool).ConnectionCls)
        return pool


@cache
def _bounded(connection: type[Any]) -> type[Any]:
    return type(connection.__name__, (connection,), {"response_class": _Answer})


class _Answer(HTTPResponse):
    """Bounded from its first line on, by the seam that http.client has for it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fp = BufferedReader(_Ending(self.fp.detach()))


class _Ending(RawIOBase):
    """What comes over a connection until it is too much, or was too long."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._left = MOST_BYTES
        self._until = monotonic() + LONGEST_ANSWER.total_seconds()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._left < 0 or monotonic() > self._until:
            raise TimeoutError("the answer has no end")
        read: int | None = self._raw.readinto(buffer)
        self._left -= read or 0
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


def unreached(error: BaseException | None, name: str, *, writes: bool) -> IntegrationError:
    """A request without an answer; `name` is how the agents know the network."""
    if _never_sent(error):
        return Retryable(f"{name} could not be reached.")
    if isinstance(error, http.TooManyRedirects):
        return Rejected(f"{name} has moved: correct base_url in the settings.")
    if isinstance(error, ValueError) and not isinstance(error, http.InvalidJSONError):
        return Rejected("The text cannot be put into a request.")
    return unknown(f"{name} did not answer.", writes=writes)


def _never_sent(error: BaseException | None) -> bool:
    """Whether no byte of the request can have reached the server."""
    if isinstance(error, http.ConnectTimeout | http.ProxyError):
        return True
    known = isinstance(error, http.RequestException) and error.args
    tried: object = error.args[0] if error and known else None
    reason = tried.reason if isinstance(tried, MaxRetryError) else None
    return isinstance(reason, NewConnectionError) or _not_vouched_for(reason)


def _not_vouched_for(reason: Exception | None) -> bool:
    """Whether the server's certificate was refused, which comes before any request."""
    causes = reason.args if isinstance(reason, SSLError) else ()
    return any(isinstance(cause, SSLCertVerificationError) for cause in causes)
