"""The roles of a YouTube channel. Comments only: YouTube has no private messages and no likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from inbox.budget import Purse
from inbox.errors import Rejected
from inbox.message import Account, Deleted, Draft, Edited, Ref, Sent
from inbox.ports import Approach, Budget, Checkup, Connection, Host, Window
from integrations.examination import Examination, well, wrong
from integrations.length import Length
from integrations.ours import Ours
from integrations.youtube import YouTubeSettings
from integrations.youtube.api import MOST_IDS, YouTube
from integrations.youtube.convert import (
    CLOSED,
    HELD,
    Place,
    addressed,
    edited_at,
    is_ours,
    link_to,
    text_of,
    thread_of,
    to_message,
)
from integrations.youtube.errors import PACIFIC
from integrations.youtube.held import Held
from integrations.youtube.polling import Polling
from integrations.youtube.wire import Comment

CLOCKS_APART = timedelta(minutes=5)


def connection(
    account: Account,
    settings: YouTubeSettings,
    client_secret: str,
    refresh_token: str,
    host: Host,
) -> Connection:
    budget = Budget(unit="quota units", per_day=settings.units_per_day, day_zone=PACIFIC)
    purse = Purse(budget=budget, meter=host.meter, clock=host.clock, reserve=settings.reserve)
    api = YouTube(settings, client_secret, refresh_token, purse, host.clock)
    web_url = settings.web_url.rstrip("/")
    place = Place(account=account, channel=settings.channel_id, web_url=web_url)
    ours, held = Ours(), Held(host.keep)
    return Connection(
        account=account,
        handle=settings.handle or account.name,
        me=lambda: place.ref(settings.channel_id),
        measure=Length(settings.max_length, written=addressed),
        poller=Polling(api, place, settings, host.clock, ours, held),
        public=Replies(api, place, ours),
        readback=OwnReplies(api, place),
        inspector=Looks(api, place, held, host.clock),
        moderator=Review(api, held),
        windows=Notes(),
        examiner=Examination(account, "docs/youtube.md", lambda: _looks(api, settings)),
        budget=budget,
        pace=purse.pace,
        close=api.close,
    )


class Replies:
    """Answers under a thread's comment."""

    def __init__(self, api: YouTube, place: Place, ours: Ours) -> None:
        self._api = api
        self._place = place
        self._ours = ours

    def reply(self, draft: Draft, *, key: str) -> Sent:
        """Under a reply that is gone YouTube would take the answer all the same, so it is asked."""
        thread = thread_of(draft)
        answered = draft.in_reply_to
        if answered and answered.id != thread and not self._api.comments([answered.id], poll=False):
            raise Rejected("The comment was deleted, or YouTube holds it back.")
        reply = self._api.reply(thread, addressed(draft))
        self._ours.add(reply.id)
        return sent(reply, self._place, draft)


class OwnReplies:
    """Finds a draft among the replies of its thread."""

    def __init__(self, api: YouTube, place: Place) -> None:
        self._api = api
        self._place = place

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        text = addressed(draft).split()
        try:
            for reply in self._api.replies(thread_of(draft), poll=False):
                young = reply.snippet.published_at >= since - CLOCKS_APART
                if young and is_ours(reply, self._place) and text_of(reply).split() == text:
                    return sent(reply, self._place, draft)
        except Rejected:
            return None  # the thread is gone, with all that stood in it
        return None


class Looks:
    """Looks whether comments still stand, fifty with one request.

    One that is held back is given to nobody: it is not taken for deleted where we know of it.
    """

    def __init__(
        self, api: YouTube, place: Place, held: Held, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._place = place
        self._held = held
        self._clock = clock

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        found: list[Edited | Deleted] = []
        for start in range(0, len(refs), MOST_IDS):
            some = refs[start : start + MOST_IDS]
            standing = self._api.comments([ref.id for ref in some])
            found += (seen for ref in some if (seen := self._seen(ref, standing)))
        return found

    def _seen(self, ref: Ref, standing: Mapping[str, Comment | None]) -> Edited | Deleted | None:
        if ref.id not in standing:
            at = self._clock().astimezone(UTC)
            return None if ref.id in self._held else Deleted(ref=ref, at=at)
        comment = standing[ref.id]
        at_ = edited_at(comment) if comment else None
        if comment is None or at_ is None:
            return None
        thread = comment.snippet.parent_id or comment.id
        message = to_message(comment, self._place, thread=thread, video=comment.snippet.video_id)
        return Edited(message=message, at=at_)


class Review:
    """Hides a comment by holding it for review, and publishes it again."""

    def __init__(self, api: YouTube, held: Held) -> None:
        self._api = api
        self._held = held

    def hide(self, ref: Ref) -> None:
        self._api.moderate(ref.id, "heldForReview")
        self._held.hid(ref.id)

    def unhide(self, ref: Ref) -> None:
        self._api.moderate(ref.id, "published")
        self._held.showed(ref.id)


class Notes:
    """YouTube has no window; but of some comments it said something when they came."""

    def look(self, approach: Approach, *, at: datetime) -> Window:
        native = approach.target.native if approach.target else {}
        if HELD in native:
            return Window(
                note="YouTube held this comment for review when it came: nobody else sees it, and"
                " it takes no answer, until it is shown again."
            )
        if CLOSED in native:
            return Window(note="YouTube said that this thread takes no answers.")
        return Window()


def _looks(api: YouTube, settings: YouTubeSettings) -> Iterator[Checkup]:
    """Reads whose token it is, what stands in public, what is held back."""
    if settings.channel_id in api.mine():
        yield well("the token is accepted, for this channel")
    else:
        yield wrong("the token is of another channel. Log in as the channel of channel_id.")
    api.threads()
    yield well("comments can be read")
    for status in settings.held:
        api.threads(status=status)
        yield well(f"comments that YouTube holds back ({status}) can be read")


def sent(reply: Comment, place: Place, draft: Draft) -> Sent:
    video = draft.native.get("video") or reply.snippet.video_id or ""
    return Sent(ref=place.ref(reply.id), url=link_to(reply.id, video, place))
