"""Meta's error codes as ours, decided once for all its networks.

Codes are from Graph API "Handling Errors", Messenger "Error Codes" and WhatsApp "Error Codes".
Nothing that Meta wrote is repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from inbox.errors import AlreadyThere, AuthFailed, IntegrationError, Rejected, Retryable, Uncertain
from integrations.http import unknown, wait
from integrations.meta.usage import regain

TRANSIENT = frozenset({1, 2, 131000, 131016, 133004})
"""Meta's own troubles. A message may have gone out all the same (1/1357046), and is not to be seen
at once."""

THROTTLED = frozenset({4, 17, 32, 341, 613, 80007, 130429, 131056, *range(80001, 80015)})
_THROTTLED_REST = {131056: timedelta(seconds=10), 130429: timedelta(seconds=10)}
_REST = timedelta(minutes=5)

CLOSED = frozenset({2018278, 2534022})
"""Subcodes of code 10: Messenger's and Instagram's window is over."""

RESTRICTED = 1893063
"""Subcode of code 10: the Page is restricted for a while (changelog, June 2026)."""

HELD_ELSEWHERE = 2018300
"""Subcode of code 10: another app controls the conversation (Messenger: "Conversation Routing")."""

GONE = frozenset({33, 2018001, 2534014})
"""Subcodes of code 100: the thing or the person is not there."""

MISSING = 4279009
"""Subcode of code 24: there is no such medium, or not yet."""

POLICY = 368
"""Of an answer: these words were taken for abuse, and the same again would make it worse. Of a
WhatsApp number: it was restricted, whatever the words (Cloud API: "Integrity errors")."""
_BLOCKED = "Meta blocked this for a while because of its policies. Try other words later."
_RESTRICTED = (
    "WhatsApp restricted the account because of its policies. WhatsApp Manager says which, and"
    " takes an appeal."
)
_BLOCK_LASTS = timedelta(hours=1)

_NOT_TO_US = frozenset({(10, 2018108), (200, 1545041)})
"""One person takes nothing from us, told by a code of missing permissions: the others do."""

_AUTH = frozenset({3, 10, 102, 190, 131005, 131031, 131042, 133010, *range(200, 300)})

_IN_WORDS = {
    24: "The message was deleted, or Threads does not know it.",
    551: "The person cannot be reached at the moment: they may have blocked the account or left.",
    803: "The message was deleted, or Meta does not know it.",
    10903: "This person takes no private reply. Answer in public.",
    131021: "A number cannot write to itself.",
    131026: "WhatsApp cannot deliver to this person: the number has no WhatsApp, or they have not"
    " accepted its terms. Try another way.",
    131045: "WhatsApp refused the message: the number's certificate is not right.",
    131048: "WhatsApp holds messages of this number back, since too many were reported or blocked."
    " Try later or another way.",
    131049: "WhatsApp did not deliver it, to keep this person's messages few. Try another way.",
    131051: "WhatsApp does not take this kind of message.",
}
_ALREADY_THERE = {
    506: "The same text stands there already. Change a word, or leave it.",
    10900: "This comment has had its one private reply already. Answer in public, or wait until"
    " they write in private.",
}
_CLOSED_WORDS = {
    131047: "WhatsApp takes free text only within 24 hours of the customer's last message. Wait"
    " until they write, or use a template in WhatsApp Manager.",
}


class Missing(Rejected):
    """There is no such medium on Threads, or not yet."""


class WindowClosed(Rejected):
    """The customer's last message is too long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """The numbers of a refusal; 0 where there is none."""

    code: int
    subcode: int = 0


def explainer(
    name: str, clock: Callable[[], datetime]
) -> Callable[[httpx.Response, bool], IntegrationError | None]:
    """What `integrations.http.JsonApi` asks about a refusal of this network."""

    def explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
        complaint = complained(answer)
        if complaint is None:
            return None
        if complaint.code in THROTTLED:
            after = wait(answer, clock()) or regain(answer)
            rest = _THROTTLED_REST.get(complaint.code, _REST)
            return Retryable(f"{name} asked to wait.", after=after or rest)
        known = meaning(complaint, name, writes=writes)
        if known is None and complaint.code and answer.is_client_error:
            return Rejected(f"{name} refused the request ({complaint.code}/{complaint.subcode}).")
        return known

    return explain


def complained(answer: httpx.Response) -> Complaint | None:
    """The numbers in an answer that is an error, None where it has none."""
    try:
        error = answer.json()["error"]
        return Complaint(code=int(error["code"]), subcode=int(error.get("error_subcode") or 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def meaning(complaint: Complaint, name: str, *, writes: bool) -> IntegrationError | None:
    """An error that is not about limits; None where the code says nothing to us."""
    code, subcode = complaint.code, complaint.subcode
    if code in TRANSIENT:
        return unknown(f"{name} had a trouble of its own ({code}).", writes=writes)
    if closed := _closed(code, subcode):
        return closed
    if code == 10 and subcode == HELD_ELSEWHERE:
        return Rejected(
            f"Another program holds this conversation on {name}. Take it over in Meta's own inbox,"
            " then send it again."
        )
    if code in _AUTH and (code, subcode) not in _NOT_TO_US:
        return _not_allowed(code, subcode, name)
    if code == POLICY:
        return _blocked(name, writes=writes)
    return _told(code, subcode, name)


def _blocked(name: str, *, writes: bool) -> IntegrationError:
    """To read is no abuse of anything: there the block has to end."""
    if name == "WhatsApp":
        return AuthFailed(_RESTRICTED)
    if writes:
        return Rejected(_BLOCKED)
    return Retryable(f"{name} blocked the account for a while.", after=_BLOCK_LASTS)


def _told(code: int, subcode: int, name: str) -> Rejected | None:
    if code == 100 and subcode in GONE:
        return Rejected(f"The message was deleted, or {name} does not know it.")
    if code == 24 and subcode == MISSING:
        return Missing(_IN_WORDS[code])
    if (code, subcode) in _NOT_TO_US:
        return Rejected(_IN_WORDS[551])
    if code in _ALREADY_THERE:
        return AlreadyThere(_ALREADY_THERE[code])
    return Rejected(_IN_WORDS[code]) if code in _IN_WORDS else None


def _not_allowed(code: int, subcode: int, name: str) -> AuthFailed:
    if code == 10 and subcode == RESTRICTED:
        return AuthFailed(f"{name} restricted the account for a while. See its notices there.")
    return AuthFailed(
        f"{name} does not accept our token, or it lacks a permission ({code}/{subcode})."
    )


def _closed(code: int, subcode: int) -> WindowClosed | None:
    if code in _CLOSED_WORDS:
        return WindowClosed(_CLOSED_WORDS[code])
    if code == 10 and subcode in CLOSED:
        return WindowClosed(
            "The time for a private answer is over: Meta takes one only within 24 hours of the"
            " customer's last message. Answer in public, or wait until they write again."
        )
    return None


def undelivered(code: int) -> str:
    """Why WhatsApp did not deliver what it had taken, for the agent."""
    if code == POLICY:
        return _RESTRICTED
    if words := _CLOSED_WORDS.get(code) or _IN_WORDS.get(code):
        return words
    return f"WhatsApp could not deliver it ({code}). Send it again, or try another way."


def certain(error: Uncertain) -> Retryable:
    """Of a step that nobody sees when it is done twice."""
    return Retryable(str(error))
