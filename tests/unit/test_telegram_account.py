"""What only Telegram needs: offsets, conflicts, the secret token, buttons, who is reached."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Unverified
from inbox.message import Author, Draft, Event, Message, Posted, Ref, Visibility
from inbox.ports import Approach, Connection, Poller, Request
from inbox.unread import reading
from integrations.telegram import integration
from integrations.telegram.api import BotApi
from tests.hosts import a_host
from tests.networks.telegram import ANA, GROUP, SMALL, TOKEN, TOM, USERNAME, Telegram
from tests.servers import Loopback

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "a-secret-token-of-the-tests"


class Account:
    """A bot at a Telegram of its own, in which it is noon."""

    def __init__(self, net: Telegram, url: str, opened: ExitStack) -> None:
        self.net, self._url, self._opened = net, url, opened

    def connect(self, **settings: object) -> Connection:
        given = {"base_url": self._url, "username": USERNAME, "long_poll": 0, **settings}
        secrets = {"TELEGRAM_CARE_TOKEN": TOKEN, "TELEGRAM_CARE_SECRET": SECRET}
        connection = integration.connect("care", given, secrets, host=a_host(self.net.clock))
        self._opened.callback(connection.close)
        return connection

    def polled(self, cursor: str | None, **settings: object) -> tuple[list[Event], str]:
        poller: Poller | None = self.connect(**settings).poller
        assert poller
        page = poller.poll(cursor)
        return list(page.events), page.cursor


@pytest.fixture
def account() -> Iterator[Account]:
    with telegram() as account:
        yield account


@contextmanager
def telegram() -> Iterator[Account]:
    net = Telegram(clock=lambda: NOON)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield Account(net, server.url, opened)


def texts(events: list[Event]) -> list[str]:
    return [event.message.text for event in events if isinstance(event, Posted)]


def a_message(events: list[Event]) -> Message:
    (event,) = events
    assert isinstance(event, Posted)
    return event.message


def an_answer(message: Message, text: str = "We are on it.", *, private: bool = False) -> Draft:
    return Draft(
        account=message.ref.at(),
        conversation=message.conversation,
        in_reply_to=None if private else message.ref,
        to=message.author,
        text=text,
        visibility=Visibility.PRIVATE if private else message.visibility,
        native=message.native,
    )


# --- polling -----------------------------------------------------------------------------


def test_the_first_poll_leaves_out_what_waited_and_nothing_after_it(account: Account) -> None:
    account.net.write("Yesterday")
    account.net.write("An hour ago")
    events, cursor = account.polled(None)
    assert events == []
    account.net.write("Now")
    events, _ = account.polled(cursor)
    assert texts(events) == ["Now"]


def test_the_first_poll_of_an_empty_bot_misses_nothing(account: Account) -> None:
    _, cursor = account.polled(None)
    account.net.write("The very first")
    assert texts(account.polled(cursor)[0]) == ["The very first"]


def test_the_first_poll_takes_what_waited_since_a_time(account: Account) -> None:
    account.net.clock = lambda: NOON - timedelta(hours=3)
    account.net.write("Early")
    account.net.clock = lambda: NOON
    account.net.write("Late")
    since = (NOON - timedelta(hours=1)).isoformat()
    assert texts(account.polled(None, import_since=since)[0]) == ["Late"]


def test_what_was_not_kept_comes_again(account: Account) -> None:
    _, cursor = account.polled(None)
    account.net.write("Kept by Telegram until it is confirmed")
    assert account.polled(cursor)[0] == account.polled(cursor)[0] != []


def test_an_update_that_cannot_be_read_is_left_out_and_the_others_come(account: Account) -> None:
    _, cursor = account.polled(None)
    account.net.write("Before")
    account.net.push(message={"message_id": "no number"})
    account.net.write("After")
    with reading() as unread:
        events, after = account.polled(cursor)
    assert texts(events) == ["Before", "After"]
    assert unread.entries == 1
    assert account.polled(after)[0] == []


@pytest.mark.parametrize(
    ("second", "url", "told"),
    [(True, "", "Another program"), (False, "https://x.example/hook", "deleteWebhook")],
)
def test_a_conflict_is_told_with_what_to_do(
    account: Account, second: bool, url: str, told: str
) -> None:
    account.net.second_poller = second
    account.net.webhook["url"] = url
    with pytest.raises(AuthFailed, match=told):
        account.polled(None)


# --- the webhook -------------------------------------------------------------------------


def a_request(body: object, secret: str = SECRET) -> Request:
    return Request(
        method="POST",
        query={},
        headers={"x-telegram-bot-api-secret-token": secret},
        body=json.dumps(body).encode(),
        received_at=NOON,
    )


def test_a_delivery_with_the_secret_token_is_taken(account: Account) -> None:
    connection = account.connect(receive="webhook")
    assert connection.poller is None
    assert connection.receiver
    account.net.write("By webhook")
    request = a_request(account.net.queue[-1])
    connection.receiver.verify(request)
    assert texts(list(connection.receiver.parse(request))) == ["By webhook"]


@pytest.mark.parametrize("secret", ["", "a-secret-token-of-the-test", SECRET + "x", "ü"])
def test_a_delivery_without_the_secret_token_is_refused(account: Account, secret: str) -> None:
    receiver = account.connect(receive="webhook").receiver
    assert receiver
    with pytest.raises(Unverified):
        receiver.verify(a_request({}, secret))
    with pytest.raises(Unverified):
        receiver.verify(replace(a_request({}), headers={}))


def test_a_webhook_needs_a_secret_token() -> None:
    data = {"username": USERNAME, "receive": "webhook"}
    faults = integration.check("care", data, {"TELEGRAM_CARE_TOKEN": TOKEN})
    assert [fault.key for fault in faults] == ["secret_env"]


@pytest.mark.parametrize(
    "body",
    [[], {}, None, {"update_id": "x"}, {"message": 1}, {"update_id": 1, "message": {"text": 7}}],
)
def test_a_body_that_nobody_can_read_is_taken_and_counted(
    account: Account, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused it would come again, and those behind it would wait."""
    receiver = account.connect(receive="webhook").receiver
    assert receiver
    with reading() as unread:
        assert list(receiver.parse(a_request(body))) == []
    assert unread.entries == 1
    assert "left out" in caplog.text


# --- answers -----------------------------------------------------------------------------


def test_a_button_brings_the_chosen_words_and_is_told_that_it_was_pressed(
    account: Account,
) -> None:
    connection = account.connect()
    _, cursor = account.polled(None)
    account.net.write("Help", chat=ANA)
    message = a_message(account.polled(cursor)[0])
    assert connection.private
    draft = replace(an_answer(message, "1 Parcel, 2 Return"), choices=("Parcel", "Return"))
    connection.private.message(draft, key="k-1")
    account.net.press(account.net.sent[-1], 1)
    assert connection.poller
    events = list(connection.poller.poll(str(account.net.queue[0]["update_id"] + 1)).events)
    assert texts(events) == ["Return"]
    assert a_message(events).conversation == message.conversation
    assert account.net.told.wait(10)
    assert account.net.acknowledged == ["4317"]


def test_an_answer_to_a_chosen_button_hangs_under_the_menu(account: Account) -> None:
    connection = account.connect()
    _, cursor = account.polled(None)
    account.net.write("Help")
    message = a_message(account.polled(cursor)[0])
    assert connection.public
    connection.public.reply(replace(an_answer(message), choices=("Parcel",)), key="k-1")
    menu = account.net.sent[-1]
    account.net.press(menu, 0, who=TOM)
    after = str(account.net.queue[-1]["update_id"])
    chosen = a_message(account.polled(after)[0])
    assert (chosen.text, chosen.author.name) == ("Parcel", "Tom Berg")
    assert chosen.conversation == message.conversation
    connection.public.reply(an_answer(chosen), key="k-2")
    assert account.net.sent[-1]["reply_to_message"]["message_id"] == menu["message_id"]


def test_in_a_small_group_an_answer_to_ours_stays_in_the_thread(account: Account) -> None:
    connection = account.connect()
    assert connection.poller
    assert connection.public
    cursor = connection.poller.poll(None).cursor
    account.net.write("The lamp is dark", chat=SMALL)
    page = connection.poller.poll(cursor)
    message = a_message(list(page.events))
    sent = connection.public.reply(an_answer(message), key="k-1")
    assert sent.url is None
    account.net.write("Still dark", chat=SMALL, under=account.net.sent[-1]["message_id"])
    again = a_message(list(connection.poller.poll(page.cursor).events))
    assert again.in_reply_to == sent.ref
    assert again.conversation == message.conversation


@pytest.mark.parametrize(
    ("who", "blocked", "told"), [(TOM, False, "never started"), (ANA, True, "blocked")]
)
def test_who_cannot_be_written_to_is_told_to_the_agent(
    account: Account, who: int, blocked: bool, told: str
) -> None:
    connection = account.connect()
    _, cursor = account.polled(None)
    account.net.write("In the group", who=who)
    message = a_message(account.polled(cursor)[0])
    account.net.blocked = {who} if blocked else set()
    assert connection.private
    with pytest.raises(Rejected, match=told):
        connection.private.message(an_answer(message, private=True), key="k-1")
    assert account.net.sent == []


def test_a_group_that_became_a_supergroup_is_told_in_words(account: Account) -> None:
    connection = account.connect(chats=[SMALL])
    _, cursor = account.polled(None)
    account.net.write("Before", chat=SMALL)
    message = a_message(account.polled(cursor)[0])
    account.net.migrated[SMALL] = -1001234567899
    assert connection.public
    with pytest.raises(Rejected, match="supergroup"):
        connection.public.reply(an_answer(message), key="k-1")
    assert connection.examiner
    wrong = [one.says for one in connection.examiner.examine() if not one.well]
    assert ["new id" in one for one in wrong] == [True]


def test_nothing_private_goes_to_somebody_who_writes_as_a_channel(account: Account) -> None:
    connection = account.connect()
    assert connection.private
    assert connection.windows
    channel = Author(ref=Ref("telegram", "care", "-1008888"), handle="lampnews", name="Lamps")
    message = replace(a_message(_written(account)), author=channel)
    with pytest.raises(Rejected, match="channel"):
        connection.private.message(an_answer(message, private=True), key="k-1")
    look = Approach(visibility=Visibility.PRIVATE, to=channel, target=message)
    assert connection.windows.look(look, at=NOON).why_not
    assert account.net.sent == []


def test_a_reaction_that_the_chat_does_not_allow_is_told(account: Account) -> None:
    connection = account.connect(like_with="🦄")
    assert connection.liker
    with pytest.raises(Rejected, match="reaction"):
        connection.liker.like(a_message(_written(account)).ref)


def _written(account: Account) -> list[Event]:
    _, cursor = account.polled(None)
    account.net.write("Hello")
    return account.polled(cursor)[0]


def test_no_server_but_the_right_one_answers(account: Account) -> None:
    connection = account.connect(base_url=f"{account._url}/elsewhere")
    assert connection.poller
    with pytest.raises((Retryable, AuthFailed)):
        connection.poller.poll(None)


# --- the doctor --------------------------------------------------------------------------


def wrong(connection: Connection) -> list[str]:
    assert connection.examiner
    return [one.says for one in connection.examiner.examine() if not one.well]


def test_the_doctor_tells_of_webhook_name_and_groups(account: Account) -> None:
    assert wrong(account.connect(chats=[GROUP])) == []
    assert "username" in wrong(account.connect(username="AnotherBot"))[0]
    account.net.groups.discard(SMALL)
    assert "removed" in wrong(account.connect(chats=[SMALL]))[0]
    assert "no webhook" in wrong(account.connect(receive="webhook"))[0]
    account.net.webhook = {"url": "https://desk.example/webhooks/telegram/care"}
    assert "deleteWebhook" in wrong(account.connect())[0]
    assert wrong(account.connect(receive="webhook")) == []


def test_the_doctor_tells_of_deliveries_that_fail(account: Account) -> None:
    account.net.webhook = {
        "url": "https://desk.example/webhooks/telegram/care",
        "pending_update_count": 4,
        "last_error_date": int(NOON.timestamp()) - 60,
        "last_error_message": "Wrong response from the webhook: 401 Unauthorized",
    }
    assert "4 messages wait" in wrong(account.connect(receive="webhook"))[0]
    account.net.webhook |= {"pending_update_count": 0, "allowed_updates": ["message"]}
    assert "allowed_updates" in wrong(account.connect(receive="webhook"))[0]


def test_the_doctor_says_what_privacy_mode_hides(account: Account) -> None:
    account.net.reads_all = False
    connection = account.connect()
    assert connection.examiner
    assert any("privacy mode" in one.says and one.well for one in connection.examiner.examine())


def test_the_token_is_in_no_error(account: Account, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    account.net.second_poller = True
    with pytest.raises(IntegrationError) as caught:
        account.polled(None)
    assert TOKEN not in str(caught.value) + caplog.text
    assert "getUpdates" in caplog.text


def test_the_proxy_of_the_environment_is_the_way_to_telegram_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            body = b'{"ok": true, "result": []}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        Thread(target=proxy.serve_forever, daemon=True).start()
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
        api = BotApi("http://telegram.invalid", TOKEN, lambda: NOON)
        assert api.updates(0, wait=0) == []
        api.close()
        monkeypatch.setenv("no_proxy", "telegram.invalid")
        api = BotApi("http://telegram.invalid", TOKEN, lambda: NOON)
        with pytest.raises(Retryable):
            api.updates(0, wait=0)
        api.close()
        proxy.shutdown()
    assert asked == [f"http://telegram.invalid/bot{TOKEN}/getUpdates"]
