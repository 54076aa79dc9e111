"""The form of tierdesk.yaml: every key, its type and its default."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ByteSize, ConfigDict, Field, StringConstraints, model_validator

from inbox.clearance import DataClass
from inbox.desk import Back, Solved
from inbox.knowledge import Certainty
from tierdesk.settings_values import (
    Address,
    Day,
    Duration,
    HoursSpan,
    Language,
    OfAMinute,
    Pattern,
    Region,
    SlackId,
    Within,
    Zone,
)

Name = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=80)
]
Key = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


class Block(BaseModel):
    """A block of keys. An unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, data: object) -> object:
        """A key whose lines are all commented out is as good as not there."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None}


class Slack(Block):
    mode: Literal["socket", "http"] = "socket"
    api_base: Address = "https://slack.com/api/"
    workspaces: tuple[SlackId, ...] = ()


class Database(Block):
    path: Name = "tierdesk.db"


class Web(Block):
    host: Name = "127.0.0.1"
    port: Annotated[int, Field(strict=True, ge=0, le=65_535)] = 8080
    max_body: Annotated[ByteSize, Field(ge=1024, le=100_000_000)] = ByteSize(1_000_000)
    public_url: Address | None = None


class Tier(Block):
    name: Name
    team: Key | None = None
    channel: Key | None = None
    private: Annotated[bool, Field(strict=True)] = False
    answer_within: Duration | None = None
    helpdesk: Key | None = None


class Team(Block):
    name: Name
    members: tuple[SlackId, ...] = ()
    usergroup: SlackId | None = None


class Channel(Block):
    id: SlackId
    clearance: Key | None = None
    private: Annotated[bool, Field(strict=True)] = False


class Helpdesk(Block):
    """What every helpdesk has; its kind's own keys are read by its integration."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)

    kind: Name
    poll_every: Duration | None = None
    clearance: Key | None = None
    back: Back = Back.SHOW
    solved: Solved = Solved.ASK
    mirror: Annotated[bool, Field(strict=True)] = True
    agents: dict[SlackId, Name] = {}


class Hours(Block):
    zone: Zone
    monday: tuple[HoursSpan, ...] = ()
    tuesday: tuple[HoursSpan, ...] = ()
    wednesday: tuple[HoursSpan, ...] = ()
    thursday: tuple[HoursSpan, ...] = ()
    friday: tuple[HoursSpan, ...] = ()
    saturday: tuple[HoursSpan, ...] = ()
    sunday: tuple[HoursSpan, ...] = ()
    closed_on: tuple[Day, ...] = ()


class Cases(Block):
    join_within: Within = timedelta(hours=24)
    reopen_within: Duration = timedelta(days=7)
    automatic_gap: Duration = timedelta(hours=1)
    resolutions: Annotated[tuple[Name, ...], Field(min_length=1)] = (
        "answered",
        "no reply needed",
        "duplicate",
        "spam",
    )
    closing_topics: tuple[Key, ...] = ("thanks",)


class Semantic(Block):
    enabled: Annotated[bool, Field(strict=True)] = False
    cpu: OfAMinute = timedelta(seconds=10)


class Detection(Block):
    phone_regions: tuple[Region, ...] = ()
    order_numbers: tuple[Pattern, ...] = ()
    model: Annotated[bool, Field(strict=True)] = True
    semantic: Semantic = Semantic()


Share = Annotated[float, Field(ge=0, le=1)]


class Knowledge(Block):
    threshold: Annotated[Share, Field(gt=0)] = Certainty().threshold
    margin: Share = Certainty().margin
    suggest: Share = Certainty().suggest
    address: Address | None = None
    stale_after: Duration = timedelta(days=180)


class Polling(Block):
    every: Duration = timedelta(seconds=30)
    look_again: Duration = timedelta(minutes=2)


class Retention(Block):
    remembered: Duration = timedelta(days=30)
    delivered: Duration = timedelta(days=90)
    cases: Duration | None = None


class File(Block):
    """tierdesk.yaml as a whole. The keys of each account are read by its integration."""

    brand: Name
    slack: Slack = Slack()
    database: Database = Database()
    web: Web = Web()
    accounts: dict[Key, dict[str, object]] = {}
    helpdesks: dict[Key, Helpdesk] = {}
    channels: dict[Key, Channel] = {}
    clearances: dict[Key, tuple[DataClass, ...]] = {}
    teams: dict[Key, Team] = {}
    tiers: dict[Annotated[int, Field(ge=0, le=9)], Tier] = {}
    watch: Key | None = None
    operations: Key | None = None
    vips: tuple[Name, ...] = ()
    own_contacts: tuple[Name, ...] = ()
    languages: tuple[Language, ...] = ()
    hours: Hours
    cases: Cases = Cases()
    detection: Detection = Detection()
    knowledge: Knowledge = Knowledge()
    polling: Polling = Polling()
    retention: Retention = Retention()
