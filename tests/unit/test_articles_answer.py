"""Tier 0: when an article answers by itself, what is sent, and what comes after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deskwork
from inbox.case import Case, Status
from inbox.changes import Moved
from inbox.clearance import DataClass, Span
from inbox.desk import Tier
from inbox.facts import Findings, Topic
from inbox.message import Attachment, Ref, Visibility
from router.detector import LexiconDetector
from tests.article_door import (
    ASKED,
    Door,
    a_story,
    account_does_not_agree,
    decide,
    unknown_language,
)
from tests.articles import HOURS, RETURNS, an_index
from tests.builders import a_ref, an_author
from tests.house import FakeRouter, House, a_desk
from workspace.knowledge import text_of


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    tiers = dict(a_desk().tiers) | {0: Tier(number=0, name="Self-service")}
    with House(tmp_path, FakeRouter(decide), a_desk(tiers=tiers)) as house:
        yield Door(house)


def test_a_certain_article_answers_a_first_message_and_the_case_is_self_service(door: Door) -> None:
    case = door.hear()

    [effect] = door.sent()
    assert effect.draft.text == f"{HOURS.body} | {HOURS.url} | automatic"
    assert effect.automatic
    assert (case.tier, case.channel) == (0, "care")
    with door.house.database.read() as unit:
        [stored] = unit.messages.of_case(case.number)
    assert stored.decision is not None
    assert (stored.decision.article, stored.decision.tier) == ("hours", 1)
    assert stored.decision.explanation.because[-1] == "article hours answers it (“open”)"


def test_the_answer_is_in_the_customer_s_language(door: Door) -> None:
    door.findings = Findings(language="ro")
    door.hear("La ce oră deschideți?")
    [effect] = door.sent()
    assert effect.draft.text.startswith(f"RO {HOURS.answers['ro']}")


def test_a_long_article_is_shortened_to_what_the_network_takes(door: Door) -> None:
    door.short = True
    door.hear("How do I return something?")
    [effect] = door.sent()
    assert effect.draft.text == f"Send it back within 30 days. | {RETURNS.url} | automatic"


def test_points_are_shortened_by_points(door: Door) -> None:
    door.short = True
    steps = "1. Open My orders. There you are.\n2. Choose Return.\n3. Print the label, or show it."
    door.knowledge = an_index(replace(RETURNS, body=steps))
    door.hear("How do I return something?")
    [effect] = door.sent()
    assert effect.draft.text.startswith("1. Open My orders. There you are.\n2. Choose Return. |")


def test_a_comment_in_an_article_is_neither_sent_nor_offered_nor_searched(door: Door) -> None:
    secret = "<!-- INTERNAL: outsourced to Bob,\n\nnever say so -->"
    hours = replace(HOURS, body=f"{HOURS.body}\n\n{secret}", answers={"ro": f"Da. {secret}"})
    door.knowledge = index = an_index(hours, RETURNS)
    door.hear()
    [effect] = door.sent()
    assert effect.draft.text == f"{HOURS.body} | {HOURS.url} | automatic"
    assert [text_of(hours, language) for language in ("en", "ro")] == [HOURS.body, "Da."]
    assert index.search("outsourced to Bob", language="en") == []


PHONE = "+40 21 555 01 47"


@pytest.mark.parametrize("own", [(), (PHONE,)])
def test_an_article_that_would_publish_personal_data_is_a_person_s_and_not_sent_in_part(
    door: Door, own: tuple[str, ...]
) -> None:
    body = f"You can visit us on Fridays.\n\nBook by phone: {PHONE}. Else you are not let in."
    door.knowledge = an_index(replace(HOURS, body=body))
    door.seen_in_answers = LexiconDetector()
    door.house.desk = replace(door.house.desk, own_contacts=frozenset(own))

    assert door.hear().tier == (0 if own else 1)
    assert [effect.draft.text for effect in door.sent()] == [
        f"{body} | {HOURS.url} | automatic" for _ in own
    ]


def rule_suggests(door: Door) -> str:
    return f"suggest {ASKED}"


def no_text_in_the_language(door: Door) -> str:
    door.findings = Findings(language="ja")
    return "営業時間を教えてください"


def nothing_certain(door: Door) -> str:
    return "Do you rent submarines?"


def best_is_internal(door: Door) -> str:
    return "My table has a scratch"


@pytest.mark.parametrize(
    "case",
    [
        rule_suggests,
        account_does_not_agree,
        no_text_in_the_language,
        unknown_language,
        nothing_certain,
        best_is_internal,
        a_story,
    ],
)
def test_otherwise_nothing_is_sent_and_people_have_it(
    door: Door, case: Callable[[Door], str]
) -> None:
    assert door.hear(case(door)).tier == 1
    assert door.sent() == []


def test_a_bot_gets_no_article(door: Door) -> None:
    door.hear(author=an_author(bot=True))
    assert door.sent() == []


def test_without_a_tier_of_self_service_nothing_is_sent(tmp_path: Path) -> None:
    with House(tmp_path, FakeRouter(decide)) as house:
        alone = Door(house)
        assert alone.hear().tier == 1
        assert alone.sent() == []


# --- what comes after --------------------------------------------------------------------


def test_whoever_answers_gets_a_person_and_no_second_article(door: Door) -> None:
    door.hear()
    door.deliver()
    door.minute += 600

    case = door.hear("And how do I return something?")

    assert (case.tier, case.status) == (1, Status.NEW)
    assert door.sent() == []
    assert any(isinstance(e.change, Moved) for e in door.history())


def test_a_rule_of_self_service_takes_nobody_back_after_an_article(door: Door) -> None:
    door.hear()
    door.deliver()
    door.minute += 600

    assert door.hear("template please").tier == 1
    assert door.sent() == []


THANKS = Findings(language="en", topics=(Topic(name="thanks", words=("thanks",)),))


def test_thanks_leave_the_case_in_self_service(door: Door) -> None:
    door.hear()
    door.deliver()
    door.findings = THANKS

    case = door.hear("Thanks!")

    assert (case.tier, case.status) == (0, Status.PENDING)


def test_thanks_with_a_picture_are_looked_at_by_a_person(door: Door) -> None:
    door.hear()
    door.deliver()
    door.findings = THANKS

    case = door.hear("Thanks!", attachments=(Attachment(kind="image", url=""),))

    assert (case.tier, case.status) == (1, Status.NEW)


def test_thanks_with_personal_data_go_where_the_rule_says(door: Door) -> None:
    door.hear()
    door.deliver()
    span = Span(start=0, end=3, cls=DataClass.CARD)
    thanks = (Topic(name="thanks", words=("thanks",)),)
    door.findings = Findings(language="en", topics=thanks, spans=(span,))

    assert door.hear("411 private, thanks").tier == 2


def ours(door: Door) -> Ref:
    """The article as it stands on the network."""
    [key] = door.sender.there
    return a_ref(f"sent-{key}")


@pytest.mark.parametrize("closed", [False, True])
def test_who_answers_the_article_by_direct_message_goes_on_with_the_same_case(
    door: Door, closed: bool
) -> None:
    door.hear()
    door.deliver()
    if closed:
        door.works(deskwork.close, "answered")

    direct = a_ref("dm-ana")
    door.hear(
        f"That does not help. {ASKED}",
        visibility=Visibility.PRIVATE,
        conversation=direct,
        in_reply_to=ours(door),
    )
    case = door.hear("Hello?", visibility=Visibility.PRIVATE, conversation=direct)

    assert (case.number, case.messages, case.dm) == (1, 3, direct)
    assert (case.tier, case.status) == (1, Status.NEW)
    assert door.sent() == []
    assert len(door.sender.there) == 1


def test_private_words_that_join_a_public_case_may_raise_it(door: Door) -> None:
    door.hear()
    door.deliver()
    case = door.hear(
        "private: 4111",
        visibility=Visibility.PRIVATE,
        conversation=a_ref("dm-ana"),
        in_reply_to=ours(door),
    )
    assert (case.tier, case.channel, case.last_public) == (2, "private", a_ref("1"))


def test_an_open_conversation_keeps_what_is_written_there_whatever_it_answers(door: Door) -> None:
    """As its case was told that it would: see inbox.conversations."""
    direct = a_ref("dm-ana")
    with_its_own = {"visibility": Visibility.PRIVATE, "conversation": direct}
    door.hear()
    door.deliver()
    door.minute += 25 * 60
    door.hear("suggest", **with_its_own)

    door.hear("And this?", in_reply_to=ours(door), **with_its_own)

    assert door.case().messages == 1
    with door.house.database.read() as unit:
        [other] = unit.cases.by_key({(direct, an_author().ref)}).values()
    assert (other.number, other.messages) == (2, 2)


def test_somebody_else_who_answers_the_article_has_a_case_of_their_own(door: Door) -> None:
    door.hear()
    door.deliver()
    tom = {"author": an_author("tom"), "visibility": Visibility.PRIVATE}
    door.hear("And I?", conversation=a_ref("dm-tom"), in_reply_to=ours(door), **tom)
    assert door.case().messages == 1


# --- menus -------------------------------------------------------------------------------


def greet(door: Door, **more: object) -> Case:
    return door.hear("hello", visibility=Visibility.PRIVATE, **more)


def test_a_menu_is_offered_in_private_with_numbers_and_as_choices(door: Door) -> None:
    greet(door)
    [effect] = door.sent()
    assert effect.draft.text == "What is it about?\n1. My order\n2. A payment"
    assert effect.draft.choices == ("My order", "A payment")


@pytest.mark.parametrize(
    "said",
    [
        *("2", " 2. ", "２", "#2", "[2]", "*2*", "2\u200b", "2️⃣ 🙏", "٢", "@brightleaf 2"),
        *("a PAYMENT", "O plată!", "o plata", "2. A payment", "2) o plata"),
    ],
)
def test_a_number_or_the_words_choose(door: Door, said: str) -> None:
    greet(door)
    case = door.hear(said, visibility=Visibility.PRIVATE)
    assert (case.rule, case.tier) == ("money", 2)


@pytest.mark.parametrize("said", ["3", "0", "22", "2.5", "1 2", "2 payments", "yes", "?!", ""])
def test_what_is_no_choice_is_a_message_like_any_other(door: Door, said: str) -> None:
    greet(door)
    case = door.hear(said, visibility=Visibility.PRIVATE)
    assert (case.rule, case.tier) == ("everything", 1)


def test_an_offer_holds_for_the_next_message_alone(door: Door) -> None:
    greet(door)
    door.hear("what?", visibility=Visibility.PRIVATE)
    assert door.hear("2", visibility=Visibility.PRIVATE).rule == "everything"


def test_a_choice_never_lowers_a_case(door: Door) -> None:
    greet(door)
    door.hear("private", visibility=Visibility.PUBLIC)
    case = door.hear("1", visibility=Visibility.PRIVATE)
    assert (case.rule, case.tier) == ("order", 2)


def test_a_certain_article_comes_before_the_menu(door: Door) -> None:
    door.hear(f"hello! {ASKED}", visibility=Visibility.PRIVATE)
    [effect] = door.sent()
    assert effect.draft.text.startswith(HOURS.body)


def test_nobody_is_offered_a_menu_in_public_or_twice(door: Door) -> None:
    door.hear("hello")
    assert door.sent() == []
    greet(door)
    assert door.sent() == []
