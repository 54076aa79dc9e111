from mmap import mmap
from pathlib import Path

import pytest

from router.compiled import compiled_lexicon
from router.kept import digest, kept
from router.lexicon import ANY
from router.normal import normalise
from router.topics import TopicReader


def test_what_was_made_is_made_no_second_time(tmp_path: Path) -> None:
    made = [b"first", b"second"]
    for _ in range(3):
        assert bytes(kept(tmp_path / "words", digest("a"), lambda: made.pop(0))) == b"first"
    assert bytes(kept(tmp_path / "words", digest("b"), lambda: made.pop(0))) == b"second"


def test_what_another_process_still_reads_is_not_changed_under_it(tmp_path: Path) -> None:
    kept(tmp_path / "words", digest("a"), lambda: b"first")
    read = kept(tmp_path / "words", digest("a"), lambda: b"")
    kept(tmp_path / "words", digest("b"), lambda: b"other")
    assert bytes(read) == b"first"


def test_what_was_made_just_now_is_mapped_like_what_was_made_before(tmp_path: Path) -> None:
    for _ in range(2):
        assert isinstance(kept(tmp_path / "words", digest("a"), lambda: b"first").obj, mmap)


@pytest.mark.parametrize("broken", [b"", b"x", bytes(40)])
def test_a_file_that_is_none_is_made_anew(tmp_path: Path, broken: bytes) -> None:
    kept(tmp_path / "words", digest("a"), lambda: b"first")
    next(tmp_path.rglob("*.kept")).write_bytes(broken)
    assert bytes(kept(tmp_path / "words", digest("a"), lambda: b"again")) == b"again"


def test_where_nothing_can_be_written_it_is_made_every_time(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    made = [b"first", b"second"]
    assert bytes(kept(tmp_path / "words", digest("a"), lambda: made.pop(0))) == b"first"
    assert bytes(kept(tmp_path / "words", digest("a"), lambda: made.pop(0))) == b"second"


def test_a_digest_is_of_the_parts_and_not_of_their_sum(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("ab")
    assert len({digest("a", "b"), digest("ab"), digest("a", files=[file]), digest(b"b", "a")}) == 4


def _topics(folder: Path, text: str) -> set[str]:
    reader = TopicReader(compiled_lexicon(["en"], folder=folder))
    return set(reader.read(normalise(text), links=0).topics)


def test_a_lexicon_that_was_edited_is_read_again(tmp_path: Path) -> None:
    words = tmp_path / "en.txt"
    words.write_text("[refund -> billing]\nrefund*\n")
    assert _topics(tmp_path, "refunded at last") == {"billing"}
    assert _topics(tmp_path, "refunded at last") == {"billing"}
    words.write_text("[refund -> complaint]\nrefund*\n")
    assert _topics(tmp_path, "refunded at last") == {"complaint"}
    (tmp_path / f"{ANY}.txt").write_text("[court -> legal]\nat last\n")
    assert _topics(tmp_path, "refunded at last") == {"complaint", "legal"}
