"""From a message, its findings and its surroundings to the frozen facts. Pure."""

from __future__ import annotations

from datetime import datetime

from inbox.case import Case
from inbox.desk import Desk
from inbox.facts import Facts
from inbox.ports import Contact, Stored


def freeze(
    stored: Stored,
    *,
    case: Case | None,
    contact: Contact | None,
    desk: Desk,
    now: datetime,
    menu_choice: str | None = None,
) -> Facts:
    """Everything a rule may ask, before the first rule is judged."""
    message, findings = stored.message, stored.findings
    author = message.author
    return Facts(
        network=message.ref.network,
        account=message.ref.account,
        visibility=message.visibility,
        kind=message.kind,
        text=message.text,
        language=findings.language,
        topics=findings.topics,
        spans=findings.spans,
        links=findings.links,
        attachments=len(message.attachments),
        author=author.handle,
        followers=author.followers,
        verified=author.verified,
        bot=author.bot,
        vip=author.handle.lower() in desk.vips,
        first_contact=contact is None or contact.cases == 0,
        case_tier=case.tier if case else None,
        case_status=case.status.value if case else None,
        business_hours=desk.hours.open_at(now),
        at=now,
        failed=findings.failed,
        doubt=findings.doubt,
        hints=findings.hints,
        rating=message.rating,
        staff=author.staff,
        menu_choice=menu_choice,
    )
