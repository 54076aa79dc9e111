"""What every listener needs, and the form that all of them have: acknowledge, work, explain."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from slack_sdk import WebClient

from inbox.answering import Answering
from inbox.case import Case
from inbox.desk import Desk
from inbox.deskwork import no_such_case
from inbox.errors import IntegrationError, Refusal, Rejected
from inbox.message import Account, Author
from inbox.ports import Connection, Detector, HelpdeskConnection, Knowledge, Store, Unit
from workspace import words
from workspace.alerts import whispered
from workspace.client import LOGGER
from workspace.errors import asking
from workspace.reading import CaseView, view_case
from workspace.rules_list import RuleUse
from workspace.showing import Lens

T = TypeVar("T")
Body = Mapping[str, Any]
Ack = Callable[..., Any]

log: logging.Logger = LOGGER


class Run(Protocol):
    """The writer: does a job in one transaction and returns after its commit."""

    def __call__(self, job: Callable[[Unit], T], /) -> T: ...


class SavedReplies(Protocol):
    """Texts that an agent can choose."""

    def saved(self, language: str | None) -> Sequence[tuple[str, str, str]]:
        """Key, title and text, its gaps still open."""
        ...

    def render(self, name: str, *, language: str | None, case: Case, author: Author) -> str:
        """Raises Refusal where there is no such text, or a gap stays."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The parts that the listeners work with. `detector` looks at what is shown."""

    desk: Desk
    store: Store
    run: Run
    answering: Answering
    saved_replies: SavedReplies
    client: WebClient
    clock: Callable[[], datetime]
    rules: Callable[[], Sequence[RuleUse]]
    detector: Detector
    knowledge: Knowledge | None = None
    helpdesks: Mapping[str, HelpdeskConnection] = field(default_factory=dict)

    @property
    def connections(self) -> Mapping[Account, Connection]:
        return self.answering.connections

    def lens(self, channel: str) -> Lens:
        return Lens(clearance=self.desk.clearance_of(channel), detector=self.detector)

    def key_of(self, channel_id: str) -> str:
        """The settings' name of a Slack channel; its id where the settings do not know it."""
        return self.desk.key_of(channel_id) or channel_id

    def view(self, number: int) -> CaseView:
        """The case as it is now. Raises Refusal where there is none."""
        with self.store.read() as unit:
            view = view_case(unit, self.desk, self.connections, number)
        if view is None:
            raise Refusal(no_such_case(number))
        return view

    def view_here(self, number: int, seen_in: str) -> CaseView:
        """The case, where it is still worked in this channel. Raises Refusal otherwise."""
        view = self.view(number)
        if view.case.channel != seen_in:
            raise Refusal(words.MOVED_ON.format(number=number))
        return view

    def once(self, name: str, job: Callable[[Unit, datetime], T]) -> T | None:
        """Do a job and remember its name in one transaction; None where it was done before."""
        at = self.clock()

        def guarded(unit: Unit) -> T | None:
            return job(unit, at) if unit.memory.first_time(name, at=at) else None

        return self.run(guarded)

    # --- telling one person --------------------------------------------------------------

    def tell(
        self,
        channel_id: str,
        user: str,
        text: str,
        *,
        quote: str | None = None,
        thread: str | None = None,
    ) -> None:
        """A sentence for one agent alone, where they are; as a direct message where it must be."""
        shown = whispered(text, quote)
        message: dict[str, Any] = {"text": shown.text, "blocks": [*shown.blocks]}
        try:
            asking(
                lambda: self.client.chat_postEphemeral(
                    channel=channel_id, user=user, thread_ts=thread, **message
                ),
                post=False,
            )
        except Rejected:
            asking(
                lambda: self.client.chat_postMessage(
                    channel=user, unfurl_links=False, unfurl_media=False, **message
                ),
                post=True,
            )

    def explained(
        self, channel_id: str, user: str, work: Callable[[], object], *, quote: str | None = None
    ) -> None:
        """Work for an agent: a refusal is told in its own words, anything else as not done."""
        try:
            work()
        except Refusal as refusal:
            self._say(channel_id, user, _with_text(str(refusal), quote), quote)
        except Exception as error:  # outer loop: the agent must be told
            log.error(  # noqa: TRY400 - a trace may hold a customer's text
                "a listener failed: %s", type(error).__name__
            )
            self._say(channel_id, user, _with_text(words.NOT_DONE, quote), quote)

    def _say(self, channel_id: str, user: str, text: str, quote: str | None) -> None:
        try:
            self.tell(channel_id, user, text, quote=quote)
        except IntegrationError as error:
            log.warning("an agent could not be told: %s", type(error).__name__)


def _with_text(text: str, quote: str | None) -> str:
    return words.NOT_SENT_TEXT.format(why=text) if quote else text


# --- what came in ------------------------------------------------------------------------


def dedupe_key(body: Body) -> str:
    """One name for each thing that a person did; a redelivery has the same."""
    kind = body.get("type")
    user = (body.get("user") or {}).get("id") if isinstance(body.get("user"), dict) else ""
    if kind == "block_actions":
        action = body["actions"][0]
        place = (body.get("container") or {}).get("message_ts") or (body.get("view") or {}).get(
            "id"
        )
        return f"action:{action.get('action_ts')}:{user}:{action.get('action_id')}:{place}"
    if kind == "view_submission":
        view = body["view"]
        return f"view:{view['id']}:{view.get('hash', '')}"
    if kind == "event_callback":
        return f"event:{body.get('event_id')}"
    return f"trigger:{body.get('trigger_id')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button of a card: who pressed it, where, for which case."""

    user: str
    channel_id: str
    seen_in: str
    number: int
    trigger: str
    name: str


def press(desk: Workspace, body: Body) -> Press:
    """From the payload of a pressed button or a chosen menu line."""
    action = body["actions"][0]
    value = action.get("value") or (action.get("selected_option") or {}).get("value") or "0"
    channel_id = str((body.get("channel") or body.get("container") or {}).get("id", ""))
    return Press(
        user=str(body["user"]["id"]),
        channel_id=channel_id,
        seen_in=desk.key_of(channel_id),
        number=number_of(str(value).rsplit(":", 1)[-1]),
        trigger=str(body.get("trigger_id", "")),
        name=dedupe_key(body),
    )


def number_of(text: str) -> int:
    """A case number as a person writes it: `1042` or `#1042`; 0 where it is none."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else 0


def fields_of(body: Body) -> list[str]:
    """Names of the fields of a window that was sent."""
    state = (body.get("view") or {}).get("state")
    values = state.get("values") if isinstance(state, dict) else None
    return [*values] if isinstance(values, dict) else []
