"""Values for tests, complete and plain; a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from inbox.case import Actor, ActorKind, Case
from inbox.changes import CaseEvent, Change, Received
from inbox.decision import Decision, Explanation, Priority, Response
from inbox.facts import Facts, Findings
from inbox.message import Account, Author, Draft, Kind, Message, Ref, Visibility
from inbox.outbox import NewItem, ShowCard, slack_lane
from inbox.ports import Stored

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
ACCOUNT = Account("mastodon", "brand")
CUSTOMER = Actor(kind=ActorKind.CUSTOMER, id="ana@example.org")


def minutes(number: float) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=number)


def a_ref(id: str = "1", *, account: Account = ACCOUNT) -> Ref:  # noqa: A002 - the field's name
    return Ref(account.network, account.name, id)


def an_author(handle: str = "ana@example.org", **fields: Any) -> Author:
    plain: dict[str, Any] = {"ref": a_ref(f"@{handle}"), "handle": handle, "name": "Ana"}
    return Author(**plain | fields)


def a_message(id: str = "1", **fields: Any) -> Message:  # noqa: A002 - the field's name
    ref = a_ref(id)
    plain: dict[str, Any] = {
        "ref": ref,
        "conversation": ref,
        "author": an_author(),
        "text": "When do you open?",
        "visibility": Visibility.PUBLIC,
        "kind": Kind.MENTION,
        "created_at": NOW,
    }
    return Message(**plain | fields)


def some_findings(**fields: Any) -> Findings:
    return Findings(**{"language": "en", **fields})


def some_facts(message: Message, **fields: Any) -> Facts:
    plain: dict[str, Any] = {
        "network": message.ref.network,
        "account": message.ref.account,
        "visibility": message.visibility,
        "kind": message.kind,
        "text": message.text,
        "language": "en",
        "topics": (),
        "spans": (),
        "links": 0,
        "attachments": len(message.attachments),
        "author": message.author.handle,
        "followers": None,
        "verified": None,
        "bot": None,
        "vip": False,
        "first_contact": True,
        "case_tier": None,
        "case_status": None,
        "business_hours": True,
        "at": message.created_at,
    }
    return Facts(**plain | fields)


def a_decision(rule: str = "everything else", **fields: Any) -> Decision:
    plain: dict[str, Any] = {
        "rule": rule,
        "position": 1,
        "tier": 1,
        "team": "care",
        "priority": Priority.MEDIUM,
        "response": Response(),
        "explanation": Explanation(because=("nothing else matched",)),
        "version": "test",
    }
    return Decision(**plain | fields)


def a_stored(message: Message | None = None, *, case: int | None = None, **fields: Any) -> Stored:
    plain: dict[str, Any] = {
        "message": message or a_message(),
        "findings": some_findings(),
        "case": case,
    }
    return Stored(**plain | fields)


def a_case(number: int = 1, **fields: Any) -> Case:
    plain: dict[str, Any] = {
        "number": number,
        "account": ACCOUNT,
        "author": an_author(),
        "conversation": a_ref("1"),
        "tier": 1,
        "channel": "care",
        "opened_at": NOW,
        "changed_at": NOW,
    }
    return Case(**plain | fields)


def an_event(case: int = 1, seq: int = 1, change: Change | None = None, **fields: Any) -> CaseEvent:
    received = Received(message=a_ref("1"), visibility=Visibility.PUBLIC)
    plain: dict[str, Any] = {
        "case": case,
        "seq": seq,
        "at": NOW,
        "actor": CUSTOMER,
        "change": change or received,
    }
    return CaseEvent(**plain | fields)


def a_draft(text: str = "At nine.", **fields: Any) -> Draft:
    plain: dict[str, Any] = {
        "account": ACCOUNT,
        "conversation": a_ref("1"),
        "in_reply_to": a_ref("1"),
        "to": an_author(),
        "text": text,
        "visibility": Visibility.PUBLIC,
    }
    return Draft(**plain | fields)


def an_item(case: int = 1, channel: str = "care", **fields: Any) -> NewItem:
    effect = ShowCard(case=case, channel=channel)
    plain: dict[str, Any] = {"effect": effect, "lane": slack_lane(channel)}
    return NewItem(**plain | fields)
