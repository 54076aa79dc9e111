"""What can go wrong at the boundary, named after what the caller does next.

IntegrationError
  Retryable     back into the queue, `after` a while
  AuthFailed    pause the account, tell a person
  Rejected      final for this item, tell the agent why
    AlreadyThere    the same answer stands there: of another case, or of an attempt before
  Unsupported   the network has no such thing
  Uncertain     may have been sent: look, else hold for a person
    Faulty          the fault is ours: however often it is tried, it may stay so
RequestError    an inbound request that is refused
  Unverified    no valid signature: 401 without detail
  BadPayload    signed, but not of the documented form: 422 that names the field
Refusal         a desk action that cannot be done now, in words for the agent
  WouldPublish        the draft would put personal data in public
  AnsweredMeanwhile   somebody answered while this one was written

A message of these errors never holds a customer's text or a secret.
"""

from __future__ import annotations

from datetime import timedelta

from inbox.clearance import Span

STILL_AT_WORK = timedelta(seconds=15)
"""How long a server may go on with a request whose answer we did not get, or a proxy did not."""


class IntegrationError(Exception):
    """A network, a helpdesk or Slack did not do what was asked."""


class Retryable(IntegrationError):
    """Not done, surely; worth another try."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class AuthFailed(IntegrationError):
    """The token is refused or lacks a permission."""


class Rejected(IntegrationError):
    """Refused for good; the message says why, in words for the agent."""


class AlreadyThere(Rejected):
    """The network has such an answer and takes no second one. After an attempt whose end nobody
    knows, that may be our own.
    """


class Unsupported(IntegrationError):
    """The network has no such thing."""


class Uncertain(IntegrationError):
    """Nobody knows whether it was done. `after` is when to look: until then it may still be
    under way there, and what is not to be seen yet would be sent twice.
    """

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class Faulty(Uncertain):
    """We broke off in the middle of it, by a fault of our own."""


class RequestError(Exception):
    """An inbound request is refused."""


class Unverified(RequestError):
    """The signature is missing, wrong or too old."""


class BadPayload(RequestError):
    """The body is not of the documented form."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class Refusal(Exception):
    """A desk action cannot be done now. The message has what, why and what to do instead."""


class WouldPublish(Refusal):
    """The draft would put personal data in public; `spans` are its places in the draft."""

    def __init__(self, message: str, spans: tuple[Span, ...]) -> None:
        super().__init__(message)
        self.spans = spans


class AnsweredMeanwhile(Refusal):
    """Somebody answered while this one was written; sending it as well is the agent's word."""
