"""A document is plain data that knows its lines; a fault in it is a problem, never a crash."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.document import parse_document, read_document
from router.faults import DocumentError, did_you_mean, nearest


def problems(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse_document(text, file="x.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_values_are_plain_and_know_their_lines() -> None:
    document = parse_document("a: 1\nb:\n  - x\n  - {c: true, d: 1.5, e: , f: no}\n", file="f")
    assert document.data == {"a": 1, "b": ["x", {"c": True, "d": 1.5, "e": None, "f": "no"}]}
    assert document.line(("a",)) == 1
    assert document.line(("b", 1, "c")) == 4
    assert document.line(("b", 7, "z")) == 2


def test_times_and_dates_stay_words() -> None:
    data = parse_document("t: 09:30\nd: 2026-12-25\nv: 1_000\nq: '5'\no: 007\n", file="f").data
    assert data == {"t": "09:30", "d": "2026-12-25", "v": "1_000", "q": "5", "o": "007"}


def test_every_duplicate_key_is_told_with_both_lines() -> None:
    found = problems("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert found == [
        "x.yaml:2: b.c: 'c' stands twice (first in line 2). Keep one",
        "x.yaml:3: a: 'a' stands twice (first in line 1). Keep one",
    ]


@pytest.mark.parametrize(
    "text",
    ["a: [1", "a: 'x", "\ta: 1", "a: b: c", "a: 1\n---\nb: 2", "x: &a [1]\ny: *a", "? [a]\n: b"],
)
def test_what_is_no_plain_yaml_is_a_problem_with_a_line(text: str) -> None:
    assert problems(text)[0].startswith("x.yaml:")


def test_half_a_character_is_refused_as_value_and_as_key() -> None:
    assert problems('a: x\nb: {c: "\\ud800"}\n') == [
        "x.yaml:2: b.c: holds half a character. Write it out, not as \\u"
    ]
    assert "x.yaml:1: the file: holds half a character" in problems('"\\udfff": 1\n')[0]


def test_deep_nesting_is_refused_and_does_not_exhaust_the_stack() -> None:
    assert "nested too deep" in problems("[" * 5_000)[0]


def test_files_are_bounded_and_told_apart_from_text(tmp_path: Path) -> None:
    for name, raw in (("big", b"a: " + b"x" * 3_000_000), ("bytes", b"a: 1\nb: \xff\n")):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(DocumentError) as caught:
            read_document(tmp_path / name)
        assert caught.value.problems[0].line == (2 if name == "bytes" else 1)


def test_the_near_word_is_offered_and_else_all_are() -> None:
    assert nearest("tireds", ["tiers", "teams"]) == "tiers"
    assert nearest("zzz", ["tiers"]) is None
    assert did_you_mean("zzz", ["b", "a"]) == "Known are: a, b"


@given(st.text())
def test_any_text_is_a_document_or_a_problem(text: str) -> None:
    told = 0
    try:
        told += parse_document(text, file="f").line(())
    except DocumentError as error:
        told += len(error.problems)
    assert told
