"""The list of rules in use, and how it is exchanged while the product runs."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from inbox.decision import Decision
from inbox.facts import Facts
from router.engine import OrderedRouter
from router.loader import RulesError, load_rules
from router.vocabulary import Vocabulary

log = logging.getLogger(__name__)


class CurrentRouter:
    """An inbox.ports.Router that can be exchanged; a message under way keeps the one it has."""

    def __init__(self, router: OrderedRouter) -> None:
        self._router = router

    @property
    def ordered(self) -> OrderedRouter:
        """The one in use at this moment."""
        return self._router

    @property
    def version(self) -> str:
        return self._router.version

    def route(self, facts: Facts) -> Decision:
        return self._router.route(facts)

    def exchange(self, router: OrderedRouter) -> None:
        self._router = router


@dataclass(slots=True, kw_only=True)
class Reloading:
    """Reads the file anew. One that is broken is told, once, and changes nothing.

    `vocabulary` is that of the settings which run: a name that is only in changed settings is
    refused until the next start. `tell` is for the operator.
    """

    path: Path
    vocabulary: Vocabulary
    current: CurrentRouter
    tell: Callable[[str], None]
    _told: str | None = field(default=None, init=False)

    def reload(self) -> bool:
        """Whether the file as it stands is now in use."""
        try:
            rules = load_rules(self.path, vocabulary=self.vocabulary)
        except RulesError as error:
            self._refuse(error)
            return False
        self._told = None
        before = self.current.version
        if rules.version == before:
            log.info("the rules say what they said: version %s", before)
            return True
        self.current.exchange(OrderedRouter(rules))
        log.warning("the rules are version %s now, no longer %s", rules.version, before)
        self.tell(f"New rules are in use: version {rules.version}, in place of {before}.")
        return True

    def broke(self, error: Exception) -> None:
        """Reading them ended in a fault of ours. The next step is the operator's all the same."""
        log.error("the rules could not be read: %s", type(error).__name__)
        self.tell(
            f"Reading {self.path.name} anew broke ({type(error).__name__}). The rules in use stay: "
            f"version {self.current.version}. `tierdesk rules check` tells what is wrong with it."
        )

    def _refuse(self, error: RulesError) -> None:
        said = digest(self.path)
        if said == self._told:
            return
        number = len(error.problems)
        first = replace(error.problems[0], file=self.path.name)
        sentence = (
            f"{self.path.name} cannot be used: {number} problem{'s' if number > 1 else ''}. "
            f"The first: {first}. The rules in use stay: version {self.current.version}. "
            "A name that is new in tierdesk.yaml or replies.yaml needs a restart."
        )
        log.error("%s", sentence)
        self.tell(sentence)
        self._told = said


def digest(path: Path) -> str:
    """What tells one content of a file from another; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
