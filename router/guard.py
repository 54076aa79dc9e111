"""The net below the list: whatever the rules say, some messages are for a person.

An automatic answer is withheld where

- a detector crashed, or a condition could not be judged;
- the author is a bot;
- it would be a public reply, and personal data of a hard class or a private topic was seen, or
  the model would not rule a private topic out, or the language is not known or not one that the
  team answers in.

The message then goes to the team of the last rule, or further up where the winner said so. A bot's
message stays where the winner put it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inbox.clearance import DataClass
from inbox.decision import Answer
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

_AUTOMATIC = (Answer.PUBLIC_REPLY, Answer.PRIVATE_MOVE)


def guarded(
    then: Outcome, seen: Seen, rules: RuleSet, broken: Sequence[str]
) -> tuple[Outcome, tuple[str, ...]]:
    """What may be done of an outcome, and the sentences that say why not all of it."""
    if doubts := (*broken, *(f"detector {name} crashed" for name in seen.facts.failed)):
        return to_person(then, rules), tuple(f"to a person: {doubt}" for doubt in doubts)
    if seen.facts.bot and then.response.kind in _AUTOMATIC:
        return replace(then, response=NO_RESPONSE), ("no automatic answer: the author is a bot",)
    public = then.response.kind is Answer.PUBLIC_REPLY
    why = _not_in_public(seen, rules) if public else ""
    if why:
        kept = replace(to_person(then, rules), hide=then.hide)
        return kept, (f"automatic public reply withheld: {why}",)
    return then, ()


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
    )


def _not_in_public(seen: Seen, rules: RuleSet) -> str:
    """Why nothing may be said automatically in public; empty where it may."""
    if hard := seen.classes & HARD_CLASSES:
        return found(min(hard))
    if private := seen.topics & PRIVATE_TOPICS:
        return seen.about(min(private))
    if seen.facts.doubt:
        return "it may be a private matter"
    language = seen.facts.language
    if language is None:
        return "the language is unknown"
    if rules.languages is not None and language not in rules.languages:
        return f"the language {language} is not one that is answered"
    return ""
