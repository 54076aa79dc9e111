"""The roles of a Reddit account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from inbox.errors import AuthFailed, IntegrationError, Rejected, Uncertain
from inbox.message import Account, Author, Deleted, Draft, Edited, Ref, Sent, Visibility
from inbox.ports import Approach, Checkup, Connection, Host, Window
from integrations.length import Length, text_of
from integrations.limits import Allowance
from integrations.ours import Ours
from integrations.reddit import RedditSettings
from integrations.reddit.api import PAGE, Reddit
from integrations.reddit.convert import (
    MODMAIL,
    Place,
    conversation_with,
    edited_at,
    from_draft,
    to_message,
)
from integrations.reddit.polling import Polling
from integrations.reddit.wire import OneTalk, Thing

CLOCKS_APART = timedelta(minutes=5)
_SENT = "message/sent/"


def connection(
    account: Account, settings: RedditSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """Polls and answers have a login each, so that none waits for another."""
    allowance = Allowance("Reddit", settings.kept_requests)
    polls = Reddit(settings, dict(secrets), allowance, host.clock)
    answers = Reddit(settings, dict(secrets), allowance, host.clock)
    me = settings.username.lower()
    own = frozenset(name.lower() for name in settings.own)
    web_url = settings.reddit_url.rstrip("/")
    place = Place(account=account, me=me, own=own, web_url=web_url)
    ours = Ours()
    own_posts = Own(answers, place)
    sender = Sender(answers, place, settings, ours, own_posts)

    def close() -> None:
        polls.close()
        answers.close()

    return Connection(
        account=account,
        handle=settings.handle or f"u/{settings.username}",
        me=lambda: place.ref(me),
        measure=Length(settings.max_length),
        poller=Polling(polls, place, settings, ours),
        public=sender,
        private=sender if settings.private or settings.moderator else None,
        readback=own_posts,
        inspector=Looks(polls, place, host.clock),
        moderator=Review(answers) if settings.moderator else None,
        windows=Notes(settings),
        examiner=Examination(account, polls, settings),
        pace=lambda: allowance.pace(host.clock()),
        close=close,
    )


class Sender:
    """Answers under posts and comments, private messages, and modmail."""

    def __init__(
        self, reddit: Reddit, place: Place, settings: RedditSettings, ours: Ours, own: Own
    ) -> None:
        self._reddit = reddit
        self._place = place
        self._settings = settings
        self._ours = ours
        self._own = own

    def reply(self, draft: Draft, *, key: str) -> Sent:
        if draft.in_reply_to is None:
            raise Rejected("There is no post or comment that this would answer.")
        return self._send(draft, key)

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self._send(draft, key)

    def conversation_with(self, author: Author) -> Ref:
        return conversation_with(author)

    def _send(self, draft: Draft, key: str) -> Sent:
        settings = self._settings
        path, data = from_draft(draft, subject=settings.subject, hide_author=settings.hide_author)
        sent = self._named(self._reddit.post(path, data), draft, key)
        self._ours.add(sent.ref.id)
        return sent

    def _named(self, answer: Any, draft: Draft, key: str) -> Sent:
        """What Reddit calls it. A new private message is looked up: Reddit does not say."""
        if talk := draft.native.get(MODMAIL):
            return _mail_sent(answer, talk, self._place, key)
        things = answer.get("json", {}).get("data", {}).get("things", ()) if answer else ()
        if things:
            return _sent(_thing(things[0]), self._place)
        try:
            found = self._own.newest_letter(draft)
        except IntegrationError:
            found = None
        return found or Sent(ref=self._place.ref(f"sent:{sha256(key.encode()).hexdigest()[:16]}"))


class Own:
    """Finds a draft among what we wrote: comments, sent messages, a conversation of modmail."""

    def __init__(self, reddit: Reddit, place: Place) -> None:
        self._reddit = reddit
        self._place = place

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        since -= CLOCKS_APART
        if talk := draft.native.get(MODMAIL):
            return self._mail(draft, talk, since)
        if draft.visibility is Visibility.PRIVATE:
            return self.newest_letter(draft, since)
        path = f"user/{self._place.me}/comments/"
        for thing in self._since(path, since):
            answers = draft.in_reply_to is not None and thing.parent_id == draft.in_reply_to.id
            if answers and _same(thing.body, draft):
                return _sent(thing, self._place)
        return None

    def newest_letter(self, draft: Draft, since: datetime | None = None) -> Sent | None:
        for thing in self._since(_SENT, since):
            to_them = thing.dest.lower() == draft.to.ref.id
            under = draft.in_reply_to is not None and thing.parent_id == draft.in_reply_to.id
            if (under or (draft.in_reply_to is None and to_them)) and _same(thing.body, draft):
                return _sent(thing, self._place)
        return None

    def _since(self, path: str, since: datetime | None) -> Iterator[Thing]:
        """The newest first. Raises Uncertain where more was written since than a page has."""
        things, after = self._reddit.things(path)
        yield from (thing for thing in things if since is None or thing.created_utc >= since)
        if after and since and things and things[-1].created_utc >= since:
            raise Uncertain("There are too many newer posts to look through.")

    def _mail(self, draft: Draft, talk: str, since: datetime) -> Sent | None:
        whole: OneTalk = self._reddit.talk(talk)
        for mail in whole.messages.values():
            ours = mail.author.name.lower() == self._place.me and mail.date >= since
            if ours and _same(mail.body_markdown, draft):
                return Sent(ref=self._place.ref(f"{MODMAIL}:{talk}/{mail.id}"))
        return None


class Looks:
    """Looks whether comments and posts still stand, a hundred with one request."""

    def __init__(self, reddit: Reddit, place: Place, clock: Callable[[], datetime]) -> None:
        self._reddit = reddit
        self._place = place
        self._clock = clock

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        public = [ref for ref in refs if ref.id.startswith(("t1_", "t3_"))]
        found: list[Edited | Deleted] = []
        for start in range(0, len(public), PAGE):
            self._reddit.spare()
            some = public[start : start + PAGE]
            standing = {one.name: one for one in self._reddit.info([ref.id for ref in some])}
            found += (seen for ref in some if (seen := self._seen(ref, standing.get(ref.id))))
        return found

    def _seen(self, ref: Ref, thing: Thing | None) -> Edited | Deleted | None:
        if thing is None or thing.gone:
            return Deleted(ref=ref, at=self._clock().astimezone(UTC))
        at = edited_at(thing)
        return Edited(message=to_message(thing, self._place), at=at) if at else None


class Review:
    """Removes a comment from its subreddit, and approves it again. Both may be repeated."""

    def __init__(self, reddit: Reddit) -> None:
        self._reddit = reddit

    def hide(self, ref: Ref) -> None:
        self._reddit.post("api/remove/", {"id": ref.id, "spam": False})

    def unhide(self, ref: Ref) -> None:
        self._reddit.post("api/approve/", {"id": ref.id})


class Notes:
    """Private messages may be turned off here, or by their reader."""

    def __init__(self, settings: RedditSettings) -> None:
        self._private = settings.private

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.visibility is Visibility.PUBLIC:
            return Window()
        mail = approach.target is not None and MODMAIL in approach.target.native
        if not self._private and not mail:
            return Window(
                why_not="Private messages on Reddit are turned off in the settings. Answer in"
                " public."
            )
        if approach.wrote_at is None:
            return Window(
                note="Many people on Reddit take private messages from nobody they do not know;"
                " then the answer comes back to you."
            )
        return Window()


class Examination:
    """Asks who we are, and of each subreddit whether we see it and moderate it."""

    def __init__(self, account: Account, reddit: Reddit, settings: RedditSettings) -> None:
        self._account = account
        self._reddit = reddit
        self._settings = settings

    def examine(self) -> Sequence[Checkup]:
        try:
            me = self._reddit.get("api/v1/me", {})
        except AuthFailed as error:
            return [self._wrong(f"{error} See docs/reddit.md")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Are oauth_url and reddit_url right?")]
        name = me.get("name") if isinstance(me, dict) else None
        if not isinstance(name, str) or name.lower() != self._settings.username.lower():
            return [self._wrong("the login is of another account than username")]
        return [
            self._well(f"the login is accepted, as u/{name}"),
            *(self._subreddit(one) for one in self._settings.subreddits),
        ]

    def _subreddit(self, name: str) -> Checkup:
        try:
            answer = self._reddit.get(f"r/{name}/about/", {})
        except IntegrationError as error:
            return self._wrong(f"r/{name} cannot be read: {error}")
        data = answer.get("data", {}) if isinstance(answer, dict) else {}
        if self._settings.moderator and not data.get("user_is_moderator"):
            return self._wrong(f"the account does not moderate r/{name}; moderator is true")
        return self._well(f"r/{name} can be read")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._account}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._account}: {what.rstrip('.?')}.")


def _same(text: str, draft: Draft) -> bool:
    return text.split() == text_of(draft).split()


def _thing(envelope: Any) -> Thing:
    try:
        return Thing.model_validate(envelope["data"])
    except (KeyError, TypeError, ValueError):
        raise Uncertain("Reddit did not say which comment it is.") from None


def _sent(thing: Thing, place: Place) -> Sent:
    message = to_message(thing, place)
    return Sent(ref=message.ref, url=message.url)


def _mail_sent(answer: Any, talk: str, place: Place, key: str) -> Sent:
    """The answer is the conversation with the one message that was added."""
    messages = answer.get("messages", {}) if isinstance(answer, dict) else {}
    id_ = next(reversed(messages), None) or f"sent-{sha256(key.encode()).hexdigest()[:16]}"
    return Sent(ref=place.ref(f"{MODMAIL}:{talk}/{id_}"), url=f"{place.web_url}/mail/all/{talk}")
