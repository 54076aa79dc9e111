"""The corpus is whole: what the model learns from has the form and the breadth it needs."""

from collections import Counter
from pathlib import Path

import pytest

from router.model.corpus import CLASSES, CORPUS, NONE, Sentence, read_corpus, read_situations
from router.normal import normalise
from router.vocabulary import TOPICS

LEAST = {
    "en": 1500,
    "ja": 1500,
    "ro": 1500,
    "ru": 1500,
    "tr": 1500,
    "de": 600,
    "es": 600,
    "fr": 600,
    "pt": 600,
}
"""Sentences of each language."""

SENTENCES = read_corpus()


def of(language: str) -> list[Sentence]:
    return [sentence for sentence in SENTENCES if sentence.language == language]


def test_every_situation_has_a_tier_and_a_topic() -> None:
    situations = read_situations()
    assert {one.tier for one in situations.values()} == {"0", "1", "2", "X"}
    assert {one.topic for one in situations.values()} <= set(TOPICS)
    assert {one.verdict for one in situations.values()} == set(CLASSES)
    assert all(one.verdict == NONE for one in situations.values() if one.hard)


def test_every_language_is_counted() -> None:
    assert {path.stem for path in CORPUS.glob("*.tsv")} - {"situations"} == LEAST.keys()


@pytest.mark.parametrize("language", LEAST)
def test_a_language_has_enough_sentences_of_every_situation(language: str) -> None:
    sentences = of(language)
    assert len(sentences) >= LEAST[language]
    assert {one.situation.name for one in sentences} == read_situations().keys()


@pytest.mark.parametrize("language", LEAST)
def test_no_sentence_stands_twice(language: str) -> None:
    counted = Counter(normalise(one.text).text.strip(" .!?…。！？") for one in of(language))
    assert [text for text, count in counted.items() if count > 1 and len(text) > 8] == []


@pytest.mark.parametrize("language", LEAST)
def test_a_private_matter_and_its_opposite_are_about_as_many(language: str) -> None:
    sentences = of(language)
    private = sum(one.situation.verdict != NONE for one in sentences) / len(sentences)
    hard = sum(one.situation.hard for one in sentences) / len(sentences)
    assert 0.3 <= private <= 0.7
    assert hard >= 0.1


@pytest.mark.parametrize("line", ["no tab", "double_charge\t", "\ttext", "double_charge\ta\tb"])
def test_a_line_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    copy = tmp_path / "situations.tsv"
    copy.write_text((CORPUS / "situations.tsv").read_text("utf-8"), "utf-8")
    (tmp_path / "en.tsv").write_text(f"# sentences\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match="is no line"):
        read_corpus(tmp_path)


def test_an_unknown_situation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "situations.tsv").write_text("known\t1\tproduct\twhat it is\n", "utf-8")
    (tmp_path / "en.tsv").write_text("unknown\ttext\n", "utf-8")
    with pytest.raises(ValueError, match=r"en\.tsv: there is no situation 'unknown'"):
        read_corpus(tmp_path)
