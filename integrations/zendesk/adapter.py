"""One Zendesk account with its roles."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.ports import HelpdeskConnection, Host
from integrations.adopted import Adopted
from integrations.ticket_words import Words
from integrations.zendesk import REPEATABLE, ZendeskSettings
from integrations.zendesk.api import Zendesk
from integrations.zendesk.convert import Vocabulary
from integrations.zendesk.desk import Desk
from integrations.zendesk.examination import Examination
from integrations.zendesk.receiver import Receiver
from integrations.zendesk.watch import Watch


def connection(
    name: str, settings: ZendeskSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    zendesk = Zendesk(
        settings.base_url,
        email=settings.email,
        token=secrets["TOKEN"],
        clock=host.clock,
        keep=host.keep,
    )
    words = Vocabulary(Words(settings.statuses), Words(settings.priorities))
    adopted = Adopted(host.keep)
    signing_secret = secrets["SIGNING_SECRET"].encode()
    return HelpdeskConnection(
        name=name,
        kind="zendesk",
        desk=Desk(zendesk, adopted, words, group=settings.group_id),
        watch=Watch(zendesk, adopted, words, host.clock) if settings.polls else None,
        receiver=Receiver(signing_secret, zendesk, adopted, words) if settings.webhooks else None,
        examiner=Examination(
            name, zendesk, host.clock, polls=settings.polls, webhooks=settings.webhooks
        ),
        repeatable=REPEATABLE,
        pace=zendesk.pace,
        close=zendesk.close,
    )
