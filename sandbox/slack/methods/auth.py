"""api.test, auth.test, apps.connections.open, bots.info, team.info"""

from sandbox.slack import render
from sandbox.slack.call import Call
from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Json
from sandbox.slack.world import APP_ID, BOT_ID, BOT_USER, TEAM_ID


def api_test(call: Call) -> Json:
    if "error" in call.args:
        raise SlackError(call.args.text("error"), args=call.args.values)
    return {"args": call.args.values}


def auth_test(call: Call) -> Json:
    if call.is_app_token:
        return {"app_id": APP_ID, "app_name": "Tierdesk"}
    return {
        "url": f"{call.base}/",
        "team": call.world.team_name,
        "user": call.world.users[BOT_USER].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    address = call.base.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={call.office.socket.ticket()}&app_id={APP_ID}"}


def bots_info(call: Call) -> Json:
    if call.args.text("bot", BOT_ID) != BOT_ID:
        raise SlackError("bot_not_found")
    return {"bot": render.BOT_PROFILE | {"user_id": BOT_USER}}


def team_info(call: Call) -> Json:
    if call.args.text("team", TEAM_ID) != TEAM_ID:
        raise SlackError("team_not_found")
    return {"team": render.team(call.world, call.base)}
