"""Who tells of a trouble or praises is told by no article how it works."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from responders.knowledge.gaps import Question, group
from responders.knowledge.index import KnowledgeIndex
from responders.knowledge.judging import judge
from tests.articles import GIFTS, HOURS, an_index

LANGUAGES = ("en", "ro", "tr", "ru", "ja", "de", "fr", "es", "pt")
RETURNS = replace(
    GIFTS,
    key="returns",
    title="Returns",
    languages=LANGUAGES,
    questions={
        "en": ("How do I return something?",),
        "ro": ("Cum returnez ceva?",),
        "tr": ("Nasıl iade ederim?",),
        "ru": ("Как вернуть товар?",),
        "ja": ("返品できますか",),
    },
    body="Send it back within 30 days.",
)


@pytest.fixture(scope="module")
def index() -> KnowledgeIndex:
    gifts = replace(GIFTS, languages=LANGUAGES)
    return an_index(RETURNS, replace(HOURS, languages=LANGUAGES), gifts)


@pytest.mark.parametrize(
    ("language", "asks", "tells"),
    [
        ("en", "Can I return it?", "My return was refused"),
        ("en", "Do you sell gift cards?", "My gift card doesn't work"),
        ("ro", "Vreau să returnez", "Nu vreau să returnez"),
        ("tr", "Hediye kartı", "Hediye kartı çalışmıyor"),
        ("ru", "Подарочная карта есть?", "Подарочная карта не работает"),
        ("ja", "返品したい", "返品できなかった"),
        ("ja", "営業時間は", "なぜ営業時間なのに閉まっていたの"),
        ("de", "Gutschein?", "Der Gutschein funktioniert nicht"),
        ("fr", "Une carte cadeau ?", "La carte cadeau ne marche pas"),
        ("es", "¿Tarjeta regalo?", "La tarjeta regalo no funciona"),
        ("pt", "Cartão presente?", "O cartão presente não funciona"),
        ("en", "Return something?", "thanks for the return"),
        ("en", "Gift cards?", "gift cards are the best"),
        ("ro", "Carduri cadou?", "Ce frumos cardul cadou"),
        ("ru", "Подарочные карты?", "Подарочная карта — супер"),
        ("ja", "ギフトカードはありますか", "ギフトカード最高"),
    ],
)
def test_what_is_asked_is_answered_and_a_trouble_or_praise_is_a_person_s(
    index: KnowledgeIndex, language: str, asks: str, tells: str
) -> None:
    assert judge(index, asks, language).sent
    assert judge(index, tells, language).sent is None


def test_it_says_which_words_tell_something(index: KnowledgeIndex) -> None:
    judged = judge(index, "Is the shop open on Sundays? It says so, wrong", "en")
    assert judged.why_not == ("it tells something (“wrong”) of which the article says nothing")


def test_an_article_about_the_trouble_may_answer(index: KnowledgeIndex) -> None:
    broken = {"en": ("My gift card does not work",)}
    about = replace(GIFTS, key="broken", title="If it fails", questions=broken, body="Reload it.")
    found = judge(an_index(about, RETURNS, HOURS), "the gift card doesn't work", "en")
    assert found.sent is not None


def test_troubles_alone_make_no_gap() -> None:
    told = ("why is it expensive", "wrong colour", "lamp refused", "invalid?")
    assert group(Question(author=one, text=one, language="en") for one in told) == []
