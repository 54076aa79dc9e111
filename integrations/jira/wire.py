"""The parts of Jira's JSON that are read (developer.atlassian.com, "Jira Cloud platform", v3)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

from inbox.message import clean


def _or_empty(value: object) -> Any:
    return "" if value is None else value


Name = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=200))
]


class User(BaseModel):
    account_id: Name = Field(default="", alias="accountId")
    kind: Name = Field(default="", alias="accountType")
    name: Name = Field(default="", alias="displayName")
    email: Name = Field(default="", alias="emailAddress")

    @property
    def known_as(self) -> str:
        """Jira's cloud shows an address only where its owner allows it."""
        return self.email or self.name


class Named(BaseModel):
    name: Name = ""


class Fields(BaseModel):
    status: Named
    priority: Named | None = None
    assignee: User | None = None
    labels: tuple[str, ...] = ()
    updated: AwareDatetime


class Issue(BaseModel):
    id: int
    key: Name
    fields: Fields


class Made(BaseModel):
    id: int
    key: Name


class Transition(BaseModel):
    id: Name
    to: Named


class Property(BaseModel):
    key: Name
    value: Any = None


class Comment(BaseModel):
    """`public`: whether the customer may see it."""

    id: int
    author: User = User()
    body: Any = None
    public: bool = Field(default=False, alias="jsdPublic")
    created: AwareDatetime
    properties: tuple[Property, ...] = ()


# --- what a webhook tells ----------------------------------------------------------------


class IssueKey(BaseModel):
    key: Name


class Told(BaseModel):
    event: Name = Field(alias="webhookEvent")
    issue: IssueKey
    comment: Comment | None = None
    user: User | None = None
    timestamp: int | None = Field(default=None, ge=0, le=10**14)
