"""The world of each integration: add yours here."""

from tests.contract.bluesky_world import a_bluesky_world
from tests.contract.discourse_world import a_discourse_world, a_discourse_world_of_webhooks
from tests.contract.generic_world import a_generic_world
from tests.contract.mastodon_world import a_mastodon_world
from tests.contract.meta_worlds import (
    a_facebook_world,
    a_threads_world,
    a_whatsapp_world,
    an_instagram_world,
)
from tests.contract.reddit_world import a_reddit_world
from tests.contract.shop_worlds import (
    a_googlebusiness_world,
    a_googleplay_world,
    a_trustpilot_world,
    an_appstore_world,
)
from tests.contract.telegram_world import a_telegram_world
from tests.contract.x_world import an_x_world
from tests.contract.youtube_world import a_youtube_world

WORLDS = {
    "bluesky": a_bluesky_world,
    "discourse": a_discourse_world,
    "discourse-webhook": a_discourse_world_of_webhooks,
    "mastodon": a_mastodon_world,
    "generic": a_generic_world,
    "x": an_x_world,
    "facebook": a_facebook_world,
    "instagram": an_instagram_world,
    "whatsapp": a_whatsapp_world,
    "threads": a_threads_world,
    "telegram": a_telegram_world,
    "youtube": a_youtube_world,
    "googleplay": a_googleplay_world,
    "appstore": an_appstore_world,
    "googlebusiness": a_googlebusiness_world,
    "trustpilot": a_trustpilot_world,
    "reddit": a_reddit_world,
}
