"""The world of each helpdesk: add yours here."""

from tests.contract.email_world import a_mail_world, a_mail_world_that_keeps_nothing
from tests.contract.fake_helpdesk_world import a_fake_world
from tests.contract.request_tracker_world import a_request_tracker_world

HELPDESKS = {
    "email": a_mail_world,
    "email-unkept": a_mail_world_that_keeps_nothing,
    "fake": a_fake_world,
    "request_tracker": a_request_tracker_world,
}

REAL = {
    "email": "mail",
    "email-unkept": "mail",
    "request_tracker": "rt",
}
"""The mark of those whose server must be installed."""
