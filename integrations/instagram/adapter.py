"""The roles of an Instagram account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from inbox.errors import IntegrationError, Unsupported
from inbox.message import Account, Draft, Echoed, Event, Posted, Ref, Sent
from inbox.ports import Connection, Host
from integrations.instagram import InstagramSettings
from integrations.instagram.convert import FIELDS as COMMENT_FIELDS
from integrations.instagram.convert import Media, addressed, under
from integrations.instagram.wire import FIELDS, Comment
from integrations.length import Length, utf8
from integrations.meta import Keys
from integrations.meta.examine import Examination, readable, subscribed
from integrations.meta.graph import Graph, cursor_after, items
from integrations.meta.letters import CLOCKS_APART, Letters, Looking, same
from integrations.meta.messaging import Letterbox, Ours
from integrations.meta.newer import pace
from integrations.meta.people import Face, People, word
from integrations.meta.polling import Poll
from integrations.meta.renewal import Renewal, Renewed
from integrations.meta.standing import Standing, path_of
from integrations.meta.webhook import Entry, Handshake, Receiver, entries, read
from integrations.meta.windows import Hours
from integrations.meta.wire import now

PERMISSIONS = ("instagram_basic", "instagram_manage_comments", "instagram_manage_messages")
SUBSCRIPTIONS = ("comments", "messages", "messaging_postbacks")
_REPLIES = f"replies.limit(50){{{FIELDS}}}"
_PROFILE = "name,username,follower_count,is_verified_user"
_PAGES = 10
_MOST_LINKS = 2_000


def connection(account: Account, settings: InstagramSettings, keys: Keys, host: Host) -> Connection:
    renewal = Renewal(keys.token, host, grant="ig_refresh_token") if not settings.page_id else None
    token = renewal.token if renewal else None
    graph = Graph(settings, keys, name="Instagram", clock=host.clock, token=token)
    handle = settings.handle or settings.username
    ours, me = Ours(), settings.account_id
    node = settings.page_id or me
    people = People(account, graph, host.keep, fields=_PROFILE, to_face=to_face)
    links = Links(graph)
    media = Media(
        account=account,
        me=me,
        username=settings.username,
        ours=ours,
        links=links.known,
        known=people.known,
    )
    box = Letterbox(
        account=account, me=me, handle=handle, who=people.who, ours=ours, app_id=settings.app_id
    )
    letters = Letters(
        account=account,
        graph=graph,
        people=people,
        ours=ours,
        node=node,
        me=me,
        platform="instagram",
        human_agent=settings.human_agent,
    )
    comments = Comments(account, graph, media, links)
    poll = _poll(graph, media, links, settings)
    examination = _examination(graph, settings)
    receiver = Receiver(keys.app_secret, lambda body: to_events(body, me, media, box))
    return Connection(
        account=account,
        handle=handle,
        me=lambda: Ref(account.network, account.name, me),
        measure=Length(settings.max_comment, written=addressed),
        private_measure=Length(settings.max_message, count=utf8),
        poller=Renewed(poll, graph, renewal),
        asks=True,
        receiver=receiver,
        handshake=Handshake(keys.verify_token),
        public=comments,
        private=letters,
        readback=Looking(comments, letters),
        inspector=Standing(graph=graph, sure=lambda: graph.read(f"/{me}/media", limit=1)),
        moderator=comments,
        windows=Hours(human_agent=settings.human_agent),
        examiner=examination,
        expires=renewal.expires if renewal else examination.expires,
        pace=lambda: pace(receiver.told_at, host.clock()) * graph.usage.pace(),
        close=graph.close,
    )


def _poll(graph: Graph, media: Media, links: Links, settings: InstagramSettings) -> Poll:
    return Poll(
        graph=graph,
        node=settings.account_id,
        since=settings.import_since,
        found=Newest(graph, media, links, settings).found,
        unknown="Instagram does not know the account of account_id.",
    )


def _examination(graph: Graph, settings: InstagramSettings) -> Examination:
    node = settings.page_id or settings.account_id
    return Examination(
        graph=graph,
        permissions=PERMISSIONS if settings.page_id else None,
        more=(
            subscribed(f"/{node}/subscribed_apps", () if settings.page_id else SUBSCRIPTIONS),
            readable(f"/{settings.account_id}/media", "The account"),
        ),
    )


def to_events(body: object, me: str, media: Media, box: Letterbox) -> Sequence[Event]:
    """What of a body is for this account. Raises BadPayload."""
    return [e for entry in entries(body, "instagram", me) for e in _of_entry(entry, media, box)]


def _of_entry(entry: Entry, media: Media, box: Letterbox) -> Iterator[Event]:
    for change in entry.all_changes():
        live = COMMENT_FIELDS.get(change.field)
        if live is not None:
            at = now(entry.time)
            if event := media.to_event(change.value, at=at, live=live):
                yield event
    yield from box.to_events(entry)


def to_face(profile: Mapping[str, Any]) -> Face | None:
    """Instagram Platform: "User Profile API"."""
    handle, followers = word(profile.get("username")), profile.get("follower_count")
    verified = profile.get("is_verified_user")
    name = word(profile.get("name")) or handle
    if name is None:
        return None
    return Face(
        name=name,
        handle=handle,
        followers=followers if isinstance(followers, int) else None,
        verified=verified if isinstance(verified, bool) else None,
    )


class Links:
    """The addresses of the newest media. `known` is what no request is needed for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.known: dict[str, str] = {}

    def of(self, media: str) -> str | None:
        """Asked once; without an answer there is no link."""
        if media not in self.known:
            with suppress(IntegrationError):
                self.learn(self._graph.read(f"/{media}", hasty=True, fields="id,permalink"))
        return self.known.get(media)

    def learn(self, media: Mapping[str, Any]) -> None:
        id_, link = media.get("id"), media.get("permalink")
        if (
            isinstance(id_, str)
            and isinstance(link, str)
            and link.startswith(("https://", "http://"))
        ):
            self.known[id_] = link
        while len(self.known) > _MOST_LINKS:
            del self.known[next(iter(self.known))]


class Newest:
    """Finds comments under the newest media."""

    def __init__(
        self, graph: Graph, media: Media, links: Links, settings: InstagramSettings
    ) -> None:
        self._graph = graph
        self._media = media
        self._links = links
        self._me = settings.account_id
        self._most = settings.polled_media

    def found(self, earliest: datetime) -> Iterator[Posted | Echoed]:
        """Comments have no order that can be asked for, so all of a medium are looked through."""
        fields = "id,comments_count,permalink"
        media = self._graph.read(f"/{self._me}/media", fields=fields, limit=self._most)
        for one in items(media):
            self._links.learn(one)
            if isinstance(one.get("id"), str) and one.get("comments_count") != 0:
                for comment in self._under(one["id"]):
                    event = self._media.to_found(comment, one["id"])
                    if event is not None and comment.timestamp >= earliest:
                        yield event

    def _under(self, media: str) -> Iterator[Comment]:
        pages = self._graph.pages(
            f"/{media}/comments", most=_PAGES, fields=f"{FIELDS},{_REPLIES}", limit=50
        )
        for top in (one for some in pages for one in some):
            below, parent = self._below(top), {"parent_id": top.get("id")}
            found = [read(Comment, one) for one in (top, *({**parent, **one} for one in below))]
            yield from (comment for comment in found if comment is not None)

    def _below(self, top: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All answers below a comment: with the comment comes only the first page of them."""
        first, id_ = top.get("replies"), top.get("id")
        if not isinstance(first, dict):
            return []
        after = cursor_after(first)
        if after is None or not isinstance(id_, str):
            return items(first)
        rest = self._graph.pages(
            f"/{id_}/replies", most=_PAGES, fields=FIELDS, limit=50, after=after
        )
        return [*items(first), *(one for some in rest for one in some)]


class Comments:
    """Answers to comments, and what can be done with a comment."""

    def __init__(self, account: Account, graph: Graph, media: Media, links: Links) -> None:
        self._account = account
        self._graph = graph
        self._media = media
        self._links = links

    def reply(self, draft: Draft, *, key: str) -> Sent:
        above = under(draft)
        if above is None:
            raise Unsupported("Instagram takes answers only to comments.")
        id_ = self._graph.create(f"/{above}/replies", {"message": addressed(draft)})
        self._media.ours.add(id_, key)
        return self._sent(id_, draft)

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        above = under(draft)
        if above is None:
            return None
        text = addressed(draft)
        pages = self._graph.pages(
            f"/{above}/replies", most=_PAGES, sure=True, fields=FIELDS, limit=50
        )
        for one in (one for some in pages for one in some):
            comment = read(Comment, one)
            if (
                comment is not None
                and self._media.is_me(comment.sender, comment.username)
                and comment.timestamp >= since - CLOCKS_APART
                and same(comment.text, text)
                and not self._media.ours.of_another(comment.id, key)
            ):
                return self._sent(comment.id, draft)
        return None

    def hide(self, ref: Ref) -> None:
        self._graph.write("POST", path_of(ref), {"hide": True})

    def unhide(self, ref: Ref) -> None:
        self._graph.write("POST", path_of(ref), {"hide": False})

    def _sent(self, id: str, draft: Draft) -> Sent:  # noqa: A002 - the field's own name
        url = self._links.of(draft.conversation.id)
        return Sent(ref=Ref(self._account.network, self._account.name, id), url=url)
