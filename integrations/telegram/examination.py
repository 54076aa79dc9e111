"""Whether a bot is set up right: its token, the webhook, what it may see in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from inbox.errors import AuthFailed, IntegrationError
from inbox.message import Account
from inbox.ports import Checkup
from integrations.telegram import TelegramSettings
from integrations.telegram.api import ALLOWED, BotApi
from integrations.telegram.wire import Bot, Hook

RECENT = timedelta(hours=1)
"""A delivery that failed longer ago is no news."""


class Examination:
    """Asks with calls that change nothing; getUpdates would confirm messages."""

    def __init__(
        self,
        account: Account,
        settings: TelegramSettings,
        api: BotApi,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._settings = settings
        self._api = api
        self._clock = clock

    def examine(self) -> Sequence[Checkup]:
        try:
            me, hook = self._api.me(), self._api.hook()
        except AuthFailed as error:
            return [self._wrong(f"{error} @BotFather shows the right one")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Is base_url right?")]
        return [self._named(me), self._arrives(hook), self._sees(me), *self._groups()]

    def _named(self, me: Bot) -> Checkup:
        if me.username.lower() != self._settings.username.lower():
            return self._wrong(f"the token is of @{me.username}. Write this name as username")
        return self._well(f"the token is accepted, as @{me.username}")

    def _arrives(self, hook: Hook) -> Checkup:
        polls = self._settings.receive == "poll"
        if polls and hook.url:
            return self._wrong(
                "a webhook takes the bot's messages, so polls get none. Delete it with"
                " deleteWebhook, or set receive: webhook"
            )
        if polls:
            return self._well("no webhook stands in the way of polling")
        return self._webhook(hook)

    def _webhook(self, hook: Hook) -> Checkup:
        if not hook.url:
            return self._wrong("no webhook is set. Set one as docs/telegram.md says")
        if hook.allowed_updates and not set(ALLOWED) <= set(hook.allowed_updates):
            return self._wrong(
                "the webhook leaves out edits or buttons. Set it anew with allowed_updates"
            )
        failed = hook.last_error_date
        if failed is not None and hook.pending_update_count and self._clock() - failed < RECENT:
            return self._wrong(
                f"Telegram could not deliver, last at {failed:%H:%M} UTC;"
                f" {hook.pending_update_count} messages wait. Does the secret token fit, and is"
                " the address reachable?"
            )
        return self._well("the webhook is set")

    def _sees(self, me: Bot) -> Checkup:
        if me.can_read_all_group_messages:
            return self._well("it sees all messages of its groups")
        return self._well(
            "privacy mode is on: in groups it sees only mentions, commands and answers to it,"
            " unless it is an administrator there"
        )

    def _groups(self) -> Iterator[Checkup]:
        for chat in self._settings.chats:
            try:
                self._api.chat(chat)
            except IntegrationError as error:
                yield self._wrong(f"group {chat} of chats: {error} A supergroup has a new id")
            else:
                yield self._well(f"it is in group {chat}")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._account}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._account}: {what.rstrip('.?')}.")
