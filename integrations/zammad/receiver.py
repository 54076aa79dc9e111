"""What Zammad's webhook tells of our tickets. Asks nobody."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from inbox.errors import BadPayload, Unverified
from inbox.ports import Request, TicketEvent
from integrations.adopted import Adopted
from integrations.zammad import convert
from integrations.zammad.api import Zammad
from integrations.zammad.convert import MERGED, Form
from integrations.zammad.wire import Told

SIGNATURE = "x-hub-signature"
_PREFIX = "sha1="


class Receiver:
    """Implements inbox.ports.TicketReceiver. Raises ValueError for an empty secret."""

    def __init__(self, secret: bytes, zammad: Zammad, adopted: Adopted, form: Form) -> None:
        if not secret:
            raise ValueError("the secret is empty")
        self._secret = secret
        self._zammad = zammad
        self._adopted = adopted
        self._form = form

    def verify(self, request: Request) -> None:
        """HMAC-SHA1 of the body in hex, after `sha1=`; Zammad signs no time."""
        given = request.headers.get(SIGNATURE, "").removeprefix(_PREFIX)
        expected = hmac.digest(self._secret, request.body, "sha1").hex()
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise Unverified("The signature does not fit.")

    def parse(self, request: Request) -> Sequence[TicketEvent]:
        """A merged ticket is left to the next look, which asks where it goes on."""
        told, me = _read(request.body), self._zammad.known_me()
        ours = convert.is_ours(told.ticket, self._form, self._adopted.ids())
        # Whoever wrote a ticket knows who they are, so without it no ticket is ours.
        if me is None or not ours or told.ticket.state == MERGED:
            return ()
        return tuple(self._happened(told, me))

    def _happened(self, told: Told, me: int) -> Iterator[TicketEvent]:
        article = told.article
        if article and article.created_by_id != me and article.sender != "System":
            yield convert.comment(article, self._zammad.base_url)
        if told.ticket.updated_by_id != me:
            yield convert.state(told.ticket, self._form)


def _read(body: bytes) -> Told:
    try:
        return Told.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadPayload(field, "is not as Zammad's webhooks have it") from None
