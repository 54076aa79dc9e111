"""Whether the account is set up right: its app password, and direct messages both ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inbox.errors import IntegrationError, Retryable
from inbox.message import Account
from inbox.ports import Checkup
from integrations.bluesky.chat import NO_RIGHT
from integrations.bluesky.convert import ALLOWED_WHEN_UNSAID
from integrations.bluesky.session import Pds
from integrations.bluesky.wire import Actor, many, readable

ALL, NONE = "all", "none"


class Examination:
    """Asks with the requests that the work needs; nothing is changed."""

    def __init__(self, account: Account, pds: Pds, *, chats: bool) -> None:
        self._account = account
        self._pds = pds
        self._chats = chats

    def examine(self) -> Sequence[Checkup]:
        try:
            self._pds.read("com.atproto.server.getSession", {})
            found = [self._found(f"the app password is accepted, for {self._pds.did}")]
            return [*found, *self._chat()] if self._chats else found
        except IntegrationError as error:
            return [self._found(str(error), well=False)]

    def _chat(self) -> Iterator[Checkup]:
        try:
            self._pds.read("chat.bsky.convo.listConvos", {"limit": 1}, chat=True)
        except Retryable as error:
            yield self._found(str(error), well=False)
            return
        except IntegrationError:
            yield self._found(NO_RIGHT, well=False)
            return
        yield self._found("direct messages can be read")
        yield self._writers()

    def _writers(self) -> Checkup:
        """Who can begin a conversation with the brand."""
        answer = self._pds.read("app.bsky.actor.getProfiles", {"actors": [self._pds.open()]})
        profiles = [actor for one in many(answer, "profiles") if (actor := readable(Actor, one))]
        said = profiles[0].associated if profiles else None
        allow = (said.chat.allow if said and said.chat else "") or ALLOWED_WHEN_UNSAID
        if allow == ALL:
            return self._found("everybody can write to it in private")
        who = "nobody" if allow == NONE else "only people whom it follows"
        return self._found(
            f"{who} can write to it in private. Allow new messages from everyone, in the settings"
            " of Bluesky's chat.",
            well=False,
        )

    def _found(self, says: str, *, well: bool = True) -> Checkup:
        return Checkup(well=well, says=f"{self._account}: {says}")
