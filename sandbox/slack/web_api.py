"""The Web API's door: token, scope and rate before the method, faults around it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sandbox.faults import Faults, perform
from sandbox.journal import Journal
from sandbox.slack.call import Call, Office
from sandbox.slack.errors import RateLimited, SlackError
from sandbox.slack.limits import Limits
from sandbox.slack.methods import METHODS
from sandbox.slack.scopes import BY_METHOD
from sandbox.slack.wire import Args, Json, answer, arguments

_APP_METHODS = frozenset({"apps.connections.open"})
_BOTH_TOKENS = frozenset({"api.test", "auth.test"})


@dataclass(slots=True, kw_only=True)
class Keys:
    """The tokens that exist; `revoked` makes the bot's a dead one."""

    bot: str
    app: str
    revoked: bool = False


class WebApi:
    def __init__(self, office: Office, faults: Faults, limits: Limits, keys: Keys) -> None:
        self.journal = Journal(office.clock)
        self.rate_limit = True
        self._office = office
        self._faults = faults
        self._limits = limits
        self._keys = keys
        self._headers = {"x-oauth-scopes": ",".join(sorted(office.scopes))}

    async def endpoint(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            values = await arguments(request)
        except SlackError as refusal:
            self.journal.record(method, {}, answer_ok=False)
            return _refused(refusal)
        given = values.pop("token", None)
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or str(given or "")
        ran: list[str] = []

        async def work() -> Response:
            ran.append(method)
            return self._run(method, token, Args(values), workspace_address(request))

        response = await perform(self._faults.take("slack", method), work, _limited)
        if not ran:
            self.journal.record(method, values, answer_ok=False)
        return response

    def _run(self, method: str, token: str, args: Args, base: str) -> Response:
        try:
            found = self._call(method, token, args, base)
        except RateLimited as limit:
            self.journal.record(method, args.values, answer_ok=False)
            return _limited(limit.after)
        except SlackError as refusal:
            self.journal.record(method, args.values, answer_ok=False)
            return _refused(refusal)
        self.journal.record(method, args.values, answer_ok=True)
        return answer({"ok": True, **found}, headers=self._headers)

    def _call(self, method: str, token: str, args: Args, base: str) -> Json:
        run = METHODS.get(method)
        if run is None:
            raise SlackError("unknown_method", req_method=method)
        call = Call(
            method=method,
            args=args,
            office=self._office,
            base=base,
            is_app_token=token.startswith("xapp-"),
        )
        if method != "api.test":
            self._admit(call, token)
        if self.rate_limit:
            self._limits.spend(method, args.text("channel"))
        return run(call)

    def _admit(self, call: Call, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in (self._keys.bot, self._keys.app):
            raise SlackError("invalid_auth")
        if token == self._keys.bot and self._keys.revoked:
            raise SlackError("token_revoked")
        if call.method in _BOTH_TOKENS:
            return
        if call.is_app_token != (call.method in _APP_METHODS):
            raise SlackError("not_allowed_token_type")
        if not call.is_app_token and call.method in BY_METHOD:
            call.require(*BY_METHOD[call.method])


def workspace_address(request: Request) -> str:
    """Where the caller reaches this workspace: scheme, host and the mount's path."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"


def _limited(after: float) -> Response:
    seconds = str(max(1, round(after)))
    return answer({"ok": False, "error": "ratelimited"}, 429, {"retry-after": seconds})


def _refused(refusal: SlackError) -> Response:
    return answer({"ok": False, "error": refusal.error, **refusal.details})
