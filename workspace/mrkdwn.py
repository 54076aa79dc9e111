"""Foreign text made harmless for Slack: cleaned, escaped, bounded. Pure.

Sources: "Formatting text for app surfaces" of docs.slack.dev; Unicode Annex 29 for graphemes.
"""

from __future__ import annotations

import re
import unicodedata

MORE = "… all in the thread"

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and line feed
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # direction, zero width
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e001f]"
)
_PILED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{6})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_URL = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_JOINER = "\u200d"
_ESCAPED = len("&amp;")


def tidy(text: str) -> str:
    """Text without what cannot be seen or would turn its surroundings around."""
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _EMPTY_LINES.sub("\n\n", _PILED.sub(r"\1", text)).strip()


def line(text: str) -> str:
    """Text on one line; right-to-left text cannot reorder what stands beside it."""
    flat = " ".join(tidy(text).split())
    return f"\u2068{flat}\u2069" if _RIGHT_TO_LEFT.search(flat) else flat


def escape(text: str) -> str:
    """For mrkdwn: no mention, link or broadcast can be made from the outside."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """For rich text, what was escaped for mrkdwn."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: str) -> str:
    """For mrkdwn on one line: escaped, and without signs that would format it."""
    return escape(line(re.sub(r"[*_~`]", "", text)))


def brief(text: str, most: int) -> str:
    """`plain` in at most `most` characters, however many signs have to be escaped."""
    said = plain(short(text, most))
    return said if size(said) <= most else plain(short(text, most // _ESCAPED))


def size(text: str) -> int:
    """Length as Slack's limits count it: UTF-16 units."""
    return len(text) + sum(c > "\uffff" for c in text)


def clip(text: str, most: int, more: str = MORE) -> str:
    """At most `most` characters, cut between words (else between graphemes), `more` said."""
    if size(text) <= most:
        return text
    room = most - size(more) - 1
    cut = _within(text, room)
    start = cut
    space = max(text.rfind(" ", 0, cut + 1), text.rfind("\n", 0, cut + 1))
    if space > cut - 60 and space > 0:
        return f"{text[:space].rstrip()} {more}"
    while cut > 0 and start - cut < 60 and _inside_grapheme(text, cut):
        cut -= 1
    return f"{text[:cut].rstrip()} {more}"


def short(text: str, most: int) -> str:
    """One line of at most `most` characters."""
    return clip(line(text), most, "…")


def web_url(url: str | None) -> str | None:
    """The address where it is one that a link may carry, else None."""
    return url if url and len(url) <= 3000 and _URL.fullmatch(url) else None


def _within(text: str, most: int) -> int:
    """How many characters fit."""
    head = text[: max(0, most)]
    over = size(head) - most
    while over > 0:
        head = head[:-over] if over < len(head) else ""
        over = size(head) - most
    return len(head)


def _inside_grapheme(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    joined = _JOINER in (before, after) or _extends(after)
    return joined or (_flag(before) and _flag(after) and _flags_before(text, at) % 2 == 1)


def _extends(character: str) -> bool:
    """Accents, variation selectors, skin tones, tags, vowel and final signs of Hangul."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
    )


def _flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and _flag(text[at - 1 - count]):
        count += 1
    return count
