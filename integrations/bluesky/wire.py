"""The parts of Bluesky's lexicons that are read (app.bsky.*, chat.bsky.*, com.atproto.repo.*).

Our own small models, since one record that the SDK's strict ones refuse would hide a whole page.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from inbox.message import clean

AT_URI = r"^at://did:[a-z]+:[A-Za-z0-9._:%-]+/[A-Za-z0-9.-]+/[A-Za-z0-9._:~-]+$"
DID = r"^did:[a-z]+:[A-Za-z0-9._:%-]+$"
CID = r"^[A-Za-z0-9+=]+$"


def _web(value: object) -> object:
    """A link that may be shown; anything but http and https is nothing."""
    text = clean(value, most=2048) if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else None


def _none_as(empty: object) -> BeforeValidator:
    return BeforeValidator(lambda value: empty if value is None else value)


_Entity = TypeVar("_Entity", bound="Entity")
_Item = TypeVar("_Item")


def _readable(value: object) -> Any:
    """Only the entries of a list that are objects."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


AtUri = Annotated[str, Field(pattern=AT_URI, max_length=400)]
Did = Annotated[str, Field(pattern=DID, max_length=200)]
Cid = Annotated[str, Field(pattern=CID, max_length=120)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:~-]+$", max_length=200)]
Text = Annotated[str, _none_as(""), AfterValidator(lambda value: clean(value, most=500))]
Link = Annotated[str | None, BeforeValidator(_web)]
Many = Annotated[tuple[_Item, ...], BeforeValidator(_readable)]


class Entity(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Strong(Entity):
    """A record in the form in which it was seen (com.atproto.repo.strongRef)."""

    uri: AtUri
    cid: Cid


class Reply(Entity):
    root: Strong
    parent: Strong


class Feature(Entity):
    type: Text = Field(default="", alias="$type")
    did: str | None = None
    uri: Link = None


class Span(Entity):
    """Bytes of the UTF-8 text, the end exclusive."""

    start: int = Field(alias="byteStart", ge=0)
    end: int = Field(alias="byteEnd", ge=0)


class Facet(Entity):
    index: Span
    features: Many[Feature] = ()


class Post(Entity):
    """The record app.bsky.feed.post; `createdAt` is the writer's word and not read."""

    text: str
    facets: Many[dict[str, Any]] = ()
    langs: tuple[Text, ...] | None = None
    reply: Reply | None = None


class Chat(Entity):
    allow: Text = Field(default="", alias="allowIncoming")


class Associated(Entity):
    chat: Chat | None = None


class Relation(Entity):
    """How the author stands to us."""

    blocked_by: bool = Field(default=False, alias="blockedBy")
    followed_by: str | None = Field(default=None, alias="followedBy")


class Label(Entity):
    src: Text = ""
    val: Text = ""


class Verification(Entity):
    status: Text = Field(default="", alias="verifiedStatus")
    trusted: Text = Field(default="", alias="trustedVerifierStatus")


class Actor(Entity):
    did: Did
    handle: Text
    display_name: Text = Field(default="", alias="displayName")
    followers: int | None = Field(default=None, alias="followersCount")
    associated: Associated | None = None
    viewer: Relation | None = None
    verification: Verification | None = None
    labels: Many[Label] = ()


class Notification(Entity):
    uri: AtUri
    cid: Cid
    author: Actor
    reason: Text
    record: Post
    indexed_at: AwareDatetime = Field(alias="indexedAt")


class Picture(Entity):
    fullsize: Link = None
    alt: Text = ""


class Website(Entity):
    uri: Link = None
    title: Text = ""


class Quoted(Entity):
    """A record#view, a #viewRecord, or what stands for one that cannot be seen."""

    uri: str = ""
    value: dict[str, Any] = Field(default_factory=dict)
    record: dict[str, Any] | None = None


class Embed(Entity):
    """Any view of an embed: its own fields say which one it is."""

    images: Many[Picture] = ()
    playlist: Link = None
    alt: Text = ""
    external: Website | None = None
    record: Quoted | None = None
    media: Embed | None = None


class Seen(Entity):
    """What a post view says of us."""

    like: str | None = None
    closed: bool = Field(default=False, alias="replyDisabled")


class PostView(Entity):
    uri: AtUri
    cid: Cid
    author: Actor
    record: Post
    indexed_at: AwareDatetime = Field(alias="indexedAt")
    embed: Any = None
    viewer: Seen | None = None


class Standing(Entity):
    """A record as it stands in a repository."""

    uri: AtUri
    cid: Cid
    value: dict[str, Any]


class Sender(Entity):
    did: Did


class ChatMessage(Entity):
    """A messageView; a deletedMessageView has no text."""

    id: Id
    rev: Id
    sender: Sender
    sent_at: AwareDatetime = Field(alias="sentAt")
    text: str | None = None
    facets: Many[dict[str, Any]] = ()
    embed: Any = None


class LogEntry(Entity):
    type: Text = Field(alias="$type")
    rev: Id
    convo: Id | None = Field(default=None, alias="convoId")
    message: Any = None


class Convo(Entity):
    id: Id
    rev: Id = ""
    members: tuple[Actor, ...]
    status: Text = ""
    kind: Any = None

    @property
    def group(self) -> bool:
        kind = self.kind.get("$type", "") if isinstance(self.kind, dict) else ""
        return "group" in kind or len(self.members) > 2


def many(answer: dict[str, Any], name: str) -> list[Any]:
    """A list of an answer, empty where it is none."""
    found = answer.get(name)
    return found if isinstance(found, list) else []


def readable(model: type[_Entity], value: object) -> _Entity | None:
    """The entity, None where it is not of its documented form."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None
