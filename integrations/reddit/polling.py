"""Polls the subreddits, the inbox and modmail: the newest page of each, and what is new on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from inbox.errors import Rejected, Retryable
from inbox.message import Echoed, Posted
from inbox.ports import Page
from integrations.ours import Ours
from integrations.reddit import RedditSettings
from integrations.reddit.api import Reddit
from integrations.reddit.convert import Place, participant, to_mail, to_message
from integrations.reddit.seen import Mailbox, Seen, State, dump, load
from integrations.reddit.wire import Mail, Talk, Talks, Thing

INBOX = "message/inbox/"
MOST_PAGES = 10
"""Reddit gives about a thousand things of a listing and no more."""


class Polling:
    """The cursor holds what is known of each listing; see seen.py."""

    def __init__(self, reddit: Reddit, place: Place, settings: RedditSettings, ours: Ours) -> None:
        self._reddit = reddit
        self._place = place
        self._settings = settings
        self._ours = ours
        together = "+".join(settings.subreddits)
        self._paths = [INBOX]
        if together:
            self._paths.append(f"r/{together}/comments/")
        if together and settings.posts:
            self._paths.append(f"r/{together}/new/")

    def poll(self, cursor: str | None) -> Page:
        """All that is new. The first poll only looks what stands there, unless told to import."""
        try:
            return self._page(cursor)
        except Rejected as error:
            raise Retryable(f"Reddit does not list what the settings name: {error}") from None

    def _page(self, cursor: str | None) -> Page:
        state = State() if cursor is None else load(cursor)
        events: list[Posted | Echoed] = []
        for path in self._paths:
            # A listing that the settings name only since now is met for the first time.
            met = path in state.listings
            since = self._settings.import_since if cursor is None else None
            seen = state.listings.get(path) or (Seen(horizon=since) if since else Seen())
            first = not met and since is None
            listed, complete = self._listed(path, seen, first=first)
            if not first:
                new = [t for t in listed if seen.is_new(t) and not state.has(t.name)]
                events += self._events(new[::-1])
            state = state.with_listing(path, seen.after(listed, complete=complete))
        if self._settings.moderator:
            mailbox, mails = self._modmail(state.mailbox)
            state = replace(state, mailbox=mailbox)
            events += mails
        events.sort(key=lambda event: event.message.created_at)
        return Page(events=tuple(events), cursor=dump(state))

    def _listed(self, path: str, seen: Seen, *, first: bool) -> tuple[list[Thing], bool]:
        """The newest page, and further ones as long as they are new; whether these are all."""
        listed: list[Thing] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            self._reddit.spare()
            things, after = self._reddit.things(path, after=after)
            listed += things
            if after is None or first or not things or not seen.is_new(things[-1]):
                break
        return listed, after is None

    def _events(self, things: Sequence[Thing]) -> Iterator[Posted | Echoed]:
        for thing in things:
            private = thing.name.startswith("t4_")
            if thing.gone or (private and not self._settings.private):
                continue
            message = to_message(thing, self._place)
            if not message.author.staff:
                yield Posted(message=message)
            elif message.in_reply_to is not None and thing.name not in self._ours and not private:
                yield Echoed(message=message)

    def _modmail(self, known: Mailbox | None) -> tuple[Mailbox, list[Posted | Echoed]]:
        """A conversation with more messages than before is read, for only its last is listed."""
        self._reddit.spare()
        found = self._reddit.talks()
        since = self._settings.import_since
        if known is None and since is None:
            return self._met(found), []
        box = known or Mailbox(since=since or datetime.fromtimestamp(0, UTC))
        events: list[Posted | Echoed] = []
        for talk in found.conversations.values():
            if not box.changed(talk):
                continue
            self._reddit.spare()
            whole = self._reddit.talk(talk.id)
            for mail in box.fresh(talk.id, whole.messages.values()):
                events += self._mail(mail, whole.conversation)
            box = box.after(talk, whole.messages.values())
        return box, events

    def _met(self, found: Talks) -> Mailbox:
        """What stands there at the first poll is old."""
        dates = [mail.date for mail in found.messages.values()]
        box = Mailbox(since=max(dates)) if dates else Mailbox()
        for talk in found.conversations.values():
            ids = {one.id for one in talk.obj_ids}
            box = box.after(talk, [m for m in found.messages.values() if m.id in ids])
        return box

    def _mail(self, mail: Mail, talk: Talk) -> Iterator[Posted | Echoed]:
        message = to_mail(mail, talk, self._place)
        ours = message.ref.id in self._ours or mail.author.is_admin
        if mail.is_internal or ours or not mail.author.name:
            return
        if mail.author.is_mod or message.author.staff:
            yield Echoed(message=message, to=participant(talk.participant, self._place))
        else:
            yield Posted(message=message)
