"""How this team's desk is set up: tiers, teams, channels, hours. Built from the settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from inbox.clearance import NOTHING, Clearance
from inbox.decision import Articles
from inbox.message import Account


class Channel(Struct, frozen=True, kw_only=True):
    """A Slack channel: `id` is Slack's own (C…), `key` its name in the settings."""

    key: str
    id: str
    clearance: Clearance = NOTHING
    private: bool = False


class Team(Struct, frozen=True, kw_only=True):
    """The people of a tier; `members` are Slack user ids, `usergroup` a Slack group id."""

    key: str
    name: str
    members: tuple[str, ...] = ()
    usergroup: str | None = None


class Tier(Struct, frozen=True, kw_only=True):
    """One step of care. `channel` is None for a tier that no person works (self-service).

    `helpdesk` is where a case gets a ticket that an agent moves to this tier.
    """

    number: int
    name: str
    team: str | None = None
    channel: str | None = None
    private: bool = False
    answer_within: timedelta | None = None
    helpdesk: str | None = None


class Back(StrEnum):
    """What becomes of a helpdesk's answer that is meant for the customer."""

    RELAY = "relay"
    SHOW = "show"
    NONE = "none"


class Solved(StrEnum):
    """What becomes of a case whose ticket is solved in the helpdesk."""

    CLOSE = "close"
    ASK = "ask"


class HelpdeskPolicy(Struct, frozen=True, kw_only=True):
    """How this team works with one helpdesk; `name` is its key in the settings.

    `clearance` is what the helpdesk may see. `mirror`: status, priority and owner of a case and
    its ticket follow each other. `agents` maps Slack user ids to the helpdesk's own names.
    """

    name: str
    clearance: Clearance = NOTHING
    back: Back = Back.SHOW
    solved: Solved = Solved.ASK
    mirror: bool = True
    agents: Mapping[str, str] = field(default_factory=dict)

    def user_of(self, assignee: str | None) -> str | None:
        """The Slack user whom the helpdesk calls so."""
        return next((user for user, name in self.agents.items() if name == assignee), None)


class Hours(Struct, frozen=True, kw_only=True):
    """Business hours: opening and closing times by weekday (Monday is 0), in `zone`."""

    zone: ZoneInfo
    week: Mapping[int, tuple[tuple[time, time], ...]]
    closed_on: frozenset[str] = frozenset()

    def open_at(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        if self.closed_on and local.date().isoformat() in self.closed_on:
            return False
        time = local.time()
        return any(a <= time < b for a, b in self.week.get(local.weekday(), ()))

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of this time lies within business hours; all of it where there are none."""
        if not self.week:
            return max(timedelta(0), end - start)
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        whole = timedelta(0)
        while day <= last:
            for a, b in self._open_on(day):
                whole += max(timedelta(0), min(end, b) - max(start, a))
            day += timedelta(days=1)
        return whole

    def _open_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """In UTC, in which a day has the length that it has."""
        if day.isoformat() not in self.closed_on:
            for a, b in self.week.get(day.weekday(), ()):
                opens, closes = (datetime.combine(day, t, self.zone) for t in (a, b))
                yield opens.astimezone(UTC), closes.astimezone(UTC)


class Desk(Struct, frozen=True, kw_only=True):
    """The whole desk.

    `join_within`: a new mention of an author with an open case joins it within this time.
    `reopen_within`: later than this after closing, a message opens a new, linked case.
    `automatic_gap`: at most one automatic answer per case in this time.
    `closing_topics`: a message about nothing else does not reopen a case.
    `own_contacts`: the brand's own numbers and addresses, which may stand in a public reply.
    `articles`: what the knowledge base may do on an account, at most.
    `workspaces`: Slack's ids of other workspaces and organisations whose people work here, too.
    """

    tiers: Mapping[int, Tier]
    channels: Mapping[str, Channel]
    teams: Mapping[str, Team]
    hours: Hours
    watch: str | None = None
    operations: str | None = None
    vips: frozenset[str] = frozenset()
    join_within: timedelta = timedelta(hours=24)
    reopen_within: timedelta = timedelta(days=7)
    automatic_gap: timedelta = timedelta(hours=1)
    resolutions: tuple[str, ...] = ("answered", "no reply needed", "duplicate", "spam")
    closing_topics: frozenset[str] = frozenset({"thanks"})
    own_contacts: frozenset[str] = frozenset()
    articles: Mapping[Account, Articles] = field(default_factory=dict)
    helpdesks: Mapping[str, HelpdeskPolicy] = field(default_factory=dict)
    workspaces: frozenset[str] = frozenset()

    def articles_at(self, account: Account, asked: Articles) -> Articles:
        """What a rule asks of the knowledge base, as far as the account lets it."""
        return min(asked, self.articles.get(account, Articles.SUGGEST), key=lambda a: a.rank)

    def self_service(self) -> Tier | None:
        """The tier that nobody works; None where the desk has none."""
        return next((t for t in self.tiers.values() if t.channel is None), None)

    def person_tier(self) -> Tier:
        """The first tier that people work: where everything undecided goes."""
        return min((t for t in self.tiers.values() if t.channel), key=lambda t: t.number)

    def private_tier(self) -> Tier | None:
        """The first tier that is worked in a private channel."""
        private = [t for t in self.tiers.values() if t.private and t.channel]
        return min(private, key=lambda t: t.number) if private else None

    def tier_above(self, number: int) -> Tier | None:
        above = [t for t in self.tiers.values() if t.number > number and t.channel]
        return min(above, key=lambda t: t.number) if above else None

    def is_private(self, channel: str, tier: int) -> bool:
        """Whether what is worked there is for the members of that channel alone."""
        home, worked = self.channels.get(channel), self.tiers.get(tier)
        return home is None or home.private or (worked is not None and worked.private)

    def worked_in_private(self, channel: str) -> bool:
        """Whether the settings call this channel private, or a tier that is worked there."""
        home = self.channels.get(channel)
        return bool(home and home.private) or self.has_private_matters(channel)

    def has_private_matters(self, channel: str) -> bool:
        """Whether a private tier is worked there, so that its members may read such messages."""
        homes = (tier.channel for tier in self.tiers.values() if tier.private)
        return channel in self.channels and channel in homes

    def names(self, user: str) -> bool:
        """Whether the settings count this Slack user among the people of a team."""
        return any(user in team.members for team in self.teams.values())

    def key_of(self, channel_id: str) -> str | None:
        """The settings' name of a Slack channel."""
        return next((c.key for c in self.channels.values() if c.id == channel_id), None)

    def team_of(self, tier: int | None, named: str | None) -> str | None:
        """Key of the team that has what stands at a tier: the named one, else the tier's own."""
        home = None if tier is None else self.tiers.get(tier)
        return named or (home.team if home else None)

    def channel_of(self, tier: int) -> str:
        """Key of the channel where a tier's cases are worked."""
        home = self.tiers.get(tier)
        return (home.channel if home else None) or self.person_tier().channel or ""

    def clearance_of(self, key: str) -> Clearance:
        channel = self.channels.get(key)
        return channel.clearance if channel else NOTHING
