"""What Meta's networks send becomes our events. Fixture pairs are found by name."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from inbox.message import Account, Author, Event, Posted, Ref, Undelivered
from integrations.facebook import adapter as facebook
from integrations.facebook.convert import Wall
from integrations.instagram import adapter as instagram
from integrations.instagram.convert import Media
from integrations.meta.messaging import Letterbox, Ours
from integrations.threads.convert import Profile
from integrations.whatsapp import adapter as whatsapp
from integrations.whatsapp.convert import Line
from tests.recorded import as_recorded

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGE, INSTAGRAM, PHONE = "100200300400500", "17841400000000001", "106540352242922"
THREADS, APP = "25100000000000001", "701000000000001"

ToEvents = Callable[[object], Sequence[Event]]


def box(account: Account, me: str) -> Letterbox:
    def who(number: str) -> Author:
        ref = Ref(account.network, account.name, number)
        return Author(ref=ref, handle="ana.popescu", name="Ana Popescu")

    return Letterbox(account=account, me=me, handle="brightleaf", who=who, ours=Ours(), app_id=APP)


def of_facebook(body: object) -> Sequence[Event]:
    account = Account("facebook", "care")
    wall = Wall(account=account, page=PAGE, handle="brightleaf", ours=Ours())
    return facebook.to_events(body, PAGE, wall, box(account, PAGE))


def of_instagram(body: object) -> Sequence[Event]:
    account = Account("instagram", "care")
    links = {"17890000000000001": "https://www.instagram.com/p/Abc/"}
    media = Media(account=account, me=INSTAGRAM, username="brightleaf", ours=Ours(), links=links)
    return instagram.to_events(body, INSTAGRAM, media, box(account, INSTAGRAM))


def of_whatsapp(body: object) -> Sequence[Event]:
    account = Account("whatsapp", "care")
    line = Line(account=account, me=PHONE, handle="brightleaf")
    return whatsapp.to_events(body, line, whatsapp.Taken(account))


def of_threads(body: object) -> Sequence[Event]:
    account = Account("threads", "care")
    profile = Profile(account=account, me=THREADS, username="brightleaf", ours=Ours())
    return list(profile.to_events(body))


READERS: dict[str, ToEvents] = {
    "facebook": of_facebook,
    "instagram": of_instagram,
    "whatsapp": of_whatsapp,
    "threads": of_threads,
}
CASES = [
    (network, path.name.removesuffix(".in.json"))
    for network in READERS
    for path in sorted((FIXTURES / network).glob("*.in.json"))
]


def shown(events: Sequence[Event]) -> str:
    told = [{"event": type(event).__name__, **as_recorded(event)} for event in events]
    return json.dumps(told, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(("network", "case"), CASES)
def test_what_was_sent_becomes_its_events(network: str, case: str) -> None:
    body = json.loads((FIXTURES / network / f"{case}.in.json").read_text(encoding="utf-8"))
    expected = (FIXTURES / network / f"{case}.out.json").read_text(encoding="utf-8")
    assert json.loads(shown(READERS[network](body))) == json.loads(expected)


@pytest.mark.parametrize("network", READERS)
def test_every_pair_is_complete(network: str) -> None:
    names = {path.name for path in (FIXTURES / network).iterdir()}
    assert names
    for name in names:
        other = name.replace(".in.", ".out.") if ".in." in name else name.replace(".out.", ".in.")
        assert other in names


def test_what_is_null_in_a_message_is_as_if_it_were_left_out() -> None:
    body = json.loads((FIXTURES / "whatsapp" / "text.in.json").read_text())
    value = body["entry"][0]["changes"][0]["value"]
    value["contacts"].append({"profile": {"name": None}, "wa_id": "40700000000"})
    value["statuses"] = None
    assert shown(of_whatsapp(body)) == (FIXTURES / "whatsapp" / "text.out.json").read_text()
    body = json.loads((FIXTURES / "facebook" / "message-with-pictures.in.json").read_text())
    body["entry"][0]["messaging"][0]["message"]["text"] = None
    expected = (FIXTURES / "facebook" / "message-with-pictures.out.json").read_text()
    assert shown(of_facebook(body)) == expected


def read_with(network: str, case: str, **odd: object) -> Sequence[Event]:
    """The events of a recorded body in which parts of the message are not as documented."""
    body = json.loads((FIXTURES / network / f"{case}.in.json").read_text())
    entry = body["entry"][0]
    if network == "whatsapp":
        entry["changes"][0]["value"]["messages"][0].update(odd)
    else:
        entry["messaging"][0]["message"].update(odd)
    return READERS[network](body)


@pytest.mark.parametrize(
    ("network", "case", "odd"),
    [
        ("whatsapp", "text", {"text": ["a", "list"]}),
        ("whatsapp", "image", {"image": "hologram"}),
        ("whatsapp", "location", {"location": {"latitude": "somewhere"}}),
        ("facebook", "message-with-pictures", {"attachments": [{"payload": 5}, {"type": "x"}]}),
        ("facebook", "message-with-pictures", {"reply_to": "the last one"}),
    ],
)
def test_who_wrote_is_heard_though_what_they_wrote_is_in_no_documented_form(
    network: str, case: str, odd: dict[str, object]
) -> None:
    (event,) = read_with(network, case, **odd)
    assert isinstance(event, Posted)
    assert event.message.text or event.message.attachments


def test_an_odd_contact_costs_nobody_else_a_message() -> None:
    body = json.loads((FIXTURES / "whatsapp" / "text.in.json").read_text())
    body["entry"][0]["changes"][0]["value"]["contacts"].append({"profile": "somebody"})
    assert shown(of_whatsapp(body)) == (FIXTURES / "whatsapp" / "text.out.json").read_text()


def test_a_message_that_was_not_delivered_is_told_though_nobody_understands_why() -> None:
    name = "status-failed-window"
    body = json.loads((FIXTURES / "whatsapp" / f"{name}.in.json").read_text())
    body["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"] = [{"code": "who knows"}]
    (event,) = of_whatsapp(body)
    assert isinstance(event, Undelivered)
