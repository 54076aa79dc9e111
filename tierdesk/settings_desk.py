"""From the form of the settings to the desk, with the checks that need more than one key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from itertools import pairwise

from inbox.clearance import NOTHING, Clearance, DataClass
from inbox.desk import Channel, Desk, HelpdeskPolicy, Hours, Team, Tier
from inbox.problem import Problem
from router.document import Document, Where
from router.faults import did_you_mean
from tierdesk import settings_shape as shape
from tierdesk.settings_accounts import AccountSettings

NEVER_PUBLIC = frozenset({DataClass.CARD, DataClass.CREDENTIAL})
"""What a Slack channel that anybody can join may never show."""

_SERVER = "https://mastodon.example"

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def build_desk(file: shape.File, accounts: Mapping[str, AccountSettings]) -> Desk:
    """The desk of a form that has passed `desk_problems`, with what its accounts allow."""
    clearances = {
        key: Clearance(name=key, shows=frozenset(classes))
        for key, classes in file.clearances.items()
    }
    return Desk(
        tiers={number: _tier(number, tier) for number, tier in sorted(file.tiers.items())},
        channels={key: _channel(key, c, clearances) for key, c in file.channels.items()},
        teams={key: _team(key, team) for key, team in file.teams.items()},
        hours=_hours(file.hours),
        watch=file.watch,
        operations=file.operations,
        vips=frozenset(handle.lstrip("@").lower() for handle in file.vips),
        join_within=file.cases.join_within,
        reopen_within=file.cases.reopen_within,
        automatic_gap=file.cases.automatic_gap,
        resolutions=file.cases.resolutions,
        closing_topics=frozenset(file.cases.closing_topics),
        own_contacts=frozenset(contact.lower() for contact in file.own_contacts),
        articles={each.account: each.articles for each in accounts.values()},
        helpdesks={key: _helpdesk(key, h, clearances) for key, h in file.helpdesks.items()},
        workspaces=frozenset(file.slack.workspaces),
    )


def _tier(number: int, tier: shape.Tier) -> Tier:
    return Tier(
        number=number,
        name=tier.name,
        team=tier.team,
        channel=tier.channel,
        private=tier.private,
        answer_within=tier.answer_within,
        helpdesk=tier.helpdesk,
    )


def _channel(key: str, channel: shape.Channel, clearances: Mapping[str, Clearance]) -> Channel:
    clearance = clearances[channel.clearance] if channel.clearance else NOTHING
    return Channel(key=key, id=channel.id, clearance=clearance, private=channel.private)


def _helpdesk(
    key: str, helpdesk: shape.Helpdesk, clearances: Mapping[str, Clearance]
) -> HelpdeskPolicy:
    return HelpdeskPolicy(
        name=key,
        clearance=clearances[helpdesk.clearance] if helpdesk.clearance else NOTHING,
        back=helpdesk.back,
        solved=helpdesk.solved,
        mirror=helpdesk.mirror,
        agents=helpdesk.agents,
    )


def _team(key: str, team: shape.Team) -> Team:
    return Team(key=key, name=team.name, members=team.members, usergroup=team.usergroup)


def _hours(hours: shape.Hours) -> Hours:
    return Hours(
        zone=hours.zone,
        week={number: getattr(hours, day) for number, day in enumerate(_DAYS)},
        closed_on=frozenset(hours.closed_on),
    )


def desk_problems(file: shape.File, document: Document) -> list[Problem]:
    """All that is wrong between keys. Names are taken from the file as it was written, so that a
    channel with a fault of its own is not also called unknown.
    """
    return [
        *_unknown_names(file, document),
        *_tier_problems(file, document),
        *_channel_problems(file, document),
        *_team_problems(file, document),
        *_hours_problems(file, document),
    ]


def written(document: Document, block: str) -> frozenset[str] | None:
    """The names that a block of the file gives; None where there is no such block to be read."""
    data = document.data
    entries = data.get(block) if isinstance(data, dict) else None
    return frozenset(entries) if isinstance(entries, dict) else None


def _unknown_names(file: shape.File, document: Document) -> Iterator[Problem]:
    for path, name, block in _references(file):
        known = written(document, block) or frozenset()
        if name is not None and name not in known:
            kind = block.removesuffix("s")
            yield document.problem(path, f"there is no {kind} “{name}”", did_you_mean(name, known))


def _references(file: shape.File) -> Iterator[tuple[Where, str | None, str]]:
    for number, tier in file.tiers.items():
        yield ("tiers", str(number), "team"), tier.team, "teams"
        yield ("tiers", str(number), "channel"), tier.channel, "channels"
        yield ("tiers", str(number), "helpdesk"), tier.helpdesk, "helpdesks"
    for key, channel in file.channels.items():
        yield ("channels", key, "clearance"), channel.clearance, "clearances"
    for key, helpdesk in file.helpdesks.items():
        yield ("helpdesks", key, "clearance"), helpdesk.clearance, "clearances"
    yield ("watch",), file.watch, "channels"
    yield ("operations",), file.operations, "channels"


def _tier_problems(file: shape.File, document: Document) -> Iterator[Problem]:
    if not any(tier.channel for tier in file.tiers.values()):
        yield document.problem(
            ("tiers",),
            "no tier is worked by a person",
            "Give at least one tier a team and a channel: everything undecided goes to a person",
        )
    for number, tier in file.tiers.items():
        at = ("tiers", str(number))
        if number > 0 and not tier.channel:
            yield document.problem(
                at, "has no channel", "Only tier 0 works without: add `channel: …`"
            )
        if tier.channel and not tier.team:
            yield document.problem(at, "has a channel but no team", "Say who works it: `team: …`")
        channel = file.channels.get(tier.channel or "")
        if tier.private and channel and not channel.private:
            yield document.problem(
                (*at, "channel"),
                f"this tier is private, but channel “{tier.channel}” is not",
                "Name a private Slack channel, and give it `private: true`",
            )
    yield from _open_above_private(file, document)


def _open_above_private(file: shape.File, document: Document) -> Iterator[Problem]:
    """Rules only raise a case: from a private tier it must not be raised into the open."""
    private = [number for number, tier in file.tiers.items() if tier.private]
    for number, tier in file.tiers.items():
        if private and number > min(private) and not tier.private:
            yield document.problem(
                ("tiers", str(number)),
                f"is not private, and cases that are raised from tier {min(private)}, which is,"
                " would be shown in its channel",
                "Give it a private channel and `private: true`, or a lower number",
            )


def _channel_problems(file: shape.File, document: Document) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for key, channel in file.channels.items():
        at = ("channels", key)
        shows = NEVER_PUBLIC.intersection(file.clearances.get(channel.clearance or "", ()))
        if shows and not channel.private:
            yield document.problem(
                (*at, "clearance"),
                f"a channel that anybody can join would show: {', '.join(sorted(shows))}",
                "Choose a clearance without, or make the channel private",
            )
        if first.setdefault(channel.id, key) != key:
            yield document.problem(
                (*at, "id"),
                f"is the same Slack channel as “{first[channel.id]}”",
                "Give every channel one name, so that it has one clearance",
            )


def _team_problems(file: shape.File, document: Document) -> Iterator[Problem]:
    for key, team in file.teams.items():
        if not team.members and not team.usergroup:
            yield document.problem(
                ("teams", key), "has nobody in it", "List `members: […]` or name a `usergroup:`"
            )


def _hours_problems(file: shape.File, document: Document) -> Iterator[Problem]:
    days = {day: sorted(getattr(file.hours, day)) for day in _DAYS}
    if not any(days.values()):
        yield document.problem(
            ("hours",), "the desk is never open", 'Give a day its hours: monday: ["09:00-18:00"]'
        )
    for day, spans in days.items():
        if any(_overlap(a, b) for a, b in pairwise(spans)):
            yield document.problem(("hours", day), "two spans overlap", "Write them as one")


def _overlap(earlier: tuple[time, time], later: tuple[time, time]) -> bool:
    return later[0] < earlier[1]


def examples_left(file: shape.File, document: Document) -> Iterator[Problem]:
    """Ids of Slack's, and the server of an account, that are still the starter's."""
    for key, account in file.accounts.items():
        if account.get("base_url") == _SERVER:
            yield document.problem(
                ("accounts", key, "base_url"),
                "is the starter's example",
                "Put your server's address in its place, or remove the account",
            )
    channels = ((("channels", key, "id"), c.id) for key, c in file.channels.items())
    people = (
        (("teams", key, "members", at), member)
        for key, team in file.teams.items()
        for at, member in enumerate(team.members)
    )
    for path, value in (*channels, *people):
        if value[1:].startswith("0EXAMPLE"):
            yield document.problem(
                path, "is the starter's example", "Put the id from your Slack in its place"
            )
