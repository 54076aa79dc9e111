"""What Mastodon makes of a plain text: its HTML, its mentions and tags, its length."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

CHARACTERS_PER_URL = 23

_ENTITY = re.compile(
    r"(?P<url>https?://[^\s<>\"'（）「」]*[^\s<>\"'（）「」.,:;!?)\]…。、])"
    r"|(?<![\w/])@(?P<user>[a-zA-Z0-9_]+)(?:@(?P<domain>[a-zA-Z0-9.-]+[a-zA-Z0-9]))?"
    r"|(?<![\w/&])#(?P<tag>\w*[^\W\d_]\w*)"
)
_ZERO_WIDTH_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)


def mentions(text: str) -> tuple[str, ...]:
    """The local names that a text mentions, in lower case, each once, in order."""
    found = (
        match["user"].lower()
        for match in _ENTITY.finditer(text)
        if match["user"] and not match["domain"]
    )
    return tuple(dict.fromkeys(found))


def tags(text: str) -> tuple[str, ...]:
    """The hashtags of a text in lower case, each once, in order."""
    found = (match["tag"].lower() for match in _ENTITY.finditer(text) if match["tag"])
    return tuple(dict.fromkeys(found))


def html(text: str, mentioned: tuple[str, ...], base: str) -> str:
    """The `content` that Mastodon's TextFormatter makes; `base` is the server's address."""
    if not text:
        return ""
    pieces = "".join(_pieces(text.replace("\r\n", "\n").strip("\n"), mentioned, base))
    paragraphs = re.split(r"\n{2,}", pieces)
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)


def length(text: str, spoiler: str = "") -> int:
    """Characters as the server counts them: a URL is 23, a mention has no domain."""
    counted = _ENTITY.sub(_counted, text)
    return sum(1 for _ in _graphemes(counted)) + sum(1 for _ in _graphemes(spoiler))


def _counted(match: re.Match[str]) -> str:
    if match["url"]:
        return "x" * CHARACTERS_PER_URL
    return f"@{match['user']}" if match["user"] else match[0]


def _pieces(text: str, mentioned: tuple[str, ...], base: str) -> Iterator[str]:
    end = 0
    for match in _ENTITY.finditer(text):
        yield _escaped(text[end : match.start()])
        yield _entity(match, mentioned, base)
        end = match.end()
    yield _escaped(text[end:])


def _entity(match: re.Match[str], mentioned: tuple[str, ...], base: str) -> str:
    if match["url"]:
        return _link(match["url"])
    if tag := match["tag"]:
        address = f"{base}/tags/{_escaped(tag.lower())}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    name = match["user"].lower()
    if name not in mentioned or match["domain"]:
        return _escaped(match[0])
    return (
        f'<span class="h-card" translate="no"><a href="{base}/@{name}" '
        f'class="u-url mention">@<span>{name}</span></a></span>'
    )


def _link(url: str) -> str:
    scheme, _, rest = url.partition("://")
    shown, hidden = rest.removeprefix("www.")[:30], rest.removeprefix("www.")[30:]
    prefix = url[: len(url) - len(shown) - len(hidden)] if rest else f"{scheme}://"
    style = ' class="ellipsis"' if hidden else ' class=""'
    return (
        f'<a href="{_escaped(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{_escaped(prefix)}</span><span{style}>{_escaped(shown)}</span>'
        f'<span class="invisible">{_escaped(hidden)}</span></a>'
    )


def _escaped(text: str) -> str:
    return escape(text).replace("&#x27;", "&#39;")


def _graphemes(text: str) -> Iterator[str]:
    """What a reader takes for single characters: near enough to Unicode's rule for a limit."""
    before, flags = "", 0
    for character in text:
        flags = flags + 1 if ord(character) in _REGIONAL_INDICATORS else 0
        joined = (
            _ZERO_WIDTH_JOINER in (character, before)
            or (before == "\r" and character == "\n")
            or unicodedata.category(character) in ("Mn", "Me")
            or ord(character) in _SKIN_TONES
            or (flags and flags % 2 == 0)
        )
        if not (before and joined):
            yield character
        before = character
