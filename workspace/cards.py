"""The card of a case: one message that says who, where, what, whose turn, how urgent. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.called import has_name
from inbox.case import Status
from inbox.changes import AnswerQueued, Held, Moved, NotSent
from inbox.knowledge import Article
from inbox.ports import Stored
from workspace import ids, words
from workspace.attached import attached
from workspace.blocks import (
    Block,
    Element,
    Shown,
    actions,
    button,
    confirm,
    context,
    dated,
    header,
    linked,
    moment,
    option,
    overflow,
    rich,
    rich_line,
    rich_quote,
    said,
    section,
    way_to,
)
from workspace.knowledge import suggestion
from workspace.mrkdwn import clip, escape, plain, short, web_url
from workspace.placed import why_here
from workspace.reading import CaseView, answer_to_tell, decision_of, is_public
from workspace.showing import Lens
from workspace.ticket_cards import ticket_blocks

MOST_QUOTED = 1200
"""Characters of a message on the card; a longer one stands in the thread."""


def card(view: CaseView, lens: Lens, article: Article | None = None) -> Shown:
    """The card in the channel where the case is worked; `article` may answer it."""
    if view.case.status is Status.CLOSED:
        return _closed(view, lens)
    newest = view.unanswered()[-1:]
    quotes = _quotes(view, view.unanswered(), lens, and_more=view.more_unanswered())
    body = rich(*_author(view, lens), *quotes)
    blocks = [
        header(_title(view, newest[0] if newest else None)),
        body,
        context(_state(view, lens)),
        *ticket_blocks(view),
        *_notices(view),
        *why_here(view, lens),
        *([suggestion(view, article)] if article else []),
        actions(_buttons(view), block_id=f"case:{view.case.number}:{view.case.version}"),
    ]
    return Shown(text=_fallback(view, lens), blocks=tuple(blocks))


def needs_thread(view: CaseView, lens: Lens) -> bool:
    """The first message is too long for the card, so the thread has to hold all of it."""
    first = view.theirs()[:1]
    return bool(first) and len(lens.message(first[0])) > MOST_QUOTED


# --- the closed card ---------------------------------------------------------------------


def _closed(view: CaseView, lens: Lens) -> Shown:
    case, event = view.case, view.closed_by()
    by = f" by <@{event.actor.id}>" if event and event.actor.kind.value == "agent" else ""
    when = f", {moment(case.closed_at, view.zone)}" if case.closed_at else ""
    what = f"✅ Closed as {plain(case.resolution or 'closed')}{by}{when}"
    who = plain(lens.name(case.author))
    text = f"{what} · {plain(words.network(case.account.network))} · {who} · #{case.number}"
    number = str(case.number)
    reopen = button(words.REOPEN, ids.REOPEN, number)
    blocks = (section(text), actions([reopen, overflow(ids.MORE, _closed_menu(number))]))
    return Shown(text=f"Closed: case {case.number} ({case.resolution})", blocks=blocks)


# --- its parts ---------------------------------------------------------------------------


def _title(view: CaseView, newest: Stored | None) -> str:
    parts = [words.PRIORITY[view.case.priority], words.network(view.case.account.network)]
    if newest is not None:
        message = newest.message
        parts.append(f"{words.VISIBILITY[message.visibility]} {words.WHERE[message.kind]}")
    return " · ".join((*parts, f"#{view.case.number}"))


def _author(view: CaseView, lens: Lens) -> Iterator[Block]:
    author = view.case.author
    url, name = web_url(author.url), lens.name(author)
    if has_name(author):
        at = f"@{short(lens.handle(author), 100).lstrip('@')}"
        elements = [said(name, bold=True), said(" "), linked(url, at) if url else said(at)]
    else:
        elements = [linked(url, name, bold=True) if url else said(name, bold=True)]
    about = "".join(f" · {fact}" for fact in _about(view))
    yield rich_line([*elements, *([said(about)] if about else [])])


def _about(view: CaseView) -> Iterator[str]:
    author, contact = view.case.author, view.contact
    if author.followers is not None:
        yield words.counted(author.followers, "follower")
    if author.verified:
        yield "verified"
    if author.bot:
        yield "says it is a bot"
    if author.handle.lower() in view.desk.vips:
        yield "VIP"
    if contact is not None and contact.cases > 1:
        closed = f", {contact.closed:,} closed" if contact.closed else ""
        yield f"{words.ordinal(contact.cases)} case{closed}"
    elif contact is not None:
        yield "first case"


def _quotes(
    view: CaseView, messages: tuple[Stored, ...], lens: Lens, *, and_more: bool
) -> Iterator[Block | None]:
    """The first of these messages, and the newest where there are more."""
    if not messages:
        return
    yield from _quote(view, messages[0], lens)
    if len(messages) > 1:
        more = words.more(len(messages) - 1, at_least=and_more)
        yield rich_line([said(more, italic=True)])
        yield from _quote(view, messages[-1], lens)


def _quote(view: CaseView, stored: Stored, lens: Lens) -> Iterator[Block | None]:
    text = lens.message(stored)
    yield rich_quote(clip(text, MOST_QUOTED) if text else words.NO_TEXT)
    elements = [*_marks(view, stored)]
    url = web_url(stored.message.url)
    if url and stored.deleted_at is None:
        elements += [said("  "), linked(url, words.OPEN_POST)]
    if elements:
        yield rich_line(elements)
    if stored.message.attachments and stored.deleted_at is None:
        yield rich_line(attached(stored.message, lens))


def _marks(view: CaseView, stored: Stored) -> Iterator[Element]:
    """Stars, language, and what happened to it on its network."""
    language = words.language(stored.findings.language)
    facts = [language] if language else []
    if stored.message.rating is not None:
        facts.insert(0, words.stars(stored.message.rating))
    if facts:
        yield said(f"({', '.join(facts)})", italic=True)
    net = words.network(view.case.account.network)
    for what, at in (("edited", stored.edited_at), ("deleted", stored.deleted_at)):
        if at is not None:
            yield said(f"  ✏️ {what} on {net} " if what == "edited" else f"  🗑️ {what} on {net} ")
            yield dated(at, view.zone)


def _state(view: CaseView, lens: Lens) -> str:
    case = view.case
    team = view.desk.teams.get(view.desk.team_of(case.tier, case.team) or "")
    parts = [plain(f"Tier {case.tier}"), *([plain(team.name)] if team else [])]
    parts += [_turn(view, lens), *_due(view)]
    parts += [f"#{plain(lens.line(tag))}" for tag in case.tags]
    return clip(" · ".join(parts), 2900, "…")


def _turn(view: CaseView, lens: Lens) -> str:
    case, zone = view.case, view.zone
    owner = f"<@{case.owner}>" if case.owner else ""
    if case.status is Status.PENDING:
        when = f" {moment(case.answered_at, zone)}" if case.answered_at else ""
        has_it = f", {owner} has it" if owner else ""
        return f"Answered{when}, waiting for {plain(lens.name(case.author))}{has_it}"
    if case.status is Status.ON_HOLD:
        until = f" until {moment(case.snoozed_until, zone)}" if case.snoozed_until else ""
        return f"On hold{until}" + (f", {owner} has it" if owner else "")
    if owner:
        when = f" {moment(case.claimed_at, zone)}" if case.claimed_at else ""
        return f"Claimed by {owner}{when}"
    return f"New since {moment(case.waiting_since or case.opened_at, zone)}, nobody has it"


def _due(view: CaseView) -> Iterator[str]:
    case, tier = view.case, view.desk.tiers.get(view.case.tier)
    if case.waiting_since is None or tier is None or tier.answer_within is None:
        return
    yield f"*answer due {moment(case.waiting_since + tier.answer_within, view.zone)}*"


def _notices(view: CaseView) -> Iterator[Block]:
    match answer_to_tell(view.history):
        case AnswerQueued():
            yield context(_on_its_way(view))
        case Held():
            yield context(words.HELD)
        case NotSent():
            yield context(words.NOT_SENT)
        case _:
            pass


def _on_its_way(view: CaseView) -> str:
    wait = view.answer_waits
    if wait is None:
        return words.ON_ITS_WAY
    said = words.ANSWER_DOUBTED if wait.doubtful else words.ANSWER_WAITS
    net = words.network(view.case.account.network)
    return said.format(net=plain(net), why=escape(short(wait.why, 200)))


def _buttons(view: CaseView) -> list[Element]:
    """The next step stands first, and stands out where it is our turn."""
    case, number = view.case, str(view.case.number)
    style = "primary" if case.status in (Status.NEW, Status.OPEN) else None
    if case.owner is None:
        claim = button(words.CLAIM, ids.CLAIM, number, style=style)
        first = [claim, button(words.REPLY, ids.REPLY, number)]
    else:
        reply = button(words.REPLY, ids.REPLY, number, style=style)
        first = [reply, button(words.RELEASE, ids.RELEASE, number)]
    return [*first, *_moves(view), *_on_network(view), overflow(ids.MORE, _menu(number))]


def _moves(view: CaseView) -> Iterator[Element]:
    number = str(view.case.number)
    private = view.desk.private_tier()
    if private is not None and view.case.tier < private.number:
        yield button(words.TAKE_PRIVATE, ids.TAKE_PRIVATE, number)
    others = any(t.channel and t.number != view.case.tier for t in view.desk.tiers.values())
    if others or view.desk.helpdesks:
        yield button(words.ESCALATE, ids.ESCALATE, number)
    yield button(words.CLOSE, ids.CLOSE, number)


def _on_network(view: CaseView) -> Iterator[Element]:
    """What the network can do with the newest public message, as far as it can."""
    ref, connection = view.case.last_public, view.connection
    shown = f"{view.case.messages}:{view.case.number}"
    if ref is None or connection is None:
        return
    if connection.moderator and view.is_hidden(ref):
        yield button(words.UNHIDE, ids.UNHIDE, shown)
    elif connection.moderator:
        ask = confirm("Hide this comment?", words.HIDE_WHAT, words.HIDE_IT, words.CANCEL)
        yield button(words.HIDE, ids.HIDE, shown, ask=ask)
    if connection.liker:
        liked = view.is_liked(ref)
        yield button(
            words.UNLIKE if liked else words.LIKE, ids.UNLIKE if liked else ids.LIKE, shown
        )


def _menu(number: str) -> list[Block]:
    """Slack allows five, and seven buttons beside them on one line: so spam is a way to close."""
    return [
        option(words.PROFILE, f"{ids.PROFILE}:{number}"),
        option(words.SWARM, f"{ids.SWARM}:{number}"),
        option(words.CHANGE, f"{ids.CHANGE}:{number}"),
        option(words.SNOOZE, f"{ids.SNOOZE}:{number}"),
        option(words.WHY, f"{ids.WHY}:{number}"),
    ]


def _closed_menu(number: str) -> list[Block]:
    return [
        option(words.PROFILE, f"{ids.PROFILE}:{number}"),
        option(words.WHY, f"{ids.WHY}:{number}"),
    ]


def _fallback(view: CaseView, lens: Lens) -> str:
    newest = view.unanswered()[-1:]
    text = short(lens.message(newest[0]), 120) if newest else ""
    who = lens.name(view.case.author)
    net = words.network(view.case.account.network)
    priority = view.case.priority.value.capitalize()
    return escape(f"{priority}: {who} on {net}: {text} (case {view.case.number})")


# --- other channels ----------------------------------------------------------------------


def moved_card(view: CaseView, link: str | None) -> Shown:
    """What is left of the card where the case is worked no more: no private word."""
    case, event = view.case, view.last_move()
    home = view.desk.channels.get(case.channel)
    private = home is not None and home.private
    where = "a private channel" if private else (f"<#{home.id}>" if home else "another channel")
    when = f" {moment(event.at, view.zone)}" if event else ""
    by = ""
    if event is not None and isinstance(event.change, Moved):
        agent = event.actor.kind.value == "agent"
        by = f" by <@{event.actor.id}>" if agent else f" by rule “{plain(event.change.reason)}”"
    sign = "🔒" if private else "↗️"
    text = f"{sign} Case #{case.number} moved to {where}{when}{by}.{_was_public(view)}"
    url = web_url(link)
    if url and private:
        text += f" {words.FOR_MEMBERS}"
    there = way_to(words.OPEN_THERE, url) if url else None
    moved = section(clip(text, 2900), accessory=there)
    return Shown(text=f"Case {case.number} moved to {where}.", blocks=(moved,))


def _was_public(view: CaseView) -> str:
    """What everybody could read: where it stood and what it was about, in no word of its own."""
    public = [stored for stored in view.theirs() if is_public(stored)]
    if not public:
        return ""
    first = public[0]
    kind, net = words.WHERE[first.message.kind], words.network(view.case.account.network)
    about = ", ".join(plain(topic.name) for topic in first.findings.topics[:3])
    what = words.was_public(kind, plain(net), about)
    return f" {what}"


def watch_card(view: CaseView, lens: Lens) -> Shown:
    """For marketing: what stands in public, how it was decided. No buttons, nothing private."""
    public = [s for s in view.messages if is_public(s)]
    theirs = tuple(s for s in public if not s.mine)
    net = words.network(view.case.account.network)
    nothing = rich_line([said(words.NOTHING_PUBLIC)])
    told = _quotes(view, theirs, lens, and_more=not view.whole)
    quotes = told if theirs else iter([nothing])
    blocks = [
        header(f"{words.WATCHED} · {net} · #{view.case.number}"),
        rich(*_author(view, lens), *quotes, *_our_answers(view, public, lens)),
        context(_watched_state(view, lens)),
    ]
    who = lens.name(view.case.author)
    newest = short(lens.message(theirs[-1]), 120) if theirs else ""
    text = escape(f"Watched: {who} on {net}: {newest} (case {view.case.number})")
    return Shown(text=text, blocks=tuple(blocks))


def _our_answers(view: CaseView, public: list[Stored], lens: Lens) -> Iterator[Block | None]:
    ours = [stored for stored in public if stored.mine][-1:]
    for stored in ours:
        yield rich_line(
            [said(f"→ {short(view.handle, 80)}, "), dated(stored.message.created_at, view.zone)]
        )
        yield rich_quote(clip(lens.message(stored), MOST_QUOTED))
        if url := web_url(stored.message.url):
            yield rich_line([linked(url, words.OPEN_POST)])


def _watched_state(view: CaseView, lens: Lens) -> str:
    home = view.desk.channels.get(view.case.channel)
    parts = [words.STATUS[view.case.status]]
    if home is not None and home.private:
        parts = [words.HANDLED_PRIVATELY]
    if decision := decision_of(view.decision(public=True)):
        parts.append(f"rule “{plain(short(lens.line(decision.rule), 150))}”")
        if decision.tier is not None:
            parts.append(f"tier {decision.tier}")
    return " · ".join(parts)


def show_case(
    view: CaseView,
    channel: str,
    lens: Lens,
    link: str | None = None,
    article: Article | None = None,
) -> Shown:
    """The card as a channel may see it."""
    if channel == view.case.channel:
        return card(view, lens, article)
    if channel == view.desk.watch:
        return watch_card(view, lens)
    return moved_card(view, link)


def has_card_elsewhere(view: CaseView, channel: str) -> bool:
    return channel not in (view.case.channel, view.desk.watch)
