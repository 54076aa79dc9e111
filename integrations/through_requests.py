"""What the library `requests` raises where there is no answer, as what the caller does next."""

from __future__ import annotations

from ssl import SSLCertVerificationError

from requests import exceptions as http
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

from inbox.errors import IntegrationError, Rejected, Retryable
from integrations.http import unknown


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
