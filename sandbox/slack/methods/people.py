"""users.* and usergroups.*"""

from sandbox.slack import render
from sandbox.slack.call import Call
from sandbox.slack.errors import SlackError
from sandbox.slack.paging import page
from sandbox.slack.scopes import READ_EMAIL
from sandbox.slack.wire import Json
from sandbox.slack.world import BOT_USER, TEAM_ID, User, Usergroup


def list_all(call: Call) -> Json:
    users, more = page(call.args, list(call.world.users.values()), 1_000)
    shown = [_shown(call, user) for user in users]
    return {"members": shown, "cache_ts": int(call.office.clock()), **more}


def info(call: Call) -> Json:
    return {"user": _shown(call, call.user(call.args.required("user", "user_not_found")))}


def lookup_by_email(call: Call) -> Json:
    email = call.args.required("email", "users_not_found").lower()
    for user in call.world.users.values():
        if user.email and user.email == email:
            return {"user": _shown(call, user)}
    raise SlackError("users_not_found")


def profile(call: Call) -> Json:
    user = call.user(call.args.text("user", BOT_USER))
    return {"profile": render.profile(user, email=_sees_email(call))}


def list_groups(call: Call) -> Json:
    with_users = call.args.flag("include_users")
    groups = call.world.usergroups.values()
    return {"usergroups": [_group(group, with_users=with_users) for group in groups]}


def list_group_users(call: Call) -> Json:
    group = call.world.usergroups.get(call.args.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def _shown(call: Call, user: User) -> Json:
    return render.user(user, email=_sees_email(call))


def _sees_email(call: Call) -> bool:
    return READ_EMAIL in call.office.scopes


def _group(group: Usergroup, *, with_users: bool) -> Json:
    found: Json = {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_763_000_000,
        "date_delete": 0,
        "auto_type": None,
        "created_by": "U0SAM",
        "user_count": len(group.users),
    }
    return found | {"users": list(group.users)} if with_users else found
