"""The chat service behind a PDS: conversations, their log, and who may write to whom.

Source of every rule: the lexicons of chat.bsky.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from starlette.responses import JSONResponse

from integrations.graphemes import graphemes

Record = dict[str, Any]


class Refused(Exception):
    """What a method answers instead: an XRPC error."""

    def __init__(self, status: int, error: str, message: str = "no") -> None:
        super().__init__(error)
        self.answer = JSONResponse({"error": error, "message": message}, status)


class Net(Protocol):
    """The network that the chat belongs to."""

    me: str
    allows: dict[str, str]
    follows_us: set[str]

    def now(self) -> datetime: ...
    def tid(self) -> str: ...
    def profile(self, did: str) -> Record: ...


@dataclass
class Chats:
    _net: Net
    convos: dict[str, Record] = field(default_factory=dict)
    log: list[Record] = field(default_factory=list)

    def say(self, text: str, who: str, *, to: str | None = None) -> str:
        """A direct message, as `convo/message`."""
        convo = self._convo(to or who)
        return f"{convo['id']}/{self._said(convo, who, text)['id']}"

    def with_(self, who: str) -> list[Record]:
        """What was said in the conversation with somebody, oldest first."""
        return list(self._convo(who)["said"])

    def methods(self) -> Mapping[tuple[str, str], Callable[[Any], Record]]:
        chat = "chat.bsky.convo"
        return {
            ("GET", f"{chat}.getConvoAvailability"): self._availability,
            ("GET", f"{chat}.getConvoForMembers"): self._convo_for,
            ("GET", f"{chat}.getConvo"): self._convo_view,
            ("GET", f"{chat}.listConvos"): self._convo_list,
            ("GET", f"{chat}.getLog"): self._logged,
            ("GET", f"{chat}.getMessages"): self._messages,
            ("POST", f"{chat}.sendMessage"): self._sent,
            ("POST", f"{chat}.acceptConvo"): self._accepted,
        }

    def _convo(self, other: str) -> Record:
        id_ = f"convo-{other.rpartition(':')[2]}"
        if id_ not in self.convos:
            self.convos[id_] = {"id": id_, "rev": self._net.tid(), "other": other, "said": []}
            self.convos[id_]["status"] = "request"
        return self.convos[id_]

    def _seen(self, convo: Record) -> Record:
        members = [self._net.profile(did) for did in (self._net.me, convo["other"])]
        return {
            **{key: convo[key] for key in ("id", "rev", "status")},
            "members": [*members, *convo.get("more", [])],
            "muted": False,
            "unreadCount": 0,
        }

    def _said(self, convo: Record, who: str, text: str) -> Record:
        rev = self._net.tid()
        message = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": rev,
            "rev": rev,
            "text": text,
            "sender": {"did": who},
            "sentAt": iso(self._net.now()),
        }
        convo["rev"] = rev
        convo["said"].append(message)
        self.note("logCreateMessage", convo["id"], message)
        return message

    def note(self, kind: str, convo: str, message: Record | None = None) -> None:
        entry: Record = {"$type": f"chat.bsky.convo.defs#{kind}", "convoId": convo}
        entry["rev"] = message["rev"] if message else self._net.tid()
        self.log.append({**entry, **({"message": message} if message else {})})

    def _may_chat(self, did: str) -> bool:
        allow = self._net.allows.get(did, "following")
        known = f"convo-{did.rpartition(':')[2]}" in self.convos
        return known or allow == "all" or (allow == "following" and did in self._net.follows_us)

    def _availability(self, query: Record) -> Record:
        (did,) = query["members"]
        convo = self.convos.get(f"convo-{did.rpartition(':')[2]}")
        return {"canChat": self._may_chat(did), **({"convo": self._seen(convo)} if convo else {})}

    def _convo_for(self, query: Record) -> Record:
        (did,) = query["members"]
        if not self._may_chat(did):
            raise Refused(400, "InvalidRequest", "recipient requires incoming messages to ...")
        return {"convo": self._seen({**self._convo(did), "status": "accepted"})}

    def _convo_view(self, query: Record) -> Record:
        return {"convo": self._seen(self._known(query["convoId"][0]))}

    def _known(self, id_: str) -> Record:
        if id_ not in self.convos:
            raise Refused(400, "InvalidConvo")
        return self.convos[id_]

    def _convo_list(self, query: Record) -> Record:
        newest = sorted(self.convos.values(), key=lambda one: str(one["rev"]), reverse=True)
        return {"convos": [self._seen(one) for one in newest[: int(query["limit"][0])]]}

    def _logged(self, query: Record) -> Record:
        after = query["cursor"][0] if "cursor" in query else ""
        page = [one for one in self.log if one["rev"] > after][:50]
        return {"logs": page, "cursor": page[-1]["rev"] if page else after}

    def _messages(self, query: Record) -> Record:
        said = self._known(query["convoId"][0])["said"][::-1]
        start, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
        more = {"cursor": str(start + limit)} if len(said) > start + limit else {}
        return {"messages": said[start : start + limit], **more}

    def _sent(self, body: Record) -> Record:
        convo, text = self._known(body["convoId"]), body["message"]["text"]
        if graphemes(text) > 1000 or len(text.encode()) > 10_000 or not text:
            raise Refused(400, "InvalidRequest", f"message: {text}")
        if not facets_fit(text, body["message"]):
            raise Refused(400, "InvalidRequest", f"facets: {text}")
        return self._said(convo, self._net.me, text)

    def _accepted(self, body: Record) -> Record:
        self._known(body["convoId"])["status"] = "accepted"
        return {}


def facets_fit(text: str, record: Record) -> bool:
    raw = text.encode()
    for facet in record.get("facets", []):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        try:
            raw[start:end].decode()
        except UnicodeDecodeError:
            return False
        if not 0 <= start < end <= len(raw):
            return False
    return True


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
