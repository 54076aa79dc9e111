"""Who is in danger, and who only jests: the lexicons know it by words alone, in every language."""

import json
from pathlib import Path

import pytest

from router.detector import LexiconDetector
from router.lexicon import known_languages

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "fixtures" / "danger.jsonl")
    .read_text("utf-8")
    .splitlines()
]


@pytest.fixture(scope="module")
def detector() -> LexiconDetector:
    return LexiconDetector(model=False)


def test_every_language_has_sentences_in_danger_and_in_jest() -> None:
    for danger, least in ((True, 12), (False, 6)):
        counted = [one["language"] for one in SENTENCES if one["danger"] is danger]
        assert {code: counted.count(code) >= least for code in known_languages()} == dict.fromkeys(
            known_languages(), True
        )


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: f"{one['language']}: {one['text']}")
def test_danger_is_told_from_jest(detector: LexiconDetector, one: dict[str, str | bool]) -> None:
    topics = {topic.name for topic in detector.detect(str(one["text"])).topics}
    assert ("safety" in topics) is one["danger"]
