"""Where a language's lines are drawn, and which of them a text is judged by."""

import dataclasses

from router.model.calibration import LEAST_RAISED, Judged, lines_for
from router.model.classifier import HARMLESS, Classifier
from router.model.corpus import Sentence, Situation, read_corpus
from router.model.features import LONG, buckets
from router.model.parts import parts
from router.model.verdict import Question
from router.model.weights import ANY, WEIGHTS, Line, read
from router.normal import normalise

LETTER = normalise(
    "We came on Friday and the garden was full of roses. The children played until it was dark. "
    "The breakfast had everything that one could wish for. My sister wants to come along in spring."
    " The path to the lake is steep, so take good shoes with you."
).text


def judged(chance: float, language: str, *, long: bool) -> Judged:
    situation = Situation(name="review_stay", tier="1", topic="praise")
    sentence = Sentence(language=language, situation=situation, text="x")
    return Judged(sentence=sentence, private=chance, long=long)


def test_long_texts_have_a_line_of_their_own_one_for_all_languages() -> None:
    """As low as a twentieth of the long ones that are not private allows."""
    some = [judged(at / 200, code, long=True) for at in range(100) for code in ("en", "ro")]
    some += [judged(0.7, "ro", long=False)] * 500
    lines = lines_for(some)
    assert lines["en"].long == lines["ro"].long
    reached = [one for one in some if one.long and one.private >= lines["en"].long]
    assert 0 < len(reached) <= 10
    assert min(line.raised for line in lines.values()) >= LEAST_RAISED > lines["en"].long


def is_long(text: str) -> bool:
    return sum(len(buckets(part)) for part in parts(text)) >= LONG


def drawing(line: Line) -> Classifier:
    classifier = Classifier()
    learned = dataclasses.replace(read(WEIGHTS), lines={ANY: line})
    classifier.__dict__["_learned"] = learned
    return classifier


def test_only_a_long_text_is_judged_by_the_line_for_long_ones() -> None:
    first = LETTER.split(".")[0]
    assert (is_long(LETTER), is_long(first)) == (True, False)
    low = drawing(Line(raised=1.0, surely=1.0, long=0.0, doubt=0.0))
    high = drawing(Line(raised=0.0, surely=0.0, long=1.0, doubt=0.0))
    for other in (False, True):
        assert [low.judge(text, "en", other=other).raised for text in (first, LETTER)] == [
            False,
            True,
        ]
        assert [high.judge(text, "en", other=other).raised for text in (first, LETTER)] == [
            True,
            False,
        ]


def test_a_text_that_says_little_more_than_its_words_contradicts_none() -> None:
    judge = Classifier().judge
    assert judge("a lovely lamp, it fits the room so well, thank you", "en").harmless
    assert not judge("a lovely lamp, thank you", "en").harmless


def test_where_the_model_has_learned_less_words_are_believed_rather_than_it() -> None:
    judge = Classifier().judge_all
    texts = [normalise(one.text).text for one in read_corpus() if one.language == "en"][:3000]
    known, few, none = (judge([Question(t, code) for t in texts]) for code in ("en", "de", None))
    believed = [at for at, one in enumerate(known) if one.harmless and not few[at].harmless]
    assert believed
    assert all(known[at].harmless for at, one in enumerate(few) if one.harmless)
    assert [one.harmless for one in few] == [one.harmless for one in none]


def test_beside_a_harmless_question_a_plain_private_sentence_is_not_read_as_harmless() -> None:
    """As whole neighbours they are."""
    question, plain = "Do you deliver lamps to Norway as well?", "My card was charged twice."
    verdict = Classifier().judge(normalise(f"{question} {plain}").text, "en")
    assert verdict.private < HARMLESS
    assert not verdict.harmless
