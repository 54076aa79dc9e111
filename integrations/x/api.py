"""One account at X: typed requests, each priced, with our errors."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import requests
import tweepy
from pydantic import BaseModel, ValidationError

from inbox.errors import Retryable, Uncertain
from inbox.ports import Keep
from inbox.unread import left_out
from integrations.x import XSettings, wire
from integrations.x.errors import unreadable
from integrations.x.limits import Limits
from integrations.x.till import Till
from integrations.x.tokens import Signer
from integrations.x.transport import Transport

POSTS = {
    "tweet_fields": [
        "attachments",
        "author_id",
        "conversation_id",
        "created_at",
        "entities",
        "in_reply_to_user_id",
        "lang",
        "note_tweet",
        "referenced_tweets",
    ],
    "expansions": ["author_id", "attachments.media_keys"],
    "user_fields": ["affiliation", "public_metrics", "receives_your_dm", "verified"],
    "media_fields": ["alt_text", "preview_image_url", "url", "variants"],
}
MESSAGES = {
    "dm_event_fields": [
        "attachments",
        "created_at",
        "dm_conversation_id",
        "entities",
        "sender_id",
    ],
    "event_types": "MessageCreate",
    "expansions": ["sender_id", "attachments.media_keys"],
    "user_fields": ["affiliation", "public_metrics", "verified"],
    "media_fields": ["alt_text", "preview_image_url", "url", "variants"],
}
PAGE = 100
FIRST_MESSAGES = 10
LOOKED_UP = 100
"""Posts in one request by id."""
FEWEST_MENTIONS, FEWEST_FOUND, FEWEST_MESSAGES = 5, 10, 1
"""The smallest pages that X gives."""
_ME = "me"
_FRESH, _ANEW = timedelta(days=7), timedelta(hours=1)
"""How long we believe our own name, and when to ask again where X did not say it."""

_log = logging.getLogger(__name__)
_Model = TypeVar("_Model", bound=BaseModel)
_Entity = TypeVar("_Entity", wire.Post, wire.Message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which part of a listing: after `low`, before `high`, from the page `token` on."""

    low: str | None = None
    high: str | None = None
    token: str | None = None


class Api:
    """Everything raises Retryable, AuthFailed, Rejected; what writes also Uncertain."""

    def __init__(
        self,
        settings: XSettings,
        secrets: Mapping[str, str],
        *,
        signer: Signer,
        till: Till,
        limits: Limits,
        keep: Keep,
        clock: Callable[[], datetime],
    ) -> None:
        self.till = till
        self.limits = limits
        self.clock = clock
        self._signer = signer
        self._keep = keep
        self._transport = Transport(settings.base_url, clock=clock, limits=limits)
        self._client = tweepy.Client(
            consumer_key=secrets["CONSUMER_KEY"],
            consumer_secret=secrets["CONSUMER_SECRET"],
            access_token=secrets["ACCESS_TOKEN"],
            access_token_secret=secrets["ACCESS_SECRET"],
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        self._client.session = self._transport
        self.known_me: wire.User | None = None
        self._ask_again = datetime.min.replace(tzinfo=UTC)

    def close(self) -> None:
        self._transport.close()
        self._signer.close()

    def me(self) -> wire.User:
        """The account that the token belongs to; asked once a week, since names change."""
        if self.known_me is None or self.clock() >= self._ask_again:
            self.known_me = self._kept_me() or self._asked_me()
        return self.known_me

    def _asked_me(self) -> wire.User:
        """As it was, where X does not say it now."""
        try:
            return self.ask_me()
        except Retryable:
            if self.known_me is None:
                raise
            self._ask_again = self.clock() + _ANEW
            return self.known_me

    def ask_me(self) -> wire.User:
        answer = _read(_One, self._ask("get_me", user_fields=["public_metrics", "verified"]))
        self.till.read("user read", self.till.prices.user_read, [answer.data.id])
        self._ask_again = self.clock() + _FRESH
        record = {
            "mark": self._signer.mark,
            "user": answer.data.model_dump(),
            "until": self._ask_again.isoformat(),
        }
        self._keep.set(_ME, json.dumps(record))
        return answer.data

    def mentions(self, span: Span) -> wire.Listing:
        price = self.till.own_post
        most = self.till.affordable(price, least=FEWEST_MENTIONS, most=PAGE)
        where = _span(span, "pagination_token")
        return self._posts("get_users_mentions", price, self.me().id, max_results=most, **where)

    def search(self, query: str, span: Span) -> wire.Listing:
        price = self.till.prices.post_read
        most = self.till.affordable(price, least=FEWEST_FOUND, most=PAGE)
        where = _span(span, "next_token")
        return self._posts("search_recent_tweets", price, query, max_results=most, **where)

    def posts(self, ids: Sequence[str]) -> wire.Listing:
        """By id, at most 100; those that are gone are among the `errors`."""
        price = self.till.prices.post_read
        self.till.purse.poll(price * len(ids))
        return self._posts("get_tweets", price, list(ids))

    def own_posts(self, span: Span) -> wire.Listing:
        return self._posts(
            "get_users_tweets",
            self.till.own_post,
            self.me().id,
            max_results=PAGE,
            **_span(span, "pagination_token"),
        )

    def messages(self, span: Span) -> wire.Listing:
        """X gives known messages again and charges them anew each day: the first page is short."""
        price, page = self.till.prices.message_read, PAGE if span.token else FIRST_MESSAGES
        most = self.till.affordable(price, least=FEWEST_MESSAGES, most=page)
        return self._messages(max_results=most, pagination_token=span.token)

    def messages_with(self, user: str, span: Span) -> wire.Listing:
        return self._messages(max_results=PAGE, participant_id=user, pagination_token=span.token)

    def reply(self, text: str, to: str | None, *, price: int) -> str:
        """Posts; the id of the new post."""
        answer = self._pay("post", price, "create_tweet", text=text, in_reply_to_tweet_id=to)
        return _written(_Post, answer).data.id

    def message(self, text: str, to: str) -> str:
        """Sends a direct message; the id of its event."""
        price, call = self.till.prices.message, "create_direct_message"
        answer = self._pay("message", price, call, participant_id=to, text=text)
        return _written(_Sent, answer).data.dm_event_id

    def hide(self, id: str, *, hidden: bool) -> None:  # noqa: A002 - the field's own name
        self._pay("hide", self.till.prices.hide, "hide_reply" if hidden else "unhide_reply", id)

    def _posts(self, call: str, price: int, *args: Any, **more: Any) -> wire.Listing:
        listing = _read(wire.Listing, self._ask(call, *args, **POSTS, **more))
        self.till.read("post read", price, numbers(listing))
        return listing

    def _messages(self, **more: Any) -> wire.Listing:
        answer = self._ask("get_direct_message_events", **MESSAGES, **more)
        listing = _read(wire.Listing, answer)
        self.till.read("message read", self.till.prices.message_read, numbers(listing))
        return listing

    def _pay(self, what: str, price: int, call: str, *args: Any, **params: Any) -> bytes:
        """A call that writes; one that may have been done may have cost, too."""
        self.till.purse.reply(price)
        try:
            answer = self._ask(call, *args, **params)
        except Uncertain:
            self.till.purse.spend(what, price)
            raise
        self.till.purse.spend(what, price)
        return answer

    def _ask(self, call: str, *args: Any, **params: Any) -> bytes:
        given = {name: value for name, value in params.items() if value is not None}
        self._client.bearer_token = self._signer.bearer()
        answer = getattr(self._client, call)(*args, **given, user_auth=self._signer.user_auth)
        return bytes(answer.content)

    def _kept_me(self) -> wire.User | None:
        """None where it is another token's, or a week old."""
        try:
            record = json.loads(self._keep.get(_ME) or "null")
            user, until = record["user"], datetime.fromisoformat(record["until"])
            if record["mark"] != self._signer.mark or self.clock() >= until:
                return None
            self._ask_again = until
            return wire.User.model_validate(user)
        except (ValueError, KeyError, TypeError):
            return None


class _One(BaseModel):
    data: wire.User


class _Post(BaseModel):
    data: wire.Created


class _Sent(BaseModel):
    data: wire.CreatedMessage


def entries(listing: wire.Listing, model: type[_Entity]) -> Iterable[_Entity]:
    """The entries that can be read, newest first as they came."""
    for one in listing.data:
        try:
            yield model.model_validate(one)
        except ValidationError as error:
            _log.warning("an entry of X was left out: %d unreadable fields", error.error_count())
            left_out()


def numbers(listing: wire.Listing) -> list[str]:
    """The ids of all entries, of those too that cannot be read."""
    ids = (str(one.get("id")) for one in listing.data if isinstance(one, dict))
    return [id_ for id_ in ids if id_.isascii() and id_.isdigit()]


def _span(span: Span, token: str) -> dict[str, str | None]:
    return {"since_id": span.low, "until_id": span.high, token: span.token}


def _read(model: type[_Model], answer: bytes) -> _Model:
    try:
        return model.model_validate_json(answer)
    except ValidationError:
        raise Retryable("X gave an answer that could not be read.") from None


def _written(model: type[_Model], answer: bytes) -> _Model:
    try:
        return model.model_validate_json(answer)
    except ValidationError:
        raise unreadable(writes=True) from None
