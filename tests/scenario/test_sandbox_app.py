"""The sandbox as one process: its story, its levers, its beginning and its end."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.story import STEPS

ROOT = Path(__file__).parents[2]


class Sandbox:
    """A sandbox process of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.http = httpx.Client(base_url=self.line.split()[-1], timeout=10)

    def get(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def post(self, path: str, **given: Any) -> Any:
        return self.http.post(path, json=given).json()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Its exit code and what it still wrote; kills it after two seconds."""
        self.process.send_signal(number)
        try:
            out, err = self.process.communicate(timeout=2)
        finally:
            self.process.kill()
            self.http.close()
        return self.process.returncode, out, err


@pytest.fixture
def quiet() -> Iterator[Sandbox]:
    sandbox = Sandbox("--no-story")
    yield sandbox
    if sandbox.process.returncode is None:
        sandbox.end()


def changes(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_with_streams_and_silent_calls_open(quiet: Sandbox, number: int) -> None:
    assert quiet.line.startswith("sandbox ready http://127.0.0.1:")
    fault = {"target": "network", "method": "*", "kind": "timeout_after"}
    assert quiet.post("/sandbox/control", action="fault", fault=fault)["ok"]
    with pytest.raises(httpx.ReadTimeout):
        quiet.http.get("/mastodon/api/v2/instance", timeout=0.2)
    with quiet.http.stream("GET", "/sandbox/events") as stream:
        assert next(stream.iter_lines()).startswith(":")
        assert quiet.end(number) == (0, "", "")


def test_story_tells_every_step_and_reset_brings_the_seed_back(quiet: Sandbox) -> None:
    seed = len(quiet.get("/sandbox/dump")["network"])
    with quiet.http.stream("GET", "/sandbox/events") as stream:
        told = changes(stream.iter_lines())
        quiet.post("/sandbox/story", action="speed", speed=1000)
        quiet.post("/sandbox/story", action="play")
        written = [step for step in STEPS if step.place in ("mastodon", "x", "instagram")]
        acts = 0
        while acts < len(written):
            acts += next(told)["source"] in ("network", "x", "meta")
        waits = next(n for n, step in enumerate(STEPS) if step.place == "helpdesk")
        while quiet.get("/sandbox/story")["step"] < waits:
            next(told)
    languages = {p["language"] for p in quiet.get("/mastodon/people/state?as=ana")["posts"]}
    assert languages == {"en", "ro", "tr", "ru", "ja", "de"}
    assert quiet.get("/mastodon/people/state?as=ana")["dms"][0]["with"] == "ana"
    assert quiet.post("/sandbox/reset") == {"ok": True}
    assert len(quiet.get("/sandbox/dump")["network"]) == seed
    assert quiet.get("/sandbox/story") == {
        "playing": False,
        "speed": 1.0,
        "step": 0,
        "of": len(STEPS),
    }


def test_story_can_be_paused_and_refuses_nonsense(quiet: Sandbox) -> None:
    assert quiet.post("/sandbox/story", action="play")["playing"]
    assert not quiet.post("/sandbox/story", action="pause")["playing"]
    assert not quiet.post("/sandbox/story", action="speed", speed=0)["ok"]
    assert not quiet.post("/sandbox/story", action="sing")["ok"]


def test_levers_break_and_mend_and_say_what_is_wrong(quiet: Sandbox) -> None:
    fault = {"target": "network", "method": "*", "kind": "503", "times": 0}
    assert quiet.post("/sandbox/control", action="fault", fault=fault)["ok"]
    assert quiet.http.get("/mastodon/api/v2/instance").status_code == 503
    assert quiet.get("/sandbox/control")["faults"][0]["kind"] == "503"
    assert quiet.post("/sandbox/control", action="clear")["faults"] == []
    assert quiet.http.get("/mastodon/api/v2/instance").status_code == 200
    assert quiet.post("/sandbox/control", action="rate-limit", on=False)["rate_limit"] is False
    bad = quiet.post("/sandbox/control", action="fault", fault={**fault, "kind": "flood"})
    assert "kind must be one of" in bad["error"]
    journal = quiet.get("/sandbox/journal?target=network")
    assert [call["answer_ok"] for call in journal] == [False, True]


def test_kill_product_ends_the_process_of_the_pid_file(tmp_path: Path) -> None:
    pid_file = tmp_path / "product.pid"
    product = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    sandbox = Sandbox("--no-story", "--product-pid-file", str(pid_file))
    try:
        assert not sandbox.post("/sandbox/control", action="kill-product")["ok"]
        pid_file.write_text(f"{product.pid}\n")
        assert sandbox.get("/sandbox/control")["product"] == {"pid": product.pid}
        assert sandbox.post("/sandbox/control", action="kill-product")["ok"]
        assert product.wait(timeout=5) == -signal.SIGKILL
    finally:
        sandbox.end()
        product.kill()
        product.communicate()


def test_story_begins_by_itself() -> None:
    sandbox = Sandbox()
    try:
        with sandbox.http.stream("GET", "/sandbox/events") as stream:
            told = changes(stream.iter_lines())
            assert next(c for c in told if c["source"] == "network")["what"] == "status"
    finally:
        sandbox.end()
