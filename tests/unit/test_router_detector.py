"""What the detector sees in a text, and what it leaves alone."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.clearance import NOTHING, DataClass, Span, mask
from inbox.facts import Findings
from router.compiled import compiled
from router.detector import LexiconDetector
from router.language import LanguageDetector
from router.lexicon import CONTEXTS, Lexicon, known_languages, load_lexicon
from router.normal import Normal
from router.topics import Reading, TopicReader
from router.vocabulary import TOPICS

MIXED = (
    "the money has left my bank but you say there is nothing",
    "先週注文した商品がまだ届きません。いつ届きますか？",
    "my card 4111 1111 1111 1111 exp 12/27",
    "Siparişim hâlâ gelmedi, kaç gün daha bekleyeceğim acaba?",
    "Здравствуйте, когда вы откроетесь в новом торговом центре?",
    "",
)


@pytest.fixture(scope="module")
def detector() -> LexiconDetector:
    return LexiconDetector(order_patterns=[r"\bBL-\d{6}\b"])


def spans(detector: LexiconDetector, text: str) -> list[tuple[str, str]]:
    return [(span.cls.value, text[span.start : span.end]) for span in detector.detect(text).spans]


@pytest.mark.parametrize(
    ("text", "cls", "value"),
    [
        ("my card 4111 1111 1111 1111 exp 12/27", "card", "4111 1111 1111 1111"),
        ("card:5555-5555-5555-4444.", "card", "5555-5555-5555-4444"),
        ("378282246310005", "card", "378282246310005"),
        ("４１１１１１１１１１１１１１１１", "card", "４１１１１１１１１１１１１１１１"),
        ("4111\u200b111111111111", "card", "4111\u200b111111111111"),
        ("to RO49 AAAA 1B31 0075 9384 0000 please", "iban", "RO49 AAAA 1B31 0075 9384 0000"),
        ("tr330006100519786457841326", "iban", "tr330006100519786457841326"),
        ("write to Ana.Pop+x@Example.co.uk!", "email", "Ana.Pop+x@Example.co.uk"),
        ("ana (at) example (dot) com", "email", "ana (at) example (dot) com"),
        ("bob at gmail.com", "email", "bob at gmail.com"),
        ("call +40 722 123 456 now", "phone", "+40 722 123 456"),
        ("sunați 0722 123 456", "phone", "0722 123 456"),
        ("电话 090-1234-5678", "phone", "090-1234-5678"),
        ("where is bl-123456?", "order_number", "bl-123456"),
        ("my order 48213 is late", "order_number", "48213"),
        ("注文番号：12345678です", "order_number", "12345678"),
        ("password: hunter22", "credential", "hunter22"),
        ("my password is Tr0ub4dor&3", "credential", "Tr0ub4dor&3"),
        ("verification code is 482913", "credential", "482913"),
        ("parola mea este Primavara9", "credential", "Primavara9"),
        ("born on 12/03/1985", "birth_date", "12/03/1985"),
        ("生年月日は1985年3月12日です", "birth_date", "1985年3月12日"),
        ("CNP 1800101221144", "national_id", "1800101221144"),
        ("tc 10000000146", "national_id", "10000000146"),
        ("my ssn is 536-90-4399", "national_id", "536-90-4399"),
        ("СНИЛС 112-233-445 95", "national_id", "112-233-445 95"),
        ("my diabetes got worse", "health", "diabetes"),
    ],
)
def test_personal_data_is_found(detector: LexiconDetector, text: str, cls: str, value: str) -> None:
    assert (cls, value) in spans(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "part SK-4410 9982 7713 0041",
        "0000 0000 0000 0000",
        "RO49 AAAA 1B31 0075 9384 0001",
        "@ana@social.example hello",
        "see you at example dot",
        "we met at 12:30 on 12/03/2024",
        "my password is not working",
        "I forgot my password again",
        "the code does not work",
        "in 2024 we sold 1500000 pieces",
        "order now and save",
        "version 3.11.4",
        "open 9-17, since 1998",
    ],
)
def test_what_only_looks_like_it_is_left_alone(detector: LexiconDetector, text: str) -> None:
    assert spans(detector, text) == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("You charged me twice!", "billing"),
        ("i am locked out", "account"),
        ("please change my address", "identity"),
        ("somebody hacked my account", "fraud"),
        ("my skin burns since yesterday", "health"),
        ("my lawyer will call you", "legal"),
        ("the charger caught fire", "safety"),
        ("where is my parcel", "delivery"),
        ("is your site down?", "outage"),
        ("do you have it in size 42", "product"),
        ("love it, well done", "praise"),
        ("worst service ever, unacceptable", "complaint"),
        ("when do you open", "faq"),
        ("buy followers cheap", "spam"),
        ("you idiots", "abuse"),
        ("Mi-ați luat banii de două ori", "billing"),
        ("mi-au spart contul", "fraud"),
        ("Paramı iki kez çektiniz", "billing"),
        ("ŞİFREMİ UNUTTUM", "account"),
        ("У меня дважды списали деньги", "billing"),
        ("не могу войти в личный кабинет", "account"),
        ("二重に請求されています", "billing"),
        ("充電器から煙が出ました", "safety"),
    ],
)
def test_topics_are_seen(detector: LexiconDetector, text: str, topic: str) -> None:
    found = detector.detect(text).topics
    assert topic in {one.name for one in found}
    assert all(word in text for one in found for word in one.words if not word.startswith("["))


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thank you so much!!",
        "👍",
        "ok",
        "mulțumesc mult",
        "teşekkürler",
        "спасибо большое",
        "ありがとうございます",
        "🙏🙏",
        "thanks 😭",
        "@brightleaf thanks",
        "tysm",
        "thanks, that helped",
        "no thanks",
        "besten dank",
        "ご回答ありがとうございます",
        "ура, спасибо",
        "m-a ajutat, mersi",
        "@brightleafありがとう",
        "Спасибо, @ana_p@social.example!",
    ],
)
def test_thanks_and_nothing_else_is_thanks(detector: LexiconDetector, text: str) -> None:
    assert [topic.name for topic in detector.detect(text).topics] == ["thanks"]


@pytest.mark.parametrize(
    "text",
    [
        "thanks but where is my parcel?",
        "thanks for nothing",
        "no thanks to you",
        "that did not help, thanks",
        "nu m-a ajutat, mersi",
        "не помогло, спасибо",
        "hat nicht geholfen, danke",
        "ok and the refund?",
        "thanks?",
        "@brightleaf thanks, and the lamp",
        "thanks ana@shop.example",
        "спасибо, а где посылка",
        "ありがとうございます。返金はいつですか",
        "thanks 👎",
        "thanks 👎🏽",
        "teşekkürler 🙄",
        "ok 🤦‍♀️",
        "👍 ☹️",
        "thanks :(",
        "hello",
        "",
    ],
)
def test_thanks_with_something_else_is_not_thanks(detector: LexiconDetector, text: str) -> None:
    assert "thanks" not in {topic.name for topic in detector.detect(text).topics}


def test_words_of_a_topic_never_hold_personal_data(detector: LexiconDetector) -> None:
    (topic,) = (t for t in detector.detect("my diabetes").topics if t.name == "health")
    assert topic.words == ("[health detail]",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel, please?", "en"),
        ("Unde este coletul meu, vă rog?", "ro"),
        ("Kargom nerede kaldı acaba?", "tr"),
        ("Где моя посылка?", "ru"),
        ("荷物はどこですか", "ja"),
        ("Wo bleibt denn mein Paket, bitte?", "de"),
        ("Де моя посилка, і коли її чекати?", None),
        ("ok", None),
        ("😡😡😡", None),
        ("12345", None),
        ("", None),
    ],
)
def test_the_language_is_named_or_not_known(
    detector: LexiconDetector, text: str, language: str | None
) -> None:
    assert detector.detect(text).language == language


def test_the_network_s_word_only_breaks_ties(detector: LexiconDetector) -> None:
    assert detector.detect("ok", language="tr-TR").language == "tr"
    assert detector.detect("ok", language="xx").language is None
    assert detector.detect("Where is my parcel, please?", language="tr").language == "en"


def test_one_language_of_many_scripts_needs_no_model() -> None:
    assert LanguageDetector(["ja"]).detect("ありがとうございます") == "ja"


def test_a_crashed_detector_is_named_and_the_others_go_on() -> None:
    class Crashing(TopicReader):
        def read(self, normal: Normal, links: int) -> Reading:
            raise ZeroDivisionError(normal.raw, links)

    detector = LexiconDetector()
    detector._topics = Crashing(compiled(Lexicon()))
    findings = detector.detect("4111 1111 1111 1111 is my card number, you know")
    assert findings.failed == ("topics",)
    assert [span.cls for span in findings.spans] == [DataClass.CARD]
    assert findings.language == "en"


@given(st.lists(st.text() | st.sampled_from(MIXED), min_size=1, max_size=9))
def test_texts_looked_at_together_are_seen_as_each_alone(texts: list[str]) -> None:
    asked = [(text, None) for text in texts]
    assert _SHARED.detect_all(asked) == [_SHARED.detect(text) for text in texts]


def test_a_text_that_breaks_a_detector_takes_nothing_from_those_beside_it() -> None:
    class Crashing(TopicReader):
        def read(self, normal: Normal, links: int) -> Reading:
            if "bad" in normal.text:
                raise ZeroDivisionError
            return super().read(normal, links)

    detector, words = LexiconDetector(), load_lexicon(["en"])
    detector._topics = Crashing(compiled(words))
    good, bad, also_good = detector.detect_all(
        [("where is my parcel", None), ("bad", None), ("where is my parcel", None)]
    )
    assert good == also_good == LexiconDetector().detect("where is my parcel")
    assert (good.failed, bad.failed) == ((), ("topics",))


def test_links_are_counted(detector: LexiconDetector) -> None:
    assert detector.detect("see https://a.example and www.b.example").links == 2


def test_every_lexicon_names_known_topics_and_every_topic_has_words() -> None:
    lexicon = load_lexicon(known_languages())
    shown = {concept.topic for concept in lexicon.concepts} | {
        conjunction.topic for conjunction in lexicon.conjunctions
    }
    assert set(TOPICS) <= shown
    named = {concept.name for concept in lexicon.concepts} | {"link"}
    assert {part for one in lexicon.conjunctions for part in one.parts} <= named
    assert {part for one in lexicon.conjunctions for part in one.without} <= named
    assert set(known_languages()) >= {"en", "ro", "tr", "ru", "ja"}


@pytest.mark.parametrize(
    "text",
    [
        "Hi, can you help me please?",
        "Bună ziua, mă puteți ajuta, vă rog?",
        "Merhaba, yardımcı olur musunuz?",
        "Здравствуйте! Помогите, пожалуйста.",
        "すみません、助けてください",
        "Hallo, kann mir jemand helfen?",
        "Bonjour, pouvez-vous m'aider svp",
        "Hola, ¿me pueden ayudar por favor?",
        "Oi, alguém pode me ajudar?",
        "Hi, I want to speak to a person",
        "Bună ziua, vreau să vorbesc cu un operator",
        "Müşteri temsilcisine bağlanmak istiyorum",
        "Здравствуйте, соедините с оператором",
        "オペレーターにつないでください",
        "Ich möchte mit einem Menschen sprechen",
        "Je voudrais parler à un conseiller, svp",
        "Quiero hablar con una persona",
        "Quero falar com um atendente",
    ],
)
def test_a_greeting_and_a_call_for_help_leave_no_doubt(
    detector: LexiconDetector, text: str
) -> None:
    """They say nothing of the matter: a menu may be offered, which the model's guess forbade."""
    found = detector.detect(text)
    assert (found.topics, found.doubt) == ((), False)
    more = detector.detect(f"{text} The line wants the number of a phone that I drowned.")
    assert more.doubt


def test_no_words_stand_in_the_lexicons_in_vain() -> None:
    lexicon = load_lexicon(known_languages())
    joined = {name for one in lexicon.conjunctions for name in (*one.parts, *one.without)}
    beside = {f"near {one}" for one in CONTEXTS} | {"filler", "plea", "displeased"}
    alone = {one.name for one in lexicon.concepts if one.topic is None and not one.private}
    assert alone <= joined | beside


def test_one_concept_alone_shows_a_topic_unless_another_rules_it_out(tmp_path: Path) -> None:
    words = "[fire - news -> safety]\n[fire]\ncaught fire\n[news]\nin the news\n"
    (tmp_path / "en.txt").write_text(words, "utf-8")
    detector = LexiconDetector(languages=["en"], model=False, folder=tmp_path)
    burning, told = (
        detector.detect(text).topics
        for text in ("My charger caught fire", "I saw in the news that a plane caught fire")
    )
    assert [(topic.name, topic.words) for topic in burning] == [("safety", ("caught fire",))]
    assert told == ()


@given(st.text())
@example("\ud800\x00\u202e")
@example("1" * 5_000)
@example("1 " * 5_000)
@example("a@" * 2_000 + "." * 2_000)
def test_no_text_makes_it_fail_and_every_span_is_inside(text: str) -> None:
    findings = _SHARED.detect(text)
    assert findings.failed == ()
    last = 0
    for span in findings.spans:
        assert 0 <= span.start < span.end <= len(text)
        if span.cls is not DataClass.HEALTH:
            assert span.start >= last
            last = span.end


_SHARED = LexiconDetector(languages=["en", "ja"])


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10))), st.data())
def test_the_mask_leaves_no_hidden_character(
    text: str, places: list[tuple[int, int]], data: st.DataObject
) -> None:
    marked = "".join(chr(0xE000 + at) for at in range(len(text)))
    chosen = [
        Span(start=s, end=min(s + n, len(text)), cls=data.draw(st.sampled_from(DataClass)))
        for s, n in places
        if s < len(text)
    ]
    shown = mask(marked, chosen, NOTHING)
    hidden = {marked[at] for span in chosen for at in range(span.start, span.end)}
    assert hidden.isdisjoint(shown)
    assert all(char in shown for char in set(marked) - hidden)


def test_findings_of_an_empty_text_are_empty(detector: LexiconDetector) -> None:
    assert detector.detect("") == Findings()
