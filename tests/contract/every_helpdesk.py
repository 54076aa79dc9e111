"""The world of each helpdesk: add yours here."""

from tests.contract.fake_helpdesk_world import a_fake_world
from tests.contract.freshdesk_world import a_freshdesk_world
from tests.contract.zammad_world import a_zammad_world
from tests.contract.zendesk_world import a_zendesk_world

HELPDESKS = {
    "fake": a_fake_world,
    "freshdesk": a_freshdesk_world,
    "zammad": a_zammad_world,
    "zendesk": a_zendesk_world,
}
