"""What tests can count on: no secret of the machine, no engine skipped where it is required."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

from router.semantic import encoder

POSTGRESQL = "TIERDESK_TEST_POSTGRESQL"
BROWSER = "TIERDESK_TEST_BROWSER"
REQUIRED = frozenset(os.environ.get("TIERDESK_TEST_REQUIRE", "").replace(",", " ").split())
_OURS = ("TIERDESK_", "SLACK_", "MASTODON_", "GENERIC_", "DATABASE_URL")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the machine's own configuration may reach a test."""
    for name in list(os.environ):
        if name.startswith(_OURS) and not name.startswith("TIERDESK_TEST_"):
            del os.environ[name]


def pytest_unconfigure() -> None:
    """The real servers end, in each of the processes that the tests run in."""
    from tests.real.processes import ENDING

    ENDING.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_waiting)
    for name, (find, _) in _NEEDS.items():
        marked = [item for item in items if item.get_closest_marker(name)]
        if not marked or find():
            continue
        if name in REQUIRED:
            raise pytest.UsageError(f"TIERDESK_TEST_REQUIRE asks for {name}, which is not here")
        config.stash.setdefault(_LEFT_OUT, {})[name] = len(marked)
        items[:] = [item for item in items if item not in marked]
        config.hook.pytest_deselected(items=marked)


def _waiting(item: pytest.Item) -> int:
    """Tests that mostly wait come first: begun last they would hold up the end for minutes."""
    folder = item.path.parent.name
    return 0 if item.get_closest_marker("crash") else 1 if folder in ("browser", "scenario") else 2


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    left_out = config.stash.get(_LEFT_OUT, {})
    if left_out:
        said = "; ".join(f"{n} that need {_NEEDS[name][1]}" for name, n in left_out.items())
        terminalreporter.write_line(f"Left out: {said}.", yellow=True)


def postgresql_url() -> str | None:
    """SQLAlchemy's address of a PostgreSQL server that answers, None where there is none."""
    url = os.environ.get(POSTGRESQL)
    if not url:
        return None
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 5432), timeout=3).close()
    except OSError:
        return None
    return url


def browser_path() -> str | None:
    """A Chromium of this machine, None where there is none."""
    named = os.environ.get(BROWSER)
    if named:
        return named if Path(named).exists() else None
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def request_tracker() -> str | None:
    """Request Tracker's server program, None where it or PostgreSQL is not here."""
    from tests.real.request_tracker import installed

    return installed() if postgresql_url() else None


def mail_server() -> str | None:
    """Dovecot's program, None where it is not here."""
    from tests.real.mail import program

    return program()


def sentence_encoder() -> str | None:
    """The sentence encoder's package, None where the extra is not installed."""
    return encoder.PACKAGE if encoder.installed() else None


_NEEDS: dict[str, tuple[Callable[[], str | None], str]] = {
    "postgresql": (postgresql_url, f"PostgreSQL ({POSTGRESQL} names a server)"),
    "browser": (browser_path, "Chromium"),
    "rt": (request_tracker, "Request Tracker 5 and PostgreSQL"),
    "mail": (mail_server, "Dovecot"),
    "semantic": (sentence_encoder, f"the sentence encoder ({encoder.INSTALL})"),
}
_LEFT_OUT = pytest.StashKey[dict[str, int]]()


@pytest.fixture(scope="session")
def postgresql() -> str:
    url = postgresql_url()
    assert url, "mark the test with postgresql"
    return url


@pytest.fixture(scope="session")
def chromium() -> str:
    path = browser_path()
    assert path, "mark the test with browser"
    return path
