"""Private messages out, on Messenger and Instagram, and looking whether one stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from inbox.errors import Uncertain
from inbox.message import Account, Author, Draft, Ref, Sent, Visibility, clean
from integrations.meta.choices import quick_replies
from integrations.meta.errors import WindowClosed
from integrations.meta.graph import Graph, items
from integrations.meta.messaging import Ours, conversation
from integrations.meta.people import People
from integrations.meta.webhook import Part, read
from integrations.meta.wire import Moment, Party

CLOCKS_APART = timedelta(minutes=5)
"""How far Meta's clock may be behind ours when a sent message is looked for."""
TAG = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
UNNAMED = "unnamed:"
"""How the id begins of an author whom Meta does not name; see integrations.facebook.convert."""
_PAGES = 4
_SHOWN = 25
_FIELDS = f"participants,updated_time,messages.limit({_SHOWN}){{id,message,from,created_time}}"


class Finder(Protocol):
    """Looks for a public draft where it would stand."""

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None: ...


class Letter(Part):
    """A message of a conversation (Graph API: "Conversations API")."""

    id: str
    message: str = ""
    created_time: Moment
    sender: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Sends by `POST /{node}/messages`; `me` is our number in the conversations."""

    account: Account
    graph: Graph
    people: People
    ours: Ours
    node: str
    me: str
    platform: str
    human_agent: bool

    def message(self, draft: Draft, *, key: str) -> Sent:
        """The human agent tag is only for what a person wrote, and only where it is needed."""
        letter = from_draft(draft)
        try:
            answer = self._post(letter)
        except WindowClosed:
            if draft.automatic or draft.about is not None or not self.human_agent:
                raise
            answer = self._post({**letter, **TAG})
        return self._sent(draft, answer, key)

    def conversation_with(self, author: Author) -> Ref:
        return conversation(author.ref)

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """The draft among our newest messages to its reader.

        The number in private of somebody who only commented is not known yet; then all
        conversations that changed since are looked through for the name. Raises Uncertain where
        these are too many, or the reader has none.
        """
        for one in self._conversations(draft, since - CLOCKS_APART):
            if _may_be(one, draft) and (found := self._in(one, draft, key, since - CLOCKS_APART)):
                if draft.to.ref.id.startswith(UNNAMED):
                    raise Uncertain("Nobody can tell whether this message is the one.")
                return Sent(ref=self._ref(found))
        return None

    def _in(self, one: Mapping[str, Any], draft: Draft, key: str, earliest: datetime) -> str | None:
        letters = list(_letters(one))
        for letter in letters:
            mine = letter.sender is not None and letter.sender.id == self.me
            alike = same(letter.message, clean(draft.text)) and letter.created_time >= earliest
            if mine and alike and not self.ours.of_another(letter.id, key):
                return letter.id
        if len(letters) >= _SHOWN and all(one.created_time >= earliest for one in letters):
            raise Uncertain("There are too many newer messages to look through.")
        return None

    def _conversations(self, draft: Draft, earliest: datetime) -> Iterator[Mapping[str, Any]]:
        params: dict[str, Any] = {"platform": self.platform, "fields": _FIELDS}
        path = f"/{self.node}/conversations"
        if draft.about is None:
            yield from items(self.graph.read(path, **params, user_id=reader_of(draft)))
            return
        for page in self.graph.pages(path, most=_PAGES, sure=True, **params):
            recent = [one for one in page if _changed(one) >= earliest]
            yield from recent
            if len(recent) < len(page):
                return

    def _post(self, letter: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = self.graph.write("POST", f"/{self.node}/messages", letter)
        if not isinstance(answer, dict) or not isinstance(answer.get("message_id"), str):
            raise Uncertain(f"{self.graph.name} did not say which message it is.")
        return answer

    def _sent(self, draft: Draft, answer: Mapping[str, Any], key: str) -> Sent:
        self.ours.add(answer["message_id"], key)
        reader = answer.get("recipient_id")
        if draft.about is not None and isinstance(reader, str):
            self.people.same(reader=reader, commenter=draft.to.ref.id)
        return Sent(ref=self._ref(answer["message_id"]))

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


@dataclass(frozen=True, slots=True)
class Looking:
    """Implements inbox.ports.ReadBack by looking; Meta knows no keys."""

    comments: Finder
    letters: Letters

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        private = draft.visibility is Visibility.PRIVATE
        return (self.letters if private else self.comments).find(draft, key=key, since=since)


def from_draft(draft: Draft) -> dict[str, Any]:
    """What is posted. A private reply is addressed by the comment or post that it is about."""
    message: dict[str, Any] = {"text": clean(draft.text).strip()}
    if buttons := quick_replies(draft.choices):
        message["quick_replies"] = buttons
    if draft.about is not None:
        kind = "post_id" if draft.native.get("post") else "comment_id"
        return {"recipient": {kind: draft.about.id}, "message": message}
    return {
        "recipient": {"id": reader_of(draft)},
        "messaging_type": "RESPONSE",
        "message": message,
    }


def reader_of(draft: Draft) -> str:
    """The number that the reader has in private."""
    return draft.native.get("reader") or draft.to.ref.id


def same(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return one.split() == other.split()


def _letters(one: Mapping[str, Any]) -> Iterator[Letter]:
    messages = one.get("messages")
    for found in items(messages) if isinstance(messages, dict) else []:
        letter = read(Letter, {**found, "sender": found.get("from")})
        if letter is not None:
            yield letter


def _may_be(one: Mapping[str, Any], draft: Draft) -> bool:
    """Whether a conversation is with the reader of a draft, by number or name."""
    people = one.get("participants")
    given = items(people) if isinstance(people, dict) else []
    names = {str(person.get(part)) for person in given for part in ("id", "name", "username")}
    known = {reader_of(draft), draft.to.ref.id, draft.to.name, draft.to.handle}
    return bool(names & known) or draft.to.ref.id.startswith(UNNAMED)


class _Changed(Part):
    updated_time: Moment


def _changed(one: Mapping[str, Any]) -> datetime:
    """When a conversation changed; where that is not told, lately."""
    found = read(_Changed, one)
    return datetime.max.replace(tzinfo=UTC) if found is None else found.updated_time
