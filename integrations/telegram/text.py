"""Telegram's texts: entities count UTF-16 code units, and links may hide behind words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from integrations.telegram.wire import Entity, Written


def whole(text: str, entities: Sequence[Entity]) -> str:
    """The text with the address of each link that hides behind words, in brackets after them."""
    raw = text.encode("utf-16-le", "surrogatepass")
    hidden = [e for e in entities if e.type == "text_link" and _web(e.url)]
    for entity in sorted(hidden, key=lambda one: one.offset, reverse=True):
        end = 2 * (entity.offset + entity.length)
        if 0 < end <= len(raw) and entity.length > 0 <= entity.offset:
            raw = raw[:end] + f" ({entity.url})".encode("utf-16-le", "replace") + raw[end:]
    return raw.decode("utf-16-le", "replace")


def mentions(written: Written, username: str) -> bool:
    """Whether it names the bot, also as the bot of a command: /help@BrightleafCareBot."""
    named = re.compile(rf"(?<!\w)(?:/\w+)?@{re.escape(username)}(?!\w)", re.IGNORECASE)
    return bool(named.search(written.text or written.caption))


def said(written: Written, username: str) -> str:
    """The words of a message, without the bot's name at their beginning."""
    if written.text:
        text = whole(written.text, written.entities)
    else:
        text = whole(written.caption, written.caption_entities)
    brand = re.compile(rf"@{re.escape(username)}(?!\w)[\s,:]*", re.IGNORECASE)
    at_command = re.compile(rf"(/\w+)@{re.escape(username)}(?!\w)", re.IGNORECASE)
    text = at_command.sub(r"\1", brand.sub("", text, count=1) if brand.match(text) else text)
    return text or _shown(written)


def _shown(written: Written) -> str:
    """What something without words shows."""
    if written.sticker is not None:
        return written.sticker.emoji or ""
    if written.location is not None:
        return f"({written.location.latitude}, {written.location.longitude})"
    return ""


def _web(url: str | None) -> bool:
    return url is not None and url.startswith(("http://", "https://")) and len(url) <= 2048
