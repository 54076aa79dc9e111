"""`/tierdesk` and the message shortcut: looking a case up from anywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from slack_bolt import App

from inbox.case import Case
from inbox.channels import channels, helpdesk_channels
from inbox.costs import costs
from inbox.errors import IntegrationError, Refusal, Rejected
from workspace import ids, rule_words, words
from workspace.articles import search
from workspace.blocks import Block, Shown, context, plainest, section
from workspace.cards import card
from workspace.errors import asking
from workspace.explanation import why_answer
from workspace.fitting import messages
from workspace.ignored import MOST_LISTED, ignored_list
from workspace.knowledge import found
from workspace.mrkdwn import clip, plain, short
from workspace.office import Ack, Body, Workspace, dedupe_key, log, number_of
from workspace.profiles import who
from workspace.reactions import card_at
from workspace.reading import CaseView
from workspace.reports import channels_list, costs_text
from workspace.rules_list import rules_list

MOST_MINE = 30
REMEMBERED = timedelta(seconds=60)
"""How long the members of a channel are taken for true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks, where: what is shown there is masked by that channel's clearance."""

    user: str
    channel_id: str
    name: str


@dataclass(slots=True)
class Members:
    """Who is in a channel, as Slack said not long ago."""

    desk: Workspace
    known: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, channel_id: str, user: str) -> bool:
        now = self.desk.clock()
        with self.lock:
            at, members = self.known.get(channel_id, (now - 2 * REMEMBERED, frozenset[str]()))
        if now - at > REMEMBERED:
            members = frozenset(self._ask(channel_id))
            with self.lock:
                self.known[channel_id] = (now, members)
        return user in members

    def _ask(self, channel_id: str) -> list[str]:
        members: list[str] = []
        cursor: str | None = None
        while True:
            response = asking(
                partial(
                    self.desk.client.conversations_members,
                    channel=channel_id,
                    limit=1000,
                    cursor=cursor,
                ),
                post=False,
            )
            members += response.get("members") or []
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return members


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """Answers what is asked of the desk."""

    desk: Workspace
    members: Members

    def command(self, text: str, asked: Asked) -> Shown:
        """Raises Refusal."""
        word, _, rest = text.strip().partition(" ")
        about_case = {"case": self.case, "why": self.why}.get(word.lower())
        if about_case is not None:
            return about_case(_number(word, rest), asked)
        about_desk: dict[str, Callable[[], Shown]] = {
            "mine": lambda: self.mine(asked),
            "channels": self.channels,
            "report": lambda: self.report(rest),
            "rules": lambda: rules_list(self.desk.rules()),
            "ignored": lambda: self.ignored(asked),
            "who": lambda: who(self.desk, rest.strip(), asked.channel_id),
            "kb": lambda: self.articles(rest.strip()),
            "": lambda: _said(words.HELP),
            "help": lambda: _said(words.HELP),
        }
        if answer := about_desk.get(word.lower()):
            return answer()
        what = words.WHAT.format(text=plain(short(text, 80)))
        return _said(f"{what}\n{words.HELP}")

    def case(self, number: int, asked: Asked) -> Shown:
        view = self._visible(number, asked)
        shown = card(view, self.desk.lens(self.desk.key_of(asked.channel_id)))
        return Shown(text=shown.text, blocks=(*_without_buttons(shown), *self._link(view)))

    def why(self, number: int, asked: Asked) -> Shown:
        view = self._visible(number, asked)
        return why_answer(
            view, self.desk.lens(self.desk.key_of(asked.channel_id)), asked.channel_id
        )

    def ignored(self, asked: Asked) -> Shown:
        """What was written in private is read only where private matters are worked."""
        key = self.desk.key_of(asked.channel_id)
        public_only = not self.desk.desk.has_private_matters(key)
        with self.desk.store.read() as unit:
            found = unit.messages.ignored(public_only=public_only, limit=MOST_LISTED)
        shown = ignored_list(found, self.desk.desk, self.desk.lens(key), asked.channel_id)
        if not public_only:
            return shown
        return Shown(text=shown.text, blocks=(*shown.blocks, context(rule_words.ONLY_PUBLIC)))

    def articles(self, text: str) -> Shown:
        if not text:
            raise Refusal(words.KB_WORDS_MISSING)
        return found(text, search(self.desk, text, None))

    def mine(self, asked: Asked) -> Shown:
        with self.desk.store.read() as unit:
            cases = [c for c in unit.cases.owned_by(asked.user) if self._may_see(c, asked.user)]
        if not cases:
            return _said(words.NONE_MINE)
        lens = self.desk.lens(self.desk.key_of(asked.channel_id))
        lines = [self._line(case, lens.name(case.author)) for case in cases[:MOST_MINE]]
        if len(cases) > MOST_MINE:
            lines.append(words.further_lines(len(cases) - MOST_MINE))
        return _said("\n".join(lines))

    def channels(self) -> Shown:
        desk, at = self.desk, self.desk.clock()
        with desk.store.read() as unit:
            found = [
                *channels(unit, desk.connections, desk.desk, at=at),
                *helpdesk_channels(unit, desk.helpdesks),
            ]
        return channels_list(found, desk.desk.hours.zone)

    def report(self, which: str) -> Shown:
        """Raises Refusal where there is no such report."""
        if which.strip().lower() != "costs":
            raise Refusal(words.REPORT_WHAT)
        at = self.desk.clock()
        with self.desk.store.read() as unit:
            return _said(costs_text(costs(unit, self.desk.connections, at=at), at=at))

    def _line(self, case: Case, who: str) -> str:
        home = self.desk.desk.channels.get(case.channel)
        parts = [
            f"*#{case.number}*",
            words.PRIORITY[case.priority],
            plain(who),
            words.network(case.account.network),
            words.STATUS[case.status],
            *([f"<#{home.id}>"] if home else []),
        ]
        return " · ".join(parts)

    def _visible(self, number: int, asked: Asked) -> CaseView:
        view = self.desk.view(number)
        if not self._may_see(view.case, asked.user):
            raise Refusal(words.IN_PRIVATE_CHANNEL.format(number=number))
        return view

    def _may_see(self, case: Case, user: str) -> bool:
        """A private channel's members are its access list. Raises Refusal where nobody can tell."""
        if not self.desk.desk.is_private(case.channel, case.tier):
            return True
        home = self.desk.desk.channels.get(case.channel)
        try:
            return home is not None and self.members.has(home.id, user)
        except IntegrationError:
            raise Refusal(words.NOBODY_CAN_TELL) from None

    def _link(self, view: CaseView) -> list[Block]:
        home, shown = self.desk.desk.channels.get(view.case.channel), None
        stands = view.card_in(view.case.channel)
        if home is None or stands is None:
            return []
        try:
            shown = asking(
                lambda: self.desk.client.chat_getPermalink(channel=home.id, message_ts=stands.ts),
                post=False,
            ).get("permalink")
        except Rejected:
            return []
        return [section(f"<{shown}|{words.TO_THE_CARD}>")] if shown else []


def listen(app: App, desk: Workspace) -> None:
    enquiry = Enquiry(desk=desk, members=Members(desk))

    def command(ack: Ack, body: Body, respond: Callable[..., Any]) -> None:
        ack()
        asked = Asked(
            user=str(body["user_id"]), channel_id=str(body["channel_id"]), name=dedupe_key(body)
        )
        text = str(body.get("text") or "")
        _answer(desk, asked, respond, lambda: enquiry.command(text, asked))

    def shortcut(ack: Ack, body: Body, respond: Callable[..., Any]) -> None:
        ack()
        channel_id, message = str(body["channel"]["id"]), body.get("message") or {}
        ts = str(message.get("thread_ts") or message.get("ts") or body.get("message_ts"))
        asked = Asked(user=str(body["user"]["id"]), channel_id=channel_id, name=dedupe_key(body))

        def find() -> Shown:
            shown_at = card_at(desk, channel_id, ts)
            if shown_at is None:
                raise Refusal(words.NOT_A_CARD)
            return enquiry.case(shown_at.case, asked)

        _answer(desk, asked, respond, find)

    app.command(ids.COMMAND)(command)
    app.shortcut(ids.SHORTCUT)(shortcut)


def _answer(
    desk: Workspace, asked: Asked, respond: Callable[..., Any], find: Callable[[], Shown]
) -> None:
    """For the one who asked, also in channels that the bot is not in."""
    if desk.once(asked.name, lambda unit, at: True) is None:
        return
    try:
        shown = find()
    except Refusal as refusal:
        shown = _said(str(refusal))
    except Exception as error:  # outer loop: the agent must be told
        log.error("a question was not answered: %s", type(error).__name__)
        shown = _said(words.NOT_DONE)
    first, *rest = messages(shown)
    if not _taken(respond, first):
        log.warning("an answer is shown in its plainest form: Slack did not take it")
        _taken(respond, plainest(shown))
        return
    if not all(_taken(respond, more) for more in rest):
        log.warning("an answer is not shown to its end: Slack did not take it")


def _taken(respond: Callable[..., Any], shown: Shown) -> bool:
    """The address at which Slack takes an answer raises nothing where it does not."""
    answer = respond(text=shown.text, blocks=[*shown.blocks], response_type="ephemeral")
    return bool(answer.status_code == HTTPStatus.OK)


def _number(word: str, rest: str) -> int:
    number = number_of(rest)
    if not number:
        raise Refusal(words.NUMBER_MISSING.format(word=word.lower()))
    return number


def _said(text: str) -> Shown:
    line = clip(text, 2900, "…")
    return Shown(text=line, blocks=(section(line),))


def _without_buttons(shown: Shown) -> list[Block]:
    kept = [block for block in shown.blocks if block["type"] != "actions"]
    return [{name: part for name, part in b.items() if name != "accessory"} for b in kept]
