"""Comments of a Page and on Instagram, as their endpoints show and take them."""

import re
from typing import Any

from sandbox.meta import errors
from sandbox.meta.accounts import INSTAGRAM, INSTAGRAM_NAME, PAGE
from sandbox.meta.gate import Call, Endpoint
from sandbox.meta.moments import iso
from sandbox.meta.paging import page
from sandbox.meta.world import US, Comment, World
from sandbox.network.accounts import BRAND

MOST_COMMENT = 8_000
MOST_INSTAGRAM_COMMENT = 300
_NESTED = re.compile(r"comments\b[^{]*?(?:\.limit\((\d+)\))?\{")

Json = dict[str, Any]


def _seen(world: World, comment: Comment) -> Json:
    by_us = comment.author == US
    person = None if by_us else world.people[comment.author]
    sender = (
        {"id": PAGE, "name": BRAND.display_name}
        if person is None
        else {"id": person.commenter, "name": person.account.display_name}
    )
    return {
        "id": comment.id,
        "from": sender,
        "message": comment.text,
        "created_time": iso(comment.created_at),
        "permalink_url": f"https://www.facebook.com/{comment.id}",
        "is_hidden": comment.hidden,
        "can_reply_privately": not by_us and not comment.answered_privately,
        **({"parent": {"id": comment.parent}} if comment.parent else {}),
    }


def _seen_on_instagram(world: World, comment: Comment) -> Json:
    by_us = comment.author == US
    id_ = INSTAGRAM if by_us else world.people[comment.author].igsid
    username = INSTAGRAM_NAME if by_us else comment.author
    return {
        "id": comment.id,
        "from": {"id": id_, "username": username},
        "username": username,
        "text": comment.text,
        "timestamp": iso(comment.created_at),
        "hidden": comment.hidden,
        **({"parent_id": comment.parent} if comment.parent else {}),
    }


def _node(call: Call) -> Json:
    comment = call.world.standing(call.node)
    seen = _seen if comment.network == "facebook" else _seen_on_instagram
    return seen(call.world, comment)


def _feed(call: Call) -> Json:
    nested = _NESTED.search(call.text("fields"))
    posts = []
    for post in call.world.posts("facebook"):
        shown: Json = {"id": post.id, "created_time": iso(post.created_at)}
        below = [_seen(call.world, c) for c in reversed(call.world.under(post.id))]
        if nested and below:
            shown["comments"] = page(call, below, limit=int(nested[1] or 25))
        posts.append(shown)
    return page(call, posts)


def _comments(call: Call) -> Json:
    post = call.world.standing(call.node)
    found = [
        c
        for c in call.world.under(post.post)
        if call.text("filter") == "stream" or (c.parent or c.post) == call.node
    ]
    if call.text("order") == "reverse_chronological":
        found.reverse()
    return page(call, [_seen(call.world, c) for c in found])


def _answer(call: Call) -> Json:
    above = call.world.standing(call.node)
    text = call.text("message")
    if not text.strip():
        raise errors.invalid("A comment needs a message")
    if len(text) > MOST_COMMENT:
        raise errors.invalid("The comment is too long")
    # Two levels: an answer to an answer stands beside it, under the comment above.
    return {"id": call.world.comment("facebook", US, text, parent=above.parent or above.id).id}


def _change(call: Call) -> Json:
    call.world.standing(call.node)
    name = "is_hidden" if "is_hidden" in call.args else "hide"
    if name not in call.args:
        raise errors.invalid("Nothing to change")
    call.world.hide(call.node, on=call.flag(name))
    return {"success": True}


def _like(call: Call) -> Json:
    call.world.like(call.node, on=True)
    return {"success": True}


def _unlike(call: Call) -> Json:
    call.world.like(call.node, on=False)
    return {"success": True}


def _media(call: Call) -> Json:
    return page(
        call,
        [
            {
                "id": post.id,
                "permalink": _link(call, post),
                "comments_count": len(call.world.under(post.id)),
            }
            for post in call.world.posts("instagram")
        ],
    )


def _medium(call: Call) -> Json:
    return {"id": call.node, "permalink": _link(call, call.world.standing(call.node))}


def _under_media(call: Call) -> Json:
    """Top-level comments, newest first, with their replies where these are asked for."""
    world = call.world
    below = world.under(world.standing(call.node).id)
    shown = []
    for top in reversed([c for c in below if c.parent is None]):
        replies = [_seen_on_instagram(world, c) for c in below if c.parent == top.id]
        nested = "replies" in call.text("fields") and replies
        more = {"replies": page(call, replies, limit=50)} if nested else {}
        shown.append({**_seen_on_instagram(world, top), **more})
    return page(call, shown)


def _replies(call: Call) -> Json:
    world = call.world
    top = world.standing(call.node)
    found = [_seen_on_instagram(world, c) for c in world.under(top.post) if c.parent == top.id]
    return page(call, found)


def _reply(call: Call) -> Json:
    above = call.world.standing(call.node)
    text = call.text("message")
    if above.hidden:
        raise errors.invalid("A hidden comment cannot be answered")
    if not text.strip() or len(text) > MOST_INSTAGRAM_COMMENT:
        raise errors.invalid("The comment is empty or too long")
    return {"id": call.world.comment("instagram", US, text, parent=above.parent or above.id).id}


def _link(call: Call, post: Comment) -> str:
    return f"{call.base}/p/{post.id}/"


_READ = "pages_read_user_content"
_MANAGE = "pages_manage_engagement"
_ON_INSTAGRAM = "instagram_business_manage_comments"
ENDPOINTS = (
    Endpoint(method="GET", kind="page", edge="feed", handler=_feed, permission=_READ),
    Endpoint(method="GET", kind="post", edge="comments", handler=_comments, permission=_READ),
    Endpoint(method="POST", kind="post", edge="comments", handler=_answer, permission=_MANAGE),
    Endpoint(method="GET", kind="comment", edge="", handler=_node, permission=_READ),
    Endpoint(method="POST", kind="comment", edge="", handler=_change, permission=_MANAGE),
    Endpoint(method="GET", kind="comment", edge="comments", handler=_comments, permission=_READ),
    Endpoint(method="POST", kind="comment", edge="comments", handler=_answer, permission=_MANAGE),
    Endpoint(method="POST", kind="comment", edge="likes", handler=_like, permission=_MANAGE),
    Endpoint(method="DELETE", kind="comment", edge="likes", handler=_unlike, permission=_MANAGE),
    Endpoint(method="GET", kind="instagram", edge="media", handler=_media),
    Endpoint(method="GET", kind="media", edge="", handler=_medium),
    Endpoint(method="GET", kind="media", edge="comments", handler=_under_media),
    Endpoint(method="GET", kind="ig_comment", edge="", handler=_node),
    Endpoint(method="POST", kind="ig_comment", edge="", handler=_change, permission=_ON_INSTAGRAM),
    Endpoint(method="GET", kind="ig_comment", edge="replies", handler=_replies),
    Endpoint(
        method="POST", kind="ig_comment", edge="replies", handler=_reply, permission=_ON_INSTAGRAM
    ),
)
