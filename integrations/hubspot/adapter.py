"""One HubSpot account with its roles."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.ports import HelpdeskConnection, Host
from integrations.hubspot import HubSpotSettings
from integrations.hubspot.api import HubSpot
from integrations.hubspot.convert import Form
from integrations.hubspot.desk import Desk
from integrations.hubspot.examination import Examination
from integrations.hubspot.receiver import Receiver
from integrations.hubspot.watch import Watch
from integrations.ticket_words import Words


def connection(
    name: str, settings: HubSpotSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    hubspot = HubSpot(
        settings.base_url, token=secrets["TOKEN"], key_field=settings.key_field, clock=host.clock
    )
    form = Form(
        key_field=settings.key_field,
        pipeline=settings.pipeline,
        stages=Words(settings.stages),
        priorities=Words(settings.priorities),
        public_mark=settings.public_mark,
        tickets_url=settings.tickets_url,
    )
    url, secret = settings.webhook_url, secrets["CLIENT_SECRET"].encode()
    return HelpdeskConnection(
        name=name,
        kind="hubspot",
        desk=Desk(hubspot, form, host.clock, host.keep),
        watch=Watch(hubspot, form, host.clock),
        receiver=Receiver(secret, url) if url else None,
        examiner=Examination(name, hubspot, form, host.clock),
        pace=hubspot.pace,
        close=hubspot.close,
    )
