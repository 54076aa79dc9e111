"""A complete Tierdesk on one machine: the sandbox's world and the product beside it, unchanged.

The product is the same command as in earnest, `tierdesk run`, with other addresses. It is started
again when it dies: the page has a button that kills it.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import httpx

START_AGAIN = 1.0
"""Seconds after its death until the product is started again."""

PID = "product.pid"
"""In the demo's folder: the running product; by it a folder is known to be a demo's."""

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-sandbox",
    "SLACK_APP_TOKEN": "xapp-sandbox",
    "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
    "MASTODON_BRIGHTLEAF_TOKEN": "sandbox-brand-token",
    "X_BRIGHTLEAF_X_CONSUMER_KEY": "sandbox-consumer-key",
    "X_BRIGHTLEAF_X_CONSUMER_SECRET": "sandbox-consumer-secret",
    "X_BRIGHTLEAF_X_ACCESS_TOKEN": "1-sandbox",
    "X_BRIGHTLEAF_X_ACCESS_SECRET": "sandbox-brightleaf-secret",
    "ZENDESK_SUPPORT_TOKEN": "sandbox-helpdesk-token",
    "ZENDESK_SUPPORT_SIGNING_SECRET": "sandbox-helpdesk-signing-secret",
    "INSTAGRAM_BRIGHTLEAF_INSTAGRAM_TOKEN": "sandbox-instagram-token",
    "INSTAGRAM_BRIGHTLEAF_INSTAGRAM_APP_SECRET": "sandbox-meta-app-secret",
    "INSTAGRAM_BRIGHTLEAF_INSTAGRAM_VERIFY_TOKEN": "sandbox-meta-verify-token",
}
"""What the sandbox accepts; worth nothing anywhere else."""

FURTHER = {"x": "tweepy", "instagram": "httpx"}
"""Networks of the sandbox beside Mastodon, and the library that each needs."""


def write_configuration(
    directory: Path, sandbox: str, *, further: Iterable[str] = (), helpdesk: bool = False
) -> None:
    """The starter configuration with the sandbox's people, channels and addresses.

    `further` are the networks beside Mastodon; `helpdesk`: tier 2 has its tickets there.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    (directory / PID).touch()
    starter = files("tierdesk") / "starter"
    text, rules = _demo_file("tierdesk.yaml"), files("router") / "starter" / "rules.yaml"
    ordered = rules.read_text(encoding="utf-8")
    for network in further:
        account = _demo_file(f"account_{network}.yaml")
        text = text.replace("accounts:\n", f"accounts:\n{account}", 1)
    if helpdesk:
        text = text.replace("\n  2:\n", "\n  2:\n    helpdesk: support\n", 1)
        text += _demo_file("helpdesk.yaml")
        more = _demo_file("rules_helpdesk.yaml")
        ordered = ordered.replace("ordered:\n", f"ordered:\n{more}", 1)
    (directory / "tierdesk.yaml").write_text(text.replace("{sandbox}", sandbox), encoding="utf-8")
    (directory / "rules.yaml").write_text(ordered, encoding="utf-8")
    replies = starter / "replies.yaml"
    (directory / "replies.yaml").write_text(replies.read_text(encoding="utf-8"), encoding="utf-8")
    with as_file(starter / "knowledge") as articles:
        shutil.copytree(articles, directory / "knowledge")
    lines = [f"{name}={value}" for name, value in SECRETS.items()]
    (directory / ".env").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _demo_file(name: str) -> str:
    return (files("tierdesk") / "demo_files" / name).read_text(encoding="utf-8")


def introduce(sandbox: str, product: str) -> None:
    """Tell the sandbox where the product takes what webhooks bring, as in the dashboards of Meta
    and of the helpdesk.
    """
    callback = f"{product}/webhooks/instagram"
    asked = {"type": "subscribe", "network": "instagram", "callback_url": callback}
    httpx.post(f"{sandbox}/meta/people/act", json=asked, timeout=30).raise_for_status()
    told = {"url": f"{product}/webhooks/helpdesk/support"}
    httpx.post(f"{sandbox}/zendesk/people/webhook", json=told, timeout=30).raise_for_status()


@dataclass(slots=True)
class Demo:
    """Two child processes and a promise: when this one ends, so do they."""

    directory: Path
    port: int
    story: bool
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        if not _ours(self.directory):
            _say(f"{self.directory} holds something else. Name a new folder: --dir demo")
            return 1
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        sandbox = self._sandbox()
        try:
            address = _ready(sandbox)
            if address is None:
                return 1
            write_configuration(self.directory, address, further=installed(), helpdesk=True)
            self._supervise(sandbox, address)
        finally:
            _end(sandbox)
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _sandbox(self) -> subprocess.Popen[str]:
        story = [] if self.story else ["--no-story"]
        return _start(
            "-m", "sandbox", "--port", str(self.port), "--product-pid-file", str(self._pid), *story
        )

    @property
    def _pid(self) -> Path:
        return self.directory / PID

    def _supervise(self, sandbox: subprocess.Popen[str], address: str) -> None:
        told = False
        while not self._stopping.is_set() and sandbox.poll() is None:
            product = _start("-m", "tierdesk", "run", str(self.directory), "--log-level", "WARNING")
            try:
                self._pid.write_text(str(product.pid), encoding="utf-8")
                at = _ready(product)
                if at is not None:
                    with suppress(httpx.HTTPError):  # it ended already, and is started again
                        introduce(address, at)
                    if not told:
                        _say(f"\n  Open {address} in your browser. Ctrl-C ends the demo.\n")
                    told = True
                while product.poll() is None and sandbox.poll() is None:
                    if self._stopping.wait(0.2):
                        return
            finally:
                _end(product)
            _say("The product ended; starting it again.")
            self._stopping.wait(START_AGAIN)


def _ours(directory: Path) -> bool:
    """Whether it may be made anew: it is not there, empty, or a demo's."""
    if not directory.exists():
        return True
    return directory.is_dir() and ((directory / PID).exists() or not any(directory.iterdir()))


def installed() -> list[str]:
    """The further networks whose library is there."""
    return [network for network, library in FURTHER.items() if find_spec(library)]


def _start(*arguments: str) -> subprocess.Popen[str]:
    """A child in a session of its own: Ctrl-C reaches us alone, and we end it in order."""
    return subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _ready(process: subprocess.Popen[str]) -> str | None:
    """The address in a child's ready line, None where it ended before."""
    if process.stdout is None:
        return None
    for line in process.stdout:
        if " ready " in line:
            return line.split()[-1]
    return None


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - a command's output
