"""Threads: replies in two steps, hiding of those right under a post."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from sandbox.meta import errors
from sandbox.meta.accounts import THREADS, THREADS_NAME
from sandbox.meta.gate import Call, Endpoint
from sandbox.meta.moments import iso
from sandbox.meta.paging import page
from sandbox.meta.world import US, Comment

MOST_TEXT = 500
QUOTA = 1_000

Json = dict[str, Any]


@dataclass(slots=True)
class Container:
    """A reply that nobody sees before it is published."""

    text: str
    above: str
    published: str | None = None


@dataclass(slots=True)
class Containers:
    """The containers of the profile."""

    made: dict[str, Container] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def endpoints(self) -> tuple[Endpoint, ...]:
        post, manage = "threads_content_publish", "threads_manage_replies"
        return (
            Endpoint(
                method="POST", kind="threads", edge="threads", handler=self.make, permission=post
            ),
            Endpoint(
                method="POST",
                kind="threads",
                edge="threads_publish",
                handler=self.publish,
                permission=post,
            ),
            Endpoint(method="GET", kind="container", edge="", handler=self.show),
            Endpoint(method="GET", kind="threads", edge="", handler=_me),
            Endpoint(method="GET", kind="threads", edge="threads", handler=_posts),
            Endpoint(method="GET", kind="threads", edge="replies", handler=_own_replies),
            Endpoint(
                method="GET",
                kind="threads",
                edge="threads_publishing_limit",
                handler=self.limit,
            ),
            Endpoint(method="GET", kind="thread", edge="", handler=_node),
            Endpoint(method="GET", kind="thread", edge="conversation", handler=_conversation),
            Endpoint(
                method="POST",
                kind="thread",
                edge="manage_reply",
                handler=_manage,
                permission=manage,
            ),
        )

    def make(self, call: Call) -> Json:
        text, above = call.text("text"), call.text("reply_to_id")
        if call.text("media_type") != "TEXT" or not text.strip() or len(text) > MOST_TEXT:
            raise errors.invalid("Param text must be at most 500 characters long")
        call.world.standing(above)
        id_ = f"190{next(self._ids):014}"
        self.made[id_] = Container(text=text, above=above)
        return {"id": id_}

    def publish(self, call: Call) -> Json:
        container = self.made.get(call.text("creation_id"))
        if container is None:
            raise errors.not_there(call.text("creation_id"))
        if container.published is not None:
            raise errors.invalid("The container was published already")
        reply = call.world.comment("threads", US, container.text, parent=container.above)
        container.published = reply.id
        return {"id": reply.id}

    def show(self, call: Call) -> Json:
        container = self.made[call.node]
        return {"id": call.node, "status": "PUBLISHED" if container.published else "FINISHED"}

    def limit(self, call: Call) -> Json:
        used = sum(1 for container in self.made.values() if container.published)
        config = {"quota_total": QUOTA, "quota_duration": 86_400}
        return {"data": [{"reply_quota_usage": used, "reply_config": config}]}


def _me(call: Call) -> Json:
    return {"id": THREADS, "username": THREADS_NAME}


def _posts(call: Call) -> Json:
    posts = call.world.posts("threads")
    return page(call, [{"id": p.id, "has_replies": bool(call.world.under(p.id))} for p in posts])


def _node(call: Call) -> Json:
    return _seen(call.world.standing(call.node))


def _conversation(call: Call) -> Json:
    found = call.world.under(call.world.standing(call.node).post)
    if call.text("reverse") != "false":
        found.reverse()
    return page(call, [_seen(one) for one in found])


def _own_replies(call: Call) -> Json:
    found = [
        one
        for one in reversed(call.world.comments.values())
        if one.network == "threads" and one.author == US and not one.is_post and not one.deleted
    ]
    return page(call, [_seen(one) for one in found])


def _manage(call: Call) -> Json:
    if call.world.standing(call.node).parent is not None:
        raise errors.invalid("Only top-level replies can be managed")
    call.world.hide(call.node, on=call.flag("hide"))
    return {"success": True}


def _seen(one: Comment) -> Json:
    mine = one.author == US
    name = THREADS_NAME if mine else one.author
    shown: Json = {
        "id": one.id,
        "username": name,
        "text": one.text,
        "timestamp": iso(one.created_at),
        "permalink": f"https://www.threads.net/@{name}/post/{one.id}",
        "media_type": "TEXT_POST",
        "is_reply_owned_by_me": mine and not one.is_post,
    }
    if not one.is_post:
        shown |= {
            "replied_to": {"id": one.parent or one.post},
            "root_post": {"id": one.post, "owner_id": THREADS, "username": THREADS_NAME},
        }
    return shown
