"""YouTube's comments become messages, drafts become replies. Fixture pairs are found by name."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inbox.message import Account, Author, Draft, Message, Ref, Visibility
from integrations.youtube import YouTubeSettings
from integrations.youtube.convert import Place, addressed, edited_at, thread_of, to_message
from integrations.youtube.watch import State, Watched, dump, load
from integrations.youtube.wire import Comment
from tests.recorded import as_recorded

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "youtube"
CARE = Account("youtube", "care")
PLACE = Place(account=CARE, channel="UCbrightleaf0001", web_url="https://www.youtube.com")
TOP = "UgxTop0000000000AaABAg"


def read(name: str) -> tuple[Message, Comment]:
    case = json.loads((FIXTURES / f"{name}.in.json").read_text())
    comment = Comment.model_validate(case["comment"])
    closed = case.get("closed", False)
    message = to_message(comment, PLACE, thread=case["thread"], video=case["video"], closed=closed)
    return message, comment


def shown(name: str) -> str:
    message, comment = read(name)
    told = {"edited_at": edited_at(comment), **as_recorded(message)}
    return json.dumps(told, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_comment_becomes_its_message(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text())
    assert json.loads(shown(name)) == expected


def a_draft(text: str, *, answers: str = TOP, native: bool = True) -> Draft:
    author = Author(ref=Ref("youtube", "care", "UCana"), handle="ana", name="ana")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling(TOP),
        in_reply_to=author.ref.sibling(answers),
        to=author,
        text=text,
        visibility=Visibility.PUBLIC,
        native={"thread": TOP} if native else {},
    )


@pytest.mark.parametrize(
    ("answers", "text", "expected"),
    [
        (TOP, "Hello", "Hello"),
        (f"{TOP}.9r1", "Hello", "@ana Hello"),
        (f"{TOP}.9r1", "Hello @Ana!", "Hello @Ana!"),
        (f"{TOP}.9r1", "Hello @anabel", "@ana Hello @anabel"),
        (f"{TOP}.9r1", "Mail x@ana.example", "@ana Mail x@ana.example"),
    ],
)
def test_an_answer_to_a_reply_names_its_reader_once(answers: str, text: str, expected: str) -> None:
    assert addressed(a_draft(text, answers=answers)) == expected


def test_an_answer_hangs_under_the_top_comment_also_where_only_its_id_tells() -> None:
    assert thread_of(a_draft("x", answers=f"{TOP}.9r1")) == TOP
    assert thread_of(a_draft("x", answers=f"{TOP}.9r1", native=False)) == TOP
    assert thread_of(replace(a_draft("x", native=False), in_reply_to=None)) == TOP


_stamps = st.integers(0, 2**32).map(lambda stamp: datetime.fromtimestamp(stamp, UTC))


@given(st.dictionaries(st.text(min_size=1), st.tuples(_stamps, _stamps, st.sets(st.text()))))
def test_what_a_poll_knows_survives_as_its_cursor(
    threads: dict[str, tuple[datetime, datetime, set[str]]],
) -> None:
    state = State(
        threads={
            id_: Watched(published=a, start=b, count=len(known), known=frozenset(known))
            for id_, (a, b, known) in threads.items()
        }
    )
    assert load(dump(state)) == state


def test_every_setting_is_on_the_page() -> None:
    page = (ROOT / "docs" / "youtube.md").read_text()
    assert {n for n in YouTubeSettings.model_fields if f"| `{n}` |" not in page} == set()
