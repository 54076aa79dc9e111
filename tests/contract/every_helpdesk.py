"""The world of each helpdesk: add yours here."""

from tests.contract.fake_helpdesk_world import a_fake_world
from tests.contract.request_tracker_world import a_request_tracker_world

HELPDESKS = {
    "fake": a_fake_world,
    "request_tracker": a_request_tracker_world,
}

REAL = {
    "request_tracker": "rt",
}
"""The mark of those whose server must be installed."""
