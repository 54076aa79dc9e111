"""The desk in the sandbox's Slack: real store, real Bolt app, real Web API; networks are fakes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from inbox import deliveries, troubles
from inbox.answering import Answering
from inbox.case import Case
from inbox.changes import CaseEvent
from inbox.desk import Desk
from inbox.errors import IntegrationError
from inbox.facts import Findings
from inbox.message import Deleted, Edited, Event, Kind, Message, Posted, Undelivered, Visibility
from inbox.outbox import HideMessage, Item, LikeMessage, SendAnswer
from inbox.ports import Connection, Delivered, Knowledge, Unit
from inbox.reception import Arrival, Reception
from sandbox.slack import APP_TOKEN, BOT_TOKEN
from store.database import open_database
from store.writer import Writer
from tests.slack_desk import Desk as SlackWorkspace
from tests.stage_fakes import (
    ACCOUNT,
    CARE,
    FakeDetector,
    FakeMeasure,
    FakeNetwork,
    FakeReplies,
    FakeRouter,
    a_desk,
    a_ref,
    an_author,
)
from workspace.app import Workspace, build_app
from workspace.client import slack_client
from workspace.notifier import Notifier
from workspace.rules_list import RuleUse
from workspace.socket import connect

T = TypeVar("T")
DEADLINE = 10.0


Mood = Callable[[str], str]


def _as_it_is(address: str) -> str:
    return address


class Stage:
    """One desk at work. Times come from `now`, which stands still until it is moved."""

    def __init__(
        self,
        folder: Path,
        *,
        knowledge: Knowledge | None = None,
        mood: Mood = _as_it_is,
        desk: Desk | None = None,
        **slack: Any,
    ) -> None:
        """`mood` gives the address at which the desk finds Slack, for Slack's own."""
        self.knowledge = knowledge
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.slack = SlackWorkspace(**slack)
        self.database = open_database(f"sqlite:///{folder / 'desk.db'}")
        self.database.migrate()
        self.writer = Writer(self.database)
        self.network = FakeNetwork()
        self.detector = FakeDetector()
        self.desk = desk or a_desk()
        self.rules = [
            RuleUse(position=1, name="Payment data", shadow=False, week=2, month=1200),
            RuleUse(position=None, name="VIP & <@U0SAM>", shadow=True, week=0, month=0),
        ]
        self.connections = {ACCOUNT: self._connection()}
        self.client = slack_client(mood(f"{self.slack.url}/api/"), BOT_TOKEN)
        self.workspace = Workspace(
            desk=self.desk,
            store=self.database,
            run=self.writer.run,
            answering=Answering(
                desk=self.desk, connections=self.connections, detector=self.detector
            ),
            saved_replies=FakeReplies(),
            client=self.client,
            clock=lambda: self.now,
            rules=lambda: self.rules,
            detector=self.detector,
            knowledge=knowledge,
        )
        self.notifier = self.a_notifier()
        self.app = build_app(self.workspace, None)
        self.socket = connect(self.app, APP_TOKEN)
        self.reception = Reception(desk=self.desk, router=FakeRouter(), planners={})
        self._count = 0

    def a_notifier(self) -> Notifier:
        return Notifier(
            client=self.client,
            store=self.database,
            desk=self.desk,
            connections=self.connections,
            detector=self.detector,
            knowledge=self.knowledge,
        )

    def close(self) -> None:
        self.socket.close()
        self.app.listener_runner.listener_executor.shutdown(wait=True)
        self.writer.close()
        self.database.close()
        self.slack.close()

    def _connection(self) -> Connection:
        return Connection(
            account=ACCOUNT,
            handle="@brightleaf",
            me=lambda: a_ref("u-me"),
            measure=FakeMeasure(),
            public=self.network,
            private=self.network,
            moderator=self.network,
            liker=self.network,
        )

    # --- customers -----------------------------------------------------------------------

    def customer(self, text: str, **more: Any) -> Message:
        """A customer writes; the case is shown."""
        message = self.a_message(text, **more)
        self.arrive(Posted(message=message))
        return message

    def a_message(self, text: str, **more: Any) -> Message:
        self._count += 1
        values: dict[str, Any] = {
            "ref": a_ref(f"post-{self._count}"),
            "conversation": a_ref("thread-1"),
            "author": an_author(),
            "text": text,
            "visibility": Visibility.PUBLIC,
            "kind": Kind.COMMENT,
            "created_at": self.now,
            "url": f"https://social.example/post-{self._count}",
        }
        return Message(**(values | more))

    def arrive(self, *events: Event) -> None:
        arrivals = [Arrival(event=event, findings=self._findings(event)) for event in events]
        self.writer.run(lambda unit: self.reception.receive(unit, arrivals, now=self.now))
        self.drain()

    def edit(self, message: Message, text: str) -> None:
        self.arrive(Edited(message=replace(message, text=text), at=self.now))

    def delete(self, message: Message) -> None:
        self.arrive(Deleted(ref=message.ref, at=self.now))

    def _findings(self, event: Event) -> Findings:
        if isinstance(event, Deleted | Undelivered):
            return Findings()
        return self.detector.detect(event.message.text)

    # --- the dispatcher, one step at a time ----------------------------------------------

    def drain(self) -> None:
        """Deliver what is due, until nothing is."""
        while items := self.lease():
            for item in items:
                self.settle(item)

    def lease(self) -> list[Item]:
        return list(
            self.writer.run(
                lambda unit: unit.outbox.lease("stage", limit=50, lease_for=timedelta(minutes=5))
            )
        )

    def settle(self, item: Item) -> None:
        try:
            result = self.carry_out(item)
        except IntegrationError as error:
            failure = error
            self.writer.run(lambda unit: self._settle_badly(unit, item, failure))
            return
        self.writer.run(
            lambda unit: deliveries.delivered(unit, self.desk, item, result, at=self.now)
        )

    def _settle_badly(self, unit: Unit, item: Item, error: IntegrationError) -> None:
        deliveries.not_delivered(unit, self.desk, item, error, at=self.now)
        troubles.note(unit, self.desk, item.lane, error, at=self.now)

    def carry_out(self, item: Item) -> Delivered:
        match item.effect:
            case SendAnswer(draft=draft):
                sent = self.network.reply(draft, key=item.key)
                return Delivered(ref=sent.ref, url=sent.url)
            case HideMessage(message=ref, hidden=hidden):
                (self.network.hide if hidden else self.network.unhide)(ref)
                return Delivered()
            case LikeMessage(message=ref, liked=liked):
                (self.network.like if liked else self.network.unlike)(ref)
                return Delivered()
            case _:
                return self.notifier.deliver(item)

    # --- agents --------------------------------------------------------------------------

    def messages(self, channel: str, person: str = "U0SAM") -> list[dict[str, Any]]:
        return list(self.slack.state(person)["messages"].get(channel, []))

    def cards(self, channel: str = CARE) -> list[dict[str, Any]]:
        return [m for m in self.messages(channel) if not m["thread_ts"]]

    def card(self, channel: str = CARE) -> dict[str, Any]:
        return self.cards(channel)[-1]

    def thread(self, channel: str = CARE) -> list[dict[str, Any]]:
        return [m for m in self.messages(channel) if m["thread_ts"]]

    def whispers(self, person: str, channel: str = CARE) -> list[dict[str, Any]]:
        return list(self.slack.state(person)["ephemerals"].get(channel, []))

    def direct(self, person: str) -> list[dict[str, Any]]:
        """What Tierdesk wrote to them in direct messages."""
        state = self.slack.state(person)
        ims = [channel["id"] for channel in state["channels"] if channel["is_im"]]
        return [message for im in ims for message in state["messages"].get(im, [])]

    def press(self, person: str, action: str, channel: str = CARE, **more: Any) -> dict[str, Any]:
        """Press a button of the newest card; waits until it is drawn."""
        self.until(lambda: f'"{action}"' in json.dumps(self.card(channel)["blocks"]))
        return self.press_on(self.card(channel), person, action, channel, **more)

    def press_on(
        self, card: dict[str, Any], person: str, action: str, channel: str = CARE, **more: Any
    ) -> dict[str, Any]:
        block, element = find_element(card["blocks"], action)
        given = {"value": element["value"]} if "value" in element else {}
        return self.slack.act(
            person,
            "action",
            channel=channel,
            ts=card["ts"],
            block_id=block["block_id"],
            action_id=action,
            **given,
            **more,
        )

    def choose(self, person: str, which: str, channel: str = CARE) -> dict[str, Any]:
        """A line of the card's menu."""
        self.until(lambda: "case.more" in json.dumps(self.card(channel)["blocks"]))
        return self.choose_on(self.card(channel), person, which, channel)

    def choose_on(
        self, card: dict[str, Any], person: str, which: str, channel: str = CARE
    ) -> dict[str, Any]:
        _, element = find_element(card["blocks"], "case.more")
        chosen = next(o for o in element["options"] if o["value"].startswith(f"{which}:"))
        return self.press_on(card, person, "case.more", channel, selected_option=chosen)

    def window(self, person: str) -> dict[str, Any]:
        """The topmost window, waited for."""
        views = self.until(lambda: self.slack.state(person)["views"])
        return dict(views[-1])

    def submit(self, person: str, **fields: Any) -> dict[str, Any]:
        """Send the topmost window; `fields` are elements by block id (before the colon)."""
        view = self.window(person)
        values: dict[str, dict[str, Any]] = {}
        for block in view["blocks"]:
            name = str(block.get("block_id", "")).split(":")[0]
            if block["type"] == "input" and name in fields:
                values[block["block_id"]] = {block["element"]["action_id"]: fields[name]}
        assert len(values) == len(fields), [b.get("block_id") for b in view["blocks"]]
        return self.slack.act(person, "submit", view_id=view["id"], values=values)

    # --- the truth -----------------------------------------------------------------------

    def case(self, number: int = 0) -> Case:
        with self.database.read() as unit:
            found = unit.cases.get(number or self.number())
        assert found is not None
        return found

    def number(self) -> int:
        """Of the newest case."""
        with self.database.read() as unit:
            contact = unit.cases.contacts({an_author().ref})[an_author().ref]
        assert contact.newest is not None
        return contact.newest.number

    def history(self) -> list[CaseEvent]:
        with self.database.read() as unit:
            return list(unit.cases.history(self.number()))

    def settled(self) -> bool:
        """Nothing is due, and every redelivered payload was worked: asked by a fresh one."""
        self.drain()
        seen = len(self.whispers("U0SAM"))
        self.slack.act("U0SAM", "command", channel=CARE, text="help")
        self.until(lambda: len(self.whispers("U0SAM")) > seen or None)
        return True

    def until(self, look: Callable[[], T | None], *, deliver: bool = True) -> T:
        """Wait for what a listener does after its acknowledgement."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            if deliver:
                self.drain()
            if found := look():
                return found
            time.sleep(0.01)
        raise AssertionError("waited in vain")


def find_element(
    blocks: list[dict[str, Any]], action: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    for block in blocks:
        for element in [
            *block.get("elements", []),
            block.get("accessory") or {},
            block.get("element") or {},
        ]:
            if element.get("action_id") == action:
                return block, element
    raise AssertionError(f"no {action} in {json.dumps(blocks)[:2000]}")


def written(message: dict[str, Any]) -> str:
    """Everything that a message shows, as one text."""
    return json.dumps([message["text"], message["blocks"]], ensure_ascii=False)


def typed(text: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": text}


def picked(value: str, view: dict[str, Any]) -> dict[str, Any]:
    """The option of a window that has this value."""
    for block in view["blocks"]:
        for option in (block.get("element") or {}).get("options", []):
            if option["value"] == value:
                return {"type": block["element"]["type"], "selected_option": option}
    raise AssertionError(f"no option {value}")


@contextmanager
def on_stage(folder: Path, **settings: Any) -> Iterator[Stage]:
    stage = Stage(folder, **settings)
    try:
        yield stage
    finally:
        stage.close()
