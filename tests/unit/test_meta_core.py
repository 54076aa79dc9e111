"""What Meta's networks have in common: handshake, signature, errors, limits, windows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from inbox.errors import (
    STILL_AT_WORK,
    AlreadyThere,
    AuthFailed,
    BadPayload,
    IntegrationError,
    Rejected,
    Retryable,
    Uncertain,
    Unverified,
)
from inbox.message import Account, Author, Kind, Message, Posted, Ref, Visibility
from inbox.ports import Approach, Request, Window
from integrations.meta.choices import quick_replies
from integrations.meta.errors import WindowClosed, explainer, undelivered
from integrations.meta.newer import Place, beginning, page, place_of
from integrations.meta.usage import Usage
from integrations.meta.webhook import Handshake, Receiver, batches, sign
from integrations.meta.windows import DAY, LIVE, WEEK, Hours
from integrations.whatsapp.adapter import Hours as PhoneHours

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CARE = Account("facebook", "care")
ANA = Author(ref=Ref("facebook", "care", "5101"), handle="Ana", name="Ana")


def asked(**query: str) -> Request:
    named = {f"hub.{name}": value for name, value in query.items()}
    return Request(method="GET", query=named, headers={}, body=b"", received_at=NOW)


def posted(body: bytes, signature: str | None) -> Request:
    headers = {} if signature is None else {"x-hub-signature-256": signature}
    return Request(method="POST", query={}, headers=headers, body=body, received_at=NOW)


# --- the webhook -------------------------------------------------------------------------


def test_the_challenge_is_given_back_to_who_knows_the_verify_token() -> None:
    request = asked(mode="subscribe", verify_token="our-word", challenge="1158201444")
    assert Handshake("our-word").greet(request).body == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "verify_token": "other", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": "our-word", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "our-word"},
        {},
    ],
)
def test_nobody_else_gets_a_word(query: dict[str, str]) -> None:
    with pytest.raises(Unverified):
        Handshake("our-word").greet(asked(**query))


def receiver() -> Receiver:
    return Receiver("secret", lambda body: [])


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    escaped = rb'{"text":"\u00e4\u0219"}'
    receiver().verify(posted(escaped, sign(b"secret", escaped)))
    respelt = json.dumps(json.loads(escaped), ensure_ascii=False).encode()
    with pytest.raises(Unverified):
        receiver().verify(posted(respelt, sign(b"secret", escaped)))


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha1=00", "sha256=ä", "x" * 999])
def test_without_a_good_signature_nothing_is_taken(signature: str | None) -> None:
    with pytest.raises(Unverified):
        receiver().verify(posted(b"{}", signature))


def test_a_signature_with_the_empty_secret_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="empty"):
        Receiver("", lambda body: [])
    with pytest.raises(ValueError, match="empty"):
        Handshake("")


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"\xff", b"nonsense"])
def test_what_is_no_json_is_named(body: bytes) -> None:
    with pytest.raises(BadPayload, match="JSON"):
        receiver().parse(posted(body, None))


@pytest.mark.parametrize("body", [7, {}, {"object": "page"}, {"object": "page", "entry": [{}]}])
def test_a_batch_of_another_form_names_its_field(body: object) -> None:
    with pytest.raises(BadPayload) as caught:
        batches(body)
    assert caught.value.field in ("body", "object", "entry", "entry.0.id")


# --- errors ------------------------------------------------------------------------------


def refusal(code: int, subcode: int = 0, status: int = 400, **headers: str) -> httpx.Response:
    error = {"message": "a customer's text", "code": code, "error_subcode": subcode}
    return httpx.Response(status, json={"error": error}, headers=headers)


explain: Callable[[httpx.Response, bool], IntegrationError | None] = explainer(
    "Facebook", lambda: NOW
)


@pytest.mark.parametrize(
    ("code", "subcode", "on_write", "on_read"),
    [
        (1, 0, Uncertain, Retryable),
        (2, 0, Uncertain, Retryable),
        (1, 1357046, Uncertain, Retryable),
        (4, 0, Retryable, Retryable),
        (17, 0, Retryable, Retryable),
        (32, 0, Retryable, Retryable),
        (341, 0, Retryable, Retryable),
        (613, 0, Retryable, Retryable),
        (80001, 0, Retryable, Retryable),
        (80007, 0, Retryable, Retryable),
        (130429, 0, Retryable, Retryable),
        (131056, 0, Retryable, Retryable),
        (102, 0, AuthFailed, AuthFailed),
        (190, 463, AuthFailed, AuthFailed),
        (200, 0, AuthFailed, AuthFailed),
        (299, 0, AuthFailed, AuthFailed),
        (10, 0, AuthFailed, AuthFailed),
        (10, 1893063, AuthFailed, AuthFailed),
        (10, 2018278, WindowClosed, WindowClosed),
        (10, 2018300, Rejected, Rejected),
        (10, 2534022, WindowClosed, WindowClosed),
        (131047, 0, WindowClosed, WindowClosed),
        (100, 0, Rejected, Rejected),
        (100, 33, Rejected, Rejected),
        (368, 0, Rejected, Retryable),
        (506, 0, AlreadyThere, AlreadyThere),
        (551, 0, Rejected, Rejected),
        (200, 1545041, Rejected, Rejected),
        (10, 2018108, Rejected, Rejected),
        (200, 2018028, AuthFailed, AuthFailed),
        (10900, 0, AlreadyThere, AlreadyThere),
        (131026, 0, Rejected, Rejected),
    ],
)
def test_every_code_has_one_meaning(
    code: int, subcode: int, on_write: type[Exception], on_read: type[Exception]
) -> None:
    for writes, expected in ((True, on_write), (False, on_read)):
        error = explain(refusal(code, subcode), writes)
        assert type(error) is expected
        assert "customer" not in str(error).replace("customer's last message", "")


@pytest.mark.parametrize("code", [1, 2, 131000])
def test_what_meta_stumbled_over_is_looked_for_after_a_while(code: int) -> None:
    """It may have gone out, and its own lists show it late: a look at once would send it twice."""
    error = explain(refusal(code), True)
    assert isinstance(error, Uncertain)
    assert error.after == STILL_AT_WORK


def test_an_answer_without_a_code_is_left_to_its_status() -> None:
    for answer in (httpx.Response(502, text="<html>"), httpx.Response(400, json=[1])):
        assert explain(answer, True) is None


@pytest.mark.parametrize("code", [-1, 99, 100])
def test_a_fault_of_metas_server_is_never_called_a_refusal(code: int) -> None:
    assert explain(refusal(code, status=500), True) is None
    assert isinstance(explain(refusal(code), True), Rejected)


def test_a_limit_says_how_long_to_wait() -> None:
    usage = json.dumps({"1": [{"call_count": 100, "estimated_time_to_regain_access": 3}]})
    headers: dict[str, Any] = {"x-business-use-case-usage": usage}
    waits = refusal(613, **headers)
    error = explain(waits, True)
    assert isinstance(error, Retryable)
    assert error.after == timedelta(minutes=3)
    pair = explain(refusal(131056), True)
    assert isinstance(pair, Retryable)
    assert pair.after == timedelta(seconds=10)


def test_a_policy_block_is_of_the_words_on_facebook_and_of_the_account_on_whatsapp() -> None:
    read = explain(refusal(368), False)
    assert isinstance(read, Retryable)
    assert read.after == timedelta(hours=1)
    of_whatsapp = explainer("WhatsApp", lambda: NOW)
    for writes in (True, False):
        error = of_whatsapp(refusal(368), writes)
        assert isinstance(error, AuthFailed)
        assert "WhatsApp Manager" in str(error)
    assert "WhatsApp Manager" in undelivered(368)


def test_what_whatsapp_did_not_deliver_is_told_with_what_can_be_done() -> None:
    assert "template" in undelivered(131047)
    assert "Try another way" in undelivered(131026)
    assert "(139999)" in undelivered(139999)


# --- limits ------------------------------------------------------------------------------


def answer_with(percent: int, **more: int) -> httpx.Response:
    usage = {"call_count": percent, "total_time": 3, "total_cputime": 1, **more}
    return httpx.Response(200, headers={"X-App-Usage": json.dumps(usage)})


def test_polls_stop_early_and_begin_again_later() -> None:
    clock = [NOW]
    usage = Usage(lambda: clock[0])
    usage.saw(answer_with(74))
    usage.spare()
    usage.saw(answer_with(75))
    with pytest.raises(Retryable) as caught:
        usage.spare()
    assert caught.value.after == timedelta(minutes=5)
    clock[0] += timedelta(minutes=5)
    usage.spare()


def test_polls_slow_down_before_they_stop() -> None:
    usage = Usage(lambda: NOW)
    assert usage.pace() == 1.0
    usage.saw(answer_with(70))
    assert usage.pace() == 3.0


@pytest.mark.parametrize("header", ["", "no json", "[]", '{"1": 7}', '{"call_count": "x"}'])
def test_headers_of_another_form_do_no_harm(header: str) -> None:
    usage = Usage(lambda: NOW)
    usage.saw(httpx.Response(200, headers={"X-Page-Usage": header}))
    usage.spare()
    assert usage.percent == 0


# --- windows -----------------------------------------------------------------------------


def a_comment(age: timedelta = timedelta(0), **native: str) -> Message:
    return Message(
        ref=Ref("facebook", "care", "9_1"),
        conversation=Ref("facebook", "care", "9"),
        author=ANA,
        text="Hello",
        visibility=Visibility.PUBLIC,
        kind=Kind.COMMENT,
        created_at=NOW - age,
        native=native,
    )


def look(
    *,
    target: Message | None = None,
    wrote: timedelta | None = None,
    invited: bool = False,
    automatic: bool = False,
    human_agent: bool = True,
    visibility: Visibility = Visibility.PRIVATE,
) -> Window:
    approach = Approach(
        visibility=visibility,
        to=ANA,
        target=target,
        wrote_at=None if wrote is None else NOW - wrote,
        invited=invited,
        automatic=automatic,
    )
    return Hours(human_agent=human_agent).look(approach, at=NOW)


def test_a_private_reply_is_possible_once_within_seven_days() -> None:
    fresh = look(target=a_comment(timedelta(days=1)))
    assert fresh.why_not is None
    assert fresh.until == NOW + timedelta(days=6)
    assert "one private reply" in (fresh.note or "")
    assert look(target=a_comment(WEEK - timedelta(seconds=1))).why_not is None
    assert "seven days" in (look(target=a_comment(WEEK)).why_not or "")
    assert "had its one" in (look(target=a_comment(), invited=True).why_not or "")


def test_a_comment_takes_its_private_reply_though_the_private_conversation_is_over() -> None:
    window = look(target=a_comment(timedelta(days=1)), wrote=WEEK)
    assert (window.why_not, window.until) == (None, NOW + timedelta(days=6))
    assert "too long ago" in (window.note or "")
    assert "had its one" in (look(target=a_comment(), wrote=WEEK, invited=True).why_not or "")


def test_after_the_first_day_only_people_go_on_and_only_with_the_permission() -> None:
    late = DAY + timedelta(minutes=1)
    within = look(wrote=DAY - timedelta(minutes=1))
    assert within.until == NOW + timedelta(minutes=1)
    person = look(wrote=late)
    assert person.until == NOW - late + WEEK
    assert "human agent" in (person.note or "")
    assert "A person can still answer" in (look(wrote=late, automatic=True).why_not or "")
    assert "24 hours" in (look(wrote=late, human_agent=False).why_not or "")
    assert "seven days" in (look(wrote=WEEK).why_not or "")


def test_every_no_says_what_is_possible_instead() -> None:
    noes = [
        look(),
        look(target=a_comment(WEEK)),
        look(target=a_comment(), invited=True),
        look(wrote=WEEK),
        look(wrote=DAY, human_agent=False),
    ]
    for no in noes:
        assert "Answer in public" in (no.why_not or "")


def test_comments_may_be_answered_at_any_time_but_not_under_a_live_video() -> None:
    old = a_comment(timedelta(days=900))
    assert look(target=old, visibility=Visibility.PUBLIC) == Window()
    native: dict[str, Any] = {LIVE: "yes"}
    live = look(target=a_comment(**native), visibility=Visibility.PUBLIC)
    assert "live" in (live.why_not or "")


@pytest.mark.parametrize(
    ("wrote", "possible"),
    [(None, False), (timedelta(hours=1), True), (DAY, False), (DAY - timedelta(seconds=1), True)],
)
def test_whatsapp_takes_free_text_for_a_day(wrote: timedelta | None, possible: bool) -> None:
    approach = Approach(
        visibility=Visibility.PRIVATE,
        to=ANA,
        target=None,
        wrote_at=None if wrote is None else NOW - wrote,
    )
    window = PhoneHours().look(approach, at=NOW)
    assert (window.why_not is None) == possible
    if not possible:
        assert "template" in (window.why_not or "")


# --- choices and polls -------------------------------------------------------------------


def test_choices_become_buttons_that_keep_their_words() -> None:
    [long, short] = quick_replies(("Where is my parcel, please?", "Hours"))
    assert len(long["title"]) == 20
    assert long["payload"] == "choice:Where is my parcel, please?"
    assert short["title"] == "Hours"
    assert quick_replies(tuple("abcdefghijklmn")) == []


def named(id_: str, age: timedelta) -> Posted:
    message = a_comment(age)
    return Posted(message=replace(message, ref=message.ref.sibling(id_)))


def test_a_poll_goes_on_at_the_newest_message_and_never_back() -> None:
    minute = timedelta(minutes=1)
    begun = place_of(beginning(None, NOW).cursor)
    assert begun.earliest == NOW
    newer, newest = named("2", -minute), named("3", -2 * minute)
    first = page([newest, newer], begun)
    assert first.events == (newer, newest)
    place = place_of(first.cursor)
    assert place.at == NOW + 2 * minute
    assert place.earliest == NOW
    again = page([newest, newer], place)
    assert (again.events, again.cursor) == ((), first.cursor)
    nothing = page([], place)
    assert nothing.events == ()
    assert place_of(nothing.cursor).at == place.at


def test_what_comes_to_be_seen_late_is_taken_once() -> None:
    minute = timedelta(minutes=1)
    place = place_of(page([named("3", -2 * minute)], Place(NOW)).cursor)
    late = page([named("3", -2 * minute), named("2", -minute)], place)
    assert [event.ref.id for event in late.events] == ["2"]
    assert page([named("2", -minute)], place_of(late.cursor)).events == ()


def test_a_cursor_that_is_none_is_said() -> None:
    with pytest.raises(Retryable):
        place_of("nonsense")
