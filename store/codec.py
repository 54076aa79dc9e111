"""Values to columns and back: times, names of things, and everything else as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, TypeVar, get_args
from urllib.parse import quote, unquote

from msgspec import DecodeError
from msgspec.json import Decoder, Encoder

from inbox.changes import Change
from inbox.message import Account, Ref
from inbox.outbox import Effect
from inbox.ports import TicketEvent

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND, _DAY = 1_000_000, 86_400_000_000


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises TypeError for a time without a zone."""
    since = at - _EPOCH
    return since.days * _DAY + since.seconds * _SECOND + since.microseconds


def moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def duration(length: timedelta) -> int:
    return length // _MICROSECOND


def ref_name(ref: Ref) -> str:
    """`network/account/id`; the first two are quoted, so that the id may hold anything."""
    return _prefix(ref.network, ref.account) + ref.id


def ref_of(name: str) -> Ref:
    network, account, thing = name.split("/", 2)
    return Ref(*_account_parts(network, account), thing)


def account_name(account: Account) -> str:
    return _prefix(account.network, account.name)


def account_of(name: str) -> Account:
    network, account, _ = name.split("/", 2)
    return Account(*_account_parts(network, account))


@lru_cache(maxsize=1024)
def _prefix(network: str, account: str) -> str:
    return f"{quote(network, safe='')}/{quote(account, safe='')}/"


@lru_cache(maxsize=1024)
def _account_parts(network: str, account: str) -> tuple[str, str]:
    return unquote(network), unquote(account)


_ENCODER = Encoder()


@cache
def _decoder(form: Any) -> Decoder[Any]:
    return Decoder(form)


def encode(value: object) -> str:
    """JSON of a value. Raises ValueError for text that is not Unicode."""
    return _ENCODER.encode(value).decode()


def decode(form: type[T], text: str) -> T:
    """Raises ValueError where the JSON is not of this type, without a word of what it holds."""
    try:
        value: T = _decoder(form).decode(text)  # type: ignore[arg-type]  # types are hashable
    except DecodeError as error:
        # msgspec's sentence may quote a value; the place at its end never does.
        place = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "`$`"
        name = getattr(form, "__name__", form)
        raise ValueError(f"stored {name} cannot be read at {place}") from None
    return value


class UnknownType(LookupError):
    """The database holds a kind of value that this version does not know; a newer one wrote it."""


def _by_name(union: Any) -> Mapping[str, type[Any]]:
    return {form.__name__: form for form in get_args(union)}


_CHANGES = _by_name(Change)
_EFFECTS = _by_name(Effect)
_NEWS = _by_name(TicketEvent)


def encode_one(value: Change | Effect | TicketEvent) -> tuple[str, str]:
    """(type name, JSON) of a change, an effect or a helpdesk's news."""
    return type(value).__name__, encode(value)


def decode_change(name: str, text: str) -> Change:
    change: Change = decode(_known(_CHANGES, name), text)
    return change


def decode_effect(name: str, text: str) -> Effect:
    effect: Effect = decode(_known(_EFFECTS, name), text)
    return effect


def decode_news(name: str, text: str) -> TicketEvent:
    news: TicketEvent = decode(_known(_NEWS, name), text)
    return news


def _known(types: Mapping[str, type[Any]], name: str) -> type[Any]:
    try:
        return types[name]
    except KeyError:
        raise UnknownType(name) from None
