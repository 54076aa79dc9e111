"""The starter configuration as a team would have filled it in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tierdesk.settings import SettingsError, load_settings
from tierdesk.starter import starter_files

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-test-token",
    "SLACK_APP_TOKEN": "xapp-test-token",
    "SLACK_SIGNING_SECRET": "test-signing-secret",
    "MASTODON_MAIN_TOKEN": "test-mastodon-token",
}


def fill_folder(folder: Path) -> Path:
    """Writes it there; returns the folder."""
    for name, text in starter_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        filled = text.replace("0EXAMPLE", "0TEAM").replace("https://mastodon.", "https://social.")
        path.write_text(filled, encoding="utf-8")
    return folder


def change(path: Path, right: str, wrong: str) -> None:
    """Writes something else into a file; the text to be replaced must be there."""
    text = path.read_text(encoding="utf-8")
    assert right in text, right
    path.write_text(text.replace(right, wrong), encoding="utf-8")


def refusal(folder: Path, environ: Mapping[str, str] = SECRETS) -> SettingsError:
    """What checking a folder that is not right raises."""
    try:
        load_settings(folder, environ, with_articles=True)
    except SettingsError as error:
        return error
    raise AssertionError("the folder was taken")
