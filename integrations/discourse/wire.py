"""The parts of Discourse's JSON that are read (post_serializer.rb, topic_view_serializer.rb)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

from inbox.message import clean

REGULAR = 1
"""The post type of what people write; others are actions of moderators and whispers among staff."""


def _or_empty(value: object) -> object:
    return "" if value is None else value


Text = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=500))
]
Number = Annotated[int, Field(ge=1, le=2**53)]


class Entity(BaseModel):
    model_config = ConfigDict(frozen=True)


class Person(Entity):
    id: int
    username: Text
    name: Text = ""


class Summary(Entity):
    """What was done to a post; `acted`: by us."""

    id: int
    acted: bool = False


class Post(Entity):
    id: Number
    topic_id: Number
    post_number: Number
    post_type: int = REGULAR
    user_id: int
    username: Text
    name: Text = ""
    cooked: str
    raw: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    version: int = 1
    topic_title: Text = ""
    topic_archetype: Text = ""
    category_id: int | None = None
    reply_to_post_number: Number | None = None
    reply_to_user: dict[str, Any] | None = None
    staff: bool = False
    trust_level: int | None = None
    hidden: bool = False
    deleted_at: AwareDatetime | None = None
    user_deleted: bool = False
    topic_accepted_answer: bool = False
    actions_summary: tuple[Summary, ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        return self.topic_id, self.post_number

    @property
    def gone(self) -> bool:
        return self.deleted_at is not None or self.user_deleted

    @property
    def answered(self) -> str:
        """The username of whom it answers, "" where it answers the topic."""
        found = (self.reply_to_user or {}).get("username")
        return found if isinstance(found, str) else ""


class Group(Entity):
    name: Text = ""


class Details(Entity):
    allowed_users: tuple[Person, ...] = ()
    allowed_groups: tuple[Group, ...] = ()


class Stream(Entity):
    posts: tuple[dict[str, Any], ...] = ()


class Topic(Entity):
    id: Number
    title: Text
    archetype: Text = ""
    post_stream: Stream = Stream()
    details: Details = Details()
