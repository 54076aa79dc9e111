"""What an account's part of the settings can count on, whatever the network."""

from __future__ import annotations

import dataclasses

from integrations.generic import integration

SECRETS = {"GENERIC_FORM_SECRET": "s"}


def test_a_library_that_is_not_installed_is_told_with_how_to_install_it() -> None:
    here = dataclasses.replace(integration, library="json")
    assert here.check("form", {}, SECRETS) == []

    missing = dataclasses.replace(integration, library="no_such_library")
    (fault,) = missing.check("form", {}, SECRETS)
    assert fault.key == "network"
    assert "no_such_library" in fault.problem
    assert "make networks" in fault.remedy
    assert "pip install 'tierdesk[generic]'" in fault.remedy
