"""The world of each integration: add yours here."""

from tests.contract.generic_world import a_generic_world
from tests.contract.mastodon_world import a_mastodon_world
from tests.contract.x_world import an_x_world

WORLDS = {
    "mastodon": a_mastodon_world,
    "generic": a_generic_world,
    "x": an_x_world,
}
