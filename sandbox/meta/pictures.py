"""The pictures of the brand's posts: drawings of the page, by the names of the posts."""

from collections.abc import Mapping

PICTURES: Mapping[str, str] = {
    "fern": "A green reading lamp with a round shade lights an armchair's corner at night",
    "autumn": "A round side table and two stools of oak under falling autumn leaves",
    "tray": "Two hands sand the edge of an oak tray on a workbench, wood shavings around it",
}
"""What each shows, for people who do not see it."""


def shown(name: str | None) -> dict[str, str] | None:
    """Where the page finds a picture, and its alternative text."""
    if name is None or name not in PICTURES:
        return None
    return {"src": f"/static/pictures/{name}.svg", "alt": PICTURES[name]}
