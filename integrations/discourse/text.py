"""The forum's HTML ("cooked") as plain text, with its pictures and files apart."""

from __future__ import annotations

from urllib.parse import urljoin

from inbox.message import Attachment, clean
from integrations.html import Reader

_MOST_FILES = 20
_NO_LINKS = frozenset({"lightbox", "mention", "mention-group", "hashtag-cooked", "hashtag"})
_VOID = frozenset({"img", "br", "hr", "source", "input", "meta", "link", "wbr", "col"})
_MEDIA = {"video": "video", "audio": "audio", "source": "video"}


def plain(html: str, *, base_url: str) -> tuple[str, tuple[Attachment, ...]]:
    """What its author wrote, and the links of what they attached.

    Quotes of other posts are left out: they are somebody else's words. A link whose words are not
    its address shows both.
    """
    reader = _Reader(base_url)
    return clean(reader.read(html)), tuple(reader.files[:_MOST_FILES])


class _Reader(Reader):
    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.files: list[Attachment] = []
        self._base_url = base_url
        self._quotes = 0
        self._verbatim = 0
        self._opened: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if self._quotes:
            self._quotes += tag not in _VOID
        elif tag == "aside" and "quote" in classes:
            self._quotes = 1
        elif tag == "img":
            self._picture(given, classes)
        elif tag in _MEDIA and given.get("src"):
            self._file(_MEDIA[tag], given["src"], given.get("title", ""))
        elif tag == "a":
            self._begin_link(given.get("href", ""), classes)
        else:
            self._verbatim += tag == "pre"
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._quotes:
            self._quotes -= tag not in _VOID
        elif tag == "pre":
            self._verbatim = max(self._verbatim - 1, 0)
        elif tag == "a" and self._opened:
            self._end_link(*self._opened)
            self._opened = None
        else:
            super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self._quotes:
            super().handle_data(data if self._verbatim else self.unbroken(data))

    def _picture(self, given: dict[str, str], classes: list[str]) -> None:
        """An emoji is a letter; anything else is a picture that hangs on the post."""
        if "emoji" in classes:
            self.pieces.append(given.get("alt", ""))
        elif "avatar" not in classes and given.get("src"):
            self._file("image", given["src"], given.get("alt", ""))

    def _file(self, kind: str, address: str, alt: str) -> None:
        url = urljoin(f"{self._base_url}/", address)
        if url.startswith(("https://", "http://")):
            alt = clean(alt, most=1500)
            self.files.append(Attachment(kind=kind, url=clean(url, most=2048), alt=alt or None))

    def _begin_link(self, address: str, classes: list[str]) -> None:
        if "attachment" in classes:
            self._file("file", address, "")
        elif not _NO_LINKS & set(classes):
            self._opened = (urljoin(f"{self._base_url}/", address), len(self.pieces))

    def _end_link(self, url: str, begin: int) -> None:
        said = "".join(self.pieces[begin:]).strip()
        if not said or not url.startswith(("https://", "http://")):
            return
        bare = url.removeprefix("https://").removeprefix("http://")
        shortened = "." in said and bare.startswith(said.rstrip("…").removeprefix("https://"))
        if shortened or said == url:
            self.pieces[begin:] = [url]
        else:
            self.pieces.append(f" ({url})")
