"""Windows (modals): each person's stack of at most three, and their App Homes."""

from dataclasses import dataclass

from sandbox.slack.blocks import validate_view
from sandbox.slack.content import identified
from sandbox.slack.errors import SlackError, refused_blocks
from sandbox.slack.names import Names
from sandbox.slack.wire import Json, encode
from sandbox.slack.world import APP_ID, BOT_ID, TEAM_ID

_DEPTH = 3
_VIEW_BYTES = 250_000


@dataclass(slots=True, kw_only=True)
class Window:
    """A view as Slack gives it to an app, whose it is, and the errors it shows."""

    user: str
    view: Json
    errors: dict[str, str] | None = None

    @property
    def id(self) -> str:
        return str(self.view["id"])


class Windows:
    """Source: "Modals" and the views methods of docs.slack.dev."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._stacks: dict[str, list[Window]] = {}

    def stack(self, user: str) -> list[Window]:
        return self._stacks.get(user, [])

    def open(self, user: str, given: object) -> Window:
        view = self.checked(given, "modal")
        self._refuse_known_external_id(view)
        window = Window(user=user, view=self._new(view))
        window.view["root_view_id"] = window.id
        self._stacks[user] = [window]
        return window

    def push(self, user: str, given: object) -> Window:
        """Raises SlackError `push_limit_reached` above three, `not_found` on no window."""
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= _DEPTH:
            raise SlackError("push_limit_reached")
        view = self.checked(given, "modal")
        self._refuse_known_external_id(view)
        window = Window(user=user, view=self._new(view))
        window.view["root_view_id"] = stack[0].id
        window.view["previous_view_id"] = stack[-1].id
        stack.append(window)
        return window

    def update(self, window: Window, given: object, expected: str = "") -> Window:
        """`expected` is the hash that the caller knows; `hash_conflict` when it is old."""
        if expected and expected != window.view["hash"]:
            raise SlackError("hash_conflict")
        kept = {name: window.view[name] for name in ("id", "root_view_id", "previous_view_id")}
        window.view = self._new(self.checked(given, "modal")) | kept
        window.errors = None
        return window

    def home(self, old: Json | None, given: object, expected: str = "") -> Json:
        if expected and (old is None or expected != old["hash"]):
            raise SlackError("hash_conflict")
        view = self._new(self.checked(given, "home"))
        return view | {"root_view_id": view["id"]} | ({"id": old["id"]} if old else {})

    def find(self, view_id: str = "", external_id: str = "") -> Window:
        for stack in self._stacks.values():
            for window in stack:
                known = window.id == view_id if view_id else False
                if known or (external_id and window.view["external_id"] == external_id):
                    return window
        raise SlackError("not_found")

    def close(self, window: Window) -> None:
        """Closes the window and what lies on it."""
        stack = self.stack(window.user)
        if window in stack:
            del stack[stack.index(window) :]

    def close_all(self, user: str) -> None:
        self._stacks.pop(user, None)

    def clear(self) -> None:
        self._stacks.clear()

    def checked(self, given: object, kind: str) -> Json:
        problems = validate_view(given, kind)
        if problems or not isinstance(given, dict):
            raise refused_blocks("invalid_arguments", problems)
        if len(encode(given)) > _VIEW_BYTES:
            raise SlackError("view_too_large")
        return given

    def _refuse_known_external_id(self, view: Json) -> None:
        name = view.get("external_id")
        everyone = (window for stack in self._stacks.values() for window in stack)
        if name and any(window.view["external_id"] == name for window in everyone):
            raise SlackError("duplicate_external_id")

    def _new(self, given: Json) -> Json:
        ts = self._names.ts()
        return {
            "id": self._names.new("V"),
            "team_id": TEAM_ID,
            "type": given["type"],
            "blocks": identified(given["blocks"], self._names),
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "state": {"values": {}},
            "hash": f"{ts}.{self._names.new('').lower()}",
            "title": given.get("title"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "submit_disabled": bool(given.get("submit_disabled")),
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": None,
            "root_view_id": None,
            "app_id": APP_ID,
            "external_id": given.get("external_id") or "",
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }
