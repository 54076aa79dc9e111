"""What the model learns, says and never does."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.clearance import DataClass
from inbox.facts import Findings
from router.detector import LexiconDetector
from router.model.classifier import Classifier
from router.model.corpus import CLASSES, NONE, Sentence, Situation, read_corpus
from router.model.features import BUCKETS, MOST, bucketed, buckets, grams
from router.model.parts import LEAST, averaged, neighbours, pairs, parts
from router.model.regression import Weights
from router.model.train import digest, examples, read_parts, train
from router.model.verdict import Question, Verdict
from router.model.weights import ANY, WEIGHTS, Line, read, write
from router.normal import normalise
from router.vocabulary import PRIVATE_TOPICS

AROUND_THE_WORD = "the money has left my bank but you say there is nothing"
"""No lexicon needs to know these words."""


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


class Judging(Classifier):
    """Says what it is told to say."""

    def __init__(self, verdict: Verdict | None) -> None:
        super().__init__()
        self.verdict = verdict
        self.asked: list[str] = []

    def judge_all(self, questions: Sequence[Question]) -> list[Verdict]:
        self.asked += [question.text for question in questions]
        if self.verdict is None:
            raise ZeroDivisionError
        return [self.verdict] * len(questions)


def raised(topic: str, *places: tuple[int, int]) -> Verdict:
    return Verdict(topic=topic, private=0.9, raised=True, doubt=True, places=places)


def detector_with(verdict: Verdict | None) -> tuple[LexiconDetector, Judging]:
    detector, model = LexiconDetector(languages=["en"]), Judging(verdict)
    detector._model = model
    return detector, model


def test_training_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    sentences = read_corpus()[::60]
    for name in ("one", "two"):
        write(train(sentences, "x"), tmp_path / f"{name}.json")
    for ending in (".json", ".npy"):
        one, two = ((tmp_path / f"{name}{ending}").read_bytes() for name in ("one", "two"))
        assert one == two
    assert read(tmp_path / "one.json").made_from == "x"


def test_the_weights_belong_to_the_corpus_and_the_code_that_are_here() -> None:
    learned, about = read(WEIGHTS), json.loads(WEIGHTS.read_text())
    assert learned.made_from == digest(), "run: python -m router.model.train"
    assert hashlib.sha256(learned.table.tobytes()).hexdigest() == about["table"]


def test_every_language_of_the_corpus_has_its_lines() -> None:
    learned = read(WEIGHTS)
    assert learned.classes == CLASSES
    assert learned.lines.keys() == {one.language for one in read_corpus()} | {ANY}
    assert all(0 < line.doubt <= line.raised <= line.surely < 1 for line in learned.lines.values())
    assert all(line.doubt <= line.long <= line.raised for line in learned.lines.values())
    assert learned.line("xx") == learned.line(None) == learned.lines[ANY]
    assert learned.lines[ANY].raised == max(line.raised for line in learned.lines.values())


@given(st.text())
def test_every_text_has_grams_inside_it(text: str) -> None:
    normal = normalise(text).text
    found = grams([normal])
    assert np.array_equal(found.buckets, buckets(normal))
    assert found.buckets.max(initial=0) < BUCKETS
    assert (found.starts <= found.ends).all()
    assert found.starts.min(initial=0) >= 0
    assert found.ends.max(initial=0) <= min(len(normal), MOST) + 2


@given(st.lists(st.text(), min_size=1))
def test_texts_looked_at_together_have_the_grams_that_each_has_alone(texts: list[str]) -> None:
    normal = [normalise(text).text for text in texts]
    found, counts = bucketed(normal)
    for text, its in zip(normal, np.split(found, np.cumsum(counts)[:-1]), strict=True):
        assert np.array_equal(its, buckets(text))


def test_features_never_change_without_notice() -> None:
    assert buckets(normalise("Taken 2 times!").text)[::9].tolist() == FEATURES


FEATURES = [448854, 432414, 479445, 575341, 913583, 266656, 226133, 443534]


def test_what_reads_alike_is_alike() -> None:
    def same(one: str, other: str) -> bool:
        return sorted(buckets(normalise(one).text)) == sorted(buckets(normalise(other).text))

    assert same("I can't pay 250 lei", "i cant pay 931 LEI")
    assert same("sooooo, late", "soo late")
    assert same("Încă o dată", "inca o data")
    assert not same("pay late", "late pay")


def test_forms_of_a_word_have_its_beginning_in_common() -> None:
    """As five letters, and as a beginning, which the same letters within a word are not."""
    assert len(over("reimbed") & over("reimbing")) == 2
    assert len(over("reimbed") & over("areimbing")) == 1


def over(text: str, letters: str = "reimb") -> set[int]:
    """Of what stands just over these letters."""
    found = grams([text])
    start = found.begins[0] + text.index(letters)
    here = (found.starts == start) & (found.ends == start + len(letters))
    return {*found.buckets[here].tolist()}


def test_words_that_stand_near_each_other_are_counted_in_any_order() -> None:
    def shared(one: str, other: str) -> set[int]:
        alone = {*buckets("billed"), *buckets("again"), *buckets("someone")}
        return {*buckets(one).tolist()} & {*buckets(other).tolist()} - alone

    assert shared("billed zz again", "again qq billed")
    assert not shared("billed zz zz zz again", "again qq qq qq billed")


def test_it_raises_what_no_word_shows_and_tells_its_pieces(classifier: Classifier) -> None:
    normal = normalise(AROUND_THE_WORD)
    verdict = classifier.judge(normal.text, "en")
    assert (verdict.topic, verdict.raised, verdict.doubt) == ("billing", True, True)
    assert verdict.places
    assert all(0 <= start < end <= len(normal.text) for start, end in verdict.places)
    assert "money" in " ".join(normal.quote(*place) for place in verdict.places)


def test_what_is_nobody_s_business_is_left_alone(classifier: Classifier) -> None:
    for text in ("do you have this in blue?", "", "👍", "when do you open on sunday"):
        verdict = classifier.judge(normalise(text).text, "en")
        assert (verdict.raised, verdict.places) == (False, ())


@given(st.text(alphabet="ab .;!?。"))
@example("i waited so long. " * 50)
def test_parts_are_the_text_and_none_is_short(text: str) -> None:
    found = parts(text)
    assert "".join(found) == text[:MOST]
    assert len(found) == 1 or min(map(len, found)) >= LEAST


def test_parts_end_where_sentences_end() -> None:
    english = "the room was so lovely. you took 12.50 off my card twice?! and thank you again"
    assert parts(english) == [
        "the room was so lovely.",
        " you took 12.50 off my card twice?!",
        " and thank you again",
    ]
    japanese = "お部屋はとてもきれいで朝食も最高においしかったです。"
    assert parts(japanese * 2) == [japanese, japanese]


def test_every_two_parts_of_a_text_are_neighbours() -> None:
    counts = np.array([1, 3, 2])
    sums = np.array([[5, 0], [1, 2], [3, 4], [5, 6], [7, 0], [0, 8]], np.float32)
    assert neighbours(sums, counts).tolist() == [[5, 0], [4, 6], [8, 10], [7, 8]]
    assert neighbours(np.array([9, 1, 2, 3, 4, 5]), counts).tolist() == [9, 3, 5, 9]


def test_the_most_private_neighbours_count_as_much_as_the_whole() -> None:
    whole = np.array([[1.0, 0.0], [2.0, 0.0], [6.0, 0.0]])
    rows = np.array([[1.0, 0.0], [3.0, 0.0], [0.0, 4.0], [6.0, 0.0]])
    scores = averaged(whole, rows, pairs(np.array([1, 3, 2])), none=0)
    assert scores.tolist() == [[1.0, 0.0], [1.0, 2.0], [6.0, 0.0]]


PRAISE = "The flat is lovely and the hosts were so kind to us.", "We would come back any time!"


def test_a_private_sentence_among_praise_does_not_drown(classifier: Classifier) -> None:
    def private(*sentences: str) -> float:
        return classifier.judge(normalise(" ".join(sentences)).text, "en").private

    matter = AROUND_THE_WORD + "."
    one_breath = AROUND_THE_WORD + " and"
    assert private(PRAISE[0], matter, PRAISE[1]) > 0.5
    assert private(*PRAISE) < 0.5
    assert private(PRAISE[0].rstrip("."), one_breath, PRAISE[1]) < private(
        PRAISE[0], matter, PRAISE[1]
    )


@given(st.lists(st.text(alphabet="abc de.!。二", max_size=80), min_size=1))
def test_texts_judged_together_are_judged_as_each_alone(texts: list[str]) -> None:
    questions = [Question(normalise(text).text, "en") for text in texts]
    assert _EAGER.judge_all(questions) == [
        _EAGER.judge(question.text, question.language) for question in questions
    ]


def test_lines_are_drawn_by_the_judgement_that_is_passed(classifier: Classifier) -> None:
    """What training judges by its weights and what runs by the file is the same up to rounding."""
    learned = read(WEIGHTS)
    weights = Weights(learned.table * learned.scale.astype(float), learned.bias.astype(float))
    texts = [" ".join([PRAISE[0], AROUND_THE_WORD + ".", PRAISE[1]]), AROUND_THE_WORD, PRAISE[1]]
    sentences = [said(text, "2") for text in texts]
    chances = weights.probabilities(read_parts(sentences), CLASSES.index(NONE))
    for text, of_classes in zip(texts, chances, strict=True):
        private = classifier.judge(normalise(text).text, "en").private
        assert private == pytest.approx(1 - of_classes[CLASSES.index(NONE)], abs=1e-4)


def said(text: str, tier: str) -> Sentence:
    situation = Situation(name="x", tier=tier, topic="billing")
    return Sentence(language="en", situation=situation, text=text)


def test_parts_are_learned_only_where_none_of_them_can_be_private() -> None:
    text = "The flat is lovely as ever. The hosts are kind as well."
    for tier, count in (("1", 3), ("2", 1)):
        sentences = [said(text, tier)]
        assert len([*examples(sentences, read_parts(sentences))]) == count


def eager() -> Classifier:
    """Raises everything."""
    classifier = Classifier()
    lines = {ANY: Line(raised=0.0, surely=0.0, long=0.0, doubt=0.0)}
    classifier.__dict__["_learned"] = dataclasses.replace(read(WEIGHTS), lines=lines)
    return classifier


_EAGER = eager()


@given(st.text())
@example("二回も引かれてる " * 100)
def test_pieces_are_from_the_text(text: str) -> None:
    normal = normalise(text)
    for start, end in _EAGER.judge(normal.text, "en").places:
        assert 0 <= start < end <= len(normal.text)
        assert normal.quote(start, end) in text


def test_a_raised_topic_names_the_model_and_the_words_as_written() -> None:
    detector, model = detector_with(raised("billing", (0, 5), (9, 13)))
    findings = detector.detect("ÎT wént off LATELY")
    assert model.asked == ["it went off lately"]
    topic = next(topic for topic in findings.topics if topic.source == "model")
    assert (topic.name, topic.words) == ("billing", ("ÎT wé", "ff L"))


def test_personal_data_is_never_told_in_its_pieces() -> None:
    detector, _ = detector_with(raised("billing", (0, 30)))
    findings = detector.detect("so 4111 1111 1111 1111 was wrong")
    assert [span.cls for span in findings.spans] == [DataClass.CARD]
    assert [topic.words for topic in findings.topics if topic.source == "model"] == [
        ("[card number]",)
    ]


def harmless(topic: str) -> Verdict:
    return Verdict(topic=topic, private=0.1, raised=False, doubt=False, harmless=True)


def test_where_words_show_a_private_topic_it_adds_none() -> None:
    detector, _ = detector_with(raised("account"))
    findings = detector.detect("I want a refund now")
    assert [(topic.name, topic.source) for topic in findings.topics] == [("billing", "words")]
    assert (findings.doubt, findings.hints) == (False, ())


def test_words_that_the_whole_contradicts_are_hints_for_a_person() -> None:
    detector, _ = detector_with(harmless("billing"))
    findings = detector.detect("I want a refund, where is my parcel?")
    assert {topic.name for topic in findings.topics} == {"delivery"}
    assert [topic.name for topic in findings.hints] == ["billing"]
    assert (findings.doubt, findings.leaning) == (True, None)


@pytest.mark.parametrize(
    "text", ["my account was hacked", "refund 4111 1111 1111 1111", "I want to kill myself"]
)
def test_hard_words_and_personal_data_stay_whatever_the_whole_reads_like(text: str) -> None:
    detector, _ = detector_with(harmless("billing"))
    without = LexiconDetector(languages=["en"], model=False)
    assert detector.detect(text) == without.detect(text)


def test_places_are_told_where_they_are_asked_for() -> None:
    told, untold = (Question(AROUND_THE_WORD, "en", told=told) for told in (True, False))
    with_places, without = Classifier().judge_all([told, untold])
    assert with_places.places
    assert without == with_places._replace(places=())


@given(st.text())
def test_all_that_words_show_is_told_and_data_is_never_lost(text: str) -> None:
    with_model, without = _BOTH
    more, less = with_model.detect(text), without.detect(text)
    assert set(less.topics) <= {*more.topics, *more.hints}
    assert {topic.name for topic in set(more.topics) - set(less.topics)} <= PRIVATE_TOPICS
    assert not more.hints or more.doubt
    assert (less.spans, less.language, less.failed) == (more.spans, more.language, more.failed)


_BOTH = (
    LexiconDetector(languages=["en", "ja"]),
    LexiconDetector(languages=["en", "ja"], model=False),
)


def test_a_topic_that_is_not_wanted_is_not_raised() -> None:
    detector = LexiconDetector(languages=["en"], topics=["delivery"])
    assert detector.detect(AROUND_THE_WORD) == Findings(language="en")


def test_a_crash_is_told_and_nothing_else_is_lost() -> None:
    findings = detector_with(None)[0].detect("where is my parcel, please? 4111 1111 1111 1111")
    assert (findings.failed, findings.language) == (("model",), "en")
    assert [span.cls for span in findings.spans] == [DataClass.CARD]


def test_where_nobody_has_looked_for_personal_data_words_decide() -> None:
    detector, _ = detector_with(harmless("billing"))
    detector._personal = None  # type: ignore[assignment]  # so that it breaks
    found = detector.detect("I want a refund, where is my parcel?")
    assert (found.failed, found.hints) == (("personal data",), ())


def test_a_missing_file_is_a_crash(tmp_path: Path) -> None:
    detector = LexiconDetector(languages=["en"])
    detector._model = Classifier(tmp_path / "none.json")
    assert detector.detect("where is my parcel, please?").failed == ("model",)
