"""Whose a private conversation is: a customer has one with us, and may have several cases.

It belongs to the case that wrote there last: what the customer answers comes to that one.
"""

from __future__ import annotations

from inbox.case import Case, Status
from inbox.deskwork import alert
from inbox.message import Ref
from inbox.ports import Unit


def go_on_in(unit: Unit, case: Case, conversation: Ref) -> None:
    """The conversation is this case's from now on; the open case that had it is told."""
    key = (conversation, case.author.ref)
    first = case.previous is None and case.messages == 0
    before = None if first else unit.cases.holder(key)
    if before is not None and before.number == case.number:
        return
    unit.cases.link(key, case.number)
    if before is None or before.status is Status.CLOSED:
        return
    text = (
        f"Case {case.number} has written to the same customer in private. What they write there"
        f" comes to case {case.number} from now on; answer them from case {before.number}, and it"
        " comes to this one again."
    )
    told = f"conversation:{before.number}:{case.number}:{case.version}"
    unit.outbox.add([alert(before.channel, text, key=told, case=before.number)])
