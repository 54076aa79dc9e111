"""What each helpdesk's webhook delivers becomes our events. Fixture pairs are found by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.ports import HelpdeskConnection, Host, Request
from integrations.jira import helpdesk as jira
from integrations.zammad import helpdesk as zammad
from integrations.zendesk import helpdesk as zendesk
from tests.hosts import FakeKeep, FakeMeter
from tests.recorded import as_recorded

FIXTURES = Path(__file__).parent.parent / "fixtures"
NOW = datetime(2026, 11, 22, 8, 20, tzinfo=UTC)


def a_host_that_keeps(**values: str) -> Host:
    return Host(clock=lambda: NOW, meter=FakeMeter(), keep=FakeKeep(dict(values)))


def at_zendesk() -> HelpdeskConnection:
    data = {"base_url": "http://127.0.0.1:1", "webhooks": True}
    secrets = {"ZENDESK_SUPPORT_TOKEN": "t", "ZENDESK_SUPPORT_SIGNING_SECRET": "s"}
    return zendesk.connect("support", data, secrets, host=a_host_that_keeps(me="9001"))


def at_zammad() -> HelpdeskConnection:
    data = {"base_url": "https://zammad.example", "group": "Users", "webhooks": True}
    secrets = {"ZAMMAD_SUPPORT_TOKEN": "t", "ZAMMAD_SUPPORT_SIGNATURE_TOKEN": "s"}
    return zammad.connect("support", data, secrets, host=a_host_that_keeps(me="3"))


def at_jira() -> HelpdeskConnection:
    data = {"base_url": "https://jira.example", "email": "t@x.example", "project": "SUP"}
    secrets = {"JIRA_SUPPORT_TOKEN": "t", "JIRA_SUPPORT_WEBHOOK_SECRET": "s"}
    host = a_host_that_keeps(me="acc-bot")
    return jira.connect("support", {**data, "webhooks": True}, secrets, host=host)


KINDS: dict[str, Callable[[], HelpdeskConnection]] = {
    "zendesk": at_zendesk,
    "zammad": at_zammad,
    "jira": at_jira,
}
NAMES = [
    (kind, path.name.removesuffix(".in.json"))
    for kind in KINDS
    for path in sorted((FIXTURES / kind).glob("*.in.json"))
]


def shown(value: object) -> object:
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat()))


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_a_recorded_delivery_becomes_its_events(kind: str, name: str) -> None:
    body = (FIXTURES / kind / f"{name}.in.json").read_bytes()
    request = Request(method="POST", query={}, headers={}, body=body, received_at=NOW)
    connection = KINDS[kind]()
    assert connection.receiver
    events = connection.receiver.parse(request)
    connection.close()
    found = [{type(event).__name__: shown(as_recorded(event))} for event in events]
    expected = json.loads((FIXTURES / kind / f"{name}.out.json").read_text())
    assert found == expected
