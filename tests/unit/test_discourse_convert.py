"""The forum's posts and webhooks become messages and events. Fixture pairs are found by name."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.message import MAX_TEXT, Account, Author, Draft, Event, Ref, Visibility
from inbox.ports import Request
from integrations.discourse import DiscourseSettings, integration
from integrations.discourse.convert import Forum, private_topic, public_post, to_message
from integrations.discourse.text import plain
from integrations.discourse.wire import Post
from tests.hosts import a_host
from tests.recorded import as_recorded

FIXTURES = Path(__file__).parent.parent / "fixtures" / "discourse"
CARE = Account("discourse", "care")
FORUM = Forum(
    account=CARE,
    base_url="https://forum.example",
    username="brightleaf",
    trusted_from=3,
    trusted_users=frozenset(),
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def shown(value: object) -> object:
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat()))


def read(case: dict[str, object]) -> object:
    if "event" in case:
        return shown([{type(e).__name__: as_recorded(e)} for e in events(case)])
    post = Post.model_validate(case["post"])
    private_of = post.user_id if case.get("private") else None
    return shown(as_recorded(to_message(post, FORUM, private_of=private_of)))


def events(case: dict[str, object]) -> list[Event]:
    data = {"base_url": FORUM.base_url, "username": FORUM.username, "webhook": True}
    secrets = {"DISCOURSE_CARE_API_KEY": "k", "DISCOURSE_CARE_WEBHOOK_SECRET": "s"}
    connection = integration.connect("care", data, secrets, host=a_host(lambda: NOON))
    assert connection.receiver
    request = Request(
        method="POST",
        query={},
        headers={"x-discourse-event": str(case["event"])},
        body=json.dumps(case["body"]).encode(),
        received_at=NOON,
    )
    found = list(connection.receiver.parse(request))
    connection.close()
    return [*found]


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_post_or_delivery_becomes_what_it_says(name: str) -> None:
    case = json.loads((FIXTURES / f"{name}.in.json").read_text())
    assert read(case) == json.loads((FIXTURES / f"{name}.out.json").read_text())


def a_draft(text: str, **more: object) -> Draft:
    author = Author(ref=Ref("discourse", "care", "11"), handle="ana", name="Ana")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling("7"),
        in_reply_to=author.ref.sibling("7/3"),
        to=author,
        text=text,
        visibility=Visibility.PUBLIC,
        **more,  # type: ignore[arg-type]  # the draft's own fields
    )


def test_an_answer_names_its_topic_and_the_post_it_answers() -> None:
    assert public_post(a_draft(" Turn it off. "), 7, 3) == {
        "raw": "Turn it off.",
        "topic_id": 7,
        "reply_to_post_number": 3,
    }


def test_a_personal_message_has_one_reader_a_title_and_a_name_that_the_forum_takes_once() -> None:
    made = private_topic(a_draft("Hello"), to="ana", key="k-1", title="Your post")
    again = private_topic(a_draft("Hello"), to="ana", key="k-1", title="Your post")
    titled = a_draft("Hello", native={"title": "My lamp"})
    other = private_topic(titled, to="ana", key="k-2", title="Your post")
    assert made == again
    assert (made["title"], other["title"]) == ("Your post", "Re: My lamp")
    assert made["target_recipients"] == "ana"
    assert made["external_id"] != other["external_id"]


@given(st.text())
def test_any_html_becomes_a_text_that_can_be_kept(cooked: str) -> None:
    text, _ = plain(cooked, base_url="https://forum.example")
    assert "\x00" not in text
    text.encode()
    assert len(text) <= MAX_TEXT


def test_a_megabyte_of_nested_tags_does_not_hang() -> None:
    html = "<aside class=quote>" * 20_000 + "<a href='https://x.example'>" * 20_000 + "<" * 10_000
    plain(html, base_url="https://forum.example")


def test_every_setting_is_on_the_page() -> None:
    page = (FIXTURES.parent.parent.parent / "docs" / "discourse.md").read_text()
    assert {n for n in DiscourseSettings.model_fields if f"| `{n}` |" not in page} == set()


def test_the_community_has_half_an_hour_by_default() -> None:
    settings = DiscourseSettings(base_url="https://forum.example", username="brightleaf")
    assert settings.wait_for_community == timedelta(minutes=30)
