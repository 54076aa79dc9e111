"""Opens windows: within three seconds, once."""

from __future__ import annotations

from inbox.errors import Refusal, Rejected
from workspace import words
from workspace.blocks import Block
from workspace.errors import asking
from workspace.office import Workspace

_USED = ("exchanged_trigger_id", "trigger_exchanged", "duplicated_trigger_id")
_LATE = ("expired_trigger_id", "trigger_expired", "invalid_trigger_id")


def open_window(desk: Workspace, trigger: str, window: Block) -> None:
    """Raises Refusal where it is too late; a redelivered press opens nothing twice."""
    try:
        asking(lambda: desk.client.views_open(trigger_id=trigger, view=window), post=False)
    except Rejected as error:
        if any(code in str(error) for code in _USED):
            return
        if any(code in str(error) for code in _LATE):
            raise Refusal(words.TOO_LATE) from None
        raise
