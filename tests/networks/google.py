"""Google's token server and the form of its errors, on loopback."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

CLIENT, CLIENT_SECRET = "1234-abcd.apps.googleusercontent.com", "a-client-secret-of-the-tests"
REFRESH_TOKEN = "1//a-refresh-token-of-the-tests"


class Refused(Exception):
    """An answer as {"error": {"code", "message", "errors": [{"reason"}]}}."""

    def __init__(self, status: int, reason: str, message: str = "") -> None:
        super().__init__(reason)
        error = {
            "code": status,
            "message": message or reason,
            "errors": [{"message": message or reason, "domain": "youtube", "reason": reason}],
        }
        self.answer = JSONResponse({"error": error}, status)


@dataclass
class TokenServer:
    """Gives tokens for an hour; those that it gave open the API."""

    given: list[str] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)

    async def token(self, request: Request) -> Response:
        form = {name: v[0] for name, v in parse_qs((await request.body()).decode()).items()}
        self.asked.append(form)
        if refused := self._refused(form):
            return refused
        token = f"ya29.token-{len(self.given)}"
        self.given.append(token)
        self.open.add(token)
        return JSONResponse({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _refused(self, form: dict[str, str]) -> Response | None:
        if form.get("client_id") != CLIENT or form.get("client_secret") != CLIENT_SECRET:
            return JSONResponse({"error": "invalid_client"}, 401)
        if form.get("refresh_token") != REFRESH_TOKEN:
            body = {"error": "invalid_grant", "error_description": str(form)}
            return JSONResponse(body, 400)
        return None

    def known(self, request: Request) -> None:
        """Raises Refused."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.open:
            raise Refused(401, "authError", "Invalid Credentials")
