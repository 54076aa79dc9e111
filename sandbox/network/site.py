"""The network's web side: pictures of people and the addresses of posts."""

from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.network.accounts import EVERYBODY

_AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img">'
    '<rect width="64" height="64" fill="{colour}"/>'
    '<text x="32" y="42" font-size="28" font-family="sans-serif" text-anchor="middle" '
    'fill="#fff">{letter}</text></svg>'
)


async def avatar(request: Request) -> Response:
    account = EVERYBODY.get(request.path_params["acct"])
    if account is None:
        return Response(status_code=404)
    picture = _AVATAR.format(colour=account.colour, letter=escape(account.display_name[0]))
    return Response(picture, media_type="image/svg+xml")


async def to_post(request: Request) -> Response:
    """A post's own address leads to its place on the page of the sandbox."""
    return RedirectResponse(f"/#post-{request.path_params['id']}")


async def to_page(request: Request) -> Response:
    return RedirectResponse("/")


ROUTES = (
    Route("/avatars/{acct}.svg", avatar),
    Route("/@{acct}/{id:int}", to_post),
    Route("/users/{acct}/statuses/{id:int}", to_post),
    Route("/@{acct}", to_page),
    Route("/tags/{tag}", to_page),
)
