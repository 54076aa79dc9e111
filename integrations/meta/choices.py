"""Words to choose from, as buttons and back. The button's payload keeps the words in full."""

from __future__ import annotations

from typing import Any

MOST_QUICK_REPLIES = 13
MOST_TITLE = 20
"""Messenger and Instagram: "Quick Replies"."""

_MARK = "choice:"


def payload(choice: str, *, most: int = 1000) -> str:
    return f"{_MARK}{choice}"[:most]


def chosen(payload: str, title: str) -> str:
    """What the customer chose, in full where the button was ours."""
    return payload.removeprefix(_MARK) if payload.startswith(_MARK) else title


def title(choice: str, most: int) -> str:
    return choice if len(choice) <= most else f"{choice[: most - 1]}…"


def quick_replies(choices: tuple[str, ...]) -> list[dict[str, Any]]:
    """The buttons of Messenger and Instagram; none where there are too many."""
    if len(choices) > MOST_QUICK_REPLIES:
        return []
    return [
        {"content_type": "text", "title": title(one, MOST_TITLE), "payload": payload(one)}
        for one in choices
    ]
