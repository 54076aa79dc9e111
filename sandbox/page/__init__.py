"""The page on which a person is the customers on one side and the care team on the other."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FILES = Path(__file__).parent / "static"

# Customers' text is hostile: were it ever to become markup, the browser would still run none of it.
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class _Files(StaticFiles):
    """Files of the package, asked for again at every load: a new version is seen at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


async def _index(_: Request) -> Response:
    return FileResponse(_FILES / "index.html", headers=_HEADERS)


routes: list[BaseRoute] = [
    Route("/", _index),
    Mount("/static", _Files(directory=_FILES)),
]
