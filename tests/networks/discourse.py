"""A small Discourse forum on loopback, strict where the real one is.

Source of every rule: posts_controller.rb, latest_posts_query.rb, post_serializer.rb,
web_hook_post_serializer.rb, and the documentation of the API.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.ports import Request
from sandbox.faults import Faults, perform

KEY = "a-key-of-the-forum"
SECRET = "a-secret-of-the-webhook"
BRAND, ANA, TOM, NINA, OLGA, SUE = "brightleaf", "ana", "tom", "nina", "olga", "sue"
PEOPLE = {
    name: {"id": number, "username": name, "name": name.title(), "staff": staff, "trust_level": t}
    for name, number, staff, t in (
        (BRAND, 5, False, 2),
        (ANA, 11, False, 1),
        (TOM, 12, False, 1),
        (NINA, 15, False, 1),
        (OLGA, 13, False, 3),  # a regular, whom the community trusts
        (SUE, 14, True, 4),  # a moderator
    )
}
Json = dict[str, Any]


class Refused(Exception):
    def __init__(self, status: int, body: Json) -> None:
        super().__init__(str(status))
        self.answer = JSONResponse(body, status)


def forbidden() -> Refused:
    return Refused(403, {"errors": ["You are not permitted"], "error_type": "invalid_access"})


def not_found() -> Refused:
    return Refused(404, {"errors": ["Not there"], "error_type": "not_found"})


def refusal(*errors: str) -> Refused:
    return Refused(422, {"action": "create_post", "errors": list(errors)})


@dataclass
class Topic:
    id: int
    title: str
    readers: frozenset[str]
    closed: bool = False
    solved: bool = False
    external_id: str | None = None

    @property
    def private(self) -> bool:
        return bool(self.readers)


@dataclass
class Discourse:
    """Everybody's posts have growing ids. `queue` is what the webhook would send."""

    faults: Faults = field(default_factory=Faults)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    least: int = 20
    topics: dict[int, Topic] = field(default_factory=dict)
    posts: dict[int, Json] = field(default_factory=dict)
    liked: set[int] = field(default_factory=set)
    queue: list[Request] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    extra: list[Json] = field(default_factory=list)
    held: bool = False
    with_it: bool = False
    """Older forums list the post of `before`, too (posts_controller.rb: `posts.id <= ?`)."""

    def __post_init__(self) -> None:
        self._answers: dict[str, tuple[datetime, Json]] = {}

    # --- people ----------------------------------------------------------------------------

    def topic(self, text: str, who: str = ANA, *, title: str = "", to: str = "", **m: Any) -> Json:
        """Begin a topic, or with `to` a personal message; its first post."""
        words = title or " ".join(text.split())[:60]
        readers = frozenset({who, *to.split(",")}) if to else frozenset()
        topic = Topic(len(self.topics) + 1, words, readers)
        self.topics[topic.id] = topic
        return self.reply(topic.id, text, who, **m)

    def reply(
        self, topic: int, text: str, who: str = ANA, *, to: int | None = None, **m: Any
    ) -> Json:
        number = 1 + max((p["post_number"] for p in self._in(topic)), default=0)
        person, now = PEOPLE[who], _iso(self.clock())
        known = {key: value for key, value in person.items() if key != "id"}
        post = {
            **known,
            "id": 100 + len(self.posts),
            "user_id": person["id"],
            "topic_id": topic,
            "topic_slug": "a-topic",
            "post_number": number,
            "post_type": 1,
            "raw": text,
            "cooked": _cooked(text),
            "created_at": now,
            "updated_at": now,
            "version": 1,
            "reply_to_post_number": to,
            "category_id": 4,
            "hidden": False,
            "user_deleted": False,
            "deleted_at": None,
            **m,
        }
        if to is not None:
            answered = next(p for p in self._in(topic) if p["post_number"] == to)
            post["reply_to_user"] = {"username": answered["username"], "name": ""}
        self.posts[post["id"]] = post
        self._tell("post_created", post)
        return post

    def edit(self, post: Json, text: str) -> None:
        later = {"raw": text, "cooked": _cooked(text), "updated_at": _iso(self.clock())}
        post.update(later, version=post["version"] + 1)
        self._tell("post_edited", post)

    def delete(self, post: Json) -> None:
        post["deleted_at"] = _iso(self.clock())
        self._tell("post_destroyed", post)

    def at(self, place: str) -> Json:
        """The post of this topic and number."""
        topic, number = map(int, place.split("/"))
        return next(p for p in self._in(topic) if p["post_number"] == number)

    def solve(self, topic: int) -> None:
        self.topics[topic].solved = True

    def _in(self, topic: int) -> list[Json]:
        return [post for post in self.posts.values() if post["topic_id"] == topic]

    def _tell(self, event: str, post: Json) -> None:
        self.queue.append(signed(event, {"post": self._told(post)}))

    def _told(self, post: Json) -> Json:
        topic = self.topics[post["topic_id"]]
        archetype = "private_message" if topic.private else "regular"
        return {**self._shown(post), "topic_title": topic.title, "topic_archetype": archetype}

    # --- the server ------------------------------------------------------------------------

    @property
    def routes(self) -> list[Route]:
        return [Route("/{path:path}", self._serve, methods=["GET", "POST", "DELETE"])]

    async def _serve(self, request: HttpRequest) -> Response:
        body = await request.body()
        path = "/" + request.path_params["path"]
        self.calls.append(f"{request.method} {path}")

        async def work() -> Response:
            try:
                answer = self._answer(request, path, json.loads(body) if body else {})
            except Refused as refused:
                return refused.answer
            return JSONResponse(answer)

        def limited(seconds: float) -> Response:
            extras = {"wait_seconds": int(seconds), "time_left": "a while"}
            body = {"errors": ["too many times"], "error_type": "rate_limit", "extras": extras}
            return JSONResponse(body, 429)

        name = "send" if (request.method, path) == ("POST", "/posts.json") else path
        return await perform(self.faults.take("network", name), work, limited)

    def _answer(self, request: HttpRequest, path: str, body: Json) -> Json:
        given = (request.headers.get("api-key"), request.headers.get("api-username"))
        if given != (KEY, BRAND):
            raise forbidden()
        parts = path.strip("/").removesuffix(".json").split("/")
        query = request.query_params
        match request.method, parts:
            case "GET", ["session", "current"]:
                return {"current_user": {**PEOPLE[BRAND], "unread_notifications": 0}}
            case "GET", ["posts"]:
                return {"latest_posts": self._latest(query.get("before"), private=False)}
            case "GET", ["private-posts"]:
                return {"private_posts": self._latest(query.get("before"), private=True)}
            case "GET", ["posts", "by_number", topic, number]:
                return self._shown(self._visible(int(topic), int(number)))
            case "GET", ["t", topic]:
                return self._topic(int(topic))
            case "POST", ["posts"]:
                return self._memoized(body)
            case "POST", ["post_actions"]:
                return self._act(body["id"], body["post_action_type_id"])
            case "DELETE", ["post_actions", id_]:
                return self._undo(int(id_), query["post_action_type_id"])
        raise not_found()

    def _latest(self, before: str | None, *, private: bool) -> list[Json]:
        """At most 50, ids below `before`, the newest first; a topic's title with each."""
        found = [
            {**self._shown(post), "topic_title": self.topics[post["topic_id"]].title}
            for post in self.posts.values()
            if not post["deleted_at"] and not post["hidden"]
            if self._readable(self.topics[post["topic_id"]], private=private)
        ]
        found += [] if private else self.extra
        found.sort(key=lambda post: -int(post["id"]))
        end = None if before is None else int(before) + self.with_it
        return [post for post in found if end is None or post["id"] < end][:50]

    def _readable(self, topic: Topic, *, private: bool) -> bool:
        return topic.private == private and (not private or BRAND in topic.readers)

    def _visible(self, topic: int, number: int) -> Json:
        known = self.topics.get(topic)
        found = [p for p in self._in(topic) if p["post_number"] == number and not p["deleted_at"]]
        if known is None or not found:
            raise not_found()
        if known.private and BRAND not in known.readers:
            raise forbidden()
        return found[0]

    def _shown(self, post: Json) -> Json:
        acted = {"acted": True, "can_undo": True} if post["id"] in self.liked else {"can_act": True}
        return {
            **post,
            "topic_accepted_answer": self.topics[post["topic_id"]].solved,
            "actions_summary": [{"id": 2, "count": 1, **acted}, {"id": 3, "can_act": True}],
        }

    def _topic(self, id_: int) -> Json:
        first = self._visible(id_, 1)
        topic = self.topics[id_]
        readers = [{k: PEOPLE[n][k] for k in ("id", "username", "name")} for n in topic.readers]
        stand = [post for post in self._in(id_) if not post["deleted_at"]]
        return {
            "id": id_,
            "title": topic.title,
            "archetype": "private_message" if topic.private else "regular",
            "user_id": first["user_id"],
            "post_stream": {
                "posts": [self._shown(post) for post in stand[:20]],
                "stream": [post["id"] for post in stand],
            },
            "details": {"allowed_users": readers, "allowed_groups": []} if readers else {},
        }

    def _memoized(self, body: Json) -> Json:
        """The same request of an API key makes one post in two minutes."""
        signature = json.dumps(body, sort_keys=True)
        known = self._answers.get(signature)
        if known is None or self.clock() - known[0] > timedelta(seconds=120):
            known = self._answers[signature] = (self.clock(), self._created(body))
        return known[1]

    def _created(self, body: Json) -> Json:
        text = body["raw"].strip()
        if not self.least <= len(text) <= 32_000:
            raise refusal(f"Body is too short or too long: {text}")
        if self.held:
            return {"action": "enqueued", "success": True, "pending_count": 1}
        if "topic_id" in body:
            topic = self.topics.get(body["topic_id"])
            if topic is None or topic.closed or (topic.private and BRAND not in topic.readers):
                raise forbidden()
            to = body.get("reply_to_post_number")
            return self._shown(self.reply(topic.id, text, BRAND, to=to if to != 1 else None))
        return self._shown(self._letter(body, text))

    def _letter(self, body: Json, text: str) -> Json:
        known = {topic.external_id for topic in self.topics.values()}
        good = body["archetype"] == "private_message" and len(body["title"]) >= 2
        if not good or body.get("external_id") in known - {None}:
            raise refusal("Title is too short, or the external id is taken")
        if body["target_recipients"] not in PEOPLE:
            raise refusal("You must select a valid user")
        post = self.topic(text, BRAND, title=body["title"], to=body["target_recipients"])
        self.topics[post["topic_id"]].external_id = body.get("external_id")
        return post

    def _act(self, id_: int, action: int) -> Json:
        if id_ not in self.posts or id_ in self.liked or action != 2:
            raise forbidden()
        self.liked.add(id_)
        return self._shown(self.posts[id_])

    def _undo(self, id_: int, action: str) -> Json:
        if id_ not in self.liked or action != "2":
            raise not_found()
        self.liked.remove(id_)
        return self._shown(self.posts[id_])


def signed(event: str, payload: Json, secret: str = SECRET) -> Request:
    """A delivery of the webhook."""
    body = json.dumps(payload).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-discourse-instance": "https://forum.example",
        "x-discourse-event-id": "77",
        "x-discourse-event-type": event.partition("_")[0],
        "x-discourse-event": event,
        "x-discourse-event-signature": f"sha256={digest}",
    }
    now = datetime.now(UTC)
    return Request(method="POST", query={}, headers=headers, body=body, received_at=now)


def _cooked(text: str) -> str:
    lines = html.escape(text.replace("\x00", ""), quote=False).split("\n")
    words = "<br>\n".join(lines)
    for name in PEOPLE:
        words = words.replace(f"@{name}", f'<a class="mention" href="/u/{name}">@{name}</a>')
    return f"<p>{words}</p>"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
