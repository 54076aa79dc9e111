"""Reddit's things become messages, drafts become what is posted. Fixture pairs: found by name."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import Rejected, Retryable
from inbox.message import Account, Author, Draft, Ref, Visibility
from integrations.reddit import RedditSettings
from integrations.reddit.convert import Place, edited_at, from_draft, to_mail, to_message
from integrations.reddit.errors import refusal, refused_in
from integrations.reddit.seen import Mailbox, Seen, State, dump, load
from integrations.reddit.wire import Mail, Talk, Thing
from tests.recorded import as_recorded

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "reddit"
CARE = Account("reddit", "care")
PLACE = Place(account=CARE, me="brightleaf", own=frozenset(), web_url="https://www.reddit.com")


def shown(name: str) -> str:
    body: Any = json.loads((FIXTURES / f"{name}.in.json").read_text(encoding="utf-8"))
    if "mail" in body:
        mail, talk = Mail.model_validate(body["mail"]), Talk.model_validate(body["talk"])
        told = as_recorded(to_mail(mail, talk, PLACE))
    else:
        thing = Thing.model_validate(body)
        told = {"edited_at": edited_at(thing), **as_recorded(to_message(thing, PLACE))}
    return json.dumps(told, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_thing_becomes_its_message(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text(encoding="utf-8"))
    assert json.loads(shown(name)) == expected


def a_draft(answers: str | None, *, private: bool = False, talk: str = "") -> Draft:
    author = Author(ref=Ref("reddit", "care", "ana_p"), handle="Ana_P", name="Ana_P")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling("dm:ana_p"),
        in_reply_to=author.ref.sibling(answers) if answers else None,
        to=author,
        text=" Hi ",
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        native={"modmail": talk} if talk else {},
    )


@pytest.mark.parametrize(
    ("draft", "path", "data"),
    [
        (a_draft("t1_k9a1"), "api/comment/", {"thing_id": "t1_k9a1", "text": "Hi"}),
        (a_draft("t4_2f9k", private=True), "api/comment/", {"thing_id": "t4_2f9k", "text": "Hi"}),
        (
            a_draft(None, private=True),
            "api/compose/",
            {"to": "Ana_P", "subject": "About", "text": "Hi"},
        ),
        (
            a_draft("modmail:2abc1/3def2", private=True, talk="2abc1"),
            "api/mod/conversations/2abc1",
            {"body": "Hi", "isInternal": False, "isAuthorHidden": True},
        ),
    ],
)
def test_an_answer_goes_where_the_customer_wrote(
    draft: Draft, path: str, data: dict[str, object]
) -> None:
    assert from_draft(draft, subject="About", hide_author=True) == (path, data)


@pytest.mark.parametrize(
    ("sentence", "seconds"),
    [
        ("you are doing that too much. try again in 9 minutes.", 600),
        ("Take a break for 45 seconds before trying again.", 46),
        ("Try again in 1 hour.", 3600),
        ("Take a break for 500 milliseconds.", 0.501),
        ("Later, please.", 600),
    ],
)
def test_a_limit_that_stands_in_words_is_waited_for(sentence: str, seconds: float) -> None:
    error = refusal([("RATELIMIT", sentence)])
    assert isinstance(error, Retryable)
    assert error.after == timedelta(seconds=seconds)


def test_a_refusal_is_told_in_words_of_ours() -> None:
    answer = {"json": {"errors": [["TOO_LONG", "this is too long: secret words", "text"]]}}
    error = refusal(refused_in(answer))
    assert isinstance(error, Rejected)
    assert "secret" not in str(error)
    assert refused_in({"json": {"errors": []}}) == refused_in({}) == refused_in("") == []
    assert str(refusal([("OF_ANOTHER_KIND", "secret")])) == "Reddit refused the text."


_moments = st.integers(0, 2**50).map(
    lambda us: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=us)
)
_seen = st.builds(Seen, horizon=_moments, names=st.lists(st.text(), max_size=4).map(tuple))
_talks = st.dictionaries(st.text(), st.tuples(st.integers(0, 99), _moments), max_size=4)
_boxes = st.none() | st.builds(Mailbox, since=_moments, talks=_talks)


@given(st.dictionaries(st.text(), _seen, max_size=3), _boxes)
def test_what_a_poll_knows_survives_as_its_cursor(
    listings: dict[str, Seen], mailbox: Mailbox | None
) -> None:
    state = State(listings=listings, mailbox=mailbox)
    assert load(dump(state)) == state


def test_a_brand_person_is_staff() -> None:
    thing = Thing.model_validate_json((FIXTURES / "comment.in.json").read_text())
    assert to_message(thing, PLACE).author.staff is None
    assert to_message(thing, replace(PLACE, own=frozenset({"ana_p"}))).author.staff


def test_every_setting_is_on_the_page() -> None:
    page = (ROOT / "docs" / "reddit.md").read_text()
    assert {n for n in RedditSettings.model_fields if f"| `{n}` |" not in page} == set()
