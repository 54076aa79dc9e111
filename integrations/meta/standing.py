"""Looks whether comments still stand, on networks that tell of deletions badly or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC

from inbox.errors import Rejected, Unsupported
from inbox.message import Deleted, Edited, Ref
from integrations.meta.graph import Graph

COMMENT = re.compile(r"\d+(_\d+)*")
"""Ids of comments; those of private messages have letters in them."""


def path_of(ref: Ref) -> str:
    """Where a comment is hidden and liked. Raises Unsupported for a private message."""
    if not COMMENT.fullmatch(ref.id):
        raise Unsupported("Private messages cannot be hidden or liked here.")
    return f"/{ref.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Implements inbox.ports.Inspector; no edit can be seen, since Meta dates none.

    To Meta a comment that is gone and one that we may not see are the same. So `sure` reads
    something of the same kind before anything counts as deleted; it raises where it cannot.
    """

    graph: Graph
    sure: Callable[[], object]

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        gone = [ref for ref in refs if COMMENT.fullmatch(ref.id) and not self._stands(ref)]
        if gone:
            self.sure()
        at = self.graph.clock().astimezone(UTC)
        return [Deleted(ref=ref, at=at) for ref in gone]

    def _stands(self, ref: Ref) -> bool:
        self.graph.usage.spare()
        try:
            self.graph.read(f"/{ref.id}", fields="id")
        except Rejected:
            return False
        return True
