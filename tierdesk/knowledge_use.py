"""What the stored history says of the articles: which are found, and what none of them answers.

Questions in a forum that its community answered count as well, though they never were a case.

Nothing new is kept: it is told from the messages with their frozen findings, what is personal
taken out before a word is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox.clearance import without
from inbox.decision import Articles, Decision
from inbox.desk import Desk
from inbox.facts import Facts
from inbox.ports import Store, Stored
from responders.knowledge.gaps import Gap, Question, group
from responders.knowledge.judging import LONGEST_QUESTION
from router.vocabulary import PRIVATE_TOPICS
from store.writer import Writer
from tierdesk.current_knowledge import CurrentKnowledge
from tierdesk.weekly import Weekly

LOOKED_BACK = timedelta(days=7)
MOST_LOOKED_AT = 5_000
"""Messages of a week that are searched with: about ten seconds of work."""

TELLS_NOTHING = PRIVATE_TOPICS | {"thanks", "praise", "spam", "abuse", "outage"}
"""What such a message is about is no question that an article could answer."""

MOST_TOLD = 5


@dataclass(slots=True, kw_only=True)
class KnowledgeUse:
    """Counts over messages that were decided on; `found` by article, `asked` as nobody answers."""

    knowledge: CurrentKnowledge
    messages: int = 0
    found: Counter[str] = field(default_factory=Counter)
    asked: list[Question] = field(default_factory=list)

    def add_all(self, history: Iterable[Stored]) -> None:
        for stored in history:
            if self.messages >= MOST_LOOKED_AT:
                return
            if is_question(stored):
                self.add(stored)

    def add(self, stored: Stored) -> None:
        self.messages += 1
        findings = stored.findings
        text = without(stored.message.text, findings.spans)
        hits = self.knowledge.search(text, language=findings.language, limit=1, internal=True)
        if shown := self.knowledge.certainty.worth_showing(hits):
            self.found[shown[0].article.key] += 1
            return
        author = f"{stored.message.author.ref}"
        self.asked.append(
            Question(
                author=author,
                text=text,
                language=findings.language,
                settled=stored.decision is None,
            )
        )

    def gaps(self) -> list[Gap]:
        return group(self.asked)

    def never_found(self) -> list[str]:
        """Titles of the articles that no message of this time would be shown."""
        articles = self.knowledge.articles
        return [article.title for article in articles if article.key not in self.found]


def is_question(stored: Stored) -> bool:
    """What an article could answer: a customer's first message in a case, or one that began none
    since the community answered it.
    """
    if stored.mine or stored.deleted_at is not None or stored.findings.failed:
        return False
    topics = {topic.name for topic in stored.findings.topics}
    short = 0 < len(stored.message.text) <= LONGEST_QUESTION
    return short and not topics & TELLS_NOTHING and _wanted(stored.facts, stored.decision)


def _wanted(facts: Facts | None, decision: Decision | None) -> bool:
    if facts is None or decision is None:
        return facts is None and decision is None  # nothing was decided where it was settled
    first = facts.case_tier is None
    return first and not decision.ignore and decision.articles is not Articles.OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeReport:
    """Told in the first hour of a week in which the product runs; nothing where all is well."""

    store: Store
    writer: Writer
    current: CurrentKnowledge
    desk: Desk
    now: Callable[[], datetime]

    def turn(self) -> None:
        Weekly(
            name="knowledge-report",
            text=self._text,
            store=self.store,
            writer=self.writer,
            desk=self.desk,
        ).turn(self.now())

    def _text(self, at: datetime) -> str:
        use = KnowledgeUse(knowledge=self.current)
        use.add_all(self.store.all_messages(since=at - LOOKED_BACK))
        return sentence(use)


def sentence(use: KnowledgeUse) -> str:
    """What is worth an article, and which articles nobody needed; empty where nothing is."""
    gaps = use.gaps()
    parts = [told(gap) for gap in gaps[:MOST_TOLD]]
    if len(gaps) > MOST_TOLD:
        parts.append(f"And {len(gaps) - MOST_TOLD} more: `tierdesk kb gaps`.")
    if use.messages and (silent := use.never_found()):
        named = ", ".join(f"“{title}”" for title in silent[:MOST_TOLD])
        more = f" and {len(silent) - MOST_TOLD} more" if len(silent) > MOST_TOLD else ""
        parts.append(f"Articles that no question of this week found: {named}{more}.")
    return " ".join(parts)


def told(gap: Gap) -> str:
    words = ", ".join(f"“{word}”" for word in gap.words)
    settled = f", {gap.settled:,} of them where the community answered" if gap.settled else ""
    return f"{gap.people:,} people asked about {words}{settled}, and no article answers: make one."
