"""The JSON entities of Mastodon's API, as its documentation (entities/*) describes them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sandbox.network import text
from sandbox.network.accounts import BRAND, EVERYBODY, Account
from sandbox.network.world import MAX_CHARACTERS, Notification, Status, Version, World

Json = dict[str, Any]


def moment(seconds: float) -> str:
    """A time as Mastodon writes it: ISO 8601 in UTC with milliseconds."""
    at = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")


class Entities:
    """Makes entities for one viewer; `base` is the server's address without a slash."""

    def __init__(self, world: World, base: str, viewer: str) -> None:
        self._world = world
        self._base = base
        self._viewer = viewer

    def account(self, account: Account) -> Json:
        written = self._world.by_author[account.acct]
        return {**_account(account, self._base), "statuses_count": len(written)}

    def credentials(self, account: Account) -> Json:
        """CredentialAccount: the account together with its own settings."""
        source = {
            "privacy": "public",
            "sensitive": False,
            "language": account.language,
            "note": account.note,
            "fields": [],
            "follow_requests_count": 0,
            "indexable": True,
            "hide_collections": False,
            "discoverable": True,
            "attribution_domains": [],
            "quote_policy": "public",
        }
        role = {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False}
        return {**self.account(account), "source": source, "role": role}

    def status(self, status: Status) -> Json:
        author = EVERYBODY[status.author]
        parent = self._world.parent(status)
        answers = (self._world.statuses[i] for i in self._world.replies.get(status.id, ()))
        return {
            **_status(status, self._base),
            "in_reply_to_id": str(parent.id) if parent else None,
            "in_reply_to_account_id": EVERYBODY[parent.author].id if parent else None,
            "replies_count": sum(1 for answer in answers if not answer.deleted),
            "favourited": self._viewer in status.favourited_by,
            "account": self.account(author),
        }

    def statuses(self, statuses: Iterable[Status]) -> list[Json]:
        return [self.status(status) for status in statuses]

    def notification(self, notification: Notification) -> Json:
        return {
            "id": str(notification.id),
            "type": notification.type,
            "created_at": moment(notification.created_at),
            "group_key": f"ungrouped-{notification.id}",
            "account": self.account(EVERYBODY[notification.who]),
            "status": self.status(self._world.statuses[notification.status]),
        }

    def history(self, status: Status) -> list[Json]:
        """StatusEdit entities from the first wording to the present one."""
        return [self._wording(status, version) for version in status.versions]

    def source(self, status: Status) -> Json:
        now = status.now
        return {"id": str(status.id), "text": now.text, "spoiler_text": now.spoiler}

    def _wording(self, status: Status, version: Version) -> Json:
        return {
            "content": text.html(version.text, status.mentions, self._base),
            "spoiler_text": version.spoiler,
            "sensitive": version.sensitive,
            "created_at": moment(version.created_at),
            "account": self.account(EVERYBODY[status.author]),
            "media_attachments": [],
            "emojis": [],
        }


@lru_cache(maxsize=1_000)
def _account(account: Account, base: str) -> Json:
    avatar = f"{base}/avatars/{account.acct}.svg"
    return {
        "id": account.id,
        "username": account.acct,
        "acct": account.acct,
        "display_name": account.display_name,
        "locked": False,
        "bot": account.bot,
        "discoverable": True,
        "indexable": True,
        "group": False,
        "created_at": moment(account.created_at.timestamp()),
        "note": text.html(account.note, (), base),
        "url": f"{base}/@{account.acct}",
        "uri": f"{base}/users/{account.acct}",
        "avatar": avatar,
        "avatar_static": avatar,
        "header": "",
        "header_static": "",
        "followers_count": account.followers,
        "following_count": account.following,
        "last_status_at": None,
        "hide_collections": False,
        "noindex": False,
        "emojis": [],
        "roles": [],
        "fields": [],
    }


@lru_cache(maxsize=20_000)
def _status(status: Status, base: str) -> Json:
    author, edited_at = status.author, status.edited_at
    return {
        "id": str(status.id),
        "uri": f"{base}/users/{author}/statuses/{status.id}",
        "url": f"{base}/@{author}/{status.id}",
        "created_at": moment(status.created_at),
        "edited_at": None if edited_at is None else moment(edited_at),
        "sensitive": status.now.sensitive,
        "spoiler_text": status.now.spoiler,
        "visibility": status.visibility,
        "language": status.language,
        "content": text.html(status.now.text, status.mentions, base),
        "favourites_count": len(status.favourited_by),
        "reblogs_count": 0,
        "quotes_count": 0,
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "pinned": False,
        "reblog": None,
        "application": None,
        "media_attachments": [],
        "mentions": [_mention(EVERYBODY[name], base) for name in status.mentions],
        "tags": [{"name": tag, "url": f"{base}/tags/{tag}"} for tag in status.tags],
        "emojis": [],
        "filtered": [],
        "card": None,
        "poll": None,
        "quote": None,
    }


def content(status: Status, base: str) -> str:
    """The HTML of a status as it stands now."""
    words: str = _status(status, base)["content"]
    return words


def _mention(account: Account, base: str) -> Json:
    return {
        "id": account.id,
        "username": account.acct,
        "acct": account.acct,
        "url": f"{base}/@{account.acct}",
    }


def relationship(account_id: str) -> Json:
    """Relationship: nobody follows, mutes or blocks anybody here."""
    yes = {"showing_reblogs": False, "languages": None, "note": ""}
    no = (
        "following followed_by blocking blocked_by muting muting_notifications requested "
        "requested_by domain_blocking endorsed notifying"
    )
    return {"id": account_id, **yes, **dict.fromkeys(no.split(), False)}


_STATUSES = {
    "max_characters": MAX_CHARACTERS,
    "max_media_attachments": 4,
    "characters_reserved_per_url": text.CHARACTERS_PER_URL,
}
_TITLE = "Brightleaf's neighbourhood"
_ABOUT = "A small network on this computer, to try things out."
_VERSION = "4.5.2"


def instance_v2(base: str, domain: str) -> Json:
    return {
        "domain": domain,
        "title": _TITLE,
        "version": _VERSION,
        "source_url": base,
        "description": _ABOUT,
        "usage": {"users": {"active_month": len(EVERYBODY)}},
        "thumbnail": {"url": f"{base}/avatars/{BRAND.acct}.svg"},
        "icon": [],
        "languages": ["en"],
        "configuration": {
            "urls": {"streaming": None},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": _STATUSES,
            "media_attachments": {"supported_mime_types": []},
            "polls": {"max_options": 4, "max_characters_per_option": 50},
            "translation": {"enabled": False},
        },
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "api_versions": {"mastodon": 7},
        "contact": {"email": "", "account": None},
        "rules": [],
    }


def instance_v1(base: str, domain: str, statuses: int) -> Json:
    return {
        "uri": domain,
        "title": _TITLE,
        "short_description": _ABOUT,
        "description": _ABOUT,
        "email": "",
        "version": _VERSION,
        "urls": {},
        "stats": {"user_count": len(EVERYBODY), "status_count": statuses, "domain_count": 1},
        "thumbnail": f"{base}/avatars/{BRAND.acct}.svg",
        "languages": ["en"],
        "registrations": False,
        "approval_required": False,
        "invites_enabled": False,
        "configuration": {"statuses": _STATUSES},
        "contact_account": None,
        "rules": [],
    }
