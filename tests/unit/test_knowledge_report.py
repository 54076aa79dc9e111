"""Once a week the operator hears what customers asked and no article answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.clearance import DataClass, Span
from inbox.decision import Articles
from inbox.facts import Findings, Topic
from inbox.knowledge import Hit
from inbox.message import Posted, Settled
from inbox.reception import Arrival
from tests.articles import ALL, an_index
from tests.builders import a_decision, a_message, a_ref, an_author, some_findings
from tests.house import FakeRouter, House
from tierdesk.current_knowledge import CurrentKnowledge
from tierdesk.knowledge_use import KnowledgeReport, KnowledgeUse

KAYAKS = ("Do you rent kayaks?", "can one rent kayaks here", "kayaks for rent, how much")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, FakeRouter(lambda facts: a_decision())) as house:
        yield house


def hear(house: House, *texts: str, findings: Findings | None = None) -> None:
    """Each from another person, in a conversation of its own."""
    start = len(house.router.asked)
    for at, text in enumerate(texts, start):
        author = an_author(f"person{at}@example.org", ref=a_ref(f"@p{at}"))
        message = a_message(f"m{at}", conversation=a_ref(f"m{at}"), author=author, text=text)
        arrival = Arrival(event=Posted(message=message), findings=findings or some_findings())
        house.arrivals.submit([arrival]).result()


def report(house: House, current: CurrentKnowledge | None = None) -> list[str]:
    KnowledgeReport(
        store=house.database,
        writer=house.writer,
        current=current or CurrentKnowledge(an_index()),
        desk=house.desk,
        now=house.clock,
    ).turn()
    return [text for text in house.told() if "asked about" in text or "Articles" in text]


def test_what_three_people_asked_is_told_once_a_week_with_what_nobody_needed(house: House) -> None:
    hear(house, *KAYAKS, "When are you open?")

    [told] = report(house)
    assert "3 people asked about “kayaks”, “rent”, and no article answers: make one." in told
    assert "Articles that no question of this week found" in told
    assert "“Opening hours”" not in told
    assert report(house) == [told]
    house.clock.advance(timedelta(days=7))
    hear(house, *KAYAKS)
    assert len(report(house)) == 2


def test_a_week_whose_report_ended_half_made_is_told_at_the_next_start(house: House) -> None:
    hear(house, *KAYAKS)
    with pytest.raises(RuntimeError):
        report(house, CutOff(an_index()))
    [told] = report(house)
    assert "3 people asked" in told


class CutOff(CurrentKnowledge):
    """The process ends while the report is made."""

    def search(self, *_: object, **__: object) -> Sequence[Hit]:
        raise RuntimeError("killed")


def test_a_week_without_questions_is_not_told(house: House) -> None:
    assert report(house) == []


@pytest.mark.parametrize(
    "findings",
    [
        some_findings(topics=(Topic(name="health", words=("ill",)),)),
        some_findings(topics=(Topic(name="praise", words=("nice",)),)),
        some_findings(failed=("topics",)),
    ],
)
def test_private_matters_and_what_asks_nothing_are_not_looked_at(
    house: House, findings: Findings
) -> None:
    hear(house, *KAYAKS, findings=findings)
    assert report(house) == []


def test_personal_data_is_in_no_word_of_it(house: House) -> None:
    text = "Do you rent kayaks? Zbigniew Nowak"
    span = Span(start=text.index("Zbig"), end=len(text), cls=DataClass.ADDRESS)
    hear(house, *[text] * 3, findings=some_findings(spans=(span,)))
    [told] = report(house)
    assert "3 people" in told
    assert "bigniew" not in told


def settle(house: House, *texts: str) -> None:
    """Each in a topic of somebody's own, which the community answered."""
    for at, text in enumerate(texts):
        author = an_author(f"reader{at}@example.org", ref=a_ref(f"@r{at}"))
        message = a_message(f"t{at}", conversation=a_ref(f"t{at}"), author=author, text=text)
        arrival = Arrival(event=Settled(message=message), findings=some_findings())
        house.arrivals.submit([arrival]).result()


def test_what_the_community_answers_again_and_again_is_worth_an_article_too(house: House) -> None:
    settle(house, *KAYAKS[:2])
    hear(house, KAYAKS[2])
    assert house.writer.run(lambda unit: unit.cases.get(2)) is None
    [told] = report(house)
    assert (
        "3 people asked about “kayaks”, “rent”, 2 of them where the community answered, and no"
        " article answers: make one."
    ) in told


def test_what_an_article_answers_is_not_told_though_the_community_answers_it(
    house: House,
) -> None:
    settle(house, "When are you open?", "when do you open", "are you open now?")
    assert "asked about" not in " ".join(report(house))


def test_where_articles_are_off_nothing_is_looked_at(house: House) -> None:
    house.router.decide = lambda facts: a_decision(articles=Articles.OFF)
    hear(house, *KAYAKS)
    assert report(house) == []


def test_an_article_counts_as_found_where_an_agent_would_be_shown_it(house: House) -> None:
    hear(house, "When are you open?", "can i get a voucher")
    use = KnowledgeUse(knowledge=CurrentKnowledge(an_index()))
    use.add_all(house.database.all_messages())
    assert dict(use.found) == {"hours": 1, "gifts": 1}
    found = {article.title for article in ALL if article.key in use.found}
    assert set(use.never_found()) == {article.title for article in ALL} - found
