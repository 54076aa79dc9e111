"""The roles of an account on a Discourse forum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.errors import Rejected, Uncertain
from inbox.message import Account, Author, Deleted, Draft, Edited, Ref, Sent, Visibility
from inbox.ports import Approach, Checkup, Connection, Window
from integrations.discourse import DiscourseSettings
from integrations.discourse.api import Api
from integrations.discourse.community import Reading, Starters
from integrations.discourse.convert import (
    Forum,
    edited_at,
    is_private,
    link,
    place_of,
    private_reply,
    private_topic,
    private_with,
    public_post,
    raw,
    same_text,
    to_message,
)
from integrations.discourse.inbox import Inbox
from integrations.discourse.receiver import PRIVATE, Receiver
from integrations.discourse.wire import Post
from integrations.examination import Examination, well
from integrations.length import Length
from integrations.ours import Ours

REPEATABLE = timedelta(seconds=110)
"""The forum answers the same request of an API key with the same post for two minutes
(posts_controller.rb, `DistributedMemoizer`)."""
CLOCKS_APART = timedelta(minutes=5)
"""How far the forum's clock may be behind ours when a sent post is looked for."""
GONE = "The post was deleted, or its topic is not open to the brand's account."
_PAGES_OF_POSTS = 10


def connection(
    account: Account,
    settings: DiscourseSettings,
    secrets: Mapping[str, str],
    clock: Callable[[], datetime],
) -> Connection:
    forum = Forum(
        account=account,
        base_url=settings.base_url.rstrip("/"),
        username=settings.username,
        trusted_from=settings.trusted_from,
        trusted_users=frozenset(name.lower() for name in settings.trusted_users),
        team=frozenset(name.lower() for name in settings.team),
    )
    api = Api(
        settings.base_url,
        settings.username,
        secrets["API_KEY"],
        per_minute=settings.requests_per_minute,
        clock=clock,
    )
    ours, starters = Ours(), Starters(api, forum)
    reading = Reading(
        forum=forum,
        categories=frozenset(settings.categories),
        from_others=settings.from_others,
        ours=ours,
    )
    wait = settings.wait_for_community
    inbox = Inbox(api, reading, starters, wait=wait, since=settings.import_since)
    sender = Sender(api, forum, ours, settings)
    secret = secrets["WEBHOOK_SECRET"].encode()
    return Connection(
        account=account,
        handle=settings.handle or f"@{settings.username}",
        me=lambda: forum.ref(str(inbox.me)) if inbox.me is not None else None,
        measure=Length(settings.max_length, written=raw),
        poller=inbox,
        asks=True,
        receiver=Receiver(reading, starters, secret, wait=wait) if settings.webhook else None,
        public=sender,
        private=sender,
        readback=OwnPosts(api, forum),
        inspector=Posts(api, forum),
        liker=Likes(api, settings.like_action),
        windows=Preconditions(settings.min_length),
        examiner=Examination(account, "docs/discourse.md", lambda: _looks(api)),
        pace=lambda: api.allowance.pace(api.now()),
        repeatable=REPEATABLE,
        close=api.close,
    )


class Sender:
    """Answers in topics, and personal messages."""

    def __init__(self, api: Api, forum: Forum, ours: Ours, settings: DiscourseSettings) -> None:
        self._api = api
        self._forum = forum
        self._ours = ours
        self._least = settings.min_length
        self._title = settings.private_title

    def reply(self, draft: Draft, *, key: str) -> Sent:
        place = place_of(draft.in_reply_to) if draft.in_reply_to else None
        if place is None:
            raise Rejected("Tierdesk answers on the forum only under a post.")
        self._long_enough(draft)
        if self._api.post(*place) is None:
            raise Rejected(GONE)
        return self._sent(self._api.create(public_post(draft, *place)))

    def message(self, draft: Draft, *, key: str) -> Sent:
        """In the personal message that is answered, if nobody else reads it; else in a new one."""
        self._long_enough(draft)
        topic = _topic_of(draft)
        if topic is not None and self._between_us(topic, draft.to):
            return self._sent(self._api.create(private_reply(draft, topic)))
        new = private_topic(draft, to=self._name_of(draft), key=key, title=self._title)
        return self._sent(self._api.create(new))

    def conversation_with(self, author: Author) -> Ref:
        return private_with(author.ref.at(), author.ref.id)

    def _name_of(self, draft: Draft) -> str:
        """The reader's name as it is now: a name that was given up may be another's by now."""
        known = draft.about or draft.in_reply_to
        place = place_of(known) if known else None
        post = self._api.post(*place) if place else None
        theirs = post is not None and str(post.user_id) == draft.to.ref.id
        return post.username if post and theirs else draft.to.handle

    def _between_us(self, id: int, reader: Author) -> bool:  # noqa: A002 - the field's own name
        """Whether only we, colleagues and the reader are in it, or groups that were written to."""
        topic = self._api.topic(id)
        if topic is None:
            return False
        readers = topic.details.allowed_users
        others = {user.id for user in readers if not self._forum.ours(user.username)}
        return others == {int(reader.ref.id)}

    def _long_enough(self, draft: Draft) -> None:
        if len(raw(draft)) < self._least:
            raise Rejected(f"The forum takes no answer of less than {self._least} characters.")

    def _sent(self, post: Post) -> Sent:
        ref = self._forum.post(*post.place)
        self._ours.add(ref.id)
        return Sent(ref=ref, url=link(self._forum, *post.place))


class OwnPosts:
    """Finds a draft among what stands on the forum."""

    def __init__(self, api: Api, forum: Forum) -> None:
        self._api = api
        self._forum = forum

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """The newest own post with the draft's text at the draft's place.

        Raises Uncertain where more was posted since than can be looked through.
        """
        private = draft.visibility is Visibility.PRIVATE
        for post in self._written(since - CLOCKS_APART, private=private):
            alike = same_text(post.raw or "", raw(draft))
            if alike and (self._for(draft, post) if private else _under(draft, post)):
                ref = self._forum.post(*post.place)
                return Sent(ref=ref, url=link(self._forum, *post.place))
        return None

    def _written(self, since: datetime, *, private: bool) -> Iterator[Post]:
        before: int | None = None
        for _ in range(_PAGES_OF_POSTS):
            page = self._api.posts(private=private, before=before)
            yield from (p for p in page if p.created_at >= since and self._forum.mine(p))
            if not page or page[-1].created_at < since:
                return
            before = page[-1].id
        raise Uncertain("There are too many newer posts to look through.")

    def _for(self, draft: Draft, post: Post) -> bool:
        """Whether a personal message is in the one that is answered, or is read by the reader."""
        if post.topic_id == _topic_of(draft):
            return True
        topic = self._api.topic(post.topic_id)
        readers = topic.details.allowed_users if topic else ()
        return any(str(user.id) == draft.to.ref.id for user in readers)


class Posts:
    """Looks whether posts still stand, and how: without a webhook the forum tells of neither."""

    def __init__(self, api: Api, forum: Forum) -> None:
        self._api = api
        self._forum = forum

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        return [found for ref in refs if (found := self._found(ref))]

    def _found(self, ref: Ref) -> Edited | Deleted | None:
        self._api.allowance.spare(self._api.now())
        place = place_of(ref)
        post = self._api.post(*place) if place else None
        if post is None:
            return Deleted(ref=ref, at=self._api.now())
        at = edited_at(post)
        if at is None:
            return None
        private_of = post.user_id if self._private(post) else None
        return Edited(message=to_message(post, self._forum, private_of=private_of), at=at)

    def _private(self, post: Post) -> bool:
        topic = None if post.topic_archetype else self._api.topic(post.topic_id)
        return (topic.archetype if topic else post.topic_archetype) == PRIVATE


class Likes:
    """Likes posts. `action` is the forum's number of a like."""

    def __init__(self, api: Api, action: int) -> None:
        self._api = api
        self._action = action

    def like(self, ref: Ref) -> None:
        post = self._post(ref)
        if not self._liked(post):
            what = {"id": post.id, "post_action_type_id": self._action}
            self._api.write("POST", "/post_actions.json", json=what)

    def unlike(self, ref: Ref) -> None:
        post = self._post(ref)
        if self._liked(post):
            what = {"post_action_type_id": self._action}
            self._api.write("DELETE", f"/post_actions/{post.id}.json", params=what)

    def _liked(self, post: Post) -> bool:
        return any(done.id == self._action and done.acted for done in post.actions_summary)

    def _post(self, ref: Ref) -> Post:
        place = place_of(ref)
        post = self._api.post(*place) if place else None
        if post is None:
            raise Rejected(GONE)
        return post


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What the forum asks of every answer."""

    least: int

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.to.bot:
            return Window(why_not="A program of the forum wrote it: nobody reads the answer.")
        if self.least > 1:
            return Window(note=f"The forum takes answers of {self.least} characters or more.")
        return Window()


def _looks(api: Api) -> Iterator[Checkup]:
    yield well(f"the API key is accepted, as {api.me().username}")
    api.posts(private=False)
    yield well("public posts can be read")
    api.posts(private=True)
    yield well("personal messages can be read")


def _topic_of(draft: Draft) -> int | None:
    """The topic of the personal message that is answered."""
    place = place_of(draft.in_reply_to) if draft.in_reply_to else None
    return place[0] if place and is_private(draft.native) else None


def _under(draft: Draft, post: Post) -> bool:
    place = place_of(draft.in_reply_to) if draft.in_reply_to else None
    return (post.topic_id, post.reply_to_post_number or 1) == place
