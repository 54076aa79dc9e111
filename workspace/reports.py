"""What the operator asks of the desk as a whole: what calls cost, how the accounts are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.budget import Stretch
from inbox.channels import Channel
from inbox.costs import Costs, amount
from inbox.health import spell
from inbox.ports import desk_account
from workspace import words
from workspace.blocks import Shown, listed, moment
from workspace.mrkdwn import clip, plain

_MOST_KINDS = 8
_MOST_CHANNELS = 40


def costs_text(found: Sequence[Costs], *, at: datetime) -> str:
    """Of each account: today and this month, the budget, where it leads, and what costs it."""
    if not found:
        return words.NOTHING_COSTS
    return "\n".join(line for each in found for line in _costs(each, at))


def _costs(each: Costs, at: datetime) -> Iterator[str]:
    yield f"*{plain(str(each.account))}*"
    for stretch in (each.today, each.month):
        yield f"• {stretch.word}: {_of_budget(stretch, each.unit)}, {_leads_to(stretch, each, at)}"
    for kind in each.kinds[:_MOST_KINDS]:
        calls = words.counted(kind.calls, "call")
        yield f"    ◦ {plain(kind.what)}: {calls}, {amount(kind.cost, each.unit)} this month"
    if (more := len(each.kinds) - _MOST_KINDS) > 0:
        yield f"    ◦{words.and_more(more)}"


def _of_budget(stretch: Stretch, unit: str) -> str:
    spent = amount(stretch.spent, unit)
    if stretch.most is None:
        return f"{spent}, no limit"
    return f"{spent} of {amount(stretch.most, unit)} ({stretch.used:.0%})"


def _leads_to(stretch: Stretch, each: Costs, at: datetime) -> str:
    return f"leads to {amount(stretch.forecast(at), each.unit)}"


def channels_list(found: Sequence[Channel], zone: ZoneInfo) -> Shown:
    """One line for each account, as far as one message holds them."""
    lines = [_channel(each, zone) for each in found[:_MOST_CHANNELS]] or [words.NO_ACCOUNTS]
    if len(found) > _MOST_CHANNELS:
        lines.append(words.further_lines(len(found) - _MOST_CHANNELS))
    text = clip("\n".join(lines), 2900, "…")
    return Shown(text=text, blocks=tuple(listed(words.CHANNELS, lines)))


def _channel(each: Channel, zone: ZoneInfo) -> str:
    worked = moment(each.beat.at, zone) if each.beat.at else "never yet"
    way = "last poll" if each.polled else "last delivery"
    parts = [f"{way} {worked}", *_wrote(each, zone)]
    if each.usual is not None:
        parts.append(f"usually one within {spell(each.usual)}")
    if each.expires is not None:
        parts.append(f"token until {moment(each.expires, zone)}")
    if each.costs is not None:
        parts.append(f"{_of_budget(each.costs.month, each.costs.unit)} this month")
    if each.waiting:
        parts.append(f"{words.counted(each.waiting, 'ticket')} on the way")
    if each.beat.trouble:
        parts.append(f"⚠️ {plain(each.beat.trouble)}")
    return f"*{plain(str(each.account))}* · {' · '.join(parts)}"


def _wrote(each: Channel, zone: ZoneInfo) -> Iterator[str]:
    """To a helpdesk nobody writes first."""
    if each.account == desk_account(each.account.name):
        return
    wrote = moment(each.last_message, zone) if each.last_message else "nobody in two weeks"
    yield f"last message {wrote}"
