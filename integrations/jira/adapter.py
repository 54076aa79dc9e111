"""One service project with its roles."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.ports import HelpdeskConnection, Host
from integrations.jira import JiraSettings
from integrations.jira.api import Jira
from integrations.jira.convert import Form
from integrations.jira.desk import Desk
from integrations.jira.examination import Examination
from integrations.jira.receiver import Receiver
from integrations.jira.watch import Watch
from integrations.ticket_words import Words


def connection(
    name: str, settings: JiraSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    jira = Jira(
        settings.base_url,
        email=settings.email,
        token=secrets["TOKEN"],
        clock=host.clock,
        keep=host.keep,
    )
    form = Form(
        project=settings.project,
        issue_type=settings.issue_type,
        statuses=Words(settings.statuses),
        priorities=Words(settings.priorities),
    )
    secret = secrets["WEBHOOK_SECRET"].encode()
    return HelpdeskConnection(
        name=name,
        kind="jira",
        desk=Desk(jira, form, host.clock, host.keep),
        watch=Watch(jira, form, host.clock),
        receiver=Receiver(secret, jira, form) if settings.webhooks else None,
        examiner=Examination(name, jira, form, webhooks=settings.webhooks),
        close=jira.close,
    )
