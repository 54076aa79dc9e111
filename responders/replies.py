"""Reads replies.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from inbox.problem import Problem
from responders.article_answer import TEMPLATE as ARTICLE_ANSWER
from responders.menus import MOST_CHOICES, Choice, Menu, MenuBook, bare
from responders.templates import GAPS, OF_ARTICLES, Template, TemplateBook, Use, pieces

MOST_TEXT = 10_000
"""Longest text of a reply, in characters; each network's own limit is checked when it is sent."""


class Source(Protocol):
    """A file that was read: its plain data, and where each value stands."""

    @property
    def data(self) -> object: ...

    def problem(self, path: tuple[str | int, ...], problem: str, remedy: str) -> Problem: ...


def load_replies(document: Source, *, brand: str = "") -> tuple[TemplateBook, list[Problem]]:
    """The replies that are right, and every fault of those that are not.

    A reply without a variant in the fallback language is a fault: no customer may be left
    without a text.
    """
    reader = _Reader(document)
    fallback, templates, menus = reader.read()
    book = TemplateBook(
        fallback=fallback,
        templates=templates,
        brand=brand,
        menus=MenuBook(fallback=fallback, menus=menus),
    )
    return book, reader.problems


class _Reader:
    def __init__(self, document: Source) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def read(self) -> tuple[str, Mapping[str, Template], Mapping[str, Menu]]:
        file = self._block(self._document.data, ())
        self._unknown(file, (), ("fallback", "replies", "menus"))
        fallback = self._word(
            file, (), "fallback", remedy="Name the language: fallback: en"
        ).lower()
        entries = self._block(file.get("replies"), ("replies",))
        found = (self._template(key, entry, fallback) for key, entry in entries.items())
        templates = {template.key: template for template in found if template}
        menus = self._block(file.get("menus", {}), ("menus",))
        offered = (self._menu(key, entry, fallback) for key, entry in menus.items())
        return fallback, templates, {menu.key: menu for menu in offered if menu}

    def _menu(self, key: str, entry: object, fallback: str) -> Menu | None:
        at = ("menus", key)
        before = len(self.problems)
        block = self._block(entry, at)
        self._unknown(block, at, ("text", "choices"))
        sentence = self._words(block.get("text"), (*at, "text"), fallback)
        listed = self._block(block.get("choices"), (*at, "choices"))
        choices = tuple(
            Choice(key=str(one), variants=self._words(words, (*at, "choices", one), fallback))
            for one, words in listed.items()
        )
        if not 2 <= len(choices) <= MOST_CHOICES:
            self._fault(
                (*at, "choices"),
                f"offers {len(choices)} choices",
                f"Offer 2 to {MOST_CHOICES}: `order: {{en: My order}}`",
            )
        self._told_apart(choices, (*at, "choices"))
        if len(self.problems) > before:
            return None
        return Menu(key=key, variants=sentence, choices=choices)

    def _told_apart(self, choices: Sequence[Choice], at: tuple[str, ...]) -> None:
        """A customer may answer with the words of any language."""
        first: dict[str, str] = {}
        for choice in choices:
            for language, words in choice.variants.items():
                other = first.setdefault(bare(words), choice.key)
                if other != choice.key:
                    self._fault(
                        (*at, choice.key, language),
                        f"says the same as the choice “{other}”, and so could not be chosen",
                        "Say what only this one is",
                    )

    def _words(self, value: object, at: tuple[str, ...], fallback: str) -> Mapping[str, str]:
        """The texts by language, without gaps; one in the fallback language must be there."""
        texts = self._block(value, at)
        self._in_fallback(texts, at, fallback)
        found = dict(self._variants(texts, at))
        for language, text in found.items():
            if any(gap for _, gap in pieces(text)):
                self._fault((*at, language), "has a gap", "A menu is the same for everybody")
        return found

    def _template(self, key: str, entry: object, fallback: str) -> Template | None:
        at = ("replies", key)
        before = len(self.problems)
        block = self._block(entry, at)
        self._unknown(block, at, ("title", "for", "text"))
        title = self._word(block, at, "title", remedy="Say in two or three words what it is")
        use = self._use(block.get("for", Use.BOTH), (*at, "for"))
        texts = self._block(block.get("text"), (*at, "text"))
        variants = dict(self._variants(texts, (*at, "text")))
        self._in_fallback(texts, (*at, "text"), fallback)
        for language, text in variants.items():
            self._gaps_of_articles(key, text, (*at, "text", language))
        if len(self.problems) > before:
            return None
        return Template(key=key, title=title, use=use, variants=variants)

    def _in_fallback(self, texts: Mapping[str, object], at: tuple[str, ...], fallback: str) -> None:
        if fallback and texts and fallback not in map(str.lower, texts):
            self._fault(
                at,
                f"has no text in the fallback language ({fallback})",
                f"Add a line `{fallback}: …`",
            )

    def _variants(
        self, texts: Mapping[str, object], at: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        for language, text in texts.items():
            where = (*at, language)
            if not isinstance(text, str) or not text.strip():
                self._fault(where, "has no text", "Write the sentence in quotes")
            elif len(text) > MOST_TEXT:
                self._fault(where, f"is longer than {MOST_TEXT:,} characters", "Shorten it")
            elif self._gaps_are_known(text, where):
                yield language.lower(), text.strip()

    def _gaps_are_known(self, text: str, at: tuple[str, ...]) -> bool:
        known = ", ".join(f"{{{gap}}}" for gap in GAPS)
        try:
            unknown = {gap for _, gap in pieces(text) if gap is not None} - set(GAPS)
        except ValueError:
            self._fault(
                at, "has a brace that is not a gap", f"Write {{{{ for a brace; gaps: {known}"
            )
            return False
        if unknown:
            names = ", ".join(f"{{{gap}}}" for gap in sorted(unknown))
            self._fault(at, f"has an unknown gap: {names}", f"Gaps are: {known}")
        return not unknown

    def _gaps_of_articles(self, key: str, text: str, at: tuple[str, ...]) -> None:
        """Nothing else can fill them, and without them an article's answer says nothing of it."""
        gaps = {gap for _, gap in pieces(text) if gap in OF_ARTICLES}
        if key != ARTICLE_ANSWER and gaps:
            names = ", ".join(f"{{{gap}}}" for gap in sorted(gaps))
            self._fault(
                at, f"has a gap that only the reply {ARTICLE_ANSWER} can fill: {names}", "Remove it"
            )
        if key == ARTICLE_ANSWER and not gaps & {"answer", "article_url"}:
            self._fault(
                at, "says nothing of the article", "Write {answer}, {article_url} or both into it"
            )

    def _use(self, value: object, at: tuple[str, ...]) -> Use:
        try:
            return Use(str(value))
        except ValueError:
            self._fault(at, "says neither of those who send it", "Write agents, automatic or both")
            return Use.BOTH

    def _word(
        self, block: Mapping[str, object], at: tuple[str, ...], key: str, *, remedy: str
    ) -> str:
        value = block.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._fault((*at, key), "is missing" if value is None else "must be text", remedy)
        return ""

    def _block(self, value: object, at: tuple[str, ...]) -> Mapping[str, object]:
        if isinstance(value, dict):
            return value
        self._fault(at, "must be a block of keys", "Write `key: value` lines, indented under it")
        return {}

    def _unknown(
        self, block: Mapping[str, object], at: tuple[str, ...], known: tuple[str, ...]
    ) -> None:
        for key in block.keys() - set(known):
            self._fault((*at, key), "is not a known key", f"Known are: {', '.join(known)}")

    def _fault(self, at: tuple[str, ...], problem: str, remedy: str) -> None:
        self.problems.append(self._document.problem(at, problem, remedy))
