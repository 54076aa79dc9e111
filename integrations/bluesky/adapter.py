"""The roles of a Bluesky account."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inbox.errors import Rejected, Retryable
from inbox.message import Account, Event, Kind, Posted, Ref, Visibility
from inbox.ports import Approach, Connection, Host, Page, Window
from integrations.bluesky import BlueskySettings
from integrations.bluesky.chat import ChatLog, PrivateMessages
from integrations.bluesky.convert import Place, Where
from integrations.bluesky.examination import Examination
from integrations.bluesky.mentions import Mark, Mentions
from integrations.bluesky.own import OwnReplies
from integrations.bluesky.people import People
from integrations.bluesky.posts import (
    CLOSED,
    Answers,
    HiddenReplies,
    Likes,
    Presence,
    PublicReplies,
)
from integrations.bluesky.session import Pds
from integrations.bluesky.text import MOST, MOST_PRIVATE, length
from integrations.length import Length
from integrations.ours import Ours

REPEATABLE = timedelta(days=3650)
"""A record stands under its key for ever."""


def connection(
    account: Account, settings: BlueskySettings, password: str, host: Host
) -> Connection:
    pds = Pds(
        settings.base_url, settings.identifier, password, chat=settings.chat_service, host=host
    )
    people, ours = People(pds), Ours()

    def place() -> Place:
        return Place(account=account, me=pds.open(), app_url=settings.app_url.rstrip("/"))

    public = PublicReplies(pds, people, place, ours)
    chats = settings.direct_messages
    private = PrivateMessages(pds, people, place, ours) if chats else None
    return Connection(
        account=account,
        handle=settings.handle or f"@{settings.identifier}",
        me=lambda: Ref(account.network, account.name, pds.did) if pds.did else None,
        measure=Length(MOST, length),
        private_measure=Length(MOST_PRIVATE, length),
        poller=Inbox(
            pds,
            Mentions(pds, people),
            OwnReplies(pds, ours),
            ChatLog(pds, people, ours) if chats else None,
            place,
            settings.import_since,
        ),
        public=public,
        private=private,
        readback=Answers(public, private),
        inspector=Presence(pds),
        moderator=HiddenReplies(pds),
        liker=Likes(pds),
        windows=Preconditions(),
        examiner=Examination(account, pds, chats=chats),
        pace=lambda: pds.allowance.pace(pds.now()),
        repeatable=REPEATABLE,
        close=pds.close,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The cursor: how far notifications, own posts and the chat's log were taken.

    `own` and `chat` are "" before the first look.
    """

    mark: Mark
    own: str = ""
    chat: str = ""

    @staticmethod
    def read(cursor: str) -> Position:
        known = json.loads(cursor)
        at, floor = (datetime.fromisoformat(known[name]) for name in ("at", "floor"))
        mark = Mark(at=at, floor=floor, last=known["last"])
        return Position(mark=mark, own=known["own"], chat=known["chat"])

    def __str__(self) -> str:
        mark = self.mark
        times = {"at": mark.at.isoformat(), "floor": mark.floor.isoformat()}
        return json.dumps({**times, "last": mark.last, "own": self.own, "chat": self.chat})


class Inbox:
    """Polls the notifications; where they are drained, own posts; at last the chat's log.

    So a chat that refuses us never holds up what is said in public.
    """

    def __init__(
        self,
        pds: Pds,
        mentions: Mentions,
        own: OwnReplies,
        chat: ChatLog | None,
        place: Where,
        since: datetime | None,
    ) -> None:
        self._pds = pds
        self._mentions = mentions
        self._own = own
        self._chat = chat
        self._place = place
        self._since = since

    def poll(self, cursor: str | None) -> Page:
        """The next page. Without a cursor only the place to begin at, with `more` to go on."""
        try:
            return self._page(cursor)
        except Rejected:
            raise Retryable("The server at base_url does not answer as Bluesky does.") from None

    def _page(self, cursor: str | None) -> Page:
        place = self._place()
        if cursor is None:
            begun = Position(mark=self._mentions.beginning(self._since))
            return Page(events=(), cursor=str(begun), more=True)
        position = Position.read(cursor)
        messages, mark = self._mentions.next(position.mark, place)
        if messages:
            events = tuple(Posted(message=message) for message in messages)
            return Page(events=events, cursor=str(replace(position, mark=mark)), more=True)
        echoes, own = self._own_replies(position, place)
        if own != position.own:
            cursor = str(replace(position, own=own))
            return Page(events=tuple(echoes), cursor=cursor, more=True)
        return self._private(position, place)

    def _own_replies(self, position: Position, place: Place) -> tuple[Sequence[Event], str]:
        if not position.own:
            return [], self._own.beginning()
        return self._own.next(position.own, place)

    def _private(self, position: Position, place: Place) -> Page:
        if self._chat is None:
            return Page(events=(), cursor=str(position))
        events: list[Event] = []
        if position.chat:
            events, chat = self._chat.next(position.chat, place)
        else:
            chat = self._chat.beginning(self._since)
        moved = chat != position.chat
        return Page(events=tuple(events), cursor=str(replace(position, chat=chat)), more=moved)


class Preconditions:
    """What was known of the author when the message came; the network is asked again at the end."""

    def look(self, approach: Approach, *, at: datetime) -> Window:
        target = approach.target
        if target is None:
            return Window()
        if approach.visibility is Visibility.PUBLIC:
            return Window(why_not=CLOSED if "closed" in target.native else None)
        if target.kind is Kind.DM or approach.wrote_at is not None:
            return Window()
        takes = target.native.get("dm")
        if takes == "none":
            return Window(why_not=f"{approach.to.name} takes no direct messages. Reply in public.")
        if takes == "following" and "follows" not in target.native:
            return Window(
                why_not=f"{approach.to.name} takes direct messages only from people they follow."
                " Reply in public and ask them to write to you first."
            )
        return Window()
