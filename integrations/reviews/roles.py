"""The roles that every shop of reviews has: polls, the one answer, looking, what to know before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from inbox.errors import Rejected, Retryable
from inbox.message import Account, Deleted, Draft, Edited, Ref, Sent
from inbox.ports import Approach, Checkup, Connection, Host, Measure, Page, Window
from integrations.examination import Examination, well
from integrations.length import text_of
from integrations.reviews import ReviewSettings
from integrations.reviews.review import ANSWERED, Review, Shop, Unwatched, brand, reply_name
from integrations.reviews.standing import Standing
from integrations.reviews.watch import Differences, State, dump, load

MOST_NEW = 2000
"""Reviews that one poll reads at most."""


def connection(
    account: Account,
    settings: ReviewSettings,
    shop: Shop,
    host: Host,
    *,
    measure: Measure,
    page: str,
    pace: Callable[[], float] = lambda: 1.0,
    close: Callable[[], None],
) -> Connection:
    """`page` is the paper that says how an account is connected."""
    standing = Standing(host.keep)
    handle = settings.handle or account.name
    return Connection(
        account=account,
        handle=handle,
        me=lambda: brand(account),
        measure=measure,
        poller=Reviews(account, handle, settings, shop, standing, host.clock),
        public=Replies(account, shop, standing),
        readback=StandingReply(account, shop),
        inspector=Gone(shop, host.clock),
        windows=OneReply(shop.name),
        examiner=Examination(account, page, lambda: _looks(shop)),
        pace=pace,
        close=close,
    )


class Reviews:
    """Polls; the cursor holds what is known of the newest reviews, see watch.py."""

    def __init__(
        self,
        account: Account,
        handle: str,
        settings: ReviewSettings,
        shop: Shop,
        standing: Standing,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._handle = handle
        self._settings = settings
        self._shop = shop
        self._standing = standing
        self._clock = clock

    def poll(self, cursor: str | None) -> Page:
        """All that is new. The first poll only looks what stands there, unless told to import."""
        since = self._settings.import_since
        state = State() if since is None else State(horizon=since)
        if cursor is not None:
            state = load(cursor)
        first = cursor is None and since is None
        try:
            listed, complete = self._listed(state, first=first)
        except Rejected as error:
            raise Retryable(f"{self._shop.name} does not list the reviews: {error}") from None
        differences = Differences(
            account=self._account,
            handle=self._handle,
            standing=self._standing,
            now=self._clock(),
        )
        events = () if first else tuple(differences.of(state, listed))
        return Page(events=events, cursor=dump(state.after(listed, complete=complete)))

    def _listed(self, state: State, *, first: bool) -> tuple[list[Review], bool]:
        """The newest, and beyond them as long as they are new; whether these are all."""
        listed: list[Review] = []
        for review in self._shop.newest():
            beyond = len(listed) >= self._settings.watched
            if (beyond and (first or not state.is_new(review))) or len(listed) >= MOST_NEW:
                return listed, False
            listed.append(review)
        return listed, True


class Replies:
    """Sets the answer of a review. One that Tierdesk did not write is replaced only knowingly."""

    def __init__(self, account: Account, shop: Shop, standing: Standing) -> None:
        self._account = account
        self._shop = shop
        self._standing = standing

    def reply(self, draft: Draft, *, key: str) -> Sent:
        review = self._shop.review(_answered(draft).id)
        self._ask(review, automatic=draft.automatic)
        text = text_of(draft)
        self._standing.wrote(review.id, text)
        self._shop.answer(review.id, text)
        return _sent(self._account, review, text)

    def _ask(self, review: Review, *, automatic: bool) -> None:
        """Raises Rejected, once for each answer of somebody else; always for automatic ones."""
        reply = review.reply
        if reply is None or self._standing.is_ours(review.id, reply.text):
            return
        if automatic:
            raise Rejected("An answer stands there already that Tierdesk did not write.")
        if not self._standing.was_told(review.id, reply.text):
            self._standing.tell(review.id, reply.text)
            raise Rejected(
                f"An answer stands there already that Tierdesk did not write, and"
                f" {self._shop.name} keeps only one. It was left as it is. Look at it there; if"
                " yours is to replace it, send it again."
            )


class StandingReply:
    """Whether the answer that stands under a review is the draft."""

    def __init__(self, account: Account, shop: Shop) -> None:
        self._account = account
        self._shop = shop

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        try:
            review = self._shop.review(_answered(draft).id)
        except Rejected:
            return None  # the review is gone, and its answer with it
        text = text_of(draft)
        if review.reply is None or review.reply.text.split() != text.split():
            return None
        return _sent(self._account, review, text)


class Gone:
    """Looks whether reviews still stand; of edits the polls tell.

    A review that is gone and an address that ended are the same 404: so before anything counts as
    deleted the shop must list its reviews.
    """

    def __init__(self, shop: Shop, clock: Callable[[], datetime]) -> None:
        self._shop = shop
        self._clock = clock

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        at = self._clock().astimezone(UTC)
        gone = [ref for ref in refs if self._gone(ref)]
        if gone:
            next(self._shop.newest(), None)
        return [Deleted(ref=ref, at=at) for ref in gone]

    def _gone(self, ref: Ref) -> bool:
        try:
            self._shop.review(ref.id)
        except Unwatched:
            return False
        except Rejected:
            return True
        return False


@dataclass(frozen=True, slots=True)
class OneReply:
    """What is worth knowing before: there is one answer, and it may be somebody else's."""

    name: str

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.target is not None and ANSWERED in approach.target.native:
            return Window(
                note="An answer that Tierdesk did not write stood there when the review came."
                f" {self.name} keeps only one: yours comes back to you first, and replaces it if"
                " you send it again."
            )
        return Window(note=f"{self.name} keeps one answer: a second one replaces the first.")


def _looks(shop: Shop) -> Iterator[Checkup]:
    """Lists the newest review: token, permission and the id of the app or place in one request."""
    next(shop.newest(), None)
    yield well("the token is accepted, and reviews can be read")


def _answered(draft: Draft) -> Ref:
    return draft.in_reply_to or draft.conversation


def _sent(account: Account, review: Review, text: str) -> Sent:
    ref = Ref(account.network, account.name, reply_name(review.id, text))
    return Sent(ref=ref, url=review.url)
