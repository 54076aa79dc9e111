"""What shops send becomes reviews and messages. Fixture pairs are found by name."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.message import Account
from integrations.appstore import AppStoreSettings
from integrations.appstore import convert as appstore
from integrations.appstore.wire import One
from integrations.googlebusiness import GoogleBusinessSettings
from integrations.googlebusiness import convert as googlebusiness
from integrations.googlebusiness.wire import Written as BusinessWritten
from integrations.googleplay import GooglePlaySettings
from integrations.googleplay import convert as googleplay
from integrations.googleplay.wire import Written as PlayWritten
from integrations.reviews.review import Review, digest, reply_name, to_answer, to_message
from integrations.reviews.watch import Known, State, dump, load
from integrations.trustpilot import TrustpilotSettings
from integrations.trustpilot import convert as trustpilot
from integrations.trustpilot.wire import Written as TrustpilotWritten
from tests.recorded import as_recorded

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures"


def of_play(body: Any) -> Review | None:
    written = PlayWritten.model_validate(body)
    return googleplay.to_review(written, package="com.example.lamp", web_url="https://play.example")


def of_store(body: Any) -> Review:
    one = One.model_validate(body)
    return appstore.to_review(one.data, one.included, url="https://store.example/1")


def of_business(body: Any) -> Review:
    written = BusinessWritten.model_validate(body)
    return googlebusiness.to_review(written, "2", url="https://business.example")


def of_trustpilot(body: Any) -> Review:
    return trustpilot.to_review(TrustpilotWritten.model_validate(body), "https://pilot.example")


READERS: dict[str, Callable[[Any], Review | None]] = {
    "googleplay": of_play,
    "appstore": of_store,
    "googlebusiness": of_business,
    "trustpilot": of_trustpilot,
}
CASES = [
    (network, path.name.removesuffix(".in.json"))
    for network in READERS
    for path in sorted((FIXTURES / network).glob("*.in.json"))
]


def shown(network: str, case: str) -> str:
    """The message, and the answer that stands under it."""
    body = json.loads((FIXTURES / network / f"{case}.in.json").read_text(encoding="utf-8"))
    review, account = READERS[network](body), Account(network, "care")
    told: list[Any] = []
    if review is not None:
        told = [as_recorded(to_message(review, account, answered=review.reply is not None))]
        if review.reply:
            told.append(as_recorded(to_answer(review, review.reply, account, "Brightleaf")))
    return json.dumps(told, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(("network", "case"), CASES)
def test_a_recorded_review_becomes_its_message(network: str, case: str) -> None:
    expected = (FIXTURES / network / f"{case}.out.json").read_text(encoding="utf-8")
    assert json.loads(shown(network, case)) == json.loads(expected)


def test_another_text_is_another_answer_and_white_space_is_none() -> None:
    assert reply_name("r", "We are  on it.\n") == reply_name("r", "We are on it.")
    assert reply_name("r", "We are on it!") != reply_name("r", "We are on it.")


_known = st.builds(
    Known, st.integers(0, 2**32), st.text(max_size=5).map(digest), st.sampled_from(["", "a1"])
)


@given(st.dictionaries(st.text(min_size=1), _known), st.integers(0, 2**32))
def test_what_a_poll_knows_survives_as_its_cursor(known: dict[str, Known], horizon: int) -> None:
    state = State(horizon=datetime.fromtimestamp(horizon, UTC), reviews=known)
    assert load(dump(state)) == state


@pytest.mark.parametrize("settings", [GooglePlaySettings, AppStoreSettings, GoogleBusinessSettings])
def test_every_setting_is_on_the_page(settings: Any) -> None:
    assert _unexplained(settings, "reviews.md") == set()


def test_every_setting_of_trustpilot_is_on_one_of_its_pages() -> None:
    assert _unexplained(TrustpilotSettings, "reviews.md", "trustpilot.md") == set()


def _unexplained(settings: Any, *names: str) -> set[str]:
    pages = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in names)
    return {name for name in settings.model_fields if f"| `{name}` |" not in pages}
