"""Offer a menu in a private conversation, by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from inbox.case import Case
from inbox.decision import Decision
from inbox.message import Message, Visibility
from inbox.ports import Plan
from responders.menus import Menu, MenuBook, numbered
from responders.public_reply import Automatic
from responders.templates import variant


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuOffer:
    """Plans the menu that a rule names; nothing where the message is public, or not the first."""

    automatic: Automatic
    menus: MenuBook

    def plan(self, case: Case, message: Message, decision: Decision, *, at: datetime) -> Plan:
        menu = self.menus.menus.get(decision.response.template or "")
        connection = self.automatic.answering.connection(case.account)
        private = message.visibility is Visibility.PRIVATE and connection.private is not None
        if menu is None or not private or case.automatic_at is not None or case.messages:
            return Plan()
        text, choices = self._said(menu, case.language)
        change, item = self.automatic.send(
            case,
            message,
            text,
            message.visibility,
            decision.rule,
            at=at,
            choices=choices,
        )
        offered = replace(Plan(changes=(change,)), items=(item,) if item else ())
        return replace(offered, menu=menu.key) if item else offered

    def _said(self, menu: Menu, language: str | None) -> tuple[str, tuple[str, ...]]:
        fallback = self.menus.fallback
        choices = tuple(variant(each.variants, language, fallback) for each in menu.choices)
        return numbered(variant(menu.variants, language, fallback), choices), choices
