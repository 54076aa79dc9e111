"""Meta's tokens: what the doctor says of them, and those that end and are renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox.errors import AuthFailed
from inbox.message import (
    Event,
)
from inbox.ports import Connection
from sandbox.faults import Fault
from tests.contract.meta_worlds import (
    FACEBOOK,
    INSTAGRAM_ITSELF,
    THREADS_ITSELF,
    WHATSAPP,
    Kind,
)
from tests.meta_town import START, Town, a_meta_town


@pytest.fixture
def town() -> Iterator[Town]:
    with a_meta_town() as town:
        yield town


def polled(connection: Connection, cursor: str | None) -> tuple[list[Event], str]:
    assert connection.poller
    page = connection.poller.poll(cursor)
    return list(page.events), page.cursor


# --- the doctor --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [FACEBOOK, INSTAGRAM_ITSELF, WHATSAPP, THREADS_ITSELF],
    ids=["facebook", "instagram", "whatsapp", "threads"],
)
def test_the_doctor_finds_an_account_well(town: Town, kind: Kind) -> None:
    town.net.hooks.callbacks["facebook"] = "http://127.0.0.1/unused"
    account = town.account(kind)
    assert account.examiner
    found = account.examiner.examine()
    assert found
    assert [checkup.says for checkup in found if not checkup.well] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"token": "old-token"}, "does not accept our token"),
        ({"token": "sandbox-page-read-token"}, "lacks pages_messaging"),
        ({}, "No app is subscribed"),
    ],
)
def test_the_doctor_says_what_is_wrong(town: Town, change: dict[str, str], words: str) -> None:
    account = town.account(replace(FACEBOOK, **change))  # type: ignore[arg-type]  # fields of Kind
    assert account.examiner
    found = account.examiner.examine()
    assert any(words in checkup.says and not checkup.well for checkup in found)


def test_nothing_is_asked_before_the_first_work(town: Town) -> None:
    opened: list[Callable[[], object]] = []
    for kind in (FACEBOOK, INSTAGRAM_ITSELF, WHATSAPP, THREADS_ITSELF):
        connection = town.account(kind)
        opened.append(connection.me)
        assert connection.me() is not None
    assert town.net.journal.calls() == []


def test_without_the_apps_number_the_doctor_says_what_cannot_be_asked(town: Town) -> None:
    town.net.hooks.callbacks["facebook"] = "http://127.0.0.1/unused"
    account = town.account(FACEBOOK, app_id=None)
    assert account.examiner
    found = account.examiner.examine()
    assert all(checkup.well for checkup in found)
    assert any("Set app_id" in checkup.says for checkup in found)


# --- tokens that end ---------------------------------------------------------------------


ENDING = pytest.mark.parametrize(
    "kind", [INSTAGRAM_ITSELF, THREADS_ITSELF], ids=["instagram", "threads"]
)


def renewals(town: Town) -> int:
    return len([c for c in town.net.journal.calls() if c["method"] == "GET refresh"])


@ENDING
def test_a_token_of_sixty_days_is_renewed_long_before_its_end(town: Town, kind: Kind) -> None:
    account = town.account(kind)
    _, cursor = polled(account, None)
    assert renewals(town) == 1
    assert account.expires() == START + timedelta(days=60)
    town.later(days=29)
    polled(account, cursor)
    assert renewals(town) == 1
    town.later(days=1)
    polled(account, cursor)
    assert renewals(town) == 2
    assert account.expires() == START + timedelta(days=90)


@ENDING
def test_the_renewed_token_is_used_after_a_restart_until_the_settings_have_another(
    town: Town, kind: Kind
) -> None:
    polled(town.account(kind), None)
    del town.net.tokens[kind.token]
    restarted = town.account(kind)
    polled(restarted, None)
    assert renewals(town) == 1
    replaced = town.account(replace(kind, token="another-token"))
    with pytest.raises(AuthFailed):
        polled(replaced, None)


@ENDING
def test_a_renewal_that_fails_is_tried_again_in_a_day_and_polls_go_on(
    town: Town, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    account = town.account(kind)
    town.faults.add(Fault(target="meta", method="GET refresh", kind="503"))
    _, cursor = polled(account, None)
    polled(account, cursor)
    assert account.expires() is None
    assert "could not be renewed" in caplog.text
    assert kind.token not in "".join(r.getMessage() for r in caplog.records if r.name != "httpx")
    town.later(days=1)
    polled(account, cursor)
    assert account.expires() == START + timedelta(days=61)
