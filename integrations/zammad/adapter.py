"""One Zammad with its roles."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.ports import HelpdeskConnection, Host
from integrations.adopted import Adopted
from integrations.ticket_words import Words
from integrations.zammad import ZammadSettings
from integrations.zammad.api import Zammad
from integrations.zammad.convert import Form
from integrations.zammad.desk import Desk
from integrations.zammad.examination import Examination
from integrations.zammad.receiver import Receiver
from integrations.zammad.watch import Watch


def connection(
    name: str, settings: ZammadSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    zammad = Zammad(settings.base_url, token=secrets["TOKEN"], clock=host.clock, keep=host.keep)
    form = Form(
        group=settings.group,
        key_field=settings.key_field,
        pending_for=settings.pending_for,
        statuses=Words(settings.statuses),
        priorities=Words(settings.priorities),
    )
    adopted = Adopted(host.keep)
    signature_token = secrets["SIGNATURE_TOKEN"].encode()
    return HelpdeskConnection(
        name=name,
        kind="zammad",
        desk=Desk(zammad, adopted, form, host.clock),
        watch=Watch(zammad, adopted, form, host.clock),
        receiver=Receiver(signature_token, zammad, adopted, form) if settings.webhooks else None,
        examiner=Examination(name, zammad, form, webhooks=settings.webhooks),
        close=zammad.close,
    )
