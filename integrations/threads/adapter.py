"""The roles of a Threads profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inbox.errors import Rejected, Retryable, Uncertain, Unsupported
from inbox.message import Account, Draft, Echoed, Posted, Ref, Sent, clean
from inbox.ports import Checkup, Connection, Host
from integrations.length import Length
from integrations.meta import Keys
from integrations.meta.examine import Examination
from integrations.meta.graph import Graph, items
from integrations.meta.letters import CLOCKS_APART, same
from integrations.meta.messaging import Ours
from integrations.meta.newer import pace, until_older
from integrations.meta.polling import Poll
from integrations.meta.renewal import Renewal, Renewed
from integrations.meta.standing import Standing
from integrations.meta.webhook import Handshake, Receiver, read
from integrations.threads import ThreadsSettings
from integrations.threads.convert import Profile, container, link
from integrations.threads.publishing import AlreadyPublished, Publishing
from integrations.threads.wire import FIELDS, Reply

PERMISSIONS = (
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
)
_PAGES = 20


def connection(account: Account, settings: ThreadsSettings, keys: Keys, host: Host) -> Connection:
    renewal = Renewal(keys.token, host, grant="th_refresh_token")
    graph = Graph(settings, keys, name="Threads", clock=host.clock, token=renewal.token)
    profile = Profile(account=account, me=settings.user_id, username=settings.username, ours=Ours())
    replies = Replies(graph, profile, Publishing(graph, host.keep, settings.user_id))
    posts = f"/{settings.user_id}/threads"
    examination = Examination(
        graph=graph,
        permissions=PERMISSIONS,
        more=(lambda graph: _quota(graph, settings.user_id),),
    )
    receiver = Receiver(keys.app_secret, lambda body: list(profile.to_events(body)))
    poll = Poll(
        graph=graph,
        node="me",
        since=settings.import_since,
        found=Posts(graph, profile, settings).found,
        unknown="Threads does not know the profile with this user_id.",
    )
    return Connection(
        account=account,
        handle=settings.handle or settings.username,
        me=lambda: Ref(account.network, account.name, settings.username.lower()),
        measure=Length(settings.max_length),
        poller=Renewed(poll, graph, renewal),
        asks=True,
        receiver=receiver,
        handshake=Handshake(keys.verify_token),
        public=replies,
        readback=replies,
        inspector=Standing(graph=graph, sure=lambda: graph.read(posts, fields="id", limit=1)),
        moderator=replies,
        examiner=examination,
        expires=lambda: renewal.expires() or examination.expires(),
        pace=lambda: pace(receiver.told_at, host.clock()) * graph.usage.pace(),
        close=graph.close,
    )


class Posts:
    """Finds replies under the newest posts."""

    def __init__(self, graph: Graph, profile: Profile, settings: ThreadsSettings) -> None:
        self._graph = graph
        self._profile = profile
        self._posts = settings.polled_posts

    def found(self, earliest: datetime) -> Iterator[Posted | Echoed]:
        path = f"/{self._profile.me}/threads"
        for post in items(self._graph.read(path, fields="id,has_replies", limit=self._posts)):
            if not isinstance(post.get("id"), str) or post.get("has_replies") is False:
                continue
            pages = self._graph.pages(
                f"/{post['id']}/conversation", most=_PAGES, fields=FIELDS, reverse="true"
            )
            for one in until_older(pages, earliest, _written):
                reply = read(Reply, one)
                event = self._profile.to_event(reply, root=post["id"]) if reply else None
                if event is not None:
                    yield event


class Replies:
    """Replies in our name, and what can be done with those of others."""

    def __init__(self, graph: Graph, profile: Profile, publishing: Publishing) -> None:
        self._graph = graph
        self._profile = profile
        self._publishing = publishing

    def reply(self, draft: Draft, *, key: str) -> Sent:
        if draft.in_reply_to is None:
            raise Unsupported("Threads takes answers only to a reply or post.")
        what = container(clean(draft.text).strip(), draft.in_reply_to.id)
        try:
            id_ = self._publishing.publish(what, key=key)
        except AlreadyPublished:
            found = self._newest(draft, key, None)
            if found is None:
                raise Uncertain("Threads published the answer and does not show it yet.") from None
            return found
        self._profile.ours.add(id_, key)
        return Sent(ref=self._ref(id_), url=self._link(id_))

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        return self._newest(draft, key, since - CLOCKS_APART)

    def _newest(self, draft: Draft, key: str, earliest: datetime | None) -> Sent | None:
        """The newest own reply with the draft's text to the same message."""
        if draft.in_reply_to is None:
            return None
        pages = self._graph.pages(
            f"/{self._profile.me}/replies", most=_PAGES, sure=True, fields=FIELDS, limit=50
        )
        for one in _newest_first(pages, earliest):
            reply = read(Reply, one)
            if reply is None or reply.replied_to is None:
                continue
            if self._profile.ours.of_another(reply.id, key):
                continue
            if reply.replied_to.id == draft.in_reply_to.id and same(reply.text, draft.text):
                return Sent(ref=self._ref(reply.id), url=link(reply.permalink))
        return None

    def hide(self, ref: Ref) -> None:
        self._manage(ref, hide=True)

    def unhide(self, ref: Ref) -> None:
        self._manage(ref, hide=False)

    def _manage(self, ref: Ref, *, hide: bool) -> None:
        try:
            self._graph.write("POST", f"/{ref.id}/manage_reply", {"hide": hide})
        except Rejected:
            raise Rejected(
                "Threads hides only replies that stand directly under a post of ours."
            ) from None

    def _link(self, id: str) -> str | None:  # noqa: A002 - the field's own name
        """Asked in haste: the reply stands, with or without its address."""
        try:
            answer = self._graph.read(f"/{id}", hasty=True, fields="permalink")
        except (Rejected, Retryable):
            return None
        found = answer.get("permalink")
        return link(found) if isinstance(found, str) else None

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self._profile.account.network, self._profile.account.name, id)


def _newest_first(
    pages: Iterator[list[dict[str, Any]]], earliest: datetime | None
) -> Iterator[Mapping[str, Any]]:
    if earliest is None:
        yield from (one for some in pages for one in some)
    else:
        yield from until_older(pages, earliest, _written)


def _written(one: Mapping[str, Any]) -> datetime | None:
    reply = read(Reply, one)
    return reply.timestamp if reply else None


def _quota(graph: Graph, user: str) -> Iterator[Checkup]:
    """Threads takes 1,000 replies in 24 hours."""
    fields = "reply_quota_usage,reply_config"
    told = items(graph.read(f"/{user}/threads_publishing_limit", fields=fields))
    used = told[0].get("reply_quota_usage") if told else None
    config = told[0].get("reply_config") if told else None
    total = config.get("quota_total") if isinstance(config, dict) else None
    if not (isinstance(used, int) and isinstance(total, int)):
        yield Checkup(well=False, says="Threads does not say how many replies are left.")
        return
    says = f"{used} of {total} replies of the last 24 hours are used."
    yield Checkup(well=used < total * 0.9, says=says)
