"""A whole product with the helpdesk in memory beside it, each in a process or thread of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.helpdesk_worlds import now
from tests.helpdesks.fake import FakeHelpdesk, delivery_of
from tests.helpdesks.over_http import Served, install
from tests.servers import Loopback
from tests.world import World

SECRET = "helpdesk-secret"


@dataclass
class Beside:
    """`served.helpdesk` is where its people work."""

    world: World
    served: Served

    @property
    def helpdesk(self) -> FakeHelpdesk:
        return self.served.helpdesk


@contextmanager
def a_helpdesk_beside(
    directory: Path,
    *,
    policy: str = "back: relay",
    change: Callable[[str], str] = lambda text: text,
    env: dict[str, str] | None = None,
) -> Iterator[Beside]:
    """`policy` are keys of the helpdesk `support`; tier 2 has its tickets there."""
    served = Served(FakeHelpdesk(now))
    path = os.pathsep.join((str(install(directory / "installed")), os.getcwd()))
    with Loopback(served.app()) as server:
        block = (
            "\nhelpdesks:\n  support:\n    kind: fake\n    poll_every: 1s\n    clearance: trained\n"
            f"    base_url: {server.url}\n    {policy}\n"
        )
        world = World(
            directory,
            change=lambda text: change(_tier_two(text)) + block,
            env={"PYTHONPATH": path, "FAKE_SUPPORT_SECRET": SECRET, **(env or {})},
        )
        try:
            yield Beside(world=world, served=served)
        finally:
            world.close()


def _tier_two(text: str) -> str:
    assert "\n  2:\n" in text
    return text.replace("\n  2:\n", "\n  2:\n    helpdesk: support\n", 1)


__all__ = ["SECRET", "Beside", "a_helpdesk_beside", "delivery_of"]
