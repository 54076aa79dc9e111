"""What people do in windows: submit them, close them, search in their menus."""

from sandbox.slack.choices import complaints, state
from sandbox.slack.elements import OPTION_GROUPS, OPTIONS
from sandbox.slack.errors import SlackError, refused_blocks
from sandbox.slack.people import Act
from sandbox.slack.windows import Window
from sandbox.slack.wire import Json


async def submit(act: Act) -> Json:
    """-> `response_action` and `errors`, as the app or Slack's own window gives them."""
    window = _own(act)
    window.view["state"] = state(window.view["blocks"], act.fields())
    found = complaints(window.view["blocks"], window.view["state"]["values"])
    if found:
        return _show_errors(act, window, found)
    outcome = await act.interact(act.interactions.view_submission(window.view))
    return _follow(act, window, outcome.answer if isinstance(outcome.answer, dict) else {})


async def close(act: Act) -> Json:
    window = _own(act)
    windows = act.office.windows
    stack = list(windows.stack(act.person.id))
    cleared = window.view["clear_on_close"]
    closed = stack if cleared else stack[stack.index(window) :]
    if cleared:
        windows.close_all(act.person.id)
    else:
        windows.close(window)
    act.office.activity.note("view", window.id)
    for gone in reversed(closed):
        if gone.view["notify_on_close"]:
            await act.interact(act.interactions.view_closed(gone.view, cleared=cleared))
    return {}


async def search_options(act: Act) -> Json:
    if "view_id" in act.args:
        place = act.interactions.in_view(_own(act).view)
    else:
        place = act.interactions.on_message(act.shown())
    outcome = await act.interact(act.interactions.suggestion(place, act.args.values))
    found = outcome.answer if isinstance(outcome.answer, dict) else {}
    if "option_groups" in found:
        return {"options": [], "option_groups": _checked(found["option_groups"], groups=True)}
    return {"options": _checked(found.get("options") or [], groups=False)}


def _checked(options: object, *, groups: bool) -> object:
    problems: list[str] = []
    if options:
        (OPTION_GROUPS if groups else OPTIONS)(options, "/options", problems)
    if problems:
        raise refused_blocks("invalid_options", problems)
    return options


def _own(act: Act) -> Window:
    window = act.office.windows.find(act.args.required("view_id"))
    if window.user != act.person.id:
        raise SlackError("not_found")
    return window


def _follow(act: Act, window: Window, answer: Json) -> Json:
    """Does what the app answered to a submission; without a word the window closes."""
    windows = act.office.windows
    kind = answer.get("response_action")
    window.errors = None
    match kind:
        case "errors":
            return _show_errors(act, window, _known_errors(window, answer.get("errors")))
        case "update":
            windows.update(window, answer.get("view"))
        case "push":
            windows.push(window.user, answer.get("view"))
        case "clear":
            windows.close_all(window.user)
        case None:
            windows.close(window)
        case _:
            raise SlackError("invalid_response_action")
    act.office.activity.note("view", window.id)
    return {"response_action": kind, "errors": None}


def _known_errors(window: Window, errors: object) -> dict[str, str]:
    """Errors must name input blocks of the window."""
    inputs = {block["block_id"] for block in window.view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
        raise SlackError("invalid_errors")
    return {block_id: str(text) for block_id, text in errors.items()}


def _show_errors(act: Act, window: Window, errors: dict[str, str]) -> Json:
    window.errors = errors
    act.office.activity.note("view", window.id)
    return {"response_action": "errors", "errors": errors}


WINDOW_ACTS = {"submit": submit, "close_view": close, "options": search_options}
