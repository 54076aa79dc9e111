"""Replies that are written once: variants by language, and gaps that are filled for a case.

A gap is a name in braces, {name}; a brace of the text itself is written twice, {{.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from inbox.case import Case
from inbox.errors import Refusal
from inbox.message import Author
from responders.menus import NO_MENUS, MenuBook

LONGEST_NAME = 50
"""Characters of a display name that a reply repeats."""

_MARKUP = re.compile(r"<[^>]*>|:[\w+-]+:|[<>@#*_~`\[\](){}|\\]")
_NOT_A_NAME = re.compile(r"://|\bwww\.|\w\.[^\W\d_]{2,}\b|(?:\d\D*){5}", re.IGNORECASE)


class Use(StrEnum):
    """Who sends it: the agents from the Reply window, the rules, or both."""

    AGENTS = "agents"
    AUTOMATIC = "automatic"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One reply; `variants` maps a language to its text."""

    key: str
    title: str
    use: Use
    variants: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    what: str
    value: Callable[[TemplateBook, Case, Author], str]


def _only_with_more(_b: TemplateBook, _c: Case, _a: Author) -> str:
    """What no case knows: it is given where an article is sent."""
    return ""


GAPS: Mapping[str, _Gap] = MappingProxyType(
    {
        "name": _Gap(what="the customer's name", value=lambda _b, _c, a: spoken_name(a)),
        "handle": _Gap(what="the customer's handle", value=lambda _b, _c, a: spoken_handle(a)),
        "brand": _Gap(what="the brand's name", value=lambda b, _c, _a: b.brand),
        "case": _Gap(what="the case number", value=lambda _b, c, _a: str(c.number)),
        "account": _Gap(
            what="how our account is called there",
            value=lambda b, c, _a: b.handles.get(str(c.account), ""),
        ),
        "article_title": _Gap(what="the title of an article", value=_only_with_more),
        "article_url": _Gap(what="the address of an article", value=_only_with_more),
        "answer": _Gap(what="the text of an article", value=_only_with_more),
    }
)
"""What a reply can leave open."""

OF_ARTICLES = frozenset({"answer", "article_title", "article_url"})
"""Those of them that only the reply can fill that an article is sent with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateBook:
    """All replies. `handles` maps an account, as in `mastodon:main`, to what it is called there."""

    fallback: str
    templates: Mapping[str, Template]
    brand: str = ""
    handles: Mapping[str, str] = field(default_factory=dict)
    menus: MenuBook = NO_MENUS

    @property
    def automatic(self) -> frozenset[str]:
        """Names that a rule may use."""
        return frozenset(k for k, t in self.templates.items() if t.use is not Use.AGENTS)

    def called(self, handles: Mapping[str, str]) -> TemplateBook:
        """The same book once it is known what our accounts are called."""
        return replace(self, handles=dict(handles))

    def render(
        self,
        name: str,
        *,
        language: str | None,
        case: Case,
        author: Author,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """The variant for a language with its gaps filled. Raises Refusal where a gap stays.

        `more` fills gaps that the case does not know.
        """
        template = self.templates.get(name)
        if template is None:
            raise Refusal(
                f"There is no saved reply “{name}”. Choose another one, or write yourself."
            )
        return "".join(
            literal + ((more.get(gap) or self._fill(gap, template, case, author)) if gap else "")
            for literal, gap in pieces(self._variant(template, language))
        )

    def saved(self, language: str | None) -> Sequence[tuple[str, str, str]]:
        """Key, title and text, with its gaps still open, of every reply that agents may send."""
        return [
            (t.key, t.title, self._variant(t, language))
            for t in self.templates.values()
            if t.use is not Use.AUTOMATIC
        ]

    def _variant(self, template: Template, language: str | None) -> str:
        return variant(template.variants, language, self.fallback)

    def _fill(self, gap: str, template: Template, case: Case, author: Author) -> str:
        value = GAPS[gap].value(self, case, author)
        if not value:
            raise Refusal(
                f"The reply “{template.title}” ({template.key}) was not sent: it needs "
                f"{GAPS[gap].what} ({{{gap}}}), which is not known here. Write the answer yourself."
            )
        return value


def variant(variants: Mapping[str, str], language: str | None, fallback: str) -> str:
    """The text in a language, else in its main form, else in the fallback."""
    wanted = (language or fallback).lower()
    for candidate in (wanted, wanted.split("-")[0]):
        if candidate in variants:
            return variants[candidate]
    return variants[fallback]


def pieces(text: str) -> list[tuple[str, str | None]]:
    """A text as (words, gap after them) in order. Raises ValueError where a brace stays open."""
    found = []
    for literal, gap, spec, conversion in string.Formatter().parse(text):
        if spec or conversion:
            raise ValueError("a gap has a name only")
        found.append((literal, gap))
    return found


def spoken_name(author: Author) -> str:
    """How a reply may call an author: the display name on one line, without markup, bounded.

    A display name is hostile text: one that holds a link or a number is not repeated, and the
    handle stands in for it. Empty where neither can be said.
    """
    name = _plain(author.name)
    if _NOT_A_NAME.search(unicodedata.normalize("NFKC", author.name)) or not any(
        c.isalpha() for c in name
    ):
        name = spoken_handle(author).split("@")[0]
    return _shortened(name)


def spoken_handle(author: Author) -> str:
    """A handle without the sign that would call its owner, bounded."""
    return re.sub(r"[^\w.@-]", "", author.handle).strip("@")[:100]


def _plain(text: str) -> str:
    bare = _MARKUP.sub(" ", unicodedata.normalize("NFKC", text))
    seen = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in bare)
    return " ".join(seen.split())


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    cut = name[: LONGEST_NAME + 1].rsplit(" ", 1)[0][:LONGEST_NAME]
    while name[len(cut)] != " " and unicodedata.combining(name[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip()
