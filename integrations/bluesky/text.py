"""Rich text: links and mentions lie over the bytes of a text (app.bsky.richtext.facet)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from atproto_client.utils.facet_detection import detect_facets, detect_mentions

from inbox.message import clean
from integrations.bluesky.wire import Facet, readable
from integrations.graphemes import graphemes

MOST = 300
"""Graphemes of a post; ten bytes are allowed for each."""
MOST_PRIVATE = 1000
"""Graphemes of a direct message; again ten bytes for each."""
BYTES = 10

_MENTION = "app.bsky.richtext.facet#mention"
_LINK = "app.bsky.richtext.facet#link"
_SCHEME = re.compile(r"^https?://(www\.)?", re.IGNORECASE)
_AFTER_MENTION = " \t\n,:"


def length(text: str) -> int:
    """Graphemes, or as many as its bytes stand for where that is more."""
    return max(graphemes(text), -(-len(text.encode("utf-8", "surrogatepass")) // BYTES))


def whole(text: str, facets: Sequence[Mapping[str, Any]], *, me: str) -> str:
    """A text as it is read here: links in full, no mention of `me` (a DID) at its beginning.

    A link whose words are not its address shows both, so that nobody is led astray. Facets that
    lie outside the text, across a letter or over each other are left out.
    """
    raw = text.encode("utf-8", "surrogatepass")
    pieces: list[str] = []
    at, addressed = 0, False
    for facet in _in_order(facets):
        start, end = facet.index.start, facet.index.end
        between, under = _decoded(raw[at:start]), _decoded(raw[start:end])
        if not at <= start < end <= len(raw) or between is None or under is None:
            continue
        if _mentions(facet, me) and not "".join([*pieces, between]).strip():
            addressed, under = True, ""
        pieces += [between, _instead(facet, under)]
        at = end
    said = clean("".join([*pieces, raw[at:].decode("utf-8", "replace")]))
    return (said.lstrip(_AFTER_MENTION) if addressed else said).strip()


def mentioned(text: str) -> frozenset[str]:
    """The handles that a text mentions, in small letters."""
    return frozenset(found.handle.lower() for found in detect_mentions(text))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Facets for the links and tags of a text, and for its mentions of the handles in `dids`."""
    found = [one.model_dump(by_alias=True, exclude_none=True) for one in detect_facets(text)]
    found += [
        {
            "$type": "app.bsky.richtext.facet",
            "index": {"byteStart": mention.byte_start, "byteEnd": mention.byte_end},
            "features": [{"$type": _MENTION, "did": dids[mention.handle.lower()]}],
        }
        for mention in detect_mentions(text)
        if mention.handle.lower() in dids
    ]
    return sorted(found, key=lambda facet: int(facet["index"]["byteStart"]))


def _in_order(given: Sequence[Mapping[str, Any]]) -> list[Facet]:
    known = [facet for one in given if (facet := readable(Facet, one))]
    return sorted(known, key=lambda facet: facet.index.start)


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def _mentions(facet: Facet, did: str) -> bool:
    return any(one.type == _MENTION and one.did == did for one in facet.features)


def _instead(facet: Facet, under: str) -> str:
    for feature in facet.features:
        if feature.type == _LINK and feature.uri:
            return feature.uri if _shortens(under, feature.uri) else f"{under} ({feature.uri})"
    return under


def _shortens(shown: str, address: str) -> bool:
    """Whether a link's words are the beginning of its address, as clients shorten it."""
    stem = _SCHEME.sub("", shown.rstrip("….")).lower()
    return "." in stem and _SCHEME.sub("", address).lower().startswith(stem)
