"""Opens windows: within three seconds, once; draws them anew while they are open."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.errors import Refusal, Rejected
from workspace import words
from workspace.blocks import Block
from workspace.errors import asking
from workspace.office import Body, Workspace

_USED = ("exchanged_trigger_id", "trigger_exchanged", "duplicated_trigger_id")
_CLOSED, _CHANGED = ("not_found",), ("hash_conflict",)
_LATE = ("expired_trigger_id", "trigger_expired", "invalid_trigger_id")


def open_window(desk: Workspace, trigger: str, window: Block) -> None:
    """Raises Refusal where it is too late; a redelivered press opens nothing twice."""
    try:
        asking(lambda: desk.client.views_open(trigger_id=trigger, view=window), post=False)
    except Rejected as error:
        if _says(error, _USED):
            return
        if _says(error, _LATE):
            raise Refusal(words.TOO_LATE) from None
        raise


def draw_anew(desk: Workspace, opened: Body, window: Block, *, as_it_was: bool = False) -> bool:
    """False where its agent has closed it.

    Raises Refusal where it is to be `as_it_was` when they chose, and was drawn anew since.
    """
    known = opened.get("hash") if as_it_was else None
    try:
        asking(
            lambda: desk.client.views_update(view_id=opened["id"], hash=known, view=window),
            post=False,
        )
    except Rejected as error:
        if _says(error, _CLOSED):
            return False
        if _says(error, _CHANGED):
            raise Refusal(words.CHOOSE_AGAIN) from None
        raise
    return True


def _says(error: Rejected, codes: Iterable[str]) -> bool:
    return any(f" {code}." in str(error) for code in codes)
