"""Shows cases, history lines and sentences in Slack. The database is the truth, Slack a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from inbox.desk import Channel, Desk
from inbox.errors import (
    AuthFailed,
    IntegrationError,
    Rejected,
    Retryable,
    Uncertain,
    Unsupported,
)
from inbox.message import Account, Ref
from inbox.outbox import Alert, Item, ShowCard, ShowEntry, Whisper
from inbox.ports import Connection, Delivered, Detector, Knowledge, Store
from workspace import alerts, ids
from workspace.blocks import Shown, plainest
from workspace.cards import has_card_elsewhere, needs_thread, show_case
from workspace.client import LOGGER
from workspace.entries import Names, Thread
from workspace.errors import Gone, Malformed, ShutOut, asking
from workspace.knowledge import suggested
from workspace.people import People
from workspace.reading import CaseView, view_case
from workspace.showing import Lens, Remembering

SOON = timedelta(seconds=1)
MARGIN = timedelta(minutes=2)
"""How far our clock and Slack's may be apart when we look for an earlier attempt."""

MOST_WAITS = 5
OFTEN = 10
_LOOKED_AT = 2_000
_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a message of ours goes, and the name by which it is found again."""

    channel: Channel
    key: str
    thread: str | None = None
    broadcast: bool = False


class Notifier:
    """Implements inbox.ports.Courier for ShowCard, ShowEntry, Alert and Whisper.

    `names` tells how an agent is called; without it Slack is asked, once for each.
    """

    def __init__(
        self,
        client: WebClient,
        store: Store,
        desk: Desk,
        connections: Mapping[Account, Connection],
        *,
        detector: Detector,
        names: Names | None = None,
        knowledge: Knowledge | None = None,
    ) -> None:
        self._client = client
        self._store = store
        self._desk = desk
        self._connections = connections
        self._detector = Remembering(detector)
        self._names = names or People(client)
        self._knowledge = knowledge

    def deliver(self, item: Item) -> Delivered:
        """What a channel does not take waits for it: no customer's message is lost to that."""
        if isinstance(item.effect, Whisper):
            return self._whisper(item.effect)
        try:
            return self._show(item)
        except ShutOut as error:
            raise AuthFailed(str(error)) from None

    def _show(self, item: Item) -> Delivered:
        match item.effect:
            case ShowCard() as effect:
                return self._show_card(item, effect)
            case ShowEntry() as effect:
                return self._show_entry(item, effect)
            case Alert() as effect:
                return self._alert(item, effect)
            case _:
                raise Unsupported("Slack shows cards, history, alerts and whispers only.")

    def link(self, number: int) -> str | None:
        """The address of a case's card, None where there is none. Raises an IntegrationError."""
        return self._permalink(self._view(number))

    # --- cards ---------------------------------------------------------------------------

    def _show_card(self, item: Item, effect: ShowCard) -> Delivered:
        channel, view = self._channel(effect.channel), self._view(effect.case)
        known = view.card_in(effect.channel)
        moved = has_card_elsewhere(view, effect.channel)
        if moved and known is None:
            return Delivered()
        link = self._permalink(view) if moved else None
        article = None if moved else suggested(view, self._knowledge)
        shown = show_case(view, effect.channel, self._lens(channel), link, article)
        ts = self._update(item, channel, known.ts, shown) if known else None
        if ts is None and moved:
            return Delivered()  # deleted by hand, and nothing has to stand there any more
        if ts is None:
            ts = self._post_card(item, channel, view, shown)
        return self._delivered(effect.channel, ts)

    def _post_card(self, item: Item, channel: Channel, view: CaseView, shown: Shown) -> str:
        place = _Place(channel=channel, key=item.key)
        found = self._find(item, place) if item.maybe_done else None
        # what an earlier attempt posted may be older than what is to be shown now
        ts = self._update(item, channel, found, shown) if found else None
        ts = ts or self._post(item, place, shown)
        try:
            self._open_thread(item, channel, view, ts)
        except Rejected as refused:  # of the thread alone; trying on would hold up the channel
            LOGGER.warning("A card's thread was not begun: %s", refused)
        except IntegrationError as error:
            # the card stands: only a look finds it again before its place is recorded
            raise Uncertain(str(error)) from None
        return ts

    def _open_thread(self, item: Item, channel: Channel, view: CaseView, ts: str) -> None:
        """Begin the thread with what the channel has not seen, or the card had to cut."""
        thread = self._thread(view, channel)
        move = view.last_move()
        shown = None
        if move is not None and channel.key == view.case.channel:
            shown = thread.opening(before=move.seq)
        elif needs_thread(view, thread.lens) and not has_card_elsewhere(view, channel.key):
            shown = thread.whole_text()
        if shown is not None:
            self._post(item, _Place(channel=channel, key=f"{item.key}:thread", thread=ts), shown)

    def _permalink(self, view: CaseView) -> str | None:
        home = self._desk.channels.get(view.case.channel)
        card = view.card_in(view.case.channel)
        if home is None or card is None:
            return None
        return self._link(home, card.ts)

    # --- history -------------------------------------------------------------------------

    def _show_entry(self, item: Item, effect: ShowEntry) -> Delivered:
        channel, view = self._channel(effect.channel), self._view(effect.case, upto=effect.seq)
        if has_card_elsewhere(view, effect.channel):
            return Delivered()  # the new card's thread began with it
        event = view.event(effect.seq)
        shown = self._thread(view, channel).entry(event) if event else None
        if shown is None:
            return Delivered()
        card = view.card_in(effect.channel)
        if card is None:
            if item.attempts >= MOST_WAITS:
                raise Rejected(f"Case {effect.case} has no card in {effect.channel}.")
            raise Retryable("The card is not there yet.", after=SOON)
        place = _Place(channel=channel, key=item.key, thread=card.ts)
        return self._delivered(effect.channel, self._post(item, place, shown))

    # --- sentences -----------------------------------------------------------------------

    def _alert(self, item: Item, effect: Alert) -> Delivered:
        channel = self._channel(effect.channel)
        view = self._view(effect.case) if effect.case is not None else None
        card = view.card_in(effect.channel) if view else None
        link = self._permalink(view) if view and card is None else None
        if view and card is None and link is None and item.attempts < MOST_WAITS:
            raise Retryable("The card that the alert leads to is not there yet.", after=SOON)
        shown = alerts.alert(effect, link)
        place = _Place(
            channel=channel, key=item.key, thread=card.ts if card else None, broadcast=bool(card)
        )
        return self._delivered(effect.channel, self._post(item, place, shown))

    def _whisper(self, effect: Whisper) -> Delivered:
        """A direct message: one that only they see in a channel is lost on who is not there now.

        Said twice it does no harm, so an unclear outcome is tried again.
        """
        link = self._permalink(self._view(effect.case)) if effect.case is not None else None
        shown = alerts.whisper(effect, link)
        message: dict[str, Any] = {"text": shown.text, "blocks": [*shown.blocks]}
        try:
            asking(
                lambda: self._client.chat_postMessage(
                    channel=effect.user, unfurl_links=False, unfurl_media=False, **message
                ),
                post=False,
            )
        except (AuthFailed, Rejected):
            asking(
                lambda: self._client.chat_postEphemeral(
                    channel=self._channel(effect.channel).id, user=effect.user, **message
                ),
                post=False,
            )
        return Delivered()

    # --- Slack ---------------------------------------------------------------------------

    def _post(self, item: Item, place: _Place, shown: Shown) -> str:
        """Post once; where an earlier attempt may have gone through, look for it first."""
        if item.maybe_done and (found := self._find(item, place)):
            return found

        def post(said: Shown) -> SlackResponse:
            return self._client.chat_postMessage(
                channel=place.channel.id,
                text=said.text,
                blocks=[*said.blocks],
                thread_ts=place.thread,
                reply_broadcast=place.broadcast or None,
                metadata=_metadata(place.key),
                unfurl_links=False,
                unfurl_media=False,
            )

        return str(_say(post, _as_tried(item, shown), post=True)["ts"])

    def _update(self, item: Item, channel: Channel, ts: str, shown: Shown) -> str | None:
        """None where the message is gone."""

        def update(said: Shown) -> SlackResponse:
            return self._client.chat_update(
                channel=channel.id, ts=ts, text=said.text, blocks=[*said.blocks]
            )

        try:
            _say(update, _as_tried(item, shown), post=False)
        except Gone:
            return None
        return ts

    def _find(self, item: Item, place: _Place) -> str | None:
        for message in self._messages_since(item, place):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") != ids.METADATA:
                continue
            if (metadata.get("event_payload") or {}).get("item") == place.key:
                return str(message["ts"])
        return None

    def _messages_since(self, item: Item, place: _Place) -> Iterator[Mapping[str, Any]]:
        """Newest first. One of ours that far up in a channel nobody sees: shown anew it is."""
        since = (item.first_tried or item.created_at) - MARGIN
        cursor: str | None = None
        for _ in range(_LOOKED_AT // _PAGE):
            response = self._page(place, f"{since.timestamp():.6f}", cursor)
            yield from response.get("messages") or []
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _page(self, place: _Place, oldest: str, cursor: str | None) -> SlackResponse:
        asked: dict[str, Any] = {
            "channel": place.channel.id,
            "oldest": oldest,
            "limit": _PAGE,
            "include_all_metadata": True,
        } | ({"cursor": cursor} if cursor else {})
        if place.thread is None:
            return asking(lambda: self._client.conversations_history(**asked), post=False)
        return asking(
            lambda: self._client.conversations_replies(ts=place.thread or "", **asked), post=False
        )

    def _link(self, channel: Channel, ts: str) -> str | None:
        try:
            response = asking(
                lambda: self._client.chat_getPermalink(channel=channel.id, message_ts=ts),
                post=False,
            )
        except Rejected:
            return None
        link = response.get("permalink")
        return link if isinstance(link, str) else None

    # --- what is needed ------------------------------------------------------------------

    def _view(self, number: int, *, upto: int | None = None) -> CaseView:
        with self._store.read() as unit:
            view = view_case(unit, self._desk, self._connections, number, upto=upto)
        if view is None:
            raise Rejected(f"There is no case {number}.")
        return view

    def _channel(self, key: str) -> Channel:
        channel = self._desk.channels.get(key)
        if channel is None:
            raise Rejected(
                f"There is no channel “{key}” in tierdesk.yaml. Add it, or change the rule."
            )
        return channel

    def _lens(self, channel: Channel) -> Lens:
        return Lens(clearance=channel.clearance, detector=self._detector)

    def _thread(self, view: CaseView, channel: Channel) -> Thread:
        watching = channel.key == self._desk.watch and channel.key != view.case.channel
        return Thread(
            view=view,
            lens=self._lens(channel),
            names=self._names,
            watching=watching,
            private=channel.private,
        )

    def _delivered(self, channel: str, ts: str) -> Delivered:
        return Delivered(ref=Ref("slack", channel, ts))


def _as_tried(item: Item, shown: Shown) -> Shown:
    """Now and then in its plainest form, where it was tried often: Slack may have an error of its
    own over what it holds, and all that is for the channel waits behind it."""
    often = item.attempts >= OFTEN and item.attempts % 3 == 0
    return plainest(shown) if often else shown


def _say(call: Callable[[Shown], SlackResponse], shown: Shown, *, post: bool) -> SlackResponse:
    """In its plainest form where Slack does not take it as it is: seen plainly beats not at all."""
    try:
        return asking(lambda: call(shown), post=post)
    except Malformed as malformed:
        LOGGER.warning("%s It is shown in its plainest form.", malformed)
        return asking(lambda: call(plainest(shown)), post=post)


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": ids.METADATA, "event_payload": {"item": key}}
