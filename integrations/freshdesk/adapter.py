"""One Freshdesk with its roles."""

from __future__ import annotations

from inbox.ports import HelpdeskConnection, Host
from integrations.freshdesk import FreshdeskSettings
from integrations.freshdesk.api import Freshdesk
from integrations.freshdesk.convert import Form
from integrations.freshdesk.desk import Desk
from integrations.freshdesk.examination import Examination
from integrations.freshdesk.watch import Watch
from integrations.ticket_words import Words


def connection(name: str, settings: FreshdeskSettings, key: str, host: Host) -> HelpdeskConnection:
    freshdesk = Freshdesk(settings.base_url, key=key, clock=host.clock)
    form = Form(
        key_field=settings.key_field,
        group=settings.group_id,
        statuses=Words({str(number): ours for number, ours in settings.statuses.items()}),
        priorities=Words({str(number): ours for number, ours in settings.priorities.items()}),
    )
    return HelpdeskConnection(
        name=name,
        kind="freshdesk",
        desk=Desk(freshdesk, form, host.keep),
        watch=Watch(freshdesk, form, host.clock),
        examiner=Examination(name, freshdesk, form),
        pace=freshdesk.pace,
        close=freshdesk.close,
    )
