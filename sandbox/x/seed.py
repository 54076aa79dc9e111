"""What X holds before anybody wrote."""

from sandbox.network.seed import BRAND_POSTS
from sandbox.x.accounts import BRAND
from sandbox.x.world import World


def seed(world: World) -> dict[str, str]:
    """Let the brand post what customers comment on; the ids of its posts by their names."""
    return {
        name: str(world.post(BRAND.acct, words, language="en").id)
        for name, words in BRAND_POSTS.items()
    }
