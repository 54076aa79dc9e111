"""People who are not of the workspace, and channels that other workspaces share (Slack Connect).

Source: "Understanding Slack Connect" of docs.slack.dev.
"""

from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Args
from sandbox.slack.world import TEAM_ID, Channel, User, World


def bring(world: World, args: Args) -> None:
    """Puts a guest into a channel, or somebody of another workspace (`team`)."""
    user, team = args.required("user"), args.text("team", TEAM_ID)
    world.users[user] = User(
        id=user, name=user.lower(), real_name=user, team_id=team, is_guest=team == TEAM_ID
    )
    channel = _channel(world, args)
    channel.members[user] = None
    if team != TEAM_ID:
        channel.shared_with = (*channel.shared_with, team)


def share(world: World, args: Args) -> None:
    """Shares a channel with another workspace (`team`), or invites it to (`pending`)."""
    channel, team = _channel(world, args), args.required("team")
    if args.flag("pending"):
        channel.invited = (*channel.invited, team)
    else:
        channel.shared_with = (*channel.shared_with, team)


def _channel(world: World, args: Args) -> Channel:
    found = world.channels.get(args.required("channel", "channel_not_found"))
    if found is None:
        raise SlackError("channel_not_found")
    return found
