"""Reads the `then` of a rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from inbox.decision import Answer, Articles, Priority, Response
from router.node import Node
from router.rules import Annotation, Outcome
from router.vocabulary import Vocabulary

DECIDES = ("tier", "team", "priority", "tags", "assignee", "respond", "articles", "hide", "ignore")
"""Every key that `then` of an ordered rule knows."""

_MEMBER = re.compile(r"[UW][A-Z0-9]+")
"""What Slack calls its people ("User types", docs.slack.dev)."""

ARTICLE_ANSWER = "article_answer"
"""Name of the reply that an article is sent with."""

ADDS = ("tags", "raise_priority", "alert", "watch")
"""Every key that `then` of an always-rule knows."""


def outcome(node: Node, vocabulary: Vocabulary) -> Outcome:
    fields = node.fields(DECIDES, example="tier: 1")
    ignore = "ignore" in fields and bool(fields["ignore"].flag())
    _misplaced(node, fields, ignore=ignore)
    return Outcome(
        tier=None if ignore or "tier" not in fields else known_tier(fields["tier"], vocabulary),
        team=_name(fields.get("team"), vocabulary.teams, "team"),
        priority=_priority(fields.get("priority")) or Priority.MEDIUM,
        tags=_tags(fields.get("tags")),
        assignee=_assignee(fields.get("assignee")),
        response=_response(fields.get("respond"), vocabulary),
        hide="hide" in fields and bool(fields["hide"].flag()),
        ignore=ignore,
        articles=_articles(fields.get("articles"), fields.get("respond"), vocabulary),
    )


def annotation(node: Node, vocabulary: Vocabulary) -> Annotation:
    deciding = set(DECIDES) - set(ADDS)
    if isinstance(node.value, dict):
        for key in sorted(deciding & node.value.keys()):
            remedy = "Write raise_priority" if key == "priority" else "Move it to an ordered rule"
            node.child(key).refuse(f"an always-rule only annotates, it cannot set '{key}'", remedy)
    fields = node.fields((*ADDS, *deciding), example="tags: [vip]")
    watch = "watch" in fields and fields["watch"].flag()
    if isinstance(node.value, dict) and fields.keys() <= {"watch"} and not watch:
        node.refuse("does nothing", "Write tags, raise_priority, alert or watch: true")
    return Annotation(
        tags=_tags(fields.get("tags")),
        raise_priority=_priority(fields.get("raise_priority")),
        alert=_name(fields.get("alert"), vocabulary.channels, "channel"),
        watch=bool(watch),
    )


def _misplaced(node: Node, fields: dict[str, Node], *, ignore: bool) -> None:
    """An outcome must lead somewhere, and to one place."""
    if not isinstance(node.value, dict):
        return
    if not ignore and "tier" not in fields:
        node.refuse("sets no tier", "Write tier: 1, or ignore: true")
    if ignore:
        for key in sorted(fields.keys() & {"tier", "team", "assignee", "respond", "articles"}):
            fields[key].refuse(f"an ignored message has no {key}", "Remove it, or remove ignore")


def known_tier(node: Node, vocabulary: Vocabulary) -> int | None:
    tier = node.whole()
    if tier is not None and vocabulary.tiers is not None and tier not in vocabulary.tiers:
        known = ", ".join(map(str, sorted(vocabulary.tiers)))
        node.refuse(f"there is no tier {tier}", f"Set up are: {known}")
    return tier


def _name(node: Node | None, known: Iterable[str] | None, what: str) -> str | None:
    if node is None:
        return None
    return node.word(what) if known is None else node.choice(known, what=what)


def _assignee(node: Node | None) -> str | None:
    """Where it is no member's id, the case would be nobody's and yet not free."""
    member = node.word("U0123ABCD") if node else None
    if node and member and not _MEMBER.fullmatch(member):
        node.refuse(
            f"'{member}' is no member's id", "In Slack, open the profile, ⋮, Copy member ID"
        )
        return None
    return member


def _priority(node: Node | None) -> Priority | None:
    word = node.choice(Priority, what="priority") if node else None
    return Priority(word) if word else None


def _tags(node: Node | None) -> tuple[str, ...]:
    """Without the # that they are shown with."""
    words = node.words("delivery") if node else ()
    return tuple(dict.fromkeys(bare for word in words if (bare := word.lstrip("# "))))


def _articles(node: Node | None, respond: Node | None, vocabulary: Vocabulary) -> Articles:
    if node is None:
        return Articles.SUGGEST
    # YAML reads a bare `off` as no
    word = "off" if node.value is False else node.choice(Articles, what="use of articles:")
    if word != Articles.AUTO:
        return Articles(word) if word else Articles.SUGGEST
    menu = respond is not None and isinstance(respond.value, dict) and "menu" in respond.value
    if respond is not None and respond.value != Answer.NONE and not menu:
        node.refuse("the rule has an answer already: 'respond'", "Remove one of the two")
    if ARTICLE_ANSWER in vocabulary.for_agents:
        _refuse_for_agents(node, ARTICLE_ANSWER)
    elif vocabulary.templates is not None and ARTICLE_ANSWER not in vocabulary.templates:
        node.refuse(
            f"replies.yaml has no reply '{ARTICLE_ANSWER}' to send an article with",
            "Add it; `tierdesk init` writes one into a new folder",
        )
    return Articles.AUTO


def _response(node: Node | None, vocabulary: Vocabulary) -> Response:
    if node is None:
        return Response()
    if node.value == Answer.TICKET and not _some(vocabulary.helpdesks):
        node.refuse("there is no helpdesk", "Set one up under helpdesks: in tierdesk.yaml")
    if node.value in (Answer.NONE, Answer.TICKET):
        return Response(kind=Answer(str(node.value)))
    if not isinstance(node.value, dict):
        node.refuse(
            "is empty" if node.value is None else f"'{node.value}' is no response",
            "Write none, ticket, {ticket: HELPDESK}, {public_reply: TEMPLATE}, "
            "{private_move: TEMPLATE} or {menu: MENU}",
        )
        return Response()
    return _templates(node, vocabulary)


def _some(known: Collection[str] | None) -> bool:
    """Whether there is one, as far as that is known."""
    return known is None or bool(known)


def _templates(node: Node, vocabulary: Vocabulary) -> Response:
    known = ("public_reply", "private_move", "menu", "note", "ticket")
    fields = node.fields(known, example="public_reply: hours")
    ways = (Answer.PUBLIC_REPLY, Answer.PRIVATE_MOVE, Answer.MENU, Answer.TICKET)
    kinds = [kind for kind in ways if kind in fields]
    if len(kinds) != 1:
        node.refuse(
            "needs one of public_reply, private_move, menu and ticket", "Write just one of them"
        )
        return Response()
    if "note" in fields and kinds[0] is not Answer.PRIVATE_MOVE:
        fields["note"].refuse("goes only with private_move", "Remove it")
    if kinds[0] is Answer.TICKET:
        named = _name(fields["ticket"], vocabulary.helpdesks, "helpdesk")
        return Response(kind=Answer.TICKET, helpdesk=named)
    if kinds[0] is Answer.MENU:
        template = _name(fields[kinds[0]], vocabulary.menus, "menu")
    else:
        template = _reply(fields[kinds[0]], vocabulary)
    return Response(kind=kinds[0], template=template, note=_reply(fields.get("note"), vocabulary))


def _reply(node: Node | None, vocabulary: Vocabulary) -> str | None:
    if node is None or str(node.value) not in vocabulary.for_agents:
        return _name(node, vocabulary.templates, "template")
    _refuse_for_agents(node, str(node.value))
    return None


def _refuse_for_agents(node: Node, reply: str) -> None:
    node.refuse(
        f"the reply '{reply}' is for agents only",
        "Write `for: automatic` or `for: both` under it in replies.yaml",
    )
