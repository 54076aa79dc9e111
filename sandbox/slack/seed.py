"""The world at the start: Brightleaf's care team, its channels, the bot."""

from sandbox.slack.world import BOT_USER, Channel, User, Usergroup, World

_CREATED = 1_763_000_000

_USERS = (
    User(
        id="U0MIHAI",
        name="mihai",
        real_name="Mihai Ionescu",
        title="Care agent, Tier 1",
        email="mihai@brightleaf.example",
        color="2B6CB0",
    ),
    User(
        id="U0IOANA",
        name="ioana",
        real_name="Ioana Radu",
        title="Care agent, Tier 1 and Tier 2",
        email="ioana@brightleaf.example",
        color="B83280",
    ),
    User(
        id="U0KENJI",
        name="kenji",
        real_name="Kenji Mori",
        title="Tier 2 specialist",
        email="kenji@brightleaf.example",
        color="2F855A",
        tz="Asia/Tokyo",
        tz_label="Japan Standard Time",
        tz_offset=32_400,
    ),
    User(
        id="U0ELIF",
        name="elif",
        real_name="Elif Kaya",
        title="Marketing",
        email="elif@brightleaf.example",
        color="C05621",
        tz="Europe/Istanbul",
        tz_label="Turkey Time",
        tz_offset=10_800,
    ),
    User(
        id="U0SAM",
        name="sam",
        real_name="Sam Porter",
        title="Team lead, operator",
        email="sam@brightleaf.example",
        color="6B46C1",
        tz="Europe/London",
        tz_label="Greenwich Mean Time",
        tz_offset=0,
        is_admin=True,
    ),
    User(
        id=BOT_USER, name="tierdesk", real_name="Tierdesk", title="App", color="0F766E", is_bot=True
    ),
)


def seed() -> World:
    """A fresh world; nothing in it is shared with an earlier one."""
    people = tuple(user.id for user in _USERS if not user.is_bot)
    channels = (
        _channel("C0CARE", "care-public", (*people, BOT_USER), "Public matters, Tier 1"),
        _channel(
            "C0PRIVATE",
            "care-private",
            ("U0IOANA", "U0KENJI", "U0SAM", BOT_USER),
            "Private matters, Tier 2",
            kind="private",
        ),
        _channel(
            "C0MARKETING",
            "marketing-watch",
            (*(p for p in people if p != "U0KENJI"), BOT_USER),
            "Public threads worth knowing, Tier 0",
        ),
        _channel(
            "C0OPS", "tierdesk-ops", ("U0SAM", BOT_USER), "How the desk is doing", kind="private"
        ),
        _channel("C0GENERAL", "general", people, "Everybody", general=True),
    )
    team = Usergroup(
        id="S0CARE", handle="care-team", name="Care team", users=("U0MIHAI", "U0IOANA")
    )
    return World(
        team_name="Brightleaf Care",
        team_domain="brightleaf",
        users={user.id: user for user in _USERS},
        channels={channel.id: channel for channel in channels},
        usergroups={team.id: team},
    )


def _channel(
    channel_id: str,
    name: str,
    members: tuple[str, ...],
    topic: str,
    *,
    kind: str = "public",
    general: bool = False,
) -> Channel:
    return Channel(
        id=channel_id,
        name=name,
        kind=kind,
        created=_CREATED,
        creator="U0SAM",
        topic=topic,
        is_general=general,
        members=dict.fromkeys(members),
    )
