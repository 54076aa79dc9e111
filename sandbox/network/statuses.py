"""The API's calls about statuses (documentation: methods/statuses)."""

from itertools import islice

from starlette.responses import Response

from sandbox.bodies import Answer
from sandbox.network import errors
from sandbox.network.gate import Call, Endpoint
from sandbox.network.world import Draft, checked

_CONTEXT_AT_MOST = 4_096


def show(call: Call) -> Response:
    return Answer(call.entities.status(call.world.seen(call.id(), call.me.acct)))


def context(call: Call) -> Response:
    status = call.world.seen(call.id(), call.me.acct)
    above = call.world.ancestors(status, call.me.acct)
    below = call.world.descendants(status, call.me.acct)
    entities = call.entities
    return Answer(
        {
            "ancestors": entities.statuses(above[-_CONTEXT_AT_MOST:]),
            "descendants": entities.statuses(islice(below, _CONTEXT_AT_MOST)),
        }
    )


def history(call: Call) -> Response:
    return Answer(call.entities.history(call.world.seen(call.id(), call.me.acct)))


def source(call: Call) -> Response:
    return Answer(call.entities.source(call.world.own(call.id(), call.me.acct)))


def create(call: Call) -> Response:
    return Answer(call.entities.status(call.world.post(checked(_draft(call)))))


def update(call: Call) -> Response:
    draft = checked(_draft(call))
    return Answer(call.entities.status(call.world.edit(call.id(), call.me.acct, draft)))


def delete(call: Call) -> Response:
    entity = call.entities
    status = call.world.own(call.id(), call.me.acct)
    answer = {**entity.status(status), "text": status.now.text}
    call.world.delete(status.id, call.me.acct)
    return Answer(answer)


def favourite(call: Call) -> Response:
    return Answer(call.entities.status(call.world.favourite(call.id(), call.me.acct)))


def unfavourite(call: Call) -> Response:
    return Answer(call.entities.status(call.world.favourite(call.id(), call.me.acct, on=False)))


def _draft(call: Call) -> Draft:
    args = call.args
    if args.all("media_ids"):
        raise errors.invalid("Media attachments are not taken here")
    return Draft(
        author=call.me.acct,
        text=args.get("status"),
        visibility=args.get("visibility", "public") or "public",
        in_reply_to=args.number("in_reply_to_id"),
        language=args.get("language") or call.me.language,
        spoiler=args.get("spoiler_text"),
        sensitive=args.flag("sensitive") or bool(args.get("spoiler_text")),
        idempotency_key=call.idempotency_key,
    )


ONE = "/api/v1/statuses/{id}"
ENDPOINTS = (
    Endpoint(method="POST", path="/api/v1/statuses", handler=create, scope="write:statuses"),
    Endpoint(method="GET", path=ONE, handler=show, scope="read:statuses"),
    Endpoint(method="PUT", path=ONE, handler=update, scope="write:statuses"),
    Endpoint(method="DELETE", path=ONE, handler=delete, scope="write:statuses"),
    Endpoint(method="GET", path=f"{ONE}/context", handler=context, scope="read:statuses"),
    Endpoint(method="GET", path=f"{ONE}/history", handler=history, scope="read:statuses"),
    Endpoint(method="GET", path=f"{ONE}/source", handler=source, scope="read:statuses"),
    Endpoint(method="POST", path=f"{ONE}/favourite", handler=favourite, scope="write:favourites"),
    Endpoint(
        method="POST", path=f"{ONE}/unfavourite", handler=unfavourite, scope="write:favourites"
    ),
)
