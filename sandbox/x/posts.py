"""The calls that read and write posts."""

import re
from collections.abc import Iterable
from itertools import islice

from sandbox.x import entities, errors, text
from sandbox.x.accounts import EVERYBODY
from sandbox.x.entities import Json
from sandbox.x.gate import Call, Endpoint
from sandbox.x.world import EPOCH_SECONDS, Post, known_id

SEARCHED_SECONDS = 7 * 86_400
MENTIONS_AT_MOST = 800
_FIELDS = frozenset({"tweet.fields", "user.fields", "media.fields", "expansions"})
_LISTED = _FIELDS | {"max_results", "since_id", "until_id", "start_time", "end_time"}
_TIMELINE = _LISTED | {"pagination_token", "exclude"}
_TERM = re.compile(r'"([^"]+)"|([^\s()]+)')


def mentions(call: Call) -> Json:
    call.own_id()
    acct = call.me.acct
    found = (p for p in call.world.newest_first() if acct in p.mentions)
    return _page(call, islice(found, MENTIONS_AT_MOST), 5, price=1_000)


def timeline(call: Call) -> Json:
    found = (p for p in call.world.newest_first() if p.author == call.me.acct)
    call.own_id()
    return _page(call, found, 5, price=1_000)


def search(call: Call) -> Json:
    query = call.query.get("query", "")
    if not 0 < len(query) <= 512:
        raise errors.invalid("query must have between 1 and 512 characters")
    oldest = call.world.clock() - SEARCHED_SECONDS
    since = known_id(call.query.get("since_id", ""))
    if since and (since >> 22) / 1000 + EPOCH_SECONDS < oldest:
        raise errors.invalid(
            f"'since_id' must be a tweet id created after [{entities.moment(oldest)}]"
        )
    found = (p for p in call.world.newest_first() if p.created_at > oldest and _fits(p, query))
    return _page(call, found, 10, price=5_000)


def lookup(call: Call) -> Json:
    """Up to 100 by id; those that are not there come as partial errors."""
    ids = call.query.get("ids", "").split(",")
    if not 0 < len(ids) <= 100:
        raise errors.invalid("ids must have between 1 and 100 values")
    seen = {id_: call.world.seen(known_id(id_)) for id_ in ids}
    body = _listed(call, [one for one in seen.values() if one], None, price=5_000)
    body.pop("meta")
    lost = [errors.missing(id_) for id_, one in seen.items() if one is None]
    return body | ({"errors": lost} if lost else {})


def create(call: Call) -> Json:
    words, reply = call.body.get("text"), call.body.get("reply")
    if not isinstance(words, str) or not words.strip():
        raise errors.invalid("text must not be empty")
    if text.length(words) > text.MOST:
        raise errors.too_long()
    answered = known_id(str(reply.get("in_reply_to_tweet_id"))) if isinstance(reply, dict) else None
    summoned = False
    if answered is not None and (parent := call.world.seen(answered)):
        summoned = call.world.summoned(parent, call.me.acct)
        if not (summoned or call.world.enterprise or parent.author == call.me.acct):
            raise errors.not_summoned()
    post = call.world.post(call.me.acct, words, in_reply_to=answered, through_api=True)
    plain = 10_000 if summoned else 15_000
    call.charge("create", 200_000 if text.links(words) else plain, "")
    return {"data": entities.post(post, call.world, frozenset())}


def hide(call: Call) -> Json:
    hidden = call.body.get("hidden")
    if not isinstance(hidden, bool):
        raise errors.invalid("hidden must be true or false")
    call.world.hide(known_id(call.path["id"]), call.me.acct, hidden=hidden)
    call.charge("manage", 5_000, "")
    return {"data": {"hidden": hidden}}


def me(call: Call) -> Json:
    call.charge("user", 10_000, call.me.id)
    return {"data": entities.user(call.me, call.fields("user.fields"))}


def _page(call: Call, found: Iterable[Post], least: int, *, price: int) -> Json:
    most = _count(call, least)
    since, until = (known_id(call.query.get(n, "")) for n in ("since_id", "until_id"))
    within = [p for p in found if p.id > since and (not until or p.id < until)]
    start = _start(call)
    token = f"t{start + most}" if len(within) > start + most else None
    return _listed(call, within[start : start + most], token, price=price)


def _listed(call: Call, found: list[Post], token: str | None, *, price: int) -> Json:
    wanted, expansions = call.fields("tweet.fields"), call.fields("expansions")
    for one in found:
        call.charge("post", price, str(one.id))
    authors = (EVERYBODY[p.author].id for p in found)
    pictures = [picture for p in found for picture in entities.media(p)]
    includes = {
        "users": entities.users(authors, call.fields("user.fields")),
        "media": pictures,
    }
    kept = {"users": "author_id" in expansions, "media": "attachments.media_keys" in expansions}
    return entities.listing(
        [entities.post(one, call.world, wanted) for one in found],
        {name: some for name, some in includes.items() if kept[name]},
        token,
    )


def _count(call: Call, least: int) -> int:
    given = call.query.get("max_results", "10")
    if not given.isdigit() or not least <= int(given) <= 100:
        raise errors.invalid(f"max_results must be between {least} and 100")
    return int(given)


def _start(call: Call) -> int:
    token = call.query.get("pagination_token") or call.query.get("next_token") or "t0"
    if not token[1:].isdigit():
        raise errors.invalid("The pagination token is not valid")
    return int(token[1:])


def _fits(post: Post, query: str) -> bool:
    """Words joined by OR, and -from:name; everything else of the language is left out."""
    terms = [found[1] or found[2] for found in _TERM.finditer(query)]
    if f"-from:{post.author}" in terms:
        return False
    wanted = [t for t in terms if t != "OR" and not t.startswith("-")]
    return any(term.lower() in post.words.lower() for term in wanted)


_SEARCH = _LISTED | {"query", "next_token", "pagination_token", "sort_order"}
ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/2/users/me",
        handler=me,
        limit=75,
        parameters=frozenset({"user.fields", "tweet.fields", "expansions"}),
    ),
    Endpoint(
        method="GET",
        path="/2/users/{id}/mentions",
        handler=mentions,
        limit=300,
        parameters=_TIMELINE,
    ),
    Endpoint(
        method="GET", path="/2/users/{id}/tweets", handler=timeline, limit=900, parameters=_TIMELINE
    ),
    Endpoint(
        method="GET", path="/2/tweets/search/recent", handler=search, limit=300, parameters=_SEARCH
    ),
    Endpoint(
        method="GET", path="/2/tweets", handler=lookup, limit=5_000, parameters=_FIELDS | {"ids"}
    ),
    Endpoint(method="POST", path="/2/tweets", handler=create, limit=100, created=True),
    Endpoint(method="PUT", path="/2/tweets/{id}/hidden", handler=hide, limit=50),
)
