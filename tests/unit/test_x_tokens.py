"""OAuth 2 on X: tokens are refreshed, and the one that is good once is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from inbox.errors import AuthFailed, IntegrationError, Retryable
from sandbox.faults import ENDLESS_BYTES
from sandbox.x.accounts import APP_BEARER, REFRESH_TOKEN
from tests.hosts import FakeKeep
from tests.x_town import OAUTH2, Town, a_town, message_of, texts


@pytest.fixture
def town() -> Iterator[Town]:
    with a_town() as town:
        yield town


def test_everything_works_with_a_user_token(town: Town) -> None:
    connection = town.open(OAUTH2, auth="oauth2")
    town.poll()
    town.write("Hello")
    town.act("ana", "message", text="In private")
    post, dm = map(message_of, town.poll())
    assert connection.public
    assert connection.private
    connection.public.reply(town.draft(post), key="1")
    connection.private.message(town.draft(dm), key="2")
    assert len(town.answers()) == 2


def test_a_token_is_refreshed_before_it_ends_and_only_then(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.poll()
    granted = town.net.doorkeeper.refresh_token
    town.clock.advance(timedelta(minutes=100))
    town.poll()
    assert town.net.doorkeeper.refresh_token == granted
    town.clock.advance(timedelta(minutes=16))
    town.poll()
    assert town.net.doorkeeper.refresh_token != granted


def test_a_restart_goes_on_with_the_token_that_was_granted_last(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.poll()
    town.clock.advance(timedelta(hours=3))
    town.open(OAUTH2, auth="oauth2")
    town.write("Hello")
    assert texts(town.poll()) == ["Hello"]


def test_a_new_token_of_the_operator_takes_the_place_of_the_old_ones(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.poll()
    town.clock.advance(timedelta(hours=3))
    town.net.doorkeeper.refresh_token = "authorized-anew"
    with pytest.raises(AuthFailed, match="authorize the app again"):
        town.poll()
    town.open({**OAUTH2, "X_CARE_REFRESH_TOKEN": "authorized-anew"}, auth="oauth2")
    town.write("Hello")
    assert texts(town.poll()) == ["Hello"]


def test_the_token_of_the_app_alone_is_no_user(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.poll()
    kept = town.keep.values["oauth2"]
    token = kept.split('"access":"')[1].split('"')[0]
    town.keep.set("oauth2", kept.replace(token, APP_BEARER))
    with pytest.raises(AuthFailed, match="permissions"):
        town.poll()


def test_an_outage_while_refreshing_is_none_of_the_token(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2", base_url="http://127.0.0.1:1")
    with pytest.raises(Retryable):
        town.poll()
    assert town.net.doorkeeper.refresh_token == REFRESH_TOKEN


# --- an answer that is lost --------------------------------------------------------------


@pytest.mark.parametrize("fault", ["reset_after", "endless"])
def test_a_lost_answer_is_tried_again_and_then_told_with_the_next_step(
    town: Town, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.http.MOST_BYTES", ENDLESS_BYTES // 2)
    town.open(OAUTH2, auth="oauth2")
    town.poll()
    town.clock.advance(timedelta(hours=2))
    asked = f"{town.clock():%Y-%m-%d %H:%M} UTC"
    town.fault("POST /2/oauth2/token", fault)
    with pytest.raises(IntegrationError):
        town.poll()
    for _ in range(2):
        town.clock.advance(timedelta(minutes=5))
        town.open(OAUTH2, auth="oauth2")  # also after a restart
        with pytest.raises(AuthFailed, match="never arrived") as told:
            town.poll()
        for words in (asked, "Authorize the app again", ".env", "docs/x.md"):
            assert words in str(told.value)
    town.net.doorkeeper.refresh_token = "authorized-anew"
    town.open({**OAUTH2, "X_CARE_REFRESH_TOKEN": "authorized-anew"}, auth="oauth2")
    town.poll()


def test_where_x_takes_the_old_token_once_more_nobody_has_to_act(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.fault("POST /2/oauth2/token", "reset_after")
    with pytest.raises(Retryable):
        town.poll()
    town.net.doorkeeper.refresh_token = REFRESH_TOKEN
    town.poll()
    town.write("Hello")
    assert texts(town.poll()) == ["Hello"]


class Killed(Exception):
    """The process ends between X's answer and the disk."""


@dataclass
class Fragile(FakeKeep):
    broken: bool = False

    def set(self, name: str, value: str) -> None:
        if self.broken and name == "oauth2":
            raise Killed
        super().set(name, value)


def test_a_kill_before_the_new_token_was_kept_is_told_after_the_restart(town: Town) -> None:
    town.keep = keep = Fragile(broken=True)
    town.open(OAUTH2, auth="oauth2")
    with pytest.raises(Killed):
        town.poll()
    keep.broken = False
    town.open(OAUTH2, auth="oauth2")
    with pytest.raises(AuthFailed, match="never arrived"):
        town.poll()


def test_a_new_token_that_could_not_be_kept_is_kept_with_the_next_request(town: Town) -> None:
    town.keep = keep = Fragile(broken=True)
    town.open(OAUTH2, auth="oauth2")
    with pytest.raises(Killed):
        town.poll()
    keep.broken = False
    town.poll()
    town.open(OAUTH2, auth="oauth2")
    town.write("Hello")
    assert texts(town.poll()) == ["Hello"]


@pytest.mark.parametrize("fault", ["429", "reset_after"])
def test_a_refusal_is_called_a_lost_answer_only_where_one_was_lost(town: Town, fault: str) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.fault("POST /2/oauth2/token", fault)
    with pytest.raises(Retryable):
        town.poll()
    town.net.doorkeeper.refresh_token = "revoked"
    for _ in range(2):
        with pytest.raises(AuthFailed) as told:
            town.poll()
        assert ("never arrived" in str(told.value)) == (fault == "reset_after")


def test_no_secret_is_kept_but_what_must_outlive_a_restart(town: Town) -> None:
    town.open(OAUTH2, auth="oauth2")
    town.poll()
    assert sorted(town.keep.values) == ["me", "oauth2", "oauth2-asked"]
    for secret in OAUTH2.values():
        assert secret not in "".join(town.keep.values.values())
