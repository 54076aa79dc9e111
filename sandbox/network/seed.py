"""What the network holds before anybody wrote."""

from sandbox.network.accounts import BRAND
from sandbox.network.world import Draft, World

BRAND_POSTS = {
    "fern": "Good morning! Our new Fern reading lamp is here: warm light, a weighted base and "
    "a cable long enough for every sofa. Which corner of your home needs one? #lighting",
    "autumn": "Autumn week: free delivery on side tables and stools until Sunday.\n\n"
    "See them all at https://brightleaf.example/autumn",
    "tray": "Behind the scenes: Ilinca finishes every oak tray by hand, forty minutes each.",
}


def seed(world: World) -> dict[str, str]:
    """Let the brand post what customers comment on; the ids of its posts by their names."""
    drafts = {
        name: Draft(author=BRAND.acct, text=words, language="en")
        for name, words in BRAND_POSTS.items()
    }
    return {name: str(world.post(draft).id) for name, draft in drafts.items()}
