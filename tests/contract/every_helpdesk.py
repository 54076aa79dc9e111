"""The world of each helpdesk: add yours here."""

from tests.contract.fake_helpdesk_world import a_fake_world

HELPDESKS = {
    "fake": a_fake_world,
}
