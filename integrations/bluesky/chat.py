"""Direct messages: the log of all conversations, and what is sent into one (chat.bsky.convo)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from inbox.errors import AuthFailed, Rejected, Uncertain
from inbox.message import Author, Deleted, Draft, Echoed, Event, Posted, Ref, Sent
from inbox.unread import left_out
from integrations.bluesky.convert import (
    Place,
    Where,
    direct_with,
    reader_of,
    rich,
    same_text,
    to_author,
    to_private,
)
from integrations.bluesky.keys import tid, tid_at
from integrations.bluesky.people import People
from integrations.bluesky.session import Pds
from integrations.bluesky.text import mentioned
from integrations.bluesky.wire import Actor, ChatMessage, Convo, LogEntry, many, readable
from integrations.http import unknown
from integrations.length import text_of
from integrations.ours import Ours

CREATED = "chat.bsky.convo.defs#logCreateMessage"
DELETED = "chat.bsky.convo.defs#logDeleteMessage"
CLOCKS_APART = timedelta(minutes=5)
"""How far the server's clock may be behind ours when a sent message is looked for."""
NO_RIGHT = (
    "The app password does not allow direct messages: make one that does, or set"
    " direct_messages: false."
)
_PAGE = 100
_PAGES_OF_A_CONVERSATION = 10
_REMEMBERED = 5_000


class Conversations:
    """Who is in a conversation; groups are not ours to read."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self._known: OrderedDict[str, Convo] = OrderedDict()

    def other(self, id: str, me: str) -> Actor | None:  # noqa: A002 - the field's own name
        """The one person that we talk to there; None in a group and where we are out of it."""
        convo = self._known.get(id) or self._asked(id)
        others = [actor for actor in convo.members if actor.did != me] if convo else []
        return others[0] if convo and len(others) == 1 and not convo.group else None

    def _asked(self, id: str) -> Convo | None:  # noqa: A002 - the field's own name
        try:
            answer = self._pds.read("chat.bsky.convo.getConvo", {"convoId": id}, chat=True)
        except Rejected:
            return None  # we left it; who writes there again brings us back
        convo = readable(Convo, answer.get("convo"))
        if convo is not None:
            self._known[id] = convo
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return convo


class ChatLog:
    """Polls the log of all conversations; a place in it is the `rev` of the last entry taken."""

    def __init__(self, pds: Pds, people: People, ours: Ours) -> None:
        self._pds = pds
        self._people = people
        self._ours = ours
        self._conversations = Conversations(pds)

    def beginning(self, since: datetime | None) -> str:
        """The place after everything that is there, or after what came before `since`."""
        if since is not None:
            return tid_at(since)
        answer = self._ask("chat.bsky.convo.listConvos", {"limit": 1})
        convos = [convo for one in many(answer, "convos") if (convo := readable(Convo, one))]
        return max((convo.rev for convo in convos), default="") or tid(0)

    def next(self, after: str, place: Place) -> tuple[list[Event], str]:
        """The events after a place in the log, oldest first, and the place behind them."""
        answer = self._ask("chat.bsky.convo.getLog", {"cursor": after})
        given = (readable(LogEntry, one) for one in many(answer, "logs"))
        new = sorted((one for one in given if one and one.rev > after), key=lambda one: one.rev)
        events = [event for one in new if (event := self._event(one, place))]
        told = answer.get("cursor")
        return events, max(
            [after, *(one.rev for one in new), told if isinstance(told, str) else ""]
        )

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._pds.allowance.spare(self._pds.now())
        try:
            return self._pds.read(method, params, chat=True)
        except (AuthFailed, Rejected):
            raise AuthFailed(NO_RIGHT) from None

    def _event(self, entry: LogEntry, place: Place) -> Event | None:
        message = readable(ChatMessage, entry.message)
        if entry.convo is None or message is None:
            if entry.type == CREATED:
                left_out()
            return None
        if entry.type == DELETED:
            ref = place.ref(f"{entry.convo}/{message.id}")
            return Deleted(ref=ref, at=self._pds.now())
        known = f"{entry.convo}/{message.id}" in self._ours
        if entry.type != CREATED or message.text is None or known:
            return None
        return self._written(entry.convo, message, place)

    def _written(self, convo: str, message: ChatMessage, place: Place) -> Event | None:
        """What somebody wrote to us, or we in the network's own app."""
        other = self._conversations.other(convo, place.me)
        if other is None:
            return None
        other = self._people.look([other])[other.did]
        if message.sender.did == other.did:
            return Posted(message=to_private(convo, message, other, other, place))
        mine = Actor(did=place.me, handle=place.account.name)
        written = to_private(convo, message, mine, other, place)
        return Echoed(message=written, to=to_author(other, place))


class PrivateMessages:
    """Sends direct messages where their reader takes them."""

    def __init__(self, pds: Pds, people: People, place: Where, ours: Ours) -> None:
        self._pds = pds
        self._people = people
        self._place = place
        self._ours = ours

    def message(self, draft: Draft, *, key: str) -> Sent:
        """The chat knows no keys: a repeated one sends again."""
        place = self._place()
        convo = self._convo(draft)
        text = text_of(draft)
        body = rich(text, self._people.dids(mentioned(text)))
        answer = self._pds.write(
            "chat.bsky.convo.sendMessage", {"convoId": convo.id, "message": body}, chat=True
        )
        sent = readable(ChatMessage, answer)
        if sent is None:
            raise unknown("Bluesky gave an answer that could not be read.", writes=True)
        self._ours.add(id_ := f"{convo.id}/{sent.id}")
        return Sent(ref=place.ref(id_))

    def conversation_with(self, author: Author) -> Ref:
        return direct_with(author.ref.at(), author.ref.id)

    def find(self, draft: Draft, since: datetime) -> Sent | None:
        """The newest own message with the draft's text in the conversation with its reader."""
        place = self._place()
        convo = self._open(reader_of(draft.conversation))[1]
        if convo is None:
            return None
        text = text_of(draft)
        for message in self._written(convo.id, since - CLOCKS_APART):
            if message.sender.did == place.me and same_text(message.text or "", text):
                return Sent(ref=place.ref(f"{convo.id}/{message.id}"))
        return None

    def _convo(self, draft: Draft) -> Convo:
        """The conversation with the draft's reader, opened where there is none yet."""
        did = reader_of(draft.conversation)
        takes, convo = self._open(did)
        if not takes:
            raise Rejected(
                f"{draft.to.name} does not take direct messages from you. Reply in public and ask"
                " them to write to you first."
            )
        if convo is None:
            params = {"members": [did]}
            answer = self._pds.read("chat.bsky.convo.getConvoForMembers", params, chat=True)
            convo = readable(Convo, answer.get("convo"))
            if convo is None:
                raise Rejected("Bluesky did not open the conversation.")
        if convo.status == "request":
            self._pds.write("chat.bsky.convo.acceptConvo", {"convoId": convo.id}, chat=True)
        return convo

    def _open(self, did: str) -> tuple[bool, Convo | None]:
        """Whether somebody takes our messages, and the conversation that there is."""
        params = {"members": [did]}
        answer = self._pds.read("chat.bsky.convo.getConvoAvailability", params, chat=True)
        return answer.get("canChat") is True, readable(Convo, answer.get("convo"))

    def _written(self, convo: str, since: datetime) -> Iterator[ChatMessage]:
        """What was written since then, newest first. Raises Uncertain where it is too much."""
        cursor: str | None = None
        for _ in range(_PAGES_OF_A_CONVERSATION):
            params = {"convoId": convo, "limit": _PAGE, **({"cursor": cursor} if cursor else {})}
            answer = self._pds.read("chat.bsky.convo.getMessages", params, chat=True)
            found = _messages(many(answer, "messages"))
            yield from (one for one in found if one.sent_at >= since)
            cursor = answer.get("cursor")
            if not cursor or not found or found[-1].sent_at < since:
                return
        raise Uncertain("There are too many newer messages to look through.")


def _messages(given: Sequence[object]) -> list[ChatMessage]:
    found = [message for one in given if (message := readable(ChatMessage, one))]
    return sorted(found, key=lambda one: one.sent_at.astimezone(UTC), reverse=True)
