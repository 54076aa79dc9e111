"""Comments as Instagram sends and shows them (Instagram Platform: "Webhooks", "IG Comment")."""

from __future__ import annotations

from pydantic import Field

from integrations.meta.webhook import Id, Part
from integrations.meta.wire import Moment


class Commenter(Part):
    """`self_ig_scoped_id` is the number of an account of ours that comments."""

    id: Id
    username: str = ""
    self_ig_scoped_id: Id | None = None


class Media(Part):
    id: Id
    media_product_type: str = ""


class CommentValue(Part):
    """A new comment; Instagram tells neither when it was written nor of edits and deletions."""

    id: Id
    sender: Commenter
    text: str = ""
    media: Media
    parent_id: Id | None = None


class Comment(Part):
    """A comment as `GET` shows it."""

    id: Id
    sender: Commenter | None = Field(default=None, alias="from")
    username: str = ""
    text: str = ""
    timestamp: Moment
    parent_id: Id | None = None


FIELDS = "id,from,username,text,timestamp,parent_id"
