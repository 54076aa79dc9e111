"""The roles of a WhatsApp number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.errors import Uncertain
from inbox.message import Account, Author, Draft, Event, Ref, Sent
from inbox.ports import Approach, Checkup, Connection, Host, Window
from integrations.length import Length
from integrations.meta import Keys
from integrations.meta.examine import Examination, Look, subscribed
from integrations.meta.graph import Graph
from integrations.meta.messaging import conversation
from integrations.meta.webhook import Batch, Handshake, Receiver, batches, read
from integrations.whatsapp import WhatsAppSettings
from integrations.whatsapp.convert import Line, from_draft
from integrations.whatsapp.wire import Status, Value

PERMISSIONS = ("whatsapp_business_messaging", "whatsapp_business_management")
DAY = timedelta(hours=24)
_FIELDS = frozenset({"messages", "smb_message_echoes"})
_REMEMBERED = 5_000


def connection(account: Account, settings: WhatsAppSettings, keys: Keys, host: Host) -> Connection:
    graph = Graph(settings, keys, name="WhatsApp", clock=host.clock)
    handle = settings.handle or account.name
    me = settings.phone_number_id
    line = Line(account=account, me=me, handle=handle)
    taken = Taken(account)
    examination = Examination(graph=graph, permissions=PERMISSIONS, more=_looks(settings))
    return Connection(
        account=account,
        handle=handle,
        me=lambda: Ref(account.network, account.name, me),
        measure=Length(settings.max_message),
        receiver=Receiver(keys.app_secret, lambda body: to_events(body, line, taken)),
        handshake=Handshake(keys.verify_token),
        private=Phone(account, graph, settings),
        readback=taken,
        windows=Hours(),
        examiner=examination,
        expires=examination.expires,
        close=graph.close,
    )


def to_events(body: object, line: Line, taken: Taken) -> Sequence[Event]:
    """What of a body is for this number. Raises BadPayload."""
    return [event for batch in batches(body) for event in _of_batch(batch, line, taken)]


def _of_batch(batch: Batch, line: Line, taken: Taken) -> Iterator[Event]:
    for entry in batch.entry if batch.object == "whatsapp_business_account" else ():
        for change in entry.changes:
            if change.field in _FIELDS:
                taken.see(change.value, line.me)
                yield from line.to_events(change.field, change.value)


class Phone:
    """Sends messages to people who wrote."""

    def __init__(self, account: Account, graph: Graph, settings: WhatsAppSettings) -> None:
        self._account = account
        self._graph = graph
        self._settings = settings

    def message(self, draft: Draft, *, key: str) -> Sent:
        """That WhatsApp takes it does not say that it arrives: a status tells, later."""
        settings = self._settings
        body = from_draft(
            draft,
            key=key,
            user_id_field=settings.user_id_field,
            list_button=settings.list_button,
        )
        answer = self._graph.write("POST", f"/{settings.phone_number_id}/messages", body)
        try:
            id_ = str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise Uncertain("WhatsApp did not say which message it is.") from None
        return Sent(ref=Ref(self._account.network, self._account.name, id_))

    def conversation_with(self, author: Author) -> Ref:
        return conversation(author.ref)


class Taken:
    """What WhatsApp took from us, as its statuses tell: the only way to look."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._ids: OrderedDict[str, str] = OrderedDict()

    def see(self, value: dict[str, object], me: str) -> None:
        found = read(Value, value)
        if found is None or found.metadata.phone_number_id != me:
            return
        for item in found.statuses:
            status = read(Status, item)
            if status is not None and status.biz_opaque_callback_data:
                self._ids[status.biz_opaque_callback_data] = status.id
        while len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """Raises Uncertain where no status told of it: nobody can look it up at WhatsApp."""
        id_ = self._ids.get(key[:512])
        if id_ is None:
            raise Uncertain("WhatsApp has not said whether it took the message.")
        return Sent(ref=Ref(self._account.network, self._account.name, id_))


@dataclass(frozen=True, slots=True)
class Hours:
    """WhatsApp's only window: free text within 24 hours of the customer's last message."""

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.wrote_at is None:
            return Window(
                why_not="On WhatsApp a customer has to write first; before that only a template"
                " in WhatsApp Manager reaches them."
            )
        if at < approach.wrote_at + DAY:
            return Window(until=approach.wrote_at + DAY)
        return Window(
            why_not="WhatsApp takes free text only within 24 hours of the customer's last message;"
            " that is over. Wait until they write, or send a template in WhatsApp Manager."
        )


def _looks(settings: WhatsAppSettings) -> tuple[Look, ...]:
    number = settings.phone_number_id

    def look(graph: Graph) -> Iterator[Checkup]:
        told = graph.read(f"/{number}", fields="display_phone_number,quality_rating")
        low = told.get("quality_rating") == "RED"
        says = "Its quality is rated low: WhatsApp may limit it." if low else "The number is there."
        yield Checkup(well=not low, says=says)

    account = settings.business_account_id
    return (look, subscribed(f"/{account}/subscribed_apps", ())) if account else (look,)
