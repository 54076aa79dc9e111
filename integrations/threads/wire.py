"""Replies as Threads sends and shows them (Threads API: "Webhooks", "Reply Management")."""

from __future__ import annotations

from typing import Any

from integrations.meta.webhook import Id, Part
from integrations.meta.wire import Moment


class Above(Part):
    id: Id


class Root(Part):
    id: Id
    owner_id: Id | None = None
    username: str | None = None


class Reply(Part):
    """Of its author Threads tells the name alone."""

    id: Id
    username: str = ""
    text: str = ""
    timestamp: Moment
    permalink: str | None = None
    media_type: str = ""
    media_url: str | None = None
    replied_to: Above | None = None
    root_post: Root | None = None
    is_reply_owned_by_me: bool | None = None
    is_verified: bool | None = None


class Told(Part):
    field: str
    value: dict[str, Any]


class Notice(Part):
    """A webhook of Threads: flat, one event each."""

    target_id: Id | None = None
    values: Told


FIELDS = (
    "id,username,text,timestamp,permalink,media_type,media_url,replied_to,root_post,"
    "is_reply_owned_by_me,is_verified"
)
