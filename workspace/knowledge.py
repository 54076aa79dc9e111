"""Articles as agents see them: on the card, in the Reply window, found by a command. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.case import Status
from inbox.clearance import without
from inbox.decision import Articles
from inbox.knowledge import Article, Hit
from inbox.plain import paragraphs, sentences
from inbox.ports import Knowledge
from workspace import ids, words
from workspace.blocks import Block, Element, Shown, button, option, section
from workspace.mrkdwn import clip, plain, short, web_url
from workspace.reading import CaseView, decision_of

MOST_ASKED = 1_000
"""Characters of a message that are searched for: what is asked stands at its beginning."""

MOST_SENTENCES = 6
MOST_FOUND = 5
MOST_READ = 1_500
"""Characters of an article that a window or a command shows."""


def suggested(view: CaseView, knowledge: Knowledge | None) -> Article | None:
    """The article for what the customer asked last, where rule and account let it be shown.

    What is personal in the message is no part of the search.
    """
    asked = view.unanswered()[-1:]
    decision = decision_of(view.decision())
    waits = view.case.status in (Status.NEW, Status.OPEN)
    if knowledge is None or decision is None or not asked or not waits:
        return None
    if view.desk.articles_at(view.case.account, decision.articles) is Articles.OFF:
        return None
    text = without(asked[0].message.text, asked[0].findings.spans)[:MOST_ASKED]
    return _best(text, asked[0].findings.language, knowledge)


def _best(text: str, language: str | None, knowledge: Knowledge) -> Article | None:
    """For the whole or one sentence of it: people tell a story, and ask at its end."""
    parts = dict.fromkeys([text, *sentences(text)[:MOST_SENTENCES]])
    hits = [
        hit
        for part in parts
        for hit in knowledge.search(part, language=language, limit=1, internal=True)
    ]
    shown = knowledge.certainty.worth_showing(sorted(hits, key=lambda hit: -hit.score))
    return shown[0].article if shown else None


def suggestion(view: CaseView, article: Article) -> Block:
    value = f"{article.key}:{view.case.number}"
    use: Element | None = button(words.USE_IT, ids.USE_ARTICLE, value)
    if len(value) > ids.MOST_VALUE:
        use = None
    return section(f"💡 Article: {_named(article)}", accessory=use)


def _named(article: Article) -> str:
    title = f"*{plain(short(article.title, 150))}*"
    url = web_url(article.url)
    parts = [
        f"<{url}|{plain(short(article.title, 150))}>" if url else title,
        f"{words.READ_LAST} {article.updated:%d %b %Y}",
        *([] if article.public else [words.ONLY_INTERNAL]),
    ]
    return " · ".join(parts)


def text_of(article: Article, language: str | None) -> str:
    """What is sent of a public article."""
    return "\n\n".join(paragraphs(article.said_in(language)))


def read_by_agents(article: Article) -> str:
    """An internal article for the one who answers."""
    text = plain(clip("\n\n".join(paragraphs(article.body)), MOST_READ, "…"))
    return f"📕 {_named(article)}\n{words.NEVER_SENT}\n{text}"


def options(hits: Sequence[Hit]) -> list[Block]:
    """What the search field of the Reply window lists."""
    return [
        option(_listed(hit.article), hit.article.key)
        for hit in hits
        if len(hit.article.key) <= ids.MOST_OPTION
    ]


def _listed(article: Article) -> str:
    return article.title if article.public else f"{article.title} ({words.ONLY_INTERNAL})"


def found(text: str, hits: Sequence[Hit]) -> Shown:
    """The answer to `/tierdesk kb`."""
    if not hits:
        said = words.NO_ARTICLE.format(text=plain(short(text, 80)))
        return Shown(text=said, blocks=(section(said),))
    blocks = tuple(section(_excerpt(hit)) for hit in hits)
    return Shown(text=words.ARTICLES_FOUND.format(number=len(hits)), blocks=blocks)


def _excerpt(hit: Hit) -> str:
    matched = ", ".join(f"“{plain(short(word, 40))}”" for word in hit.matched[:6])
    first = (paragraphs(hit.article.body) or [""])[0]
    lines = [_named(hit.article), f"> {plain(short(' '.join(first.split()), 300))}"]
    return "\n".join([*lines, *([f"_{words.FOUND_BY} {matched}_"] if matched else [])])
