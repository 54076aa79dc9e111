"""views.*"""

from sandbox.slack.call import Call
from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Json


def open_view(call: Call) -> Json:
    given = _given(call)
    call.office.windows.checked(given, "modal")
    trigger = call.office.triggers.exchange(call.args.required("trigger_id", "invalid_trigger_id"))
    return _shown(call, call.office.windows.open(trigger.user, given).view)


def push(call: Call) -> Json:
    given = _given(call)
    call.office.windows.checked(given, "modal")
    trigger = call.office.triggers.exchange(call.args.required("trigger_id", "invalid_trigger_id"))
    return _shown(call, call.office.windows.push(trigger.user, given).view)


def update(call: Call) -> Json:
    if "view_id" not in call.args and "external_id" not in call.args:
        raise SlackError("invalid_arguments")
    windows = call.office.windows
    window = windows.find(call.args.text("view_id"), call.args.text("external_id"))
    return _shown(call, windows.update(window, _given(call), call.args.text("hash")).view)


def publish(call: Call) -> Json:
    user = call.user(call.args.required("user_id"))
    homes = call.world.homes
    old = homes.get(user.id)
    homes[user.id] = call.office.windows.home(old, _given(call), call.args.text("hash"))
    return _shown(call, homes[user.id])


def _given(call: Call) -> object:
    return call.args.structure("view", "invalid_arguments")


def _shown(call: Call, view: Json) -> Json:
    call.office.activity.note("view", view["id"])
    return {"view": view}
