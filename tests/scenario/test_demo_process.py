"""`tierdesk demo` as somebody starts it: a process that brings others up, and takes them along."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.world import PATIENCE


@dataclass
class Started:
    process: subprocess.Popen[str]

    def says(self, pattern: str) -> re.Match[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"ended with {self.process.wait()} and never said {pattern}")

    def interrupted(self) -> int:
        """Ctrl-C: its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Started]:
    command = [sys.executable, "-m", "tierdesk", "demo", "--dir", str(tmp_path / "demo")]
    with subprocess.Popen(
        [*command, "--no-story"], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield Started(process)
        if process.poll() is None:
            process.terminate()


def product_of(address: str) -> int:
    state = httpx.get(f"{address}/sandbox/control", timeout=PATIENCE).json()
    return int(state["product"]["pid"])


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_demo_shows_its_page_and_ctrl_c_leaves_nothing_running(demo: Started) -> None:
    address = demo.says(r"Open (http\S+) in your browser")[1]
    page = httpx.get(address, timeout=PATIENCE)
    product = product_of(address)
    assert "Tierdesk sandbox" in page.text
    assert runs(product)

    assert demo.interrupted() == 0

    assert not runs(product)
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, timeout=PATIENCE)


def test_a_product_that_was_killed_is_started_again_and_ends_with_the_demo(demo: Started) -> None:
    address = demo.says(r"Open (http\S+) in your browser")[1]
    first = product_of(address)
    httpx.post(f"{address}/sandbox/control", json={"action": "kill-product"}, timeout=PATIENCE)

    demo.says("The product ended; starting it again")

    assert not runs(first)
    assert demo.interrupted() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, timeout=PATIENCE)
