"""The roles of an account on X."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.budget import Purse
from inbox.errors import AlreadyThere, Rejected, Uncertain
from inbox.message import Account, Author, Deleted, Draft, Edited, Ref, Sent, Visibility
from inbox.ports import Connection, Host
from integrations.x import XSettings, ids, wire
from integrations.x.api import LOOKED_UP, Api, Span, entries
from integrations.x.convert import (
    SUMMONED,
    Eyes,
    beside,
    direct_with,
    edited,
    from_draft,
    is_message,
    message_ref,
    newest,
    to_message,
)
from integrations.x.errors import NotPermitted
from integrations.x.examiner import Checks
from integrations.x.limits import Limits
from integrations.x.poller import Feeds, sources
from integrations.x.registered import Registered
from integrations.x.text import length, same_text, same_words, to_text
from integrations.x.till import Till, budget
from integrations.x.tokens import signer
from integrations.x.webhook import Challenge, Deliveries
from integrations.x.windows import Rules

CLOCKS_APART = timedelta(minutes=5)
"""How far X's clock may be behind ours when a sent post is looked for."""
BESIDE_A_WEBHOOK = 10.0
"""How many times slower polls come that only look whether a delivery was lost."""
LATELY = timedelta(hours=12)
"""How far back a text that X calls a repetition is looked for."""
_PAGES_OF_OWN = 10


def connection(
    account: Account, settings: XSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    allowed = budget(settings)
    purse = Purse(budget=allowed, meter=host.meter, clock=host.clock)
    till = Till(settings.prices, purse, settings.owns_app)
    api = Api(
        settings,
        secrets,
        signer=signer(settings, secrets, host.keep, host.clock),
        till=till,
        limits=Limits(host.clock),
        keep=host.keep,
        clock=host.clock,
    )

    def eyes() -> Eyes:
        return Eyes(account=account, me=api.me(), web_url=settings.web_url)

    return _connected(account, settings, secrets, api, eyes)


def _connected(
    account: Account,
    settings: XSettings,
    secrets: Mapping[str, str],
    api: Api,
    eyes: Callable[[], Eyes],
) -> Connection:
    keys = secrets["CONSUMER_KEY"], secrets["CONSUMER_SECRET"]
    registered = Registered(settings.base_url, keys, api.clock) if all(keys) else None
    own = OwnPosts(api, eyes)
    sender = Sender(account, api, eyes, own)
    purse = api.till.purse
    delivered = settings.webhook

    def me() -> Ref | None:
        return Ref(account.network, account.name, api.known_me.id) if api.known_me else None

    return Connection(
        account=account,
        handle=settings.handle or account.name,
        me=me,
        measure=PostLength(settings.max_length),
        private_measure=MessageLength(settings.max_message_length),
        poller=Feeds(
            sources=sources(api, settings.search, messages=settings.direct_messages),
            api=api,
            eyes=eyes,
            import_since=settings.import_since,
        ),
        asks=True,
        receiver=Deliveries(secret=keys[1], eyes=eyes, till=api.till) if delivered else None,
        handshake=Challenge(keys[1]) if delivered else None,
        public=sender,
        private=sender,
        readback=own,
        inspector=Statuses(api, eyes) if settings.look_again else None,
        moderator=Hider(api),
        windows=Rules(settings),
        examiner=Checks(account, api, settings, registered),
        budget=purse.budget,
        pace=lambda: purse.pace() * (BESIDE_A_WEBHOOK if delivered else 1.0),
        close=api.close,
    )


@dataclass(frozen=True, slots=True)
class OwnPosts:
    """Finds a draft among what we posted or sent."""

    api: Api
    eyes: Callable[[], Eyes]

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """The newest own post or message with the draft's text in the same place.

        Raises Uncertain where more was written since than can be looked through.
        """
        text, since = from_draft(draft), since - CLOCKS_APART
        if draft.visibility is Visibility.PRIVATE:
            return self._message(draft, text, since)
        answers = draft.in_reply_to.id if draft.in_reply_to else None
        for post, listing in self._posts(since):
            message = to_message(post, self.eyes(), beside(listing.includes))
            parent = message.in_reply_to.id if message.in_reply_to else None
            if parent == answers and same_text(message.text, text):
                return Sent(ref=message.ref, url=message.url)
        return None

    def _posts(self, since: datetime) -> Iterator[tuple[wire.Post, wire.Listing]]:
        low, token = ids.before(since), None
        for _ in range(_PAGES_OF_OWN):
            listing = self.api.own_posts(Span(low=low, token=token))
            yield from ((post, listing) for post in entries(listing, wire.Post))
            token = listing.meta.next_token
            if token is None:
                return
        raise Uncertain("There are too many newer posts to look through.")

    def _message(self, draft: Draft, text: str, since: datetime) -> Sent | None:
        eyes, low, token = self.eyes(), int(ids.before(since)), None
        for _ in range(_PAGES_OF_OWN):
            listing = self.api.messages_with(draft.to.ref.id, Span(token=token))
            for message in entries(listing, wire.Message):
                if int(message.id) <= low:
                    return None
                said = to_text(message.text, message.entities.urls)
                if message.sender_id == eyes.me.id and same_words(said, text):
                    return Sent(ref=message_ref(eyes.account, message.id))
            token = listing.meta.next_token
            if token is None:
                return None
        raise Uncertain("There are too many newer messages to look through.")


@dataclass(frozen=True, slots=True)
class Sender:
    """Replies under posts, and direct messages. X knows no keys: see OwnPosts."""

    account: Account
    api: Api
    eyes: Callable[[], Eyes]
    own: OwnPosts

    def reply(self, draft: Draft, *, key: str) -> Sent:
        eyes = self.eyes()  # may ask, so it comes before what must not be done twice
        text, to = from_draft(draft), draft.in_reply_to.id if draft.in_reply_to else None
        price = self.api.till.answer(text, summoned=SUMMONED in draft.native)
        try:
            made = self.api.reply(text, to, price=price)
        except AlreadyThere:
            found = self.own.find(draft, key=key, since=self.api.clock() - LATELY)
            if found is None:
                raise
            return found
        return Sent(ref=eyes.ref(made), url=eyes.page(eyes.me.username, "status", made))

    def message(self, draft: Draft, *, key: str) -> Sent:
        made = self.api.message(from_draft(draft), draft.to.ref.id)
        return Sent(ref=message_ref(self.account, made))

    def conversation_with(self, author: Author) -> Ref:
        return direct_with(self.account, author.ref.id)


@dataclass(frozen=True, slots=True)
class Statuses:
    """Looks whether posts still stand, and how: X tells of neither edit nor deletion."""

    api: Api
    eyes: Callable[[], Eyes]

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        """A hundred a request; direct messages cannot be looked at."""
        posts = [ref for ref in refs if not is_message(ref)]
        found: list[Edited | Deleted] = []
        for start in range(0, len(posts), LOOKED_UP):
            found += self._looked(posts[start : start + LOOKED_UP])
        return found

    def _looked(self, refs: Sequence[Ref]) -> Iterator[Edited | Deleted]:
        listing = self.api.posts([ref.id for ref in refs])
        now = self.api.clock()
        lost = {one.resource_id or one.value for one in listing.errors if _gone(one)}
        yield from (Deleted(ref=ref, at=now) for ref in refs if ref.id in lost)
        changed = [newest(post) for post in entries(listing, wire.Post) if edited(post)]
        if changed:
            after = self.api.posts(changed)
            found, eyes = beside(after.includes), self.eyes()
            for post in entries(after, wire.Post):
                yield Edited(message=to_message(post, eyes, found), at=ids.made_at(post.id))


@dataclass(frozen=True, slots=True)
class Hider:
    """Hides replies in conversations that the brand began."""

    api: Api

    def hide(self, ref: Ref) -> None:
        self._set(ref, hidden=True)

    def unhide(self, ref: Ref) -> None:
        self._set(ref, hidden=False)

    def _set(self, ref: Ref, *, hidden: bool) -> None:
        try:
            self.api.hide(ref.id, hidden=hidden)
        except NotPermitted:
            raise Rejected("X hides only replies under the brand's own posts.") from None


@dataclass(frozen=True, slots=True)
class PostLength:
    """Posts count by X's weights; the mention that X puts in front counts nothing."""

    most: int

    def length(self, draft: Draft) -> int:
        return length(from_draft(draft))


@dataclass(frozen=True, slots=True)
class MessageLength:
    """Direct messages count by characters."""

    most: int

    def length(self, draft: Draft) -> int:
        return len(from_draft(draft))


def _gone(problem: wire.Problem) -> bool:
    return problem.type.endswith("/resource-not-found")
