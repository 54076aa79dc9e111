"""The parts of YouTube's comments that are read (youtube.v3, "commentThreads", "comments")."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from inbox.message import clean
from integrations.http import CamelPart, Entries, wrong_field

log = logging.getLogger(__name__)


def _line(value: object) -> object:
    return clean(value, most=500) if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\s/\x00]+$")]
Line = Annotated[str, BeforeValidator(_line)]


class Channel(CamelPart):
    value: Id


class Said(CamelPart):
    """`text_display` is plain because it is asked for so; `text_original` only the owner sees."""

    author_display_name: Line = ""
    author_channel_url: Line = ""
    author_channel_id: Channel | None = None
    text_display: str = ""
    text_original: str | None = None
    parent_id: Id | None = None
    video_id: Id | None = None
    published_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    moderation_status: str | None = None


class Comment(CamelPart):
    id: Id
    snippet: Said


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError as error:
        log.warning("a comment cannot be read: %s is not as documented", wrong_field(error))
        return None


class Standing(CamelPart):
    """A comment that was asked for by its id: also where it cannot be read it is not deleted."""

    id: Id
    snippet: Annotated[Said | None, WrapValidator(_or_none)] = None

    def comment(self) -> Comment | None:
        return Comment(id=self.id, snippet=self.snippet) if self.snippet else None


class Found(CamelPart):
    items: tuple[Standing, ...] = ()


class About(CamelPart):
    top_level_comment: Comment
    video_id: Id | None = None
    can_reply: bool = True
    total_reply_count: int = 0


class Replies(CamelPart):
    comments: Entries[Comment] = ()


class Thread(CamelPart):
    """`replies` may be fewer than `total_reply_count` says."""

    id: Id
    snippet: About
    replies: Replies = Replies()


class Threads(CamelPart):
    items: Entries[Thread] = ()
    next_page_token: str | None = None


class Comments(CamelPart):
    """Where one that is missing would mislead: it would count as not yet sent."""

    items: tuple[Comment, ...] = ()
    next_page_token: str | None = None


class NewComments(Comments):
    """Where one that cannot be read must hold up none beside it."""

    items: Entries[Comment] = ()


class Mine(CamelPart):
    """A channel of the token's person."""

    id: Id
