"""Cases as a card sees them, built without a store, for tests of the pure builders."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from inbox.case import Actor, ActorKind, Case
from inbox.changes import CaseEvent, Change, Received
from inbox.clearance import NOTHING, Clearance
from inbox.decision import Decision, Explanation, Priority, Response
from inbox.facts import Findings
from inbox.message import Author, Kind, Message, Visibility
from inbox.ports import Contact, Stored
from sandbox.slack.blocks import text_length, validate
from tests.stage_fakes import ACCOUNT, FakeDetector, a_desk, a_ref, an_author
from workspace.blocks import Shown
from workspace.reading import CaseView
from workspace.showing import Lens

AT = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
CUSTOMER = Actor(kind=ActorKind.CUSTOMER, id="ana")
MIHAI = Actor(kind=ActorKind.AGENT, id="U0MIHAI")
RULE = Actor(kind=ActorKind.RULE, id="Payment data")


def a_lens(clearance: Clearance = NOTHING) -> Lens:
    return Lens(clearance=clearance, detector=FakeDetector())


def a_decision(**more: Any) -> Decision:
    values: dict[str, Any] = {
        "rule": "Ordinary messages",
        "position": 2,
        "tier": 1,
        "team": "care",
        "priority": Priority.MEDIUM,
        "response": Response(),
        "explanation": Explanation(because=("topic delivery (“parcel”)",)),
        "version": "8c1f",
    }
    return Decision(**(values | more))


def a_stored(text: str, number: int = 1, **more: Any) -> Stored:
    """`more` are the fields of Stored; those of the message go in `message`."""
    about: dict[str, Any] = {
        "ref": a_ref(f"post-{number}"),
        "conversation": a_ref("thread-1"),
        "author": an_author(),
        "text": text,
        "visibility": Visibility.PUBLIC,
        "kind": Kind.COMMENT,
        "created_at": AT,
        "url": f"https://social.example/post-{number}",
    }
    message = Message(**(about | more.pop("message", {})))
    values: dict[str, Any] = {
        "message": message,
        "findings": FakeDetector().detect(text),
        "case": 1042,
        "decision": a_decision(),
    }
    return Stored(**(values | more))


def a_case(author: Author | None = None, **more: Any) -> Case:
    values: dict[str, Any] = {
        "number": 1042,
        "account": ACCOUNT,
        "author": author or an_author(),
        "conversation": a_ref("thread-1"),
        "tier": 1,
        "channel": "care",
        "opened_at": AT,
        "changed_at": AT,
        "waiting_since": AT,
        "last": a_ref("post-1"),
        "last_public": a_ref("post-1"),
    }
    return Case(**(values | more))


def a_view(*messages: Stored, case: Case | None = None, **more: Any) -> CaseView:
    stored = messages or (a_stored("Where is my parcel?"),)
    values: dict[str, Any] = {
        "case": case or a_case(),
        "desk": a_desk(),
        "messages": tuple(stored),
        "history": history(
            *(Received(message=s.message.ref, visibility=s.message.visibility) for s in stored)
        ),
        "contact": Contact(cases=3, closed=2, newest=None),
        "cards": (),
        "connection": None,
    }
    return CaseView(**(values | more))


def history(*changes: Change, actor: Actor = CUSTOMER, first: int = 1) -> tuple[CaseEvent, ...]:
    return tuple(
        CaseEvent(
            case=1042, seq=first + n, at=AT + timedelta(minutes=n), actor=actor, change=change
        )
        for n, change in enumerate(changes)
    )


def failed(stored: Stored) -> Stored:
    """The same message after a detector crashed on it."""
    return replace(stored, findings=Findings(failed=("personal data",)))


def words_of(shown: Shown) -> str:
    return json.dumps([shown.text, *shown.blocks], ensure_ascii=False)


def accepted(shown: Shown) -> bool:
    """Slack's own limits, as the sandbox knows them."""
    blocks: Any = [*shown.blocks]
    assert validate(blocks, "message") == []
    assert text_length(blocks) < 12_000
    assert 0 < len(shown.text) <= 4_000
    return True
