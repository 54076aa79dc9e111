"""The world of each helpdesk: add yours here."""

from tests.contract.email_world import a_mail_world, a_mail_world_that_keeps_nothing
from tests.contract.fake_helpdesk_world import a_fake_world
from tests.contract.freshdesk_world import a_freshdesk_world
from tests.contract.hubspot_world import a_hubspot_world
from tests.contract.jira_world import a_jira_world
from tests.contract.request_tracker_world import a_request_tracker_world
from tests.contract.zammad_world import a_zammad_world
from tests.contract.zendesk_world import a_zendesk_world

HELPDESKS = {
    "email": a_mail_world,
    "email-unkept": a_mail_world_that_keeps_nothing,
    "fake": a_fake_world,
    "freshdesk": a_freshdesk_world,
    "hubspot": a_hubspot_world,
    "jira": a_jira_world,
    "zammad": a_zammad_world,
    "zendesk": a_zendesk_world,
    "request_tracker": a_request_tracker_world,
}

REAL = {
    "email": "mail",
    "email-unkept": "mail",
    "request_tracker": "rt",
}
"""The mark of those whose server must be installed."""
