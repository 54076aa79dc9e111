"""WhatsApp's Cloud API: what it takes at once, and what fails later."""

from typing import Any

from sandbox.meta import errors
from sandbox.meta.accounts import APP
from sandbox.meta.gate import Call, Endpoint
from sandbox.meta.world import DAY

MOST_TEXT = 4_096
MOST_BODY = 1_024
MOST_BUTTONS = 3
MOST_ROWS = 10

Json = dict[str, Any]


def _send(call: Call) -> Json:
    world = call.world
    if call.text("messaging_product") != "whatsapp":
        raise errors.invalid("messaging_product must be whatsapp")
    person = world.somebody("whatsapp", call.text("to") or call.text("recipient"))
    text, choices = _content(call)
    wrote_at = world.wrote_at("whatsapp", person.key)
    if wrote_at is None or world.clock() - wrote_at >= DAY:
        raise errors.Refusal(131047, "(#131047) Re-engagement message")
    answers = call.args.get("context")
    letter = world.letter(
        "whatsapp",
        person.key,
        text,
        ours=True,
        app=APP,
        answers=answers.get("message_id") if isinstance(answers, dict) else None,
        choices=choices,
        extra={"key": call.text("biz_opaque_callback_data")},
    )
    if person.key in world.unreachable:
        world.failed(letter, 131026)
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": person.phone, "wa_id": person.phone}],
        "messages": [{"id": letter.id}],
    }


def _content(call: Call) -> tuple[str, tuple[Json, ...]]:
    match call.text("type"):
        case "text":
            body = call.thing("text").get("body")
            if not isinstance(body, str) or not body.strip() or len(body) > MOST_TEXT:
                raise errors.invalid("text.body is empty or too long")
            return body, ()
        case "interactive":
            return _interactive(call.thing("interactive"))
    raise errors.invalid("type must be text or interactive")


def _interactive(given: Json) -> tuple[str, tuple[Json, ...]]:
    body, action = given["body"]["text"], given["action"]
    if given["type"] == "button":
        choices = [button["reply"] for button in action["buttons"]]
        most, longest = MOST_BUTTONS, 20
    else:
        choices = [row for section in action["sections"] for row in section["rows"]]
        most, longest = MOST_ROWS, 24
    good = 0 < len(choices) <= most and all(0 < len(c["title"]) <= longest for c in choices)
    if not good or not body.strip() or len(body) > MOST_BODY:
        raise errors.invalid("interactive is empty or too long")
    return body, tuple(choices)


def _number(call: Call) -> Json:
    return {
        "id": call.node,
        "display_phone_number": "+40 21 000 0000",
        "verified_name": "Brightleaf",
        "quality_rating": "GREEN",
    }


_PERMISSION = "whatsapp_business_messaging"
ENDPOINTS = (
    Endpoint(method="POST", kind="phone", edge="messages", handler=_send, permission=_PERMISSION),
    Endpoint(method="GET", kind="phone", edge="", handler=_number),
)
