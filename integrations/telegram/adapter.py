"""The roles of a Telegram bot.

Telegram knows no idempotency key and lets a bot read nothing back: an answer of which nobody
knows whether it arrived is held for a person. Deletions it tells nobody.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from pydantic import ValidationError

from inbox.errors import IntegrationError, Rejected, Retryable, Unverified
from inbox.message import Account, Author, Draft, Event, Ref, Sent, Visibility
from inbox.ports import Approach, Connection, Host, Page, Request, Window
from inbox.unread import left_out
from integrations.http import wrong_field
from integrations.length import Length, units
from integrations.telegram import TelegramSettings
from integrations.telegram.api import PAGE, BotApi
from integrations.telegram.convert import (
    NO_PERSON,
    Place,
    conversation_with,
    from_draft,
    is_person,
    link_to,
    name_of,
    numbers,
    to_event,
)
from integrations.telegram.examination import Examination
from integrations.telegram.roots import Roots
from integrations.telegram.wire import Update, Written

SECRET_TOKEN = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
FROM_THE_BEGINNING = "0"

log = logging.getLogger(__name__)


def connection(
    account: Account, settings: TelegramSettings, token: str, secret: str, host: Host
) -> Connection:
    api = BotApi(settings.base_url, token, host.clock)
    number = token.partition(":")[0]
    place = Place(
        account=account,
        me=int(number) if number.isascii() and number.isdigit() else 0,
        username=settings.username,
        chats=frozenset(settings.chats),
        own=frozenset(settings.own),
        addressed=settings.listen == "addressed",
        take_start=settings.take_start,
    )
    roots = Roots()
    incoming = Incoming(place, api, roots, host.clock)
    sender = Sender(account, api, roots)
    polls = settings.receive == "poll"
    return Connection(
        account=account,
        handle=settings.handle or f"@{settings.username}",
        me=lambda: Ref(account.network, account.name, str(place.me)) if place.me else None,
        measure=Length(settings.max_length, units),
        poller=Updates(api, incoming, settings) if polls else None,
        receiver=None if polls else Receiver(secret, incoming),
        public=sender,
        private=sender,
        liker=Reactions(api, settings.like_with),
        windows=Started(),
        examiner=Examination(account, settings, api, host.clock),
        close=lambda: _close(incoming, api),
    )


class Incoming:
    """Updates become events, however they come. A button that was pressed is told so, aside."""

    def __init__(
        self, place: Place, api: BotApi, roots: Roots, clock: Callable[[], datetime]
    ) -> None:
        self._place = place
        self._api = api
        self._roots = roots
        self._clock = clock
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="telegram")

    def close(self) -> None:
        self._aside.shutdown(wait=False, cancel_futures=True)

    def events(self, updates: Iterable[Update]) -> Iterator[Event]:
        for update in updates:
            event = to_event(update, self._place, self._roots.of, now=self._clock())
            written = update.message
            if written is not None:
                _saw(self._roots, written)
                self._moved(written)
            if update.callback_query is not None:
                self._aside.submit(self._acknowledge, update.callback_query.id)
            if event is not None:
                yield event

    def _acknowledge(self, pressed: str) -> None:
        try:
            self._api.acknowledge(pressed)
        except IntegrationError as error:
            log.info("a button was not told that it was pressed: %s", error)

    def _moved(self, written: Written) -> None:
        """A group that became a supergroup has another id from now on."""
        moved = written.migrate_to_chat_id
        if moved is not None and written.chat.id in self._place.chats:
            log.warning("group %d is now %d: write it into `chats`", written.chat.id, moved)


class Updates:
    """Long polling. The cursor is the next update's id; asking with it confirms all below."""

    def __init__(self, api: BotApi, incoming: Incoming, settings: TelegramSettings) -> None:
        self._api = api
        self._incoming = incoming
        self._wait = settings.long_poll
        self._since = settings.import_since

    def poll(self, cursor: str | None) -> Page:
        """The next page. Without a cursor only the place to begin at."""
        try:
            return self._page(cursor)
        except Rejected:
            raise Retryable("The server at base_url does not answer as Telegram does.") from None

    def _page(self, cursor: str | None) -> Page:
        if cursor is None and self._since is None:
            return Page(events=(), cursor=_after(self._api.updates(-1, wait=0, limit=1)))
        offset = cursor or FROM_THE_BEGINNING
        found = self._api.updates(int(offset), wait=self._wait)
        readable = [one for one in found if isinstance(one, Update)]
        return Page(
            events=tuple(self._incoming.events(one for one in readable if self._young(one))),
            cursor=_after(found) if found else offset,
            more=len(found) >= PAGE,
        )

    def _young(self, update: Update) -> bool:
        written = update.message
        return self._since is None or written is None or written.date >= self._since


class Receiver:
    """The webhook: Telegram repeats the secret token that setWebhook was given."""

    def __init__(self, secret: str, incoming: Incoming) -> None:
        if not secret:
            raise ValueError("the secret token is empty")
        self._secret = secret.encode()
        self._incoming = incoming

    def verify(self, request: Request) -> None:
        given = request.headers.get(SECRET_TOKEN, "").encode(errors="replace")
        if not hmac.compare_digest(self._secret, given):
            raise Unverified("The secret token does not fit.")

    def parse(self, request: Request) -> Sequence[Event]:
        """What nobody here can read is left out: Telegram would send what is refused again and
        again, and keep back what comes behind it.
        """
        try:
            update = Update.model_validate_json(request.body)
        except ValidationError as error:
            log.warning("an update was left out: %s is not as documented", wrong_field(error))
            left_out()
            return ()
        return list(self._incoming.events([update]))


class Sender:
    """Answers in groups, under the message; answers in private chats."""

    def __init__(self, account: Account, api: BotApi, roots: Roots) -> None:
        self._account = account
        self._api = api
        self._roots = roots

    def reply(self, draft: Draft, *, key: str) -> Sent:
        return self._send(draft)

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self._send(draft)

    def conversation_with(self, author: Author) -> Ref:
        return conversation_with(author)

    def _send(self, draft: Draft) -> Sent:
        written = self._api.send(from_draft(draft))
        _saw(self._roots, written)
        return Sent(ref=name_of(self._account, written), url=link_to(written))


class Reactions:
    """A like is a reaction of the bot."""

    def __init__(self, api: BotApi, emoji: str) -> None:
        self._api = api
        self._emoji = emoji

    def like(self, ref: Ref) -> None:
        self._api.react(*numbers(ref), self._emoji)

    def unlike(self, ref: Ref) -> None:
        self._api.react(*numbers(ref), None)


class Started:
    """A bot may write only to people who started it, and is not told who did."""

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.visibility is Visibility.PUBLIC or approach.wrote_at is not None:
            return Window()
        if not is_person(approach.to):
            return Window(why_not=NO_PERSON)
        return Window(
            note="Telegram lets a bot write only to people who have started it. If this person"
            " has not, the answer comes back to you; ask them in public to open the bot."
        )


def _saw(roots: Roots, written: Written) -> None:
    if (above := written.reply_to_message) is not None:
        chat = written.chat.id
        roots.saw(f"{chat}/{written.message_id}", f"{chat}/{above.message_id}")


def _after(found: Sequence[Update | int]) -> str:
    if not found:
        return FROM_THE_BEGINNING
    return str(max(one if isinstance(one, int) else one.update_id for one in found) + 1)


def _close(incoming: Incoming, api: BotApi) -> None:
    incoming.close()
    api.close()
