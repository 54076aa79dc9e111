"""Webhooks of the forum: what they say is taken at once, where it needs no further question.

The poller brings every new post as well; what arrives twice counts once.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pydantic import ValidationError

from inbox.errors import BadPayload, Unverified
from inbox.message import Deleted, Edited, Event, Posted
from inbox.ports import Request
from integrations.discourse.community import Part, Reading, Starters, echo
from integrations.discourse.convert import Forum, edited_at, to_message
from integrations.discourse.wire import Number, Post

SIGNATURE = "x-discourse-event-signature"
EVENT = "x-discourse-event"
REGULAR, PRIVATE = "regular", "private_message"


class Receiver:
    """Raises ValueError for an empty secret, which anyone could sign with."""

    def __init__(
        self, reading: Reading, starters: Starters, secret: bytes, *, wait: timedelta
    ) -> None:
        if not secret:
            raise ValueError("the secret is empty")
        self._reading = reading
        self._starters = starters
        self._secret = secret
        self._wait = wait

    @property
    def _forum(self) -> Forum:
        return self._reading.forum

    def verify(self, request: Request) -> None:
        expected = f"sha256={hmac.digest(self._secret, request.body, 'sha256').hex()}"
        given = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise Unverified("The signature does not fit.")

    def parse(self, request: Request) -> Sequence[Event]:
        body = _object(request.body)
        match request.headers.get(EVENT, ""):
            case "post_created":
                return self._created(_post(body))
            case "post_edited":
                return self._edited(_post(body))
            case "post_destroyed":
                ref = self._forum.post(*_post(body).place)
                return [Deleted(ref=ref, at=request.received_at)]
            case "topic_destroyed":
                ref = self._forum.post(_topic(body), 1)
                return [Deleted(ref=ref, at=request.received_at)]
        return ()

    def _created(self, post: Post) -> Sequence[Event]:
        """What is a question only after a while, or depends on who began the topic, is polled."""
        if post.topic_archetype == PRIVATE:
            return self._letter(post)
        if post.topic_archetype != REGULAR:
            return ()
        self._starters.saw(post)
        known = self._starters.known(post.topic_id)
        part = self._reading.part(post, lambda _: int(known.ref.id) if known else None)
        if part is Part.ANSWER:
            return [echo(post, self._forum, known)]
        now = part is Part.ASKED or (part is Part.QUESTION and not self._wait)
        return [Posted(message=to_message(post, self._forum))] if now else ()

    def _letter(self, post: Post) -> Sequence[Event]:
        theirs = not self._forum.mine(post) and not self._forum.staff(post)
        if not theirs or not replace(self._reading, categories=frozenset()).counts(post):
            return ()
        return [Posted(message=to_message(post, self._forum, private_of=post.user_id))]

    def _edited(self, post: Post) -> Sequence[Event]:
        at = edited_at(post)
        if at is None or post.topic_archetype not in (REGULAR, PRIVATE) or self._forum.mine(post):
            return ()
        private_of = post.user_id if post.topic_archetype == PRIVATE else None
        return [Edited(message=to_message(post, self._forum, private_of=private_of), at=at)]


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise BadPayload("body", "is not JSON") from None
    if not isinstance(found, dict):
        raise BadPayload("body", "is not an object")
    return found


def _post(body: dict[str, object]) -> Post:
    try:
        return Post.model_validate(body.get("post"))
    except ValidationError as error:
        where = ".".join(("post", *(str(part) for part in error.errors()[0]["loc"])))
        raise BadPayload(where, str(error.errors()[0]["type"])) from None


def _topic(body: dict[str, object]) -> Number:
    topic = body.get("topic")
    found = topic.get("id") if isinstance(topic, dict) else None
    if not isinstance(found, int) or found < 1:
        raise BadPayload("topic.id", "is missing or not a number")
    return found
