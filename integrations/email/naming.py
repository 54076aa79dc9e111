"""Names that our mails carry, and by which an answer's ticket is known. Pure.

A ticket's id is made of its key and a code that only we can make (HMAC-SHA256, 64 bits of it): who
never had one of our mails cannot write an answer that counts. All names follow from keys alone, so
a mail that is sent again has the same Message-ID.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[a-z0-9]+(?::[a-z0-9]+)*")
_TICKET = r"([a-z0-9]+(?:-[a-z0-9]+)*)-([0-9a-f]{16})"
_LONGEST_PLAIN = 60
_MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Names:
    """`domain` is that of our own address."""

    signing_key: bytes = field(repr=False)
    domain: str

    def ticket(self, key: str) -> str:
        """The id of the ticket with this key, as in `ticket-1042-1-0f8e…`."""
        plain = len(key) <= _LONGEST_PLAIN and _PLAIN.fullmatch(key)
        name = key.replace(":", "-") if plain else f"x{_digest(key)}"
        return f"{name}-{self._code(name)}"

    def opening(self, ticket: str) -> str:
        """The Message-ID of a ticket's first mail."""
        return f"<{ticket}@{self.domain}>"

    def entry(self, ticket: str, key: str) -> str:
        """The Message-ID of the mail with an entry."""
        return f"<{ticket}.{_digest(key)}@{self.domain}>"

    def tag(self, ticket: str) -> str:
        """What stands in every subject."""
        return f"[#{ticket}]"

    def ticket_in(self, texts: Iterable[str]) -> str | None:
        """The first ticket of ours that is named in them, by a Message-ID or a tag."""
        named = rf"<{_TICKET}(?:\.[0-9a-f]{{32}})?@{re.escape(self.domain)}>|\[#{_TICKET}\]"
        for text in texts:
            for found in re.finditer(named, text[:_MOST_READ].lower()):
                name, code = found[1] or found[3], found[2] or found[4]
                if hmac.compare_digest(code, self._code(name)):
                    return f"{name}-{code}"
        return None

    def _code(self, name: str) -> str:
        return hmac.new(self.signing_key, name.encode(), hashlib.sha256).hexdigest()[:16]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
