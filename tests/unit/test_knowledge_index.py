"""What a search in the articles finds, and when it is certain."""

from __future__ import annotations

import pytest

from inbox.knowledge import Certainty, Hit
from responders.knowledge.index import KnowledgeIndex
from responders.knowledge.terms import terms
from responders.knowledge.vocabulary import known_languages, vocabulary
from tests.articles import ALL, GIFTS, GOODWILL, HOURS, an_article, an_index


@pytest.fixture(scope="module")
def index() -> KnowledgeIndex:
    return an_index()


def first(index: KnowledgeIndex, text: str, language: str | None, **more: bool) -> str | None:
    hits = index.search(text, language=language, **more)
    return hits[0].article.key if hits else None


def test_every_article_is_found_first_by_each_of_its_own_questions(index: KnowledgeIndex) -> None:
    for article in ALL:
        for language, questions in article.questions.items():
            for question in questions:
                assert first(index, question, language, internal=True) == article.key, question


@pytest.mark.parametrize(
    ("text", "language", "key"),
    [
        ("what time do u shut on sundays", "en", "hours"),
        ("pana la ce ora e deschis sambata", "ro", "hours"),
        ("retunr a lamp", "en", "returns"),
        ("返品", "ja", "returns"),
        ("日曜は開いてる？", "ja", "hours"),
        ("voucher", "en", "gifts"),
        ("ギフト券", "ja", "gifts"),
        ("tarjeta regalo", "es", "gifts"),
        ("Geschenkkarte?", None, "gifts"),
    ],
)
def test_other_words_of_one_meaning_find_it_in_any_language(
    index: KnowledgeIndex, text: str, language: str | None, key: str
) -> None:
    assert first(index, text, language) == key


def test_an_internal_article_is_found_only_where_it_is_asked_for(index: KnowledgeIndex) -> None:
    assert first(index, "my table has a scratch", "en", internal=True) == "goodwill"
    assert first(index, "my table has a scratch", "en") != "goodwill"


def test_a_hit_tells_the_words_that_found_it(index: KnowledgeIndex) -> None:
    [hit, *_] = index.search("Can one buy a gift card for boats?", language="en")
    assert "gift card" in hit.matched
    assert "boats" not in hit.matched


def test_a_word_that_no_article_knows_takes_certainty_away(index: KnowledgeIndex) -> None:
    known, unknown = (
        index.search(text, language="en")[0].score
        for text in ("Can one buy gift cards?", "Can one buy gift cards for submarine tours?")
    )
    assert unknown < known - 0.2


VOUCHERS = {
    "de": "Gutschein?",
    "en": "Can one buy gift cards?",
    "es": "Tarjeta regalo?",
    "fr": "Carte cadeau ?",
    "ja": "ギフト券",
    "pt": "Cartão presente?",
    "ro": "Voucher?",
    "ru": "Подарочная карта?",
    "tr": "Hediye kartı?",
}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("@brightleaf {}", "en"),
        ("＠brightleaf@social.example {} #brightleaf #help", "en"),
        ("{} https://brightleaf.example/help?a=b", "en"),
        ("{} brightleaf.example/help", "en"),
        ("Good morning, quick question: {} Thanks in advance! Regards, Tom Baker", "en"),
        ("Guten Morgen, kurze Frage: {} Viele Grüße, Tom", "de"),
        ("Bonsoir, petite question : {} Merci d'avance, cordialement, Tom", "fr"),
        ("Buenos días, {} Gracias de antemano, un saludo, Tom", "es"),
        ("Boa tarde, {} Obrigado desde já, abraços, Tom", "pt"),
        ("Bună dimineața, o întrebare: {} Mulțumesc anticipat, cu stimă, Ana Pop", "ro"),
        ("İyi günler, {} Şimdiden teşekkürler, saygılarımla, Mehmet", "tr"),
        ("Добрый вечер, {} Заранее спасибо, с уважением, Ирина", "ru"),
        ("お世話になっております。{}よろしくお願いいたします。", "ja"),
    ],
)
def test_handles_hashtags_addresses_greetings_and_names_below_take_no_certainty_away(
    text: str, language: str
) -> None:
    question = VOUCHERS[language]
    alone, within = (
        an_index().search(asked, language=language)[:1]
        for asked in (question, text.format(question))
    )
    assert alone
    assert [hit.score for hit in alone] == [hit.score for hit in within]


def test_a_closing_takes_away_no_more_than_a_name(index: KnowledgeIndex) -> None:
    assert first(index, "Regards, gift cards?", "en") == "gifts"
    assert first(index, "Hello, regards. Do you sell any kind of gift cards?", "en") == "gifts"


def test_an_e_mail_address_is_no_handle() -> None:
    shop = an_article("mail", questions={"en": ("Is it help@shop.example?",)})
    assert first(an_index(shop), "shop", "en") == "mail"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?!",
        '"',
        '" OR entries MATCH "',
        "NEAR(a b) AND NOT *",
        "a" * 40_000,
        "open " * 8_000,
        "\x00\ud800",
        "'; DROP TABLE entries; --",
        "🎁🎁🎁",
        "（（（",
        "‹#hours›",
    ],
)
def test_no_text_of_a_customer_breaks_the_search(index: KnowledgeIndex, text: str) -> None:
    index.search(text, language="en", internal=True)
    assert first(index, "When are you open?", "en") == "hours"


def test_an_empty_knowledge_base_finds_nothing() -> None:
    assert list(KnowledgeIndex(()).search("When are you open?", language="en")) == []


def test_it_is_certain_only_above_the_threshold_and_far_from_the_second() -> None:
    certainty = Certainty(threshold=0.5, margin=0.2)

    def sure(*scores: float) -> bool:
        hits = [Hit(article=an_article(str(at)), score=one) for at, one in enumerate(scores)]
        return certainty.sure(hits) is not None

    assert sure(0.5)
    assert sure(0.9, 0.69)
    assert not sure(0.49)
    assert not sure(0.9, 0.71)
    assert not sure()


def test_an_article_speaks_its_own_languages_and_those_of_its_answers() -> None:
    assert HOURS.speaks("en")
    assert HOURS.speaks("ro")
    assert not HOURS.speaks("ja")
    assert not GIFTS.speaks("tr")
    assert not GOODWILL.speaks("ro")


def test_every_word_of_a_phrase_may_go_on() -> None:
    [term] = terms("подарочной карты", "ru")
    assert (term.concept, term.word) == ("giftcard", "подарочнои карты")
    assert "giftcard" not in {term.concept for term in terms("подарочная упаковка", "ru")}


def test_all_nine_languages_have_words_and_use_the_same_meanings() -> None:
    names = ("de", "en", "es", "fr", "ja", "pt", "ro", "ru", "tr")
    assert known_languages() == names
    meanings = {name: _meanings(name) for name in names}
    assert all(meanings["en"] - found <= {"guest", "split"} for found in meanings.values())


def _meanings(language: str) -> set[str]:
    known = vocabulary(language)
    spaced = [*known.exact.values(), *known.begun.values(), known.dense]
    return {phrase.concept for phrases in spaced for phrase in phrases}
