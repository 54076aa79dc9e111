"""Tier 0: what an article answers begins there, and anything but thanks takes it to people."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from inbox.case import Case
from inbox.decision import Answer, Articles, Decision
from inbox.desk import Desk
from inbox.facts import Findings
from inbox.knowledge import Hit
from inbox.message import Message, Visibility
from inbox.ports import ArticlePlanner, Menus, Plan, Unit


def article_for(
    desk: Desk, articles: ArticlePlanner | None, message: Message, findings: Findings
) -> Hit | None:
    """The search, before any transaction since it takes time, where an article may answer at all.

    What is personal, doubted or was not looked at is a person's, whatever the rules say.
    """
    allowed = desk.articles_at(message.ref.at(), Articles.AUTO) is Articles.AUTO
    a_persons = findings.spans or findings.doubt or findings.failed or message.author.bot
    if articles is None or desk.self_service() is None or not allowed or a_persons:
        return None
    return articles.find(message.text, findings.language)


def wanted(decision: Decision) -> bool:
    """Whether the rule lets an article answer; a menu it offers comes after."""
    says_nothing_else = decision.response.kind in (Answer.NONE, Answer.MENU)
    return decision.articles is Articles.AUTO and says_nothing_else


def served(
    desk: Desk,
    articles: ArticlePlanner | None,
    case: Case,
    message: Message,
    decision: Decision,
    hit: Hit | None,
    *,
    at: datetime,
) -> tuple[Case, Decision, Plan | None]:
    """A new case that an article answers begins in self-service; any other as it was decided.

    The decision keeps the rule's own tier: it is where the case goes when the customer answers.
    """
    tier = desk.self_service()
    allowed = desk.articles_at(message.ref.at(), decision.articles) is Articles.AUTO
    if tier is None or articles is None or hit is None or not (allowed and wanted(decision)):
        return case, decision, None
    plan = articles.plan(case, message, decision, hit, at=at)
    if plan.article is None:
        return case, decision, None
    why = decision.explanation
    explained = replace(why, because=(*why.because, plan.because))
    decided = replace(decision, article=plan.article, explanation=explained)
    begun = replace(case, tier=tier.number, channel=desk.channel_of(tier.number))
    return begun, decided, plan


def had_its_answer(desk: Desk, case: Case) -> bool:
    """Whether the case is in self-service and was answered: what comes next is a person's."""
    if case.automatic_at is None:
        return False
    tier = desk.self_service()
    return tier is not None and case.tier == tier.number


def next_tier(desk: Desk, case: Case, tier: int, *, turn: bool, silent: bool = False) -> int:
    """Where a message that a rule gives this tier takes its case. `turn`: it is ours now;
    `silent`: the rule wanted to answer, and nothing goes out.
    """
    people = max(tier, desk.person_tier().number)
    if not had_its_answer(desk, case):
        return people if turn and silent else tier
    private = desk.private_tier()
    if turn or (private is not None and tier >= private.number):
        return people
    return case.tier


# --- menus -------------------------------------------------------------------------------


def remember_offer(unit: Unit, case: Case, menu: str, *, at: datetime) -> None:
    unit.memory.first_time(_offer(case.number, menu), at=at)


def menu_choice(unit: Unit, menus: Menus | None, case: Case | None, message: Message) -> str | None:
    """What the message chooses of the menu that was offered last; an offer holds once."""
    private = message.visibility is Visibility.PRIVATE
    if menus is None or case is None or case.automatic_at is None or not private:
        return None
    for name in menus.names():
        if unit.memory.forget(_offer(case.number, name)):
            return menus.chosen(name, message.text)
    return None


def _offer(case: int, menu: str) -> str:
    """The name under which it is remembered that a menu waits for its choice."""
    return f"menu:{case}:{menu}"
