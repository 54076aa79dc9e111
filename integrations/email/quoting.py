"""What a person wrote in an answer, without the mail that it answers. Pure.

Every mail of ours begins with a line of our own. Where a mail program repeats our mail below the
answer, whatever its language and its way to quote, that line shows where. Libraries for this guess
by words of many languages instead, cut whole answers at a “Thanks,”, and run patterns over text
from outside that take minutes for the wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SAYS = "Write your answer above this line"
ABOVE = f"====== {_SAYS} ======"

_QUOTED = re.compile(r"\s{0,3}>")
_SIGNATURE = re.compile(r"--\s?")
_DATED = re.compile(r"\b20\d\d\b|\d[:.]\d\d|\d[./-]\d")
_NAMES_SOMEBODY = re.compile(r"[@<]|Tierdesk")
_HEADER = re.compile(r"[*\s]{0,3}[^\W\d_][\w -]{0,20}\s?:[*\s]")
_RULE = re.compile(r"\s{0,3}[-_=]{5}")
_LONGEST_ATTRIBUTION = 3
_LONGEST_SAID = 400
_FEWEST_HEADERS, _MOST_HEADERS = 3, 10


def answer_of(text: str) -> str:
    """The lines that are the writer's own; "" where there is none."""
    kept: list[str] = []
    after_quote = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = _QUOTED.match(line) is not None
        ours = not quoted and _SAYS in line
        if quoted or ours:
            _drop_introduction(kept)
        if ours or _SIGNATURE.fullmatch(line):
            break
        if not quoted:
            kept += ["", line] if after_quote else [line]
        after_quote = quoted
    return "\n".join(kept).strip()


def _drop_introduction(lines: list[str]) -> None:
    """Takes off what stands before a quoted mail: “On … wrote:”, or its headers under a rule."""
    _drop_blank(lines)
    introduction = _headers_at_end(lines) or _attribution_at_end(lines)
    if introduction:
        del lines[-introduction:]
        _drop_blank(lines)
        if lines and _RULE.match(lines[-1]):
            lines.pop()


def _attribution_at_end(lines: Sequence[str]) -> int:
    """How many of the last lines say who wrote the quoted mail and when."""
    for count in range(1, min(_LONGEST_ATTRIBUTION, len(lines)) + 1):
        said = " ".join(lines[-count:]).rstrip()[-_LONGEST_SAID:]
        if not said.endswith(":"):
            return 0
        if _DATED.search(said) and _NAMES_SOMEBODY.search(said):
            return count
    return 0


def _headers_at_end(lines: Sequence[str]) -> int:
    """How many of the last lines are the quoted mail's headers: From, Sent, To, Subject."""
    count = 0
    while count < min(_MOST_HEADERS, len(lines)) and _HEADER.match(lines[-1 - count]):
        count += 1
    named = any("[#" in line for line in lines[len(lines) - count :])
    return count if count >= _FEWEST_HEADERS and named else 0


def _drop_blank(lines: list[str]) -> None:
    while lines and not lines[-1].strip():
        lines.pop()
