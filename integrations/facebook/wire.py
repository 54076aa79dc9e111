"""Comments and posts of a Page as Meta sends and shows them (Webhooks: "Page", field `feed`)."""

from __future__ import annotations

from pydantic import Field

from integrations.meta.webhook import Id, Part
from integrations.meta.wire import Moment


class Writer(Part):
    """Left out by Meta for people whom the app may not know."""

    id: Id
    name: str = ""


class Permalink(Part):
    permalink_url: str | None = None


class FeedValue(Part):
    """One thing that happened under a Page: `item` comment, post, status, photo, video, reaction
    and others; `verb` add, edited, remove, hide, unhide.
    """

    item: str
    verb: str
    post_id: Id | None = None
    comment_id: Id | None = None
    parent_id: Id | None = None
    sender: Writer | None = None
    message: str = ""
    created_time: Moment | None = None
    photo: str | None = None
    video: str | None = None
    link: str | None = None
    post: Permalink | None = None


class Parent(Part):
    id: Id


class Picture(Part):
    src: str | None = None


class Medium(Part):
    image: Picture | None = None


class Shown(Part):
    """What a comment holds beside its text."""

    type: str = "share"
    url: str | None = None
    title: str | None = None
    media: Medium | None = None


class Comment(Part):
    """A comment as `GET` shows it (Graph API: "Comment")."""

    id: Id
    sender: Writer | None = Field(default=None, alias="from")
    message: str = ""
    parent: Parent | None = None
    created_time: Moment
    permalink_url: str | None = None
    attachment: Shown | None = None


FIELDS = "id,from,message,parent,created_time,permalink_url,attachment"
