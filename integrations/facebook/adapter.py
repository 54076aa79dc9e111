"""The roles of a Page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.errors import Unsupported
from inbox.message import Account, Draft, Echoed, Event, Posted, Ref, Sent, clean
from inbox.ports import Connection, Host
from integrations.facebook import FacebookSettings
from integrations.facebook.convert import WEB, Wall
from integrations.facebook.wire import FIELDS, Comment
from integrations.length import Length
from integrations.meta import Keys
from integrations.meta.examine import Examination, readable, subscribed
from integrations.meta.graph import Graph, cursor_after, items
from integrations.meta.letters import CLOCKS_APART, Letters, Looking, same
from integrations.meta.messaging import Letterbox, Ours
from integrations.meta.newer import pace, until_older
from integrations.meta.people import Face, People, word
from integrations.meta.polling import Poll
from integrations.meta.standing import Standing, path_of
from integrations.meta.webhook import Entry, Handshake, Receiver, entries, read
from integrations.meta.windows import Hours
from integrations.meta.wire import now

PERMISSIONS = (
    "pages_manage_metadata",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_messaging",
)
SUBSCRIPTIONS = ("feed", "messages", "messaging_postbacks", "message_echoes")
_COMMENTS = f"comments.filter(stream).order(reverse_chronological).limit(25){{{FIELDS}}}"
_PAGES = 20


def connection(account: Account, settings: FacebookSettings, keys: Keys, host: Host) -> Connection:
    graph = Graph(settings, keys, name="Facebook", clock=host.clock)
    handle = settings.handle or account.name
    ours, me = Ours(), settings.page_id
    people = People(account, graph, host.keep, fields="name,first_name,last_name", to_face=to_face)
    wall = Wall(account=account, page=me, handle=handle, ours=ours)
    box = Letterbox(
        account=account, me=me, handle=handle, who=people.who, ours=ours, app_id=settings.app_id
    )
    letters = Letters(
        account=account,
        graph=graph,
        people=people,
        ours=ours,
        node=me,
        me=me,
        platform="messenger",
        human_agent=settings.human_agent,
    )
    comments = Comments(account, graph, wall)
    examination = Examination(
        graph=graph,
        permissions=PERMISSIONS,
        more=(
            subscribed(f"/{me}/subscribed_apps", SUBSCRIPTIONS, settings.app_id),
            readable(f"/{me}/feed", "The Page"),
        ),
    )
    receiver = Receiver(keys.app_secret, lambda body: to_events(body, me, wall, box))
    return Connection(
        account=account,
        handle=handle,
        me=lambda: Ref(account.network, account.name, me),
        measure=Length(settings.max_comment),
        private_measure=Length(settings.max_message),
        poller=Poll(
            graph=graph,
            node=me,
            since=settings.import_since,
            found=Posts(graph, wall, settings).found,
            unknown="Facebook does not know the Page with this page_id.",
        ),
        asks=True,
        receiver=receiver,
        handshake=Handshake(keys.verify_token),
        public=comments,
        private=letters,
        readback=Looking(comments, letters),
        inspector=Standing(graph=graph, sure=lambda: graph.read(f"/{me}/feed", **_one_comment())),
        moderator=comments,
        liker=comments,
        windows=Hours(human_agent=settings.human_agent),
        examiner=examination,
        expires=examination.expires,
        pace=lambda: pace(receiver.told_at, host.clock()) * graph.usage.pace(),
        close=graph.close,
    )


def to_events(body: object, me: str, wall: Wall, box: Letterbox) -> Sequence[Event]:
    """What of a body is for this Page. Raises BadPayload."""
    return [e for entry in entries(body, "page", me) for e in _of_entry(entry, wall, box)]


def _of_entry(entry: Entry, wall: Wall, box: Letterbox) -> Iterator[Event]:
    for change in entry.all_changes():
        at = now(entry.time)
        if change.field == "feed" and (event := wall.to_event(change.value, at=at)):
            yield event
    yield from box.to_events(entry)


def to_face(profile: Mapping[str, Any]) -> Face | None:
    """Messenger: "User Profile API"."""
    parts = [word(profile.get(part)) for part in ("first_name", "last_name")]
    name = word(profile.get("name")) or " ".join(part for part in parts if part)
    return Face(name=name) if name else None


class Posts:
    """Finds comments under the newest posts."""

    def __init__(self, graph: Graph, wall: Wall, settings: FacebookSettings) -> None:
        self._graph = graph
        self._wall = wall
        self._page = settings.page_id
        self._posts = settings.polled_posts

    def found(self, earliest: datetime) -> Iterator[Posted | Echoed]:
        posts = self._graph.read(f"/{self._page}/feed", fields=f"id,{_COMMENTS}", limit=self._posts)
        for post in items(posts):
            under = post.get("comments")
            if isinstance(post.get("id"), str) and isinstance(under, dict):
                pages = self._pages(post["id"], under)
                for one in until_older(pages, earliest, _written):
                    event = self._event(one, post["id"])
                    if event is not None:
                        yield event

    def _pages(self, post: str, first: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
        yield items(first)
        after = cursor_after(first)
        if after is not None:
            params: dict[str, Any] = {
                "filter": "stream",
                "order": "reverse_chronological",
                "limit": 50,
            }
            yield from self._graph.pages(
                f"/{post}/comments", most=_PAGES, fields=FIELDS, after=after, **params
            )

    def _event(self, one: dict[str, Any], post: str) -> Posted | Echoed | None:
        comment = read(Comment, one)
        return None if comment is None else self._wall.to_found(comment, post)


class Comments:
    """Answers under comments, and what can be done with a comment."""

    def __init__(self, account: Account, graph: Graph, wall: Wall) -> None:
        self._account = account
        self._graph = graph
        self._wall = wall

    def reply(self, draft: Draft, *, key: str) -> Sent:
        if draft.in_reply_to is None:
            raise Unsupported("A Page answers only under a comment or post.")
        text = clean(draft.text).strip()
        path = f"/{draft.in_reply_to.id}/comments"
        id_ = self._graph.create(path, {"message": text})
        self._wall.ours.add(id_, key)
        return self._sent(id_, None)

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """The newest comment of the Page with this text under the same post and comment."""
        if draft.in_reply_to is None:
            return None
        params: dict[str, Any] = {"filter": "stream", "order": "reverse_chronological", "limit": 50}
        pages = self._graph.pages(
            f"/{draft.conversation.id}/comments", most=_PAGES, sure=True, fields=FIELDS, **params
        )
        # Under an answer Facebook puts ours beside it, under the comment above.
        above = {draft.in_reply_to.id, draft.native.get("parent", draft.in_reply_to.id)}
        for one in until_older(pages, since - CLOCKS_APART, _written):
            comment = read(Comment, one)
            if comment is None or self._wall.ours.of_another(comment.id, key):
                continue
            if self._is(comment, draft, above):
                return self._sent(comment.id, comment.permalink_url)
        return None

    def _is(self, comment: Comment, draft: Draft, above: set[str]) -> bool:
        mine = comment.sender is not None and comment.sender.id == self._wall.page
        parent = comment.parent.id if comment.parent else draft.conversation.id
        return mine and parent in above and same(comment.message, clean(draft.text))

    def hide(self, ref: Ref) -> None:
        self._graph.write("POST", path_of(ref), {"is_hidden": True})

    def unhide(self, ref: Ref) -> None:
        self._graph.write("POST", path_of(ref), {"is_hidden": False})

    def like(self, ref: Ref) -> None:
        self._graph.write("POST", f"{path_of(ref)}/likes")

    def unlike(self, ref: Ref) -> None:
        self._graph.write("DELETE", f"{path_of(ref)}/likes")

    def _sent(self, id: str, url: str | None) -> Sent:  # noqa: A002 - the field's own name
        ref = Ref(self._account.network, self._account.name, id)
        return Sent(ref=ref, url=url or f"{WEB}{id}")


def _written(one: Mapping[str, Any]) -> datetime | None:
    comment = read(Comment, one)
    return comment.created_time if comment else None


def _one_comment() -> dict[str, Any]:
    return {"fields": "comments.limit(1){id}", "limit": 1}
