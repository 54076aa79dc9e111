"""The net below the list: whatever the rules say, some messages are for a person.

An automatic answer is withheld where

- a detector crashed, or a condition could not be judged;
- the author is a bot;
- it would be a public reply, and personal data of a hard class or a private topic was seen, or
  the model would not rule a private topic out, or the language is not known or not one that the
  team answers in.

The message then goes to the team of the last rule, or further up where the winner said so. A bot's
message stays where the winner put it.

An article is only sent by itself where none of that is so, no personal data of any class was seen,
nothing is attached, and it is the first message of its case and no review; else the message stays
where it is and an agent is shown the article. A menu is only offered in private messages, and in
none whose language is not answered; where that is unknown, as of a bare "hello", in the fallback's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inbox.clearance import DataClass
from inbox.decision import Answer, Articles
from inbox.message import Kind, Visibility
from router.rules import NO_RESPONSE, Outcome, RuleSet
from router.seen import Seen, found
from router.vocabulary import PRIVATE_TOPICS

HARD_CLASSES = frozenset(
    {
        DataClass.CARD,
        DataClass.IBAN,
        DataClass.NATIONAL_ID,
        DataClass.CREDENTIAL,
        DataClass.BIRTH_DATE,
        DataClass.HEALTH,
    }
)
"""Personal data that no automatic public answer may follow."""

_AUTOMATIC = (Answer.PUBLIC_REPLY, Answer.PRIVATE_MOVE, Answer.MENU)


def guarded(
    then: Outcome, seen: Seen, rules: RuleSet, broken: Sequence[str]
) -> tuple[Outcome, tuple[str, ...]]:
    """What may be done of an outcome, and the sentences that say why not all of it."""
    if doubts := (*broken, *(f"detector {name} crashed" for name in seen.facts.failed)):
        return to_person(then, rules), tuple(f"to a person: {doubt}" for doubt in doubts)
    if seen.facts.bot and (then.response.kind in _AUTOMATIC or then.articles is Articles.AUTO):
        kept = replace(then, response=NO_RESPONSE, articles=_suggested(then))
        return kept, ("no automatic answer: the author is a bot",)
    told: tuple[str, ...] = ()
    if then.articles is Articles.AUTO and (why := _not_by_itself(seen, rules)):
        then = replace(then, articles=Articles.SUGGEST)
        told = (f"no article sent by itself: {why}",)
    if then.response.kind is Answer.MENU and (why := _no_menu(seen, rules)):
        return replace(then, response=NO_RESPONSE), (*told, f"no menu offered: {why}")
    if then.response.kind is Answer.PUBLIC_REPLY and (why := _not_in_public(seen, rules)):
        kept = replace(to_person(then, rules), hide=then.hide)
        return kept, (*told, f"automatic public reply withheld: {why}")
    return then, told


def to_person(then: Outcome, rules: RuleSet) -> Outcome:
    """The same without any automatic act, at least at the tier of the last rule."""
    last = rules.last.then
    up = then.tier is not None and last.tier is not None and then.tier >= last.tier
    place = then if up else last
    return replace(
        then,
        tier=place.tier,
        team=place.team,
        response=NO_RESPONSE,
        ignore=False,
        hide=False,
        articles=_suggested(then),
    )


def _suggested(then: Outcome) -> Articles:
    """What agents are shown stays; nothing is sent."""
    return min(then.articles, Articles.SUGGEST, key=lambda articles: articles.rank)


def _not_by_itself(seen: Seen, rules: RuleSet) -> str:
    """Why no article may be sent to this message; empty where it may."""
    if why := _not_in_public(seen, rules):
        return why
    if seen.classes:
        return found(min(seen.classes))
    if seen.facts.kind is Kind.REVIEW:
        return "it is a review"
    if seen.facts.attachments:
        return "it has an attachment, which nobody has looked at"
    return "it is not the first message of its case" if seen.facts.case_tier is not None else ""


def _no_menu(seen: Seen, rules: RuleSet) -> str:
    if seen.facts.visibility is not Visibility.PRIVATE:
        return "the message is public"
    return "" if seen.facts.language is None else _not_spoken(seen, rules)


def _not_in_public(seen: Seen, rules: RuleSet) -> str:
    """Why nothing may be said automatically in public; empty where it may."""
    if hard := seen.classes & HARD_CLASSES:
        return found(min(hard))
    if private := seen.topics & PRIVATE_TOPICS:
        return seen.about(min(private))
    if seen.facts.doubt:
        return "; ".join(["it may be a private matter", *seen.hints(PRIVATE_TOPICS)])
    return _not_spoken(seen, rules)


def _not_spoken(seen: Seen, rules: RuleSet) -> str:
    language = seen.facts.language
    if language is None:
        return "the language is unknown"
    if rules.languages is not None and language not in rules.languages:
        return f"the language {language} is not one that is answered"
    return ""
